"""Choose among the possible attributions, so that no two contents of one level overlap; quotations left over are
given to the statement that they continue."""

import numpy as np

from analysis.linking import Link
from analysis.tokens import CLOSE, INSIDE, OPEN, OUTSIDE, Tokens

KEEP = 0.35  # near half of the F1 that is reached: where keeping one more pays
NESTED = 0.6  # a statement inside another one must be this probable
LONG = 8  # tokens of a quotation that is never left without a statement


def choose(links: list[Link], tokens: Tokens) -> list[tuple[Link, int | None]]:
    """The attributions to keep in text order, each with the index of the one in whose content it stands."""
    outer, inner, owner = [], [], np.full(len(tokens.words), -1)
    for candidate in sorted((x for x in links if x.content and x.keep >= KEEP), key=_precedence):
        free = _free(candidate, owner)
        size = sum(last - first for first, last in candidate.content)
        if sum(last - first for first, last in free) * 2 < size:
            if candidate.keep >= NESTED:
                inner.append(candidate)
            continue
        for first, last in free:
            owner[first:last] = len(outer)
        outer.append(candidate._replace(content=tuple(free)))
    _adopt(outer, owner, tokens)
    return _in_order(outer, _nest(inner, outer, owner))


def kind(content: tuple, tokens: Tokens) -> str:
    """Direct where all (nine of ten) words stand in quotation marks, mixed where some do, else indirect."""
    states = np.concatenate([tokens.quote[first:last] for first, last in content])
    words = [tokens.words[i][-1].isalnum() for first, last in content for i in range(first, last)]
    inside = (states[words] != OUTSIDE).mean() if any(words) else float((states != OUTSIDE).any())
    return "direct" if inside >= 0.9 else "mixed" if inside else "indirect"


def _precedence(candidate):
    return -candidate.keep, candidate.cue


def _free(candidate, owner):
    """The pieces of a content that no other attribution holds; a piece keeps its longest free stretch."""
    pieces = []
    for first, last in candidate.content:
        taken = np.flatnonzero(owner[first:last] >= 0) + first
        borders = [first - 1, *taken.tolist(), last]
        start, stop = max(((a + 1, b) for a, b in zip(borders, borders[1:])), key=lambda span: span[1] - span[0])
        if stop > start:
            pieces.append((start, stop))
    return pieces


def _adopt(outer, owner, tokens):
    """A long quotation that no statement holds belongs to the one just before it (or just after, in its paragraph)."""
    for first in np.flatnonzero(tokens.quote == OPEN).tolist():
        last = first + 1
        while last < len(owner) and tokens.quote[last] in (INSIDE, CLOSE):
            last += 1
            if tokens.quote[last - 1] == CLOSE:
                break
        if last - first < LONG or (owner[first:last] >= 0).any():
            continue
        before = owner[:first]
        held = np.flatnonzero(before[-LONG:] >= 0)
        if len(held):
            number = int(before[-LONG:][held[-1]])
            outer[number] = outer[number]._replace(content=outer[number].content + ((first, last),))
            owner[first:last] = number


def _nest(inner, outer, owner):
    """Attributions that stand, cue and all, in the content of an outer one, each with the number of that one."""
    found, taken = [], np.zeros(len(owner), bool)
    for candidate in inner:
        spans = [candidate.cue, *candidate.content, *([candidate.source] if candidate.source else [])]
        owners = {int(n) for first, last in spans for n in owner[first:last]}
        if len(owners) == 1 and owners != {-1} and not any(taken[a:b].any() for a, b in candidate.content):
            for first, last in candidate.content:
                taken[first:last] = True
            found.append((candidate, owners.pop()))
    return found


def _in_order(outer, nested):
    entries = [(x, None) for x in outer] + nested
    order = sorted(range(len(entries)), key=lambda i: (min(entries[i][0].content), entries[i][0].cue))
    place = {old: new for new, old in enumerate(order)}
    return [(entries[i][0], None if entries[i][1] is None else place[entries[i][1]]) for i in order]
