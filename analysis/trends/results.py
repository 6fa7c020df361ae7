"""Results larger than memory: a folder of positions as `tag` writes it, read only as far as it is asked for.

The table that is loaded has the columns that trends and charts count by, names as categories; the words are
read from the folder for the rows that are shown, when they are shown.
"""

import os
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.config import InputError

NAMES = ["article_id", "publisher", "speaker", "side", "principal", "topic", "stance"]
TEXTS = [*NAMES, "condition", "content", "evidence"]  # read with a number for each that recurs
COUNTED = [*NAMES, "date", "said_on", "value", "second_hand", "confidence"]


def load_positions(
    folder: str | os.PathLike,
    *,
    columns: Sequence[str] = COUNTED,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Columns of the positions in a Parquet folder, published from the day `start` to the day `end`.

    Only these columns and, where the folder is parted by month, these months are read. The index is the number
    of the row in the folder, by which `words_of` finds the other columns. InputError where it cannot be read.
    """
    import pyarrow as pa

    days = pd.Timestamp(start or pd.Timestamp.min), pd.Timestamp(end or pd.Timestamp.max)
    bounded = start is not None or end is not None
    tables, rows = [], []
    for first, _, part, month in _parts(folder):
        if not bounded or not month or f"{days[0]:%Y-%m}" <= month <= f"{days[1]:%Y-%m}":
            tables.append(_read(folder, part, columns))
            rows.append(np.arange(first, first + len(tables[-1])))
    if not tables:
        raise InputError(folder, "holds no positions" + " of these months" * bounded)
    found = pa.concat_tables(tables).unify_dictionaries().to_pandas().set_axis(np.concatenate(rows))
    for name in found.columns.intersection(NAMES):  # in the order that names have in a table of text
        found[name] = found[name].cat.set_categories(found[name].cat.categories.sort_values())
    found.attrs["folder"] = str(folder)
    return found[found.date.between(*days)] if bounded else found


def words_of(positions: pd.DataFrame, rows: Iterable[int], columns: Sequence[str]) -> pd.DataFrame:
    """Columns of the rows with these index labels, in their order; those that `load_positions` has left in the
    folder are read from there, and those that are nowhere are missing."""
    rows = pd.Index(rows)
    if "folder" not in positions.attrs or set(columns) <= set(positions):
        return positions.reindex(columns=list(columns)).loc[rows]
    wanted = np.sort(rows.unique().to_numpy(dtype="int64"))
    found = _rows(positions.attrs["folder"], wanted, columns)
    return found.iloc[np.searchsorted(wanted, rows.to_numpy(dtype="int64"))]


def with_words(positions: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The table with those of the columns that `load_positions` has left in the folder."""
    lacking = [name for name in columns if name not in positions] if "folder" in positions.attrs else []
    if not lacking:
        return positions
    words = words_of(positions, positions.index, lacking)
    return positions.assign(**{name: words[name].array for name in lacking})


def _rows(folder: str, wanted: np.ndarray, columns: Sequence[str]) -> pd.DataFrame:
    """Columns of the rows of these numbers, in rising order, from the row groups in which they lie."""
    import pyarrow as pa

    tables = []
    for first, size, part, _ in _parts(folder):
        own = wanted[slice(*np.searchsorted(wanted, [first, first + size]))] - first
        if len(own) or not tables:
            sizes = np.array([group.num_rows for group in part.row_groups])
            ends = np.cumsum(sizes)
            group = np.searchsorted(ends, own, side="right")
            held = np.isin(np.arange(len(sizes)), group)
            skipped = np.cumsum(np.where(held, 0, sizes))
            part = part.subset(row_group_ids=np.flatnonzero(held).tolist())
            tables.append(_read(folder, part, columns).take(own - skipped[group]))
    return pa.concat_tables(tables).unify_dictionaries().to_pandas().set_axis(wanted)


def _parts(folder: str | os.PathLike) -> Iterator[tuple]:
    """(number of its first row, rows, fragment, month or None) of each file of the folder."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    kinds = ds.ParquetFileFormat(dictionary_columns=TEXTS)
    try:
        files = ds.dataset(folder, format=kinds, partitioning=ds.partitioning(flavor="hive")).get_fragments()
        first = 0
        for file in files:
            yield first, file.metadata.num_rows, file, ds.get_partition_keys(file.partition_expression).get("month")
            first += file.metadata.num_rows
    except (OSError, pa.ArrowException) as error:
        raise InputError(folder, f"cannot be read as Parquet: {str(error).splitlines()[0]}") from None


def _read(folder: str | os.PathLike, part, columns: Sequence[str]):
    import pyarrow as pa

    try:
        return part.to_table(columns=list(columns), batch_size=1 << 20)  # small batches take longer
    except (OSError, pa.ArrowException) as error:
        raise InputError(folder, f"cannot be read: {str(error).splitlines()[0]}") from None
