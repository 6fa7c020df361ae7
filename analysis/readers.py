"""One reader per file type: a file becomes records, each a dict with the fields that the file states."""

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from .config import InputError

MAX_ARTICLE = 2_000_000  # characters; a long newspaper article has 20,000
MAX_FRONT_MATTER = 20_000
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
        codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
FENCE = re.compile(r"---[ \t]*\r?\n")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def decode(data: bytes, path: Path) -> str:
    """The text of a file, where its encoding is certain (a byte order mark, or valid UTF-8); else InputError."""
    for mark, encoding in BOMS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise InputError(path, f"starts as {encoding} and is not: damaged or binary") from None
    if b"\0" in data:
        half = max(data[::2].count(0), data[1::2].count(0)) * 2 > 0.6 * len(data)
        raise InputError(path, "looks like UTF-16 without its mark: save it as UTF-8" if half else "binary, no text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(path, f"not UTF-8, {likely_encoding(data)}", line) from None


def likely_encoding(data: bytes) -> str:
    """What text that is no UTF-8 seems to be, for the error message."""
    high = sum(byte > 127 for byte in data[:100_000])
    if any(byte < 9 for byte in data[:1000]):
        return "seems binary"
    if high * 3 > len(data[:100_000]):
        return "seems to be windows-1251: save it as UTF-8"
    return "seems to be windows-1252: save it as UTF-8"


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file, or InputError where it cannot be read, is empty or is longer than limit."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from None
    if len(data) > limit:
        raise InputError(path, f"larger than {limit // 10**6} MB, the most that is read")
    if not data.strip():
        raise InputError(path, "empty file")
    return data


def read_txt(path: Path) -> Iterator[dict]:
    """Text as scraped: the date may lead the file name, the headline may be the first line."""
    date = re.match(r"\d{4}-\d\d-\d\d(?!\d)", path.stem)
    text = decode(read_bytes(path, 4 * MAX_ARTICLE), path)
    yield {"article_id": path.stem, "date": date[0] if date else None, "text": text}


def read_md(path: Path) -> Iterator[dict]:
    """Markdown with front matter between two lines of three dashes; without it, the same as text."""
    text = decode(read_bytes(path, 4 * MAX_ARTICLE), path)
    if not FENCE.match(text):
        yield from read_txt(path)
        return
    head, body = front_matter(path, text)
    yield {key: value for key, value in head.items()} | {"article_id": path.stem, "text": body}


def front_matter(path: Path, text: str) -> tuple[dict, str]:
    """The front matter as a dict, and the body after it."""
    start = FENCE.match(text).end()
    close = re.compile(r"^---[ \t]*\r?$\n?", re.M).search(text, start, start + MAX_FRONT_MATTER)
    if not close:
        raise InputError(path, "broken front matter: no closing ---", 1)
    try:
        head = yaml.load(text[start:close.start()], Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(path, f"broken front matter: {getattr(error, 'problem', None) or error}",
                         mark.line + 2 if mark else 1) from None
    if not isinstance(head, dict):
        raise InputError(path, "broken front matter: no 'key: value' lines", 2)
    return {str(key): value for key, value in head.items()}, text[close.end():]


READERS: dict[str, Callable[[Path], Iterator[dict]]] = {".md": read_md, ".txt": read_txt}
