"""A small convolutional tagger: which words are source, cue and content, and which belong together.

Gated, dilated convolutions over the words of a text give every word a vector h. Three heads read it:
seven BIO labels (content, source, cue), a pointer from each word of a content to its cue, and a
pointer from each cue to its source. Everything is numpy; train_attribution.py writes the model file.
Method: Strubell et al. 2017 (dilated convolutions for tagging), Dozat and Manning 2017 (pointers).
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from .config import MODELS
from .features import context, row_numbers
from .linking import join
from .models import read_arrays, unpack
from .tokens import Span, tokens

MODEL = MODELS / "attribution.npz"
VECTORS = MODELS / "words.npz"
REBUILD = "python -m analysis train attribution PATH"

BLOCK = 4096                                        # tokens read at once; a longer text is cut
BIAS = np.array([0, 0, .3, 1, 1, 1, 1], "f")        # towards labels: weighs recall against precision


class Network:
    """The model of a file that train_attribution.py wrote; `statements` reads a text with it."""

    def __init__(self, arrays: dict[str, np.ndarray], vectors: tuple[list[str], np.ndarray]):
        names, static = vectors
        lists = {k[5:]: unpack(v) for k, v in arrays.items() if k.startswith("list.")} | {"static": names}
        self.number = {k: {w: i for i, w in enumerate(v)} for k, v in lists.items()}
        p = {k: v for k, v in arrays.items() if not k.startswith("list.")}
        for name in [k[:-6] for k in p if k.endswith(".scale")]:
            p[name] = p[name] * p.pop(name + ".scale")
        self.p = {k: v.astype("f") / (2 if k.startswith("conv") else 1) if v.dtype.kind == "f" else v
                  for k, v in p.items()} | {"static": static}
        self.threads = ThreadpoolController()
        self.ids = lru_cache(1 << 16)(lambda word: row_numbers(word, self.number))

    def encode(self, words: list[str], starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """[n, D] a vector for each token."""
        p = self.p
        types = {w: i for i, w in enumerate(dict.fromkeys(words))}
        ids = np.array([self.ids(w) for w in types])
        at = np.fromiter(map(types.__getitem__, words), int, len(words))
        x = np.concatenate([p[k][ids[:, i]] for i, k in enumerate(("word", "static", "suffix", "prefix", "kind"))], 1)
        h = (x @ p["in.type"])[at] + context(ids[at, 4], starts, ends) @ p["in.context"] + p["in.b"]
        n, width = h.shape
        for i, d in enumerate(p["dilation"]):
            wide = np.zeros((n + 2 * d, width), "f")
            wide[d:n + d] = standard(h)
            z = np.concatenate([wide[:n], wide[d:n + d], wide[2 * d:]], 1) @ p[f"conv{i}.w"] + p[f"conv{i}.b"]
            h += z[:, :width] * (np.tanh(z[:, width:]) + 1)     # a * sigmoid(b), halved on loading
        return standard(h)

    def statements(self, text: str) -> list[tuple[Span | None, Span | None, tuple[Span, ...]]]:
        """(source, cue, contents) of a text as offsets text[s:e], in text order; source and cue may be None."""
        words, starts, ends = tokens(text)
        out, first = [], 0
        while first < len(words):
            part = slice(first, block_end(words, first))
            s, e = starts[part].tolist(), ends[part].tolist()

            def place(span):
                return span and (s[span[0]], e[span[1] - 1])

            with self.threads.limit(limits=1, user_api="blas"):  # matrices too small to share out among cores
                found = self.read(words[part], starts[part], ends[part])
            out += [(place(source), place(cue), tuple(map(place, contents))) for source, cue, contents in found]
            first = part.stop
        return sorted(out, key=lambda found: found[2])

    def read(self, words: list[str], starts: np.ndarray, ends: np.ndarray) -> list[tuple]:
        """Statements as (source, cue, contents) in token numbers; source and cue may be None."""
        out = self.encode(words, starts, ends) @ self.p["heads.w"] + self.p["heads.b"]
        scores, none, pointers = out[:, :7], out[:, 7], out[:, 8:]
        scores -= np.log(np.exp(scores - (top := scores.max(1, keepdims=True))).sum(1, keepdims=True)) + top
        return join(best_labels(scores + BIAS), np.exp(scores), none, pointers, self.p["offset"])


@lru_cache(maxsize=4)
def load_network(path: Path = MODEL, vectors: Path = VECTORS) -> Network:
    """The model, read once. Raises InputError, with the command that rebuilds it, for a missing or damaged file."""
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


def standard(h: np.ndarray) -> np.ndarray:
    """Every row to mean 0 and variance 1."""
    h = h - h.mean(1, keepdims=True)
    return h * (1 / np.sqrt(np.einsum("ij,ij->i", h, h) / h.shape[1] + 1e-5))[:, None]


def best_labels(scores: np.ndarray) -> list[int]:
    """Viterbi over O, B, I, B, I, B, I, where I only follows B or I of its own sort."""
    back, last = [], [0.] + [-1e9] * 6
    for o, b1, i1, b2, i2, b3, i3 in scores.tolist():
        top = max(last)
        best = last.index(top)
        _, p1, q1, p2, q2, p3, q3 = last
        back.append((best, 1 if p1 > q1 else 2, 3 if p2 > q2 else 4, 5 if p3 > q3 else 6))
        last = [top + o, top + b1, max(p1, q1) + i1, top + b2, max(p2, q2) + i2, top + b3, max(p3, q3) + i3]
    label, labels = last.index(max(last)), []
    for step in reversed(back):
        labels.append(label)
        label = step[0] if label % 2 or not label else step[label // 2]
    return labels[::-1]
