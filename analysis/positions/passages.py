"""A passage read once for all topics: its words of willingness, negations, conditions and clauses."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import NamedTuple

from analysis.codebook import Codebook
from analysis.codebook.patterns import matches

WORD = re.compile(r"[^\W\d_]+(?:['’]\w+)?|[?]")
CLAUSE = re.compile(r"[.;:!?\n]|,?\s(?:but|while|whereas|although|though)\s")
REACH = 28  # characters over which a negation turns the cue after it


class Cue(NamedTuple):
    """A word of willingness; sign is that of the word alone, turned where a negation stands before it."""

    start: int
    end: int
    kind: str
    sign: int
    negated: bool

    @property
    def told(self) -> int:
        return -self.sign if self.negated else self.sign


class Passage(NamedTuple):
    """The sentences that hold a statement, read once for all topics; offsets into the text."""

    text: str
    cues: tuple[Cue, ...]
    conditions: tuple[tuple[int, int, str], ...]  # with their strength
    negations: tuple[int, ...]  # those that are no part of a cue
    clauses: tuple[int, ...]  # where clauses end
    places: list[int]  # where words begin
    words: list[str]  # their features, and those of each with the word before it
    pairs: list[str]


def read_passage(text: str, codebook: Codebook) -> Passage:
    """Words of willingness with their sign, conditions, negations and clause ends of a passage."""
    ends = tuple(m.end() for m in CLAUSE.finditer(text))
    found = matches(text)
    negated = [m.start() for m in found[codebook.negation]]
    cues = []
    for m in found[codebook.cues]:
        place = bisect_right(ends, m.start())
        since = max(ends[place - 1] if place else 0, m.start() - REACH)
        kind = codebook.cues.name(m)
        count = bisect_left(negated, m.start()) - bisect_left(negated, since)
        cues.append(Cue(*m.span(), kind, codebook.signs[kind], count % 2 == 1))
    negations = tuple(n for n in negated if not any(c.start <= n < c.end for c in cues))
    conditions = tuple((*m.span(), codebook.conditions.name(m)) for m in found[codebook.conditions])
    tokens = list(WORD.finditer(text))
    words = [stem(m.group()) for m in tokens]
    places, pairs = [m.start() for m in tokens], [f"w:{a}_{b}" for a, b in zip(["<", *words], words)]
    return Passage(text, tuple(cues), conditions, negations, ends, places, [f"w:{w}" for w in words], pairs)


@lru_cache(1 << 14)
def stem(word: str) -> str:
    """A word without case and the commonest endings."""
    word = word.lower().replace("’", "'")
    return re.sub(r"(?<=[a-z]{3})(?:'s|ings?|e[ds]?|s)$", "", word)
