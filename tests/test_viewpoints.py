"""Views that are told without a verb of saying."""

import pytest

from analysis.speakers import ArticleSpeakers
from analysis.attribution.tokens import sentence_ends
from analysis.statements.viewpoints import viewpoints


@pytest.mark.parametrize(
    ("text", "who", "cue", "content"),
    [
        (
            "Land will be discussed, according to Kremlin spokesman Dmitry Peskov.",
            "Dmitry Peskov",
            "according to ",
            ["Land will be discussed"],
        ),
        ("Merz came. In his view, that is a start.", "Friedrich Merz", "In his view", ["that is a start"]),
        (
            "An offer, in Zelensky's eyes, serves only to delay.",
            "Volodymyr Zelensky",
            "in Zelensky's eyes",
            ["An offer", "serves only to delay"],
        ),
        (
            "It was a start, in the opinion of German Chancellor Friedrich Merz.",
            "Friedrich Merz",
            "in the opinion of ",
            ["It was a start"],
        ),
    ],
)
def test_whose_view_and_of_what(text, who, cue, content):
    (view,) = viewpoints(text, ArticleSpeakers(text, []).mentions(), sentence_ends(text))
    assert view.mention.speaker.name == who
    assert text[slice(*view.cue)] == cue
    assert [text[s:e] for s, e in view.content] == content


@pytest.mark.parametrize(
    "text", ["", "According to plan.", "In other words, Putin waits.", "In Putin's view."]
)
def test_no_view(text):
    assert viewpoints(text, ArticleSpeakers(text, []).mentions(), sentence_ends(text)) == []
