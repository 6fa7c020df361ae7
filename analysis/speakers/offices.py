"""Who holds which office on the day of an article, and how those are called whom a text does not name."""

from datetime import date

from analysis.speakers.people import Entry, Role
from analysis.speakers.roster import Roster

TOP = {"president", "prime minister", "chancellor"}
HEADS = {
    "head",
    "director",
    "secretary",
}  # of an institution: not whoever is head of something in its country


class Offices:
    """The roster on one day (None: not known)."""

    def __init__(self, roster: Roster, day: date | None):
        self.roster, self.day = roster, day
        self._offices: dict[str, Entry | None] = {}

    def holder(self, titles: tuple[str, ...], body: Entry) -> Entry | None:
        """The one who holds one of the titles of a body, else of its country; None where it is not one
        person.
        """
        place = body.country or body.name
        if body.name == place and {"leader", "head"} & set(titles):
            titles = (self.roster.leaders.get(place, ""), *titles)
        places = (body.name,) if body.name != place and HEADS & set(titles) else (body.name, place)
        for at in dict.fromkeys(places):
            for title in titles:
                held = self.roster.held(title, at, self.day)
                if len(held) == 1:
                    return held[0]
        return None

    def fits(
        self, entry: Entry, titles: tuple[str, ...], body: Entry | None, *, former: bool, noun: str
    ) -> bool:
        """Whether a person holds one of the titles (of the body), or held it where former is set."""
        if entry.kind != "person" or noun.lower().endswith("woman") and entry.gender == "m":
            return False
        return any(
            role.title in titles
            and (former or role.held_on(self.day))
            and (
                body is None
                or role.body == body.name
                or entry.country
                and entry.country == (body.country or body.name)
            )
            for role in entry.roles
        )

    def counterpart(self, other: Entry, country: str) -> Entry | None:
        """Who holds the other's office in a country; the top offices count as one."""
        for role in other.roles:
            title = self.roster.leaders.get(country, "") if role.title in TOP else role.title
            held = self.roster.held(title, country, self.day) if role.held_on(self.day) else []
            if len(held) == 1:
                return held[0]
        return None

    def principal(self, entry: Entry) -> str:
        """For whom one speaks; "" where for nobody or where it is not known."""
        title, _, body = entry.principal.rpartition(" of ")
        if not title or entry.principal in self.roster.entries:
            return entry.principal
        held = self.roster.held(title, body, self.day)
        return held[-1].name if held else ""

    def office_of(self, person: Entry) -> Entry | None:
        """The institution that speaks for a person: Downing Street for the prime minister."""
        if person.name not in self._offices:
            self._offices[person.name] = next(
                (
                    e
                    for e in self.roster.entries.values()
                    if e.kind == "institution" and e.principal and self.principal(e) == person.name
                ),
                None,
            )
        return self._offices[person.name]

    def organisation(self, titles: tuple[str, ...], owner: Entry, place: str = "") -> Entry:
        """A ministry or the like of a country: from the roster, else called by its country (and its
        place).
        """
        country = owner.country or owner.name
        known = next((e for t in titles for _, e in self.roster.holders.get((t, country), ())), None)
        name = f"{self.roster.adjectives.get(country, owner.name)} {titles[0]}" + (
            f" in {place}" if place else ""
        )
        return (
            self.roster.entries.get(name)
            or not place
            and known
            or Entry(
                name,
                "institution",
                owner.side,
                country=country,
                roles=tuple(Role(title, country) for title in titles),
            )
        )

    def unnamed(self, noun: str, kind: str, titles: tuple[str, ...], body: Entry | None) -> Entry:
        """Someone called by a noun alone: "Ukrainian official", "European leaders"."""
        if body is None:
            return Entry(noun, kind)
        name = f"{self.roster.adjectives.get(body.name, body.name)} {noun}"
        return self.roster.called(name) or Entry(
            name,
            kind,
            body.side,
            country=body.country,
            roles=tuple(Role(title, body.name) for title in titles),
        )
