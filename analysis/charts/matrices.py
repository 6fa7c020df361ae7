"""Figures in cells: who spoke when and who was silent, who agrees with whom."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis import style, trends
from analysis.words import nothing_on, span, topic_label

WIDE = 40  # periods up to which a cell has room for its number


@style.styled
def heatmap(
    positions: pd.DataFrame,
    *,
    topic: str,
    top: int = 14,
    every: str | None = None,
    by: str = "speaker",
    **counting,
) -> style.Chart:
    """Speakers × months (quarters or years where those are many): the mean as colour, n in the cell.

    Silence stays empty; where only neutral words were said there is a ring.
    """
    title = f"{topic_label(topic)}: who spoke when, and who was silent"
    every = every or trends.fitting_period(positions.date[positions.topic == topic], most=24)
    bins = trends.trend(positions[positions.topic == topic], every=every, by=by, draws=0, **counting)
    if bins.empty:
        return style.words(nothing_on(positions, topic), title=title)
    bins = bins.assign(heard=bins.n + bins.neutral)
    names = (
        bins.groupby("who", observed=True)
        .heard.sum()
        .sort_values(ascending=False, kind="stable")
        .head(top)
        .index
    )
    bins = bins[bins.who.isin(names) & (bins.heard > 0)]
    periods = pd.period_range(bins.period.min(), bins.period.max(), freq=trends.PERIODS[every])
    height = 1.75 + 0.33 * len(names)
    figure = style.blank(
        height,
        title=title,
        subtitle=(
            f"Colour: mean of the {every}. {'Number: positions. ' * (len(periods) <= WIDE)}"
            "Empty: silent. Ring: took no side."
        ),
    )
    pane = figure.subplots()
    figure.subplots_adjust(left=0.2, right=0.985, top=1 - 0.75 / height, bottom=0.98 / height)
    x = bins.period.dt.to_period(trends.PERIODS[every]).map({period: i for i, period in enumerate(periods)})
    y = bins.who.astype("str").map({name: i for i, name in enumerate(names)})
    _cells(pane, x.to_numpy(), y.to_numpy(), bins, numbers=len(periods) <= WIDE)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    pane.set_yticks(range(len(names)), map(style.short, names))
    for label, name in zip(pane.get_yticklabels(), names, strict=True):
        label.set_color(style.dark(style.side_of(name, sides)[0]))
    pane.set_ylim(len(names) - 0.5, -0.5)
    pane.set_xlim(-0.5, len(periods) - 0.5)
    style.period_axis(pane, periods)
    _scale_key(figure, height)
    empty = 1 - len(bins) / (len(names) * len(periods))
    figure.caption = (
        f"{topic_label(topic)}, {len(names)} speakers over {len(periods)} "
        f"{every}s: {bins.heard.sum()} positions; {empty:.0%} of the cells are silent."
    )
    return figure


def _cells(pane: Axes, x: np.ndarray, y: np.ndarray, bins: pd.DataFrame, *, numbers: bool) -> None:
    """One square per cell that is not silent, with its n if there is room; a ring for neutral words only."""
    valued = bins.n.to_numpy() > 0
    colours = style.SCALE((bins["mean"].to_numpy() + 1) / 2)
    for at in np.flatnonzero(valued):
        pane.add_patch(Rectangle((x[at] - 0.46, y[at] - 0.44), 0.92, 0.88, fc=colours[at], ec="none"))
    pane.scatter(
        x[~valued], y[~valued], s=150 if numbers else 12, facecolor="none", edgecolor=style.SOFT, lw=1.1
    )
    for at in range(len(bins) * numbers):
        ink = style.SOFT if not valued[at] else "white" if abs(bins["mean"].iloc[at]) > 0.6 else style.INK
        pane.text(
            x[at],
            y[at],
            str(bins.heard.iloc[at]),
            ha="center",
            va="center",
            size=10 if valued[at] else 9,
            color=ink,
        )
    pane.tick_params(length=0)
    for spine in pane.spines.values():
        spine.set_visible(False)
    pane.set_axisbelow(True)
    pane.grid(axis="y", color="#EEEEEE")


def _scale_key(figure: style.Chart, height: float) -> None:
    """The colours from opposes to supports, at the lower right."""
    pane = figure.add_axes((0.62, 0.14 / height, 0.2, 0.13 / height))
    pane.imshow(np.linspace(0, 1, 256)[None, :], cmap=style.SCALE, aspect="auto")
    pane.set_axis_off()
    figure.text(0.61, 0.2 / height, "opposes", size=9.5, ha="right", va="center", color=style.SOFT)
    figure.text(0.83, 0.2 / height, "supports", size=9.5, va="center", color=style.SOFT)


@style.styled
def agreement(positions: pd.DataFrame, *, top: int = 12, by: str = "speaker", **counting) -> style.Chart:
    """Who agrees with whom: each speaker's mean on each topic, and the likeness of every two.

    Likeness is 1 - half the mean distance of their means over the topics that both speak of. Speakers stand
    by side and name, so the layout stays.
    """
    title = "Who agrees with whom"
    table = trends.counted(positions, by=by, **counting).dropna(subset="value")
    means = table.groupby(["who", "topic"], observed=True).value.mean().unstack("topic")
    enough = means.index[means.notna().sum(axis=1) >= 2]
    if len(enough) < 2:
        return style.words("Fewer than two speakers take positions on two topics or more.", title=title)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    heard = (
        table.who.value_counts().reindex(enough).sort_values(ascending=False, kind="stable").head(top).index
    )
    order = sorted(
        heard,
        key=lambda who: (
            list(style.SIDES).index(sides.get(who, "Other")) if sides.get(who, "Other") in style.SIDES else 9,
            who,
        ),
    )
    means = means.reindex(order)
    n = table.groupby(["who", "topic"], observed=True).size().unstack("topic").reindex(order)
    height = 2.05 + 0.36 * len(order)
    figure = style.blank(
        height,
        title=title,
        subtitle=(
            "Left: mean position and n on each topic. "
            "Right: likeness over the topics that both speak of (100 = same means)."
        ),
    )
    left, right = figure.subplots(1, 2, width_ratios=[len(means.columns) * 1.25, len(order)])
    figure.subplots_adjust(left=0.185, right=0.925, top=1 - 1.7 / height, bottom=0.15 / height, wspace=0.04)
    _matrix(left, means.to_numpy(), n.to_numpy(), style.SCALE, (-1, 1), "{:.0f}")
    apart = np.abs(means.to_numpy()[:, None, :] - means.to_numpy()[None, :, :])
    with np.errstate(invalid="ignore"):
        alike = 1 - np.nansum(apart, axis=2) / (~np.isnan(apart)).sum(axis=2) / 2
    np.fill_diagonal(alike, np.nan)
    _matrix(right, alike, 100 * alike, "Greys", (0.1, 1.4), "{:.0f}")
    _name_axes(left, [topic_label(topic) for topic in means.columns], order, sides)
    _name_axes(right, order, [], sides)
    pairs = [
        (alike[i, j], order[i], order[j])
        for i in range(len(order))
        for j in range(i)
        if not np.isnan(alike[i, j])
    ]
    near, far = max(pairs, default=None), min(pairs, default=None)
    figure.caption = (
        f"{len(order)} speakers on {len(means.columns)} topics, {span(table.when)}, "
        f"{int(n.sum().sum())} positions."
        + (
            f" Least alike: {far[2]} and {far[1]} ({far[0]:.0%}); "
            f"most alike: {near[2]} and {near[1]} ({near[0]:.0%})."
            if pairs
            else ""
        )
    )
    return figure


def _matrix(
    pane: Axes, shade: np.ndarray, numbers: np.ndarray, colours, limits: tuple[float, float], form: str
) -> None:
    """Cells shaded by value with a number in each; empty where there is none."""
    low, high = limits
    scale = style.mpl.colormaps[colours] if isinstance(colours, str) else colours
    for y, x in zip(*np.nonzero(~np.isnan(shade)), strict=True):
        colour = scale((shade[y, x] - low) / (high - low))
        pane.add_patch(Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, fc=colour, ec="none"))
        ink = "white" if np.dot(colour[:3], [0.3, 0.59, 0.11]) < 0.55 else style.INK
        pane.text(x, y, form.format(numbers[y, x]), ha="center", va="center", size=9, color=ink)
    pane.set_xlim(-0.5, shade.shape[1] - 0.5)
    pane.set_ylim(shade.shape[0] - 0.5, -0.5)
    for spine in pane.spines.values():
        spine.set_visible(False)
    pane.tick_params(length=0)


def _name_axes(pane: Axes, columns: list[str], rows: list[str], sides: pd.Series) -> None:
    """Names above, slanted, and at the left; speakers in the colour of their side."""
    pane.xaxis.tick_top()
    pane.set_xticks(
        range(len(columns)),
        map(style.short, columns),
        rotation=38,
        ha="left",
        rotation_mode="anchor",
        size=9.5,
    )
    pane.set_yticks(range(len(rows)), map(style.short, rows), size=9.5)
    for label, name in zip(
        [*pane.get_yticklabels(), *pane.get_xticklabels()], [*rows, *columns], strict=True
    ):
        label.set_color(style.dark(style.side_of(name, sides)[0]) if name in sides.index else style.INK)
