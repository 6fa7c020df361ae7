"""Who can speak: people and institutions with their offices, and how names are compared."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

KINDS = ("person", "institution", "group", "unnamed")
SIDES = ("Russia", "Ukraine", "United States", "Europe", "Other")
WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\b\.?|(?:then|ex|now)(?=-\w)|[^\W_]+(?:[-'’][^\W_]+)*")
PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ı": "i", "ß": "ss", "’": "'"})


class Role(NamedTuple):
    """An office held from the day `start` until the day `until`, when the successor takes over (None:
    open).
    """

    title: str
    body: str
    start: date | None = None
    until: date | None = None

    def held_on(self, day: date | None) -> bool:
        return (
            day is None
            or (self.start is None or self.start <= day)
            and (self.until is None or day < self.until)
        )


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
    members: tuple["Entry", ...] = ()  # who speaks, where it is several by name: "Macron and Starmer"
    country: str = ""  # the country that the speaker speaks from, "" where there is none or it is not known


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


def active(entry: Entry) -> tuple[date, date]:
    """First and last day of office."""
    starts, ends = [r.start for r in entry.roles], [r.until for r in entry.roles]
    return (min(starts) if starts and all(starts) else date.min), (
        max(ends) if ends and all(ends) else date.max
    )
