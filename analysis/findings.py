"""The main findings as numbers with intervals, and whether they survive other choices."""

from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import trends
from .conditions import OTHER, condition_points
from .coverage import once_per_utterance
from .evidence import Html
from .resampling import bootstrap_means, interval
from .shifts import CLEAR, HINT, shifts
from .words import day, signed, span, topic_label


class Contrast(NamedTuple):
    """A difference of two means: of `first` minus of `second`, each a side, on one topic.

    `cut`: the day that parts the two in time, where `first` is from that day on and `second` before it.
    """

    title: str
    topic: str
    first: str
    second: str
    cut: str | None = None


# Fixed beforehand: the two gaps that the project asks about, and the day of the talks in the White House,
# after which a meeting was announced.
CONTRASTS = (
    Contrast("Ukraine and Russia on a meeting", "meeting", "Ukraine", "Russia"),
    Contrast("Europe and Russia on guarantees", "security_guarantees", "Europe", "Russia"),
    Contrast("Ukraine on a meeting, after 18 Aug 2025", "meeting", "Ukraine", "Ukraine", "2025-08-18"),
    Contrast("Russia on a meeting, after 18 Aug 2025", "meeting", "Russia", "Russia", "2025-08-18"),
)


def estimate(
    positions: pd.DataFrame, contrast: Contrast, *, draws: int = 1000, seed: int = 0, **counting
) -> dict:
    """The contrast with its 95 % interval: estimate, low, high, mean_first, mean_second, n_first, n_second.

    Bootstrap over articles (see trends). The numbers are missing where a side has nothing to say.
    """
    table, cell = _two_cells(positions, contrast, **counting)
    n = np.bincount(cell, minlength=2)
    sums = np.bincount(cell, table.value, minlength=2)
    mean = sums / np.where(n, n, np.nan)
    draw = bootstrap_means(cell, table, 2, draws=draws, seed=seed)
    low, high = interval(draw[0] - draw[1], where=n.all())
    return {
        "estimate": mean[0] - mean[1],
        "low": float(low),
        "high": float(high),
        "mean_first": mean[0],
        "mean_second": mean[1],
        "n_first": int(n[0]),
        "n_second": int(n[1]),
    }


def _two_cells(positions: pd.DataFrame, contrast: Contrast, **counting) -> tuple[pd.DataFrame, np.ndarray]:
    """The positions that a contrast compares, and for each whether it is of the first (0) or second (1)."""
    table = trends.counted(positions[positions.topic == contrast.topic], by="side", **counting).dropna(
        subset="value"
    )
    if contrast.cut:
        table = table[table.who == contrast.first]
        return table, (table.when < pd.Timestamp(contrast.cut)).to_numpy(dtype=int)
    table = table[table.who.isin([contrast.first, contrast.second])]
    return table, (table.who == contrast.second).to_numpy(dtype=int)


def survives(
    positions: pd.DataFrame, *, codings: pd.DataFrame | None = None, contrasts=CONTRASTS, seed: int = 0
) -> pd.DataFrame:
    """Each contrast under each choice: finding, choice, estimate, low, high, n_first, n_second, …

    The first choice is the one shown elsewhere. `codings`: positions coded by people, shown beside
    the tagger's and beside the tagger's on the same articles.
    """
    rows, common = [], choices(positions, codings)
    for contrast in contrasts:
        most = _weightiest(positions, contrast)
        without = {f"without {most}": (positions[positions.publisher != most], {})}
        for choice, (table, counting) in (common | without).items():
            rows.append(
                {"finding": contrast.title, "choice": choice}
                | estimate(table, contrast, seed=seed, **counting)
            )
    return pd.DataFrame(rows)


def choices(positions: pd.DataFrame, codings: pd.DataFrame | None = None) -> dict[str, tuple]:
    """Other ways to count the same thing: name -> (positions, options of `trends.counted`)."""
    months = positions.date.dt.to_period("M")
    found = {
        "as shown: once per article": (positions, {}),
        "every statement counts": (positions, {"once": "statement"}),
        "once per week": (positions, {"once": "week"}),
        "once per month": (positions, {"once": "month"}),
        "first-hand only": (positions, {"second_hand": False}),
        "each utterance once": (once_per_utterance(positions), {}),
        "without the busiest month": (positions[~months.isin(months.value_counts().index[:1])], {}),
    }
    if positions.get("confidence", pd.Series(dtype=float)).nunique() > 1:
        found["the surer half of the tags"] = (
            positions[positions.confidence >= positions.confidence.median()],
            {},
        )
    if codings is not None and len(codings):
        same = positions[positions.article_id.isin(codings.article_id)]
        found |= {"only articles coded by hand": (same, {}), "codings by hand": (codings, {})}
    return found


def _weightiest(positions: pd.DataFrame, contrast: Contrast) -> str:
    """The publisher without which the contrast is nearest to zero, or farthest on the other side of it."""
    table, cell = _two_cells(positions, contrast)
    publisher = positions.loc[table.index, "publisher"].fillna("")
    sums = pd.crosstab(publisher, cell, values=table.value, aggfunc="sum").reindex(columns=[0, 1]).fillna(0)
    n = pd.crosstab(publisher, cell).reindex(columns=[0, 1]).fillna(0)
    left = (sums.sum() - sums) / (n.sum() - n).where(n.sum() > n)
    apart = (left[0] - left[1]) * np.sign((sums.sum() / n.sum()).diff(-1).iloc[0])
    return apart.idxmin() if apart.notna().any() else "any one publisher"


def verdict(rows: pd.DataFrame) -> str:
    """One sentence on how a finding (its rows of `survives`) fares."""
    shown, others = rows.iloc[0], rows.iloc[1:].dropna(subset="estimate")
    if np.isnan(shown.estimate):
        return "Too few positions to say."
    same = int((np.sign(others.estimate) == np.sign(shown.estimate)).sum())
    clear = int(((rows.low > 0) | (rows.high < 0)).sum())
    return f"Same sign: {same} of {len(others)} others. Clear of zero: {clear} of {len(others) + 1}."


def through(articles: pd.DataFrame, positions: pd.DataFrame) -> Html:
    """Up to which day the data reach, and how much there is."""
    dated = articles.date.dropna()
    if dated.empty:
        return Html(f"<p>{len(articles)} articles, none with a date: nothing can be shown over time.</p>")
    undated = len(articles) - len(dated)
    return Html(
        f"<p><strong>Data through {day(dated.max())}.</strong> {len(articles):,} articles from {span(dated)}"
        f"{f' ({undated} without a date)' if undated else ''} hold {len(positions):,} positions of "
        f"{positions.speaker.nunique():,} speakers on {positions.topic.nunique()} topics.</p>"
    )


def told(positions: pd.DataFrame) -> Html:
    """The findings as a list for reading, each with its claim in bold and the numbers after it."""
    items = "".join(
        f"<li><strong>{escape(claim)}</strong> {escape(numbers)}</li>"
        for claim, numbers in sentences(positions)
    )
    return Html(f"<ol>{items}</ol>")


def sentences(positions: pd.DataFrame) -> list[tuple[str, str]]:
    """The findings in words as (claim, numbers): gaps, changes, conditions, and how many shifts are clear."""
    told = [_gap_told(positions, c) if c.cut is None else _change_told(positions, c) for c in CONTRASTS]
    return [*told, conditions_told(positions), shifts_told(shifts(positions))]


def _gap_told(positions: pd.DataFrame, c: Contrast) -> tuple[str, str]:
    found, label = estimate(positions, c), topic_label(c.topic)
    if np.isnan(found["estimate"]):
        return f"{label}: too few positions to compare {c.first} and {c.second}.", ""
    more, less = (c.first, c.second) if found["estimate"] > 0 else (c.second, c.first)
    clear = found["low"] > 0 or found["high"] < 0
    claim = (
        f"{more} is more in favour than {less}."
        if clear
        else f"{c.first} and {c.second} cannot be told apart."
    )
    return f"{label}: {claim}", (
        f"Means from −1 (opposes) to +1 (supports): {c.first} {signed(found['mean_first'])} "
        f"(n = {found['n_first']}), {c.second} "
        f"{signed(found['mean_second'])} (n = {found['n_second']}); difference {_with_interval(found)}."
    )


def _change_told(positions: pd.DataFrame, c: Contrast) -> tuple[str, str]:
    found, label, cut = estimate(positions, c), topic_label(c.topic), day(pd.Timestamp(c.cut))
    test = shifts(positions[(positions.topic == c.topic) & (positions.side == c.first)], by="side", at=c.cut)
    if np.isnan(found["estimate"]) or test.empty:
        return f"{label}: too few positions of {c.first} before or after {cut} to speak of a shift.", ""
    clear = test.p[0] <= CLEAR and found["low"] * found["high"] > 0
    move = (
        f"has moved {'towards' if found['estimate'] > 0 else 'away from'} support"
        if clear
        else "has not clearly moved"
    )
    return f"{label}: {c.first} {move} since {cut}.", (
        f"Mean {signed(found['mean_second'])} before (n = {found['n_second']}), "
        f"{signed(found['mean_first'])} since "
        f"(n = {found['n_first']}); change {_with_interval(found)}; permutation test p = {test.p[0]:.2f}."
    )


def _with_interval(found: dict) -> str:
    return f"{signed(found['estimate'])} (95 % interval {signed(found['low'])} to {signed(found['high'])})"


def conditions_told(
    positions: pd.DataFrame, *, topic: str = "meeting", side: str = "Russia"
) -> tuple[str, str]:
    """How often a side's yes depends on something, and what it asks for most."""
    label = topic_label(topic)
    valued = trends.counted(positions[positions.topic == topic], by="side").dropna(subset="value")
    points = condition_points(positions, topic=topic, by="side")
    points, total = points[points.who == side], int((valued.who == side).sum())
    if points.empty:
        return f"{label}: {side} names no condition.", f"It takes {total} positions."
    named = points[points.kind != OTHER["conditions"]].groupby("kind").size().nlargest(2, keep="first")
    parts = " and ".join(f"{kind} ({n})" for kind, n in named.items()) or "none of a known kind"
    return f"{label}: {side} answers on conditions in {points.index.nunique()} of {total} positions.", (
        f"Named most often, {span(points.when)}: {parts}. One position may name several."
    )


def shifts_told(found: pd.DataFrame) -> tuple[str, str]:
    """How many shifts the list of `shifts` holds, and how many were looked for."""
    clear, hints = found[found.verdict.str.startswith("moved")], found[found.verdict == HINT]
    names = [
        ", ".join(
            f"{row.who} on {row.topic.replace('_', ' ')} ({signed(row.change)})" for row in rows.itertuples()
        )
        for rows in (clear, hints)
    ]
    claim = (
        f"clear shift{'' if len(clear) == 1 else 's'}: {names[0]}." if len(clear) else "no shift is clear."
    )
    return f"Speaker by speaker: {f'{len(clear)} ' if len(clear) else ''}{claim}", (
        f"{found.attrs['tested']} pairs of speaker and topic have enough articles to be tested; "
        "p is corrected for their "
        f"number.{f' Hints that do not outlast the correction: {names[1]}.' if len(hints) else ''}"
    )
