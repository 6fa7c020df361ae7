"""A phrase that names someone, and when a name and a title beside each other mean the same person."""

import re
from typing import NamedTuple

from analysis.speakers.people import WORD, fold
from analysis.speakers.pieces import SMALL, Piece

COMMA = re.compile(
    r"(?:,| \(| [–—-]) ?(?:(?:at th(?:e|at) time|now|currently) )?(?:(?:the|a|an|one of) )?"
)
STOP = re.compile(r"\s*(?:[,.;:!?)\]”\"’—–-]|$)")


class Phrase(NamedTuple):
    """One naming phrase. `name`: what stands for a name in it, or None; titles: what its title can mean."""

    start: int
    end: int
    name: Piece | None = None
    titles: tuple[str, ...] = ()
    kind: str = ""  # kind of the title: office, organisation, country, person, people
    noun: str = ""  # the title's words as written
    body: object = None  # Piece or Phrase: of what
    before: str = ""  # the word before the phrase, lower case
    place: str = ""  # where an embassy stands
    former: bool = False
    owner: bool = False
    inner: tuple = ()  # phrases within: whose aide, of what
    joint: bool = False  # shares its title with a neighbour: "the French and German leaders"


def in_apposition(phrase: Phrase) -> bool:
    """Whether a phrase may have a name or a title beside it."""
    return phrase.name is not None or phrase.kind in ("office", "person")


def with_apposition(text: str, phrase: Phrase, other: Phrase) -> Phrase | None:
    """The phrase with the name after its title, or the title after its name; None where they are two."""
    gap, inner = text[phrase.end : other.start], (*phrase.inner, *other.inner)
    if phrase.name is None:
        if other.name and not other.titles and _named_so(text, phrase, other):
            return phrase._replace(end=other.end, name=other.name, inner=inner)
    elif not phrase.titles and other.name is None and other.kind in ("office", "person"):
        if _called_so(text, phrase, other, gap):
            return other._replace(
                start=phrase.start,
                name=phrase.name,
                before=phrase.before,
                place=phrase.place,
                owner=phrase.owner,
                inner=inner,
            )
    return None


def _named_so(text: str, title: Phrase, other: Phrase) -> bool:
    """Whether the name after a title is its bearer's: one of the roster with such an office, or a name
    in full that a mark closes."""
    name = other.name
    known = name.kind == "name" and name.value[0].kind == "person"
    if known and any(role.title in title.titles for entry in name.value for role in entry.roles):
        return True
    closed = STOP.match(text, other.end) or name.start > other.start  # "Dr" and the like
    return (
        bool(closed)
        and " " in name.key
        and (name.kind in ("unknown", "joined") or known and title.kind == "person")
    )


def _called_so(text: str, phrase: Phrase, title: Phrase, gap: str) -> bool:
    """Whether a title after a name is that person's."""
    name = phrase.name
    if name.kind not in ("unknown", "joined", "name") or name.kind != "name" and " " not in name.key:
        return False
    if STOP.match(text, title.end):
        return name.kind != "name" or name.value[0].kind == "person"
    after = WORD.search(text, title.end)
    verb = after is None or fold(after.group())[0] in SMALL  # "Nato, a French adviser said": another speaks
    return name.kind != "name" and gap.endswith((" a ", " an ")) and not verb
