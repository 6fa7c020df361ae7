"""What the attribution models see of a token: columns of numbers, combined into features by templates.

Everything that depends on the word alone is computed once per distinct word and kept.
"""

import re
from zlib import crc32

import numpy as np

from analysis.tokens import Tokens

TYPE_COLUMNS = ("word", "shape", "tail", "suffix", "coarse", "middle", "fine", "cue")
EDGE = 1  # the value of every column beyond the paragraph
TEMPLATES = (
    "word",
    "word-1",
    "word+1",
    "word-2",
    "word+2",
    "word-1 word",
    "word word+1",
    "shape",
    "shape-1",
    "shape+1",
    "shape-1 shape shape+1",
    "suffix",
    "tail",
    "suffix-1",
    "suffix+1",
    "fine",
    "fine-1",
    "fine+1",
    "fine-2",
    "fine+2",
    "fine-1 fine",
    "fine fine+1",
    "middle",
    "middle-1",
    "middle+1",
    "middle-2",
    "middle+2",
    "middle-1 middle middle+1",
    "coarse",
    "coarse-3",
    "coarse+3",
    "coarse-1 coarse coarse+1",
    "coarse-2 coarse-1 coarse",
    "coarse coarse+1 coarse+2",
    "quote",
    "quote-1 quote quote+1",
    "quote word",
    "quote word-1",
    "quote word+1",
    "place",
    "quoted quote",
    "place word",
    "place quoted",
    "quoted ending",
    "opening",
    "place opening",
    "cue_before",
    "cue_after",
    "gap_before",
    "gap_after",
    "gap_before quote",
    "gap_after quote",
    "cue_before gap_before",
    "cue_after gap_after",
    "cue_before mark_before quote",
    "cue_after mark_after quote",
    "gap_before gap_after",
    "mark_before mark_after quote",
    "cue_before cue_after",
    "ordinal quote",
    "ordinal cue_before",
    "word gap_before",
    "word gap_after",
    "coarse gap_before quote",
)
CACHED_WORDS = 200_000
_RUNS = re.compile(r"(.)\1+")
_PRIMES = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)


class WordTable:
    """Numbers of each word: hash, shape, endings, clusters (coarse to fine) and whether it often is a cue."""

    def __init__(
        self,
        clusters: dict[str, tuple[int, int, int]],
        cues: set[str] = frozenset(),
        sayings: set[str] = frozenset(),
    ):
        self.clusters, self.cues, self.sayings = clusters, cues, sayings
        self._clear()

    def _clear(self):
        self._rows, self._numbers = {}, np.zeros((1024, len(TYPE_COLUMNS)), np.uint64)

    def columns(self, words: list[str]) -> dict[str, np.ndarray]:
        """One array per type column, in the order of the words."""
        if len(self._rows) > CACHED_WORDS:
            self._clear()
        rows = self._rows
        for word in set(words).difference(rows):
            if len(rows) == len(self._numbers):
                self._numbers = np.vstack([self._numbers, np.zeros_like(self._numbers)])
            self._numbers[len(rows)] = self._describe(word)
            rows[word] = len(rows)
        at = np.fromiter(map(rows.__getitem__, words), np.int64, len(words))
        return dict(zip(TYPE_COLUMNS, self._numbers.T[:, at]))

    def _describe(self, word):
        lower = word[:40].lower().replace("’", "'")
        clusters = self.clusters.get(lower) or self.clusters.get(lower.rpartition("-")[2], (0, 0, 0))
        numbers = [crc32(part.encode()) for part in (lower, _shape(word[:40]), lower[-2:], lower[-3:])]
        return *numbers, *(c + 2 for c in clusters), lower in self.cues


def _shape(word):
    """Capitals as X, small letters as x, digits as 9, runs shortened: "McCain" is XxXx, "2.5" is 9.9."""
    if word.islower() and word.isalpha():
        return "x"
    kinds = "".join("X" if c.isupper() else "x" if c.isalpha() else "9" if c.isdigit() else c for c in word)
    return _RUNS.sub(r"\1", kinds)


def bucket(distance: np.ndarray) -> np.ndarray:
    """Distances as few classes: 0 1 2 3 4 5-6 7-9 10-14 15-24 25+."""
    return np.searchsorted([1, 2, 3, 4, 5, 7, 10, 15, 25], distance, "right").astype(np.uint64)


def nearest(mask: np.ndarray, group: np.ndarray, *, left: bool) -> np.ndarray:
    """Index of the nearest marked token before (or after) each token in its group, -1 where there is none."""
    size = len(mask)
    if not left:
        found = size - 1 - nearest(mask[::-1], group[::-1], left=True)[::-1]
        return np.where(found == size, -1, found)
    at = np.maximum.accumulate(np.where(mask, np.arange(size), -1))
    at = np.concatenate([[-1], at[:-1]])
    return np.where((at >= 0) & (group[at] == group), at, -1)


def context_columns(tokens: Tokens, types: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Columns that depend on where a token stands: quotation, place in the sentence, nearest likely cues."""
    size, sentence = len(tokens.words), tokens.sentence
    index = np.arange(size)
    first = np.searchsorted(sentence, sentence, "left")
    last = np.searchsorted(sentence, sentence, "right") - 1
    quote = tokens.quote + 4 * tokens.inner.astype(np.uint64)
    marks = np.cumsum(tokens.quote > 0)
    quoted = marks[last] - marks[first] + (tokens.quote[first] > 0)
    place = np.minimum(index - first, 3) + 4 * (last - index < 2)
    paragraph_first = np.searchsorted(tokens.paragraph, tokens.paragraph, "left")
    columns = {
        "quote": quote.astype(np.uint64),
        "place": place.astype(np.uint64),
        "quoted": (quoted > 0) + 2 * (quoted > last - first) + 4 * (tokens.quote[paragraph_first] > 0),
        "ending": types["word"][last],
        "opening": types["word"][first],
        "ordinal": np.minimum(sentence - sentence[paragraph_first], 2),
    }
    for side, left in (("before", True), ("after", False)):
        at = nearest(types["cue"] > 0, sentence, left=left)
        gap = np.where(at >= 0, bucket(np.abs(index - at)) + 1, 0)
        columns[f"cue_{side}"] = np.where(at >= 0, types["word"][at], 0)
        columns[f"gap_{side}"] = gap
        columns[f"mark_{side}"] = np.where(at >= 0, tokens.quote[at] + 1, 0)
    return {name: column.astype(np.uint64) for name, column in columns.items()}


def combine(
    columns: dict[str, np.ndarray], templates: tuple, paragraph: np.ndarray, salt: int = 1
) -> np.ndarray:
    """Feature numbers, templates x tokens (uint32), of templates like "word-1 quote": columns, offsets."""
    size = len(paragraph)
    shifted, rows = {}, np.empty((len(templates), size), np.uint32)
    places = {}
    for number, template in enumerate(templates):
        total = np.full(size, (number + salt) * _PRIMES[1] & (2**64 - 1), np.uint64)
        for part in template.split():
            if part not in shifted:
                name, offset = re.fullmatch(r"([a-z_]+)([+-]\d+)?", part).groups()
                offset = int(offset or 0)
                if offset not in places:
                    places[offset] = _shift(paragraph, offset)
                shifted[part] = np.append(columns[name], np.uint64(EDGE))[places[offset]]
            total = (total ^ shifted[part]) * np.uint64(_PRIMES[0])
            total ^= total >> np.uint64(29)
        rows[number] = (total * np.uint64(_PRIMES[1]) >> np.uint64(32)).astype(np.uint32)
    return rows


def _shift(paragraph, offset):
    """Index of each token's neighbour at an offset; len(paragraph) where that is not in its paragraph."""
    size = len(paragraph)
    at = np.arange(size) + offset
    inside = (at >= 0) & (at < size)
    at = np.where(inside, at, 0)
    return np.where(inside & (paragraph[at] == paragraph), at, size)
