"""From labels and pointers to statements: which source, cue and contents belong together."""

from bisect import bisect_left, bisect_right

import numpy as np

CONTENT, SOURCE, CUE = 1, 3, 5                      # B labels; I is one more
REACH, NEAR = 40, 8                                 # farthest cue in tokens, cues looked at on each side
FAR = 255                                           # tokens from where all is equally far
LOW, EDGE, TINY = .02, .25, 1e-9                    # probabilities


def bucket(offset: np.ndarray) -> np.ndarray:
    """33 steps of distance that grow with the distance; 16 is no distance."""
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


def join(labels: list[int], chance: np.ndarray, none: np.ndarray, vectors: np.ndarray, offset: np.ndarray,
         cuts: list[int]) -> list:
    """(source, cue, contents) of every statement, as token spans; source and cue None where there is none.

    chance [n, 7] probabilities of the labels; none [n] score of having no source; vectors [n, 4 * k]: what a
    content asks of its cue, what a cue answers, what a cue asks of its source, what a source answers;
    offset [2, 33] scores of the distance from content to cue, from cue to source; cuts: tokens in order where
    a sentence begins, as each sentence of a content chooses its cue.
    """
    cues, sources = candidates(labels, chance, CUE), candidates(labels, chance, SOURCE)
    heads, origins = [s for s, _ in cues], [s for s, _ in sources]
    ask_cue, cue, ask_source, source = np.split(vectors, 4, 1)
    cue, source, at_cue, at_source = cue[heads], source[origins], np.array(heads), np.array(origins)
    is_cue = np.log(chance[heads, CUE] + chance[heads, CUE + 1])
    far = offset[:, bucket(np.arange(-FAR, FAR + 1))]

    def best_cue(s, e, first, last):
        lo, mid, end, hi = (bisect_left(heads, at) for at in (first - REACH, first, last, last + REACH))
        near = [*range(max(lo, mid - NEAR), mid), *range(end, min(hi, end + NEAR))]
        if len(near) > 1:
            away = at_cue[near] - np.arange(s, e := min(e, s + REACH))[:, None]
            score = ask_cue[s:e] @ cue[near].T + far[0][away.clip(-FAR, FAR) + FAR]
            score = np.exp(score - score.max(1, keepdims=True))
            score = np.log(score / score.sum(1, keepdims=True) + TINY).sum(0)
            return near[(score + is_cue[near]).argmax()]
        return near[0] if near else None

    def best_source(k, contents):
        head, busy = heads[k], [*contents, cues[k]]
        near = range(bisect_left(origins, head - REACH), bisect_left(origins, head + REACH))
        near = [i for i in near if not any(s <= origins[i] < e for s, e in busy)]
        if near:
            score = source[near] @ ask_source[head] + far[1][(at_source[near] - head).clip(-FAR, FAR) + FAR]
            best = score.argmax()
            return sources[near[best]] if score[best] > none[head] else None

    belongs: dict = {}
    for first, last in runs(labels, CONTENT):
        borders = [first, *cuts[bisect_right(cuts, first):bisect_left(cuts, last)], last]
        for s, e in zip(borders, borders[1:]):
            spans = belongs.setdefault(best_cue(s, e, first, last), [])
            joined = spans and s > first and spans[-1][1] == s
            spans[-1:] = [(spans[-1][0], e)] if joined else [*spans[-1:], (s, e)]
    loose = [(None, None, [span]) for span in belongs.pop(None, [])]
    return loose + [(best_source(k, contents), cues[k], contents) for k, contents in belongs.items()]
