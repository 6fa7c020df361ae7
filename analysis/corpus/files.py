"""The bytes and the text of a file, where both are certain; else one clear error."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.config import InputError

MAX_PAGE = 5_000_000  # bytes of a file with one article
HEAD = 1 << 20  # bytes of a table by which its encoding is told

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
        codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class NoArticle(InputError):
    """A sound file that holds no articles: a README, an index, a table of codings."""


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


def read_lines(path: Path, limit: int, *, newline: str) -> Iterator[str]:
    """The lines of a file of more than one article, one after the other; InputError as read_bytes and decode
    raise, for the first line that is not in the encoding too."""
    check_file(path, limit)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if not head.strip():
            raise InputError(path, "empty file")
        decode(head[: head.rfind(b"\n") + 1 or None] if len(head) == HEAD else head, path)
        encoding = encoding_of(head)
        number = 0
        with path.open(encoding=encoding, newline=newline) as file:
            for number, line in enumerate(file, 1):
                yield line
    except UnicodeDecodeError as error:
        reason = f"not {encoding.upper()} from here on: {likely_encoding(error.object)}"
        raise InputError(path, reason, number + 1) from None
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from None


def decode(data: bytes, path: Path, *, declared: str | None = None) -> str:
    """Text in a certain encoding: by a byte order mark, as valid UTF-8, or declared; else InputError."""
    encoding = encoding_of(data)
    if encoding == "utf-8" and b"\0" in data:
        utf16 = max(data[::2].count(0), data[1::2].count(0)) * 3 > len(data)
        raise InputError(path, "seems to be UTF-16; save it as UTF-8" if utf16 else "binary, no text")
    for name in filter(None, (encoding, declared)):
        try:
            return data.decode(name)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
    raise InputError(path, f"not {name.upper()}: {likely_encoding(data)}", line)


def encoding_of(data: bytes) -> str:
    """The encoding that a byte order mark names, else UTF-8."""
    return next((name for mark, name in BOMS.items() if data.startswith(mark)), "utf-8")


def likely_encoding(data: bytes) -> str:
    """What bytes that are no UTF-8 seem to be, for the error message."""
    sample = data[:100_000]
    if any(byte < 9 for byte in sample):
        return "binary, no text"
    cyrillic = re.search(rb"[\xC0-\xFF]{4}", sample)  # a word; in the west such letters stand alone
    return f"seems to be windows-125{'1' if cyrillic else '2'}; save it as UTF-8"
