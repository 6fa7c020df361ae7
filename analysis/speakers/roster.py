"""The roster: who is known, by which names, in which office and when.

Three files: speakers.csv (people, institutions, groups), countries.csv (each country is a speaker too) and
titles.csv (offices and nouns for people, in all their forms). Names, adjectives and titles together make one
lexicon, by the first word of each; grammar (phrases.py) joins them to phrases, so that no phrase is listed.
"""

from collections import defaultdict
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from analysis.config import DATA, SPEAKERS
from analysis.speakers.people import Entry, Role, words
from analysis.speakers.roster_file import Rows, listed, read

COUNTRIES, TITLES = DATA / "countries.csv", DATA / "titles.csv"


class Atom(NamedTuple):
    """What a run of words can mean: kind is name, adjective, people of, or the kind of a title in
    titles.csv.
    """

    kind: str
    value: tuple  # names: the entries that bear it; adjective and people of: the country; titles: their names
    capital: bool = False  # counts only where the text writes it with a capital


class Roster(NamedTuple):
    """Everything that the three files tell, by what it is looked up by."""

    entries: dict[str, Entry]
    lexicon: dict[str, list[tuple[tuple[str, ...], Atom]]]  # first word: (all words, atom), longest first
    holders: dict[tuple[str, str], list[tuple[Role, Entry]]]  # (title, body or its country): who held it when
    adjectives: dict[str, str]  # country: its first adjective
    leaders: dict[str, str]  # country: the title of the one who leads it
    given: frozenset[str]  # first names of the people in the roster
    nouns: frozenset[str]  # titles of those who are not named: official, source
    institution_words: frozenset[str]  # words in the names of institutions, not of people
    initials: dict[
        str, list[tuple[tuple[str, ...], Entry]]
    ]  # first letters of the surname: (first and last name, who)

    def held(self, title: str, body: str, day: date | None) -> list[Entry]:
        """The people who hold an office on a day; without a day, who holds it still."""
        held = {
            e.name: e
            for r, e in self.holders.get((title, body), ())
            if e.kind == "person" and (r.until is None if day is None else r.held_on(day))
        }
        return list(held.values())

    def called(self, name: str) -> Entry | None:
        """Who bears a name or an alias."""
        key = words(name)
        atoms = self.lexicon.get(key[0], ())
        return next((atom.value[0] for phrase, atom in atoms if phrase == key and atom.kind == "name"), None)


def load_roster(
    path: str | Path = SPEAKERS, *, countries: str | Path = COUNTRIES, titles: str | Path = TITLES
) -> Roster:
    """Read and check the roster, anew only when a file has changed.

    Raises InputError with file, line and reason on the first mistake.
    """
    files = Path(path), Path(countries), Path(titles)
    return _load(*files, *(file.stat().st_mtime_ns if file.exists() else 0 for file in files))


@lru_cache(8)
def _load(path: Path, countries: Path, titles: Path, *stamps: int) -> Roster:
    rows, problems = read(path, countries, titles)
    if problems:
        raise problems[0]
    return _index(rows)


def roster_problems(
    path: str | Path = SPEAKERS, *, countries: str | Path = COUNTRIES, titles: str | Path = TITLES
) -> list[tuple[int | None, str]]:
    """All that is wrong with a roster, as (line, reason); the reason names the file where it is not the
    roster.
    """
    problems = read(Path(path), Path(countries), Path(titles))[1]
    return [(p.line, p.reason) if p.path == str(path) else (None, str(p)) for p in problems]


def _index(rows: Rows) -> Roster:
    entries, people = rows.entries, [entry for entry in rows.entries.values() if entry.kind == "person"]
    holders, initials = defaultdict(list), defaultdict(list)
    for entry in entries.values():
        for role in entry.roles:
            for body in dict.fromkeys((role.body, entries[role.body].country)):
                holders[role.title, body].append((role, entry))
    for entry in people:
        for key in {words(name) for name in (entry.name, *entry.aliases)}:
            if len(key) == 2:
                initials[key[1][:2]].append((key, entry))
    return Roster(
        entries,
        _lexicon(rows),
        dict(holders),
        {row["country"]: (*listed(row["adjectives"]), row["country"])[0] for row in rows.countries},
        {row["country"]: row["leader"] for row in rows.countries},
        frozenset(words(entry.name)[0] for entry in people if " " in entry.name),
        frozenset(row["title"] for row in rows.titles if row["kind"] == "person"),
        frozenset(
            word for row in rows.titles if row["kind"] == "institution words" for word in words(row["forms"])
        ),
        dict(initials),
    )


def _lexicon(rows: Rows) -> dict[str, list[tuple[tuple[str, ...], Atom]]]:
    meanings = defaultdict(dict)  # (words, kind): {value: written with a capital}
    for phrase, kind, value, capital in _phrases(rows):
        meanings[words(phrase), kind][value] = capital and meanings[words(phrase), kind].get(value, True)
    lexicon = defaultdict(list)
    for (key, kind), values in meanings.items():
        lexicon[key[0]].append((key, Atom(kind, tuple(values), all(values.values()))))
    for choices in lexicon.values():
        choices.sort(key=lambda choice: (-len(choice[0]), choice[1].kind != "name"))
    return dict(lexicon)


def _phrases(rows: Rows):
    """Each phrase of the lexicon with its kind, its meaning and whether it needs a capital."""
    for entry in rows.entries.values():
        for alias in (entry.name, *entry.aliases):
            yield alias, "name", entry, alias[0].isupper()
    for row in rows.countries:
        for kind, column in (("adjective", "adjectives"), ("people of", "people")):
            for word in listed(row[column]):
                yield word, kind, rows.entries[row["country"]], True
    for row in rows.titles:
        for form in listed(row["forms"]) if row["kind"] != "institution words" else ():
            yield form, row["kind"], row["title"], False
            if row["kind"] in ("office", "person"):
                yield form + "s", "people", row["title"], False
