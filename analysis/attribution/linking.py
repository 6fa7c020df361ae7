"""From labels and pointers to statements: which source, cue and contents belong together."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable

import numpy as np

CONTENT, SOURCE, CUE = 1, 3, 5                      # B labels; I is one more
REACH, NEAR = 40, 8                                 # farthest cue in tokens, cues looked at on each side
LOW, EDGE = .02, .25                                # probabilities
HERE = 10                                           # what a cue in the content's own sentence scores more


def bucket(offset: np.ndarray) -> np.ndarray:
    """33 steps of distance that grow with the distance, up to 255; 16 is no distance."""
    return (np.sign(offset) * np.minimum(np.floor(2 * np.log2(np.abs(offset) + 1.)), 16) + 16).astype(int)


def runs(labels: list[int], first: int) -> list[tuple[int, int]]:
    """Spans that begin with the label `first` and go on with the next one."""
    labels = np.array([*labels, 0])
    starts, others = np.flatnonzero(labels == first), np.flatnonzero(labels != first + 1)
    ends = others[np.searchsorted(others, starts, "right")]
    return list(zip(starts.tolist(), ends.tolist()))


def candidates(labels: list[int], p: np.ndarray, first: int) -> list[tuple[int, int]]:
    """The labelled spans, and those that were not labelled but are not improbable."""
    found = runs(labels, first)
    taken = np.zeros(len(labels) + 1, bool)
    taken[-1] = True
    for s, e in found:
        taken[s:e] = True
    for s in np.flatnonzero((p[:, first] > LOW) & ~taken[:-1]).tolist():
        e = s + 1
        while not taken[e] and p[e, first + 1] > EDGE and p[e, first] < LOW:
            e += 1
        found.append((s, e))
    return sorted(found)


def join(labels: list[int], chance: np.ndarray, none: np.ndarray, h: np.ndarray, pointer: Callable,
         offset: np.ndarray, cuts: list[int]) -> list:
    """(source, cue, contents) of every statement, as token spans; source and cue None where there is none.

    chance [n, 7] probabilities of the labels; none [n] score of having no source; h [n, D] vectors of the tokens;
    pointer(k, rows, counts): of sums of so many vectors each, for k = 0 to 3, what a content asks of its cue, what
    a cue answers, what a cue asks of its source, what a source answers; offset [2, 33] scores of the distance from
    content to cue, from cue to source; cuts: tokens in order where a sentence begins, as each sentence of a
    content chooses its cue: the one with the highest sum of scores over its first REACH words.
    """
    cues, sources = candidates(labels, chance, CUE), candidates(labels, chance, SOURCE)
    heads, origins, n = [s for s, _ in cues], [s for s, _ in sources], len(labels)
    at_cue, at_source = np.array(heads, int), np.array(origins, int)
    cue, ask_source, source = pointer(1, h[at_cue]), pointer(2, h[at_cue]), pointer(3, h[at_source])
    is_cue = np.log(chance[at_cue, CUE] + chance[at_cue, CUE + 1])
    far = offset[:, bucket(np.arange(-n, n + 1))]
    up_to = np.cumsum(far[0], dtype=float)              # sums over distances, for a sentence's words at once
    sentences, edges = [], sorted({0, *cuts, n})
    for first, last in runs(labels, CONTENT):
        borders = [first, *cuts[bisect_right(cuts, first):bisect_left(cuts, last)], last]
        sentences += [(s, e, first, last) for s, e in zip(borders, borders[1:])]
    if not sentences:
        return []
    read = [(s, min(e, s + REACH)) for s, e, _, _ in sentences]
    asks = pointer(0, np.array([h[s:e].sum(0) for s, e in read]), np.array([[e - s] for s, e in read]))

    def best_cue(ask, start, end, first, last):
        begin, stop = edges[bisect_right(edges, start) - 1], edges[bisect_left(edges, end)]
        lo, mid, after, hi = (bisect_left(heads, at) for at in (first - REACH, first, last, last + REACH))
        near = [*range(max(lo, mid - NEAR), mid), *range(after, min(hi, after + NEAR))]
        if len(near) > 1:
            away = at_cue[near] + n
            here = (begin <= at_cue[near]) & (at_cue[near] < stop)
            score = cue[near] @ ask + up_to[away - start] - up_to[away - end] + is_cue[near] + HERE * here
            return near[score.argmax()]
        return near[0] if near else None

    def best_source(k, contents):
        head, busy = heads[k], [*contents, cues[k]]
        near = range(bisect_left(origins, head - REACH), bisect_left(origins, head + REACH))
        near = [i for i in near if not any(s <= origins[i] < e for s, e in busy)]
        if near:
            score = source[near] @ ask_source[k] + far[1][at_source[near] - head + n]
            best = score.argmax()
            return sources[near[best]] if score[best] > none[head] else None

    belongs: dict = {}
    for ask, span, (s, e, first, last) in zip(asks, read, sentences):
        spans = belongs.setdefault(best_cue(ask, *span, first, last), [])
        joined = spans and s > first and spans[-1][1] == s
        spans[-1:] = [(spans[-1][0], e)] if joined else [*spans[-1:], (s, e)]
    loose = [(None, None, [span]) for span in belongs.pop(None, [])]
    return loose + [(best_source(k, contents), cues[k], contents) for k, contents in belongs.items()]
