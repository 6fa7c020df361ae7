"""The explorer's controls, without a browser (test_lab.py has them in one)."""

import gc
import os
import resource
from threading import Event, Thread
from time import sleep

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.pyplot import get_fignums

from analysis import load_articles
from analysis.codings import load_codings
from analysis.explore import Explorer, explorer
from analysis.evidence.tables import show
from analysis.explore.views import view

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def coded():
    return load_codings()


@pytest.fixture
def explored(coded, tmp_path):
    return Explorer(coded, None, None, tmp_path / "out")


def drawn(explored):
    """The charts and bands that the browser has been sent."""
    assert explored.plot.charts["version"] == explored.plot.bands["version"]
    return explored.plot.charts["charts"], explored.plot.bands["charts"]


def choose(explored, **what):
    """What plot.js sends when something in the chart is chosen."""
    explored.plot.chosen = {"version": explored.plot.charts["version"], "chart": 0} | what


@pytest.mark.parametrize(
    "control, value, options",
    [
        ("topics", ["security_guarantees"], {"topics": ["security_guarantees"]}),
        ("sides", ["Russia"], {"sides": ["Russia"]}),
        ("speakers", ["Dmitry Peskov"], {"speakers": ["Dmitry Peskov"]}),
        ("publishers", ["TASS"], {"publishers": ["TASS"]}),
        ("first_hand", True, {"first_hand": True}),
        ("counting", "statement", {"counting": "statement"}),
        ("period", "quarter", {"period": "quarter"}),
        ("by", "speaker", {"by": "speaker"}),
    ],
)
def test_each_control_shows_its_view(explored, coded, control, value, options):
    explored.choices[control].value = value
    seen = view(coded, **{"topics": ["meeting"]} | options)
    assert drawn(explored) == (seen.drawings, seen.bands())
    assert (
        explored.shown["table"].value
        == show(seen.shifts.set_index("who"), none="No shift to test here.").data
    )
    assert explored.shown["words"].value == str(seen.quotes()) and explored.code.value == seen.code
    assert len(explored.point.options) == 1 + len(seen.bins)
    assert len(explored.quote.options) == 1 + min(len(seen.positions), 200)


def test_months(explored, coded):
    explored.choices["from"].index, explored.choices["until"].index = 6, 7
    assert explored.view.code == view(coded, topics=["meeting"], start="2025-08-01", end="2025-09-30").code


def test_a_point_and_a_quote_lead_to_the_article(explored, coded):
    point = 3
    explored.point.value = point
    behind = explored.view.behind(point)
    assert explored.shown["words"].value == str(explored.view.words(behind, folded=False))
    assert len(explored.quote.options) == 1 + len(behind)
    explored.quote.value = 0
    row = explored.behind.loc[0]
    assert f"<mark>{row.evidence.split()[0]}" in explored.shown["article"].value
    explored.choices["topics"].value = ["territory"]
    assert explored.shown["article"].value == "" and explored.point.value is None


def test_a_mark_of_the_chart_opens_its_article_and_a_bin_lists_its_words(explored):
    row = explored.view.drawings[0]["rows"][1]
    mark = row["marks"][5][-1]
    choose(explored, row=row["name"], mark=mark)
    position = explored.view.positions.loc[mark]
    assert explored.behind.statement_id.tolist() == [position.statement_id] and position.side == row["name"]
    assert f"<mark>{position.evidence.split()[0]}" in explored.shown["article"].value
    assert explored.shown["words"].value.startswith("<details open>")
    choose(explored, row=row["name"], bin=row["bins"][-1]["key"])
    chosen = explored.view.bins.loc[explored.point.value]
    assert (chosen.who, f"{chosen.period:%Y-%m-%d}") == (row["name"], row["bins"][-1]["key"])
    assert len(explored.behind) == row["bins"][-1]["n"] + row["bins"][-1]["neutral"]
    explored.choices["topics"].value = ["territory"]
    explored.plot.chosen = {"version": 1, "chart": 0, "row": "Russia", "mark": 10**6}
    assert explored.quote.value is None


def test_search(explored):
    explored.search.value = "Moscow"
    assert explored.shown["lines"].value.count("<tr>") > 5
    explored.search.value = "xylophone"
    assert explored.shown["lines"].value == "<p>Not found in the articles of this view.</p>"


def test_save(explored, tmp_path):
    explored.save.click()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "chart-1.png",
        "positions.csv",
        "view.py",
    ]
    assert "positions.csv" in explored.shown["note"].value


def test_an_empty_choice_shows_a_note(explored):
    explored.choices["speakers"].value = ["Dmitry Peskov"]
    explored.choices["sides"].value = ["Ukraine"]
    [chart], [band] = drawn(explored)
    assert "No position fits this choice" in chart["note"] and band == []
    assert "No shift to test here." in explored.shown["table"].value


def test_every_control_has_a_label(explored):
    for control in [
        *explored.choices.values(),
        explored.point,
        explored.quote,
        explored.search,
        explored.code,
        explored.save,
    ]:
        assert control.description


def test_nothing_to_explore(coded):
    [chart] = Explorer(coded[:0], None, load_articles(), "x").plot.charts["charts"]
    assert "No position" in chart["note"]


def test_what_comes_from_articles_is_escaped():
    text = f"“No,” {HOSTILE} said."
    articles = pd.DataFrame({"article_id": ["a"], "text": [text], "headline": [HOSTILE], "date": [pd.NaT]})
    row = load_codings()[:1].assign(
        article_id="a",
        speaker=HOSTILE,
        publisher=HOSTILE,
        evidence=text,
        context=text,
        evidence_start=0,
        evidence_end=len(text),
        context_start=0,
        url="javascript:x",
    )
    explored = Explorer(row, None, articles, "x")
    explored.choices["by"].value = "speaker"
    explored.quote.value = 0
    explored.search.value = "said"
    for part in explored.shown.values():
        assert "<img src=x" not in part.value and "javascript:" not in part.value


def count(kind):
    """How many of a kind are in memory."""
    return sum(isinstance(thing, kind) for thing in gc.get_objects())


def test_changes_leave_memory_flat(coded):
    """No figure is drawn, and what one change holds is let go at the next. CHANGES=200 measures longer."""
    explored = Explorer(coded[:40], None, None, "x")
    control = explored.choices["topics"]

    def change(times):
        for n in range(times):
            control.value = [["meeting"], ["territory"]][n % 2]
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    before, figures = change(10), count(Figure)
    grown = change(int(os.environ.get("CHANGES", 30))) - before
    print(f"memory grew by {grown} MB")
    assert grown < 20
    assert get_fignums() == []
    assert count(Figure) == figures


def test_explorer_is_one_widget(coded):
    assert explorer(coded).children


def test_choices_in_two_threads_are_shown_in_turn(explored, coded, monkeypatch):
    """The first choice takes long to compute; its picture must not cover that of the second."""
    begun, versions = Event(), []

    def slow(*args, **options):
        if not begun.is_set():
            begun.set()
            sleep(0.5)
        return view(*args, **options)

    monkeypatch.setattr("analysis.explore.views.view", slow)
    explored.plot.observe(lambda change: versions.append(change["new"]["version"]), "charts")
    first = Thread(target=setattr, args=(explored.choices["by"], "value", "speaker"))
    first.start()
    assert begun.wait(10)
    explored.choices["sides"].value = ["Russia"]
    first.join()
    seen = view(coded, topics=["meeting"], by="speaker", sides=["Russia"])
    assert drawn(explored) == (seen.drawings, seen.bands()) and versions == [2, 3]
