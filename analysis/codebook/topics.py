"""Which topics a statement speaks of: named in it, meant by a word that points back, or near to it."""

import re
from typing import NamedTuple

from analysis.codebook import Codebook, Topic
from analysis.codebook.patterns import Matches, matches

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


def find_topic(topic: Topic, passage: str) -> Found:
    """All mentions of a topic in a passage, in order; where patterns overlap, the contrary comes first, then
    the name."""
    found = matches(passage)
    lookalikes = [m.span() for m in found[topic.lookalikes]]
    mentions, taken = [], []
    for how, pattern in (("opposite", topic.opposite), ("named", topic.patterns), ("weak", topic.weak)):
        for m in found[pattern]:
            if not _overlaps(m, taken):
                taken.append(m.span())
                mentions.append(Mention(*m.span(), how, _overlaps(m, lookalikes)))
    return Found(tuple(sorted(mentions)), parties_of(topic, passage), len(lookalikes))


def _overlaps(m: re.Match, spans: list[tuple[int, int]]) -> bool:
    return any(m.start() < end and start < m.end() for start, end in spans)


def parties_of(topic: Topic, text: str) -> frozenset[int]:
    """Which of the topic's parties a passage names, or a speaker is."""
    found = matches(text)
    return frozenset(i for i, party in enumerate(topic.parties) if found[party])


def names_topic(codebook: Codebook, sentence: str) -> bool:
    """Whether a sentence by itself names a topic or its contrary, or a weak word of one and all its parties."""
    found = matches(sentence)
    return any(_names(topic, found) for topic in codebook.topics.values())


def _names(topic: Topic, found: Matches) -> bool:
    if found[topic.patterns] or found[topic.opposite]:
        return True
    return bool(topic.parties and found[topic.weak]) and all(found[party] for party in topic.parties)


def is_about(topic: Topic, found: Found) -> bool:
    """Whether the mentions of one passage are enough to name the topic."""
    sure = any(m.how != "weak" and not m.lookalike for m in found.mentions)
    return sure or bool(found.mentions) and 0 < len(topic.parties) == len(found.parties)


def carried(codebook: Codebook, passage: str) -> Mention | None:
    """The first word of a passage that may point back to a topic named shortly before."""
    found = matches(passage)[codebook.anaphora]
    return Mention(*found[0].span(), "carried") if found else None
