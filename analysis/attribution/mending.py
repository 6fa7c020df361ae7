"""What the network finds, mended by rule where it stops short. A rule changes lists [source, cue, contents] in place
or gives a new span; spans are (start, end) in the text."""

import re
from bisect import bisect_left
from functools import lru_cache

from analysis.attribution.tokens import ABBREVIATED, Span, sentence_ends
from analysis.config import DATA

SAYINGS = DATA / "sayings.txt"
EDGES = "-–—•*·,:;>"  # what a span neither begins nor ends with, besides blanks
LONG = 24  # characters of a quotation that is never left over, of a content that may hold another attribution
NEAR = 200  # characters from a content to the quotation that goes on with it
BETWEEN = 80  # characters between a content and the words that pass it on
PASSES = re.compile(r"\b(?:according|report(?:s|ed)?)\b", re.IGNORECASE)
ACCORDING = r"(?P<cue>According to) (?P<source>[^,.?!…;:\n]{2,80}), "
LEAD = re.compile(rf"(?<!\w){ACCORDING}$")
OPENING = re.compile(rf"{ACCORDING}(?!(?:wh\w+|\w+ing)\b)(?=\w)")
RELAY = re.compile(r"[^,.?!…\n]*, (?P<source>(?:the )?[A-Z][^,.?!…\n]{1,40}) ")
DATELINE = re.compile(r"[A-Z][A-Z.,’' ]{2,40}(?=\s?(?:\([^()\n]*\)\s?)?[-–—])")
WORD = re.compile(r"\w+")
LINK = re.compile(r"https?://|pic\.twitter\.com/")
FAR = 400  # characters that a clause in front of its source or behind it may have
CLAUSE = re.compile(  # a main clause, with its verb, and a comma
    r"\s*(?P<words>(?!(?:after|before|when|while|as|if|since|although|though|because|once|until|asked|in|on|at)\b)"
    r"[^\n;:]*\b(?:is|are|was|were|has|have|had|will|would|can|cannot|could|may|might|must|should|did|does|do)\b"
    r"[^\n;:]*),\s",
    re.IGNORECASE,
)
DANGLING = re.compile(  # words that a clause hardly ends with
    r"(?<![\w’'-])(?:an?|and|as|at|by|for|from|in|into|of|on|or|than|the|to|with)$"
)
REST = re.compile(r" \w[^,.;:!?…\n“”„«»\"]{0,60}(?<!\s)(?=[;:!?…\n”»]|[,.\"](?!\w)|$)")  # what is left of a clause
DIVIDE = frozenset(".?!…\n")  # without these there is no end of a sentence
MARKS = "\"“”„«»‘'"


def in_front(text: str, source: Span, cue: Span, taken: list[Span]) -> list[Span]:
    """The clause in front of a source and its verb of saying that have no content: "They were nearly there, Trump
    told reporters". None where it is in one of the contents taken, which are sorted and do not overlap."""
    if source[1] + 1 != cue[0] or not says(text[slice(*cue)]):
        return []
    first = max(0, source[0] - FAR)
    *ends, _ = sentence_ends(text[first : source[0]])
    clause = CLAUSE.fullmatch(text, first + max(ends, default=0), source[0]) if ends or not first else None
    if not clause:
        return []
    start, end = clause.span("words")
    return [(start, end)] if free(taken, start, end) else []


def behind(text: str, cue: Span, taken: list[Span]) -> tuple[Span, Span] | None:
    """(source, content) of “According to X, they were nearly there.”, where none of the contents taken is in it."""
    m = OPENING.match(text, cue[0])
    if not m:
        return None
    start = m.end()
    end = start + sentence_ends(text[start : start + FAR + 1])[0]
    whole = end - start <= FAR and not {";", ":"} & {*text[start:end]}
    return (m.span("source"), trim(text, (start, end))) if whole and free(taken, start, end) else None


def relayed(text: str, joined: list[tuple]) -> list[tuple]:
    """Of “…, X said, Y reported.”, where both verbs were given to X, the second one is Y's, and so are the contents,
    to which `pass_on` adds the first one."""
    passed = {}
    for source, cue, contents in joined:
        if source and cue and not contents and PASSES.search(text, *cue):
            m = RELAY.fullmatch(text, source[1], cue[0])
            if m:
                passed[source] = m.span("source"), cue
    return [
        (*passed[source], contents) if source in passed else (source, cue, contents)
        for source, cue, contents in joined
        if contents or source not in passed
    ]


def dateline(text: str, span: Span) -> bool:
    """Whether a span is all or part of “KYIV – ” or “MOSCOW (AP) — ”, which nobody says."""
    m = DATELINE.match(text, span[0])
    return bool(m) and m.end() >= span[1]


def bare(text: str, span: Span) -> Span | None:
    """The span without marks at its ends, nor the full stop of a sentence."""
    s, e = trim(text, span, EDGES) or span
    if text[e - 1] == "." and not ABBREVIATED.search(text, max(0, e - 9), e - 1):
        e -= 1
    return trim(text, (s, e), EDGES)


def beside(text: str, source: Span, cue: Span) -> Span | None:
    """The source without what a sentence's end divides from its cue: "according to X. Y" is two names."""
    s, e = source
    ends = [] if DIVIDE.isdisjoint(text[s:e]) else sentence_ends(text[s:e])
    if len(ends) < 2:
        return source
    return bare(text, (s, s + ends[0]) if cue < source else (s + ends[-2], e))


def complete(text: str, found: list[list]) -> None:
    """A content that stops at "the" or "on" goes on to the end of its clause, where that is near and nothing else
    begins before it."""
    begun = sorted(span[0] for source, cue, content in found for span in (source, cue, *content) if span)
    for _, _, content in found:
        for k, (start, end) in enumerate(content):
            rest = DANGLING.search(text, max(start, end - 5), end) and REST.match(text, end)
            whole = rest and not ABBREVIATED.search(text, end, rest.end())
            if whole and none_begins(begun, end, rest.end()):
                content[k] = start, rest.end()


def adopt(found: list[list], quoted: list[Span], ends: list[int]) -> None:
    """A long quotation in no statement goes to the one whose content ends just before it in its paragraph, as
    when “…,” he said. “…” is one utterance."""
    owner = sorted((s, e, number) for number, (_, _, content) in enumerate(found) for s, e in content)
    for start, end in quoted:
        after = bisect_left(owner, (start,))
        if after and end - start >= LONG and free(owner, start, end):
            _, last, number = owner[after - 1]
            if bisect_left(ends, last) == bisect_left(ends, start) and start - last < NEAR:
                found[number][2].append((start, end))


def fill(text: str, found: list[list], ends: list[int]) -> None:
    """“Name: words” without quotation marks, as posts and interviews have it, are one's own up to the end of the
    paragraph or to a link, where nobody else speaks in it."""
    begun = sorted(content[0][0] for _, _, content in found)
    for source, _, content in found:
        first = content[0][0]
        if source and text[source[1] : first].strip() == ":" and text[first] not in MARKS:
            at = bisect_left(ends, source[0])
            before = trim(text, (ends[at - 1] if at else 0, source[0]), EDGES)
            if first < ends[at] and not before and none_begins(begun, first + 1, ends[at]):
                link = LINK.search(text, first, ends[at])
                content[:] = [trim(text, (first, link.start() if link else ends[at]))]


def pass_on(text: str, found: list[list]) -> None:
    """“…,” Lavrov said, according to TASS; According to TASS, Lavrov said …: who passes words on is the source of a
    content that holds them with their own source, which is found within it."""
    taken = sorted(span for _, _, content in found for span in content)

    def grow(content: list[Span], k: int, span: Span) -> None:
        taken[bisect_left(taken, content[k])] = content[k] = span

    for a in found:
        source, cue, content = a
        if not source or not cue:
            continue
        content.sort()
        (first, until), (since, last) = content[0], content[-1]
        if PASSES.search(text, *cue):
            start, stop = max(source[1], cue[1]), min(source[0], cue[0])
            if says_who(text[last:stop]) and free(taken, last, stop):
                grow(content, -1, (since, trim(text, (since, stop), EDGES)[1]))
            elif text[start : start + 1] == "," and says_who(text[start:first]) and free(taken, start, first):
                grow(content, 0, (trim(text, (start, first), EDGES)[0], until))
        elif source < cue < content[0] and len(content) == 1 and says(text[slice(*cue)]):
            m = LEAD.search(text, max(0, source[0] - 2 * BETWEEN), source[0])
            if m and DIVIDE.isdisjoint(text[source[0] : first]) and free(taken, source[0], first):
                grow(content, 0, (source[0], last))
                a[:2] = m.span("source"), m.span("cue")


def free(taken: list[tuple], start: int, stop: int) -> bool:
    """Whether no place between start and stop is in one of the spans, which are sorted and do not overlap (what a
    tuple holds besides start and end does not matter)."""
    before = bisect_left(taken, (stop,))
    return not before or taken[before - 1][1] <= start


def none_begins(begun: list[int], start: int, stop: int) -> bool:
    """Whether none of what begins at these places in order begins between start and stop."""
    return bisect_left(begun, start) == bisect_left(begun, stop)


def says_who(words: str) -> bool:
    """Whether the words between a content and those that pass it on tell who spoke."""
    return 0 < len(words) <= BETWEEN and DIVIDE.isdisjoint(words) and says(words)


def trim(text: str, span: Span, edges: str = "") -> Span | None:
    """The span without blanks and such characters at its ends; None where nothing is left."""
    s, e = span
    while s < e and (text[s] in edges or text[s].isspace()):
        s += 1
    while s < e and (text[e - 1] in edges or text[e - 1].isspace()):
        e -= 1
    return (s, e) if s < e else None


def says(words: str) -> bool:
    """Whether a verb of saying is among the words."""
    return not sayings().isdisjoint(WORD.findall(words.lower()))


@lru_cache(maxsize=1)
def sayings() -> frozenset[str]:
    return frozenset(SAYINGS.read_text(encoding="utf-8").split())
