"""Which topics a statement speaks of: named in it, meant by a word that points back, or near to it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from analysis.codebook import Codebook, Topic
from analysis.codebook.patterns import beginnings

REACH = 500  # characters over which "it" or "the idea" may point back


class Mention(NamedTuple):
    """Where a passage speaks of a topic; offsets into the passage."""

    start: int
    end: int
    how: str  # named / opposite / weak / carried / near
    lookalike: bool = False


class Found(NamedTuple):
    """All mentions of one topic in one passage, with what the passage tells besides."""

    mentions: tuple[Mention, ...]
    parties: frozenset[int]  # which of the topic's parties are named
    lookalikes: int


def possible(topics: Iterable[Topic], passages: Iterable[str]) -> list[Topic]:
    """The topics that some passage may name, as far as the beginnings of its words tell; none names another."""
    words = frozenset().union(*map(beginnings, passages))
    return [t for t in topics if any(p and p.may_fit(words) for p in (t.patterns, t.opposite, t.weak))]


def find_topic(topic: Topic, passage: str) -> Found:
    """All mentions of a topic in a passage, in order; where patterns overlap, the contrary comes first, then
    the name."""
    parties = frozenset(i for i, party in enumerate(topic.parties) if party.search(passage))
    lookalikes = [m.span() for m in topic.lookalikes.finditer(passage)] if topic.lookalikes else []
    mentions, taken = [], []
    for how, pattern in (("opposite", topic.opposite), ("named", topic.patterns), ("weak", topic.weak)):
        for m in pattern.finditer(passage) if pattern else ():
            if not _overlaps(m, taken):
                taken.append(m.span())
                mentions.append(Mention(*m.span(), how, _overlaps(m, lookalikes)))
    return Found(tuple(sorted(mentions)), parties, len(lookalikes))


def _overlaps(m: re.Match, spans: list[tuple[int, int]]) -> bool:
    return any(m.start() < end and start < m.end() for start, end in spans)


@lru_cache(1 << 12)
def parties_of(topic: Topic, speaker: str) -> frozenset[int]:
    """Which of the topic's parties a speaker is."""
    return frozenset(i for i, party in enumerate(topic.parties) if party.search(speaker))


def names_topic(topic: Topic, sentence: str) -> bool:
    """Whether a sentence by itself names the topic or its contrary, or a weak word of it and all its
    parties."""
    if topic.patterns.search(sentence) or topic.opposite and topic.opposite.search(sentence):
        return True
    return bool(topic.parties and topic.weak and topic.weak.search(sentence)) and all(
        party.search(sentence) for party in topic.parties
    )


def is_about(topic: Topic, found: Found) -> bool:
    """Whether the mentions of one passage are enough to name the topic."""
    sure = any(m.how != "weak" and not m.lookalike for m in found.mentions)
    return sure or bool(found.mentions) and 0 < len(topic.parties) == len(found.parties)


def carried(codebook: Codebook, passage: str) -> Mention | None:
    """The first word of a passage that may point back to a topic named shortly before."""
    m = codebook.anaphora.search(passage)
    return Mention(*m.span(), "carried") if m else None
