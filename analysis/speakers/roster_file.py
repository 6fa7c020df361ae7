"""Reading the roster's three files, with all that is wrong in them."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from analysis.config import InputError
from analysis.speakers.people import KINDS, SIDES, Entry, Role, active, words

COLUMNS = {
    "speakers": ["speaker", "kind", "side", "principal", "gender", "aliases", "roles"],
    "countries": ["country", "side", "leader", "names", "adjectives", "people"],
    "titles": ["title", "kind", "forms"],
}
TITLE_KINDS = (
    "office",
    "country",
    "organisation",
    "person",
    "people",
    "modifier",
    "former",
    "honorific",
    "institution words",
)
DATES = re.compile(r"(?P<role>.+?) \[(?P<start>[^\]]*?)\.\.(?P<until>[^\]]*)\]")


class Rows(NamedTuple):
    """What the three files say: all who can speak by name, the lines of countries.csv and of titles.csv."""

    entries: dict[str, Entry]
    countries: list[dict[str, str]]
    titles: list[dict[str, str]]


def _rows(path: Path, columns: list[str], problems: list[InputError]) -> list[tuple[int, dict[str, str]]]:
    """(line, row) for each row that has all the columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            if (header := next(reader, [])) != columns:
                problems.append(
                    InputError(path, f"columns must be {','.join(columns)}, found {','.join(header)}", 1)
                )
                return []
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(InputError(path, f"cannot be read: {error}"))
        return []
    bad = [(line, row) for line, row in rows if len(row) != len(columns)]
    problems += [InputError(path, f"{len(row)} fields, {len(columns)} expected", line) for line, row in bad]
    return [(line, dict(zip(columns, map(str.strip, row)))) for line, row in rows if len(row) == len(columns)]


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that lists several."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def read(path: Path, countries: Path, titles: Path) -> tuple[Rows, list[InputError]]:
    """Read speakers.csv (path), countries.csv and titles.csv; all mistakes, those of speakers.csv first."""
    problems: list[InputError] = []
    title_rows = _rows(titles, COLUMNS["titles"], problems)
    country_rows = _rows(countries, COLUMNS["countries"], problems)
    problems += [
        InputError(countries, f"unknown side {row['side']!r}", line)
        for line, row in country_rows
        if row["side"] not in SIDES
    ]
    problems += [
        InputError(titles, f"unknown kind {row['kind']!r}", line)
        for line, row in title_rows
        if row["kind"] not in TITLE_KINDS
    ]
    for file, rows, name in ((countries, country_rows, "country"), (titles, title_rows, "title")):
        problems += [
            InputError(file, f"{column} {part!r} has no word", line)
            for line, row in rows
            for column in row if column not in ("side", "kind", "leader")
            for part in ([row[name]] if column == name else listed(row[column]))
            if not words(part)
        ]
    known_titles = {row["title"] for _, row in title_rows}
    entries = {
        row["country"]: Entry(
            row["country"], "institution", row["side"], aliases=listed(row["names"]), country=row["country"]
        )
        for _, row in country_rows
    }
    own = _speakers(path, entries, known_titles, problems)
    names = {
        key: entry.name for entry in entries.values() for key in map(words, (entry.name, *entry.aliases))
    }
    for name in own:
        entries[name] = _link(entries[name], entries, names, known_titles, path, problems)
    for entry in list(entries.values()):
        entries[entry.name] = entry._replace(country=_country(entry, entries))
    problems += _shared(entries, own, path)
    problems.sort(key=lambda p: (p.path != str(path), p.line or 0))
    return Rows(entries, [row for _, row in country_rows], [row for _, row in title_rows]), problems


def _speakers(
    path: Path, entries: dict[str, Entry], titles: set[str], problems: list[InputError]
) -> list[str]:
    """Add the rows of speakers.csv to the entries; returns their names."""
    own = []
    for line, row in _rows(path, COLUMNS["speakers"], problems):
        problems += [InputError(path, reason, line) for reason in _mistakes(row, entries)]
        roles = [_role(text, titles, line, path, problems) for text in listed(row["roles"])]
        if row["speaker"] not in entries:
            own.append(row["speaker"])
            entries[row["speaker"]] = Entry(
                row["speaker"],
                row["kind"],
                row["side"],
                row["principal"],
                row["gender"],
                listed(row["aliases"]),
                tuple(role for role in roles if role),
                line,
            )
    return own


def _mistakes(row: dict[str, str], entries: dict[str, Entry]) -> Iterator[str]:
    """What is wrong within one row of speakers.csv."""
    if not words(row["speaker"]):
        yield "no speaker"
    if row["speaker"] in entries:
        first = entries[row["speaker"]].line
        yield f"speaker {row['speaker']!r} again, first in {f'line {first}' if first else 'countries.csv'}"
    if row["kind"] not in KINDS:
        yield f"unknown kind {row['kind']!r}, one of {', '.join(KINDS)} expected"
    if row["side"] not in SIDES:
        yield f"unknown side {row['side']!r}, one of {', '.join(SIDES)} expected"
    if row["gender"] not in ("", "m", "f"):
        yield f"unknown gender {row['gender']!r}, m, f or nothing expected"
    for alias, count in Counter(listed(row["aliases"])).items():
        if count > 1:
            yield f"alias {alias!r} twice"
        if not words(alias):
            yield f"alias {alias!r} has no word"


def _role(text: str, titles: set[str], line: int, path: Path, problems: list[InputError]) -> Role | None:
    """'title of body [from..until]' as a Role."""
    match = DATES.fullmatch(text)
    title, body = split_role(match["role"] if match else text, titles)
    if not body:
        reason = f"role {text!r}: 'title of body [from..until]' with a title of titles.csv expected"
        problems.append(InputError(path, reason, line))
        return None
    days = []
    for day in (match["start"], match["until"]) if match else ():
        try:
            days.append(date.fromisoformat(day) if day else None)
        except ValueError:
            problems.append(InputError(path, f"role {text!r}: {day!r} is no date (YYYY-MM-DD)", line))
            return None
    if days and all(days) and days[0] >= days[1]:
        problems.append(InputError(path, f"role {text!r} ends before it begins", line))
    return Role(title, body, *days)


def split_role(text: str, titles: Iterable[str]) -> tuple[str, str]:
    """'chief of staff of Ukraine' as title and body; body "" where the text is none of the titles'
    offices.
    """
    places = [m.start() for m in re.finditer(" of ", text)]
    at = next((place for place in reversed(places) if text[:place] in titles), None)
    return (text, "") if at is None else (text[:at], text[at + 4 :])


def _link(
    entry: Entry, entries: dict, names: dict, titles: set[str], path: Path, problems: list[InputError]
) -> Entry:
    """Bodies and principals by any of their names become canonical names."""
    roles = []
    for role in entry.roles:
        if (body := names.get(words(role.body))) is None:
            reason = f"role of {role.body!r}, who is neither speaker nor country"
            problems.append(InputError(path, reason, entry.line))
        roles.append(role._replace(body=body or role.body))
    principal = entry.principal
    title, body = split_role(principal, titles)
    if principal and principal not in entries and not (body := names.get(words(body))):
        reason = f"principal {principal!r} is neither a speaker nor an office"
        problems.append(InputError(path, reason, entry.line))
    elif principal and principal not in entries:
        principal = f"{title} of {body}"
    return entry._replace(roles=tuple(roles), principal=principal)


def _country(entry: Entry, entries: dict[str, Entry], depth: int = 0) -> str:
    """The country of a speaker: that of the first body it belongs to, else the side where that is a
    country.
    """
    for role in entry.roles if not entry.country and depth < 4 else ():
        if role.body in entries and (country := _country(entries[role.body], entries, depth + 1)):
            return country
    return entry.country or (entry.side if entry.side in SIDES[:3] else "")


def _shared(entries: dict[str, Entry], own: list[str], path: Path) -> Iterator[InputError]:
    """Aliases that two speakers bear at the same date."""
    bearers, own = defaultdict(list), set(own)
    for entry in entries.values():
        for key in {words(name) for name in (entry.name, *entry.aliases)}:
            bearers[key].append(entry)
    for key, several in bearers.items():
        for i, second in enumerate(several):
            for first in several[:i]:
                if second.name in own and key and _overlap(first, second):
                    reason = f"alias {' '.join(key)!r} is also {first.name}'s at the same date"
                    yield InputError(path, reason, second.line)


def _overlap(first: Entry, second: Entry) -> bool:
    """Whether the years of office of two speakers overlap (one without dated roles is there always)."""
    (start, end), (other_start, other_end) = map(active, (first, second))
    return start < other_end and other_start < end
