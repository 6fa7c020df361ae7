"""Attributions as JSON lines, with offsets into the raw text as given: no cleaning, no headline taken out."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from analysis.attribution import attributions
from analysis.config import InputError, progress
from analysis.corpus.files import MAX_PAGE, decode, read_bytes
from analysis.output import replacing

SUFFIXES = (".jsonl", ".txt", ".md")


def attribute(paths: list[str | os.PathLike], output: str | os.PathLike) -> tuple[int, list[InputError]]:
    """Write one line per article, {"article", "statements": [{"source", "cue", "content"}]}, to output.

    Spans are [start, end] in characters of the text; source and cue may be null; content is a list of spans.
    Returns the number of articles and what was left out.
    """
    count, left_out = 0, []
    with replacing(output) as draft, draft.open("w", encoding="utf-8") as file:
        for article, text in progress(raw_texts(paths, left_out), "Attributing"):
            file.write(json.dumps({"article": article, "statements": statements(text)}) + "\n")
            count += 1
    return count, left_out


def statements(text: str) -> list[dict]:
    """The attributions of a text as they stand in the JSON line: the outer level, as corpora have it."""
    outer = [a for a in attributions(text) if a.parent is None]
    return [{"source": a.source, "cue": a.cue, "content": a.content} for a in outer]


def raw_texts(paths: list[str | os.PathLike], left_out: list[InputError]) -> Iterator[tuple[str, str]]:
    """(article, text) from lines of .jsonl and whole .txt and .md files; left_out gets the unreadable."""
    for path in _files(paths):
        try:
            if path.suffix.lower() == ".jsonl":
                yield from _json_lines(path, left_out)
            elif path.suffix.lower() in SUFFIXES:
                yield path.stem, decode(read_bytes(path, MAX_PAGE), path)
            else:
                raise InputError(path, f"attribute reads {', '.join(SUFFIXES)} and folders of them")
        except InputError as error:
            left_out.append(error)


def _files(paths: list[str | os.PathLike]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
        else:
            yield path


def _json_lines(path: Path, left_out: list[InputError]) -> Iterator[tuple[str, str]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    if line.strip():
                        yield _article(json.loads(line))
                except (ValueError, RecursionError) as error:
                    left_out.append(InputError(path, f"no article: {error}", number))
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from None


def _article(record: object) -> tuple[str, str]:
    fields = record if isinstance(record, dict) else {}
    article, text = fields.get("article"), fields.get("text")
    if not (isinstance(article, str) and isinstance(text, str)):
        raise ValueError('an object with the texts "article" and "text" is needed')
    return article, text
