"""Results out: a file is complete or it is not there, and a spreadsheet runs nothing that an article says."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

TABLE_SUFFIXES = (".csv", ".parquet")
FORMULA = r"^('*[=+\-@\t\r\n＝＋－＠])"


@contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Path]:
    """A temporary path beside `path` to write to; it takes the place of `path` once all went well.

    Until then an earlier file stays as it was. Missing folders are made.
    """
    path = Path(path)
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


def current_umask() -> int:
    """The permissions that new files are refused (reading the mask means setting it)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_table(table: pd.DataFrame, path: str | os.PathLike) -> None:
    """Write a table as .csv (see safe_cells) or .parquet, by suffix; ValueError for any other."""
    suffix = Path(path).suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        raise ValueError(f"{path}: a table is written as {' or '.join(TABLE_SUFFIXES)}")
    with replacing(path) as draft:
        if suffix == ".parquet":
            table.to_parquet(draft, index=False)
        else:
            safe_cells(table).to_csv(draft, index=False, date_format="%Y-%m-%d")


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
