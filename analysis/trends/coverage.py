"""One utterance, many outlets: what was said once and told often is one utterance."""

import re
from collections import Counter, deque
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from analysis.trends.results import words_of

WORD = re.compile(r"[^\W\d_]{4,}")


def utterance_ids(positions: pd.DataFrame, *, days: int = 3, alike: float = 0.4) -> pd.Series:
    """A number per position, the same for those that tell one utterance.

    Two positions tell the same one if speaker, topic and stance are equal, the dates (said_on, else
    published) are at most `days` apart, and their words overlap: at least `alike` of the distinct words of
    the shorter one, and at least three, are in the longer one. Words of under four letters do not count, nor
    those that every twentieth position has (and at least twenty). Chains count (a like b, b like c). Undated
    positions stay alone.
    """
    when = positions.get("said_on", positions.date).fillna(positions.date)
    text = words_of(positions, positions.index, ["content"]).content
    if text.isna().any():
        evidence = words_of(positions, positions.index, ["evidence"]).evidence
        text = text.astype("str").fillna(evidence.astype("str"))
    code, texts = pd.factorize(text)
    table = pd.DataFrame(
        {
            "when": when.dt.normalize().to_numpy(),
            "text": code,
            "key": positions.groupby(["speaker", "topic", "stance"], dropna=False).ngroup().to_numpy(),
        }
    )
    unit = table.groupby(["key", "when", "text"]).ngroup().fillna(-1).to_numpy(dtype="int64", copy=True)
    alone = (unit < 0) | np.append(texts == "", True)[code]  # undated, or no words to compare
    unit[alone] = unit.max(initial=-1) + 1 + np.arange(alone.sum())
    first = table.assign(unit=unit)[~alone].drop_duplicates("unit").sort_values(["key", "when"], kind="stable")
    pairs = np.fromiter(_same(first, texts, days, alike), np.dtype(("int64", 2)))
    size = unit.max(initial=-1) + 1
    graph = coo_matrix((np.ones(len(pairs), dtype=bool), tuple(pairs.T)), shape=(size, size))
    return pd.Series(
        connected_components(graph, directed=False)[1][unit] if size else [],
        index=positions.index,
        name="utterance",
        dtype="int64",
    )


def _same(first: pd.DataFrame, texts: pd.Index, days: int, alike: float):
    """Pairs of units that tell the same utterance; `first` is sorted by key and date, and has the place of each
    unit's text in `texts`."""
    seen = Counter()
    for text, often in zip(texts, np.bincount(first.text, minlength=len(texts)).tolist(), strict=True):
        seen.update(dict.fromkeys(WORD.findall(text.lower()), often))
    common = {word for word, n in seen.items() if n >= max(20, len(first) / 20)}
    words = lru_cache(1 << 16)(lambda code: frozenset(WORD.findall(texts[code].lower())) - common)
    dates = first.when.to_numpy("datetime64[D]").astype(int)
    near = deque()  # the units of the same key within reach
    for key, date, unit, code in zip(first.key, dates.tolist(), first.unit, first.text, strict=True):
        while near and (near[0][0] != key or date - near[0][1] > days):
            near.popleft()
        mine = words(code)
        for _, _, other, theirs in near:
            shared = len(mine & theirs)
            if shared >= 3 and shared >= alike * min(len(mine), len(theirs)):
                yield other, unit
        near.append((key, date, unit, mine))


def coverage(positions: pd.DataFrame, *, top: int | None = None, **same) -> pd.DataFrame:
    """Utterances with the number of outlets that told them, most widely told first; the `top` ones, or all.

    Columns: speaker, topic, stance, first, last (published), n_outlets, n_articles, words, publisher and
    url (of the first to tell it). Options of `utterance_ids` pass through.
    """
    table = positions[["date", "article_id", "speaker", "topic", "stance", "publisher"]]
    table = table.assign(utterance=utterance_ids(positions, **same), row=positions.index).sort_values(
        ["date", "article_id"], kind="stable"
    )
    rows = table.groupby("utterance", sort=False).agg(
        speaker=("speaker", "first"),
        topic=("topic", "first"),
        stance=("stance", "first"),
        first=("date", "min"),
        last=("date", "max"),
        n_outlets=("publisher", "nunique"),
        n_articles=("article_id", "nunique"),
        publisher=("publisher", "first"),
        row=("row", "first"),
    )
    rows = rows.sort_values(
        ["n_outlets", "n_articles", "first"], ascending=[False, False, True], kind="stable", ignore_index=True
    ).iloc[:top]
    words = words_of(positions, rows.pop("row"), ["evidence", "url"]).reset_index(drop=True)
    publisher = rows.pop("publisher")
    return rows.assign(words=words.evidence, publisher=publisher, url=words.url)


def once_per_utterance(positions: pd.DataFrame, **same) -> pd.DataFrame:
    """The positions with each utterance once, as first told: what was said, not how much was printed."""
    order = positions[["date", "article_id"]].assign(utterance=utterance_ids(positions, **same))
    order = order.sort_values(["date", "article_id"], kind="stable")
    return positions.loc[order.drop_duplicates("utterance").index].sort_index()
