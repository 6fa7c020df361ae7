"""One utterance, many outlets: what was said once and told often is one utterance."""

import re
from collections import Counter

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

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
    told = positions.reindex(columns=["evidence", "content"])
    text = told.content.astype("object").fillna(told.evidence).fillna("").astype("str")
    table = pd.DataFrame(
        {
            "when": when.dt.normalize().to_numpy(),
            "text": text.to_numpy(),
            "key": positions.groupby(["speaker", "topic", "stance"], dropna=False).ngroup().to_numpy(),
        }
    )
    unit = table.groupby(["key", "when", "text"]).ngroup().fillna(-1).to_numpy(dtype="int64", copy=True)
    alone = (unit < 0) | (table.text == "").to_numpy()  # undated, or no words to compare
    unit[alone] = unit.max(initial=-1) + 1 + np.arange(alone.sum())
    first = (
        table.assign(unit=unit)
        .drop_duplicates("unit")
        .dropna(subset="when")
        .sort_values(["key", "when"], kind="stable")
    )
    pairs = list(_same(first, days, alike))
    left, right = zip(*pairs, strict=True) if pairs else ((), ())
    size = unit.max(initial=-1) + 1
    graph = coo_matrix((np.ones(len(pairs), dtype=bool), (left, right)), shape=(size, size))
    return pd.Series(
        connected_components(graph, directed=False)[1][unit] if size else [],
        index=positions.index,
        name="utterance",
        dtype="int64",
    )


def _same(first: pd.DataFrame, days: int, alike: float):
    """Pairs of units that tell the same utterance; `first` is sorted by key and date."""
    words = [frozenset(WORD.findall(text.lower())) for text in first.text]
    seen = Counter(word for text in words for word in text)
    common = {word for word, n in seen.items() if n >= max(20, len(words) / 20)}
    words = [text - common for text in words]
    keys, dates, units = (
        first.key.to_numpy(),
        first.when.to_numpy("datetime64[D]").astype(int),
        first.unit.to_numpy(),
    )
    start = 0
    for here in range(len(first)):
        while keys[start] != keys[here] or dates[here] - dates[start] > days:
            start += 1
        for other in range(start, here):
            shared = len(words[here] & words[other])
            if shared >= 3 and shared >= alike * min(len(words[here]), len(words[other])):
                yield units[other], units[here]


def coverage(positions: pd.DataFrame, **same) -> pd.DataFrame:
    """Utterances with the number of outlets that told them, most widely told first.

    Columns: speaker, topic, stance, first, last (published), n_outlets, n_articles, words, publisher and
    url (of the first to tell it). Options of `utterance_ids` pass through.
    """
    table = positions[["date", "article_id", "speaker", "topic", "stance", "publisher", "evidence", "url"]]
    table = table.assign(utterance=utterance_ids(positions, **same)).sort_values(
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
        words=("evidence", "first"),
        publisher=("publisher", "first"),
        url=("url", "first"),
    )
    return rows.sort_values(
        ["n_outlets", "n_articles", "first"], ascending=[False, False, True], kind="stable", ignore_index=True
    )


def once_per_utterance(positions: pd.DataFrame, **same) -> pd.DataFrame:
    """The positions with each utterance once, as first told: what was said, not how much was printed."""
    order = positions[["date", "article_id"]].assign(utterance=utterance_ids(positions, **same))
    order = order.sort_values(["date", "article_id"], kind="stable")
    return positions.loc[order.drop_duplicates("utterance").index].sort_index()
