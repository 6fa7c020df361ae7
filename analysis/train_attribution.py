"""Learn the attribution models from hand-annotated articles (one JSON line per article, as PolNeAR's)."""

import json
from collections import Counter
from pathlib import Path

import numpy as np

from analysis.tokens import Tokens, tokenize

CHUNK = 160  # tokens of one sequence at most


def read_gold(path: str | Path) -> list[dict]:
    """Articles with text and attributions (lists of [start, end] for source, cue and content)."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def token_range(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """First token that ends after start, first token that begins at or after end."""
    return int(np.searchsorted(tokens.ends, start, "right")), int(np.searchsorted(tokens.starts, end, "left"))


def gold_labels(tokens: Tokens, attributions: list[dict]) -> list[str]:
    """B-/I- labels of cue (Q), source (S) and content (C), the latter two with the side on which the cue is."""
    labels = ["O"] * len(tokens.words)
    spans = []
    for a in attributions:
        if not a["cue"] or not a["content"]:
            continue
        cue = token_range(tokens, *a["cue"][0])
        for kind, rank in (("cue", 0), ("source", 1), ("content", 2)):
            for start, end in a[kind]:
                first, last = token_range(tokens, start, end)
                side = "" if kind == "cue" else "<" if first > cue[0] else ">"
                name = {"cue": "Q", "source": "S", "content": "C"}[kind] + side
                spans.append((rank if kind != "content" else 2 + last - first, first, last, name))
    for _, first, last, name in sorted(spans, reverse=True):
        labels[first:last] = [f"I-{name}"] * (last - first)
        if first < last:
            labels[first] = f"B-{name}"
    return labels
