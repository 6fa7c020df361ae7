"""The words behind a figure, as HTML that reads well in JupyterLab, on GitHub and in the rendered page.

Only elements that all three keep, and no style that the text depends on. Everything from articles is escaped;
a link is one only where it is http or https.
"""

import re
from html import escape, unescape
from urllib.parse import urlsplit

import pandas as pd

from analysis.style import SIDES
from analysis.trends import counted
from analysis.trends.results import with_words
from analysis.words import day, signed, topic_label

STANCE_WORDS = {
    "support": "supports",
    "conditional": "on conditions",
    "oppose": "opposes",
    "neutral": "takes no side",
}
MOST = 1000  # quotes of one list that a page can hold
WORDS = ["condition", "content", "context", "context_start", "evidence", "evidence_start", "url"]
REACH = 160  # characters of context shown on each side of the deciding words


class Html:
    """HTML that a notebook shows; where it cannot, the beginning of the text."""

    def __init__(self, html: str):
        self.html = html

    def __str__(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return unescape(re.sub(r"<[^>]+>", " ", self.html[:600])).strip()[:200]

    def _repr_html_(self) -> str:
        return self.html


def quotes(
    positions: pd.DataFrame,
    *,
    by: str = "side",
    topic: str | None = None,
    limit: int = 12,
    title: str = "The words behind the chart",
    folded: bool = True,
    **counting,
) -> Html:
    """The positions that a chart shows as numbered quotes, grouped by `by` as the chart is, in time.

    Speaker, for whom, date, publisher with link, stance, condition, who coded it by hand; the deciding words
    are marked. The first `limit` of a group are shown, the rest folded once more, the undated last. Nothing is
    left out, but of more than MOST in a group the rest is counted. Unless `folded`, the first are open. Options
    of `trends.counted` pass through, so that a repetition is quoted as often as it is drawn.
    """
    table = (positions[positions.topic == topic] if topic else positions).rename_axis("row").reset_index()
    if table.empty:
        return Html("<p>There are no positions to quote.</p>")
    dots = counted(table, by=by, **counting)
    undated = table[table[counting.get("clock", "date")].isna()]
    groups = {str(name): table.loc[group.index] for name, group in dots.groupby("who", observed=True)}
    rank = {side: place for place, side in enumerate(SIDES)}
    names = sorted(groups, key=lambda name: (rank.get(name, len(rank)), -len(groups[name]), name))
    groups = {name: groups[name] for name in names}
    groups |= {"Without a date, so in no chart over time": undated} if len(undated) else {}
    number, parts, way = 1, [], "" if folded else " open"
    shown = pd.concat([group.head(MOST) for group in groups.values()])  # so that the folder is read once
    shown = with_words(shown.set_index("row"), WORDS).to_dict("records")
    for name, group in groups.items():
        own, shown = shown[: min(len(group), MOST)], shown[min(len(group), MOST) :]
        parts.append(_group(name, own, len(group), number, limit, way))
        number += len(group)
    articles = pd.concat([dots.article_id, undated.article_id]).nunique()
    head = f"{escape(title)}: {_many(number - 1, 'position')} in {_many(articles, 'article')}"
    return Html(f"<details{way}><summary><b>{head}</b></summary>{''.join(parts)}</details>")


def _group(name: str, shown: list[dict], size: int, number: int, limit: int, way: str) -> str:
    """One group, folded or " open"; what is beyond the limit is folded inside it, and what is not `shown` of its
    `size` only counted."""
    items = [_item(row) for row in shown]
    more = size - limit
    inner = f'<ol start="{number}">{"".join(items[:limit])}</ol>'
    if more > 0:
        inner += (
            f"<details><summary>… and {more} more</summary>"
            f'<ol start="{number + limit}">{"".join(items[limit:])}</ol>{_too_many(size)}</details>'
        )
    return f"<details{way}><summary>{escape(name)}: {_many(size, 'position')}</summary>{inner}</details>"


def _too_many(rows: int) -> str:
    """What is said where there is more than a page can hold."""
    return f"<p>… and {rows - MOST:,} more: choose fewer to read them.</p>" if rows > MOST else ""


def _item(row: dict) -> str:
    """One position."""
    principal = _text(row.get("principal"))
    who = f"<b>{escape(_text(row.get('speaker')) or 'Somebody')}</b>" + (
        f" for {escape(principal)}" if principal else ""
    )
    stance = STANCE_WORDS.get(row["stance"], str(row["stance"]))
    notes = [stance + (", told by another" if row.get("second_hand") else "")]
    if condition := _text(row.get("condition")):
        notes.append(f"condition: {condition}")
    if (coder := _text(row.get("coder"))) not in ("", "tagger"):
        notes.append(f"coded by hand ({coder})")
    return (
        f"<li>{who}, {date(row.get('date'))}, {link(row.get('publisher'), row.get('url'))}: "
        f"<em>{escape('; '.join(notes))}</em><br>{marked(row)}</li>"
    )


def marked(row: dict) -> str:
    """The context of a position, the deciding words marked, cut to about REACH characters on each side."""
    evidence = _text(row.get("evidence"))
    context = _text(row.get("context")) or evidence or _text(row.get("content"))
    place = row.get("evidence_start", pd.NA), row.get("context_start", pd.NA)
    start = int(place[0] - place[1]) if not any(map(pd.isna, place)) else context.find(evidence)
    if not evidence or context[max(start, 0) : max(start, 0) + len(evidence)] != evidence:
        start = context.find(evidence) if evidence else -1
    if start < 0:
        return escape(context[: 2 * REACH]) + ("…" if len(context) > 2 * REACH else "")
    end = start + len(evidence)
    before, after = context[:start], context[end:]
    before = before if len(before) <= REACH else "…" + before[-REACH:].partition(" ")[2]
    after = after if len(after) <= REACH else after[:REACH].rpartition(" ")[0] + "…"
    return f"{escape(before)}<mark>{escape(evidence)}</mark>{escape(after)}"


def before_after(table: pd.DataFrame, *, limit: int = 12) -> Html:
    """Shifts or contradictions (see shifts.py) as a list: who, topic, how far, the words before and after."""
    if table.empty:
        return Html("<p>There is nothing of this kind in these articles.</p>")
    items = [_turn(row) for row in table.head(MOST).to_dict("records")]
    inner = f"<ol>{''.join(items[:limit])}</ol>"
    if len(table) > limit:
        inner += (
            f"<details><summary>… and {len(table) - limit} more</summary>"
            f'<ol start="{limit + 1}">{"".join(items[limit:])}</ol>{_too_many(len(table))}</details>'
        )
    return Html(inner)


def _turn(row: dict) -> str:
    """One shift or contradiction."""
    if "change" in row:
        tell = (
            f"{signed(row['mean_before'])} (n = {row['n_before']}) → "
            f"{signed(row['mean_after'])} (n = {row['n_after']}); "
            f"{row['verdict']} (p = {row['p']:.2f}, corrected {row['p_adjusted']:.2f})"
        )
    else:
        tell = (
            f"{STANCE_WORDS.get(row['stance_before'], row['stance_before'])} → "
            f"{STANCE_WORDS.get(row['stance_after'], row['stance_after'])} "
            + (f"within {_many(row['days'], 'day')}" if row["days"] else "on the same day")
            + ("; one of the two was told by another" if row["second_hand"] else "")
        )
    words = "".join(
        f"<li>{when} ({date(row[f'date_{when}'])}, {link(row[f'publisher_{when}'], row[f'url_{when}'])}): "
        f"<mark>{escape(_text(row[f'quote_{when}']))}</mark></li>"
        for when in ("before", "after")
    )
    head = f"<b>{escape(str(row['who']))}</b> on {escape(topic_label(row['topic']))}: {escape(tell)}"
    return f"<li>{head}<ul>{words}</ul></li>"


def link(text, url) -> str:
    """The text, as a link where the address is http or https, else plain."""
    shown, address = escape(_text(text) or "publisher unknown"), _text(url).strip()
    try:
        parts = urlsplit(address)
        fine = parts.scheme.lower() in ("http", "https") and bool(parts.netloc)
    except ValueError:
        fine = False
    return f'<a href="{escape(address)}" rel="noopener">{shown}</a>' if fine else shown


def date(value) -> str:
    """4 June 2026, or "undated"."""
    return "undated" if pd.isna(value) else day(pd.Timestamp(value))


def _text(value) -> str:
    """A cell as text, nothing where it is missing."""
    return "" if value is None or value is pd.NA or value != value else str(value)


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
