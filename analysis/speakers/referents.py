"""Who each phrase of an article means: names, titles by date, "the president" and pronouns by what was
said before.
"""

import re
from collections.abc import Iterator
from datetime import date

from analysis.speakers.acquaintances import Acquaintances, unowned
from analysis.speakers.naming import Phrase
from analysis.speakers.offices import Offices
from analysis.speakers.people import Entry
from analysis.speakers.phrases import Parser
from analysis.speakers.pieces import Piece
from analysis.speakers.roster import Roster
from analysis.speakers.scene import Scene, Seen
from analysis.speakers.titles import Titles

IMPERSONAL = re.compile(
    r"(?:['’]s| (?:is|was|be|seems|appears|remains|became|makes|would be|will be|may be|has been|had been))"
    r"(?: \w+ly| not| also| now| too| very| more)* (?:important|crucial|vital|necessary|essential|clear|"
    r"unclear|obvious|possible|impossible|time|up to|early|late|known|unlikely that|likely that|agreed|noted|"
    r"no|for|hard|difficult|easy|better|good|true|worth|sense)\b"
)  # "it is important that"
WISH = re.compile(
    r" (?:proposals?|offers?|plans?|demands?|requests?|refusal|rejection|objections?|insistence|pledges?|"
    r"promises?|initiative|position|stance|opposition|conditions?)\b"
)  # "the American proposal" is one of the country's
SEVERAL = re.compile(
    r"(?:all )?(?:the|these|both) (?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|signatories|"
    r"participants|pair|trio|group|bloc|other two)",
    re.IGNORECASE,
)  # who has been named as several before
VERB = re.compile(r" (?:is|was|has|had|would|could|will|can|did|does|also|never|who|said|says|himself)\b")
PLURAL = ("sh", "ch", "ese", "ss")  # the British, the French, the Chinese, the Swiss


class Referents:
    """Resolves the phrases of one article in text order; the scene then holds all mentions."""

    def __init__(self, scene: Scene, roster: Roster, day: date | None):
        self.scene, self.roster, self.day = scene, roster, day
        self.offices = Offices(roster, day)
        self.people = Acquaintances(scene, roster)
        self.titles = Titles(scene, self.people, self.offices)
        phrases = Parser(scene.text, roster).phrases()
        self.people.meet(phrases, self._taught)
        phrases = sorted([*phrases, *self._several()], key=lambda phrase: phrase.start)
        for phrase, inner in (
            pair for phrase in phrases for pair in sorted(parts(phrase), key=lambda p: p[0].start)
        ):
            if entry := self.entry(phrase):
                form = (
                    "title" if phrase.name is None else "pronoun" if phrase.name.kind == "pronoun" else "name"
                )
                scene.note(phrase.start, phrase.end, entry, form, inner, phrase.owner)

    def _several(self) -> Iterator[Phrase]:
        """The sources that mean several who were named before: "the seven", "the signatories"."""
        for a in self.scene.attributions:
            start, end = (place + self.scene.shift for place in a.source or (0, -1))
            if end > 0 and SEVERAL.fullmatch(self.scene.text, start, end):
                yield Phrase(start, end, Piece("pronoun", ("p",), start, end, False, "they"))

    def entry(self, phrase: Phrase) -> Entry | None:
        """Who is meant by a phrase."""
        name = phrase.name
        if name is None:
            return self.titles.who(phrase, self._body(phrase.body))
        if name.kind == "name":
            return self.people.bearer(name, self.day)
        if name.kind == "joined":
            return self.people.joined(name)
        if name.kind == "unknown":
            return self.people.known(name.key)
        return self._pronoun(name) if name.kind == "pronoun" else self._demonym(phrase, name)

    def _taught(self, phrase: Phrase) -> Entry | None:
        """The body of an introduction ("Lithuanian" in "Lithuanian minister X"), no pronoun."""
        return None if getattr(phrase.body, "kind", "") == "pronoun" else self._body(phrase.body)

    def _body(self, body: Piece | Phrase | None) -> Entry | None:
        """Of what or of whom: "Ukraine's", "of the European Commission", "his"."""
        if body is None:
            return None
        if isinstance(body, Phrase):
            return self.entry(body)
        if body.kind == "pronoun":
            return self._pronoun(body)
        if body.kind == "unknown":
            return self.people.known(body.key) or Entry(
                unowned(self.scene.text[body.start : body.end]), "institution"
            )
        return self.people.bearer(body, self.day) if body.kind == "name" else body.value[0]

    def _demonym(self, phrase: Phrase, piece: Piece) -> Entry | None:
        """ "The Russians" are the country, "the Russian" is the Russian who was named last."""
        country, people = piece.value[0], piece.kind == "people of"
        if piece.key.endswith(("s", "men") if people else PLURAL):
            return country if people or phrase.before == "the" else None
        if piece.kind == "adjective" and not piece.owner and WISH.match(self.scene.text, piece.end):
            return country
        after = self.scene.text[piece.end : piece.end + 1]
        closed = after in tuple(",.;:)'’\"”—") or piece.end in self.scene.source_ends
        alone = people or piece.owner or closed or VERB.match(self.scene.text, piece.end)
        if phrase.before != "the" or not alone:
            return None
        return self.scene.last(
            lambda seen: seen.entry.kind == "person" and seen.entry.country == country.name
        )

    def _pronoun(self, piece: Piece) -> Entry | None:
        form = piece.value[0]
        if form == "1":
            return None
        if form == "r":  # who, which: what stands before
            last = self.scene.seen[-1] if self.scene.seen else None
            return last.entry if last and piece.start - last.end < 4 else None
        if piece.key == "it" and IMPERSONAL.match(self.scene.text, piece.end):
            return None
        if form == "p":  # several rather than an institution
            several = self.scene.antecedent(piece.start, lambda s: s.entry.kind in ("group", "unnamed"), 3)
            if several:
                return several
        return self.scene.antecedent(piece.start, lambda seen: agrees(seen, form, self.scene.text))


def parts(phrase: Phrase, inner: bool = False) -> Iterator[tuple[Phrase, bool]]:
    """A phrase and the phrases within it, with whether they are within."""
    yield phrase, inner
    for part in phrase.inner:
        yield from parts(part, True)


def agrees(seen: Seen, form: str, text: str) -> bool:
    """Whether a pronoun (m, f, p for they, n for it) can stand for someone that the text has named."""
    entry = seen.entry
    if form in "pn":
        return entry.kind == "institution" or form == "p" and entry.kind in ("group", "unnamed")
    if entry.kind == "institution":  # the Kremlin's spokesman
        return seen.form == "title" and "spokes" in text[seen.start : seen.end].lower()
    single = entry.kind == "person" or entry.kind == "unnamed" and not entry.name.endswith("s")
    return single and entry.gender in ("", form)
