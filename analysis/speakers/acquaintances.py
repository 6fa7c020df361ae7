"""People whom an article itself introduces: by their full name, or by a title with the name."""

import re
from bisect import bisect_right
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import lru_cache

from analysis.speakers.people import Entry, Role, active, words
from analysis.speakers.naming import Phrase
from analysis.speakers.pieces import Piece
from analysis.speakers.roster import Roster
from analysis.speakers.scene import Scene


class Acquaintances:
    """The names of one article: which person a full name or a bare surname means in it."""

    def __init__(self, scene: Scene, roster: Roster):
        self.scene, self.roster = scene, roster
        self.learned: dict[str, Entry] = {}  # by the words of the name
        self.surnames: dict[str, Entry] = {}
        self.named: set[str] = set()  # whom of the roster the article names
        self._sources = sorted(
            (a.source[0] + scene.shift, a.source[1] + scene.shift) for a in scene.attributions if a.source
        )

    def meet(self, phrases: list[Phrase], body_of: Callable[[Phrase], Entry | None]) -> None:
        """Learn all names of the article; body_of tells whose office a phrase names."""
        full, bare = {}, []  # full names by surname; surnames alone
        for phrase in phrases:
            if phrase.name:
                self._meet(phrase, full, bare, body_of)
        for phrase in bare:
            if (
                phrase.name.key in full or phrase.start < phrase.name.start
            ):  # in full elsewhere, or "Mr Bagirov"
                self._introduce(full.get(phrase.name.key, phrase), body_of)

    def known(self, key: str) -> Entry | None:
        return self.learned.get(key) or self.surnames.get(key)

    def bearer(self, piece: Piece, day) -> Entry:
        """Whom a name of the roster means: a bare surname whom the article calls so in full, else by the
        date.
        """
        single = piece.value[0].kind == "person" and " " not in piece.key
        if single and piece.key in self.surnames:
            return self.surnames[piece.key]
        for entry in piece.value if day and len(piece.value) > 1 else ():
            start, end = active(entry)
            if start <= day < end:
                return entry
        return piece.value[-1]

    def joined(self, piece: Piece) -> Entry:
        """An unlisted first name with a surname of the roster: the same person in other letters, or a
        namesake.
        """
        first, surname = piece.value
        given = max(first.key.split(), key=len)
        for entry in surname.value:
            if first.start == 0 or any(_ratio(given, word) >= 0.6 for word in words(entry.name)[:-1]):
                return entry
        if given not in self.roster.given and self.scene.begins_sentence(first.start):
            return surname.value[0]
        return self.learned.setdefault(piece.key, Entry(self._written(piece), "person"))

    def _meet(self, phrase: Phrase, full: dict[str, Phrase], bare: list[Phrase], body_of: Callable) -> None:
        name, surname = phrase.name, phrase.name.key.split()[-1]
        if name.kind == "name":
            self.named.update(entry.name for entry in name.value)
            if name.value[0].kind == "person" and name.key != surname:
                self.surnames[surname] = name.value[0]
        elif name.kind == "joined":
            self.surnames[surname] = self.joined(name)
        elif name.kind == "unknown":
            titled = phrase.kind in ("office", "person") and (
                name.key != surname or name.start > phrase.start
            )
            source = self._in_source(phrase)
            if titled or source and name.key != surname and not phrase.titles:
                self._introduce(phrase, body_of)
            elif source and name.key == surname:
                bare.append(phrase)
            if name.key != surname:
                full.setdefault(surname, phrase)

    def _in_source(self, phrase: Phrase) -> bool:
        at = bisect_right(self._sources, (phrase.end, 0)) - 1
        return at >= 0 and self._sources[at][1] > phrase.name.start

    def _introduce(self, phrase: Phrase, body_of: Callable) -> None:
        """Remember a name that the roster does not know, with what the phrase tells of its bearer."""
        key, surname = phrase.name.key, phrase.name.key.split()[-1]
        entry = self.known(key) if key == surname else self.learned.get(key)
        entry = entry or misspelt(key, self.roster)
        if entry is None:
            kind = "institution" if self.roster.institution_words & set(key.split()) else "person"
            entry = Entry(self._written(phrase.name), kind)
        if entry.name not in self.roster.entries:
            body = body_of(phrase)
            if body and (phrase.titles or body.name in self.roster.leaders):
                entry = entry._replace(side=entry.side or body.side, country=entry.country or body.country)
            roles = tuple(Role(title, body.name if body else "") for title in phrase.titles)
            entry = entry._replace(roles=tuple(dict.fromkeys(entry.roles + roles)))
        self.learned[key] = entry
        if key != surname or surname not in self.surnames:
            self.surnames[surname] = entry

    def _written(self, piece: Piece) -> str:
        return unowned(self.scene.text[piece.start : piece.end])


def misspelt(key: str, roster: Roster) -> Entry | None:
    """Someone of the roster whose full name the text spells almost so ("Podolyuak")."""
    given, _, surname = key.partition(" ")
    for (own, name), entry in roster.initials.get(surname[:2], ()) if " " not in surname else ():
        if abs(len(name) - len(surname)) < 3 and _ratio(name, surname) >= 0.85 and _ratio(own, given) >= 0.7:
            return entry
    return None


@lru_cache(1 << 12)  # the same names come again and again
def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def unowned(phrase: str) -> str:
    """Words on one line, without the possessive ending."""
    return re.sub(r"['’]s?$", "", " ".join(phrase.split()))
