"""One utterance, many outlets: what was said once and told often is one utterance."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from analysis.trends import combined
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
    when = positions.get("said_on", positions.date).fillna(positions.date).dt.normalize()
    text = words_of(positions, positions.index, ["content"]).content
    if text.isna().any():
        evidence = words_of(positions, positions.index, ["evidence"]).evidence
        text = text.astype("str").fillna(evidence.astype("str"))
    code, texts = pd.factorize(text)
    wordless = np.append(texts == "", True)[code]
    key = combined(positions.speaker, positions.topic, positions.stance).astype("int64")
    alone = when.isna().to_numpy() | wordless  # without a date or without words there is nothing to compare
    day = (when - when.min()).dt.days.fillna(0).to_numpy(dtype="int64")
    length = day.max(initial=0) + 1
    unit, told = pd.factorize(((key * length + day) * len(texts) + code)[~alone], sort=True)
    key_day, told_text = np.divmod(told, max(len(texts), 1))
    units = len(told) + np.cumsum(alone) - 1  # those alone come after all others
    units[~alone] = unit
    pairs = _same(*np.divmod(key_day, length), told_text, texts, days, alike)
    size = len(told) + alone.sum()
    graph = coo_matrix((np.ones(len(pairs), dtype=bool), tuple(pairs.T)), shape=(size, size))
    return pd.Series(
        connected_components(graph, directed=False)[1][units] if size else [],
        index=positions.index,
        name="utterance",
        dtype="int64",
    )


def _same(
    key: np.ndarray, day: np.ndarray, text: np.ndarray, texts: pd.Index, days: int, alike: float
) -> np.ndarray:
    """[n, 2] pairs of units that tell the same utterance, by their places; each unit has a key, a day, by which
    they are sorted, and the place of its text in `texts`."""
    if not len(text):
        return np.empty((0, 2), "int64")
    # Days in blocks longer than `days`: what lies within reach is in the same block or the next one. A matrix
    # product over columns (key, block, word) then counts shared words, and touches only pairs that share any.
    held = texts.to_series(range(len(texts))).str.lower().str.findall(WORD).explode().dropna()
    word, known = pd.factorize(held)
    words = csr_matrix((np.ones(len(word), np.int32), (held.index, word)), (len(texts), max(len(known), 1)))
    words.data[:] = 1  # however often a text has the word
    often = np.bincount(text, minlength=words.shape[0]) @ words
    words = words[:, often < max(20, len(text) / 20)]
    size, block = words.getnnz(1)[text], day // (days + 1)
    place = key * (block.max() + 2) + block + 1

    def pairs(start: int) -> np.ndarray:
        stop = np.searchsorted(place, place[start : start + ROWS][-1] + 1, side="right")
        near = words[text[start:stop]].tocoo()
        column = place[start:stop][near.row] * words.shape[1] + near.col
        column = pd.factorize(np.concatenate([column, column - words.shape[1]]))[0]
        ones, rows, shape = np.ones_like(column, np.int32), near.row, (stop - start, column.max(initial=0) + 1)
        here = csr_matrix((ones[: len(rows)], (rows, column[: len(rows)])), shape)[:ROWS]
        near = csr_matrix((ones, (column, np.tile(rows, 2))), shape[::-1])
        shared = (here @ near).tocoo()
        enough = shared.data >= 3
        one, other = shared.row[enough] + start, shared.col[enough] + start
        same = shared.data[enough] >= alike * np.minimum(size[one], size[other])
        same &= (np.abs(day[one] - day[other]) <= days) & (one < other)
        return np.stack([one[same], other[same]], 1)

    with ThreadPoolExecutor(2) as pool:  # hashing and products let another thread go on
        return np.concatenate(list(pool.map(pairs, range(0, len(text), ROWS))))


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


def first_told(positions: pd.DataFrame, utterances: pd.Series | None = None) -> np.ndarray:
    """Whether each position is the first to tell its utterance: what was said, not how much was printed."""
    utterances = utterance_ids(positions) if utterances is None else utterances
    order = np.lexsort([combined(positions.article_id), positions.date.to_numpy()])
    first = np.empty(len(positions), dtype=bool)
    first[order] = ~utterances.reindex(positions.index).iloc[order].duplicated().to_numpy()
    return first
