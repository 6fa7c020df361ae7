"""Findings: numbers with intervals, computed and not typed, and what becomes of them under other choices."""

import numpy as np
import pandas as pd
import pytest

from analysis import charts, codings
from analysis.evidence import telling
from analysis.trends import coverage, shifts
from analysis.trends.findings import CONTRASTS, Contrast, estimate, survives, verdict
from tests.test_trends import table

GAP = Contrast("gap", "meeting", "Ukraine", "Russia")
TURN = Contrast("turn", "meeting", "Ukraine", "Ukraine", "2025-08-18")


@pytest.fixture(scope="module")
def coded() -> pd.DataFrame:
    return codings.load_codings()


def rows_for(publisher="P") -> pd.DataFrame:
    return table(
        ("a", "2025-08-01", "Y", "Ukraine", "support"),
        ("b", "2025-08-17", "Y", "Ukraine", "support"),
        ("c", "2025-08-18", "Y", "Ukraine", "conditional"),
        ("d", "2025-08-20", "X", "Russia", "oppose"),
        publisher=publisher,
    )


def test_contrast_of_two_sides_and_of_two_times():
    assert estimate(rows_for(), GAP)["estimate"] == pytest.approx(2 / 3 + 1)
    turn = estimate(rows_for(), TURN)
    assert (turn["estimate"], turn["n_first"], turn["n_second"]) == (-1, 1, 2)
    assert turn["low"] <= -1 <= turn["high"]


def test_nothing_to_compare():
    for rows in (rows_for()[:0], rows_for()[:2], rows_for().assign(date=pd.NaT)):
        found = estimate(rows, GAP)
        assert np.isnan([found["estimate"], found["low"], found["high"]]).all()


def test_the_publisher_that_matters_most_is_left_out():
    rows = pd.concat(
        [rows_for(["P", "P", "Q", "P"]), rows_for("R").assign(article_id=list("efgh"))], ignore_index=True
    )
    choice = survives(rows, contrasts=[GAP]).iloc[-1]
    assert choice.choice == "without P"  # two of the four yeses and one of the two noes
    assert choice.estimate == pytest.approx(estimate(rows[rows.publisher != "P"], GAP)["estimate"])
    assert survives(rows_for()[:0], contrasts=[GAP]).choice.iloc[-1] == "without any one publisher"


def test_each_finding_has_the_shown_choice_first_and_the_codings_last(coded):
    found = survives(coded, codings=coded)
    assert found.groupby("finding", sort=False).choice.first().eq("as shown: once per article").all()
    assert {"once per month", "first-hand only", "each utterance once", "codings by hand"} <= set(
        found.choice
    )
    same = found[found.choice.isin(["codings by hand", "as shown: once per article"])]
    assert same.groupby("finding").estimate.nunique().eq(1).all()


@pytest.mark.parametrize("publisher", [None, ""])
def test_articles_without_a_publisher_are_left_out_together(publisher):
    alike = rows_for().iloc[[0, 3]].assign(article_id=["e", "f"], stance="support", value=1.0)
    rows = pd.concat([rows_for(publisher), alike], ignore_index=True)
    found = survives(rows, contrasts=[GAP]).set_index("choice")
    last = found.iloc[-1]
    assert last.name == "without unnamed publishers" and (last.n_first, last.n_second) == (1, 1)


def test_verdict_counts_signs_and_intervals():
    rows = pd.DataFrame({"estimate": [0.5, 0.4, -0.1], "low": [0.1, -0.1, -0.5], "high": [0.9, 0.8, 0.3]})
    assert verdict(rows) == "Same sign: 1 of 2 others. Clear of zero: 1 of 3."
    assert verdict(rows * np.nan) == "Too few positions to say."


def test_the_shipped_codings(coded):
    gap, guarantees, ukraine, russia = (estimate(coded, c) for c in CONTRASTS)
    assert gap["estimate"] == pytest.approx(0.8, abs=0.1) and gap["low"] > 0.3 and gap["n_second"] == 46
    assert guarantees["estimate"] == pytest.approx(1.2, abs=0.1) and guarantees["low"] > 0.8
    assert ukraine["high"] < 0 and russia["low"] < 0 < russia["high"]


def test_what_is_computed_already_is_not_computed_anew(coded):
    found = survives(coded, utterances=coverage.utterance_ids(coded))
    pd.testing.assert_frame_equal(found, survives(coded))
    none = survives(coded, utterances=pd.Series(0, index=coded.index)).set_index("choice").estimate
    assert none["each utterance once"].isna().all() and none["as shown: once per article"].notna().all()
    moved = shifts.shifts(coded)
    assert telling.sentences(coded, moved=moved) == telling.sentences(coded)
    assert telling.sentences(coded, moved=moved[:0])[-1] != telling.sentences(coded)[-1]
    assert charts.shifts(coded, moved=moved).caption == charts.shifts(coded).caption
