"""Learn the attribution network from hand-annotated articles (one JSON line per article, as PolNeAR's).

Numpy alone. The same data and the same machine give the same file: fixed seeds.
"""

import json
import random
from collections import Counter
from functools import lru_cache
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from analysis.attribution import features, fitting
from analysis.config import InputError
from analysis.attribution.fitting import NO, NONE
from analysis.models import pack, write_arrays
from analysis.attribution.network import MODEL, VECTORS, read_vectors
from analysis.attribution.tokens import alike, quotations, tokens
from analysis.attribution.variants import dialogue, one_line, turned

PIECE, BATCH = (60, 200, 200, 300, 300), 8  # tokens, pieces
# Shares of articles read as one line, read with sources behind their words, and read as a dialogue too.
JOINED, TURNED, SPOKEN = 0.2, 0.3, 0.2
EPOCHS = 18
FREQUENT = {"word": 3, "suffix": 4, "prefix": 4}  # how often a row's name is seen at least


def train(path: str | Path, *, output: Path = MODEL, vectors: Path = VECTORS, epochs: int = EPOCHS) -> Path:
    """Write the model file and its .json. Raises InputError for a line that is no annotated article."""
    articles = read_gold(path)
    known, static = read_vectors(vectors)
    lists = lexicon(articles) | {"static": known}
    number = {k: {w: i for i, w in enumerate(v)} for k, v in lists.items()}
    ids = lru_cache(None)(lambda word: features.row_numbers(word, number))
    names = proper(articles)
    plain = [prepared(a, ids, names) for a in articles]
    order, rng = random.Random(1), np.random.default_rng(1)
    joined = [prepared(labelled(one_line(a["article"])), ids, names) for a in articles]
    behind = [prepared(labelled(turned(a["article"], order)), ids, names) for a in articles]
    talks = [dialogue(a["article"], order) for a in articles]
    spoken = [prepared(labelled(talk), ids, names) for talk in talks if talk["attributions"]]
    inputs = sum(fitting.SIZES.values()) + static.shape[1] + features.CONTEXT
    rows = {k: len(v) for k, v in lists.items()} | {"kind": features.KINDS}
    weights = fitting.fresh(rows, inputs, rng)
    with threadpool_limits(1):  # on more cores sums differ in the last place
        mean = fitting.fit(weights, static, lambda epoch: batches(plain, joined, behind, spoken, order), epochs, rng)
    write_arrays(output, arrays(mean, lists), {"articles": len(articles), "epochs": epochs})
    return output


def read_gold(path: str | Path) -> list[dict]:
    """Articles with text, attributions ([start, end] lists of source, cue and content), tokens and labels."""
    articles = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                articles.append(labelled(json.loads(line)))
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise InputError(path, f"no annotated article: {error!r}", number) from None
    if not articles:
        raise InputError(path, "no annotated article in it")
    return articles


def labelled(article: dict) -> dict:
    """Labels and pointers per token."""
    words, starts, ends = tokens(article["text"])
    words = alike(article["text"], words, starts, quotations(article["text"]))
    n = len(words)
    label, cue, source = np.zeros(n, int), np.full(n, NO), np.full(n, NO)

    def inside(spans):
        for s, e in spans:
            a, b = np.searchsorted(ends, s, "right"), np.searchsorted(starts, e, "left")
            if b > a:
                yield range(a, b)

    for a in article["attributions"]:
        spans = {k: list(inside(a[k])) for k in ("content", "source", "cue")}
        if not spans["content"] or not spans["cue"]:
            continue
        head = spans["cue"][0][0]
        for first, name in ((1, "content"), (3, "source"), (5, "cue")):
            for span in spans[name]:
                begin = True
                for i in span:
                    if words[i] == "\n":
                        begin = True
                        continue
                    label[i], begin = (first if begin else first + 1), False
                    if name == "content":
                        cue[i] = head
        source[head] = spans["source"][0][0] if spans["source"] else NONE
    return {"article": article, "words": words, "starts": starts, "ends": ends, "label": label, "cue": cue,
            "source": source}


def lexicon(articles: list[dict]) -> dict[str, list[str]]:
    """Names of the embeddings' rows; row 0 is unknown."""
    words = Counter(features.normal(w) for a in articles for w in a["words"] if w != "\n")
    suffix = Counter(w[-3:] for w in words if w.isalpha())
    prefix = Counter(w[:3] for w in words if w.isalpha())
    counts = {"word": words, "suffix": suffix, "prefix": prefix}
    return {k: ["", *sorted(w for w, n in counts[k].items() if n >= least)] for k, least in FREQUENT.items()}


def pieces(a: dict, size: int) -> list[tuple]:
    """Runs of whole paragraphs (or sentences) of at most about `size` tokens."""
    cuts = [i + 1 for i, w in enumerate(a["words"]) if w == "\n"]
    cuts = cuts or [i + 1 for i, w in enumerate(a["words"]) if w in features.FINAL]
    out, start, last = [], 0, 0
    for cut in [*cuts, len(a["words"])]:
        if cut - start > size and last > start:
            out.append((a, start, last))
            start = last
        last = cut
    return out + [(a, start, last)] * (last > start)


def batch(group: list[tuple]) -> dict:
    """The pieces of a group behind each other, fitting.GAP masked tokens between them."""
    ends = np.cumsum([e - s + fitting.GAP for _, s, e in group])
    n = int(ends[-1])
    out = {"ids": np.zeros((n, 5), int), "context": np.zeros((n, features.CONTEXT), "f"),
           "mask": np.zeros(n, bool), "name": np.zeros(n, bool), "label": np.zeros(n, int),
           "cue": np.full(n, NO), "source": np.full(n, NO), "pieces": [],
           "number": np.repeat(np.arange(len(group)), np.diff(ends, prepend=0))}
    for end, (a, s, e) in zip(ends.tolist(), group):
        at = slice(end - fitting.GAP - (e - s), end - fitting.GAP)
        out["mask"][at] = True
        out["pieces"].append((at.start, at.stop))
        for k in ("ids", "context", "label", "name"):
            out[k][at] = a[k][s:e]
        for k in ("cue", "source"):
            to = a[k][s:e]
            out[k][at] = np.where(to < 0, to, np.where((to >= s) & (to < e), to - s + at.start, NO))
    return out


def batches(plain: list[dict], joined: list[dict], behind: list[dict], spoken: list[dict], rng: random.Random):
    """One epoch: pieces of about the same length together, in random order."""
    shapes = [1 - JOINED - TURNED, JOINED, TURNED]
    read = [rng.choices(forms, shapes)[0] for forms in zip(plain, joined, behind)]
    read += [a for a in spoken if rng.random() < SPOKEN]
    work = [p for a in read for p in pieces(a, rng.choice(PIECE))]
    rng.shuffle(work)
    size = 20 * BATCH
    pools = [sorted(work[i:i + size], key=lambda p: p[2] - p[1]) for i in range(0, len(work), size)]
    groups = [pool[i:i + BATCH] for pool in pools for i in range(0, len(pool), BATCH)]
    rng.shuffle(groups)
    return [batch(group) for group in groups]


def arrays(p: dict, lists: dict[str, list[str]]) -> dict[str, np.ndarray]:
    """What is stored: embeddings as int8 with a scale per column, matrices as fp16."""
    file = {"list." + k: pack(v) for k, v in lists.items() if k != "static"}
    for k, w in p.items():
        if k in fitting.SIZES:
            file[k + ".scale"] = np.maximum(np.abs(w).max(0), 1e-6) / 127
            file[k] = np.round(w / file[k + ".scale"]).astype(np.int8)
        elif k != "in.w":
            file[k] = w.astype(np.float16 if k.endswith(".w") else np.float32)
    kinds, context = np.split(p["in.w"].astype(np.float16), [-features.CONTEXT])
    return file | {"dilation": np.array(fitting.DILATION), "in.type": kinds, "in.context": context}


def proper(articles: list[dict]) -> set[str]:
    """Words that begin with a capital nine times out of ten."""
    count = Counter(w for a in articles for w in a["words"])
    return {w for w in count if w[0].isupper() and count[w] > 9 * count[w.lower()]}


def prepared(a: dict, ids, names: set[str]) -> dict:
    """With the inputs of the network, by the code that computes them at run time."""
    rows = np.array([ids(w) for w in a["words"]]).reshape(-1, len(features.TABLES))
    return a | {"ids": rows, "context": features.context(rows[:, 4], a["starts"], a["ends"]),
                "name": np.array([w in names for w in a["words"]], bool)}
