"""Choose among the possible attributions, so that no two contents of one level overlap; quotations left over
are given to the statement that they continue."""

import numpy as np

from analysis.linking import Link
from analysis.tokens import CLOSE, INSIDE, OPEN, OUTSIDE, Tokens

KEEP = 0.35  # near half of the F1 that is reached: where keeping one more pays
NESTED = 0.8  # a statement inside another one must be this probable
LONG = 6  # tokens of a quotation that is never left over, and of a content that may hold another
NEAR = 30  # tokens between a quotation and the statement that it continues
EDGES = {"-", "–", "—", "--", "•", "*", "·", ",", ":", ";", ">"}


def choose(links: list[Link], tokens: Tokens, *, floor: float = KEEP) -> list[Link]:
    """The attributions of one level to keep, in text order; of overlapping contents the more probable."""
    kept, owner = [], np.full(len(tokens.words), -1)
    for candidate in sorted((x for x in links if x.content and x.keep >= floor), key=_precedence):
        free = _free(candidate, owner)
        if 2 * _size(free) >= _size(candidate.content):
            for first, last in free:
                owner[first:last] = len(kept)
            kept.append(candidate._replace(content=tuple(free), source=_bare(candidate.source, tokens)))
    _adopt(kept, owner, tokens)
    return sorted(kept, key=lambda x: (min(x.content), x.cue))


def within(kept: list[Link], tokens: Tokens, sayings: set[str]) -> tuple[Tokens, np.ndarray, np.ndarray]:
    """The contents with a word of saying as a text of their own, each piece a paragraph: tokens, numbers,
    and the number of the attribution.

    What is wholly quoted counts as unquoted there, so that only the quotations within it are seen."""
    pieces = [
        (n, first, last)
        for n, x in enumerate(kept)
        for first, last in x.content
        if last - first >= LONG and not sayings.isdisjoint(map(str.lower, tokens.words[first:last]))
    ]
    at = np.concatenate([np.arange(first, last) for _, first, last in pieces] or [np.zeros(0, np.int64)])
    which = np.repeat(np.arange(len(pieces)), [last - first for _, first, last in pieces])
    quote = tokens.quote[at].copy()
    direct = np.array([kind(((first, last),), tokens) == "direct" for _, first, last in pieces], bool)
    if len(at):
        inner = tokens.inner[at]
        begins, ends = np.diff(inner, prepend=0) == 1, np.diff(inner, append=0) == -1
        states = np.where(begins, OPEN, np.where(ends, CLOSE, np.where(inner > 0, INSIDE, OUTSIDE)))
        quote = np.where(direct[which], states, quote).astype(np.int8)
    sentence = np.cumsum(np.diff(tokens.sentence[at] + which * (len(tokens.words) + 1), prepend=0) != 0)
    part = Tokens(
        tokens.text,
        [tokens.words[i] for i in at.tolist()],
        tokens.starts[at],
        tokens.ends[at],
        sentence,
        which,
        quote,
        np.zeros(len(at), np.int8),
    )
    return part, at, np.array([n for n, _, _ in pieces], np.int64)[which]


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
        start, stop = max(
            ((a + 1, b) for a, b in zip(borders, borders[1:])), key=lambda span: span[1] - span[0]
        )
        if stop > start:
            pieces.append((start, stop))
    return pieces


def _size(spans):
    return sum(last - first for first, last in spans)


def _bare(span, tokens):
    """A source without the dashes, bullets and commas at its edges."""
    if not span:
        return None
    first, last = span
    while first < last and tokens.words[first] in EDGES:
        first += 1
    while first < last and tokens.words[last - 1] in EDGES:
        last -= 1
    return (first, last) if first < last else None


def _adopt(kept, owner, tokens):
    """A long quotation that no statement holds belongs to the one just before, or to the quotation after."""
    for first, last in _quotations(tokens):
        if last - first < LONG or (owner[first:last] >= 0).any():
            continue
        near = owner[max(0, first - NEAR) : first]
        held = near[near >= 0]
        after = owner[last] if last < len(owner) and tokens.quote[last] == OPEN else -1
        number = int(held[-1]) if len(held) else int(after)
        if number >= 0:
            kept[number] = kept[number]._replace(
                content=tuple(sorted((*kept[number].content, (first, last))))
            )
            owner[first:last] = number


def _quotations(tokens):
    """Spans of the outermost quotations, the last first: a run over paragraphs is adopted from its end."""
    opens = np.flatnonzero(tokens.quote == OPEN).tolist()
    for first, limit in zip(reversed(opens), reversed([*opens[1:], len(tokens.words)])):
        last = first + 1
        while last < limit and tokens.quote[last] == INSIDE:
            last += 1
        yield first, last + (last < limit and tokens.quote[last] == CLOSE)
