"""A small convolutional tagger: which words are source, cue and content, and which belong together.

Gated, dilated convolutions over the words of a text give every word a vector h; of its neighbours a word reads
half as many numbers, made of theirs, which spares a quarter of the products. Three heads read h: seven BIO
labels (content, source, cue), a pointer from each word of a content to its cue, and a pointer from each cue to
its source. Everything is numpy; train_attribution.py writes the model file.
Method: Strubell et al. 2017 (dilated convolutions for tagging), Jaderberg, Vedaldi and Zisserman 2014
(convolutions of low rank), Shazeer 2020 (a product with max(0, x) as gate: ReGLU), Dozat and Manning 2017
(pointers).
"""

from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from analysis.config import MODELS
from analysis.attribution.features import TABLES, context, row_numbers, sentences, shifted
from analysis.attribution.linking import join
from analysis.models import read_arrays, unpack
from analysis.attribution.tokens import Span, alike, tokens

MODEL = MODELS / "attribution.npz"
VECTORS = MODELS / "words.npz"
REBUILD = "python -m analysis train attribution PATH"

BLOCK = 4096                                        # tokens read at once; a longer text is cut
ROWS = 512                                          # tokens multiplied at once: their matrices fit a cache
BIAS = np.array([0, -.4, 0, 2, 2, 1, 1], "f")     # towards labels: weighs recall against precision


class Network:
    """The model of a file that train_attribution.py wrote; `statements` reads a text with it."""

    def __init__(self, arrays: dict[str, np.ndarray], vectors: tuple[list[str], np.ndarray]):
        names, static = vectors
        lists = {k[5:]: unpack(v) for k, v in arrays.items() if k.startswith("list.")} | {"static": names}
        self.number = {k: {w: i for i, w in enumerate(v)} for k, v in lists.items()}
        p = {k: v for k, v in arrays.items() if not k.startswith("list.")}
        for name in [k[:-6] for k in p if k.endswith(".scale")]:
            p[name] = p[name] * p.pop(name + ".scale")
        self.p = {k: v.astype("f") if v.dtype.kind == "f" else v for k, v in p.items()} | {"static": static}
        width = self.p["in.b"].size
        for k, w in self.p.items():
            if k.startswith(("near", "conv", "heads")) and k.endswith(".w"):  # what they read has its mean taken out
                w[:width] -= w[:width].mean(0)
        edges = np.cumsum([self.p[k].shape[1] for k in TABLES])[:-1]
        for k, w in zip(TABLES, np.split(self.p.pop("in.type"), edges)):  # what a row adds to its word's vector
            self.p[k] = self.p[k] @ w
        self.zero = np.zeros((ROWS, width), "f")
        self.threads = ThreadpoolController()
        self.look_up = lru_cache(1 << 16)(self.look_up)     # for each network its own; nobody writes to what it gives

    def look_up(self, word: str) -> tuple[np.ndarray, int]:
        """[D] what a word is wherever it stands, and its kind."""
        rows = row_numbers(word, self.number)
        return sum((self.p[k][row] for k, row in zip(TABLES, rows)), self.p["in.b"]), rows[-1]

    def encode(self, words: list[str], starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, list[int]]:
        """[n, D] a vector for each token; the tokens where a sentence begins."""
        p = self.p
        types = {w: i for i, w in enumerate(dict.fromkeys(words))}
        at = np.fromiter(map(types.__getitem__, words), int, len(words))
        vectors, kinds = zip(*map(self.look_up, types))
        kinds = np.array(kinds)[at]
        place = context(kinds, starts, ends)
        h = np.array(vectors)[at]
        h += place @ p["in.context"]
        n, width = h.shape
        low, far, rows = p["near0.w"].shape[1], max(p["dilation"]), min(n, ROWS)
        near = np.zeros((n + 2 * far, low), "f")            # what neighbours read of a token
        inputs = np.ones((rows, width + 2 * low + 1), "f")  # the last stays 1
        z, gate = np.empty((rows, 2 * width), "f"), np.empty((rows, width), "f")
        for i, d in enumerate(p["dilation"]):
            scale = scales(h)
            np.multiply(h @ p[f"near{i}.w"], scale, out=near[far:n + far])
            for s in range(0, n, ROWS):
                m = min(ROWS, n - s)
                np.multiply(h[s:s + m], scale[s:s + m], out=inputs[:m, :width])
                inputs[:m, width:width + low] = near[s + far - d:][:m]
                inputs[:m, width + low:-1] = near[s + far + d:][:m]
                np.matmul(inputs[:m], p[f"conv{i}.w"], out=z[:m])
                np.maximum(z[:m, width:], self.zero[:m], out=gate[:m])  # with a number numpy is slow
                h[s:s + m] += np.multiply(z[:m, :width], gate[:m], out=gate[:m])
        h *= scales(h)
        return h, sentences(kinds, place)

    def statements(self, text: str, quoted: list[Span]) -> list[tuple]:
        """(source, cue, contents) of a text with such quotations, as offsets text[s:e], in text order; source
        and cue may be None, and contents empty."""
        words, starts, ends = tokens(text)
        words = alike(text, words, starts, quoted)
        out, first = [], 0
        while first < len(words):
            part = slice(first, block_end(words, first))
            first = part.stop
            if not any(word[0].isalnum() for word in words[part]):  # marks alone hold no words of anybody
                continue
            s, e = starts[part].tolist(), ends[part].tolist()

            def place(span):
                return span and (s[span[0]], e[span[1] - 1])

            with self.threads.limit(limits=1, user_api="blas"):  # matrices too small to share out among cores
                found = self.read(words[part], starts[part], ends[part])
            out += [(place(source), place(cue), tuple(map(place, contents)))
                    for source, cue, contents in found]
        return sorted(out, key=lambda found: found[2])

    def read(self, words: list[str], starts: np.ndarray, ends: np.ndarray) -> list[tuple]:
        """Statements as (source, cue, contents) in token numbers, as `join` has them."""
        h, cuts = self.encode(words, starts, ends)
        w, b = self.p["heads.w"], self.p["heads.b"]
        scores = h @ w[:, :8] + b[:8]
        above = scores[:, :7] - scores[:, :1]               # the label 0
        chance = np.exp(np.minimum(above, 60))
        chance /= chance @ np.ones((7, 1), "f")
        part = (w.shape[1] - 8) // 4

        def pointer(k: int, rows: np.ndarray, counts: np.ndarray | int = 1) -> np.ndarray:
            at = slice(8 + k * part, 8 + (k + 1) * part)
            return rows @ w[:, at] + b[at] * counts

        return join(best_labels(above + (BIAS - BIAS[0])), chance, scores[:, 7], h, pointer, self.p["offset"], cuts)


@lru_cache(maxsize=4)
def load_network(path: Path = MODEL, vectors: Path = VECTORS) -> Network:
    """The model, read once. Raises InputError, with the command that rebuilds the file, if missing or damaged."""
    return Network(read_arrays(path, rebuild=REBUILD), read_vectors(vectors))


def read_vectors(path: Path = VECTORS) -> tuple[list[str], np.ndarray]:
    """Words and their vectors [n, d] as learned elsewhere (see the model card); row 0 is the unknown word."""
    arrays = read_arrays(path)
    vectors = arrays["vectors"].astype("f") * arrays["scale"]
    return ["", *unpack(arrays["words"])], np.vstack([np.zeros_like(vectors[:1]), vectors])


def block_end(words: list[str], first: int) -> int:
    """Where the block from `first` ends: BLOCK tokens on, or less to stop at a line break or a full stop."""
    last = first + BLOCK
    if last < len(words):
        half = words[first + BLOCK // 2:last]
        for mark in ("\n", "."):
            if mark in half:
                return last - half[::-1].index(mark)
    return min(last, len(words))


def scales(h: np.ndarray) -> np.ndarray:
    """[n, 1] what gives every row variance 1; the weights that read it take out its mean."""
    mean = h @ np.full(h.shape[1], 1 / h.shape[1], h.dtype)
    return 1 / np.sqrt(np.einsum("ij,ij->i", h, h) / h.shape[1] - mean * mean + 1e-5)[:, None]


def best_labels(scores: np.ndarray) -> list[int]:
    """The best of the allowed ways over O, B, I, B, I, B, I, where I only follows B or I of its own sort: each
    token's best label, and where an I does not follow so, the best way from seam to seam. Seams are before each
    sure B and on both sides of each sure O: these are better than any other label even if an I that follows had to
    become a B, so that all best ways have them, and the ways there do not depend on each other."""
    best = scores.argmax(1)
    before = shifted(best, 0)
    broken = np.flatnonzero((best > 0) & (best % 2 == 0) & (before != best) & (before != best - 1)).tolist()
    o, b, i = scores[:, :1], scores[:, 1::2], scores[:, 2::2]
    top = np.maximum(b, i)                              # of each sort, with what to leave it may cost the next token
    top[:-1] += np.maximum(i[1:] - b[1:], 0)
    outside = (o > top).all(1)
    begun = ((b > np.maximum(o, i)) & (b > np.maximum(top[:, (1, 0, 0)], top[:, (2, 2, 1)]))).any(1)
    seams = [*np.flatnonzero(outside | shifted(outside, True) | begun).tolist(), len(scores)]
    labels, done = best.tolist(), 0
    for at in broken:
        if at >= done:
            k = bisect_right(seams, at)
            first, done = seams[k - 1], seams[k]
            labels[first:done] = viterbi(scores[first:done])
    return labels


def viterbi(scores: np.ndarray) -> list[int]:
    """The allowed way with the highest sum of scores."""
    back, sort, top, in1, in2, in3 = [], 0, 0., -1e9, -1e9, -1e9    # scores of the best ways into each sort
    for b1, i1, b2, i2, b3, i3 in (scores[:, 1:] - scores[:, :1]).tolist():
        b1, b2, b3, in1, in2, in3 = top + b1, top + b2, top + b3, in1 + i1, in2 + i2, in3 + i3
        back.append((sort, b1 > in1, b2 > in2, b3 > in3))   # the best sort before, and which sorts begin here
        sort = 0
        if b1 > in1:
            in1 = b1
        if b2 > in2:
            in2 = b2
        if b3 > in3:
            in3 = b3
        if in1 > top:
            sort, top = 1, in1
        if in2 > top:
            sort, top = 2, in2
        if in3 > top:
            sort, top = 3, in3
    labels = []
    for step in reversed(back):
        labels.append(2 * sort - step[sort] if sort else 0)
        if not sort or step[sort]:
            sort = step[0]
    return labels[::-1]
