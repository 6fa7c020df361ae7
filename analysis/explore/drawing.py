"""A view's timelines as plain data: what plot.js draws in the browser and timelines.py as a figure."""

import numpy as np
import pandas as pd

from analysis import style, trends
from analysis.charts import timelines
from analysis.charts.events import load_events, within
from analysis.words import nothing_on

LEVELS = list(timelines.LEVELS)


def drawing(
    positions: pd.DataFrame, topic: str, *, by: str, counting: str, period: str, days: float
) -> dict:
    """The timeline of one topic without its band (see `bands`), of numbers and texts alone.

    Days count from `start`. A row has its marks (columns of day, stance as a place in LEVELS, told by another,
    speaker, publisher, and the place in `positions`), the line (null in silence), and its bins: the periods
    in which something was said. With nothing on the topic there is a `note` in place of rows.
    """
    head = {"topic": topic, "title": timelines.timeline_title(topic), "rows": [], "events": []}
    table, names = timelines.timeline_rows(positions, topic, by=by, once=counting)
    if table.empty:
        return head | {"note": nothing_on(positions, topic)}
    start, end = table.when.min().normalize(), table.when.max().normalize()
    smooth = _smooth(positions, topic, names, by=by, counting=counting, days=days, draws=0)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    speaker, speakers = pd.factorize(positions.speaker.loc[table.index])
    publisher, publishers = pd.factorize(positions.publisher.loc[table.index])
    table = table.assign(speaker=speaker, publisher=publisher, day=_days(table.when, start))
    table["period"] = table.when.dt.to_period(trends.PERIODS[period])
    events = within(load_events(), start, end)
    return head | {
        "subtitle": timelines.SUBTITLE.format(days),
        "caption": timelines.timeline_caption(table, names, topic),
        "start": f"{start:%Y-%m-%d}",
        "length": (end - start).days,
        "period": period,
        "words": [timelines.LEVEL_WORDS[timelines.LEVELS[level]] for level in LEVELS],
        "speakers": list(map(str, speakers)),
        "publishers": ["" if pd.isna(name) else str(name) for name in publishers],
        "rows": [
            _row(name, table[table.who == name], smooth[smooth.who == name], start)
            | dict(zip(("colour", "shape"), style.side_of(name, sides), strict=True))
            for name in names
        ],
        "events": [
            {"day": day, "when": f"{event.date.day} {event.date:%b %y}", "what": event.event}
            for day, event in zip(_days(events.date, start), events.itertuples(), strict=True)
        ],
    }


def bands(positions: pd.DataFrame, chart: dict, *, by: str, counting: str, days: float) -> list[dict]:
    """The 95 % band of each row of a drawing, low and high as its line; the costly part, so it comes later."""
    names = [row["name"] for row in chart["rows"]]
    if not names:
        return []
    smooth = _smooth(positions, chart["topic"], names, by=by, counting=counting, days=days)
    rows = [smooth[smooth.who == name] for name in names]
    return [{"low": _rounded(row.low), "high": _rounded(row.high)} for row in rows]


def _smooth(positions, topic: str, names: list[str], *, by: str, counting: str, days: float, **draws):
    mine = positions[positions.topic == topic]
    return trends.smooth(mine, by=by, once=counting, days=days, only=names, **draws)


def _row(name: str, group: pd.DataFrame, line: pd.DataFrame, start: pd.Timestamp) -> dict:
    level = group.stance.astype("str").map(LEVELS.index)
    marks = [group.day, level, group.second_hand.astype(int), group.speaker, group.publisher]
    bins = group.assign(neutral=group.value.isna()).groupby("period")
    bins = bins.agg(n=("value", "count"), neutral=("neutral", "sum"), mean=("value", "mean"))
    first, last = (_days(getattr(bins.index, edge), start) for edge in ("start_time", "end_time"))
    return {
        "name": name,
        "counts": timelines.row_counts(group),
        "marks": [list(map(int, column)) for column in (*marks, group.index)],
        "days": _days(line.when, start),
        "line": _rounded(line["mean"]),
        "bins": [
            {"key": f"{period.start_time:%Y-%m-%d}", "first": a, "last": b, "n": n, "neutral": neutral, "mean": m}
            for period, a, b, n, neutral, m in zip(
                bins.index, first, last, bins.n.tolist(), bins.neutral.tolist(), _rounded(bins["mean"]), strict=True
            )
        ],
    }


def _days(dates, start: pd.Timestamp) -> list[int]:
    return ((pd.DatetimeIndex(dates) - start) // pd.Timedelta(days=1)).tolist()


def _rounded(values: pd.Series) -> list[float | None]:
    """JSON has no missing number but null."""
    return [None if missing else value for value, missing in zip(np.round(values, 3).tolist(), values.isna())]
