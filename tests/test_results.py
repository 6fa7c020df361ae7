"""Results in a folder: the same answers as from the table in memory, and no more read than is asked for."""

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from analysis import charts, find_statements, load_articles, load_positions, quotes, tag_positions, trends
from analysis.config import ARTICLES, InputError
from analysis.evidence import before_after
from analysis.output import write_months
from analysis.trends import conditions, coverage, findings, results, shifts
from analysis.trends.results import words_of

SAME = {
    "counted": lambda p: trends.counted(p, by="side", once="week").reset_index(drop=True),
    "principals": lambda p: trends.counted(p, by="principal").reset_index(drop=True),
    "trend": trends.trend,
    "smooth": lambda p: trends.smooth(p, by="side"),
    "gap": trends.gap,
    "silence": trends.silence,
    "clocks": lambda p: trends.clocks(p).to_frame(),
    "shifts": shifts.shifts,
    "contradictions": lambda p: shifts.contradictions(p, days=60),
    "conditions": lambda p: conditions.conditions(p, topic="meeting"),
    "guarantees": conditions.guarantees,
    "coverage": coverage.coverage,
    "survives": findings.survives,
}


@pytest.fixture(scope="module")
def positions() -> pd.DataFrame:
    """All positions of the digests, in the order of the folder: month by month; some without a publisher."""
    articles = load_articles(ARTICLES)
    articles.loc[::9, "publisher"] = None
    found = tag_positions(find_statements(articles))
    return found.sort_values("date", kind="stable", ignore_index=True)


@pytest.fixture(scope="module")
def folder(positions, tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "months"
    write_months([positions], path)
    return path


@pytest.fixture
def loaded(folder):
    return load_positions(folder)


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its names as text."""
    return table.astype(dict.fromkeys(table.select_dtypes("category"), "str"))


@pytest.mark.parametrize("name", SAME)
def test_a_folder_gives_what_the_table_gives(positions, loaded, name):
    pd.testing.assert_frame_equal(plain(SAME[name](loaded)), plain(SAME[name](positions)), check_dtype=False)


def test_charts_and_quotes_are_the_same_too(positions, loaded):
    for draw in (charts.timeline, charts.speakers, charts.conditions):
        assert draw(loaded, topic="meeting").caption == draw(positions, topic="meeting").caption
    assert quotes(loaded, topic="meeting").html == quotes(positions, topic="meeting").html
    points = [conditions.condition_points(table, topic="meeting") for table in (loaded, positions)]
    assert quotes(points[0], by="kind").html == quotes(points[1], by="kind").html
    assert before_after(shifts.shifts(loaded)).html == before_after(shifts.shifts(positions)).html


def test_only_the_columns_and_months_asked_for_are_read(positions, folder, monkeypatch):
    read, real = [], results._read
    monkeypatch.setattr(results, "_read", lambda *a: read.append(a) or real(*a))
    august = load_positions(folder, columns=["date", "speaker"], start="2025-08-10", end="2025-08-31")
    inside = positions[positions.date.between("2025-08-10", "2025-08-31")]
    assert august.columns.tolist() == ["date", "speaker"] and august.index.equals(inside.index)
    assert len(read) == 1 and read[0][2] == ["date", "speaker"]
    words = words_of(august, august.index[[3, 0, 3]], ["evidence", "date"])
    assert words.evidence.tolist() == positions.evidence[august.index[[3, 0, 3]]].tolist()


def test_only_the_row_groups_in_which_the_words_lie_are_read(positions, tmp_path, monkeypatch):
    months = pa.Table.from_pandas(positions.assign(month=positions.date.dt.strftime("%Y-%m")))
    small = {"max_rows_per_file": 400, "max_rows_per_group": 25}  # a month in more than one file
    kinds = {"format": "parquet", "partitioning": ["month"], "partitioning_flavor": "hive"}
    ds.write_dataset(months, tmp_path / "months", preserve_order=True, **kinds, **small)
    loaded, read, real = load_positions(tmp_path / "months"), [], results._read
    monkeypatch.setattr(results, "_read", lambda *a: read.append(a[1]) or real(*a))
    rows = loaded.index[::-7]
    assert words_of(loaded, rows, ["content"]).content.tolist() == positions.content[::-7].tolist()
    few = loaded.index[loaded.date.dt.to_period("M") == "2025-08"][[-1, 3, 60]]
    read.clear()
    assert words_of(loaded, few, ["content"]).content.tolist() == positions.content[few].tolist()
    assert sum(len(part.row_groups) for part in read) == 3


def test_more_quotes_than_a_page_holds_are_counted(positions, monkeypatch):
    monkeypatch.setattr("analysis.evidence.MOST", 20)
    html = quotes(positions, topic="meeting", limit=5).html
    groups = trends.counted(positions[positions.topic == "meeting"], by="side").who.value_counts()
    assert html.count("<li>") == groups.clip(upper=20).sum()
    assert f"… and {groups['Ukraine'] - 20:,} more: choose fewer to read them." in html


@pytest.mark.parametrize("what", ["nothing", "text"])
def test_what_is_no_results_is_named(tmp_path, what):
    path = tmp_path / "months"
    if what == "text":
        path.mkdir()
        (path / "a.parquet").write_text("no Parquet", "utf-8")
    with pytest.raises(InputError, match="months: cannot be read"):
        load_positions(path)


def test_months_without_positions_are_said(folder):
    with pytest.raises(InputError, match="holds no positions of these months"):
        load_positions(folder, start="2031-01-01")
