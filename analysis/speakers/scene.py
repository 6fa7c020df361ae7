"""What an article has named so far, and who of it is meant by a pronoun or a title without a name."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from analysis.speakers.people import Entry

BREAK = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z0-9])|\n+")
PARAGRAPH = re.compile(r"\n+")
ASIDE = re.compile(r"\s*(?:[,.;:]|$)")
ARTICLE = re.compile(r"(?:the |an? )?", re.IGNORECASE)
MARKS = tuple(",”\"'’?!—–")
SHORT = 16  # characters of "with the ", "according to the " …
REACH, SEEN, LAST = 8, 60, 100  # sentences and mentions that are looked back over; mentions for a last resort
MOST = 3.5  # above what _score adds up to, 0.8 + 0.3 + 1.0 + 1.2, to which it adds the sentences back


PREPOSITIONS = set("about after against at before between by for from in into of on over to with".split())


AND = re.compile(r",? (?:and|or|as well as|along with|together with|& ?) ?(?:the |both |other )?")
BY = re.compile(r"\bby (?:the |an? )?$")
LISTED = re.compile(r",(?: the)? ")


class Seen(NamedTuple):
    """One mention, resolved."""

    start: int
    end: int
    entry: Entry
    form: str  # name, title or pronoun
    sentence: int
    paragraph: int
    first: bool  # first person named in the sentence
    lead: bool  # first of all that is named in the sentence
    inner: bool  # within another phrase (Putin in "Putin's aide")
    owner: bool  # possessive ("Putin's refusal")
    governed: bool  # after a preposition
    asked: bool  # only asks or is told to have acted: "asked by the journalist"
    content: int | None  # the attribution in whose content it stands (the innermost)


def together(entries: list[Entry]) -> Entry:
    """Several as one group, whose members they are."""
    entries = list(dict.fromkeys(entries))
    side = entries[0].side if len({entry.side for entry in entries}) == 1 else ""
    return Entry(" and ".join(entry.name for entry in entries), "group", side, members=tuple(entries))


class Scene:
    """A text (the headline before it) with its attributions, and what was named in it up to now."""

    def __init__(self, text: str, attributions: list, shift: int):
        self.text, self.attributions, self.shift = text, attributions, shift
        self.seen: list[Seen] = []
        self.joined: list[Seen] = []  # several named as one: "Macron and Starmer"
        self.breaks = [m.end() for m in BREAK.finditer(text)]
        self.paragraphs = [m.end() for m in PARAGRAPH.finditer(text)]
        self.contents = sorted(
            (s + shift, e + shift, k) for k, a in enumerate(attributions) for s, e in a.content
        )
        self.sources: dict[int, int] = {}  # where a source starts: its attribution
        self.unsourced: dict[int, int] = {}  # sentence of a cue without a source: its attribution
        for k, attribution in enumerate(attributions):
            if attribution.source:
                start = attribution.source[0] + shift
                self.sources.setdefault(start, k)
                self.sources.setdefault(ARTICLE.match(text, start).end(), k)  # phrases begin behind it
            elif attribution.cue:
                self.unsourced.setdefault(self.sentence(attribution.cue[0] + shift), k)
        self.source_ends = {a.source[1] + shift for a in attributions if a.source}
        self._first = -1  # the last sentence in which a person was named as the first

    def sentence(self, place: int) -> int:
        return bisect_right(self.breaks, place)

    def begins_sentence(self, place: int) -> bool:
        at = bisect_left(self.breaks, place)
        return (
            place == 0
            or self.text[place - 1] in "\"“‘'("
            or at < len(self.breaks)
            and self.breaks[at] == place
        )

    def content(self, place: int) -> int | None:
        """The attribution in whose content a place lies, the innermost (of the last twelve that begin
        before).
        """
        at = bisect_right(self.contents, (place, len(self.text) + 1, 0))
        inside = [(e - s, k) for s, e, k in self.contents[max(0, at - 12) : at] if s <= place < e]
        return min(inside)[1] if inside else None

    def note(self, start: int, end: int, entry: Entry, form: str, inner: bool, owner: bool) -> None:
        """Remember a mention; they come in text order."""
        sentence = self.sentence(start)
        lead = not self.seen or self.seen[-1].sentence != sentence
        begin, governed = self.breaks[sentence - 1] if sentence else 0, self.governed(start)
        fronted = governed and start - begin < SHORT  # "For the president, he …"
        asked = bool(BY.search(self.text[max(0, start - 9) : start]))
        subject = (lead or not owner) and (start in self.sources or not fronted and not asked)
        first = entry.kind == "person" and not inner and subject and self._first < sentence
        if first:
            self._first = sentence
        places = sentence, bisect_right(self.paragraphs, start)
        told = first, lead, inner, owner, governed, asked
        seen = Seen(start, end, entry, form, *places, *told, self.content(start))
        self.seen.append(seen)
        if not inner:
            self._join(seen)

    def _join(self, seen: Seen) -> None:
        """Remember as one those whom the text joins by "and", for a later "they"."""
        run, link = [seen], AND
        for before in self.seen[-2:-13:-1]:
            if before.sentence < seen.sentence:
                break
            if before.inner:
                continue
            if not link.fullmatch(self.text, before.end, run[-1].start):
                break
            run.append(before)
            link = LISTED
        if len(run) > 1 and len({s.entry.kind for s in run}) == 1:
            run.reverse()
            self.joined.append(run[0]._replace(end=seen.end, entry=together([s.entry for s in run])))

    def coordinated(self, run: list[Seen]) -> list[Seen]:
        """The first of the mentions with those that "and" joins to it: A and B; A, B and C."""
        size = 1
        for at, (one, other) in enumerate(pairwise(run), 2):
            gap = self.text[one.end : other.start]
            if AND.fullmatch(gap):
                size = at
            elif not LISTED.fullmatch(gap):
                break
        return run[:size]

    def governed(self, place: int) -> bool:
        """Whether a preposition stands before a place."""
        before = self.text[max(0, place - 40) : place].lower().split()
        return bool(PREPOSITIONS.intersection(before[-2:-1] if before[-1:] == ["the"] else before[-1:]))

    def last(self, fits: Callable[[Seen], bool]) -> Entry | None:
        return next((seen.entry for seen in self.seen[: -LAST - 1 : -1] if fits(seen)), None)

    def antecedent(self, start: int, fits: Callable[[Seen], bool], reach: int = REACH) -> Entry | None:
        """The best of what was named before: nearest by sentence; sources and subjects first.

        A speaker is not looked for in his own words, and hardly in those of others.
        """
        k, here = self.sources.get(start), self.sentence(start)
        aside, place = k is not None and self._aside(k), self.content(start)
        paragraph = bisect_right(self.paragraphs, start)
        best, best_score = None, -9.0
        for seen in (*self.seen[: -SEEN - 1 : -1], *self.joined[:-SEEN:-1]):
            far = here - seen.sentence
            if far > reach or best_score >= MOST - far or not fits(seen):
                continue
            score = self._score(seen, here, k, place, aside, paragraph)
            if score > best_score:
                best, best_score = seen.entry, score
        return best

    def _score(
        self, seen: Seen, here: int, k: int | None, place: int | None, aside: bool, paragraph: int
    ) -> float:
        """Weights set by hand on coded articles: who they say speaks where the source is a pronoun."""
        group = seen.entry.kind == "group"
        opens = seen.entry.kind != "person" and (seen.lead or self._opens(seen.start))
        object_ = bool(seen.entry.members) and seen.governed  # "the summit of Trump and Putin"
        subject = (seen.first or group or opens) and not object_
        score = (
            seen.sentence
            - here
            + 0.8 * subject
            - 0.7 * seen.inner
            - 0.2 * (seen.owner or seen.governed)
            - 0.6 * (seen.paragraph < paragraph)
            + 0.3 * (group and bool(seen.entry.line))
            + 1.0 * (place is not None and self.sources.get(seen.start) == place and not seen.asked)
        )
        if seen.content is None or seen.content != k:
            told = seen.first and seen.sentence in self.unsourced
            score += 1.2 * (told or seen.start in self.sources and not seen.asked)
        elif seen.content == k:
            return score - 4
        if aside and seen.sentence == here and seen.start not in self.sources:
            score -= 1.5
        return score - 1.5 * (seen.content is not None and seen.content != place)

    def _opens(self, place: int) -> bool:
        """Whether what someone says begins at a place: "that Kyiv was prepared"."""
        at = bisect_right(self.contents, (place, len(self.text) + 1, 0)) - 1
        return at >= 0 and place - self.contents[at][0] < 6

    def _aside(self, k: int) -> bool:
        """Whether source and cue stand after or within what is said: "Putin, he argued, is …"."""
        source, cue = self.attributions[k].source, self.attributions[k].cue
        if not cue:
            return False
        start, end = min(source[0], cue[0]) + self.shift, max(source[1], cue[1]) + self.shift
        return (
            bool(ASIDE.match(self.text, end)) and self.text[max(0, start - 4) : start].rstrip()[-1:] in MARKS
        )
