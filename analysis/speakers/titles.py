"""Who is meant by a title without a name: "the president", "his counterpart", "the allies"."""

from analysis.speakers.acquaintances import Acquaintances
from analysis.speakers.naming import Phrase
from analysis.speakers.offices import TOP, Offices
from analysis.speakers.people import Entry
from analysis.speakers.scene import LAST, Scene, together

MEMBERS = {"members", "member states", "participants"}
GROUPS = {"leaders", "allies", "countries", "governments", "members"}
COUPLES = {"president", "leaders", "prime minister"}


class Titles:
    """The titles of one article, by what it has named up to now."""

    def __init__(self, scene: Scene, people: Acquaintances, offices: Offices):
        self.scene, self.people, self.offices, self.roster = scene, people, offices, offices.roster

    def who(self, phrase: Phrase, body: Entry | None) -> Entry | None:
        """Who is meant by a phrase without a name; body: of what or of whom it is."""
        the = phrase.before in ("the", "that", "this")
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
            return self._one_of(same) if same.name.endswith(f" {phrase.noun.lower()}s") else same
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
            if body and body.name not in self.roster.leaders and phrase.noun in MEMBERS:
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
                    seen.entry.kind == "group"
                    and bool(seen.entry.line)
                    or seen.entry.kind == "institution"
                    and not seen.entry.country
                ),
            )
        return None

    def _one_of(self, several: Entry) -> Entry:
        """ "Ukrainian official" of "Ukrainian officials"."""
        name = several.name[:-1]
        return self.roster.called(name) or several._replace(name=name)

    def _may_be(self, entry: Entry, body: Entry | None) -> bool:
        """Whether "the general", "the American analyst" can mean someone; nobody calls a president so."""
        top = any(role.title in TOP for role in entry.roles)
        return entry.kind == "person" and not top and (body is None or entry.country == body.country)

    def _same(self, phrase: Phrase, kinds: tuple[str, ...]) -> Entry | None:
        """The last that was called by the same title: "the ministry", "the official"."""
        endings = (f" {phrase.noun}", f" {phrase.noun}s")
        return self.scene.last(
            lambda s: (
                s.entry.kind in kinds
                and (
                    any(role.title in phrase.titles for role in s.entry.roles)
                    or s.entry.name.endswith(endings)
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
                held = self.roster.held(title, seen.entry.country, self.offices.day)
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
