"""Charts: each draws, says what it shows, fits its frame, hides no label, and gives the same bytes twice."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from analysis import charts, codings, style
from analysis.config import InputError
from analysis.trends import findings
from tests.test_trends import table

DRAWN = {
    "timeline": lambda p: charts.timeline(p, topic="meeting"),
    "timeline by principal": lambda p: charts.timeline(p, topic="meeting", by="principal", second_hand=False),
    "guarantees over time": lambda p: charts.timeline(p, topic="security_guarantees", once="week"),
    "speakers": lambda p: charts.speakers(p, topic="meeting"),
    "heatmap": lambda p: charts.heatmap(p, topic="meeting"),
    "heatmap by week": lambda p: charts.heatmap(p, topic="meeting", every="week", by="side"),
    "gap": charts.gap,
    "shifts": charts.shifts,
    "conditions": lambda p: charts.conditions(p, topic="meeting"),
    "guarantees": charts.guarantees,
    "agreement": charts.agreement,
    "survives": lambda p: charts.survives(findings.survives(p, codings=p)),
}
POOR = {
    "nothing": table(),
    "one position": table(
        ("a", "2025-03-01", "X", "Russia", "oppose"), condition=None, content="w", context="w", confidence=1.0
    ),
    "one neutral": table(("a", "2025-03-01", "X", "Russia", "neutral"), condition=None),
    "undated": table(
        ("a", None, "X", "Russia", "oppose"), ("b", None, "Y", "Ukraine", "conditional"), condition="a truce"
    ),
    "another topic": table(("a", "2025-03-01", "X", "Russia", "oppose"), topic="whaling", condition=None),
    "no side": table(
        ("a", "2025-03-01", "X", "", "oppose"), ("b", "2025-03-09", "X", "", "support"), condition=None
    ),
    "a single day": table(
        *(
            (c, "2025-03-01", c, s, t)
            for c, s, t in zip(
                "abcd",
                ["Russia", "Ukraine"] * 2,
                ["oppose", "support", "conditional", "neutral"],
                strict=True,
            )
        ),
        condition="x",
    ),
}


@pytest.fixture(scope="module")
def coded() -> pd.DataFrame:
    return codings.load_codings()


@pytest.fixture(scope="module")
def figures(coded) -> dict:
    return {name: draw(coded) for name, draw in DRAWN.items()}


def texts(figure) -> list[Text]:
    """All texts that show."""
    figure.canvas.draw()
    found = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return [
        t for t in found if all(getattr(a, "get_visible", lambda: True)() for a in (t.axes,) if a is not None)
    ]


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_says_what_it_shows(figures, name):
    caption = figures[name].caption
    assert len(caption) > 40 and caption.endswith(".") and "nan" not in caption
    assert any(letter.isdigit() for letter in caption)


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_is_1000_pixels_wide_with_letters_of_9_points_or_more(figures, name):
    figure = figures[name]
    assert figure.get_figwidth() * style.DPI == 1000 and 150 < figure.get_figheight() * style.DPI < 1100
    assert min(t.get_size() for t in texts(figure)) >= 9


@pytest.mark.parametrize("name, times", [(n, t) for n in DRAWN for t in (1, 4) if n != "survives" or t == 1])
def test_no_text_is_cut_off_and_no_two_texts_overlap(coded, figures, name, times):
    first = coded.date.min()
    figure = (
        figures[name] if times == 1 else DRAWN[name](coded.assign(date=first + (coded.date - first) * times))
    )
    shown = texts(figure)
    boxes = [t.get_window_extent() for t in shown]
    frame = figure.bbox
    cut = [
        t.get_text()
        for t, b in zip(shown, boxes, strict=True)
        if b.x0 < frame.x0 or b.x1 > frame.x1 or b.y0 < frame.y0 - 1 or b.y1 > frame.y1 + 1
    ]
    assert cut == []
    upright = [(t.get_text(), b) for t, b in zip(shown, boxes, strict=True) if t.get_rotation() == 0]
    over = [
        (a, b)
        for (a, x), (b, y) in itertools.combinations(upright, 2)
        if min(x.x1, y.x1) - max(x.x0, y.x0) > 2 and min(x.y1, y.y1) - max(x.y0, y.y0) > 3
    ]
    assert over == []


@pytest.mark.parametrize("name", ["timeline", "heatmap", "agreement"])
def test_two_runs_give_the_same_bytes(coded, figures, name):
    first, second = figures[name].png(), DRAWN[name](coded).png()
    assert first == second and first.startswith(b"\x89PNG") and b"matplotlib" not in first.lower()
    assert len(first) < 150_000


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_saved_files_are_the_same_twice(tmp_path, coded, ending):
    one, two = (style.save(charts.gap(coded), tmp_path / f"{n}.{ending}").read_bytes() for n in (1, 2))
    assert one == two


@pytest.mark.parametrize(
    "name, case", [(n, c) for n in DRAWN for c in POOR if n != "survives" or c in ("nothing", "undated")]
)
def test_where_there_is_little_a_chart_says_so(name, case):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = DRAWN[name](POOR[case])
        assert figure.png() and figure.caption and "nan" not in figure.caption.lower()


@pytest.mark.parametrize(
    "case, words", [("nothing", "nobody takes a position"), ("undated", "none with a date")]
)
def test_the_sentence_for_nothing(case, words):
    figure = charts.timeline(POOR[case], topic="meeting")
    assert words in figure.caption and figure.caption in [t.get_text() for t in texts(figure)]


@pytest.mark.parametrize("date", ["2019-01-01", "2031-01-01"])
def test_events_outside_the_range_are_left_out(coded, date):
    events = pd.DataFrame({"date": pd.to_datetime([date, "2025-08-15"]), "event": ["far away", "near"]})
    shown = [t.get_text() for t in texts(charts.timeline(coded, topic="meeting", events=events))]
    assert "near" in shown and "far away" not in shown
    charts.timeline(coded, topic="meeting", events=events.head(1)).png()


def test_neutral_and_silence_are_never_drawn_as_zero(coded):
    neutral = coded[coded.stance == "neutral"]
    pane = charts.timeline(neutral, topic="meeting", top=1).axes[0]
    marks = [
        mark for mark in pane.collections if isinstance(mark, PathCollection) and len(mark.get_offsets())
    ]
    assert marks and max(mark.get_offsets()[:, 1].max() for mark in marks) < -1.4
    cells = charts.heatmap(coded, topic="meeting").axes[0]
    shown = coded[(coded.topic == "meeting")]
    assert len(cells.patches) < 14 * 17 / 2 and shown.stance.eq("neutral").any()


@pytest.mark.parametrize("name", ["$x^2$ & <b>", "名前" * 30, "Zoë\nNewline", r"\frac{a}{b} $", "x" * 300])
def test_odd_names_are_names(name):
    rows = table(
        *(
            (f"a{i}", f"2025-03-{i + 1:02d}", name, "Russia", s)
            for i, s in enumerate(["oppose", "conditional", "support", "neutral"] * 2)
        ),
        condition="a truce",
    )
    for draw in (
        lambda p: charts.timeline(p, topic="meeting", by="speaker"),
        DRAWN["speakers"],
        DRAWN["heatmap"],
        DRAWN["shifts"],
        DRAWN["agreement"],
    ):
        assert draw(pd.concat([rows, rows.assign(topic="territory")], ignore_index=True)).png()


def test_sides_differ_in_brightness_marker_and_for_colour_blind_eyes():
    def seen(colour):  # red-green blindness: Viénot's (1999) deuteranope, in short
        red, green, blue = to_rgb(colour)
        return np.array([0.29 * red + 0.71 * green, 0.29 * red + 0.71 * green, blue])

    looks = style.SIDES.values()
    assert len({marker for _, marker in looks}) == len(looks)
    for (a, _), (b, _) in itertools.combinations(looks, 2):
        assert (
            np.abs(seen(a) - seen(b)).max() > 0.06 and np.abs(np.subtract(to_rgb(a), to_rgb(b))).max() > 0.2
        )


@given(st.lists(st.floats(0, 100), max_size=12), st.floats(0.1, 9))
def test_spread_parts_labels_and_keeps_their_order(places, room):
    moved = style.spread(np.array(places), room)
    order = np.argsort(places, kind="stable")
    assert (np.diff(moved[order]) >= room - 1e-6).all()
    inside = style.spread(np.array(places), room, 0, 100)
    assert ((inside >= -1e-6) & (inside <= 100 + 1e-6)).all() and (np.diff(inside[order]) >= 0).all()
    if len(places) > 1 and np.diff(np.sort(places)).min() >= room:
        assert moved == pytest.approx(places)


def test_a_notebook_shows_the_picture_with_the_caption_as_alternative_text(monkeypatch, coded):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **more: shown.append((data, more)))
    charts.gap(coded)._ipython_display_()
    (picture, more), (caption, _) = shown
    assert (
        picture["image/png"].startswith(b"\x89PNG")
        and more["metadata"]["image/png"]["alt"] == picture["text/plain"]
    )
    assert caption["text/html"].startswith("<p><em>")


def test_the_events_are_fit_for_a_chart():
    events = charts.load_events()
    assert len(events) == 21 and events.event.str.len().max() <= 30
    assert events.url.str.match(r"https?://").all() and events.date.is_monotonic_increasing


@pytest.mark.parametrize("broken", [b"", b"\xfe\xff", b"date,event\n", b"date,event,detail,url\n5 May,A,b,c\n"])
def test_events_that_cannot_be_used_are_named(tmp_path, monkeypatch, broken):
    (tmp_path / "events.csv").write_bytes(broken)
    monkeypatch.setattr(charts.events, "EVENTS", tmp_path / "events.csv")
    with pytest.raises(InputError, match="events.csv: is no table of dated events"):
        charts.load_events()
