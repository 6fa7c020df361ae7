"""The same article twice: exact copies, and near ones such as wire copy that two outlets print."""

import hashlib
import re
import zlib

import numpy as np
import pandas as pd

COPY_COLUMNS = ["article_id", "duplicate_of", "kind", "similarity"]
SHINGLE = 5  # words
BANDS, ROWS = 32, 4  # two articles of similarity 0.6 share one of 32 bands of 4 with a chance of 0.99
NEAR = 0.6  # Jaccard similarity of the shingles from which two articles are near copies
MIX = np.uint64(0x9E3779B97F4A7C15)
WORD = re.compile(r"\w+")
FACTORS = np.random.default_rng(0).integers(1, 1 << 63, (BANDS, ROWS), dtype=np.uint64) | np.uint64(1)


def duplicates(articles: pd.DataFrame, *, near: float = NEAR) -> pd.DataFrame:
    """Copies among articles: one row per copy, with the first article that it repeats.

    Columns: article_id, duplicate_of, kind ("exact": the same words; "near"), similarity (0..1, the Jaccard
    similarity of the 5-word shingles). The first is the earliest in the order of the table. Near copies are
    found by banded MinHash (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, ch. 3)
    and then compared exactly, in time linear in the text.
    """
    texts, ids = list(articles["text"].fillna("")), list(articles["article_id"])
    same: dict[bytes, int] = {}
    kept: dict[int, np.ndarray] = {}
    first_with: dict[bytes, int] = {}
    rows = []
    for number, text in enumerate(texts):
        wording = hashlib.sha256(" ".join(words(text)).encode("utf-8", "replace")).digest()
        if (first := same.setdefault(wording, number)) != number and words(text):
            rows.append((ids[number], ids[first], "exact", 1.0))
            continue
        found = shingles(text)
        keys = band_keys(found)
        others = {first_with[key] for key in keys if key in first_with}
        similarity, other = max(((jaccard(found, kept[other]), -other) for other in others), default=(0.0, 0))
        if similarity >= near:
            rows.append((ids[number], ids[-other], "near", similarity))
        elif keys:
            kept[number] = found
            for key in keys:
                first_with.setdefault(key, number)
    return pd.DataFrame(rows, columns=COPY_COLUMNS).astype(
        {"article_id": "str", "duplicate_of": "str", "kind": "str", "similarity": "float64"})


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return WORD.findall(text.casefold())


def shingles(text: str) -> np.ndarray:
    """The set of 5-word sequences of a text as sorted 64-bit hashes, uint64 of shape (n,)."""
    hashes = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words(text)], dtype=np.uint64)
    if not len(hashes):
        return hashes
    size = min(SHINGLE, len(hashes))
    mixed = np.zeros(len(hashes) - size + 1, dtype=np.uint64)
    for offset in range(size):
        mixed = mixed * MIX + hashes[offset:len(hashes) - size + 1 + offset]
    mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed * MIX)


def band_keys(found: np.ndarray) -> list[bytes]:
    """The keys of a MinHash signature, one per band: texts that share one are compared."""
    if not len(found):
        return []
    return [bytes([band]) + b"".join((found * factor).min().tobytes() for factor in factors)
            for band, factors in enumerate(FACTORS)]


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    """Shared shingles over all shingles of two texts."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)
