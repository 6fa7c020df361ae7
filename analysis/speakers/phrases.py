"""Phrases that name someone: "Russia's foreign minister, Sergei Lavrov", "a senior Ukrainian official", "he".

Neighbouring pieces (pieces.py) are joined to a phrase by a small grammar: modifiers, body and title, then a
name or "of" a body, then a comma and an apposition. Who is meant is decided in referents.py.
"""

import re

from analysis.speakers.naming import COMMA, Phrase, in_apposition, with_apposition
from analysis.speakers.people import fold
from analysis.speakers.pieces import Piece, pieces
from analysis.speakers.roster import Roster

TITLES = {"office", "organisation", "country", "person", "people"}
LINKS = {"of", "for", "to", "at", "in", "from"}
AND = (" and ", " or ", " and the ", " as well as ", " as well as the ")
NUMBER = re.compile(r" (?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten) ")


class Parser:
    """Joins the pieces of one text to phrases."""

    def __init__(self, text: str, roster: Roster):
        self.text, self.roster, self.pieces = text, roster, pieces(text, roster)

    def phrases(self) -> list[Phrase]:
        found, k = [], 0
        while k < len(self.pieces):
            phrase, k = self.phrase(k)
            if phrase:
                after_joint = found and found[-1].joint and self._linked(found[-1].end, phrase.start)
                found.append(phrase._replace(joint=phrase.joint or bool(after_joint)))
                if shared := self._shares(phrase, k):
                    found[-1:] = [phrase._replace(joint=True), shared]
                    k += 1
        return found

    def _linked(self, end: int, start: int) -> bool:
        return self.text[end:start] in AND

    def _shares(self, phrase: Phrase, k: int) -> Phrase | None:
        """The body that shares the title of the one before: "the leaders of France and Germany"."""
        if phrase.kind != "people" or not phrase.inner or phrase.name or not self.next_to(k, *AND):
            return None
        piece = self.pieces[k]
        if self.next_to(k) or piece.kind != "name" or piece.value[0].kind != "institution" or piece.owner:
            return None
        return Phrase(
            piece.start, piece.end, None, phrase.titles, phrase.kind, phrase.noun, piece, joint=True
        )

    def next_to(self, k: int, *gaps: str) -> bool:
        """Whether piece k follows the one before it with nothing but one of the gaps between."""
        if not 0 < k < len(self.pieces):
            return False
        gap = self.text[self.pieces[k - 1].end : self.pieces[k].start]
        return (
            gap in gaps
            or gap in (" ", "\n", " [", "] ", "-", "  ", "\xa0")
            or self.pieces[k].kind == "people"
            and NUMBER.fullmatch(gap)
            or gap == ". "
            and self.pieces[k - 1].kind == "honorific"
        )

    def phrase(self, k: int, depth: int = 0, whose: Phrase | None = None) -> tuple[Phrase | None, int]:
        """The phrase that begins at piece k (of `whose`, where that stands before it), and the piece
        after it.
        """
        first = self.pieces[k]
        if joint := self._joint(k, depth):
            return joint, k + 1
        body, former, inner, k = self._front(k, whose)
        title, name, k = self._head(k)
        if title is None and name is None:
            return None, k
        end, owner, place = self.pieces[k - 1].end, self.pieces[k - 1].owner, ""
        if title and not name and not owner and depth < 2:
            body, k, end, more = self._of(body, title, k, end, depth)
            inner += more
        if title and not name and "Embassy" in title.value and self.next_to(k, " in "):
            place, end, k = self.pieces[k].key.title(), self.pieces[k].end, k + 1
        loose = name is not None and name.kind in ("adjective", "pronoun")
        phrase = Phrase(
            whose.start if whose else first.start,
            end,
            name,
            title.value if title else (),
            title.kind if title else "",
            self.text[title.start : title.end] if title else "",
            None if loose else body,
            self._before(first.start),
            place,
            former,
            owner,
            tuple(inner),
        )
        if owner and depth < 2 and whose is None and self.next_to(k) and self._titled(k):
            return self.phrase(k, depth + 1, phrase)
        return self._apposition(phrase, k) if depth == 0 and not owner else (phrase, k)

    def _joint(self, k: int, depth: int) -> Phrase | None:
        """The adjective that shares its title with the next: "French" in "the French and German leaders"."""
        piece = self.pieces[k]
        country = piece.value[0].name if piece.kind in ("adjective", "name") else ""
        if piece.kind == "name" and self.roster.adjectives.get(country) != self.text[piece.start : piece.end]:
            return None  # "US" is both name and adjective
        if not country or not self.next_to(k + 1, *AND) or self.next_to(k + 1):
            return None
        other, _ = self.phrase(k + 1, depth + 1)
        kind, titles, noun = self._shared_title(other) if other else ("", (), "")
        if not titles:
            return None
        return Phrase(
            piece.start, piece.end, None, titles, kind, noun, piece, self._before(piece.start), joint=True
        )

    def _shared_title(self, other: Phrase) -> tuple[str, tuple[str, ...], str]:
        """Kind, titles and noun that an adjective shares with a phrase: "US and Russian officials"."""
        if other.name is None:
            return other.kind, other.titles if other.body else (), other.noun
        if other.name.kind == "name" and other.name.value[0].kind in ("unnamed", "group"):
            noun = self.text[other.start : other.end].split()[-1]
            for key, atom in self.roster.lexicon.get(fold(noun)[0], ()):
                if len(key) == 1 and atom.kind == "people":
                    return atom.kind, atom.value, noun
        return "", (), ""

    def _front(self, k: int, whose: Phrase | None) -> tuple[Piece | Phrase | None, bool, list[Phrase], int]:
        """All that leads up to the head: of whom or what, whether former, phrases within, and the head's
        piece.
        """
        body, former, inner = whose, False, [whose] if whose else []
        while self._leads(k):
            piece = self.pieces[k]
            former |= piece.kind == "former"
            if piece.kind in ("adjective", "pronoun") and whose is None:
                body = piece
            elif piece.kind == "organisation":
                body = Phrase(piece.start, piece.end, None, piece.value, piece.kind, piece.key, body)
            elif piece.kind == "name":
                body = piece
                inner.append(Phrase(piece.start, piece.end, piece, owner=True))
            elif piece.kind == "unknown" and self.text[: piece.start].rstrip()[-1:] not in ("", *'.!?:"“'):
                body = piece  # not the capital of a sentence's first word
            k += 1
        return body, former, inner, k

    def _leads(self, k: int) -> bool:
        """Whether piece k only leads to the one after it: "former" to "president", "Ukraine's" to
        "minister".
        """
        piece = self.pieces[k]
        if not self.next_to(k + 1):
            return False
        after = self.pieces[k + 1].kind
        if piece.kind in ("modifier", "former", "honorific", "adjective"):
            return after != "pronoun"
        if piece.kind == "pronoun" and after in ("adjective", "modifier", "name", "former"):
            return piece.owner
        titled = after in TITLES or after in ("modifier", "former") and self._titled(k + 1)
        if piece.kind == "name":
            return titled or (piece.owner or piece.value[0].kind == "unnamed") and self._person(k + 1)
        if piece.kind in ("unknown", "pronoun"):
            return titled and piece.owner == (piece.kind == "pronoun")
        return titled and piece.kind in TITLES

    def _head(self, k: int) -> tuple[Piece | None, Piece | None, int]:
        """The title and the name at piece k, and the piece after them."""
        piece = self.pieces[k]
        if piece.kind in TITLES:
            return self._title(k)
        if piece.kind in ("modifier", "former", "honorific"):
            return None, None, k + 1
        if piece.kind == "adjective" and self.next_to(k + 1, *AND) and self.pieces[k + 1].kind == "adjective":
            return None, None, k + 1
        name = self._whole(k)
        return None, name, k + 1 + (name is not piece)

    def _title(self, k: int) -> tuple[Piece, Piece | None, int]:
        """A title, or two joined by "and", with the name that follows."""
        title, k = self.pieces[k], k + 1
        while self.next_to(k, " and ") and self.pieces[k].kind in ("office", "person"):
            title = title._replace(end=self.pieces[k].end, value=title.value + self.pieces[k].value)
            k += 1
        at = k + (self.next_to(k) and self.pieces[k].kind == "honorific")
        if self.pieces[k - 1].owner or not self.next_to(at) or not self._person(at):
            return title, None, k
        name = self._whole(at)
        return title, name, at + 1 + (name is not self.pieces[at])

    def _titled(self, k: int) -> bool:
        """Whether modifiers from piece k on lead to a title."""
        while (
            self.next_to(k)
            and self.pieces[k].kind in ("modifier", "former", "adjective")
            and self.next_to(k + 1)
        ):
            k += 1
        return self.pieces[k].kind in TITLES

    def _person(self, k: int) -> bool:
        """Whether piece k can be a person's name after a title."""
        piece = self.pieces[k]
        if piece.kind == "name":
            return piece.value[0].kind == "person"
        return piece.kind == "unknown"

    def _whole(self, k: int) -> Piece:
        """An unknown first name and a surname that the roster knows are one name."""
        piece = self.pieces[k]
        if piece.kind == "unknown" and self.next_to(k + 1) and not piece.owner:
            after = self.pieces[k + 1]
            if after.kind == "name" and after.value[0].kind == "person" and " " not in after.key:
                return Piece(
                    "joined", (piece, after), piece.start, after.end, after.owner, f"{piece.key} {after.key}"
                )
        return piece

    def _before(self, start: int) -> str:
        before = self.text[max(0, start - 24) : start]
        last = before.split()[-1:] if before[-1:].isspace() else []
        return last[0].lower().strip("\"“‘'(") if last else ""

    def _of(self, body, title, k, end, depth):
        """'of the European Commission' after a title."""
        if k < len(self.pieces):
            gap = self.text[end : self.pieces[k].start].split()
            link = gap[0].lower() if gap else ""
            if (
                link in LINKS
                and (len(gap) == 1 or len(gap) == 2 and gap[1] in ("the", "a"))
                and (title.kind in ("people", "person", "organisation") or link in ("of", "for", "at", "to"))
            ):
                inner, following = self.phrase(k, depth + 1)
                if (
                    inner
                    and not (inner.name and inner.name.kind == "pronoun")
                    and (body is None or link in ("to", "for"))
                ):
                    return (inner if body is None else body), following, inner.end, [inner]
        return body, k, end, []

    def _apposition(self, phrase: Phrase, k: int) -> tuple[Phrase, int]:
        """Add a name after a title, or a title after a name, between commas."""
        gap = self.text[phrase.end : self.pieces[k].start] if k < len(self.pieces) else ""
        if not COMMA.fullmatch(gap) or not in_apposition(phrase):
            return phrase, k
        other, following = self.phrase(k, 1)
        whole = None if other is None or other.owner else with_apposition(self.text, phrase, other)
        return (whole, following) if whole else (phrase, k)
