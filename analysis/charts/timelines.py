"""Figures over time: every position as a mark, the smooth line with its doubt, numbered events."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis import style, trends
from analysis.charts.events import event_key, load_events, number_events, within
from analysis.words import nothing_on, signed, span, topic_label

LEVELS = {"support": 1.0, "conditional": 0.0, "oppose": -1.0, "neutral": -1.9}
SUBTITLE = "One mark: one position in one article. Line: mean over about ±{:g} days. Band: 95 % interval."
LEVEL_WORDS = {1.0: "supports", 0.0: "on conditions", -1.0: "opposes", -1.9: "takes no side"}


def most_heard(table: pd.DataFrame, top: int) -> list[str]:
    """The `top` who with most positions, most first; ties in the order of their names."""
    counts = table.who.value_counts().rename_axis("who").reset_index()
    return counts.sort_values(["count", "who"], ascending=[False, True]).who.head(top).astype("str").to_list()


def timeline_title(topic: str) -> str:
    return f"{topic_label(topic)}: who stood where, and when"


def timeline_rows(
    positions: pd.DataFrame, topic: str, *, who: list[str] | None = None, top: int = 4, by: str, **counting
) -> tuple[pd.DataFrame, list[str]]:
    """What a timeline shows (see `timeline`): the positions that count, and the names of its rows."""
    table = trends.counted(positions[positions.topic == topic], by=by, **counting)
    rows = who or (list(style.SIDES) if by == "side" else most_heard(table, top))
    rows = [name for name in rows if (table.who == name).any()][: None if who else top]
    return table[table.who.isin(rows)], rows


@style.styled
def timeline(
    positions: pd.DataFrame,
    *,
    topic: str,
    who: list[str] | None = None,
    top: int = 4,
    days: float = 21,
    events: pd.DataFrame | None = None,
    title: str = "",
    by: str = "side",
    **counting,
) -> style.Chart:
    """One row per who: every position as a dot, the kernel-weighted mean with its interval, numbered events.

    `by`: "side", "principal" or "speaker"; `who`: rows to show, by default the first `top` of Russia,
    Ukraine, United States, Europe, Other, or the `top` most heard speakers; `days`: reach of the kernel;
    `events`: a table of date and event. Options of `trends.counted` pass through.
    """
    title = title or timeline_title(topic)
    table, rows = timeline_rows(positions, topic, who=who, top=top, by=by, **counting)
    if table.empty:
        return style.words(nothing_on(positions, topic), title=title)
    start, end = table.when.min(), table.when.max()
    events = within(load_events() if events is None else events, start, end)
    lines = -(-len(events) // 3)
    height = 1.75 + 1.5 * len(rows) + 0.175 * lines
    figure = style.blank(
        height,
        title=title,
        subtitle=SUBTITLE.format(days),
    )
    panes = figure.subplots(len(rows), sharex=True, squeeze=False)[:, 0]
    figure.subplots_adjust(
        left=0.135, right=0.985, top=1 - 1.2 / height, hspace=0.26, bottom=(0.62 + 0.175 * lines) / height
    )
    smooth = trends.smooth(positions, table=table, days=days)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    style.date_axis(panes[0], start, end)
    for pane, name in zip(panes, rows, strict=True):
        colour, marker = style.side_of(name, sides)
        group = table[table.who == name]
        _band(pane, smooth[smooth.who == name], colour)
        _dots(pane, group, colour, marker)
        _levels(pane, neutral=bool((table.stance == "neutral").any()))
        _name_row(pane, name, row_counts(group), colour)
    number_events(panes, events)
    event_key(figure, events, height)
    _explain_marks(figure, table, height)
    figure.caption = timeline_caption(table, rows, topic)
    return figure


@style.styled
def speakers(
    positions: pd.DataFrame,
    *,
    topic: str,
    top: int = 9,
    days: float = 30,
    by: str = "speaker",
    who: list[str] | None = None,
    **counting,
) -> style.Chart:
    """Small multiples: a pane per speaker with marks, smooth line and interval, most heard first."""
    title = f"{topic_label(topic)}: speaker by speaker"
    table = trends.counted(positions[positions.topic == topic], by=by, **counting)
    names = [name for name in who or most_heard(table, top) if (table.who == name).any()]
    if not names:
        return style.words(nothing_on(positions, topic), title=title)
    lines = -(-len(names) // 3)
    height = 1.25 + 1.5 * lines
    figure = style.blank(
        height,
        title=title,
        subtitle=(
            f"The {len(names)} most heard. Hollow: told by another. "
            f"Line: mean over about ±{days:g} days, broken in silence."
        ),
    )
    panes = figure.subplots(lines, 3, sharex=True, sharey=True, squeeze=False).ravel()
    figure.subplots_adjust(
        left=0.125, right=0.985, top=1 - 0.95 / height, bottom=0.5 / height, hspace=0.32, wspace=0.09
    )
    smooth = trends.smooth(positions, table=table[table.who.isin(names)], days=days)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    style.date_axis(panes[0], table.when.min(), table.when.max(), most=4)
    for pane, name in zip(panes, names, strict=False):
        colour, marker = style.side_of(name, sides)
        group = table[table.who == name]
        _band(pane, smooth[smooth.who == name], colour)
        _dots(pane, group, colour, marker, size=20, columns=40)
        _levels(pane, neutral=bool((table.stance == "neutral").any()))
        pane.text(
            0,
            1.02,
            style.short(name),
            transform=pane.transAxes,
            size=11,
            weight="bold",
            color=style.dark(colour),
        )
        pane.text(
            1, 1.02, f"n = {len(group)}", transform=pane.transAxes, size=9.5, color=style.SOFT, ha="right"
        )
    for pane in panes[len(names) :]:
        pane.set_visible(False)
    for pane in panes[max(len(names) - 3, 0) : len(names)]:
        pane.tick_params(axis="x", labelbottom=True)
    figure.caption = timeline_caption(table[table.who.isin(names)], names, topic)
    return figure


def _name_row(pane: Axes, name: str, counts: str, colour: str) -> None:
    """The name above the left margin, where no event line crosses it; the counts at the right."""
    pane.text(
        -0.14,
        1.0,
        style.short(name, 40),
        transform=pane.transAxes,
        size=12,
        weight="bold",
        color=style.dark(colour),
        bbox={"fc": "white", "ec": "none", "pad": 1.5},
    )
    pane.text(
        1.0,
        1.0,
        counts,
        transform=pane.transAxes,
        size=9.5,
        color=style.SOFT,
        ha="right",
        bbox={"fc": "white", "ec": "none", "pad": 1.5},
    )


def _levels(pane: Axes, *, neutral: bool) -> None:
    """The stances as heights: three with a value, and apart from them those who take no side."""
    words = {height: word for height, word in LEVEL_WORDS.items() if neutral or height > -1.5}
    pane.set_yticks(list(words), list(words.values()))
    pane.set_ylim(-2.35 if neutral else -1.55, 1.75)
    pane.hlines([1, 0, -1], *pane.get_xlim(), color=style.FAINT, lw=0.8, zorder=0)
    if neutral:
        pane.axhline(-1.45, color=style.FAINT, lw=0.8, ls=(0, (1, 2)))
    pane.tick_params(axis="y", length=0)
    pane.spines["left"].set_visible(False)


def _dots(
    pane: Axes, group: pd.DataFrame, colour: str, marker: str, *, size: float = 26, columns: int = 110
) -> None:
    """Positions at half transparency, stacked where they would cover each other; second-hand ones hollow."""
    level = group.stance.map(LEVELS).to_numpy(dtype=float)
    along = style.along(pane, group.when)
    place = group.groupby([level, np.floor(along * columns)]).cumcount().to_numpy()
    lift = np.clip(np.where(place % 2, 1, -1) * ((place + 1) // 2) * 0.17, -0.45, 0.45)
    hidden = style.beneath(along, level, lift, group.second_hand.to_numpy())
    for told in (False, True):
        for neutral in (False, True):
            pick = (group.second_hand.to_numpy() == told) & ((level < -1.5) == neutral) & ~hidden
            shade = style.SOFT if neutral else colour
            look = {"hollow": told or neutral, "alpha": 0.55, "marker": marker, "s": size}
            style.marks(pane, group.when[pick], (level + lift)[pick], shade, **look)


def _band(pane: Axes, line: pd.DataFrame, colour: str) -> None:
    """The smooth line and its interval; broken where there is silence, absent where nothing has a value."""
    if line.empty:
        return
    pane.fill_between(line.when, line.low, line.high, color=colour, alpha=0.14, lw=0, zorder=1)
    pane.plot(line.when, line["mean"], color=colour, lw=2.2, zorder=2, solid_capstyle="round")


def row_counts(group: pd.DataFrame) -> str:
    """How much a row rests on."""
    text = f"{len(group)} positions in {group.article_id.nunique()} articles"
    silent = int((group.stance == "neutral").sum())
    text += f", {silent} of them neutral" if silent else ""
    return text + (f"; mean {signed(group.value.mean())}" if silent < len(group) else "")


def _explain_marks(figure: style.Chart, table: pd.DataFrame, height: float) -> None:
    """A key for what the eye cannot guess, only where it occurs."""
    marks = [("first-hand", style.SOFT, True), ("told by another", "none", bool(table.second_hand.any()))]
    handles = [
        Line2D([], [], ls="", marker="o", mfc=face, mec=style.SOFT, label=label, ms=5, alpha=0.8)
        for label, face, there in marks
        if there
    ]
    figure.legend(
        handles=handles,
        loc="upper right",
        bbox_to_anchor=(0.99, 1 - 0.05 / height),
        ncols=2,
        frameon=False,
        fontsize=9.5,
        handletextpad=0.1,
        columnspacing=1.2,
    )


def timeline_caption(table: pd.DataFrame, rows: list[str], topic: str) -> str:
    """n, range and direction."""
    means = table.dropna(subset="value").groupby("who", observed=True).value.agg(["mean", "size"])
    parts = [
        f"{name} {signed(means.loc[name, 'mean'])} (n = {means.loc[name, 'size']})"
        for name in rows
        if name in means.index
    ]
    return (
        f"{topic_label(topic)}, {span(table.when)}: {len(table)} positions in "
        f"{table.article_id.nunique()} articles. "
        f"Mean from −1 (opposes) to +1 (supports): {', '.join(parts)}."
    )
