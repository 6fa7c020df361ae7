"""Who is quoted how often, how and by whom."""

import json
import os
import runpy
from pathlib import Path

import pandas as pd
import pytest

from analysis.config import ROOT, InputError
from analysis.charts.quoting import SCORES, by_publisher, by_speaker, of_article, publishers, scores, speakers
from analysis.attribution.spans import statements as raw

SHARED = Path(os.environ.get("WTS_SHARED", ROOT.parent / "shared"))
POLNEAR = SHARED / "polnear" / "dev.jsonl"


@pytest.fixture
def statements():
    rows = [
        ("a#1", "Lavrov", "Russia", "direct", "TASS", None),
        ("a#2", "Lavrov", "Russia", "indirect", "TASS", "a#1"),
        ("b#1", "Zelensky", "Ukraine", "mixed", "UNN", None),
        ("b#2", "farmers", "", "indirect", "UNN", None),
        ("b#3", "", "", "indirect", "UNN", None),
    ]
    table = pd.DataFrame(rows, columns=["statement_id", "speaker", "side", "quote", "publisher", "parent"])
    return table.assign(
        article_id=table.statement_id.str[0],
        date=pd.Timestamp("2025-08-22"),
        second_hand=False,
        cue="said",
        content="<b>",
    )


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
    assert of_article(statements, "b").inside.tolist() == ["", "", ""]
    assert of_article(statements, "c").empty


def test_captions_size_what_is_shown(statements):
    assert speakers(statements).caption == (
        "n = 5 statements in 2 articles, 22 August 2025 to 22 August 2025. Most quoted: Lavrov (2), "
        "Zelensky (1), farmers (1). 20% are direct, 20% mixed, 60% indirect; 1 name no speaker."
    )
    assert publishers(statements).caption.startswith("n = 5 statements by 2 publishers")


@pytest.mark.parametrize("draw", [speakers, publishers])
def test_nothing_to_show_is_said_in_words(statements, draw):
    assert draw(statements.head(0)).caption.startswith("No statement")
    assert "undated" in draw(statements.assign(date=pd.NaT)).caption


def test_scores_are_named_for_reading():
    table = scores()
    assert table.index[[0, 3]].tolist() == ["all", "with a verb of saying"]
    assert table.columns.tolist() == [
        "n",
        "word F1",
        "statement F1",
        "source right",
        "both right",
        "both right, people",
    ]
    assert table.n["all"] == table.n["with a quotation"] + table.n["indirect"] == 2192
    assert table["both right, people"].dropna().tolist() == [0.76, 0.93]


@pytest.mark.parametrize("text", [None, "", "{}", "[1]", '{"all": 1}'])
def test_scores_that_cannot_be_read_are_named(tmp_path, text):
    path = tmp_path / "scores.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match="scores.json: no scores that can be read"):
        scores(path)


@pytest.mark.skipif(not POLNEAR.exists(), reason="the annotated articles are not here (WTS_SHARED)")
def test_scores_are_those_of_the_shipped_model():
    scorer = runpy.run_path(str(SHARED / "score" / "attributions.py"))
    lines = map(json.loads, POLNEAR.open(encoding="utf-8"))
    found = {line["article"]: raw(line["text"]) for line in lines}
    fresh = scorer["score"](scorer["load_gold"](str(POLNEAR)), found)
    shipped = pd.DataFrame.from_dict(json.loads(SCORES.read_text("utf-8")), orient="index")
    pd.testing.assert_frame_equal(fresh, shipped[fresh.columns], rtol=0, atol=1e-3)
