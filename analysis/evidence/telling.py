"""The findings told: how far the data reach, and each claim with its n and interval, never typed."""

from html import escape

import numpy as np
import pandas as pd

from analysis import trends
from analysis.trends.conditions import OTHER, condition_points
from analysis.evidence import Html
from analysis.trends.findings import CONTRASTS, Contrast, estimate
from analysis.trends.shifts import CLEAR, HINT, shifts
from analysis.words import day, signed, span, topic_label


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


def told(
    positions: pd.DataFrame, *, codings: pd.DataFrame | None = None, moved: pd.DataFrame | None = None
) -> Html:
    """The findings as a list for reading, each with its claim in bold and the numbers after it.

    `codings`: positions coded by people; where a finding compares means, theirs is told beside the tagger's.
    `moved`: their `shifts`, where they are computed already.
    """
    items = "".join(
        f"<li><strong>{escape(claim)}</strong> {escape(numbers)}</li>"
        for claim, numbers in sentences(positions, codings=codings, moved=moved)
    )
    return Html(f"<ol>{items}</ol>")


def sentences(
    positions: pd.DataFrame, *, codings: pd.DataFrame | None = None, moved: pd.DataFrame | None = None
) -> list[tuple[str, str]]:
    """The findings in words as (claim, numbers): gaps, changes, conditions, and how many shifts are clear."""
    told = []
    for contrast in CONTRASTS:
        found = estimate(positions, contrast)
        claim, numbers = _change_told(positions, found, contrast) if contrast.cut else _gap_told(found, contrast)
        told.append((claim, numbers + _by_hand(found, codings, contrast)))
    moved = shifts(positions) if moved is None else moved
    return [*told, conditions_told(positions), shifts_told(moved)]


def _gap_told(found: dict, c: Contrast) -> tuple[str, str]:
    label = topic_label(c.topic)
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


def _change_told(positions: pd.DataFrame, found: dict, c: Contrast) -> tuple[str, str]:
    label, cut = topic_label(c.topic), day(pd.Timestamp(c.cut))
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


def _by_hand(tagged: dict, codings: pd.DataFrame | None, contrast: Contrast) -> str:
    """The same contrast from the codings of people, where there are any; whether the two disagree."""
    found = None if codings is None else estimate(codings, contrast)
    if not found or np.isnan(found["estimate"]):
        return ""
    n = found["n_first"] + found["n_second"]
    signs = [np.sign(e["estimate"]) * (e["low"] * e["high"] > 0) for e in (found, tagged)]
    differ = "" if signs[0] == signs[1] else " The two disagree: read the words before you build on it."
    return f" By hand, on {codings.article_id.nunique()} articles (n = {n}): {_with_interval(found)}.{differ}"


def _with_interval(found: dict) -> str:
    return f"{signed(found['estimate'])} (95 % interval {signed(found['low'])} to {signed(found['high'])})"


def conditions_told(
    positions: pd.DataFrame, *, topic: str = "meeting", side: str = "Russia"
) -> tuple[str, str]:
    """How often a side's yes depends on something, and what it asks for most."""
    label = topic_label(topic)
    own = positions[(positions.topic == topic) & (positions.side == side)]
    points, total = condition_points(own, by="side"), int(trends.counted(own, by="side").value.notna().sum())
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
