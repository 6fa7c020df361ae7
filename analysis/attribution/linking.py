"""From labels and pointers to statements: which source, cue and contents belong together."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable

import numpy as np

CONTENT, SOURCE, CUE = 1, 3, 5                      # B labels; I is one more
REACH, NEAR = 40, 8                                 # farthest cue in tokens, cues looked at on each side
LOW, EDGE = .02, .25                                # probabilities
HERE = 1000                                         # added for a cue in the content's own sentence: it comes first


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
    """(source, cue, contents) of every statement, as token spans; source and cue None where there is none,
    contents empty where a cue has none.

    chance [n, 7] probabilities of the labels; none [n] score of having no source; h [n, D] vectors of the tokens;
    pointer(k, rows, counts): of sums of so many vectors each, for k = 0 to 3, what a content asks of its cue, what
    a cue answers, what a cue asks of its source, what a source answers; offset [2, 33] scores of the distance from
    content to cue, from cue to source; cuts: tokens in order where a sentence begins, as each sentence of a
    content chooses its cue: the one with the highest sum of scores over its first REACH words.
    """
    cues, sources, n = candidates(labels, chance, CUE), candidates(labels, chance, SOURCE), len(labels)
    heads, origins = (np.array([s for s, _ in spans], int) for spans in (cues, sources))
    far = offset[:, bucket(np.arange(-n, n + 1))]
    sentences, edges = [], np.unique([0, *cuts, n])
    for first, last in runs(labels, CONTENT):
        borders = [first, *cuts[bisect_right(cuts, first):bisect_left(cuts, last)], last]
        sentences += [(s, e, first, last) for s, e in zip(borders, borders[1:])]

    def cue_of_each() -> list[int]:
        """For each sentence the number of its cue, or -1."""
        start, end, first, last = np.array(sentences).T
        end = np.minimum(end, start + REACH)
        (low, before), (after, high) = np.searchsorted(heads, [[first - REACH, first], [last, last + REACH]])
        near = np.concatenate([before[:, None] + np.arange(-NEAR, 0), after[:, None] + np.arange(NEAR)], 1)
        start, end, low, high = (x[:, None] for x in (start, end, low, high))
        valid = (low <= near) & (near < high)
        near *= valid
        at = heads[near]
        here = (edges[np.searchsorted(edges, start, "right") - 1] <= at) & (at < edges[np.searchsorted(edges, end)])
        ask = pointer(0, np.array([h[s:e].sum(0) for s, e in zip(start.flat, end.flat)]), end - start)
        up_to = np.cumsum(far[0], dtype=float)          # sums over distances, for a sentence's words at once
        is_cue = np.log(chance[heads, CUE] + chance[heads, CUE + 1])
        score = answers(pointer(1, h[heads])[near], ask) + up_to[at - start + n] - up_to[at - end + n]
        return best(score + is_cue[near] + HERE * here, near, valid)

    def source_of_each(belongs: dict[int, list]) -> list[int]:
        """For each cue with contents, outside of which it is, the number of its source, or -1."""
        inside = np.full((2, n), -1)                    # the cue that a token belongs to, as content and as cue
        for k, contents in belongs.items():
            for row, s, e in [*((0, *span) for span in contents), (1, *cues[k])]:
                inside[row, s:e] = k
        which = np.array([*belongs])[:, None]
        head = heads[which]
        low, high = np.searchsorted(origins, [head - REACH, head + REACH])
        near = low + np.arange((high - low).max())
        valid = near < high
        near *= valid
        at = origins[near]
        score = answers(pointer(3, h[origins])[near], pointer(2, h[head[:, 0]])) + far[1][at - head + n]
        return best(score, near, valid & (inside[:, at] != which).all(0) & (score > none[head]))

    belongs: dict[int, list] = {}
    chosen = cue_of_each() if sentences and cues else [-1] * len(sentences)
    for (s, e, first, last), k in zip(sentences, chosen):
        spans = belongs.setdefault(k, [])
        joined = spans and s > first and spans[-1][1] == s
        spans[-1:] = [(spans[-1][0], e)] if joined else [*spans[-1:], (s, e)]
    loose = [(None, None, [span]) for span in belongs.pop(-1, [])]
    belongs |= {k: [] for k, cue in enumerate(cues) if k not in belongs and labels[cue[0]] == CUE}
    named = [*sources, None]
    found = source_of_each(belongs) if belongs and sources else [-1] * len(belongs)
    return loose + [(named[i], cues[k], contents) for i, (k, contents) in zip(found, belongs.items())]


def answers(those: np.ndarray, asks: np.ndarray) -> np.ndarray:
    """[n, m] how well m vectors a row, [n, m, d], answer what the row asks, [n, d]."""
    return np.matmul(those, asks[:, :, None])[:, :, 0]


def best(score: np.ndarray, which: np.ndarray, valid: np.ndarray) -> list[int]:
    """Of each row the one among `which` with the highest valid score, or -1; all [n, m]."""
    if not score.size:
        return [-1] * len(score)
    at = np.where(valid, score, -np.inf).argmax(1)[:, None]
    return np.where(valid.any(1), np.take_along_axis(which, at, 1)[:, 0], -1).tolist()
