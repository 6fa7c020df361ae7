"""Dated events on a time axis: numbered lines through all rows of a figure, and what the numbers mean."""

import numpy as np
import pandas as pd

from analysis import style
from analysis.config import EVENT_COLUMNS, EVENTS, InputError


def load_events() -> pd.DataFrame:
    """data/events.csv with dates: date, event, detail, url. InputError where it cannot be used."""
    try:
        events = pd.read_csv(EVENTS, dtype="str")[EVENT_COLUMNS]
        dates = pd.to_datetime(events.date, format="%Y-%m-%d")
    except (ValueError, KeyError) as error:
        raise InputError(EVENTS, f"is no table of dated events ({error})") from None
    return events.assign(date=dates).sort_values("date", ignore_index=True)


def within(events: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """The events inside the range of the data, numbered from 1."""
    inside = events[events.date.between(start, end)].reset_index(drop=True)
    return inside.assign(number=np.arange(1, len(inside) + 1))


def number_events(panes: np.ndarray, events: pd.DataFrame) -> None:
    """A thin line per event through all rows, its number on top; crowded numbers move apart."""
    if events.empty:
        return
    low, high = panes[0].get_xlim()
    days = panes[0].convert_xunits(events.date)
    places = style.spread(np.asarray(days, dtype=float), (high - low) * 0.0245, low, high)
    for pane in panes:
        pane.vlines(days, *pane.get_ylim(), color="#888888", lw=0.7, ls=(0, (2, 3)), zorder=0)
    frame = panes[0].get_xaxis_transform()
    for number, place, true in zip(events.number, places, days, strict=True):
        panes[0].plot(
            [true, true, place], [1, 1.12, 1.27], transform=frame, color="#888888", lw=0.7, clip_on=False
        )
        panes[0].plot(
            place,
            1.36,
            transform=frame,
            marker="o",
            ms=14,
            mfc="white",
            mec="#888888",
            mew=0.7,
            clip_on=False,
        )
        panes[0].text(place, 1.355, str(number), transform=frame, size=9, ha="center", va="center")


def event_key(figure: style.Chart, events: pd.DataFrame, height: float) -> None:
    """What the numbers mean, in three columns below the last row."""
    lines = -(-len(events) // 3)
    for place, event in enumerate(events.itertuples()):
        column, line = divmod(place, max(lines, 1))
        x, y = 0.02 + 0.327 * column, (0.175 * (lines - line)) / height
        figure.text(
            x + 0.018, y, f"{event.number}", size=9, ha="right", va="center", weight="bold", color=style.SOFT
        )
        figure.text(
            x + 0.024, y, f"{event.date.day} {event.date:%b %y}", size=9, va="center", color=style.SOFT
        )
        figure.text(x + 0.098, y, event.event, size=9, va="center")
