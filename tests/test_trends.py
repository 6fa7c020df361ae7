"""Trends: what counts, means that know their doubt, silence that is not zero."""

import numpy as np
import pandas as pd
import pytest

from analysis import codings, trends
from analysis.trends import counted, gap, silence, smooth, trend

VALUES = {"support": 1.0, "conditional": 0.0, "oppose": -1.0, "neutral": np.nan}


def table(*rows, **more) -> pd.DataFrame:
    """Positions from (article, date, speaker, side, stance) with optional columns."""
    frame = pd.DataFrame(rows, columns=["article_id", "date", "speaker", "side", "stance"]).astype(
        {"stance": "str"}
    )
    frame["date"] = pd.to_datetime(frame.date).astype("datetime64[us]")
    defaults = {
        "topic": "meeting",
        "second_hand": False,
        "principal": "",
        "publisher": "P",
        "url": "https://a.example/1",
        "evidence": "words",
        "said_on": pd.NaT,
    }
    return frame.assign(value=frame.stance.map(VALUES), **(defaults | more))


SMALL = table(
    ("a", "2025-03-03", "X", "Russia", "oppose"),
    ("a", "2025-03-03", "X", "Russia", "oppose"),
    ("a", "2025-03-03", "X", "Russia", "conditional"),
    ("b", "2025-03-03", "X", "Russia", "oppose"),
    ("c", "2025-03-06", "X", "Russia", "oppose"),
    ("d", "2025-03-20", "X", "Russia", "oppose"),
    ("e", "2025-04-02", "X", "Russia", "neutral"),
)


@pytest.fixture(scope="module")
def coded() -> pd.DataFrame:
    return codings.load_codings()


@pytest.mark.parametrize(
    "once, n",
    [("statement", 7), ("article", 6), ("day", 5), ("week", 4), ("month", 3), ("quarter", 3), ("year", 3)],
)
def test_counting_rule(once, n):
    assert len(counted(SMALL, once=once)) == n


def test_first_hand_is_kept_before_second_hand():
    rows = table(
        ("a", "2025-03-03", "X", "Russia", "oppose"),
        ("a", "2025-03-03", "X", "Russia", "oppose"),
        second_hand=[True, False],
    )
    assert counted(rows).second_hand.tolist() == [False]
    assert len(counted(rows, second_hand=False)) == 1


def test_principal_speaks_through_the_spokesman():
    rows = table(
        ("a", "2025-03-03", "Peskov", "Russia", "oppose"),
        ("b", "2025-03-04", "Putin", "Russia", "oppose"),
        principal=["Putin", ""],
    )
    assert counted(rows, by="principal").who.tolist() == ["Putin", "Putin"]


def test_undated_and_unsided_rows_are_left_out_and_counted():
    rows = table(("a", None, "X", "Russia", "oppose"), ("b", "2025-03-04", "Y", "", "oppose"))
    assert counted(rows, by="side").empty
    assert counted(rows, by="side").attrs["undated"] == 1
    assert len(counted(rows, by="speaker")) == 1


def test_the_other_clock():
    rows = table(
        ("a", "2025-03-03", "X", "Russia", "oppose"),
        ("b", "2025-03-04", "X", "Russia", "oppose"),
        said_on=pd.to_datetime(["2025-02-01", None]),
    )
    assert counted(rows, clock="said_on").when.tolist() == [pd.Timestamp("2025-02-01")]
    assert trends.clocks(rows)[["said on", "no said on", "median lag (days)"]].tolist() == [1, 1, 30]


def test_means_silence_and_neutral():
    rows = trend(SMALL, by="side", every="month").set_index("period")
    march, april = rows.loc["2025-03-01"], rows.loc["2025-04-01"]
    assert march["mean"] == pytest.approx(-4 / 5) and march.n == 5 and march.articles == 4 and not march.thin
    assert april.n == 0 and april.neutral == 1 and np.isnan(april["mean"]) and np.isnan(april.low)


def test_silent_months_have_a_row_without_a_mean():
    rows = trend(
        table(("a", "2025-03-03", "X", "Russia", "oppose"), ("b", "2025-06-03", "X", "Russia", "support"))
    )
    assert rows.n.tolist() == [1, 0, 0, 1] and rows["mean"].isna().tolist() == [False, True, True, False]
    assert rows.thin.tolist() == [True, False, False, True]


def test_few_articles_that_agree_do_not_claim_certainty():
    def width(n):
        rows = table(*((f"a{i}", "2025-03-03", "X", "Russia", "oppose") for i in range(n)))
        bins = trend(rows)
        return float((bins.high - bins.low).iloc[0])

    assert width(1) == 2 and 0.3 < width(4) < 1.5 and width(100) < 0.1


def test_repeating_within_articles_does_not_narrow_the_interval():
    rng = np.random.default_rng(1)
    stances = rng.choice(["support", "oppose"], 40)
    rows = table(*((f"a{i}", "2025-03-03", "X", "Russia", s) for i, s in enumerate(stances)))
    many = pd.concat([rows] * 10)
    one, ten = (trend(r, once="statement").iloc[0] for r in (rows, many))
    assert ten.n == 400 and ten.high - ten.low == pytest.approx(one.high - one.low, abs=0.08)


def test_interval_covers_the_truth():
    stances = np.random.default_rng(7).choice(
        ["support", "conditional", "oppose"], (200, 25), p=[0.5, 0.3, 0.2]
    )
    rows = table(
        *(
            (f"a{who}-{i}", "2025-03-03", f"S{who}", "Russia", stance)
            for who, series in enumerate(stances)
            for i, stance in enumerate(series)
        )
    )
    found = trend(rows)
    assert 0.9 <= found.low.le(0.3).mul(found.high.ge(0.3)).mean() <= 0.99


def test_same_seed_same_numbers(coded):
    pd.testing.assert_frame_equal(trend(coded, by="side"), trend(coded, by="side"))
    assert not trend(coded, by="side").low.equals(trend(coded, by="side", seed=3).low)


def test_rolling_mean_is_the_uniform_kernel():
    rows = table(
        *(
            (f"a{i}", f"2025-03-{i + 1:02d}", "X", "Russia", s)
            for i, s in enumerate(["support", "oppose", "support", "support", "oppose"])
        )
    )
    line = smooth(rows, kernel="uniform", days=1, step=1).set_index("when")["mean"]
    assert line.tolist() == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3, 0])


@pytest.mark.parametrize("kernel", trends.KERNELS)
def test_smooth_line_breaks_in_silence(kernel):
    rows = table(
        *((f"{m}{i}", f"2025-{m:02d}-{i + 1:02d}", "X", "Russia", "oppose") for m in (1, 9) for i in range(5))
    )
    line = smooth(rows, kernel=kernel, days=10)
    assert line["mean"].isna().sum() > 15
    assert (line["mean"].dropna() + 1).abs().max() < 1e-6
    assert line.low.isna().equals(line["mean"].isna())


def test_gap_is_first_minus_second():
    rows = table(
        ("a", "2025-03-03", "X", "Russia", "oppose"),
        ("b", "2025-03-09", "Y", "Ukraine", "support"),
        ("c", "2025-03-09", "Y", "Ukraine", "conditional"),
        ("d", "2025-05-09", "Y", "Ukraine", "support"),
    )
    found = gap(rows)
    assert len(found) == 1  # in May only one side speaks
    assert found.gap[0] == 1.5 and (found.n_first[0], found.n_second[0]) == (2, 1)
    assert found.low[0] <= 1.5 <= found.high[0]
    assert gap(rows, between=("Russia", "Ukraine")).gap[0] == -1.5


@pytest.mark.parametrize(
    "last, most, least, period",
    [
        ("2025-06-30", 6, "month", "month"),
        ("2025-07-01", 6, "month", "quarter"),
        ("2029-01-01", 6, "month", "year"),
        ("2125-01-01", 6, "month", "year"),
        ("2025-06-30", 6, "quarter", "quarter"),
        (None, 6, "month", "month"),
    ],
)
def test_the_shortest_period_that_fits(last, most, least, period):
    dates = pd.to_datetime(pd.Series(["2025-01-01" if last else None, last]))
    assert trends.fitting_period(dates, most=most, least=least) == period


def test_silence_counts_days_and_neutral_words_break_it():
    table = silence(SMALL, as_of=pd.Timestamp("2025-04-12"))
    assert table.longest.dtype == "Int64", "whole days, even where there was but one position"
    found = table.iloc[0]
    assert (found["last"], found.days, found.stance, found.longest) == (
        pd.Timestamp("2025-04-02"),
        10,
        "neutral",
        14,
    )


@pytest.mark.parametrize("function", [trend, smooth, gap, silence])
def test_nothing_in_nothing_out(function):
    for rows in (SMALL[:0], SMALL.assign(date=pd.NaT)):
        assert function(rows).empty


def test_the_shipped_codings(coded):
    rows = trend(coded[coded.topic == "meeting"], by="speaker", every="month")
    august = rows[(rows.who == "Volodymyr Zelensky") & (rows.period == "2025-08-01")].iloc[0]
    assert (august.n, august.articles) == (11, 10) and august["mean"] == pytest.approx(6 / 11)
    assert (len(coded), len(counted(coded)), len(counted(coded, once="month"))) == (352, 352, 264)
