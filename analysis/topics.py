"""Which topics a statement speaks of: named in it, meant by a word that points back, or near to it."""

import re
from typing import NamedTuple

from analysis.codebook import Codebook, Topic

REACH = 500  # characters over which "it" or "the idea" may point back


class Mention(NamedTuple):
    """Where a passage speaks of a topic; offsets into the passage."""

    start: int
    end: int
    how: str  # named / opposite / weak / carried
    parties: int  # how many of the topic's parties the passage names
    lookalike: bool


class Found(NamedTuple):
    """All mentions of one topic in one passage, with what the passage tells besides."""

    mentions: tuple[Mention, ...]
    parties: int
    lookalikes: int


def find_topic(topic: Topic, passage: str, speaker: str = "") -> Found:
    """All mentions of a topic in a passage; the speaker counts as a party of what he speaks of."""
    told = f"{speaker} . {passage}" if speaker else passage
    parties = sum(bool(party.search(told)) for party in topic.parties)
    lookalikes = [m.span() for m in topic.lookalikes.finditer(passage)] if topic.lookalikes else []
    mentions, taken = [], []
    for how, pattern in (("opposite", topic.opposite), ("named", topic.patterns), ("weak", topic.weak)):
        for m in pattern.finditer(passage) if pattern else ():
            if not any(m.start() < e and s < m.end() for s, e in taken):
                taken.append(m.span())
                alike = any(m.start() < e and s < m.end() for s, e in lookalikes)
                mentions.append(Mention(*m.span(), how, parties, alike))
    return Found(tuple(sorted(mentions)), parties, len(lookalikes))


def names_topic(topic: Topic, sentence: str) -> bool:
    """Whether a sentence by itself names the topic or its contrary, or a weak word of it and all its parties."""
    if topic.patterns.search(sentence) or topic.opposite and topic.opposite.search(sentence):
        return True
    return bool(topic.parties and topic.weak and topic.weak.search(sentence)) and all(
        party.search(sentence) for party in topic.parties)


def is_about(topic: Topic, found: Found) -> bool:
    """Whether the mentions of one passage are enough to name the topic."""
    sure = any(m.how != "weak" and not m.lookalike for m in found.mentions)
    return sure or bool(found.mentions) and 0 < len(topic.parties) == found.parties


def carried(codebook: Codebook, passage: str) -> Mention | None:
    """The first word of a passage that may point back to a topic named shortly before."""
    m = codebook.anaphora.search(passage)
    return Mention(*m.span(), "carried", 0, False) if m else None
