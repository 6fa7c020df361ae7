"""Who a source is, and for whom it speaks.

An article is read once: phrases.py finds what names someone, referents.py tells who is meant, and here each
attribution gets its speaker.
"""

import re
from bisect import bisect_left, bisect_right
from datetime import date as Date
from typing import NamedTuple

from analysis.speakers.acquaintances import unowned
from analysis.speakers.people import Entry, fold
from analysis.speakers.pieces import PRONOUNS, SMALL
from analysis.speakers.referents import Referents
from analysis.speakers.roster import Roster, load_roster
from analysis.speakers.scene import Scene, Seen

LEAD = re.compile(
    r"^(?:(?:(?:one|some|many|most|all) of|and|but|yet) )?"
    r"(?:the|a|an|one|his|her|their|its|another|some|both|that|this|these|those|several|many|most)\s+",
    re.I,
)
QUOTED = re.compile(
    r"\b(?:quot|cit)(?:e|es|ed|ing) (?:the |an? )?(?P<whom>[^.;:\n]{2,90}?),? as (?:saying|telling|writing|"
    r"stating|claiming|noting|arguing|denying|insisting)\b"
)
HEADING = 12  # words of a heading at most
WIDEST = 200  # characters of a phrase before its name


class Speaker(NamedTuple):
    """Who speaks. name: canonical, else the words of the text; side "" where it is not known; known: in
    the roster.
    """

    name: str
    kind: str = ""
    side: str = ""
    principal: str = ""
    known: bool = False


class Mention(NamedTuple):
    """Someone named in a text: text[start:end] is the phrase."""

    start: int
    end: int
    speaker: Speaker
    form: str  # name, title or pronoun
    subject: bool  # the first person to be named in the sentence


NARRATOR = Speaker("")


def identify(
    text: str, attributions: list, *, date: object = None, headline: str = "", roster: Roster | None = None
) -> list[Speaker]:
    """The speaker of each attribution, in the same order; what nobody else says is the narrator's, named
    "".
    """
    return ArticleSpeakers(text, attributions, date=date, headline=headline, roster=roster).speakers


class ArticleSpeakers:
    """One article, read once: `speakers`, one per attribution, and `mentions` of any span.

    date: text (YYYY-MM-DD), date, datetime, Timestamp, NaT or None; titles mean who holds them on that day.
    """

    def __init__(
        self,
        text: str,
        attributions: list,
        *,
        date: object = None,
        headline: str = "",
        roster: Roster | None = None,
    ):
        self.text, self.attributions, self.roster = text, attributions, roster or load_roster()
        self._shift = len(headline) + 2 if headline else 0
        self._scene = Scene(f"{headline}\n\n{text}" if headline else text, attributions, self._shift)
        self._offices = Referents(self._scene, self.roster, day_of(date)).offices
        self._starts = [seen.start for seen in self._scene.seen]
        self.speakers: list[Speaker] = []
        self.joint: list[list[Speaker]] = []  # who speaks with the speaker of each attribution
        for k in range(len(attributions)):
            first, *others = self._together(k)
            self.speakers.append(first)
            self.joint.append(others)

    def mentions(self, start: int = 0, end: int | None = None) -> list[Mention]:
        """Whom text[start:end] names, in order, titles and pronouns resolved."""
        low, high = start + self._shift, (len(self.text) if end is None else end) + self._shift
        seen = self._scene.seen[bisect_left(self._starts, low) : bisect_left(self._starts, high)]
        return [
            Mention(s.start - self._shift, s.end - self._shift, self._as_speaker(entry), s.form, s.first)
            for s in seen
            for entry in s.entry.members or [s.entry]
            if s.end <= high
        ]

    def _as_speaker(self, entry: Entry) -> Speaker:
        known = entry.name in self.roster.entries
        return Speaker(entry.name, entry.kind, entry.side, self._offices.principal(entry), known)

    def _together(self, k: int) -> list[Speaker]:
        """The speaker of an attribution, with those who say it jointly: "Macron and Starmer said"."""
        source, text = self.attributions[k].source, self._scene.text
        if source is None:
            return [self._unsourced(k)]
        start, end = self._quoted(k) or (source[0] + self._shift, source[1] + self._shift)
        low, high = bisect_left(self._starts, start - WIDEST), bisect_left(self._starts, end)
        inside = [seen for seen in self._scene.seen[low:high] if seen.end > start]
        if not inside:
            return [self._unnamed(k, text[start:end])]
        free, head = self._head(inside)
        several = self._scene.coordinated(free[free.index(head) :])
        if text[several[-1].end : end].strip(" ,.'’s”\"")[:1].isalpha():  # "Ushakov, and Moscow had"
            several = several[:1]
        entries = [entry for seen in several for entry in seen.entry.members or [seen.entry]]
        return [self._as_speaker(entry) for entry in dict.fromkeys(entries)]

    def _quoted(self, k: int) -> tuple[int, int] | None:
        """Whom another quotes: "Russian media quoted Ushakov as saying"."""
        cue = self.attributions[k].cue
        quoted = cue and QUOTED.search(self._scene.text, cue[0] + self._shift, cue[1] + self._shift + 120)
        return quoted.span("whom") if quoted and quoted.start() < cue[1] + self._shift else None

    def _unnamed(self, k: int, source: str) -> Speaker:
        """The speaker of a source in which nobody is known."""
        parent, pronoun = self.attributions[k].parent, PRONOUNS.get(fold(source)[0])
        if pronoun == "1" and parent is not None and parent < k:
            return self.speakers[parent]
        if name := "" if pronoun else cleaned(source):
            return Speaker(name, "unnamed")
        return NARRATOR if pronoun else self._unsourced(k)

    def _head(self, inside: list[Seen]) -> tuple[list[Seen], Seen]:
        """The free mentions in a source, and which speaks: the first, or the name to which nouns lead from
        there ("the Russian state agency Tass")."""
        free = [seen for seen in inside if not seen.inner] or inside
        head = free[0]
        if head.governed:  # "… of the Coalition of the Willing, Sergei Ryabkov"
            head = next((s for s in free if s.entry.kind == "person" and not s.governed), head)
        for seen in free[free.index(head) + 1 :]:
            gap = self._scene.text[head.end : seen.start]
            if not gap.replace("-", "").replace(" ", "").isalpha() or SMALL.intersection(
                fold(w)[0] for w in gap.split()
            ):
                break
            head = seen
        return free, head

    def _unsourced(self, k: int) -> Speaker:
        """The subject of the cue, else whoever spoke before where the quotation goes on, else the
        narrator.
        """
        attribution = self.attributions[k]
        if attribution.cue and (subject := self._subject(attribution.cue)):
            return self._as_speaker(subject)
        if heading := self._heading(k):
            return heading
        goes_on = k and attribution.quote != "indirect" and not self._border(k)
        return self.speakers[k - 1] if goes_on else NARRATOR

    def _heading(self, k: int) -> Speaker | None:
        """Whom a heading names, where paragraphs that are quotations and nothing else follow it."""
        attribution, text, starts = self.attributions[k], self._scene.text, [0, *self._scene.paragraphs]
        if attribution.cue or attribution.parent is not None or attribution.quote == "indirect":
            return None
        place = attribution.content[0][0] + self._shift
        at = bisect_right(starts, place) - 1
        if text[starts[at] : place].strip('"“ '):
            return None
        while at > 0 and text[starts[at]] in '"“':
            at -= 1
        line = text[starts[at] : starts[at + 1]].strip() if at + 1 < len(starts) else ""
        if not line or len(line.split()) > HEADING or line[-1] in '.!?,”"':
            return None
        named = self.mentions(starts[at] - self._shift, starts[at + 1] - self._shift)
        return next((m.speaker for m in named if m.speaker.kind == "person" and m.form != "pronoun"), None)

    def _subject(self, cue: tuple[int, int]) -> Entry | None:
        """Who stands just before a cue, else first in its sentence and not after a preposition, else just
        after.
        """
        start, end, scene = cue[0] + self._shift, cue[1] + self._shift, self._scene
        here, at = scene.sentence(start), bisect_left(self._starts, start)
        before = [
            s
            for s in scene.seen[max(0, at - 12) : at]
            if s.sentence == here and not s.inner and s.content is None
        ]
        gap = scene.text[before[-1].end : start] if before else ","
        if "," not in gap and len(gap.split()) < 3:
            return before[-1].entry
        for seen in before:
            if not seen.governed:
                return seen.entry
        after = next((seen for seen in scene.seen[at : at + 3] if seen.start >= end), None)
        return after.entry if after and scene.text[end : after.start] in (" ", " the ") else None

    def _border(self, k: int) -> bool:
        """Whether a paragraph ends between an attribution and the one before."""
        before, here = self.attributions[k - 1].content, self.attributions[k].content
        return not (before and here) or "\n" in self.text[before[-1][1] : here[0][0]]


def cleaned(source: str) -> str:
    """The source's own words, without articles, relative clauses and marks; "" where no noun is left."""
    source = re.split(r"[,;:(]| who | which | that ", " ".join(source.split()))[0]
    kept = unowned(LEAD.sub("", source.strip(" \"“”‘’'.-—–"))).split()[:8]
    return " ".join(kept) if any(fold(word)[0] not in SMALL and word[0].isalpha() for word in kept) else ""


def day_of(day: object) -> Date | None:
    """A date of any make as a date; None for NaT, "" and None."""
    if not day or day != day:
        return None
    return Date.fromisoformat(day[:10]) if isinstance(day, str) else Date(day.year, day.month, day.day)
