"""From labels and pointers to statements: which source, cue and contents belong together."""

import numpy as np

CONTENT, SOURCE, CUE = 1, 3, 5                      # B labels; I is one more
REACH, NEAR = 160, 8                                # farthest cue in tokens, cues looked at on each side
LOW, EDGE, TINY = .05, .25, 1e-9                     # probabilities


def bucket(offset: np.ndarray) -> np.ndarray:
    """33 steps of distance that grow with the distance; 16 is no distance."""
    return (np.sign(offset) * np.minimum(np.floor(2 * np.log2(np.abs(offset) + 1.)), 16) + 16).astype(int)


def runs(labels: list[int], first: int) -> list[tuple[int, int]]:
    """Spans that begin with the label `first` and go on with the next one."""
    out = []
    for i, label in enumerate(labels):
        if label == first:
            out.append((i, i + 1))
        elif label == first + 1:
            out[-1] = (out[-1][0], i + 1)
    return out


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


def join(labels: list[int], chance: np.ndarray, none: np.ndarray, vectors: np.ndarray, offset: np.ndarray) -> list:
    """(source, cue, contents) of every statement, as token spans; source and cue None where there is none.

    chance [n, 7] probabilities of the labels; none [n] score of having no source; vectors [n, 4 * k]: what a
    content asks of its cue, what a cue answers, what a cue asks of its source, what a source answers;
    offset [2, 33] scores of the distance from content to cue, from cue to source.
    """
    ask_cue, cue, ask_source, source = np.split(vectors, 4, 1)
    cues, sources = candidates(labels, chance, CUE), candidates(labels, chance, SOURCE)
    heads, origins = np.array([s for s, _ in cues], int), np.array([s for s, _ in sources], int)
    is_cue = np.log(chance[heads, CUE] + chance[heads, CUE + 1])
    is_source = np.log(chance[origins, SOURCE] + chance[origins, SOURCE + 1]) / 2

    def best_cue(s, e):
        lo, mid, end, hi = np.searchsorted(heads, [s - REACH, s, e, e + REACH])
        near = np.r_[max(lo, mid - NEAR):mid, end:min(hi, end + NEAR)]
        if len(near):
            e = min(e, s + REACH)
            score = ask_cue[s:e] @ cue[heads[near]].T + offset[0][bucket(heads[near] - np.arange(s, e)[:, None])]
            score = np.exp(score - score.max(1, keepdims=True))
            score = np.log(score / score.sum(1, keepdims=True) + TINY).sum(0)
            return int(near[(score + is_cue[near]).argmax()])

    def best_source(k, contents):
        head, busy = heads[k], [*contents, cues[k]]
        lo, hi = np.searchsorted(origins, [head - REACH, head + REACH])
        near = np.array([i for i in range(lo, hi) if not any(s <= origins[i] < e for s, e in busy)], int)
        score = source[origins[near]] @ ask_source[head] + offset[1][bucket(origins[near] - head)] + is_source[near]
        return sources[near[score.argmax()]] if len(near) and score.max() > none[head] else None

    belongs: dict = {}
    for span in runs(labels, CONTENT):
        belongs.setdefault(best_cue(*span), []).append(span)
    loose = [(None, None, [span]) for span in belongs.pop(None, [])]
    return loose + [(best_source(k, contents), cues[k], contents) for k, contents in belongs.items()]
