"""Coverage: one utterance told by many outlets is one utterance."""

import pandas as pd
import pytest

from analysis import codings
from analysis.trends import coverage
from tests.test_trends import table

WORDS = "Putin would meet Zelensky only once experts have prepared the summit thoroughly"


def wire(**more) -> pd.DataFrame:
    """One utterance in three outlets, and another one later."""
    return table(
        ("a", "2025-08-20", "X", "Russia", "conditional"),
        ("b", "2025-08-21", "X", "Russia", "conditional"),
        ("c", "2025-08-22", "X", "Russia", "conditional"),
        ("d", "2025-08-22", "X", "Russia", "conditional"),
        **(
            {
                "publisher": ["P", "Q", "R", "S"],
                "content": [WORDS, WORDS, f"{WORDS}, he said on Friday", "Moscow has other demands entirely"],
            }
            | more
        ),
    )


def test_wire_copy_is_one_utterance():
    found = coverage.coverage(wire())
    assert found.n_outlets.tolist() == [3, 1] and found.n_articles.tolist() == [3, 1]
    assert found["first"][0] == pd.Timestamp("2025-08-20") and found.publisher[0] == "P"
    assert coverage.once_per_utterance(wire()).article_id.tolist() == ["a", "d"]


@pytest.mark.parametrize(
    "change",
    [
        {"speaker": ["X", "Y", "Z", "W"]},
        {"topic": ["m", "n", "o", "p"]},
        {"date": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"])},
        {"date": pd.NaT},
        {"stance": ["support", "oppose", "neutral", "conditional"]},
        {"content": ["", "", "", ""], "evidence": ""},
    ],
)
def test_what_differs_is_not_the_same_utterance(change):
    assert coverage.utterance_ids(wire().assign(**change)).nunique() == 4


def test_the_day_it_was_said_counts_where_it_is_known():
    rows = wire().assign(
        date=pd.to_datetime(["2025-08-20", "2025-09-20", "2025-10-20", "2025-08-22"]),
        said_on=pd.Timestamp("2025-08-19"),
    )
    assert coverage.coverage(rows).n_outlets.max() == 3


def test_the_order_of_rows_does_not_matter():
    rows = wire().sample(frac=1, random_state=1)
    assert coverage.coverage(rows).n_outlets.tolist() == [3, 1]


def test_nothing_in_nothing_out():
    assert coverage.coverage(wire()[:0]).empty and coverage.once_per_utterance(wire()[:0]).empty


def test_the_digests_retell_different_reports():
    coded = codings.load_codings()
    assert coverage.utterance_ids(coded).nunique() == 352
