"""One utterance, many outlets: what was said once and told often is one utterance."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from analysis.trends.results import words_of

WORD = r"[^\W\d_]{4,}"
ROWS = 20_000  # units compared at once


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
    pairs = _same(first, texts, days, alike)
    size = unit.max(initial=-1) + 1
    graph = coo_matrix((np.ones(len(pairs), dtype=bool), tuple(pairs.T)), shape=(size, size))
    return pd.Series(
        connected_components(graph, directed=False)[1][unit] if size else [],
        index=positions.index,
        name="utterance",
        dtype="int64",
    )


def _same(first: pd.DataFrame, texts: pd.Index, days: int, alike: float) -> np.ndarray:
    """[n, 2] pairs of units that tell the same utterance; `first` is sorted by key and date, and has the place
    of each unit's text in `texts`."""
    from sklearn.feature_extraction.text import CountVectorizer  # a second to load

    if first.empty:
        return np.empty((0, 2), "int64")
    # Days in blocks longer than `days`: what lies within reach is in the same block or the next one. A matrix
    # product over columns (key, block, word) then counts shared words, and touches only pairs that share any.
    counter = CountVectorizer(binary=True, token_pattern=WORD, dtype=np.int32)
    words = counter.fit_transform([*texts, "none"])[first.text]  # one text at least has a word
    words = words[:, words.getnnz(0) < max(20, len(first) / 20)].tocoo()
    size, (n, width) = words.getnnz(1), words.shape
    day = first.when.to_numpy("datetime64[D]").astype("int64")
    day -= day.min()
    block = day // (days + 1)
    place = first.key.to_numpy() * (block.max() + 2) + block + 1
    column = place[words.row] * width + words.col
    column = pd.factorize(np.concatenate([column, column - width]))[0]
    count, rows = len(words.row), np.tile(words.row, 2)
    ones, shape = np.ones(2 * count, np.int32), (n, column.max(initial=0) + 1)
    here = csr_matrix((ones[:count], (words.row, column[:count])), shape)
    near = csr_matrix((ones, (column, rows)), shape[::-1])
    pairs = []
    for start in range(0, n, ROWS):
        shared = (here[start : start + ROWS] @ near).tocoo()
        enough = shared.data >= 3
        one, other = shared.row[enough] + start, shared.col[enough]
        same = shared.data[enough] >= alike * np.minimum(size[one], size[other])
        same &= (np.abs(day[one] - day[other]) <= days) & (one < other)
        pairs.append(np.stack([one[same], other[same]], 1))
    return first.unit.to_numpy()[np.concatenate(pairs)]


def coverage(
    positions: pd.DataFrame, *, utterances: pd.Series | None = None, top: int | None = None
) -> pd.DataFrame:
    """Utterances with the number of outlets that told them, most widely told first; the `top` ones, or all.

    Columns: speaker, topic, stance, first, last (published), n_outlets, n_articles, words, publisher and
    url (of the first to tell it). `utterances`: their `utterance_ids`, where they are computed already.
    """
    utterances = utterance_ids(positions) if utterances is None else utterances
    table = positions[["date", "article_id", "speaker", "topic", "stance", "publisher"]]
    table = table.assign(utterance=utterances, row=positions.index).sort_values(
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


def once_per_utterance(positions: pd.DataFrame, utterances: pd.Series | None = None) -> pd.DataFrame:
    """The positions with each utterance once, as first told: what was said, not how much was printed."""
    utterances = utterance_ids(positions) if utterances is None else utterances
    order = positions[["date", "article_id"]].assign(utterance=utterances)
    order = order.sort_values(["date", "article_id"], kind="stable")
    return positions.loc[order.drop_duplicates("utterance").index].sort_index()
