"""Articles in: files of every kind become one table, one row per article."""

import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from .config import SOURCES, InputError, progress
from .readers import READERS

ARTICLE_COLUMNS = ["article_id", "date", "publisher", "headline", "url", "text", "origin"]


class Notes(tuple):
    """What was noted while reading, as dicts. Immutable, so that pandas need not copy it at every step."""

    def __deepcopy__(self, memo: dict) -> "Notes":
        return self


def load_articles(*paths: str | os.PathLike, metadata: str | os.PathLike | None = None) -> pd.DataFrame:
    """All articles of the given files and folders (without any: data/articles and data/local), one row each.

    Columns: ARTICLE_COLUMNS. `text` is the body after cleaning, and all offsets refer to it; `origin` is
    the file; `date` is NaT where no date was found. Sorted by date, then article_id, undated last.
    `metadata`: a CSV file that supplies date, publisher, headline (or title) and url by article_id.
    `.attrs`: "problems" (file, line, reason), "removed" (article_id, rule, text), "left_out" (file, reason).
    """
    problems, rows = [], []
    for file in progress(list(find_files(paths or filter(Path.exists, SOURCES))), "Reading articles"):
        try:
            rows += [record | {"origin": str(file)} for record in READERS[file.suffix.lower()](file)]
        except InputError as error:
            problems.append({"file": error.path, "line": error.line, "reason": error.reason})
    table = pd.DataFrame(rows, columns=ARTICLE_COLUMNS)
    table["date"] = pd.to_datetime(table.date, errors="coerce").astype("datetime64[us]")
    table = table.astype({name: "str" for name in ARTICLE_COLUMNS if name != "date"})
    table["text"] = table.text.str.strip()
    table = table.sort_values(["date", "article_id"], ignore_index=True)
    table.attrs |= {"problems": Notes(problems), "removed": Notes(), "left_out": Notes()}
    return table


def find_files(paths: Iterable[str | os.PathLike]) -> Iterable[Path]:
    """The files named, and those in the folders named, in the order of their names."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in READERS)
        else:
            yield path
