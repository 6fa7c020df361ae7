"""Is data/ in order? Every file is read, and each problem is named with its file, line and reason."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.cleaning import load_rules
from analysis.codebook import Codebook, codebook_problems, load_codebook
from analysis.codings.coding_store import BASIC, CODING_COLUMNS, NONE
from analysis.trends.conditions import OTHER, kinds
from analysis.config import DATA, EVENT_COLUMNS, InputError
from analysis.corpus import load_articles
from analysis.corpus.files import decode, read_bytes
from analysis.models import read_arrays
from analysis.speakers.roster import load_roster, roster_problems
from analysis.positions.stance import load_model

MAX_EVENT = 30  # characters, so that labels fit on the time axis
MAX_TABLE = 50_000_000  # bytes

Found = Iterable[tuple]  # (line or None, reason) or, for a warning, (line or None, reason, True)


class Problem(NamedTuple):
    """One thing to mend; a warning is worth a look and leaves the data usable."""

    path: Path
    line: int | None
    reason: str
    warning: bool = False

    def __str__(self) -> str:
        path = self.path.relative_to(Path.cwd()) if self.path.is_relative_to(Path.cwd()) else self.path
        place = f"{path}:{self.line}" if self.line else f"{path}"
        return f"{place}: {'warning: ' if self.warning else ''}{self.reason}"


def check(data: Path = DATA) -> list[Problem]:
    """All problems of the files in a data folder, file by file."""
    articles = load_articles(*(folder for folder in (data / "articles", data / "local") if folder.is_dir()))
    problems = [Problem(Path(p["file"]), p["line"], p["reason"]) for p in articles.attrs["problems"]]
    for name, find in finders(data, dict(zip(articles.article_id, articles.text, strict=True))).items():
        try:
            problems += [Problem(data / name, *found) for found in find(data / name)]
        except InputError as error:
            problems.append(Problem(Path(error.path), error.line, error.reason))
    return list(dict.fromkeys(problems))


def finders(data: Path, texts: dict[str, str]) -> dict[str, Callable[[Path], Found]]:
    """For each file, what finds its problems: a function of its path."""
    roster = {"countries": data / "countries.csv", "titles": data / "titles.csv"}
    return {
        "codebook.yaml": codebook_problems,
        "speakers.csv": lambda path: roster_problems(path, **roster),
        "boilerplate.yaml": loads(load_rules),
        "conditions.yaml": loads(lambda path: [kinds(section, path) for section in OTHER]),
        "events.csv": event_problems,
        "coded.csv": lambda path: coding_problems(
            path,
            texts,
            load_codebook(data / "codebook.yaml"),
            load_roster(data / "speakers.csv", **roster).entries,
        ),
        **{f"models/{path.name}": loads(read_arrays) for path in sorted((data / "models").glob("*.npz"))},
        "models/stance.json": loads(load_model),
    }


def loads(load: Callable[[Path], object]) -> Callable[[Path], Found]:
    """A finder for a file whose own loader raises InputError where something is wrong."""

    def find(path: Path) -> Found:
        load(path)
        return ()

    return find


def event_problems(path: Path) -> Iterator[tuple[int, str]]:
    """What is wrong in the events: dates, labels too long for a chart, links that are none, doubles."""
    seen = set()
    for line, row in read_rows(path, EVENT_COLUMNS):
        if not is_date(row["date"]):
            yield line, f"date {row['date']!r} is not YYYY-MM-DD"
        if not 0 < len(row["event"]) <= MAX_EVENT:
            yield line, f"event has {len(row['event'])} characters, allowed are 1 to {MAX_EVENT}"
        if not row["detail"]:
            yield line, "detail is empty"
        if not re.fullmatch(r"https?://[^\s<>\"]+", row["url"]):
            yield line, f"url {row['url']!r} is no http(s) link"
        if (row["date"], row["event"]) in seen:
            yield line, f"event {row['event']!r} stands twice on {row['date']}"
        seen.add((row["date"], row["event"]))


def coding_problems(path: Path, texts: dict[str, str], codebook: Codebook, speakers: Iterable[str]) -> Found:
    """What is wrong in the codings, given the texts by article, the codebook and the roster's names."""
    known, seen = set(speakers), set()
    for line, row in read_rows(path, CODING_COLUMNS, BASIC):
        for name, allowed in {
            "article_id": texts,
            "topic": codebook.topics,
            "stance": (*codebook.stances, NONE),
            "second_hand": ("0", "1"),
        }.items():
            if row[name] not in allowed:
                yield line, f"{name} {row[name]!r} is not known"
        if not row["coder"]:
            yield line, "coder is empty"
        if (row["stance"] == "conditional") != bool(row["condition"]):
            yield line, f"stance {row['stance']!r} with condition {row['condition']!r}"
        if row["speaker"] not in known:
            yield line, f"speaker {row['speaker']!r} is not in speakers.csv", True
            known.add(row["speaker"])
        if not row["evidence"] or plain(row["evidence"]) not in plain(
            texts.get(row["article_id"], row["evidence"])
        ):
            yield line, "evidence is not found in the article", True
        if tuple(row.values()) in seen:
            yield line, "the same coding stands above"
        seen.add(tuple(row.values()))


def read_rows(path: Path, *columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file; InputError where it cannot be read or has ragged rows or other columns."""
    reader = csv.reader(io.StringIO(decode(read_bytes(path, MAX_TABLE), path), newline=""), strict=True)
    try:
        if (header := next(reader, [])) not in columns:
            raise InputError(path, f"columns are {', '.join(header)}; needed are {', '.join(columns[0])}", 1)
        end = reader.line_num
        for cells in reader:
            start, end = end + 1, reader.line_num
            if cells and len(cells) != len(header):
                raise InputError(path, f"{len(cells)} cells where {len(header)} are needed", start)
            if cells:
                yield start, dict(zip(header, map(str.strip, cells), strict=True))
    except csv.Error as error:
        raise InputError(path, f"broken CSV: {error}", reader.line_num) from None


def is_date(text: str) -> bool:
    """Whether a text is a day written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def plain(text: str) -> str:
    """Text for comparing: one kind of quotation mark and apostrophe, one blank between words."""
    text = re.sub(r"[“”„«»]", '"', re.sub(r"[‘’ʼ]", "'", text))
    return " ".join(text.split())
