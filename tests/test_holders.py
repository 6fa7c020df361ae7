"""Whose willingness a sentence tells, by which word, and of what."""

import pytest

from analysis.codebook import load_codebook
from analysis.statements.holders import held
from analysis.speakers import ArticleSpeakers


def told(text: str, *, topical: bool = False) -> list[tuple[str, str]]:
    mentions = ArticleSpeakers(text, []).mentions()
    found = held(text, mentions, 0, len(text), load_codebook(), topical)
    return [(h.mention.speaker.name, text[slice(*h.cue)]) for h in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Putin saw little sense in such a step.", ("Vladimir Putin", "little sense")),
        ("Macron has expressed his readiness for it.", ("Emmanuel Macron", "readiness")),
        ("Zelensky himself had once more categorically refused it.", ("Volodymyr Zelensky", "refused")),
        ("Zelensky's third offer to meet was ignored.", ("Volodymyr Zelensky", "offer")),
        ("The idea met with a flat refusal from Moscow.", ("Russia", "refusal")),
        ("An invitation to the capital had come from Putin.", ("Vladimir Putin", "invitation")),
        ("They hope to soften the American proposal for it.", ("United States", "proposal")),
    ],
)
def test_the_word_of_willingness(text, expected):
    assert expected in told(text)


def test_an_agent_counts_where_the_sentence_has_the_topic():
    text = "The guarantees were again rejected by Moscow."
    assert told(text, topical=True) == [("Russia", "rejected")]
    assert told(text) == []


def test_where_one_comes_from_is_no_willingness():
    assert told("A train came home from Russia.", topical=True) == []


@pytest.mark.parametrize(
    ("text", "holders"),
    [
        ("A meeting with Zelensky was possible in May.", []),
        ("In contrast to Putin, Italy opposes talks.", []),
        ("A meeting between Putin and Zelensky could take place in May.", []),
        ("Officials in the Kremlin, who reject this, could refuse talks.", ["Kremlin"]),
        ("Talks were held in Paris, with Putin refusing to come.", ["Vladimir Putin"]),
        ("There was nothing new in Putin's refusal to come.", ["Vladimir Putin"]),
    ],
)
def test_who_stands_behind_a_preposition_is_no_subject(text, holders):
    people = {"Vladimir Putin", "Volodymyr Zelensky", "Kremlin"}
    assert [name for name, _ in told(text, topical=True) if name in people] == holders
