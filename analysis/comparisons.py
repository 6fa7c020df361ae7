"""Figures that set speakers side by side: shifts, conditions, guarantees, agreement, and what survives."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from . import findings, style, trends
from .conditions import condition_points
from .conditions import guarantees as guarantee_table
from .shifts import HINT, NO_SHIFT
from .shifts import shifts as shift_table
from .words import day, span, topic_label

STANCE_ORDER = ["oppose", "conditional", "support"]


@style.styled
def shifts(positions: pd.DataFrame, *, top: int = 12, by: str = "speaker", **options) -> style.Chart:
    """An arrow from the mean before to the mean after each speaker's clearest break, largest change first."""
    title = "Who moved, and how far"
    found = shift_table(positions, by=by, **options)
    if found.empty:
        return style.words("Nobody has enough dated positions on one topic to be tested for a shift.", title=title)
    rows = found.head(top)
    height = 1.75 + 0.36 * len(rows)
    figure = style.blank(height, title=title, subtitle=(
        "Arrow: mean before → after the clearest break. Bold: a shift after correction for "
        f"{found.attrs['tested']} tests. Dashed: no evidence of one."))
    pane = figure.subplots()
    figure.subplots_adjust(left=0.345, right=0.65, top=1 - 1.0 / height, bottom=0.55 / height)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    for y, row in enumerate(rows.itertuples()):
        _arrow(pane, y, row, style.side_of(row.who, sides))
        colour = style.dark(style.side_of(row.who, sides)[0])
        pane.text(-0.5, y, style.short(row.who), transform=pane.get_yaxis_transform(), ha="right",
                  va="center", size=10, color=colour)
        pane.text(-0.475, y, row.topic.replace("_", " "), transform=pane.get_yaxis_transform(), va="center", size=9.5)
        for x, text in ((1.04, f"{row.first_after:%b %Y}"), (1.29, f"{row.n_before} → {row.n_after}"),
                        (1.53, _tested(row))):
            pane.text(x, y, text, transform=pane.get_yaxis_transform(), va="center", size=9.5, color=style.SOFT)
    for x, text in ((1.04, "since"), (1.29, "n"), (1.53, "verdict (p, corrected)")):
        pane.text(x, -0.9, text, transform=pane.get_yaxis_transform(), va="center", size=9.5, weight="bold")
    pane.set_ylim(len(rows) - 0.4, -0.7)
    pane.set_xlim(-1.12, 1.12)
    pane.set_xticks([-1, 0, 1], ["opposes", "on conditions", "supports"])
    pane.grid(axis="x", color=style.FAINT)
    pane.set_yticks([])
    pane.spines["left"].set_visible(False)
    figure.caption = f"{findings.shifts_told(found)} Largest change: {rows.who[0]} on {topic_label(rows.topic[0])}, " \
                     f"{rows.change[0]:+.2f} (n = {rows.n_before[0]} and {rows.n_after[0]})."
    return figure


def _arrow(pane: Axes, y: int, row, look: tuple[str, str]) -> None:
    """One shift: a dot where it starts and a head where it ends; a dot alone where nothing moved."""
    colour, marker = look
    sure = row.verdict not in (NO_SHIFT, HINT)
    line = "-" if row.verdict != NO_SHIFT else (0, (2, 2))
    pane.plot(row.mean_before, y, marker=marker, color=colour, ms=6, alpha=0.9)
    if abs(row.change) > 0.02:
        pane.annotate("", (row.mean_after, y), (row.mean_before, y), arrowprops={
            "arrowstyle": "-|>,head_length=0.5,head_width=0.25", "color": colour, "ls": line, "lw": 2.8 if sure else 1.4,
            "shrinkA": 0, "shrinkB": 0})


def _tested(row) -> str:
    short = {NO_SHIFT: "no evidence", HINT: "a hint"}.get(row.verdict, "a shift")
    return f"{short} ({row.p:.2f}, {row.p_adjusted:.2f})"


@style.styled
def conditions(positions: pd.DataFrame, *, topic: str, **counting) -> style.Chart:
    """When each kind of condition was named and by which side: a row per kind, most named first."""
    title = f"{topic_label(topic)}: yes, but on what conditions"
    points = condition_points(positions, topic=topic, by="side", **counting)
    if points.empty:
        return style.words(f"{topic_label(topic)}: nobody names a condition in a dated article.", title=title)
    kinds = points.kind.value_counts().sort_values(ascending=False, kind="stable").index
    height = 1.5 + 0.5 * len(kinds)
    figure = style.blank(height, title=title, subtitle=(
        "One mark: a side names the condition in one article. Hollow: told by another. Right: how often."))
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
    figure.caption = (f"{topic_label(topic)}, {span(points.when)}: {points.index.nunique()} conditional positions. Most "
                      f"named: {kinds[0]} (n = {len(first)}, first {day(first.when.min())}, last {day(first.when.max())}).")
    return figure


def _condition_row(pane: Axes, y: int, points: pd.DataFrame, sides: list[str]) -> None:
    """The marks of one kind, stacked where they would cover each other, and its numbers by side."""
    low, high = pane.get_xlim()
    column = np.floor((pane.convert_xunits(points.when) - low) / (high - low) * 55)
    place = points.groupby(column).cumcount().to_numpy()
    lift = np.where(place % 2, -1, 1) * ((place + 1) // 2) * 0.17
    for x, side in enumerate(sides):
        colour, marker = style.SIDES[side]
        here = (points.who == side).to_numpy()
        for told in (False, True):
            pick = here & (points.second_hand == told).to_numpy()
            pane.scatter(points.when[pick], y + np.clip(lift, -0.42, 0.42)[pick], s=30, marker=marker, ec=colour,
                         fc="none" if told else colour, alpha=0.6, lw=1.1, zorder=3)
        if here.any():
            pane.text(1.09 + 0.135 * x, y, str(here.sum()), transform=pane.get_yaxis_transform(), va="center", ha="center",
                      size=10.5, weight="bold", color=style.dark(colour))


def _side_heads(pane: Axes, sides: list[str]) -> None:
    """Name and marker of each side above its column of numbers: the key of the chart."""
    for x, side in enumerate(sides):
        colour, marker = style.SIDES[side]
        at = 1.09 + 0.135 * x
        pane.text(at, 1.05, {"United States": "US"}.get(side, side), transform=pane.transAxes, ha="center", size=9.5,
                  color=style.dark(colour))
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
    figure = style.blank(height, title=title, subtitle=(
        "Number of positions, each once per article and kind. A position may name several kinds."))
    pane = figure.subplots()
    figure.subplots_adjust(left=0.37, right=0.97, top=1 - 0.95 / height, bottom=0.25 / height)
    y = np.arange(len(table)) * 0.27 + table.kind.ne(table.kind.shift()).cumsum().to_numpy() * 0.16
    left = -table.oppose.to_numpy()
    for stance, start in (("oppose", left), ("conditional", 0 * left), ("support", table.conditional.to_numpy())):
        _bars(pane, y, start, table[stance].to_numpy(), stance)
    pane.axvline(0, color=style.INK, lw=0.9)
    for at, row in zip(y, table.itertuples(), strict=True):
        pane.text(-0.02, at, row.who, transform=pane.get_yaxis_transform(), ha="right", va="center", size=10,
                  color=style.dark(style.SIDES.get(row.who, style.SIDES["Other"])[0]))
    for kind, at in pd.Series(y).groupby(table.kind.to_numpy(), sort=False).first().items():
        pane.text(-0.22, at, kind, transform=pane.get_yaxis_transform(), ha="right", va="center", size=10.5, weight="bold")
    reach = max(table.oppose.max(), (table.conditional + table.support).max())
    pane.set_xlim(-table.oppose.max() - 0.04 * reach, (table.conditional + table.support).max() + 0.04 * reach)
    pane.set_ylim(y[-1] + 0.25, y[0] - 0.25)
    pane.set_axis_off()
    handles = [Patch(fc=style.STANCES[s], label=word) for s, word in
               (("oppose", "rejects"), ("conditional", "on conditions"), ("support", "accepts"))]
    figure.legend(handles=handles, loc="upper right", bbox_to_anchor=(0.99, 1 - 0.03 / height), ncols=3, frameon=False, fontsize=9.5)
    named = table[table.kind != "kind not named"]
    most = named.sort_values("oppose", ascending=False, kind="stable").head(1)
    tell = "".join(f" Most rejected: {row.kind} by {row.who} ({row.oppose} of {row.n})." for row in most.itertuples() if row.oppose)
    figure.caption = f"Kinds of guarantee: {table.n.sum()} mentions by {table.who.nunique()} sides, {named.n.sum()} with the kind named.{tell}"
    return figure


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Kinds by how often they are named (the unnamed last), sides in the order of the style."""
    weight = table.groupby("kind").n.transform("sum") * (table.kind != "kind not named")
    side = table.who.astype("str").map({name: i for i, name in enumerate(style.SIDES)}).fillna(9)
    return table.assign(weight=weight, side=side, who=table.who.astype("str")).sort_values(
        ["weight", "kind", "side"], ascending=[False, True, True], ignore_index=True)


def _bars(pane: Axes, y: np.ndarray, start: np.ndarray, width: np.ndarray, stance: str) -> None:
    """One stance in all rows, with its number inside the bar."""
    pane.barh(y, width, left=start, height=0.21, color=style.STANCES[stance])
    for at, x, n in zip(y, start, width, strict=True):
        if n:
            pane.text(x + n / 2, at, str(n), ha="center", va="center", size=9,
                      color=style.INK if stance == "conditional" else "white")


@style.styled
def agreement(positions: pd.DataFrame, *, top: int = 12, by: str = "speaker", **counting) -> style.Chart:
    """Who agrees with whom: each speaker's mean on each topic, and the likeness of every two over shared topics.

    Likeness is 1 - half the mean distance of their means. Speakers stand by side and name, so the layout stays.
    """
    title = "Who agrees with whom"
    table = trends.counted(positions, by=by, **counting).dropna(subset="value")
    means = table.groupby(["who", "topic"], observed=True).value.mean().unstack("topic")
    enough = means.index[means.notna().sum(axis=1) >= 2]
    if len(enough) < 2:
        return style.words("Fewer than two speakers take positions on two topics or more.", title=title)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    heard = table.who.value_counts().reindex(enough).sort_values(ascending=False, kind="stable").head(top).index
    order = sorted(heard, key=lambda who: (list(style.SIDES).index(sides.get(who, "Other")) if sides.get(
        who, "Other") in style.SIDES else 9, who))
    means = means.reindex(order)
    n = table.groupby(["who", "topic"], observed=True).size().unstack("topic").reindex(order)
    height = 2.05 + 0.36 * len(order)
    figure = style.blank(height, title=title, subtitle=(
        "Left: mean position and n on each topic. Right: likeness over the topics that both speak of (100 = same means)."))
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
    pairs = [(alike[i, j], order[i], order[j]) for i in range(len(order)) for j in range(i) if not np.isnan(alike[i, j])]
    near, far = max(pairs, default=None), min(pairs, default=None)
    figure.caption = (f"{len(order)} speakers on {len(means.columns)} topics, {span(table.when)}, {int(n.sum().sum())} positions." + (
        f" Least alike: {far[2]} and {far[1]} ({far[0]:.0%}); most alike: {near[2]} and {near[1]} ({near[0]:.0%})." if pairs else ""))
    return figure


def _matrix(pane: Axes, shade: np.ndarray, numbers: np.ndarray, colours, limits: tuple[float, float], form: str) -> None:
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
    pane.set_xticks(range(len(columns)), map(style.short, columns), rotation=38, ha="left", rotation_mode="anchor", size=9.5)
    pane.set_yticks(range(len(rows)), map(style.short, rows), size=9.5)
    for label, name in zip([*pane.get_yticklabels(), *pane.get_xticklabels()], [*rows, *columns], strict=True):
        label.set_color(style.dark(style.side_of(name, sides)[0]) if name in sides.index else style.INK)


@style.styled
def survives(found: pd.DataFrame) -> style.Chart:
    """Does it survive? A pane per finding (see findings.survives): each choice as a dot with its interval."""
    title = "Does it survive other choices?"
    if found.empty:
        return style.words("There is no finding to test.", title=title)
    names, kinds = list(found.finding.unique()), list(found.choice.str.replace("^without (?!the busiest).*", "without one publisher", regex=True).unique())
    lines = -(-len(names) // 2)
    height = 0.95 + lines * (0.75 + 0.235 * len(kinds))
    figure = style.blank(height, title=title, subtitle=(
        "Difference of the means (first minus second, after minus before) with its 95 % interval. Filled: clear of zero."))
    panes = figure.subplots(lines, 2, sharex=True, sharey=True, squeeze=False).ravel()
    figure.subplots_adjust(left=0.215, right=0.985, top=1 - 1.2 / height, bottom=0.32 / height, hspace=0.26, wspace=0.07)
    for pane, name in zip(panes, names, strict=False):
        _survival_pane(pane, found[found.finding == name], kinds)
    for pane in panes[len(names):]:
        pane.set_visible(False)
    figure.caption = " ".join(f"{name}: {findings.verdict(found[found.finding == name])}" for name in names)
    return figure


def _survival_pane(pane: Axes, rows: pd.DataFrame, kinds: list[str]) -> None:
    """One finding: its choices from top to bottom, the one shown elsewhere as a line through all."""
    clear = (rows.low > 0) | (rows.high < 0)
    y = np.arange(len(rows))
    pane.axvline(0, color=style.SOFT, lw=0.9)
    pane.axvline(rows.estimate.iloc[0], color=style.INK, lw=0.8, ls=(0, (2, 3)))
    pane.hlines(y, rows.low, rows.high, color=style.INK, alpha=0.4, lw=2)
    pane.scatter(rows.estimate, y, s=34, ec=style.INK, fc=np.where(clear, style.INK, "white"), zorder=3)
    pane.set_yticks(range(len(kinds)), kinds, size=9.5, color=style.INK)
    pane.set_ylim(len(kinds) - 0.4, -0.6)
    pane.set_xlim(-2.1, 2.1)
    pane.set_xticks([-2, -1, 0, 1, 2], ["−2", "−1", "0", "+1", "+2"])
    pane.tick_params(axis="y", length=0)
    pane.spines["left"].set_visible(False)
    pane.text(0, 1.095, rows.finding.iloc[0], transform=pane.transAxes, size=10.5, weight="bold")
    pane.text(0, 1.025, findings.verdict(rows), transform=pane.transAxes, size=9, color=style.SOFT)
