"""What the browser draws is what the figure shows."""

import json

import pandas as pd
import pytest

from analysis import trends
from analysis.charts import timelines
from analysis.codings import load_codings
from analysis.explore.drawing import LEVELS
from analysis.explore.views import REACH, view


@pytest.fixture(scope="module")
def coded():
    return load_codings()


@pytest.fixture(scope="module", params=["side", "speaker"])
def seen(coded, request):
    return view(coded, topics=["meeting"], by=request.param, period="quarter", first_hand=True)


def test_the_line_and_band_are_those_of_the_figure(seen):
    [chart], [bands] = seen.drawings, seen.bands()
    table = trends.counted(seen.positions, by=seen.by, once="article")
    shown = table[table.who.isin([row["name"] for row in chart["rows"]])]
    smooth = trends.smooth(seen.positions, table=shown, days=REACH["quarter"])
    for row, band in zip(chart["rows"], bands, strict=True):
        line = smooth[smooth.who == row["name"]]
        for name, values in (("mean", row["line"]), ("low", band["low"]), ("high", band["high"])):
            assert values == [None if pd.isna(v) else round(v, 3) for v in line[name]]
        assert pd.Timestamp(chart["start"]) + pd.Timedelta(days=row["days"][-1]) == line.when.iloc[-1]
    assert any(None in row["line"] for row in chart["rows"]), "silence is a gap"


def test_caption_rows_and_counts_are_those_of_the_figure(seen):
    [chart], [figure] = seen.drawings, seen.charts
    shown = [text.get_text() for pane in figure.axes for text in pane.texts]
    assert chart["caption"] == figure.caption
    assert all(row["name"] in shown and row["counts"] in shown for row in chart["rows"])


def test_every_position_is_one_mark_and_in_one_bin(seen):
    [chart] = seen.drawings
    table = trends.counted(seen.positions, by=seen.by)
    for row in chart["rows"]:
        mine = seen.positions.loc[table.index[table.who == row["name"]]]
        days, levels, told, speakers, publishers, places = row["marks"]
        assert places == mine.index.tolist() and [LEVELS[n] for n in levels] == mine.stance.tolist()
        assert [chart["speakers"][n] for n in speakers] == mine.speaker.tolist()
        assert [chart["publishers"][n] for n in publishers] == mine.publisher.tolist()
        bins = seen.bins[seen.bins.who == row["name"]]
        for name in ("n", "neutral"):
            assert [bin_[name] for bin_ in row["bins"]] == bins[name].tolist()
        assert [bin_["mean"] for bin_ in row["bins"]] == [
            None if pd.isna(mean) else pytest.approx(mean, abs=0.001) for mean in bins["mean"]
        ]


def test_it_is_plain_data(seen):
    assert json.loads(json.dumps(seen.drawings, allow_nan=False)) == seen.drawings
    assert len(timelines.LEVELS) == len(seen.drawings[0]["words"])


def test_nothing_with_a_date_is_a_note(coded):
    [chart] = view(coded[coded.topic == "meeting"].assign(date=pd.NaT), topics=["meeting"]).drawings
    assert chart["rows"] == [] and "none with a date" in chart["note"]
