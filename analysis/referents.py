"""Who each phrase of an article means: names, titles by date, "the president" and pronouns by what was
said before.
"""

import re
from collections.abc import Iterator
from datetime import date

from .acquaintances import Acquaintances, unowned
from .offices import TOP, Offices
from .people import Entry
from .naming import Phrase
from .phrases import Parser
from .pieces import Piece
from .roster import Roster
from .scene import LAST, Scene, Seen, together

IMPERSONAL = re.compile(
    r"(?:['’]s| (?:is|was|be|seems|appears|remains|became|makes|would be|will be|may be|has been|had been))"
    r"(?: \w+ly| not| also| now| too| very| more)* (?:important|crucial|vital|necessary|essential|clear|unclear|"
    r"obvious|possible|impossible|time|up to|early|late|known|unlikely that|likely that|agreed|noted|no|for|hard|"
    r"difficult|easy|better|good|true|worth|sense)\b"
)  # "it is important that"
SEVERAL = re.compile(
    r"(?:all )?(?:the|these|both) (?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|signatories|participants|"
    r"pair|trio|group|bloc|other two)",
    re.IGNORECASE,
)  # who has been named as several before
MEMBERS = {"members", "member states", "participants"}
GROUPS = {"leaders", "allies", "countries", "governments", "members"}
COUPLES = {"president", "leaders", "prime minister"}
PLURAL = ("sh", "ch", "ese", "ss")  # the British, the French, the Chinese, the Swiss


class Referents:
    """Resolves the phrases of one article in text order; the scene then holds all mentions."""

    def __init__(self, scene: Scene, roster: Roster, day: date | None):
        self.scene, self.roster, self.day = scene, roster, day
        self.offices = Offices(roster, day)
        self.people = Acquaintances(scene, roster)
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
            return self._title(phrase)
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
        after = self.scene.text[piece.end : piece.end + 1]
        alone = people or piece.owner or after in tuple(",.;:)'’\"”—") or piece.end in self.scene.source_ends
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
        return self.scene.antecedent(piece.start, lambda seen: agrees(seen, form, self.scene.text))

    def _title(self, phrase: Phrase) -> Entry | None:
        body, the = self._body(phrase.body), phrase.before in ("the", "that", "this")
        if phrase.kind == "organisation":
            if body:
                return self.offices.organisation(phrase.titles, body, phrase.place)
            return self._same(phrase, ("institution",)) if the and phrase.titles[0] != "office" else None
        if phrase.kind == "country":
            loose = phrase.noun == "leadership" and not the
            return self.roster.entries.get(body.country or body.name) if body and not loose else None
        if phrase.joint and body and (one := self.offices.holder(phrase.titles, body)):
            return one
        if phrase.kind == "office" and (holder := self._holder(phrase, body)):
            return holder
        if body and "spokesman" in phrase.titles and (office := self.offices.office_of(body)):
            return office
        if phrase.kind == "person" and phrase.titles[0] == "counterpart":
            return self._counterpart(phrase, body)
        kinds = ("group", "unnamed") if phrase.kind == "people" else ("person", "unnamed")
        if body is None and the and (same := self._same(phrase, kinds)):
            return same
        if (
            the
            and phrase.kind == "person"
            and (
                near := self.scene.antecedent(
                    phrase.start,
                    lambda s: self._may_be(s.entry, body),
                    2,
                )
            )
        ):
            return near
        if phrase.kind == "people":
            if body and (body.kind == "group" or body.name not in self.roster.leaders) and phrase.noun in MEMBERS:
                return body
            if body is None and (group := self._group(phrase)):
                return group
        return self._unnamed(phrase, body)

    def _group(self, phrase: Phrase) -> Entry | None:
        """ "Both presidents" are the last two, "the allies" the group named before."""
        if phrase.before in ("both", "two") and COUPLES.intersection(phrase.titles):
            telling = self.scene.content(phrase.start)
            top = [
                seen.entry
                for seen in self.scene.seen[:-LAST:-1]
                if any(role.title in TOP for role in seen.entry.roles)
                and (telling is None or self.scene.sources.get(seen.start) != telling)
            ]
            two = list(dict.fromkeys(top))[1::-1]
            return together(two) if len(two) == 2 else None
        if phrase.before in ("the", "these", "those") and GROUPS.intersection(phrase.titles):
            return self.scene.antecedent(
                phrase.start,
                lambda seen: (
                    seen.entry.kind == "group" and bool(seen.entry.line)
                    or seen.entry.kind == "institution" and not seen.entry.country
                ),
            )
        return None

    def _may_be(self, entry: Entry, body: Entry | None) -> bool:
        """Whether "the general", "the American analyst" can mean someone; nobody calls a president so."""
        top = any(role.title in TOP for role in entry.roles)
        return entry.kind == "person" and not top and (body is None or entry.country == body.country)

    def _same(self, phrase: Phrase, kinds: tuple[str, ...]) -> Entry | None:
        """The last that was called by the same title: "the ministry", "the official"."""
        ending = f" {phrase.noun}"
        return self.scene.last(
            lambda s: (
                s.entry.kind in kinds
                and (
                    any(role.title in phrase.titles for role in s.entry.roles)
                    or s.entry.name.endswith(ending)
                )
            )
        )

    def _unnamed(self, phrase: Phrase, body: Entry | None) -> Entry | None:
        if body is None and phrase.kind == "office":
            return None
        noun = phrase.noun if phrase.kind == "office" else phrase.noun.split()[-1]
        kind = (
            "group"
            if phrase.kind == "people" and not self.roster.nouns.intersection(phrase.titles)
            else "unnamed"
        )
        return self.offices.unnamed(noun if noun.isupper() else noun.lower(), kind, phrase.titles, body)

    def _holder(self, phrase: Phrase, body: Entry | None) -> Entry | None:
        """Who holds an office on the article's day; without a body, whom the article has called so or
        named.
        """

        def fits(entry: Entry) -> bool:
            return self.offices.fits(entry, phrase.titles, body, former=phrase.former, noun=phrase.noun)

        one_of_several = phrase.before in ("a", "an")
        if (
            body
            and not (phrase.former or one_of_several)
            and (holder := self.offices.holder(phrase.titles, body))
        ):
            return holder
        if body is None:
            own = self._of_the_speaker(phrase) if phrase.start not in self.scene.sources else None
            if found := own or self.scene.antecedent(phrase.start, lambda seen: fits(seen.entry)):
                return found
        return self.scene.last(lambda seen: fits(seen.entry)) or next(
            filter(fits, self.people.surnames.values()), None
        )

    def _of_the_speaker(self, phrase: Phrase) -> Entry | None:
        """ "The president" in what a spokesman or a capital says is the president of that country."""
        here = self.scene.sentence(phrase.start)
        for seen in self.scene.seen[:-20:-1]:
            if seen.sentence < here - 1:
                return None
            if any(role.title in phrase.titles for role in seen.entry.roles):
                return seen.entry if seen.entry.kind == "person" else None
            for title in phrase.titles if seen.lead and seen.entry.country else ():
                held = self.roster.held(title, seen.entry.country, self.day)
                if len(held) == 1 and held[0].name in self.people.named:
                    return held[0]
        return None

    def _counterpart(self, phrase: Phrase, body: Entry | None) -> Entry | None:
        if (
            getattr(phrase.body, "kind", "") == "pronoun"
        ):  # "his counterpart": the other one of those at the top
            return self.scene.last(
                lambda s: s.entry != body and any(role.title in TOP for role in s.entry.roles)
            )
        other = self.scene.last(lambda seen: seen.entry.kind == "person" and not seen.inner)
        return self.offices.counterpart(other, body.country or body.name) if body and other else None


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
