"""Agreement with coders: exact values on a small table."""

import pandas as pd
import pytest

from analysis.positions.evaluate import (
    agreement,
    breakdown,
    by_part,
    confusion,
    keyword_baseline,
    most_confident_mistakes,
    reliability,
)

CODED = pd.DataFrame(
    [
        ("a", "Volodymyr Zelensky", "meeting", "support"),
        ("a", "Vladimir Putin", "meeting", "oppose"),
        ("a", "Sergei Lavrov", "territory", "support"),
        ("b", "Emmanuel Macron", "meeting", "conditional"),
        ("b", "Keir Starmer", "territory", "oppose"),
    ],
    columns=["article_id", "speaker", "topic", "stance"],
)
TAGGED = pd.DataFrame(
    [
        ("a", "Volodymyr Zelenskyy", "meeting", "support", 0.9, "direct"),
        ("a", "Vladimir Putin", "meeting", "support", 0.8, "direct"),
        ("a", "Sergei Lavrov", "meeting", "oppose", 0.6, "indirect"),
        ("b", "Donald Trump", "meeting", "support", 0.7, "indirect"),
        ("c", "Not Coded", "meeting", "support", 0.9, "direct"),
    ],
    columns=["article_id", "speaker", "topic", "stance", "confidence", "quote"],
)


def test_agreement():
    table = agreement(CODED, TAGGED).set_index("topic")
    assert table.loc["all", ["coded", "tagged", "pairs"]].tolist() == [5, 4, 2]
    assert table.loc["all", "detection F1"] == pytest.approx(2 * 2 / 9)
    assert table.loc["all", "position F1"] == pytest.approx(2 * 1 / 9)
    assert table.loc["all", "stance accuracy"] == 0.5


def test_breakdown():
    assert breakdown(CODED, TAGGED).to_dict() == {
        "found": 1,
        "wrong stance": 1,
        "wrong topic": 1,
        "wrong speaker": 1,
        "not found": 1,
    }


def test_confusion():
    table = confusion(CODED, TAGGED)
    assert table.loc["support", "support"] == table.loc["oppose", "support"] == 1
    assert table.to_numpy().sum() == 2


def test_parts_and_mistakes():
    assert by_part(CODED, TAGGED, "quote").set_index("quote").right.to_dict() == {
        "direct": 0.5,
        "indirect": 0.0,
    }
    assert reliability(CODED, TAGGED).positions.sum() == 4
    mistakes = most_confident_mistakes(CODED, TAGGED)
    assert mistakes.speaker.tolist() == ["Vladimir Putin", "Donald Trump", "Sergei Lavrov"]
    assert mistakes.coded.fillna("").tolist() == ["oppose", "", ""]


def test_keyword_baseline():
    statements = pd.DataFrame(
        [
            ("a", "Keir Starmer", "He spoke of a trilateral summit."),
            ("a", "", "A trilateral summit."),
            ("a", "Keir Starmer", "It rained."),
            ("z", "Keir Starmer", "A trilateral summit."),
        ],
        columns=["article_id", "speaker", "context"],
    )
    assert keyword_baseline(CODED, statements).values.tolist() == [
        ["a", "Keir Starmer", "meeting", "conditional"]
    ]
