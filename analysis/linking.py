"""From cues to statements: for each likely cue a second field marks the source and content that belong to it.

The first field tags the text as it stands; this one reads the neighbourhood of one cue at a time and
sees where each token stands from that cue, so that cue, source and content come out joined (as in semantic
role labelling).
"""

from typing import NamedTuple
from zlib import crc32

import numpy as np

from analysis.crf import Crf
from analysis.features import bucket, combine, nearest
from analysis.tokens import OPEN, CLOSE, OUTSIDE, Tokens

LEFT, RIGHT = 60, 100  # tokens that are read before and after a cue
LIKELY = 0.2  # a token with this probability of being a cue is looked at
CROWD = 12  # cues looked at in 160 tokens, the likeliest first: keeps hostile text linear
LEVELS = [0.03, 0.15, 0.4, 0.6, 0.85, 0.97]
COMMA = np.uint64(crc32(b","))

TOKEN_TEMPLATES = (
    "word",
    "word-1",
    "word+1",
    "word-1 word",
    "word word+1",
    "shape",
    "fine",
    "fine-1",
    "fine+1",
    "middle-1 middle",
    "middle middle+1",
    "coarse-1 coarse coarse+1",
    "quote-1 quote quote+1",
    "quote word",
    "place",
    "place quoted",
    "ending place",
    "tag",
    "tag-1 tag",
    "tag tag+1",
    "tag-1 tag tag+1",
    "tag-2 tag-1 tag tag+1 tag+2",
    "content-1 content content+1",
    "source-1 source source+1",
    "begin",
    "begin+1",
    "begin content",
    "cued",
    "cued-1 cued+1",
)
PAIR_TEMPLATES = (
    "side gap",
    "side sent",
    "side others",
    "side sent others tag",
    "side gap tag",
    "side tag srank",
    "side tag crank",
    "side srank crank others",
    "side tag others commas",
    "side content others sent",
    "side content crank",
    "side source srank",
    "side source srank sent others",
    "side commas gap",
    "side marks quote",
    "side same tag",
    "side marks content quote",
    "cueword side gap",
    "cueword side tag",
    "cueword side crank srank",
    "cuefine side tag crank",
    "cuefine side tag srank",
    "cuenext side gap",
    "cuenext side tag",
    "cuenext cueword side",
    "cueprev side gap",
    "cueprev side tag",
    "cuep side tag",
    "cuep side content",
    "cuep side source",
    "runleft runright side",
    "runleft runright side tag",
    "runleft runright side srank crank",
    "side word",
    "side word-1",
    "side word+1",
    "side gap word",
    "side fine",
    "side gap fine",
    "side place sent",
    "side begin sent",
    "cuesize side gap",
    "cuefirst side gap",
    "side sent marks same",
)


class Link(NamedTuple):
    """One possible attribution, in token numbers (first, last + 1)."""

    source: tuple[int, int] | None
    cue: tuple[int, int]
    content: tuple[tuple[int, int], ...]
    keep: float  # probability that the cue is one


class Pairs(NamedTuple):
    """Each cue with the tokens of its neighbourhood; at and which have one entry per pair."""

    cues: np.ndarray  # n x 2 token numbers
    at: np.ndarray  # token
    which: np.ndarray  # cue
    token_features: np.ndarray  # templates x tokens
    features: np.ndarray  # templates x pairs

    @property
    def lengths(self) -> np.ndarray:
        """Tokens read for each cue."""
        return np.bincount(self.which, minlength=len(self.cues))


def pair(tokens: Tokens, columns: dict, labels: np.ndarray, names: list[str], marginals: np.ndarray) -> Pairs:
    """Likely cues and the features of their neighbourhoods, from the first field's findings."""
    columns = columns | _tag_columns(labels, names, marginals)
    cue = np.array([name[2:] == "Q" for name in names])
    cues = _propose(marginals[:, cue].sum(axis=1), marginals[:, names.index("B-Q")], tokens.paragraph)
    at, which = _windows(tokens, cues)
    token_features = combine(columns, TOKEN_TEMPLATES, tokens.paragraph, 1)
    related = _pair_columns(tokens, columns, names, cues, at, which)
    used = {part.rstrip("+-0123456789") for template in PAIR_TEMPLATES for part in template.split()}
    related |= {name: columns[name][at] for name in used - related.keys()}
    return Pairs(cues, at, which, token_features, combine(related, PAIR_TEMPLATES, which, 1000))


def link(pairs: Pairs, field: Crf) -> list[Link]:
    """The source and content of every likely cue, and how probable the cue is (label N rejects it)."""
    if not len(pairs.cues):
        return []
    scores = field.emissions(pairs.token_features)[pairs.at] + field.emissions(pairs.features)
    starts = np.append(0, np.cumsum(pairs.lengths))
    heads = starts[:-1] + pairs.cues[:, 0] - pairs.at[starts[:-1]]
    rejected = field.labels.index("N")
    keep = 1 - field.marginals(scores, pairs.lengths)[heads, rejected]
    scores[:, rejected] = -1e4
    labels = field.decode(scores, pairs.lengths)
    links = []
    for number, cue in enumerate(pairs.cues.tolist()):
        first = int(pairs.at[starts[number]])
        found = runs([field.labels[n] for n in labels[starts[number] : starts[number + 1]].tolist()], first)
        sources = [run[:2] for run in found if run[2] == "S"]
        source = min(sources, key=lambda run: abs(run[0] - cue[0]), default=None)
        links.append(
            Link(source, tuple(cue), tuple(run[:2] for run in found if run[2] == "C"), float(keep[number]))
        )
    return links


def runs(labels: list[str], first: int = 0) -> list[tuple[int, int, str]]:
    """Spans (first, last + 1, name) of B-/I- labels, counted from first."""
    found = []
    for i, label in enumerate(labels, first):
        if label[0] == "B":
            found.append([i, i + 1, label[2:]])
        elif label[0] == "I" and found and found[-1][1] == i:
            found[-1][1] = i + 1
    return [tuple(run) for run in found]


def _propose(probable, begins, paragraph):
    likely = probable >= LIKELY
    previous = np.append(False, likely[:-1]) & (np.diff(paragraph, prepend=-1) == 0)
    first = likely & (~previous | (begins > probable / 2) & (begins > LIKELY))
    stop = likely & np.append(first[1:] | ~likely[1:] | (np.diff(paragraph) > 0), True)
    cues = np.stack([np.flatnonzero(first), np.flatnonzero(stop) + 1], axis=1)
    block = cues[:, 0] // (LEFT + RIGHT)
    order = np.lexsort((-probable[cues[:, 0]], block))
    rank = np.arange(len(cues)) - np.searchsorted(block, block, "left")
    return cues[np.sort(order[rank < CROWD])]


def _windows(tokens, cues):
    """The tokens read for each cue (at), and beside each the number of its cue (which)."""
    paragraph = tokens.paragraph
    head = paragraph[cues[:, 0]]
    first = np.maximum(cues[:, 0] - LEFT, np.searchsorted(paragraph, head, "left"))
    last = np.minimum(cues[:, 0] + RIGHT, np.searchsorted(paragraph, head, "right"))
    lengths = last - first
    which = np.repeat(np.arange(len(cues)), lengths)
    return np.arange(lengths.sum()) + np.repeat(first - np.cumsum(lengths) + lengths, lengths), which


def _tag_columns(labels, names, marginals):
    """The first field's findings as columns: its label, and how probable content, source and cue are."""
    kind = np.array([name[2:3] for name in names])
    begins = np.array([name[0] == "B" for name in names])
    masks = {
        "content": kind == "C",
        "source": kind == "S",
        "cued": kind == "Q",
        "begin": (kind == "C") & begins,
    }
    levels = {name: np.searchsorted(LEVELS, marginals[:, mask].sum(axis=1)) for name, mask in masks.items()}
    return {name: column.astype(np.uint64) for name, column in (levels | {"tag": labels + 2}).items()}


def _pair_columns(tokens, columns, names, cues, at, which):
    """Where each token of a neighbourhood stands from its cue, and what cue that is."""
    word, tag = columns["word"], columns["tag"].astype(np.int64) - 2
    kind = np.array([name[2:3] for name in names])[tag]
    begin = np.array([name[0] == "B" for name in names])[tag]
    first, last = cues[which].T
    before, after = at < first, at >= last
    low, high = np.where(before, at + 1, last), np.where(before, first, np.maximum(at + 1, last))

    def between(mask, most=3):
        counts = np.append(0, np.cumsum(mask))
        return np.minimum(counts[high] - counts[low], most)

    cue_starts = np.bincount(cues[:, 0], minlength=len(word)) > 0
    edged = np.concatenate([[1], word, [1]])
    quoted = tokens.quote != OUTSIDE
    out = {
        "side": np.where(before, 0, np.where(after, 1, 2)),
        "gap": bucket(np.where(before, first - at, at - last)),
        "sent": np.clip(tokens.sentence[at] - tokens.sentence[first], -2, 3) + 2,
        "others": between(cue_starts & (kind == "Q"), 2),
        "srank": between((kind == "S") & begin) + 4 * (kind[at] == "S"),
        "crank": between((kind == "C") & begin) + 4 * (kind[at] == "C"),
        "commas": between(word == COMMA),
        "marks": between(np.isin(tokens.quote, (OPEN, CLOSE))),
        "same": quoted[at] + 2 * quoted[first],
        "cueword": word[last - 1],
        "cuefine": columns["fine"][last - 1],
        "cuefirst": word[first],
        "cuenext": edged[last + 1],
        "cueprev": edged[first],
        "cuesize": np.minimum(last - first, 3),
        "cuep": columns["cued"][first],
        "runleft": _nearest_run(np.isin(kind, ("S", "C")), tag, tokens.sentence, first, left=True),
        "runright": _nearest_run(np.isin(kind, ("S", "C")), tag, tokens.sentence, last - 1, left=False),
    }
    return {name: column.astype(np.uint64) for name, column in out.items()}


def _nearest_run(mask, tag, sentence, place, *, left):
    at = nearest(mask, np.zeros(len(mask), int), left=left)[place]
    return np.where(at >= 0, tag[at] * 2 + (sentence[at] != sentence[place]) + 5, 0)
