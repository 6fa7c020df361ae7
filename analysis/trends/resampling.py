"""Doubt by resampling: a bootstrap that draws whole articles, and a correction for many tests.

The positions of one article depend on each other, so articles are drawn, not positions. Each draw adds one
imaginary article of a random stance to each mean, so that four articles which agree do not claim certainty.
"""

from functools import lru_cache
from math import factorial

import numpy as np
import pandas as pd
from scipy import sparse

MANY = 10_000  # articles
# Poisson(1) by the inverse of its distribution at 65,536 steps: ten times faster than Generator.poisson
POISSON = np.searchsorted(
    np.cumsum([np.exp(-1) / factorial(k) for k in range(9)]), (np.arange(65536) + 0.5) / 65536
).astype(np.uint8)


def bootstrap_sums(cell: np.ndarray, frame: pd.DataFrame, cells: int, *, draws: int, seed: int):
    """Resampled sum of values and number of positions per cell: two arrays of shape (cells, draws).

    Each draw weighs every article by Poisson(1), the same weight in all cells (Poisson bootstrap, Hanley and
    MacGibbon 2006), so cells that share articles stay dependent. More than MANY articles are drawn in so many
    random groups, which changes the width of an interval less than the draws do. The draws come 50 at a time
    to spare memory.
    """
    article, names = pd.factorize(frame.article_id)
    if len(names) > MANY:
        article = np.random.default_rng(seed).permutation(len(names))[article] % MANY
    shape = cells, min(max(len(names), 1), MANY)
    pair, pairs = pd.factorize(cell.astype("int64") * shape[1] + article)  # a matrix of single entries is made fast
    places = np.divmod(pairs, shape[1])
    sums, counts = (
        sparse.csr_matrix((np.bincount(pair, weights, len(pairs)).astype(np.float32), places), shape)
        for weights in (frame.value, None)
    )
    sums.eliminate_zeros()
    parts = [
        (sums @ weights, counts @ weights)
        for weights in (part.astype(np.float32) for part in _weights(shape[1], draws, seed))
    ]
    return tuple(np.hstack(side) for side in zip(*parts, strict=True))


@lru_cache(maxsize=4)
def _weights(articles: int, draws: int, seed: int) -> list[np.ndarray]:
    """How often each article is drawn, [articles, up to 50] for each 50 draws; the same for all that is compared."""
    random, sizes = np.random.default_rng(seed), [min(50, draws - start) for start in range(0, draws, 50)]
    return [POISSON[random.integers(0, 65536, (articles, size), dtype=np.uint16)] for size in sizes]


def bootstrap_means(
    cell: np.ndarray, frame: pd.DataFrame, cells: int, *, draws: int, seed: int
) -> np.ndarray:
    """Resampled mean per cell, shape (cells, draws), with one imaginary article of random stance."""
    sums, counts = bootstrap_sums(cell, frame, cells, draws=draws, seed=seed)
    imaginary = np.random.default_rng(seed + 1).integers(-1, 2, sums.shape, dtype=np.int8)
    return (sums + imaginary) / (counts + 1)


def interval(means: np.ndarray, *, where=True, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """The central interval of the draws (last axis), missing where there is nothing to estimate."""
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return np.where(where, low, np.nan), np.where(where, high, np.nan)


def false_discovery(p: np.ndarray) -> np.ndarray:
    """Benjamini and Hochberg's (1995) adjusted p values."""
    order = np.argsort(p)[::-1]
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)
