"""Results out: a file is complete or it is not there, and a spreadsheet runs nothing that an article says."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from analysis.config import InputError

HELD = 1_000  # rows of each month in memory until they are written
GROUP = 20_000  # rows of a month that are read together: fewer take longer, more are read in vain for a few
FORMULA = r"^('*[=+\-@\t\r\n＝＋－＠])"


@contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Path]:
    """A temporary path beside `path` to write to; it takes the place of `path` once all went well.

    Until then an earlier file stays as it was. Missing folders are made. An OSError names `path`.
    """
    path = Path(path)
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}-", suffix=path.suffix)
        os.close(handle)
        draft = Path(name)
        try:
            yield draft
            draft.chmod(0o666 & ~current_umask())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """An OSError that names no file, as of a full disk, or a hidden draft beside `path`, names `path`."""
    try:
        yield
    except OSError as error:
        if not error.filename or Path(os.fsdecode(error.filename)).name.startswith("."):
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise OSError(error.errno or errno.EIO, reason, str(path)) from error
        raise


def current_umask() -> int:
    """The permissions that new files are refused (reading the mask means setting it)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_table(table: pd.DataFrame, path: str | os.PathLike) -> None:
    """Write a table as .csv (see safe_cells) or .parquet, by suffix; ValueError for any other."""
    if Path(path).suffix.lower() not in WRITERS:
        raise ValueError(f"{path}: a table is written as {' or '.join(WRITERS)}")
    write_tables([table], path)


def write_tables(tables: Iterable[pd.DataFrame], path: str | os.PathLike) -> int:
    """Write tables of the same columns, at least one, behind each other as one, and return how many rows.

    No more than one is held at a time. A path that ends in .csv or .parquet is a file, any other a folder:
    see write_months.
    """
    path = Path(path)
    write = WRITERS.get(path.suffix.lower())
    if not write:
        return write_months(tables, path)
    with replacing(path) as draft:
        return write(tables, draft)


def _write_csv(tables: Iterable[pd.DataFrame], path: Path) -> int:
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, table in enumerate(tables):
            safe_cells(table).to_csv(file, index=False, header=not number, date_format="%Y-%m-%d")
            rows += len(table)
    return rows


def _write_parquet(tables: Iterable[pd.DataFrame], path: Path) -> int:
    from pyarrow.parquet import ParquetWriter

    reader = _reader(tables)
    with ParquetWriter(path, reader.schema) as file:
        return sum(file.write_batch(batch) or len(batch) for batch in reader)


WRITERS = {".csv": _write_csv, ".parquet": _write_parquet}


def check_months(folder: Path) -> None:
    """InputError where a folder for write_months holds anything but a dataset of an earlier run."""
    if folder.exists() and not (folder.is_dir() and all(p.match("month=*") for p in folder.iterdir())):
        raise InputError(folder, "is there and no dataset of an earlier run: choose another name")


def write_months(tables: Iterable[pd.DataFrame], folder: Path) -> int:
    """Write tables as a Parquet dataset with a folder for the rows of each month by `date`, as in
    month=2025-08 and month=undated, and return how many rows.

    An earlier dataset stays as it was until the new one is complete; one that a run was killed while moving
    is put back by the next. InputError as check_months raises; an OSError names the folder.
    """
    check_months(folder)
    draft = folder.with_name(f".{folder.name}.draft")
    with naming(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            _clear(draft, folder)
            (draft / "new").mkdir(parents=True)  # there even where no table has a row
            rows = _write_dataset(tables, draft / "new")
            if folder.exists():
                folder.replace(draft / "old")
            (draft / "new").replace(folder)
        finally:
            _clear(draft, folder)
    return rows


def _clear(draft: Path, folder: Path) -> None:
    """Remove what a run has left; the old dataset goes back where no new one has taken its place."""
    if (draft / "old").exists() and not folder.exists():
        (draft / "old").replace(folder)
    if draft.exists():
        shutil.rmtree(draft)


def _write_dataset(tables: Iterable[pd.DataFrame], folder: Path) -> int:
    import pyarrow.dataset as ds

    rows = 0

    def by_month():
        nonlocal rows
        for table in tables:
            rows += len(table)
            yield table.assign(month=table.date.dt.strftime("%Y-%m").fillna("undated").astype("str"))

    reader = _reader(by_month())
    places = ds.partitioning(reader.schema.empty_table().select(["month"]).schema, flavor="hive")
    groups = {"min_rows_per_group": HELD, "max_rows_per_group": GROUP}
    ds.write_dataset(reader, folder, format="parquet", partitioning=places, preserve_order=True, **groups)
    for file in folder.glob("*/*.parquet"):
        _regroup(file)
    return rows


def _regroup(path: Path) -> None:
    """Write a Parquet file anew in groups of GROUP rows."""
    from pyarrow.parquet import ParquetFile, ParquetWriter

    with replacing(path) as draft, ParquetFile(path) as old, ParquetWriter(draft, old.schema_arrow) as new:
        for batch in old.iter_batches(GROUP):
            new.write_batch(batch)


def _reader(tables: Iterable[pd.DataFrame]):
    """The tables as one stream of Arrow batches, all with the schema of the first."""
    import pyarrow as pa

    tables = iter(tables)
    first = pa.Table.from_pandas(next(tables), preserve_index=False)

    def batches():
        yield from first.to_batches()
        for table in tables:
            yield from pa.Table.from_pandas(table, first.schema, preserve_index=False).to_batches()

    return pa.RecordBatchReader.from_batches(first.schema, batches())


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that a spreadsheet would run as a formula.

    Source: OWASP, CSV Injection. Numbers stay as they are. Texts that begin with apostrophes and such a
    sign get one more, so that `original_cells` brings every text back.
    """
    return _replaced(table, FORMULA, r"'\1")


def original_cells(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it was before safe_cells."""
    return _replaced(table, "^'" + FORMULA[1:], r"\1")


def _replaced(table: pd.DataFrame, pattern: str, new: str) -> pd.DataFrame:
    texts = table.select_dtypes(["object", "str"]).columns
    return table.assign(**{name: table[name].str.replace(pattern, new, regex=True) for name in texts})
