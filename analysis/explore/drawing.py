"""A view's timelines as plain data: what plot.js draws in the browser and timelines.py as a figure."""

import numpy as np
import pandas as pd

from analysis import style, trends
from analysis.charts import timelines
from analysis.charts.events import load_events, within
from analysis.words import nothing_on

LEVELS = list(timelines.LEVELS)
NEEDED = ["article_id", "date", "topic", "stance", "value", "second_hand"]
NEEDED += ["speaker", "side", "principal", "publisher", "coder"]


def drawing(
    positions: pd.DataFrame, topic: str, *, by: str, counting: str, period: str, days: float
) -> dict:
    """The timeline of one topic without its band (see `bands`), of numbers and texts alone.

    Days count from `start`. A row has its marks (columns of day, stance as a place in LEVELS, told by another,
    speaker, publisher, and the place in `positions`), the line (null in silence), and its bins: the periods
    in which something was said. With nothing on the topic there is a `note` in place of rows.
    """
    head = {"topic": topic, "title": timelines.timeline_title(topic), "rows": [], "events": []}
    positions = positions.loc[positions.topic == topic, NEEDED]  # the texts would take time to copy
    table, names = timelines.timeline_rows(positions, topic, by=by, once=counting)
    if table.empty:
        return head | {"note": nothing_on(positions, topic)}
    start, end = table.when.min().normalize(), table.when.max().normalize()
    smooth = trends.smooth(positions, table=table, days=days, draws=0)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    speaker, speakers = pd.factorize(positions.speaker.loc[table.index])
    publisher, publishers = pd.factorize(positions.publisher.loc[table.index])
    table = table.assign(speaker=speaker, publisher=publisher, day=_days(table.when, start))
    table["period"] = table.when.dt.to_period(trends.PERIODS[period])
    events = within(load_events(), start, end)
    return head | {
        "subtitle": timelines.SUBTITLE.format(days),
        "caption": timelines.timeline_caption(table, names, topic) + style.by_hand(positions, topic),
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
    mine = positions.loc[positions.topic == chart["topic"], NEEDED]
    table = timelines.timeline_rows(mine, chart["topic"], by=by, once=counting)[0]
    smooth = trends.smooth(mine, table=table, days=days)
    rows = [smooth[smooth.who == name] for name in names]
    return [{"low": _rounded(row.low), "high": _rounded(row.high)} for row in rows]


def _row(name: str, group: pd.DataFrame, line: pd.DataFrame, start: pd.Timestamp) -> dict:
    level = group.stance.cat.rename_categories(LEVELS.index).astype(int)
    marks = [group.day, level, group.second_hand.astype(int), group.speaker, group.publisher, group.index]
    return {
        "name": name,
        "counts": timelines.row_counts(group),
        "marks": [column.tolist() for column in marks],
        "days": _days(line.when, start),
        "line": _rounded(line["mean"]),
        "bins": _bins(group, start),
    }


def _bins(group: pd.DataFrame, start: pd.Timestamp) -> list[dict]:
    """The periods in which a row has positions: days, n with a value, neutral, mean."""
    cell, periods = pd.factorize(group.period, sort=True)
    periods = pd.PeriodIndex(periods)
    silent = group.value.isna().to_numpy()
    n, neutral = (np.bincount(cell[kind], minlength=len(periods)) for kind in (~silent, silent))
    total = np.bincount(cell, group.value.fillna(0), minlength=len(periods))
    mean = _rounded(pd.Series(total / np.where(n, n, np.nan)))
    days = (_days(periods.start_time, start), _days(periods.end_time, start))
    columns = (periods.start_time.strftime("%Y-%m-%d"), *days, n.tolist(), neutral.tolist(), mean)
    names = ("key", "first", "last", "n", "neutral", "mean")
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _days(dates, start: pd.Timestamp) -> list[int]:
    return ((pd.DatetimeIndex(dates) - start) // pd.Timedelta(days=1)).tolist()


def _rounded(values: pd.Series) -> list[float | None]:
    """JSON has no missing number but null."""
    return [None if value != value else value for value in np.round(values, 3).tolist()]
