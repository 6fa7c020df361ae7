"""A view holds what was chosen, and its code gives the same view."""

import pandas as pd
import pytest

from analysis import charts, trends
from analysis.explore import views
from analysis.codings import load_codings
from analysis.explore.concordance import concordance
from analysis.trends.shifts import shifts
from analysis.explore.views import view


@pytest.fixture(scope="module")
def coded():
    return load_codings()


def test_nothing_chosen_is_everything(coded):
    seen = view(coded)
    assert seen.positions.equals(coded) and len(seen.charts) == 4
    assert seen.code.splitlines()[2] == "seen = views.view(positions)"


@pytest.mark.parametrize(
    "choice, mask",
    [
        ({"topics": ["meeting"]}, lambda t: t.topic == "meeting"),
        ({"sides": ["Russia", "Ukraine"]}, lambda t: t.side.isin(["Russia", "Ukraine"])),
        ({"speakers": ["Dmitry Peskov"]}, lambda t: t.speaker == "Dmitry Peskov"),
        ({"publishers": ("TASS",)}, lambda t: t.publisher == "TASS"),
        ({"start": "2025-08-18", "end": "2025-08-22"}, lambda t: t.date.between("2025-08-18", "2025-08-22")),
        ({"first_hand": True}, lambda t: ~t.second_hand),
    ],
)
def test_each_choice_filters(coded, choice, mask):
    chosen = coded[mask(coded)].reset_index(drop=True)
    assert 0 < len(chosen) < len(coded) and view(coded, **choice).positions.equals(chosen)


def test_charts_shifts_and_bins_are_those_of_the_plain_functions(coded):
    seen = view(coded, topics=["meeting"], counting="week", period="quarter", by="speaker", first_hand=True)
    mine = coded[(coded.topic == "meeting") & ~coded.second_hand].reset_index(drop=True)
    [chart] = seen.charts
    assert chart.png() == charts.timeline(mine, topic="meeting", by="speaker", once="week", days=60).png()
    assert seen.shifts.equals(shifts(mine, once="week")[views.SHIFTS])
    bins = trends.trend(mine, by="speaker", once="week", every="quarter")
    assert seen.bins.n.sum() == bins.n.sum() and len(seen.bins) == ((bins.n + bins.neutral) > 0).sum()


def test_a_point_leads_to_the_words_that_it_counts(coded):
    seen = view(coded, topics=["meeting"])
    for point, row in seen.bins.iterrows():
        behind = seen.behind(point)
        assert len(behind) == row.n + row.neutral and set(behind.side) == {row.who}
        assert behind.value.mean() == pytest.approx(row["mean"], nan_ok=True)
        assert (behind.date.dt.to_period("M") == row.period.to_period("M")).all()
    assert f"{len(seen.behind(0))} position" in str(seen.quotes(0))


def test_the_code_gives_the_same_view(coded):
    seen = view(
        coded, topics=["meeting"], sides=["Russia"], start=pd.Timestamp("2025-08-01"), counting="statement"
    )
    names = {"positions": coded, "views": views}
    lines = seen.code.splitlines()
    exec(lines[2], names)
    assert (
        len(lines) == 4 and names["seen"].positions.equals(seen.positions) and names["seen"].code == seen.code
    )
    assert "start='2025-08-01'" in seen.code and "period" not in seen.code


def test_what_is_saved(coded, tmp_path):
    seen = view(coded, topics=["meeting", "territory"], speakers=["Dmitry Peskov"])
    names = [path.name for path in seen.save(tmp_path)]
    assert names == ["chart-1.png", "chart-2.png", "positions.csv", "view.py"]
    assert len(pd.read_csv(tmp_path / "positions.csv")) == len(seen.positions)
    assert (tmp_path / "chart-1.png").read_bytes().startswith(b"\x89PNG")


def test_an_empty_choice_says_so(coded):
    for table in (coded, coded[:0]):
        seen = view(table, speakers=["Nobody"])
        assert seen.charts[0].caption == "No position fits this choice: choose more topics, speakers or months."
        assert seen.shifts.empty and seen.bins.empty and "no positions" in str(seen.quotes())


@pytest.mark.parametrize("choice", [{"period": "hour"}, {"counting": "twice"}, {"by": "publisher"}])
def test_a_wrong_choice_is_named(coded, choice):
    [value] = choice.values()
    with pytest.raises(ValueError, match=f"'{value}' is none of"):
        view(coded, **choice)


def test_it_shows_itself(coded, capsys):
    view(coded, topics=["meeting"], sides=["Russia"])._ipython_display_()
    shown = capsys.readouterr().out
    assert shown.startswith("Figure(") and "The words behind it: 49 positions" in shown


SENTENCES = pd.DataFrame(
    {
        "article_id": ["a", "a", "b"],
        "context_start": [0, 0, 5],
        "statement_id": ["a#1", "a#2", "b#1"],
        "context": [
            "A Meeting is a meeting, he said.",
            "A Meeting is a meeting, he said.",
            "No meetings: ready to meet.",
        ],
        "date": pd.NaT,
        "speaker": "He",
        "publisher": "P",
    }
)


@pytest.mark.parametrize(
    "phrase, found",
    [
        ("meeting", [("A", "Meeting", "is a meeting ,"), ("A Meeting is a", "meeting", ", he said .")]),
        ("READY to meet", [("No meetings :", "ready to meet", ".")]),
        ("meet he", []),
        ("", []),
        ("(", []),
    ],
)
def test_keyword_in_context(phrase, found):
    lines = concordance(SENTENCES, phrase, width=15)
    assert [(left.strip(), match, right.strip()) for left, match, right in lines.iloc[:, :3].values] == found
    assert all(len(left) <= 15 for left in lines.left)


def test_lines_are_limited(coded):
    assert len(concordance(coded, "meeting", limit=3)) == 3 < len(concordance(coded, "meeting"))
