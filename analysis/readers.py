"""One reader per file type: a file becomes records, each a dict of the fields that the file states.

A record that cannot be used is yielded as an InputError, so that the others are still read; a file that
cannot be used raises one.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from .config import InputError

MAX_ARTICLE = 2_000_000  # characters: a long newspaper article has 20,000
MAX_PAGE = 5_000_000  # bytes of one .md, .txt or .html file
MAX_TABLE = 1_000_000_000  # bytes of one .csv, .jsonl or .parquet file, as it is after unpacking
MAX_FRONT_MATTER = 20_000  # characters
BATCH = 100  # rows of a Parquet table that are unpacked at once
MAX_TAGS = 50_000  # of one HTML page

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
        codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w-]{2,20})", re.I)
FENCE = re.compile(r"---[ \t]*\r?\n")
FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.M)
NAMES = {"article": "article_id", "id": "article_id", "title": "headline"}  # other names of the fields
FIELDS = ("article_id", "date", "publisher", "headline", "url", "text")
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value stays text: no tags, no objects
Records = Iterator[dict | InputError]


class NoArticle(InputError):
    """A sound file that holds no articles: a README, an index, a table of codings."""


def read(path: Path) -> Records:
    """The records of a file, by the reader for its type."""
    reader = READERS.get(path.suffix.lower())
    if not reader:
        raise NoArticle(path, f"not a type that is read ({', '.join(READERS)})")
    yield from reader(path)


def check_file(path: Path, limit: int) -> None:
    """InputError where there is no such plain file, or one of more than `limit` bytes."""
    try:
        if not path.is_file():
            raise InputError(path, "not a plain file" if path.exists() else "no such file")
        size = path.stat().st_size
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from None
    if size > limit:
        raise InputError(path, f"larger than {limit // 10**6:,} MB, the most that is read")


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file; InputError where it cannot be read, is empty or is longer than limit."""
    check_file(path, limit)
    try:
        with path.open("rb") as file:
            data = file.read(limit)
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from None
    if not data.strip():
        raise InputError(path, "empty file")
    return data


def decode(data: bytes, path: Path, declared: str | None = None) -> str:
    """Text, where its encoding is certain (byte order mark, valid UTF-8, declared); else InputError."""
    encoding = next((name for mark, name in BOMS.items() if data.startswith(mark)), declared or "utf-8")
    if encoding in ("utf-8", declared) and b"\0" in data:
        zeros = max(data[::2].count(0), data[1::2].count(0))
        utf16 = zeros * 3 > len(data)
        raise InputError(path, "seems to be UTF-16; save it as UTF-8" if utf16 else "binary, no text")
    try:
        return data.decode(encoding)
    except LookupError:
        raise InputError(path, f"declares an unknown encoding, {encoding}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(path, f"not {encoding.upper()}: {likely_encoding(data)}", line) from None


def likely_encoding(data: bytes) -> str:
    """What bytes that are no UTF-8 seem to be, for the error message."""
    sample = data[:100_000]
    if any(byte < 9 for byte in sample):
        return "binary, no text"
    cyrillic = sum(byte >= 0xC0 for byte in sample) * 3 > sum(byte > 0x40 for byte in sample)
    return f"seems to be windows-125{'1' if cyrillic else '2'}; save it as UTF-8"


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


def read_html(path: Path) -> Records:
    """A saved page: text by trafilatura, metadata from JSON-LD, OpenGraph and time elements; no network."""
    from trafilatura import bare_extraction  # half a second to import

    data = read_bytes(path, MAX_PAGE)
    declared = CHARSET.search(data[:4096])
    html = decode(data, path, declared and declared[1].decode("ascii").lower())
    if html.count("<") > MAX_TAGS:
        raise InputError(path, f"more than {MAX_TAGS:,} tags: not a page of one article")
    try:
        page = bare_extraction(html, with_metadata=True, include_comments=False, include_tables=False,
                               date_extraction_params={"original_date": True, "extensive_search": False,
                                                       "max_date": "2100-01-01"})
    except Exception as error:  # of any kind: what a hostile page makes its parsers raise
        raise InputError(path, f"cannot be read as HTML: {type(error).__name__}") from None
    if not page or not page.text:
        raise InputError(path, "no article text found in the page")
    yield {"article_id": path.stem, "date": page.date, "publisher": page.sitename or page.hostname,
           "headline": page.title, "url": page.url, "text": page.text}


def read_csv(path: Path) -> Records:
    """A table with one article per row and at least a column text."""
    for line, row in read_table(path, need="text"):
        yield row if isinstance(row, InputError) else record_of(path, row, line)


def read_table(path: Path, *, need: str) -> Iterator[tuple[int, dict | InputError]]:
    """The rows of a CSV file with their lines; NoArticle where the column `need` is missing."""
    text = decode(read_bytes(path, MAX_TABLE), path)
    head = text.split("\n", 1)[0]
    csv.field_size_limit(MAX_TABLE)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        names = list(reader.fieldnames or [])
        if need not in named(dict.fromkeys(names)):
            raise NoArticle(path, f"no column {need!r} (it has: {', '.join(names)[:200]})", 1)
        for row in reader:
            surplus = row.pop(None, None)
            yield reader.line_num, (InputError(path, "more fields than the header names", reader.line_num)
                                    if surplus else named(row))
    except csv.Error as error:
        yield reader.line_num, InputError(path, f"broken CSV from here on: {error}", reader.line_num)


def read_jsonl(path: Path) -> Records:
    """One JSON object per line, with at least the key text."""
    found = False
    for line, raw in enumerate(decode(read_bytes(path, MAX_TABLE), path).split("\n"), 1):
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
        with parquet.ParquetFile(path, read_dictionary=["text"]) as table:
            names = table.schema_arrow.names
            if "text" not in names:
                raise NoArticle(path, f"no column 'text' (it has: {', '.join(names)[:200]})")
            groups = [table.metadata.row_group(number) for number in range(table.num_row_groups)]
            if sum(group.total_byte_size for group in groups) > MAX_TABLE:
                raise InputError(path, f"unpacks to more than {MAX_TABLE // 10**6:,} MB")
            columns = [name for name in names if NAMES.get(name, name) in FIELDS]
            for number, batch in enumerate(table.iter_batches(batch_size=BATCH, columns=columns)):
                for row, record in enumerate(batch.to_pylist(), number * BATCH + 1):
                    yield record_of(path, named(record), row)
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, OverflowError) as error:
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
