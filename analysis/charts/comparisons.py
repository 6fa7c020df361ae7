"""Figures of differences: the gap between two sides, who moved, and what survives other choices."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis import style, trends
from analysis.trends import findings
from analysis.trends.shifts import HINT, NO_SHIFT
from analysis.trends.shifts import shifts as shift_table
from analysis.evidence.telling import shifts_told
from analysis.words import signed, span, topic_label


@style.styled
def gap(
    positions: pd.DataFrame,
    *,
    between: tuple[str, str] = ("Ukraine", "Russia"),
    every: str | None = None,
    topics: list[str] | None = None,
    **counting,
) -> style.Chart:
    """How far two sides are apart: a pane per topic, the gap per period with its interval and n.

    The period is a quarter, or a year where the range is long.
    """
    title = f"How far apart {between[0]} and {between[1]} stand"
    every = every or trends.fitting_period(positions.date, most=8, least="quarter")
    bins = trends.gap(positions, between=between, every=every, **counting)
    topics = [topic for topic in topics or bins.topic.unique() if (bins.topic == topic).any()]
    if not topics:
        return style.words(
            f"{between[0]} and {between[1]} never both take a dated position in the same {every}.",
            title=title,
        )
    periods = pd.period_range(bins.period.min(), bins.period.max(), freq=trends.PERIODS[every])
    rows = -(-len(topics) // 2)
    height = 1.35 + 2.1 * rows
    figure = style.blank(
        height,
        title=title,
        subtitle=(
            f"Mean of {between[0]} minus mean of {between[1]} per {every}: above zero {between[0]} is more "
            "in favour, 2 is the greatest distance.\nBar: 95 % interval. Beside it: positions of "
            f"{between[0]} : {between[1]}. Hollow: under 3 of a side."
        ),
    )
    panes = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False).ravel()
    figure.subplots_adjust(
        left=0.06, right=0.985, top=1 - 1.25 / height, bottom=0.5 / height, hspace=0.28, wspace=0.06
    )
    for pane, topic in zip(panes, topics, strict=False):
        _gap_pane(pane, bins[bins.topic == topic], topic, periods)
    for pane in panes[len(topics) :]:
        pane.set_visible(False)
    for pane in panes[max(len(topics) - 2, 0) : len(topics)]:
        pane.tick_params(axis="x", labelbottom=True)
    clear = int(((bins.low > 0) | (bins.high < 0)).sum())
    figure.caption = (
        f"{between[0]} minus {between[1]}, {every} by {every}, {span(bins.period)}: {len(bins)} gaps on "
        f"{len(topics)} topics, median {signed(bins.gap.median())}; "
        f"the interval keeps clear of zero in {clear}."
    )
    return figure


def _gap_pane(pane: Axes, bins: pd.DataFrame, topic: str, periods: pd.PeriodIndex) -> None:
    """Gaps of one topic: a dot with its interval, the n of both sides beside it, hollow where thin."""
    thin = bins[["n_first", "n_second"]].min(axis=1) < trends.THIN
    place = periods.get_indexer(bins.period.dt.to_period(periods.freqstr))
    pane.axhline(0, color=style.SOFT, lw=0.8)
    pane.vlines(place, bins.low, bins.high, color=style.INK, alpha=0.35, lw=2)
    pane.scatter(place, bins.gap, s=44, zorder=3, ec=style.INK, lw=1.2, fc=np.where(thin, "white", style.INK))
    for x, row in zip(place, bins.itertuples(), strict=True):
        pane.annotate(
            f"{row.n_first} : {row.n_second}",
            (x, row.gap),
            (7, 0),
            textcoords="offset points",
            size=9,
            va="center",
            color=style.SOFT,
        )
    pane.set_ylim(-2.25, 2.25)
    pane.set_yticks([-2, -1, 0, 1, 2], ["−2", "−1", "0", "+1", "+2"])
    pane.set_xlim(-0.4, len(periods) - 0.35)
    style.period_axis(pane, periods, most=11)
    pane.set_title(topic_label(topic), loc="left", size=11, weight="bold", pad=4)


@style.styled
def shifts(
    positions: pd.DataFrame, *, moved: pd.DataFrame | None = None, top: int = 12, by: str = "speaker", **options
) -> style.Chart:
    """An arrow from the mean before to the mean after each speaker's clearest break, largest change first.

    `moved`: the table of `trends.shifts.shifts`, where it is computed already."""
    title = "Who moved, and how far"
    found = shift_table(positions, by=by, **options) if moved is None else moved
    if found.empty:
        return style.words(
            "Nobody has enough dated positions on one topic to be tested for a shift.", title=title
        )
    rows = found.head(top)
    height = 1.75 + 0.36 * len(rows)
    figure = style.blank(
        height,
        title=title,
        subtitle=(
            "Arrow: mean before → after the clearest break. Bold: a shift after correction for "
            f"{found.attrs['tested']} tests. Dashed: no evidence of one."
        ),
    )
    pane = figure.subplots()
    figure.subplots_adjust(left=0.345, right=0.65, top=1 - 1.0 / height, bottom=0.55 / height)
    sides = positions.drop_duplicates("speaker").set_index("speaker").side
    for y, row in enumerate(rows.itertuples()):
        _arrow(pane, y, row, style.side_of(row.who, sides))
        colour = style.dark(style.side_of(row.who, sides)[0])
        pane.text(
            -0.5,
            y,
            style.short(row.who),
            transform=pane.get_yaxis_transform(),
            ha="right",
            va="center",
            size=10,
            color=colour,
        )
        pane.text(
            -0.475,
            y,
            row.topic.replace("_", " "),
            transform=pane.get_yaxis_transform(),
            va="center",
            size=9.5,
        )
        for x, text in (
            (1.04, f"{row.first_after:%b %Y}"),
            (1.29, f"{row.n_before} → {row.n_after}"),
            (1.53, _tested(row)),
        ):
            pane.text(
                x, y, text, transform=pane.get_yaxis_transform(), va="center", size=9.5, color=style.SOFT
            )
    for x, text in ((1.04, "since"), (1.29, "n"), (1.53, "verdict (p, corrected)")):
        pane.text(x, -0.9, text, transform=pane.get_yaxis_transform(), va="center", size=9.5, weight="bold")
    pane.set_ylim(len(rows) - 0.4, -0.7)
    pane.set_xlim(-1.12, 1.12)
    pane.set_xticks([-1, 0, 1], ["opposes", "on conditions", "supports"])
    pane.grid(axis="x", color=style.FAINT)
    pane.set_yticks([])
    pane.spines["left"].set_visible(False)
    figure.caption = (
        f"{' '.join(shifts_told(found))} Largest change: {rows.who[0]} "
        f"on {topic_label(rows.topic[0])}, "
        f"{signed(rows.change[0])} (n = {rows.n_before[0]} and {rows.n_after[0]})."
    )
    return figure


def _arrow(pane: Axes, y: int, row, look: tuple[str, str]) -> None:
    """One shift: a dot where it starts and a head where it ends; a dot alone where nothing moved."""
    colour, marker = look
    sure = row.verdict not in (NO_SHIFT, HINT)
    line = "-" if row.verdict != NO_SHIFT else (0, (2, 2))
    pane.plot(row.mean_before, y, marker=marker, color=colour, ms=6, alpha=0.9)
    if abs(row.change) > 0.02:
        pane.annotate(
            "",
            (row.mean_after, y),
            (row.mean_before, y),
            arrowprops={
                "arrowstyle": "-|>,head_length=0.5,head_width=0.25",
                "color": colour,
                "ls": line,
                "lw": 2.8 if sure else 1.4,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )


def _tested(row) -> str:
    short = {NO_SHIFT: "no evidence", HINT: "a hint"}.get(row.verdict, "a shift")
    return f"{short} ({row.p:.2f}, {row.p_adjusted:.2f})"


@style.styled
def survives(found: pd.DataFrame) -> style.Chart:
    """Does it survive? A pane per finding (see findings.survives): each choice as a dot with its interval."""
    title = "Does it survive other choices?"
    if found.empty:
        return style.words("There is no finding to test.", title=title)
    names, kinds = (
        list(found.finding.unique()),
        list(
            found.choice.str.replace(
                "^without (?!the busiest).*", "without one publisher", regex=True
            ).unique()
        ),
    )
    lines = -(-len(names) // 2)
    height = 0.95 + lines * (0.75 + 0.235 * len(kinds))
    figure = style.blank(
        height,
        title=title,
        subtitle=(
            "Difference of the means (first minus second, after minus before) with its 95 % interval. "
            "Filled: clear of zero."
        ),
    )
    panes = figure.subplots(lines, 2, sharex=True, sharey=True, squeeze=False).ravel()
    figure.subplots_adjust(
        left=0.215, right=0.985, top=1 - 1.2 / height, bottom=0.32 / height, hspace=0.26, wspace=0.07
    )
    for pane, name in zip(panes, names, strict=False):
        _survival_pane(pane, found[found.finding == name], kinds)
    for pane in panes[len(names) :]:
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
