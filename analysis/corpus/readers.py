"""One reader per file type: a file becomes records, each a dict of the fields that the file states.

A record that cannot be used is yielded as an InputError, so that the others are still read; a file that
cannot be used raises one.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import yaml

from analysis.config import InputError
from analysis.corpus.files import MAX_PAGE, NoArticle, check_file, decode, read_bytes, read_lines
from analysis.corpus.webpage import read_html

MAX_ARTICLE = 2_000_000  # characters: a long newspaper article has 20,000
MAX_TABLE = 1_000_000_000  # bytes of one .csv, .jsonl or .parquet file, as it is after unpacking
MAX_FRONT_MATTER = 10_000  # characters
BATCH = 100  # rows of a Parquet table that are unpacked at once

FENCE = re.compile(r"---[ \t]*\r?\n")
FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.M)
NAMES = {"article": "article_id", "id": "article_id", "title": "headline"}  # other names of the fields
FIELDS = ("article_id", "date", "publisher", "headline", "url", "text")
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value stays text: no tags, no objects
Records = Iterator[dict | InputError]


def read(path: Path) -> Records:
    """The records of a file, by the reader for its type."""
    reader = READERS.get(path.suffix.lower())
    if not reader:
        raise NoArticle(path, f"not a type that is read ({', '.join(READERS)})")
    yield from reader(path)


def read_txt(path: Path) -> Records:
    """Text as scraped; the date may lead the file name."""
    date = re.match(r"\d{4}-\d\d-\d\d(?!\d)", path.stem)
    text = decode(read_bytes(path, MAX_PAGE), path)
    yield {"article_id": path.stem, "date": date and date[0], "text": text}


def read_md(path: Path) -> Records:
    """Markdown with front matter (headline, date, publisher, url) between two lines of three dashes."""
    text = decode(read_bytes(path, MAX_PAGE), path)
    if not FENCE.match(text):
        raise NoArticle(path, "no front matter: not an article (save it as .txt if it is one)", 1)
    head, body = front_matter(path, text)
    yield named(head) | {"article_id": path.stem, "text": body}


def front_matter(path: Path, text: str) -> tuple[dict, str]:
    """The front matter as a dict, and the body after it."""
    start = FENCE.match(text).end()
    close = FENCE_END.search(text, start, start + MAX_FRONT_MATTER)
    if not close:
        raise InputError(path, "broken front matter: no closing ---", 1)
    try:
        head = yaml.load(text[start:close.start()], Loader)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        mark, reason = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        raise InputError(path, f"broken front matter: {reason or 'cannot be read as YAML'}",
                         mark.line + 2 if mark else 1) from None
    if not isinstance(head, dict):
        raise InputError(path, "broken front matter: no 'key: value' lines", 2)
    return head, text[close.end():]


def read_csv(path: Path) -> Records:
    """A table with one article per row and at least a column text."""
    for line, row in read_table(path, need="text"):
        yield row if isinstance(row, InputError) else record_of(path, row, line)


def read_table(path: Path, *, need: str) -> Iterator[tuple[int, dict | InputError]]:
    """The rows of a CSV file with their lines; NoArticle where the column `need` is missing."""
    lines = read_lines(path, MAX_TABLE, newline="")
    head = next(lines, "")
    csv.field_size_limit(MAX_TABLE)
    reader = csv.DictReader(chain([head], lines), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        names = list(reader.fieldnames or [])
        if need not in named(dict.fromkeys(names)):
            raise NoArticle(path, f"no column {need!r} (it has: {', '.join(names)[:200]})", 1)
        for row in reader:
            surplus = row.pop(None, None)
            yield reader.line_num, (InputError(path, "more fields than the header names", reader.line_num)
                                    if surplus else named(row))
    except csv.Error as error:
        line = reader.reader.line_num
        yield line, InputError(path, f"broken CSV from here on: {error}", line)


def read_jsonl(path: Path) -> Records:
    """One JSON object per line, with at least the key text."""
    found = False
    for line, raw in enumerate(read_lines(path, MAX_TABLE, newline="\n"), 1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
        except (ValueError, RecursionError) as error:
            yield InputError(path, f"broken JSON: {getattr(error, 'msg', None) or 'cannot be read'}", line)
            continue
        if not isinstance(row, dict):
            yield InputError(path, "no JSON object", line)
            continue
        found = found or "text" in row
        yield record_of(path, named(row), line)
    if not found:
        raise NoArticle(path, "no line has the key 'text'")


def read_parquet(path: Path) -> Records:
    """A Parquet table with one article per row and at least a column text; its size is checked first."""
    import pyarrow
    from pyarrow import parquet

    check_file(path, MAX_TABLE)
    try:
        size = parquet.read_metadata(path)
        if "text" not in (names := size.schema.to_arrow_schema().names):
            raise NoArticle(path, f"no column 'text' (it has: {', '.join(names)[:200]})")
        if sum(size.row_group(number).total_byte_size for number in range(size.num_row_groups)) > MAX_TABLE:
            raise InputError(path, f"unpacks to more than {MAX_TABLE // 10**6:,} MB")
        columns = [name for name in names if NAMES.get(name, name) in FIELDS]
        with parquet.ParquetFile(path, read_dictionary=["text"]) as table:
            for number, batch in enumerate(table.iter_batches(batch_size=BATCH, columns=columns)):
                for row, record in enumerate(batch.to_pylist(), number * BATCH + 1):
                    yield record_of(path, named(record), row)
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(path, "broken Parquet file: " + str(error).split("\n")[0][:150]) from None


def record_of(path: Path, row: dict, line: int) -> dict | InputError:
    """One row of a table as a record; without an id it is named after the file and the line."""
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        return InputError(path, "no text", line)
    if len(row["text"]) > MAX_ARTICLE:
        return InputError(path, f"an article of more than {MAX_ARTICLE:,} characters", line)
    if row.get("article_id") in (None, ""):
        row["article_id"] = f"{path.stem}-{line}"
    return {field: row.get(field) for field in FIELDS} | {"line": line}


def named(row: dict) -> dict:
    """A row under the names of the fields: lower case, and one name for each field."""
    row = {str(key).strip().lower(): value for key, value in row.items()}
    return {NAMES[key]: value for key, value in row.items() if key in NAMES} | row


READERS: dict[str, Callable[[Path], Records]] = {
    ".md": read_md, ".txt": read_txt, ".html": read_html, ".htm": read_html, ".csv": read_csv,
    ".jsonl": read_jsonl, ".parquet": read_parquet}
