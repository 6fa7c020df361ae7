"""The roster: who is known, by which names, in which office and when.

Three files: speakers.csv (people, institutions, groups), countries.csv (each country is a speaker too) and
titles.csv (offices and nouns for people, in all their forms). Names, adjectives and titles together make one
lexicon, by the first word of each; grammar (mentions.py) joins them to phrases, so that no phrase is listed.
"""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .config import DATA, SPEAKERS, InputError

COUNTRIES, TITLES = DATA / "countries.csv", DATA / "titles.csv"
KINDS = ("person", "institution", "group", "unnamed")
SIDES = ("Russia", "Ukraine", "United States", "Europe", "Other")
COLUMNS = {
    "speakers": ["speaker", "kind", "side", "principal", "gender", "aliases", "roles"],
    "countries": ["country", "side", "leader", "names", "adjectives", "people"],
    "titles": ["title", "kind", "forms"],
}
WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\b\.?|(?:then|ex|now)(?=-\w)|[^\W_]+(?:[-'’][^\W_]+)*")
DATES = re.compile(r"(?P<role>.+?) \[(?P<start>[^\].]*)\.\.(?P<until>[^\].]*)\]")
PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ı": "i", "ß": "ss", "’": "'"})


class Role(NamedTuple):
    """An office held from the day `start` until the day `until`, when the successor takes over (None: open)."""

    title: str
    body: str
    start: date | None = None
    until: date | None = None

    def held_on(self, day: date | None) -> bool:
        return day is None or (self.start is None or self.start <= day) and (self.until is None or day < self.until)


class Entry(NamedTuple):
    """One speaker; `line` is its line in speakers.csv, None for one that only the article knows."""

    name: str
    kind: str
    side: str = ""
    principal: str = ""
    gender: str = ""
    aliases: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    line: int | None = None
    country: str = ""  # the country that the speaker speaks from, "" where there is none or it is not known


class Atom(NamedTuple):
    """What a run of words can mean: kind is name, adjective, people or the kind of a title in titles.csv."""

    kind: str
    value: tuple  # names: the entries that bear it; adjective and people: the country; titles: their names
    capital: bool = False  # counts only where the text writes it with a capital


class Roster(NamedTuple):
    entries: dict[str, Entry]
    lexicon: dict[str, list[tuple[tuple[str, ...], Atom]]]  # first word: (all words, atom), longest first
    holders: dict[tuple[str, str], list[tuple[Role, Entry]]]  # (title, body or its country): who held it when
    adjectives: dict[str, str]  # country: its first adjective
    leaders: dict[str, str]  # country: the title of the one who leads it
    given: frozenset[str]  # first names of the people in the roster
    institution_words: frozenset[str]  # words in the names of institutions, not of people
    initials: dict[str, list[tuple[tuple[str, str], Entry]]]  # first letters of the surname: (name in two words, who)


@lru_cache(1 << 16)
def fold(word: str) -> tuple[str, bool]:
    """A word as names are compared (no case, no accents, one ending for all transliterations of a Slavic -й),
    and whether it was possessive. Capitals of two or three letters stay: US is not us."""
    base = re.sub(r"['’]s?$", "", word, flags=re.I)
    plain = unicodedata.normalize("NFKD", base.translate(PLAIN))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace(".", "")
    if plain.isupper() and 1 < len(plain) < 4:
        return plain, base != word
    return re.sub(r"(?<=..)(?:[iy][iyj]?|e[iyj])$", "y", plain.lower()), base != word


def words(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase."""
    return tuple(fold(m.group())[0] for m in WORD.finditer(phrase))


@lru_cache(8)
def load_roster(path: str | Path = SPEAKERS, *, countries: str | Path = COUNTRIES, titles: str | Path = TITLES) -> Roster:
    """Read and check the roster. Raises InputError with file, line and reason on the first mistake."""
    roster, problems = _read(Path(path), Path(countries), Path(titles))
    if problems:
        raise problems[0]
    return roster


def roster_problems(path=SPEAKERS, *, countries=COUNTRIES, titles=TITLES) -> list[tuple[int | None, str]]:
    """All that is wrong with a roster, as (line, reason); the reason names the file where it is not the roster."""
    problems = _read(Path(path), Path(countries), Path(titles))[1]
    return [(p.line, p.reason if p.path == str(path) else str(p)) for p in problems]


def _rows(path: Path, columns: list[str], problems: list[InputError]) -> list[tuple[int, dict[str, str]]]:
    """(line, row) for each row that has all the columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            if (header := next(reader, [])) != columns:
                problems.append(InputError(path, f"columns must be {','.join(columns)}, found {','.join(header)}", 1))
                return []
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(InputError(path, f"cannot be read: {error}"))
        return []
    bad = [(line, row) for line, row in rows if len(row) != len(columns)]
    problems += [InputError(path, f"{len(row)} fields, {len(columns)} expected", line) for line, row in bad]
    return [(line, dict(zip(columns, map(str.strip, row)))) for line, row in rows if len(row) == len(columns)]


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _read(path: Path, countries: Path, titles: Path) -> tuple[Roster, list[InputError]]:
    problems: list[InputError] = []
    title_rows = _rows(titles, COLUMNS["titles"], problems)
    country_rows = _rows(countries, COLUMNS["countries"], problems)
    speaker_rows = _rows(path, COLUMNS["speakers"], problems)
    known_titles = {row["title"] for _, row in title_rows}
    entries: dict[str, Entry] = {}
    for line, row in country_rows:
        name = row["country"]
        entries[name] = Entry(name, "institution", row["side"], "", "", _list(row["names"]), (), line, name)
    for line, row in speaker_rows:
        for reason in _mistakes(row, entries):
            problems.append(InputError(path, reason, line))
        roles = [_role(text, known_titles, line, path, problems) for text in _list(row["roles"])]
        entries.setdefault(row["speaker"], Entry(
            row["speaker"], row["kind"], row["side"], row["principal"], row["gender"], _list(row["aliases"]),
            tuple(role for role in roles if role), line))
    own = {row["speaker"] for _, row in speaker_rows}
    names = {key: entry.name for entry in entries.values() for key in map(words, (entry.name, *entry.aliases))}
    for entry in [entries[name] for name in own if name in entries]:
        _link(entry, entries, names, known_titles, path, problems)
    for entry in entries.values():
        entries[entry.name] = entry._replace(country=_country(entry, entries))
    problems += _shared(entries, own, path)
    problems.sort(key=lambda p: (p.path != str(path), p.line or 0))
    return _index(entries, country_rows, title_rows), problems


def _mistakes(row: dict[str, str], entries: dict[str, Entry]):
    """What is wrong within one row of speakers.csv."""
    if not words(row["speaker"]):
        yield "no speaker"
    if row["speaker"] in entries:
        yield f"speaker {row['speaker']!r} again, first in line {entries[row['speaker']].line}"
    if row["kind"] not in KINDS:
        yield f"unknown kind {row['kind']!r}, one of {', '.join(KINDS)} expected"
    if row["side"] not in SIDES:
        yield f"unknown side {row['side']!r}, one of {', '.join(SIDES)} expected"
    if row["gender"] not in ("", "m", "f"):
        yield f"unknown gender {row['gender']!r}, m, f or nothing expected"
    for alias, count in Counter(_list(row["aliases"])).items():
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
    """'chief of staff of Ukraine' as title and body; body "" where the text is none of the titles' offices."""
    places = [m.start() for m in re.finditer(" of ", text)]
    at = next((place for place in reversed(places) if text[:place] in titles), None)
    return (text, "") if at is None else (text[:at], text[at + 4:])


def _link(entry: Entry, entries: dict, names: dict, titles: set[str], path: Path, problems: list[InputError]) -> None:
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
    entries[entry.name] = entry._replace(roles=tuple(roles), principal=principal)


def _country(entry: Entry, entries: dict[str, Entry], depth: int = 0) -> str:
    """The country of a speaker: that of the first body it belongs to, else the side where that is a country."""
    for role in entry.roles if not entry.country and depth < 4 else ():
        if role.body in entries and (country := _country(entries[role.body], entries, depth + 1)):
            return country
    return entry.country or (entry.side if entry.side in SIDES[:3] else "")


def _shared(entries: dict[str, Entry], own: set[str], path: Path):
    """Aliases that two speakers bear at the same date."""
    bearers = defaultdict(list)
    for entry in entries.values():
        for key in {words(name) for name in (entry.name, *entry.aliases)}:
            bearers[key].append(entry)
    for key, several in bearers.items():
        for i, second in enumerate(several):
            for first in several[:i]:
                if second.name in own and key and _overlap(first, second):
                    yield InputError(path, f"alias {' '.join(key)!r} is also {first.name}'s at the same date", second.line)


def _overlap(first: Entry, second: Entry) -> bool:
    """Whether the years of office of two speakers overlap (one without dated roles is there always)."""
    (start, end), (other_start, other_end) = map(active, (first, second))
    return start < other_end and other_start < end


def active(entry: Entry) -> tuple[date, date]:
    """First and last day of office."""
    starts, ends = [r.start for r in entry.roles], [r.until for r in entry.roles]
    return (min(starts) if starts and all(starts) else date.min), (max(ends) if ends and all(ends) else date.max)


def _index(entries: dict[str, Entry], country_rows: list, title_rows: list) -> Roster:
    """The lexicon and the table of offices."""
    meanings: dict[tuple[tuple[str, ...], str], dict] = defaultdict(dict)  # (words, kind): values in order, capital
    capitals = {}

    def add(phrase: str, kind: str, value, capital: bool = False) -> None:
        meanings[words(phrase), kind][value] = True
        capitals[words(phrase), kind] = capital and capitals.get((words(phrase), kind), True)

    holders = defaultdict(list)
    for entry in entries.values():
        for alias in (entry.name, *entry.aliases):
            add(alias, "name", entry, alias[0].isupper())
        for role in entry.roles:
            body = entries.get(role.body)
            for name in {role.body, body.country if body else ""} - {""}:
                holders[role.title, name].append((role, entry))
    for _, row in country_rows:
        for adjective in _list(row["adjectives"]):
            add(adjective, "adjective", entries[row["country"]], True)
        for noun in _list(row["people"]):
            add(noun, "people of", entries[row["country"]], True)
    institution_words = {word for _, row in title_rows if row["kind"] == "institution words" for word in words(row["forms"])}
    for _, row in title_rows:
        for form in _list(row["forms"]) if row["kind"] != "institution words" else ():
            add(form, row["kind"], row["title"])
            if row["kind"] in ("office", "person"):
                add(form + "s", "people", row["title"])
    lexicon = defaultdict(list)
    for (key, kind), values in meanings.items():
        if key:
            lexicon[key[0]].append((key, Atom(kind, tuple(values), capitals[key, kind])))
    for choices in lexicon.values():
        choices.sort(key=lambda choice: (-len(choice[0]), choice[1].kind != "name"))
    first = {row["country"]: (_list(row["adjectives"]) or (row["country"],))[0] for _, row in country_rows}
    initials = defaultdict(list)
    for entry in entries.values():
        for key in {words(name) for name in (entry.name, *entry.aliases)} if entry.kind == "person" else ():
            if len(key) == 2:
                initials[key[1][:2]].append((key, entry))
    given = {words(e.name)[0] for e in entries.values() if e.kind == "person" and len(words(e.name)) > 1}
    return Roster(entries, dict(lexicon), dict(holders), first,
                  {row["country"]: row["leader"] for _, row in country_rows}, frozenset(given), frozenset(institution_words), dict(initials))
