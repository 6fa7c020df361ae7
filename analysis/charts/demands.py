"""Figures of what is asked for: which conditions are named when, which guarantees are accepted by whom."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis import style
from analysis.trends.conditions import OTHER, condition_points
from analysis.trends.conditions import guarantees as guarantee_table
from analysis.words import day, span, topic_label


@style.styled
def conditions(positions: pd.DataFrame, *, topic: str, **counting) -> style.Chart:
    """When each kind of condition was named and by which side: a row per kind, most named first."""
    title = f"{topic_label(topic)}: yes, but on what conditions"
    points = condition_points(positions, topic=topic, by="side", **counting)
    if points.empty:
        return style.words(f"{topic_label(topic)}: nobody names a condition in a dated article.", title=title)
    kinds = points.kind.value_counts().sort_values(ascending=False, kind="stable").index
    kinds = sorted(kinds, key=OTHER["conditions"].__eq__)  # what fits no kind comes last
    height = 1.5 + 0.5 * len(kinds)
    figure = style.blank(
        height,
        title=title,
        subtitle=(
            "One mark: a side names the condition in one article. Hollow: told by another. Right: how often."
        ),
    )
    pane = figure.subplots()
    figure.subplots_adjust(left=0.265, right=0.69, top=1 - 0.95 / height, bottom=0.55 / height)
    style.date_axis(pane, points.when.min(), points.when.max(), most=8)
    pane.set_ylim(len(kinds) - 0.5, -0.5)
    pane.set_yticks(range(len(kinds)), kinds, color=style.INK)
    pane.grid(axis="y", color=style.FAINT)
    sides = [side for side in style.SIDES if (points.who == side).any()]
    for y, kind in enumerate(kinds):
        _condition_row(pane, y, points[points.kind == kind], sides)
    _side_heads(pane, sides)
    for spine in ("left", "right"):
        pane.spines[spine].set_visible(False)
    pane.tick_params(axis="y", length=0)
    first = points[points.kind == kinds[0]]
    figure.caption = (
        f"{topic_label(topic)}, {span(points.when)}: {points.index.nunique()} conditional positions. Most "
        f"named: {kinds[0]} (n = {len(first)}, first {day(first.when.min())}, last {day(first.when.max())})."
    )
    return figure


def _condition_row(pane: Axes, y: int, points: pd.DataFrame, sides: list[str]) -> None:
    """The marks of one kind, stacked where they would cover each other, and its numbers by side."""
    along = style.along(pane, points.when)
    place = points.groupby(np.floor(along * 55)).cumcount().to_numpy()
    lift = np.clip(np.where(place % 2, -1, 1) * ((place + 1) // 2) * 0.17, -0.42, 0.42)
    hidden = style.beneath(along, lift, points.who.array, points.second_hand.to_numpy())
    for x, side in enumerate(sides):
        colour, marker = style.SIDES[side]
        here = (points.who == side).to_numpy()
        for told in (False, True):
            pick = here & (points.second_hand == told).to_numpy() & ~hidden
            look = {"hollow": told, "alpha": 0.6, "marker": marker, "s": 30}
            style.marks(pane, points.when[pick], y + lift[pick], colour, **look)
        if here.any():
            pane.text(
                1.09 + 0.135 * x,
                y,
                str(here.sum()),
                transform=pane.get_yaxis_transform(),
                va="center",
                ha="center",
                size=10.5,
                weight="bold",
                color=style.dark(colour),
            )


def _side_heads(pane: Axes, sides: list[str]) -> None:
    """Name and marker of each side above its column of numbers: the key of the chart."""
    for x, side in enumerate(sides):
        colour, marker = style.SIDES[side]
        at = 1.09 + 0.135 * x
        pane.text(
            at,
            1.05,
            {"United States": "US"}.get(side, side),
            transform=pane.transAxes,
            ha="center",
            size=9.5,
            color=style.dark(colour),
        )
        pane.plot(at, 1.02, marker=marker, color=colour, ms=6, transform=pane.transAxes, clip_on=False)


@style.styled
def guarantees(positions: pd.DataFrame, **counting) -> style.Chart:
    """Which kind of guarantee each side rejects (to the left) and accepts (to the right), in positions."""
    title = "Which guarantees, and who accepts them"
    table = guarantee_table(positions, by="side", **counting)
    if table.empty:
        return style.words("Nobody takes a dated position on guarantees in these articles.", title=title)
    table = _ordered(table)
    height = 1.5 + 0.27 * len(table) + 0.16 * table.kind.nunique()
    figure = style.blank(
        height,
        title=title,
        subtitle=("Number of positions, each once per article and kind. A position may name several kinds."),
    )
    pane = figure.subplots()
    figure.subplots_adjust(left=0.37, right=0.97, top=1 - 0.95 / height, bottom=0.25 / height)
    y = np.arange(len(table)) * 0.27 + table.kind.ne(table.kind.shift()).cumsum().to_numpy() * 0.16
    left = -table.oppose.to_numpy()
    for stance, start in (
        ("oppose", left),
        ("conditional", 0 * left),
        ("support", table.conditional.to_numpy()),
    ):
        _bars(pane, y, start, table[stance].to_numpy(), stance)
    pane.axvline(0, color=style.INK, lw=0.9)
    for at, row in zip(y, table.itertuples(), strict=True):
        pane.text(
            -0.02,
            at,
            row.who,
            transform=pane.get_yaxis_transform(),
            ha="right",
            va="center",
            size=10,
            color=style.dark(style.SIDES.get(row.who, style.SIDES["Other"])[0]),
        )
    for kind, at in pd.Series(y).groupby(table.kind.to_numpy(), sort=False).first().items():
        pane.text(
            -0.22,
            at,
            kind,
            transform=pane.get_yaxis_transform(),
            ha="right",
            va="center",
            size=10.5,
            weight="bold",
        )
    reach = max(table.oppose.max(), (table.conditional + table.support).max())
    pane.set_xlim(
        -table.oppose.max() - 0.04 * reach, (table.conditional + table.support).max() + 0.04 * reach
    )
    pane.set_ylim(y[-1] + 0.25, y[0] - 0.25)
    pane.set_axis_off()
    handles = [
        Patch(fc=style.STANCES[s], label=word)
        for s, word in (("oppose", "rejects"), ("conditional", "on conditions"), ("support", "accepts"))
    ]
    figure.legend(
        handles=handles,
        loc="upper right",
        bbox_to_anchor=(0.99, 1 - 0.03 / height),
        ncols=3,
        frameon=False,
        fontsize=9.5,
    )
    named = table[table.kind != OTHER["guarantees"]]
    most = named.sort_values("oppose", ascending=False, kind="stable").head(1)
    tell = "".join(
        f" Most rejected: {row.kind} by {row.who} ({row.oppose} of {row.n})."
        for row in most.itertuples()
        if row.oppose
    )
    figure.caption = (
        f"Kinds of guarantee: {table.n.sum()} mentions by {table.who.nunique()} sides, "
        f"{named.n.sum()} with the kind named.{tell}"
    )
    return figure


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Kinds by how often they are named (the unnamed last), sides in the order of the style."""
    weight = table.groupby("kind").n.transform("sum") * (table.kind != OTHER["guarantees"])
    side = table.who.astype("str").map({name: i for i, name in enumerate(style.SIDES)}).fillna(9)
    return table.assign(weight=weight, side=side, who=table.who.astype("str")).sort_values(
        ["weight", "kind", "side"], ascending=[False, True, True], ignore_index=True
    )


def _bars(pane: Axes, y: np.ndarray, start: np.ndarray, width: np.ndarray, stance: str) -> None:
    """One stance in all rows, with its number inside the bar."""
    pane.barh(y, width, left=start, height=0.21, color=style.STANCES[stance])
    for at, x, n in zip(y, start, width, strict=True):
        if n:
            pane.text(
                x + n / 2,
                at,
                str(n),
                ha="center",
                va="center",
                size=9,
                color=style.INK if stance == "conditional" else "white",
            )
