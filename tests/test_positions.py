"""Positions: columns, traceable evidence, negation, conditions, second hand, topics added in YAML, settling."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from analysis import find_statements, load_articles, tag_positions
from analysis.codebook import STANCES, load_codebook
from analysis.config import CODEBOOK
from analysis.positions import POSITION_COLUMNS, settle


def tag(text, codebook=None, day="2025-08-22"):
    articles = pd.DataFrame(
        [
            {
                "article_id": "a",
                "date": pd.Timestamp(day),
                "publisher": "P",
                "headline": "",
                "url": "",
                "text": text,
                "origin": "a.txt",
            }
        ]
    )
    return tag_positions(find_statements(articles), codebook=codebook)


@pytest.fixture(scope="module")
def shipped():
    articles = load_articles().head(25)
    return articles, tag_positions(find_statements(articles))


def test_columns_and_traces(shipped):
    articles, positions = shipped
    assert list(positions.columns) == POSITION_COLUMNS
    texts = dict(zip(articles.article_id, articles.text, strict=True))
    for row in positions.itertuples():
        assert texts[row.article_id][row.evidence_start : row.evidence_end] == row.evidence != ""
        assert row.context_start <= row.evidence_start
    assert positions.confidence.between(0, 1).all()
    assert set(positions.stance) <= set(STANCES)
    assert set(positions.coder) == {"tagger"}
    assert positions.codebook.nunique() == positions.model.nunique() == 1


def test_value_follows_stance(shipped):
    _, positions = shipped
    for row in positions.itertuples():
        assert row.value == {"support": 1, "conditional": 0, "oppose": -1}.get(row.stance) or np.isnan(
            row.value
        )
        assert isinstance(row.condition, str) <= (row.stance == "conditional")


@pytest.mark.parametrize(
    ("text", "speaker", "topic", "stance"),
    [
        (
            "Sergei Lavrov said that no meeting between Putin and Zelensky is planned.",
            "Sergei Lavrov",
            "meeting",
            "oppose",
        ),
        (
            "Volodymyr Zelensky said he is ready to meet Vladimir Putin at any time.",
            "Volodymyr Zelensky",
            "meeting",
            "support",
        ),
        (
            "Dmitry Peskov said that Putin could meet Zelensky only after agreements have been prepared by experts.",
            "Dmitry Peskov",
            "meeting",
            "conditional",
        ),
        (
            "Volodymyr Zelensky refused to give up territory to Russia.",
            "Volodymyr Zelensky",
            "territory",
            "oppose",
        ),
        (
            "Emmanuel Macron said that European troops would be sent to Ukraine as part of security guarantees.",
            "Emmanuel Macron",
            "security_guarantees",
            "support",
        ),
        (
            "Sergei Lavrov said that any NATO troops in Ukraine would be absolutely unacceptable.",
            "Sergei Lavrov",
            "security_guarantees",
            "oppose",
        ),
        (
            "Vladimir Putin demanded that Ukraine never join NATO.",
            "Vladimir Putin",
            "nato_membership",
            "oppose",
        ),
    ],
)
def test_stances(text, speaker, topic, stance):
    positions = tag(text)
    mine = positions[(positions.speaker == speaker) & (positions.topic == topic)]
    assert set(mine.stance) == {stance}


def test_condition_is_extracted():
    positions = tag(
        "Dmitry Peskov said that Putin could meet Zelensky only after agreements have been prepared by experts."
    )
    told = positions[positions.speaker == "Dmitry Peskov"].condition
    assert told.str.startswith("only after agreements").any()


def test_passed_on_is_second_hand():
    positions = tag("Donald Trump said that Vladimir Putin had agreed to meet Volodymyr Zelensky.")
    putin = positions[positions.speaker == "Vladimir Putin"]
    assert set(putin.stance) == {"support"} and putin.second_hand.all()


SANCTIONS = """  sanctions:
    label: Sanctions
    covers: Sanctions against Russia.
    patterns:
      - (new|tougher|more)? sanctions
"""


def test_topic_added_in_yaml(tmp_path):
    path = tmp_path / "codebook.yaml"
    text = CODEBOOK.read_text(encoding="utf-8")
    path.write_text(text.replace("  territory:\n", SANCTIONS + "  territory:\n", 1), encoding="utf-8")
    positions = tag(
        "Volodymyr Zelensky called for tougher sanctions against Russia. Viktor Orban rejected new sanctions.",
        load_codebook(path),
    )
    found = dict(zip(positions.speaker, positions.stance, strict=True))
    assert set(positions.topic) == {"sanctions"}
    assert found == {"Volodymyr Zelensky": "support", "Viktor Orban": "oppose"}


@pytest.mark.parametrize("text", ["", "It rained in Kyiv.", "He said she said they said.", "meeting " * 500])
def test_nothing_to_find(text):
    positions = tag(text)
    assert list(positions.columns) == POSITION_COLUMNS
    assert len(positions) == 0


def test_same_words_same_result():
    text = "Volodymyr Zelensky said he is ready to meet Vladimir Putin at any time."
    pd.testing.assert_frame_equal(tag(text), tag(text))


def _copies(statements, count):
    """The statements of so many articles of the same words."""
    named = [statements.assign(article_id=f"{n}") for n in range(count)]
    return pd.concat(named, ignore_index=True)


def _beside_result(statements):
    """Bytes held at most while the statements are tagged, beyond those that remain, and those of the result."""
    tracemalloc.start()
    positions = tag_positions(statements)
    remains, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most - remains, positions.memory_usage(deep=True).sum()


def test_memory_does_not_grow_with_the_articles(shipped):
    statements = find_statements(shipped[0].head(2))
    tag_positions(statements)
    few, _ = _beside_result(_copies(statements, 2))
    many, result = _beside_result(_copies(statements, 12))
    assert many - few < 2 * result


def test_rows_of_an_article_need_not_be_together(shipped):
    statements = find_statements(shipped[0].head(4))
    number = statements.groupby("article_id").cumcount()
    mixed = statements.iloc[number.argsort(kind="stable")]
    assert mixed.article_id.head(4).nunique() == 4
    apart, together = (
        tag_positions(t).sort_values(["statement_id", "topic"], ignore_index=True) for t in (mixed, statements)
    )
    pd.testing.assert_frame_equal(apart, together)


def test_settle_shares_the_stance_of_one_speaker():
    keys = [("a", "A", "meeting")] * 2 + [("a", "B", "meeting")]
    detected = np.array([0.9, 0.6, 0.2])
    stances = np.array([[0.7, 0.1, 0.1, 0.1], [0.3, 0.4, 0.2, 0.1], [0.0, 0.0, 1.0, 0.0]])
    chosen = settle(keys, detected, stances, 0.5)
    assert [(k, STANCES[s]) for k, s, _ in chosen] == [(0, "support"), (1, "support")]


def test_settle_keeps_a_second_stance_that_is_plain():
    keys = [("a", "A", "meeting")] * 2
    stances = np.array([[0.9, 0.1, 0.0, 0.0], [0.0, 0.05, 0.95, 0.0]])
    chosen = settle(keys, np.array([0.9, 0.8]), stances, 0.5)
    assert [STANCES[s] for _, s, _ in chosen] == ["support", "oppose"]


@pytest.mark.parametrize(
    ("detected", "named", "stance"), [(0.2, 0.7, "conditional"), (0.2, 0.5, "support"), (0.1, 0.7, "support")]
)
def test_settle_lets_a_condition_named_in_one_statement_hold_for_all(detected, named, stance):
    stances = np.array([[0.65, 0.2, 0.1, 0.05], [0.1, named, 0.9 - named, 0.0]])
    chosen = settle([("a", "A", "meeting")] * 2, np.array([0.9, detected]), stances, 0.5)
    assert [(k, STANCES[s]) for k, s, _ in chosen] == [(0, stance)]
