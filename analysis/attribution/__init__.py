"""Attributions in a text: who said what, with the words that say so. Learned from hand-annotated news.

The frame (source, cue, content) is that of Pareti, "PARC 3.0" (LREC 2016) and of Newell, Margolin and Ruths,
"An Attribution Relations Corpus for Political News" (LREC 2018). network.py finds the spans and joins
them, mending.py mends them by rule.
"""

import re
from bisect import bisect_left, bisect_right, insort
from itertools import accumulate
from typing import NamedTuple

from analysis.attribution.mending import (
    EDGES,
    LONG,
    WORD,
    adopt,
    bare,
    behind,
    beside,
    complete,
    dateline,
    fill,
    in_front,
    pass_on,
    relayed,
    says,
    trim,
)
from analysis.attribution.network import load_network
from analysis.attribution.tokens import Span, paragraph_ends, quotations

THAT = re.compile(r"(?:that\s+)?")


class Attribution(NamedTuple):
    """One attribution; spans are (start, end) with text[start:end] the words."""

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    quote: str  # "direct", "mixed" or "indirect"
    parent: int | None  # index of the attribution in whose content this one stands


def attributions(text: str) -> list[Attribution]:
    """All attributions of a text, in text order; one within a content of another has its index as parent.

    Raises InputError for a missing or damaged model file."""
    outer = read(text)
    levels = [(a, None) for a in outer] + within(text, outer)

    def in_text(number: int) -> tuple:
        a, owner = levels[number]
        return a.content[0][0], owner is not None, a.content

    order = sorted(range(len(levels)), key=in_text)
    place = {old: new for new, old in enumerate(order)}
    return [a._replace(parent=place.get(owner)) for a, owner in map(levels.__getitem__, order)]


def read(text: str) -> list[Attribution]:
    """The attributions of one level; no two contents overlap."""
    quoted, found = quotations(text), []
    joined = relayed(text, load_network().statements(text, quoted))
    taken = sorted(span for _, _, contents in joined for span in contents)
    for source, cue, contents in joined:
        content = [trim(text, span) for span in contents if WORD.search(text, *span) and not dateline(text, span)]
        if not contents and source:
            content = in_front(text, source, cue, taken)
            if not content and (clause := behind(text, cue, taken)):
                source, content = clause[0], [clause[1]]
            for span in content:
                insort(taken, span)
        if content:
            cue, source = cue and bare(text, cue), source and bare(text, source)
            if source and cue:
                source = beside(text, source, cue) or source
            found.append([source, cue, content])
    complete(text, found)
    ends = paragraph_ends(text)
    adopt(found, quoted, ends)
    fill(text, found, ends)
    pass_on(text, found)
    return [Attribution(s, c, tuple(sorted(spans)), kind(text, spans, quoted), None) for s, c, spans in found]


def within(text: str, outer: list[Attribution]) -> list[tuple[Attribution, int]]:
    """Attributions inside the contents, each with the index of its outer one: the contents that hold a verb
    of saying are read as a text of their own, a paragraph each, without marks round them or “that” before."""
    pieces, owners = [], []
    for number, a in enumerate(outer):
        for span in a.content:
            start, end = trim(text, span, EDGES + "\"“”„«»") or span
            start = THAT.match(text, start, end).end()
            if end - start >= LONG and says(text[start:end]):
                pieces.append((start, end))
                owners.append(number)
    joined = "\n".join(text[s:e].replace("\n", " ") for s, e in pieces)
    starts = list(accumulate((e - s + 1 for s, e in pieces), initial=0))
    found = []
    for a in read(joined):
        spans = [span for span in (a.source, a.cue, *a.content) if span]
        piece = bisect_right(starts, spans[0][0]) - 1
        together = all(starts[piece] <= s and e < starts[piece + 1] for s, e in spans)
        if a.source and a.cue and together and says(joined[slice(*a.cue)]):
            shift = pieces[piece][0] - starts[piece]
            source, cue, *content = ((s + shift, e + shift) for s, e in spans)
            found.append((Attribution(source, cue, tuple(content), a.quote, None), owners[piece]))
    return found


def kind(text: str, content: list[Span], quoted: list[Span]) -> str:
    """Direct where all (nine of ten) letters of a content stand in quotation marks, mixed where some do."""
    inside, outside = 0, []
    for s, e in content:
        at = s
        for start, end in quoted[max(0, bisect_right(quoted, (s, s)) - 1) : bisect_left(quoted, (e, e))]:
            if start < e and end > s:
                outside.append((at, max(at, start)))
                inside += letters(text, max(s, start), min(e, end))
                at = min(e, end)
        outside.append((at, e))
    if not inside:
        return "indirect"
    return "direct" if inside >= 9 * sum(letters(text, *span) for span in outside) else "mixed"


def letters(text: str, start: int, end: int) -> int:
    return sum(map(len, WORD.findall(text, start, end)))
