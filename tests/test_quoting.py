"""Who is quoted how often, how and by whom."""

import json

import pandas as pd
import pytest

from analysis.config import InputError
from analysis.quoting import by_publisher, by_speaker, of_article, publishers, scores, speakers


@pytest.fixture
def statements():
    rows = [("a#1", "Lavrov", "Russia", "direct", "TASS", None), ("a#2", "Lavrov", "Russia", "indirect", "TASS", "a#1"),
            ("b#1", "Zelensky", "Ukraine", "mixed", "UNN", None), ("b#2", "farmers", "", "indirect", "UNN", None),
            ("b#3", "", "", "indirect", "UNN", None)]
    table = pd.DataFrame(rows, columns=["statement_id", "speaker", "side", "quote", "publisher", "parent"])
    return table.assign(article_id=table.statement_id.str[0], date=pd.Timestamp("2025-08-22"), second_hand=False,
                        cue="said", content="<b>")


def test_speakers_with_their_kinds_of_quotation(statements):
    table = by_speaker(statements)
    assert table.index.tolist() == ["Lavrov", "Zelensky", "farmers"]
    assert table.loc["Lavrov"].tolist() == ["Russia", 2, 1, 1, 1, 0, 1]


def test_publishers_with_the_sides_they_quote(statements):
    table = by_publisher(statements)
    assert table.statements.to_dict() == {"UNN": 3, "TASS": 2}
    assert table.loc["UNN", ["Ukraine", "not on the roster"]].tolist() == [1, 2]


def test_statements_of_one_article_by_number(statements):
    table = of_article(statements, "a")
    assert table.index.tolist() == ["1", "2"] and table.inside.tolist() == ["", "1"]


def test_captions_size_what_is_shown(statements):
    assert speakers(statements).caption == (
        "n = 5 statements in 2 articles, 22 August 2025 to 22 August 2025. Most quoted: Lavrov (2), Zelensky (1), "
        "farmers (1). 20% are direct, 20% mixed, 60% indirect; 1 name no speaker.")
    assert publishers(statements).caption.startswith("n = 5 statements by 2 publishers")


@pytest.mark.parametrize("draw", [speakers, publishers])
def test_nothing_to_show_is_said_in_words(statements, draw):
    assert draw(statements.head(0)).caption.startswith("No statement")
    assert "undated" in draw(statements.assign(date=pd.NaT)).caption


def test_scores_come_from_the_model_card(tmp_path):
    card = tmp_path / "attribution.json"
    card.write_text(json.dumps({"scores": [{"measure": "joint F1", "value": 0.5, "n": 3}]}))
    assert scores(card).to_dict("records") == [{"measure": "joint F1", "value": 0.5, "n": 3}]
    card.write_text("{}")
    with pytest.raises(InputError, match="attribution.json: no scores; rebuild it"):
        scores(card)
