"""What moved, told: sentences with n, and one chart with an arrow from before to after."""

from html import escape

import numpy as np
import pandas as pd

from analysis import style
from analysis.rerun import moves
from analysis.evidence import STANCE_WORDS, Html
from analysis.rerun import Run
from analysis.words import day, signed, topic_label

STEADY = ("unchanged", "still not clear", "too few positions")
NAMED = 5  # at most so many are named in a sentence, the others counted


def told(before: Run, after: Run) -> Html:
    """What moved as a list for reading."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences(before, after))
    return Html(f'<ul class="tex2jax_ignore mathjax_ignore">{items}</ul>')


def sentences(before: Run, after: Run) -> list[str]:
    """What moved in words: articles, positions, speakers, findings, and what nothing covers yet."""
    parts = (_articles, _positions, _topics, _speakers, _findings, _names, _phrases)
    return [sentence for part in parts if (sentence := part(before, after))]


def findings(before: Run, after: Run) -> pd.DataFrame:
    """The main findings for reading, by finding: before and after (with 95 % interval and n), verdict."""
    table = moves.findings(before, after)
    words = {when: [_estimate(row, when) for row in table.to_dict("records")] for when in ("before", "after")}
    return pd.DataFrame({**words, "verdict": table.verdict}).set_index(
        pd.Index(table.finding, name="finding")
    )


def _estimate(row: dict, when: str) -> str:
    estimate, low, high = (row[f"{name}_{when}"] for name in ("estimate", "low", "high"))
    interval = "" if np.isnan(estimate) else f"{signed(estimate)} ({signed(low)} to {signed(high)}), "
    return f"{interval}n = {row[f'n_{when}']}"


def _articles(before: Run, after: Run) -> str:
    table = moves.articles(before, after)
    size = f"{many(len(after.articles), 'article')} with {many(len(after.positions), 'position')}"
    if table.empty:
        return f"Nothing moved: {size}, as before."
    listed = [
        f"{_text(row.headline) or row.article_id} ({_text(row.publisher) or 'publisher unknown'}, "
        f"{_when(row.date)}{_change(row, table)}; {many(row.statements, 'statement')}, "
        f"{many(row.positions, 'position')})"
        for row in table.itertuples()
    ]
    return f"Articles, {_changes(table)}: {_some(listed, '; ')}. In all {size}."


def _positions(before: Run, after: Run) -> str:
    table = moves.positions(before, after)
    listed = [f"{row.speaker} {STANCE_WORDS.get(row.stance, row.stance)} ({topic_label(row.topic)}, "
              f"{_when(row.date)}{_change(row, table)})" for row in table.itertuples()]
    undated = int(table.date.isna().sum())
    left_out = f" {many(undated, 'position')} without a date: in no mean." if undated else ""
    return f"Positions, {_changes(table)}: {_some(listed, '; ')}.{left_out}" if listed else ""


def _topics(before: Run, after: Run) -> str:
    table = moves.topics(before, after)
    table = table[table[["new", "gone", "turned"]].any(axis=1)]
    listed = [f"{topic_label(row.Index)}: {row.new} new, {row.gone} gone, {row.turned} with another stance "
              f"(n = {row.before} → {row.after})" for row in table.itertuples()]
    return f"In the articles that were there before: {'; '.join(listed)}." if listed else ""


def _speakers(before: Run, after: Run) -> str:
    table = moves.speakers(before, after)
    moved = table[table.change.abs() >= moves.SMALL]
    listed = [f"{row.who} on {topic_label(row.topic)} from {signed(row.mean_before)} (n = {row.n_before}) to "
              f"{signed(row.mean_after)} (n = {row.n_after})" for row in moved.itertuples()]
    if table.empty:
        return ""
    others = len(table) - len(moved)
    rest = f"; {many(others, 'other mean')} as before, or without one to compare" if others else ""
    return f"{f'Moved: {_some(listed)}' if listed else 'No mean moved'}{rest}."


def _findings(before: Run, after: Run) -> str:
    table = findings(before, after)
    other = table[~table.verdict.isin(STEADY)]
    listed = [f"{row.Index} {row.verdict}: {row.before} → {row.after}" for row in other.itertuples()]
    stand = f"{len(table) - len(listed)} of {len(table)} main findings stand as before"
    return f"{stand}{'; ' + '; '.join(listed) if listed else ': same sign, certainty and size'}."


def _names(before: Run, after: Run) -> str:
    listed = [
        f"{row.who} ({many(row.statements, 'statement')})" for row in moves.names(before, after).itertuples()
    ]
    return f"Named but not in the roster: {_some(listed)}." if listed else ""


def _phrases(before: Run, after: Run) -> str:
    listed = [f"“{row.phrase}” ({many(row.statements, 'statement')} on no topic, {row.covered} on one)"
              for row in moves.phrases(before, after).itertuples()]
    return f"Spoken of, but no topic of the codebook: {_some(listed)}." if listed else ""


@style.styled
def chart(before: Run, after: Run, *, top: int = 12, **counting) -> style.Chart:
    """An arrow from each mean before to the mean after, the greatest change first; a dot where none is.

    A hollow dot had no position before, a cross has none any more. Options of moves.speakers pass through.
    """
    title = "What moved: means before and after"
    table = moves.speakers(before, after, **counting)
    if table.empty:
        return style.words("No speaker has said more or less, or anything else, than before.", title=title)
    rows = table.head(top)
    height = 1.65 + 0.36 * len(rows)
    subtitle = (
        "Arrow: mean before → mean after. Dot: as before. Hollow: nothing before. Cross: nothing any more."
    )
    figure = style.blank(height, title=title, subtitle=subtitle)
    pane = figure.subplots()
    figure.subplots_adjust(left=0.43, right=0.72, top=1 - 1.0 / height, bottom=0.5 / height)
    frame = pane.get_yaxis_transform()
    for y, row in enumerate(rows.itertuples()):
        colour, marker = style.SIDES.get(row.side, style.SIDES["Other"])
        _arrow(pane, y, row, colour, marker)
        last = STANCE_WORDS[row.last_after] if isinstance(row.last_after, str) else "nothing"
        for x, text, look in (
            (-0.75, style.short(row.who), {"ha": "right", "color": style.dark(colour), "size": 10}),
            (-0.72, style.short(topic_label(row.topic)), {"size": 9.5}),
            (1.05, f"{row.n_before} → {row.n_after}", {"size": 9.5, "color": style.SOFT}),
            (1.35, last, {"size": 9.5, "color": style.SOFT}),
        ):
            pane.text(x, y, text, transform=frame, va="center", **look)
    for x, text in ((1.05, "n"), (1.35, "last word")):
        pane.text(x, -0.9, text, transform=frame, va="center", size=9.5, weight="bold")
    pane.set(ylim=(len(rows) - 0.4, -0.7), xlim=(-1.12, 1.12), yticks=[])
    pane.set_xticks([-1, 0, 1], ["opposes", "on conditions", "supports"])
    pane.grid(axis="x", color=style.FAINT)
    pane.spines["left"].set_visible(False)
    figure.caption = _caption(table, len(rows))
    return figure


def _arrow(pane, y: int, row, colour: str, marker: str) -> None:
    """One mean: where it was, and a head where it is."""
    was, now = row.mean_before, row.mean_after
    if np.isnan(now):
        pane.plot(was, y, marker="X", color=colour, ms=7)
        return
    pane.plot(
        now if np.isnan(was) else was,
        y,
        marker=marker,
        mec=colour,
        ms=7,
        mfc="white" if np.isnan(was) else colour,
    )
    if abs(now - was) > 0.02:
        pane.annotate(
            "",
            (now, y),
            (was, y),
            arrowprops={
                "arrowstyle": "-|>,head_length=0.5,head_width=0.25",
                "color": colour,
                "lw": 2,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )


def _caption(table: pd.DataFrame, shown: int) -> str:
    """The alternative text: how many, and the greatest change."""
    moved, greatest = int((table.change.abs() >= moves.SMALL).sum()), table.iloc[0]
    more = f" Shown: {shown}." if shown < len(table) else ""
    size = f"; greatest change: {greatest.who} on {topic_label(greatest.topic)}, {signed(greatest.change)} " \
           f"(n = {greatest.n_before} → {greatest.n_after})" if moved else ""
    means = f"{many(len(table), 'mean')} of a speaker on a topic with other positions than before"
    return f"{means}, {moved} moved{size}.{more}"


def many(n: int, what: str) -> str:
    """3 articles, 1 article."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _change(row, table: pd.DataFrame) -> str:
    """The change of one row, where not all have the same."""
    return f"; {row.change}" if table.change.nunique() > 1 else ""


def _some(items: list[str], between: str = ", ") -> str:
    """The first of them, and how many more there are."""
    more = [f"and {len(items) - NAMED} more"] if len(items) > NAMED else []
    return between.join([*items[:NAMED], *more])


def _changes(table: pd.DataFrame) -> str:
    """How many of each change, such as "2 added, 1 changed"."""
    return ", ".join(f"{n:,} {change}" for change, n in table.change.value_counts().sort_index().items())


def _when(date: pd.Timestamp) -> str:
    return "undated" if pd.isna(date) else day(date)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
