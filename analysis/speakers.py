"""Who a source is: names, titles by date, pronouns, spokesmen and for whom they speak.

An article is read once (mentions.py finds the phrases), then phrases are resolved in text order: names by the
roster and by what the article itself introduces, titles by who held the office on the day of the article,
"the president" and pronouns by what was said before.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date as Date
from difflib import SequenceMatcher
from typing import NamedTuple

from .mentions import PRONOUNS, SMALL, Parser, Phrase, Piece
from .roster import Entry, Role, Roster, active, fold, load_roster, words

BREAK = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z0-9])|\n+")
PREPOSITIONS = set("about after against at before between by for from in into of on over to with".split())
BARE_PLURAL = ("sh", "ch", "ese", "ss")  # the British, the French, the Chinese, the Swiss
ASIDE = re.compile(r"\s*(?:[,.;:]|$)")
MARKS = tuple(",”\"'’?!—–")
LEAD = re.compile(r"^(?:(?:(?:one|some|many|most|all) of|and|but|yet) )?(?:the|a|an|one|his|her|their|its|another|some|both|that|this|these|those|several|many|most)\s+", re.I)


class Speaker(NamedTuple):
    """Who speaks. name: canonical, else the words of the text; side "" where it is not known; known: in the roster."""

    name: str
    kind: str = ""
    side: str = ""
    principal: str = ""
    known: bool = False


class Mention(NamedTuple):
    """A speaker named in a text: text[start:end] is the phrase. form: name, title, pronoun."""

    start: int
    end: int
    speaker: Speaker
    form: str
    subject: bool  # the first to be named in its sentence


NARRATOR = Speaker("")


def identify(text: str, attributions: list, *, date=None, headline: str = "", roster: Roster | None = None) -> list[Speaker]:
    """The speaker of each attribution, in the same order; the narrator's have the name ""."""
    return ArticleSpeakers(text, attributions, date=date, headline=headline, roster=roster).speakers


class _Seen(NamedTuple):
    start: int
    end: int
    entry: Entry
    form: str
    sentence: int
    first: bool  # first person named in the sentence
    lead: bool  # first of all that is named in the sentence
    inner: bool  # within another phrase (Putin in "Putin's aide")
    content: int | None  # the attribution in whose content it stands (innermost)


class ArticleSpeakers:
    """One article read once: `speakers` (one per attribution) and `mentions` of spans."""

    def __init__(self, text: str, attributions: list, *, date=None, headline: str = "", roster: Roster | None = None):
        self.text, self.roster = text, roster or load_roster()
        self.day = _day(date)
        self.attributions = attributions
        self.shift = len(headline) + 2 if headline else 0
        self.whole = f"{headline}\n\n{text}" if headline else text
        self.learned: dict[str, Entry] = {}
        self.surnames: dict[str, Entry] = {}
        self.named: set[str] = set()  # the roster's people that the article names
        self.seen: list[_Seen] = []
        self.starts: list[int] = []
        self.breaks = [m.end() for m in BREAK.finditer(self.whole)]
        self._contents()
        self.sources: dict[int, int] = {}
        self.unsourced: dict[int, int] = {}  # sentence of a cue without a source: its attribution
        for k, attribution in enumerate(attributions):
            if attribution.source:
                self.sources.setdefault(attribution.source[0] + self.shift, k)
            elif attribution.cue:
                self.unsourced.setdefault(bisect_right(self.breaks, attribution.cue[0] + self.shift), k)
        phrases = Parser(self.whole, self.roster).phrases()
        self._learn(phrases)
        self._walk(phrases)
        self.speakers = self._speakers()

    # what the article introduces

    def _contents(self) -> None:
        """Spans of contents, for the innermost attribution at a place."""
        spans = [(s + self.shift, e + self.shift, k) for k, a in enumerate(self.attributions) for s, e in a.content]
        self.content_spans = sorted(spans)
        self.content_starts = [s for s, _, _ in self.content_spans]

    def _content_at(self, place: int) -> int | None:
        best = None
        for i in range(bisect_right(self.content_starts, place) - 1, max(-1, bisect_right(self.content_starts, place) - 6), -1):
            s, e, k = self.content_spans[i]
            if s <= place < e and (best is None or e - s < best[0]):
                best = (e - s, k)
        return best[1] if best else None

    def _learn(self, phrases: list[Phrase]) -> None:
        """People whom the article names in full or with a title, and full names of the roster."""
        sources = sorted((a.source[0] + self.shift, a.source[1] + self.shift) for a in self.attributions if a.source)
        at, full, bare = [s for s, _ in sources], {}, []
        for phrase in phrases:
            if (name := phrase.name) is None:
                continue
            if name.kind == "name":
                self.named.update(entry.name for entry in name.value)
                if name.value[0].kind == "person" and " " in name.key:
                    self.surnames[name.key.split()[-1]] = name.value[0]
            elif name.kind == "joined":
                self.surnames[name.key.split()[-1]] = self._joined(name)
            elif name.kind == "unknown":
                i = bisect_right(at, phrase.end) - 1
                source = i >= 0 and sources[i][1] > name.start
                titled = phrase.kind in ("office", "person") and (" " in name.key or name.start > phrase.start)
                if titled or source and " " in name.key and not phrase.titles:
                    self._introduce(phrase)
                elif source and " " not in name.key:
                    bare.append(phrase)
                if " " in name.key:
                    full.setdefault(name.key.split()[-1], phrase)
        for phrase in bare:
            if phrase.name.key in full:
                self._introduce(full[phrase.name.key])
            elif phrase.start < phrase.name.start:
                self._introduce(phrase)

    def _introduce(self, phrase: Phrase) -> Entry:
        """A name that the roster does not know, with what the phrase tells of its bearer."""
        key, surname = phrase.name.key, phrase.name.key.split()[-1]
        entry = self.learned.get(key) or (self.surnames.get(key) if key == surname else None) or misspelt(key, self.roster)
        if entry is None:
            kind = "institution" if self.roster.institution_words & set(key.split()) else "person"
            entry = Entry(unowned(self.whole[phrase.name.start:phrase.name.end]), kind)
        body = None if getattr(phrase.body, "kind", "") == "pronoun" else self._body(phrase.body)
        if entry.name not in self.roster.entries and body and (phrase.titles or body.name in self.roster.leaders):
            entry = entry._replace(side=entry.side or body.side, country=entry.country or body.country,
                                   roles=entry.roles + tuple(Role(title, body.name) for title in phrase.titles))
        elif entry.name not in self.roster.entries:
            entry = entry._replace(roles=entry.roles + tuple(Role(title, "") for title in phrase.titles))
        self.learned[key] = entry
        if key != surname or surname not in self.surnames:
            self.surnames[surname] = entry
        return entry

    def _joined(self, piece: Piece) -> Entry:
        """An unlisted first name with a surname of the roster: the same person in other letters, or a namesake."""
        first, surname = piece.value
        given = first.key.split()[-1] if len(first.key.split()[-1]) > 1 else first.key.split()[0]
        for entry in surname.value:
            own = words(entry.name)[:-1]
            if any(_ratio(given, word) >= .6 for word in own) or first.start == 0:
                return entry
        if given not in self.roster.given and self._sentence_start(first.start):
            return surname.value[0]
        return self.learned.setdefault(piece.key, Entry(unowned(self.whole[piece.start:piece.end]), "person"))

    def _sentence_start(self, place: int) -> bool:
        return place == 0 or place in self.breaks or self.whole[place - 1] in "\"“‘'("

    # who is meant

    def _walk(self, phrases: list[Phrase]) -> None:
        for phrase, inner in (pair for phrase in phrases for pair in sorted(parts(phrase), key=lambda pair: pair[0].start)):
            if entry := self._resolve(phrase):
                self._note(phrase, entry, inner or phrase.owner)
        self.starts = [seen.start for seen in self.seen]

    def _note(self, phrase: Phrase, entry: Entry, inner: bool) -> None:
        sentence = bisect_right(self.breaks, phrase.start)
        first = entry.kind == "person" and not inner
        if first:
            for seen in reversed(self.seen):
                if seen.sentence != sentence:
                    break
                if seen.first:
                    first = False
                    break
        lead = not self.seen or self.seen[-1].sentence != sentence
        form = "pronoun" if phrase.name is not None and phrase.name.kind == "pronoun" else "name" if phrase.name else "title"
        self.seen.append(_Seen(phrase.start, phrase.end, entry, form, sentence, first, lead, inner, self._content_at(phrase.start)))

    def _resolve(self, phrase: Phrase) -> Entry | None:
        name = phrase.name
        if name is None:
            return self._title(phrase)
        if name.kind == "name":
            return self._named(phrase)
        if name.kind == "joined":
            return self._joined(name)
        if name.kind == "unknown":
            return self.learned.get(name.key) or self.surnames.get(name.key)
        if name.kind == "pronoun":
            return self._pronoun(phrase)
        if name.kind == "people of":
            return self._demonym(phrase, name)
        if name.kind == "adjective":
            return self._demonym(phrase, name)
        return None

    def _named(self, phrase: Phrase) -> Entry | None:
        piece = phrase.name
        if piece.value[0].kind == "person" and " " not in piece.key and (entry := self.surnames.get(piece.key)):
            return entry
        for entry in piece.value:
            start, end = active(entry)
            if len(piece.value) == 1 or self.day is None or start <= self.day < end:
                return entry
        return piece.value[-1]

    def _demonym(self, phrase: Phrase, piece: Piece) -> Entry | None:
        country = piece.value[0]
        single = piece.kind == "people of" and (not piece.key.endswith("s") and not piece.key.endswith("men")) or (
            piece.kind == "adjective" and not piece.key.endswith(BARE_PLURAL))
        if not single:
            return country if piece.kind == "people of" or phrase.before == "the" else None
        if phrase.before != "the" or piece.kind == "adjective" and not self._bare(piece.end):
            return None
        return next((s.entry for s in reversed(self.seen) if s.entry.kind == "person" and s.entry.country == country.name), None)

    def _bare(self, end: int) -> bool:
        """Whether an adjective stands alone: before a mark, or at the end of a source."""
        after = self.whole[end:end + 1]
        return after in ",.;:)'’\"”—" or any(
            a.source and a.source[1] + self.shift == end for a in self.attributions)

    def _body(self, body) -> Entry | None:
        if body is None:
            return None
        if isinstance(body, Phrase):
            if body.kind == "organisation" and body.name is None:
                return self._organisation(body)
            return self._resolve(body)
        if body.kind == "pronoun":
            return self._pronoun(Phrase(body.start, body.end, body))
        if body.kind == "unknown":
            known = self.learned.get(body.key) or self.surnames.get(body.key)
            return known or Entry(unowned(self.whole[body.start:body.end]), "institution")
        return body.value[0] if body.kind != "name" else self._named(Phrase(body.start, body.end, body))

    def _organisation(self, phrase: Phrase) -> Entry | None:
        owner = self._body(phrase.body)
        if owner is None and (phrase.before != "the" or phrase.titles[0] == "office"):
            return None
        if owner is None:
            return self._last(lambda s: s.entry.kind == "institution" and any(r.title in phrase.titles for r in s.entry.roles))
        country = owner.country or owner.name
        for title in phrase.titles:
            for role, entry in self.roster.holders.get((title, country), ()):
                return entry
        adjective = self.roster.adjectives.get(country, owner.name)
        return Entry(f"{adjective} {phrase.titles[0]}", "institution", owner.side, country=country,
                     roles=tuple(Role(t, country) for t in phrase.titles))

    def _title(self, phrase: Phrase) -> Entry | None:
        if phrase.kind == "organisation":
            return self._organisation(phrase)
        body = self._body(phrase.body)
        if phrase.kind == "country":
            if phrase.noun == "leadership" and phrase.before != "the":
                return None
            return self.roster.entries.get(body.country or body.name) if body else None
        if phrase.kind == "office" and (holder := self._holder(phrase, body)):
            return holder
        if "spokesman" in phrase.titles and body is not None and (office := self._office_of(body)):
            return office
        if phrase.titles[0] == "counterpart" and phrase.kind == "person":
            return self._counterpart(phrase, body)
        if body is None:
            kinds = ("group", "unnamed") if phrase.kind == "people" else ("person", "unnamed")
            found = self._last(lambda s: s.entry.kind in kinds and any(r.title in phrase.titles for r in s.entry.roles) or s.entry.name.endswith(f" {phrase.noun}"))
            if found and phrase.before in ("the", "that", "this"):
                return found
        if phrase.before == "the" and phrase.kind == "person":
            fits = lambda e: e.kind == "person" and (body is None or e.country == body.country)
            if found := self._antecedent(phrase.start, fits, 2):
                return found
        return self._unnamed(phrase, body)

    def _unnamed(self, phrase: Phrase, body: Entry | None) -> Entry | None:
        kind = "group" if phrase.kind == "people" else "unnamed"
        noun = phrase.noun.split()[-1] if phrase.kind in ("people", "person") else phrase.noun
        noun = noun.lower() if not noun.isupper() else noun
        if body is None:
            return Entry(noun, kind) if phrase.kind in ("people", "person") else None
        prefix = self.roster.adjectives.get(body.name, body.name)
        return Entry(f"{prefix} {noun}", kind, body.side, country=body.country, roles=tuple(Role(t, body.name) for t in phrase.titles))

    def _holder(self, phrase: Phrase, body: Entry | None) -> Entry | None:
        """Who held an office: known from the article, else by the roster on the article's day."""
        titles = phrase.titles
        def fits(entry: Entry) -> bool:
            return entry.kind == "person" and any(
                r.title in titles and (phrase.former or r.held_on(self.day)) and (
                    body is None or r.body == body.name or entry.country and entry.country == (body.country or body.name))
                for r in entry.roles) and not (phrase.noun.lower().endswith("woman") and entry.gender == "m")
        if body is not None and not phrase.former:
            place = body.country or body.name
            if body.name == place and {"leader", "head"} & set(titles):
                titles = (self.roster.leaders.get(place, ""), *titles)
            heads = {"head", "director", "secretary"} & set(titles) and body.name != place
            for at in dict.fromkeys((body.name, body.name if heads else place)):
                for title in titles:
                    held = {e.name: e for r, e in self.roster.holders.get((title, at), ())
                            if r.held_on(self.day) and e.kind == "person"}
                    if len(held) == 1:
                        return next(iter(held.values()))
        elif body is None and phrase.start not in self.sources and (own := self._of_the_speaker(phrase)):
            return own
        if body is None and (found := self._antecedent(phrase.start, fits)):
            return found
        return self._last(lambda s: fits(s.entry)) or self._next(fits)

    def _office_of(self, person: Entry) -> Entry | None:
        """The institution that speaks for a person: Downing Street for the prime minister."""
        return next((e for e in self.roster.entries.values() if e.kind == "institution" and e.principal
                     and self._principal(e) == person.name), None)

    def _of_the_speaker(self, phrase: Phrase) -> Entry | None:
        """"The president" in what a spokesman or a capital says is the president of that country."""
        here = bisect_right(self.breaks, phrase.start)
        for seen in reversed(self.seen):
            if seen.sentence < here - 1:
                return None
            if any(r.title in phrase.titles for r in seen.entry.roles):
                return seen.entry if seen.entry.kind == "person" else None
            if seen.lead and seen.entry.country and seen.entry.kind in ("person", "institution"):
                for title in phrase.titles:
                    held = self.roster.holders.get((title, seen.entry.country), ())
                    held = [e for r, e in held if r.held_on(self.day) and e.kind == "person"]
                    if len(held) == 1 and held[0].name in self.named:
                        return held[0]
        return None

    def _last(self, fits) -> Entry | None:
        return next((s.entry for s in reversed(self.seen) if fits(s)), None)

    def _next(self, fits) -> Entry | None:
        """Someone whom the article names in full further on."""
        return next((e for e in [*self.surnames.values()] if fits(e)), None)

    def _counterpart(self, phrase: Phrase, body: Entry | None) -> Entry | None:
        top = {"president", "prime minister", "chancellor"}
        if getattr(phrase.body, "kind", "") == "pronoun":
            return self._last(lambda s: s.entry != body and any(r.title in top for r in s.entry.roles))
        other = self._last(lambda s: s.entry.kind == "person" and not s.inner)
        if body is None or other is None:
            return None
        country = body.country or body.name
        for role in other.roles:
            titles = (self.roster.leaders.get(country, ""),) if role.title in top else (role.title,)
            for title in titles:
                for held, entry in self.roster.holders.get((title, country), ()):
                    if held.held_on(self.day):
                        return entry
        return None

    def _pronoun(self, phrase: Phrase) -> Entry | None:
        """The antecedent: nearest by sentence, sources and subjects first, never from the speaker's own words."""
        gender = phrase.name.value[0]
        if gender == "1":
            return None
        if gender == "r":
            return self.seen[-1].entry if self.seen and phrase.start - self.seen[-1].end < 4 else None
        return self._antecedent(phrase.start, lambda entry: _agrees(entry, gender))

    def _antecedent(self, start: int, fits, reach: int = 8) -> Entry | None:
        """The best of what was named before: nearest by sentence; sources and subjects first; a speaker is not
        looked for in his own words, nor in those of others."""
        k, place, here = self.sources.get(start), self._content_at(start), bisect_right(self.breaks, start)
        aside = k is not None and self._aside(k)
        best, best_score = None, -9.0
        for back, seen in enumerate(reversed(self.seen)):
            distance = here - seen.sentence
            if distance > reach or back > 60:
                break
            if not fits(seen.entry):
                continue
            score = -distance + (.8 if seen.first or seen.entry.kind == "group" else 0) - (.7 if seen.inner else 0)
            score += .3 * (seen.entry.line is not None and seen.entry.kind == "group")
            if (seen.start in self.sources or seen.first and seen.sentence in self.unsourced) and seen.content != k:
                score += 1.2
            if aside and not distance or seen.content is not None and seen.content == k:
                score -= 4
            elif seen.content is not None and seen.content != place:
                score -= 1.5
            if score > best_score:
                best, best_score = seen.entry, score
        return best

    def _aside(self, k: int) -> bool:
        """Whether source and cue stand after or within what is said: "Putin, he argued, is …"."""
        source, cue = self.attributions[k].source, self.attributions[k].cue
        if not cue or not source:
            return False
        return bool(ASIDE.match(self.text, max(source[1], cue[1]))) and self.text[:min(source[0], cue[0])].rstrip()[-1:] in MARKS

    # statements

    def _speakers(self) -> list[Speaker]:
        found: list[Speaker] = []
        for k, attribution in enumerate(self.attributions):
            found.append(self._speaker(k, attribution, found))
        return found

    def _speaker(self, k: int, attribution, found: list[Speaker]) -> Speaker:
        if attribution.source is None:
            if attribution.cue and (subject := self._subject(attribution, k)):
                return self.as_speaker(subject)
            goes_on = k and attribution.quote != "indirect" and found[k - 1].name and not self._border(k)
            return found[k - 1] if goes_on else NARRATOR
        start, end = (place + self.shift for place in attribution.source)
        low, high = bisect_left(self.starts, start - 200), bisect_left(self.starts, end)
        inside = [s for s in self.seen[low:high] if s.end > start]
        best = next((s for s in inside if not s.inner), inside[0] if inside else None)
        if best is not None:
            return self.as_speaker(best.entry)
        pronoun = PRONOUNS.get(fold(self.whole[start:end])[0])
        if pronoun == "1" and attribution.parent is not None and attribution.parent < k:
            return found[attribution.parent]
        name = "" if pronoun else _clean(self.whole[start:end])
        return Speaker(name, "unnamed") if name else NARRATOR

    def _subject(self, attribution, k: int) -> Entry | None:
        """Who stands as the subject of a cue for which no source was found: just before it, else first in its
        sentence and not after a preposition, else just after it."""
        start, end = (place + self.shift for place in attribution.cue)
        here, at = bisect_right(self.breaks, start), bisect_left(self.starts, start)
        before = [s for s in self.seen[max(0, at - 12):at] if s.sentence == here and not s.inner and s.content is None]
        if before and len(self.whole[before[-1].end:start].split()) < 3 and "," not in self.whole[before[-1].end:start]:
            return before[-1].entry
        for seen in before:
            if self._before(seen.start) not in PREPOSITIONS:
                return seen.entry
        after = next((s for s in self.seen[at:at + 3] if s.start >= end), None)
        return after.entry if after and self.whole[end:after.start] in (" ", " the ") else None

    def _before(self, start: int) -> str:
        """The word before a place, in lower case."""
        return (self.whole[max(0, start - 30):start].split() or [""])[-1].lower()

    def _border(self, k: int) -> bool:
        """Whether a paragraph ends between an attribution and the one before."""
        before, here = self.attributions[k - 1], self.attributions[k]
        if not before.content or not here.content:
            return True
        return "\n" in self.text[min(before.content[-1][1], here.content[0][0]):here.content[0][0]]

    def as_speaker(self, entry: Entry) -> Speaker:
        known = entry.name in self.roster.entries
        return Speaker(entry.name, entry.kind, entry.side, self._principal(entry), known)

    def _principal(self, entry: Entry) -> str:
        """For whom one speaks on the article's day; "" where nobody or not known."""
        title, _, body = entry.principal.rpartition(" of ")
        if not title or entry.principal in self.roster.entries:
            return entry.principal
        held = [e.name for r, e in self.roster.holders.get((title, body), ()) if r.held_on(self.day)]
        return held[-1] if held else ""

    def mentions(self, start: int = 0, end: int | None = None) -> list[Mention]:
        """The speakers named in text[start:end], in order, pronouns resolved."""
        low, high = start + self.shift, (len(self.text) if end is None else end) + self.shift
        return [Mention(s.start - self.shift, s.end - self.shift, self.as_speaker(s.entry), s.form, s.first)
                for s in self.seen[bisect_left(self.starts, low):bisect_left(self.starts, high)] if s.end <= high]


def parts(phrase: Phrase, inner: bool = False) -> Iterator[tuple[Phrase, bool]]:
    """A phrase and the phrases within it, with whether they are within."""
    yield phrase, inner
    for part in phrase.inner:
        yield from parts(part, True)


def misspelt(key: str, roster: Roster) -> Entry | None:
    """Someone of the roster whose full name the text spells almost so ("Podolyuak")."""
    given, _, surname = key.partition(" ")
    for keys, entry in roster.initials.get(surname[:2], ()) if " " not in surname else ():
        if abs(len(keys[1]) - len(surname)) < 3 and _ratio(keys[1], surname) >= .85 and _ratio(keys[0], given) >= .7:
            return entry
    return None


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _agrees(entry: Entry, gender: str) -> bool:
    if gender == "p":
        return entry.kind in ("group", "institution", "unnamed")
    if gender == "n":
        return entry.kind == "institution"
    return entry.kind in ("person", "unnamed") and entry.gender in ("", gender)


def unowned(words_: str) -> str:
    """Words on one line, without the possessive ending."""
    return re.sub(r"['’]s?$", "", " ".join(words_.split()))


def _clean(source: str) -> str:
    """The source's own words, without articles, relative clauses and marks; "" where no noun is left."""
    source = re.split(r"[,;:(]| who | which | that ", " ".join(source.split()))[0]
    source = LEAD.sub("", source.strip(" \"“”‘’'.-—–"))
    kept = unowned(source).split()[:8]
    return " ".join(kept) if any(fold(w)[0] not in SMALL and w[0].isalpha() for w in kept) else ""


def _day(day) -> Date | None:
    """A date of any make (text, datetime, Timestamp, NaT) as a date or None."""
    if day is None or day != day:
        return None
    if isinstance(day, str):
        return Date.fromisoformat(day[:10]) if day else None
    return Date(day.year, day.month, day.day)
