"""Coverage: one utterance told by many outlets is one utterance."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

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
    assert wire()[coverage.first_told(wire())].article_id.tolist() == ["a", "d"]


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
    assert coverage.coverage(wire()[:0]).empty and not len(coverage.first_told(wire()[:0]))


def test_the_digests_retell_different_reports():
    coded = codings.load_codings()
    assert coverage.utterance_ids(coded).nunique() == 352


def test_utterances_are_those_of_the_rule_applied_pair_by_pair():
    rng, n = np.random.default_rng(5), 200
    rare = ["".join(rng.choice(list("abcdefgh"), 5)) for _ in range(100)]
    told = [rng.choice(rare, 5) for _ in range(25)]
    said = [" ".join([*told[i % 25][: 2 + i % 4], *rng.choice(rare, 2), "Putin", "meeting"]) for i in range(n)]
    days = rng.integers(1, 29, n)
    rows = table(
        *((f"a{i}", f"2025-01-{days[i]:02d}", "XY"[i % 2], "Russia", "support") for i in range(n)),
        content=said,
    )
    words = [set(text.lower().split()) for text in said]
    words = [{word for word in own if sum(word in other for other in words) < 20} for own in words]
    assert not set().union(*words) & {"putin", "meeting"}

    def same(i, j):
        near, shared = abs(days[i] - days[j]) <= 3 and i % 2 == j % 2, len(words[i] & words[j])
        return near and shared >= 3 and shared >= 0.4 * min(len(words[i]), len(words[j]))

    one, other = np.array([pair for pair in combinations(range(n), 2) if same(*pair)]).T
    count, expected = connected_components(coo_matrix((np.ones(len(one)), (one, other)), (n, n)), directed=False)
    assert n / 2 < count < n - 2, count
    assert pd.factorize(coverage.utterance_ids(rows))[0].tolist() == pd.factorize(expected)[0].tolist()
