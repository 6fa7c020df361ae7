"""Shifts: planted ones are found and dated, chance ones are not, and the words go with them."""

import numpy as np
import pandas as pd
import pytest

from analysis import codings
from analysis.trends import shifts
from analysis.trends.shifts import HINT, NO_SHIFT, contradictions
from tests.test_trends import table


def series(stances, *, speaker="X", start="2025-01-01", step=3) -> pd.DataFrame:
    """One position per article, `step` days apart; the evidence names the stance and the day."""
    days = pd.date_range(start, periods=len(stances), freq=f"{step}D")
    rows = table(
        *(
            (f"{speaker}{i}", day, speaker, "Russia", stance)
            for i, (day, stance) in enumerate(zip(days, stances, strict=True))
        )
    )
    return rows.assign(evidence=[f"{s} on {d:%d %B}" for s, d in zip(stances, days, strict=True)])


PLANTED = series(["oppose"] * 10 + ["support"] * 10)


def test_a_planted_shift_is_found_with_its_day_size_and_words():
    found = shifts.shifts(PLANTED).iloc[0]
    assert (found.last_before, found.first_after) == (pd.Timestamp("2025-01-28"), pd.Timestamp("2025-01-31"))
    assert (found.change, found.n_before, found.n_after) == (2, 10, 10)
    assert found.verdict == "moved towards support" and found.p < 0.005
    assert (found.quote_before, found.quote_after) == ("oppose on 28 January", "support on 31 January")
    assert found.low > 0.8


def test_no_shift_where_nothing_moves():
    found = shifts.shifts(series(["oppose", "support"] * 10)).iloc[0]
    assert found.verdict == NO_SHIFT and found.p > 0.5


def test_chance_is_called_a_shift_at_most_as_often_as_promised():
    rng = np.random.default_rng(3)
    rows = pd.concat(
        [series(rng.choice(["support", "conditional", "oppose"], 16), speaker=f"S{i}") for i in range(60)],
        ignore_index=True,
    )
    found = shifts.shifts(rows, permutations=500)
    assert found.attrs["tested"] == 60
    assert (found.p <= 0.05).sum() <= 7 and found.verdict.str.startswith("moved").sum() == 0


def test_repetition_within_an_article_is_no_evidence():
    once = series(["oppose"] * 3 + ["support"] * 3)
    many = pd.concat([once] * 8, ignore_index=True)
    one, eight = (shifts.shifts(rows, once="statement").p[0] for rows in (once, many))
    assert eight == pytest.approx(one, abs=0.03) and one > 0.05


def test_a_day_chosen_beforehand():
    found = shifts.shifts(PLANTED, at="2025-01-10").iloc[0]
    assert (found.n_before, found.n_after) == (3, 17)
    assert shifts.shifts(PLANTED, at="2026-01-10").empty


def test_too_short_series_are_counted_not_tested():
    found = shifts.shifts(series(["oppose", "support"]))
    assert found.empty and found.attrs == {"tested": 0, "too_few": 1, "undated": 0}


def test_long_series_take_the_limit_and_agree_with_shuffling(monkeypatch):
    rng = np.random.default_rng(5)
    stances = rng.choice(["oppose", "support"], 1500, p=[0.5, 0.5])
    stances[700:] = rng.choice(["oppose", "support"], 800, p=[0.47, 0.53])
    rows = series(stances, step=1)
    shuffled = shifts.shifts(rows).p[0]
    monkeypatch.setattr(shifts, "MANY", 100)
    assert shifts.shifts(rows).p[0] == pytest.approx(shuffled, abs=0.05)


def test_second_hand_words_are_quoted_only_where_there_are_no_others():
    rows = PLANTED.assign(second_hand=[i == 9 for i in range(20)])
    assert shifts.shifts(rows).quote_before[0] == "oppose on 25 January"


def test_a_hint_is_a_shift_before_but_not_after_correction():
    rng = np.random.default_rng(0)
    noise = [series(rng.permutation(["support", "oppose"] * 6), speaker=f"S{i}") for i in range(30)]
    weak = series(["oppose"] * 6 + ["support", "oppose"] + ["support"] * 5)
    found = shifts.shifts(pd.concat([weak, *noise], ignore_index=True)).set_index("who")
    assert found.loc["X", "verdict"] == HINT and found.loc["X", "p"] <= 0.05 < found.loc["X", "p_adjusted"]


@pytest.mark.parametrize("days, n", [(14, 2), (5, 1), (1, 0)])
def test_contradictions_within_days(days, n):
    rows = table(
        ("a", "2025-03-01", "X", "Russia", "support"),
        ("b", "2025-03-02", "X", "Russia", "conditional"),
        ("c", "2025-03-04", "X", "Russia", "oppose"),
        ("d", "2025-03-05", "X", "Russia", "oppose"),
        ("e", "2025-03-15", "X", "Russia", "support"),
        ("f", "2025-03-16", "Y", "Russia", "oppose"),
    )
    found = contradictions(rows, days=days)
    assert len(found) == n
    if n:
        assert (found.stance_before[0], found.stance_after[0], found.days[0]) == ("support", "oppose", 3)


def test_nothing_in_nothing_out():
    assert shifts.shifts(PLANTED[:0]).empty and contradictions(PLANTED[:0]).empty
    assert shifts.shifts(PLANTED.assign(date=pd.NaT)).attrs["undated"] == 20


def test_the_shipped_codings():
    coded = codings.load_codings()
    found = shifts.shifts(coded)
    assert (found.attrs["tested"], found.attrs["too_few"]) == (12, 86)
    assert not found.verdict.str.startswith("moved").any()
    assert found.change.abs().is_monotonic_decreasing
    assert len(contradictions(coded)) == 5


def test_fewer_orders_are_tried_where_p_is_no_small_one(monkeypatch):
    drawn, real = [], shifts._shuffled_sums
    monkeypatch.setattr(shifts, "_shuffled_sums", lambda c, s, orders, r: drawn.append(orders) or real(c, s, orders, r))
    still = shifts.shifts(series(["oppose", "support"] * 10)).p[0]
    assert drawn == [500]
    monkeypatch.setattr(shifts, "ENOUGH", 2001)
    assert shifts.shifts(series(["oppose", "support"] * 10)).p[0] == pytest.approx(still, abs=0.06)
    del drawn[:]
    assert shifts.shifts(PLANTED).p[0] < 0.002 and drawn == [500] * 4
