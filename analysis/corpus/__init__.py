"""Articles in: files of every kind become one table, one row per article."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.corpus.cleaning import clean
from analysis.config import LOCAL, METADATA, SOURCES, InputError, progress
from analysis.corpus.copies import duplicates
from analysis.corpus.fields import CHECKS, missing, plain_id, shown
from analysis.corpus.readers import MAX_ARTICLE, READERS, NoArticle, read, read_table

__all__ = ["ARTICLE_COLUMNS", "duplicates", "load_articles"]

ARTICLE_COLUMNS = ["article_id", "date", "publisher", "headline", "url", "text", "origin"]
SENTENCE = re.compile(r"[.!:,…][\"”’')]{0,2}$")  # how a first line ends that is no headline
DATED = {".md", ".csv", ".jsonl", ".parquet"}  # these promise a date: where it is missing, that is a problem


class Notes(tuple):
    """What was noted while reading, as dicts. Immutable, so that pandas need not copy it at every step."""

    def __deepcopy__(self, memo: dict) -> "Notes":
        return self


class Reading:
    """What one call of load_articles finds: rows, and the notes on what was refused, left out and removed."""

    def __init__(self, metadata: str | os.PathLike | None = None):
        self.rows: list[dict] = []
        self.problems: list[dict] = []
        self.removed: list[dict] = []
        self.left_out: list[dict] = []
        self.ids: Counter[str] = Counter()
        self.metadata: dict[str, dict] = {}
        self.indexes: set[Path] = set()
        if metadata is not None:
            self.read_metadata(Path(metadata))

    def problem(self, path: object, reason: str, line: int | None = None) -> None:
        self.problems.append({"file": shown(path), "line": line, "reason": shown(reason)})

    def leave_out(self, path: object, reason: str) -> None:
        self.left_out.append({"file": shown(path), "reason": shown(reason)})

    def unreadable(self, error: OSError) -> None:
        self.problem(error.filename, f"cannot be read: {error.strerror}")

    def read_metadata(self, path: Path) -> None:
        """Date, publisher, headline (or title) and url by article_id from a CSV file."""
        self.indexes.add(Path(os.path.abspath(path)))
        try:
            for line, row in read_table(path, need="article_id"):
                if isinstance(row, InputError):
                    self.problem(row.path, row.reason, row.line)
                else:
                    self.metadata[str(row["article_id"]).strip()] = row | {"line": line, "file": path}
        except InputError as error:
            self.problem(error.path, error.reason, error.line)

    def files(self, paths: Iterable[str | os.PathLike]) -> list[tuple[Path, bool]]:
        """The files to read, and whether each was asked for by name; without metadata an index among them
        is used as such."""
        files = list(find_files(paths, self))
        for file in [] if self.metadata else [file for file, _ in files if file.suffix.lower() == ".csv"]:
            self.read_index(file)
        return files

    def read_index(self, path: Path) -> None:
        """Use a table that has ids and dates and no texts as metadata, where it lies beside the articles."""
        try:
            _, row = next(read_table(path, need="article_id"), (0, None))
        except InputError:
            return  # read_file will say why
        if isinstance(row, dict) and "date" in row and "text" not in row:
            self.read_metadata(path)

    def read_file(self, path: Path, asked_for: bool) -> Iterator[None]:
        """Read one file, with a pause after each record; a sound file without articles is a problem only
        where it was asked for by name."""
        new = undated = 0
        try:
            for record in read(path):
                if isinstance(record, InputError):
                    self.problem(record.path, record.reason, record.line)
                elif row := self.add_record(record, path):
                    new, undated = new + 1, undated + (row["date"] is None)
                yield
        except NoArticle as error:
            if asked_for:
                self.problem(error.path, error.reason, error.line)
            else:
                used = "an index: read for date, publisher, headline, url"
                self.leave_out(path, used if Path(os.path.abspath(path)) in self.indexes else error.reason)
        except InputError as error:
            self.problem(error.path, error.reason, error.line)
        if undated and path.suffix.lower() in DATED:
            which = "no date" if new == 1 else f"no date for {undated} of {new} articles"
            self.problem(path, f"{which}: kept, but undated")

    def add_record(self, record: dict, path: Path) -> dict | None:
        """Check one record and add it as a row; None where it is refused."""
        given = self.metadata.get(str(record["article_id"]).strip(), {})
        line = record.get("line")
        if len(record["text"]) > MAX_ARTICLE:
            return self.problem(path, f"an article of more than {MAX_ARTICLE:,} characters", line)
        text, removed = clean(record["text"])
        if not text:
            return self.problem(path, "no text left after cleaning" if removed else "no text", line)
        row = {"article_id": self.new_id(record["article_id"], path, line), "origin": shown(path)}
        for field, check in CHECKS.items():
            source = record if missing(given.get(field)) else given
            try:
                row[field] = None if missing(source.get(field)) else check(source[field]) or None
            except (ValueError, OverflowError) as error:
                row[field] = None
                self.problem(source.get("file", path), f"{field}: {error}", source.get("line"))
        row["headline"], row["text"] = split_headline(row["headline"], text, path)
        self.rows.append(row)
        self.removed += [{"article_id": row["article_id"], "rule": rule, "text": piece}
                         for rule, piece in removed]
        return row

    def table(self) -> pd.DataFrame:
        """The rows as the table of articles, with the notes as its attrs."""
        table = pd.DataFrame(self.rows, columns=ARTICLE_COLUMNS)
        table["date"] = pd.to_datetime(table["date"]).astype("datetime64[us]")
        table = table.astype({name: "str" for name in ARTICLE_COLUMNS if name != "date"})
        table = table.sort_values(["date", "article_id"], ignore_index=True)
        table.attrs |= {name: Notes(getattr(self, name)) for name in ("problems", "left_out", "removed")}
        return table

    def new_id(self, wanted: object, path: Path, line: int | None) -> str:
        """A plain id that no article has yet; a note where it is not the one that was given."""
        name = plain_id(wanted)
        if name != str(wanted).strip():
            self.problem(path, f"article_id {str(wanted)[:60]!r} is no plain name: kept as {name!r}", line)
        unique = name
        while unique in self.ids:
            self.ids[name] += 1
            unique = f"{name}-{self.ids[name]}"
        self.ids[unique] += 1
        if unique != name:
            self.problem(path, f"article_id {name!r} is taken: kept as {unique!r}", line)
        return unique


def split_headline(headline: str | None, text: str, path: Path) -> tuple[str | None, str]:
    """The headline and the text without it: in scraped text a short first line that is no sentence."""
    first, _, rest = text.partition("\n\n")
    if headline and first.casefold() == headline.casefold() and rest:
        return headline, rest
    scraped = path.suffix.lower() == ".txt"
    if scraped and not headline and rest and len(first) <= 150 and not SENTENCE.search(first):
        return first, rest
    return headline, text


def load_articles(*paths: str | os.PathLike, metadata: str | os.PathLike | None = None) -> pd.DataFrame:
    """All articles of the given files and folders (without any: data/articles and data/local), one row each.

    Columns: ARTICLE_COLUMNS. `text` is the body after cleaning, and all offsets refer to it; `origin` is
    the file; `date` is NaT where no date was found. Sorted by date, then article_id, undated last.
    `metadata`: a CSV file that supplies date, publisher, headline (or title) and url by article_id; without
    it, such an index is used where it lies in a folder with the articles.

    Nothing is lost in silence; `.attrs` says: "problems" (file, line, reason): what could not be used;
    "left_out" (file, reason): files of the folders that hold no articles; "removed" (article_id, rule, text):
    boilerplate that was taken out.
    """
    reading = Reading(metadata or (None if paths else METADATA))
    files = reading.files(paths or [path for path in SOURCES if path != LOCAL or path.is_dir()])
    for file, asked_for in progress(files, "Reading articles"):
        for _ in reading.read_file(file, asked_for):
            pass
    return reading.table()


def article_batches(reading: Reading, files: Iterable[tuple[Path, bool]], size: int) -> Iterator[pd.DataFrame]:
    """The articles of `reading.files(paths)` as load_articles has them, in tables of `size` rows in the order
    of the files: no more than one of these is held at once. Afterwards `reading` has the notes of all."""
    for file, asked_for in files:
        for _ in reading.read_file(file, asked_for):
            reading.removed.clear()
            if len(reading.rows) == size:
                yield reading.table()
                reading.rows.clear()
    if reading.rows:
        yield reading.table()


def find_files(paths: Iterable[str | os.PathLike], reading: Reading) -> Iterator[tuple[Path, bool]]:
    """The files to read, each once and in the order of names, and whether each was asked for by name."""
    seen: set[Path] = set()
    for path in map(Path, paths):
        try:
            found = sorted(walk(path, reading)) if path.is_dir() else [path]
        except (OSError, ValueError) as error:
            reading.problem(path, f"cannot be read: {getattr(error, 'strerror', None) or error}")
            continue
        for file in found:
            if (place := Path(os.path.abspath(file))) not in seen:
                seen.add(place)
                yield file, file == path


def walk(folder: Path, reading: Reading) -> Iterator[Path]:
    """The files below a folder, hidden ones aside; no link to a folder, or out of this one, is followed."""
    root = Path(os.path.realpath(folder))
    for place, folders, names in os.walk(folder, onerror=reading.unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in (Path(place, name) for name in names if not name.startswith(".")):
            if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(root):
                reading.problem(file, "a link that leads out of the folder: not followed")
            elif file.suffix.lower() in READERS:
                yield file
            else:
                reading.leave_out(file, f"not a type that is read ({', '.join(READERS)})")
