"""What in a statement speaks for a position and its stance: the words of willingness, negated or not, and
conditions.

Told by structure and not by the topic's own words, so that what is learned on one topic serves another:
which word
governs the topic, what it depends on, whose willingness it is.
"""

import math
import re
from bisect import bisect_left
from typing import NamedTuple

from analysis.codebook import Topic
from analysis.positions.passages import WORD, Cue, Passage, stem
from analysis.codebook.topics import Found, Mention

STOP = re.compile(r"[.;!?\n](?!\w)")
BEFORE = re.compile(r"([\w’'-]+|[^\w\s])\s*(?:the\s)?$", re.IGNORECASE)
PRONOUNS = {"he", "she", "they", "it", "his", "her", "its", "their", "i", "we"}
WOULD = re.compile(
    r"\b(?:would|will|could|can|may|might|ready|prepared|willing|open to|agree[ds]?|accept)\b|['’](?:d|ll)\b"
)
NEAR = 45  # characters on either side of the topic whose words count by themselves
OFTEN = 0.2  # share of an article's sentences from which it is about a topic
LONGEST = 80  # words of a statement that count


class Case(NamedTuple):
    """One statement on one topic, ready to be judged; spans are offsets into the passage."""

    passage: Passage
    topic: Topic
    found: Found
    focus: Mention
    content: tuple[tuple[int, int], ...]
    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    speaker: str
    around: dict[str, float]  # what is known beside the words: place in the article, rivals, kind of speaker


def features(case: Case) -> dict[str, float]:
    """What speaks for or against a position and each stance: name -> weight of the evidence.

    Names with "w:", "l:", "r:" and "q:" are single words; "who:" names the speaker.
    """
    p, focus, topic = case.passage, case.focus, case.topic
    start, end = extent(case)
    flip = -1 if focus.how == "opposite" else 1
    clause = max((e for e in p.clauses if e <= focus.start), default=0)
    stop = min((e for e in p.clauses if e > focus.end), default=len(p.text))
    before = [c for c in p.cues if start <= c.start < max(focus.start, start + 1)]
    near = [c for c in before if c.start >= clause]
    after = [
        c for c in p.cues if focus.start <= c.start < stop and c.end <= max(end, focus.end) and c not in near
    ]
    own = [c for c in p.cues if case.cue and case.cue[0] <= c.start < case.cue[1]]
    closest = near[-1] if near else after[0] if after else None
    out = {"bias": 1.0, f"flip={flip}": 1.0, f"who:{topic.name}:{case.speaker}": 1.0}
    for zone, cues in (("before", before), ("near", near), ("after", after), ("cue", own)):
        out |= _zone(zone, cues, flip)
    if closest:
        out[f"closest:sign={closest.told * flip}"] = 1.0
    whole = _composed(out, p, near, after, max(start, clause), focus, stop, flip)
    _conditions(out, case, start, end, whole)
    _topic(out, case, start, end)
    _shape(out, case)
    out |= case.around
    inside = start <= focus.start < max((e for _, e in case.content), default=end)
    out |= dict.fromkeys(
        (
            f"inside={inside}",
            f"sure={sureness(case)}",
            f"closest={closest.kind + '-' * closest.negated if closest else 'none'}",
            f"own={own[0].kind if own else 'other'}",
        ),
        1.0,
    )
    _words(out, p, start, end, focus)
    return out


def extent(case: Case) -> tuple[int, int]:
    """From the cue or the content, whichever comes first, to the end of the sentence in which the content
    ends."""
    text = case.passage.text
    start = min((s for s, _ in case.content), default=0)
    end = max((e for _, e in case.content), default=len(text))
    stop = STOP.search(text, max(end - 1, 0))
    return (min(start, case.cue[0]) if case.cue else start), stop.start() if stop else len(text)


def _zone(zone: str, cues: list[Cue], flip: int) -> dict[str, float]:
    """The kinds of cue in a stretch of text, and the product of their signs."""
    signs = [c.told for c in cues if c.sign]
    return {f"{zone}:{c.kind}{'-' * c.negated}": 1.0 for c in cues} | {
        f"{zone}:sign={math.prod(signs) * flip if signs else 0}": 1.0
    }


def _composed(out, p: Passage, near, after, start: int, focus: Mention, stop: int, flip: int) -> str:
    """The product of all signs and negations from the clause's beginning to the topic, and up to the
    clause's end."""
    before = sum(start <= n < focus.start for n in p.negations)
    beyond = sum(focus.start <= n < stop for n in p.negations)
    signs = [c.sign for c in near if c.sign]
    later = [c.sign for c in after if c.sign]
    way = math.prod(signs) * (-1) ** before * flip
    whole = way * math.prod(later) * (-1) ** beyond
    told = bool(signs or later)
    whole_name = str(whole if told or before or beyond else 0)
    out |= {
        f"way={way if signs or before else 0}": 1.0,
        f"whole={whole_name}": 1.0,
        f"told={told}&whole={whole}": 1.0,
        f"negated={min(2, before)}": 1.0,
        f"negated beyond={min(2, beyond)}": 1.0,
    }
    return whole_name


def _conditions(out, case: Case, start: int, end: int, whole: str) -> None:
    """Which words make it depend on something, in the statement and beside it."""
    p = case.passage
    if not case.around.get("within other"):
        start = max((m.end() for m in STOP.finditer(p.text, 0, start)), default=0)
    inside = [c for c in p.conditions if start <= c[0] < end]
    for s, e, strength in inside:
        word = f"if:{stem(p.text[s:e].split()[0])}"
        out[word] = 1.0
        out[f"if {strength}"] = out[f"{case.topic.name}:if {strength}"] = 1.0
        out[f"{word}&whole={whole}"] = 1.0
        if WOULD.search(p.text, max(start, s - 90), min(end, e + 90)):
            out[f"would if {strength}"] = out[f"would if {strength}&whole={whole}"] = 1.0
    strong = min(2, sum(c[2] == "strong" for c in inside))
    out |= {
        f"strong={strong}": 1.0,
        f"strong={min(strong, 1)}&whole={whole}": 1.0,
        "strong elsewhere": float(not strong and any(c[2] == "strong" for c in p.conditions)),
    }


def _topic(out, case: Case, start: int, end: int) -> None:
    """How the topic is named."""
    sure = [m for m in case.found.mentions if m.how in ("named", "opposite")]
    out |= {
        f"how={case.focus.how}": 1.0,
        "named": min(3, len(sure)) / 3,
        "lookalike": float(case.focus.lookalike),
        "lookalikes": min(3, case.found.lookalikes) / 3,
        "question": float("?" in case.passage.text[start:end]),
        "named inside": float(
            any(start <= m.start < max((e for _, e in case.content), default=end) for m in sure)
        ),
        "opposite inside": float(any(m.how == "opposite" and start <= m.start < end for m in sure)),
    }
    if case.topic.parties:
        out[f"parties={len(case.found.parties)}/{len(case.topic.parties)}"] = 1.0


def sureness(case: Case) -> str:
    """How surely the topic is meant: a weak word names it where all parties are named too, and it is likely
    meant where
    the article's headline or many of its sentences name it."""
    how, parties = case.focus.how, case.topic.parties
    if how in ("named", "opposite") or how == "weak" and 0 < len(parties) == len(case.found.parties):
        return "sure"
    about = case.around.get("headline") or case.around.get("share", 0) >= OFTEN
    return "meant" if how == "weak" and about and not case.focus.lookalike else how


def _shape(out, case: Case) -> None:
    """How source, cue and topic follow each other: told of a subject, or only near a name."""
    text, source, cue, focus = case.passage.text, case.source, case.cue, case.focus
    if not source:
        out["source=none"] = 1.0
    else:
        before = BEFORE.search(text, max(0, source[0] - 20), source[0])
        form = text[slice(*source)]
        pronoun = form.lower() in PRONOUNS
        possessive = form.endswith(("’s", "'s")) or form.lower() in ("his", "her", "its", "their")
        out |= dict.fromkeys(
            (
                f"prev:{before[1].lower() if before else '^'}",
                f"possessive={possessive}",
                f"source first={source[0] < focus.start}",
                f"source={'pronoun' if pronoun else 'title' if form[:1].islower() else 'name'}",
                f"source near={min(6, abs(focus.start - source[1]) // 30)}",
            ),
            1.0,
        )
    if source and cue:
        gap = text[source[1] : cue[0]].split()
        out |= {
            f"gap={min(5, len(gap)) if source[1] <= cue[0] else 'after'}": 1.0,
            "gap comma": float("," in text[source[1] : cue[0]]),
            f"gap last={gap[-1].lower() if gap else 'none'}": 1.0,
            "relative": float(focus.end <= source[0] and len(text) - cue[1] < 30),
        }
    if cue:
        way = text[cue[1] : focus.start]
        out |= {
            f"q:{stem(text[slice(*cue)].split()[0])}": 1.0,
            f"far={min(6, len(way) // 25) if way else 'none'}": 1.0,
            "way that": float(" that " in way),
        }


def _words(out, p: Passage, start: int, end: int, focus: Mention) -> None:
    """The statement's words and pairs of them, and those next to the topic."""
    first = bisect_left(p.places, start)
    last = min(bisect_left(p.places, end), first + LONGEST)
    out |= dict.fromkeys(p.words[first:last], 1.0) | dict.fromkeys(p.pairs[first + 1 : last], 0.7)
    if first < last:
        out[f"w:<_{p.words[first][2:]}"] = 0.7
    before, after = max(start, focus.start - NEAR), focus.end + NEAR
    out |= {f"l:{stem(w)}": 1.0 for w in WORD.findall(p.text, before, focus.start)[-5:]}
    out |= {f"r:{stem(w)}": 1.0 for w in WORD.findall(p.text, focus.end, after)[:5]}
