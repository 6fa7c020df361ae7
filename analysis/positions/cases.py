"""Which statements speak of which topic: every pair that is worth judging, with what is known around it."""

from bisect import bisect_left
from collections import Counter, defaultdict, namedtuple
from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pandas as pd

from analysis.codebook import Codebook, Topic
from analysis.speakers.people import Entry
from analysis.speakers.roster import load_roster
from analysis.positions.passages import Passage, read_passage
from analysis.positions.signals import Case
from analysis.codebook.topics import REACH, Found, Mention, carried, find_topic, is_about, parties_of

Row = namedtuple(
    "Row",
    """article_id statement_id date headline speaker side principal second_hand quote parent cue source_start
 source_end cue_start cue_end content_spans context context_start""",
)  # what is read of a statement; None for what it has not, the spans of its content as offsets into the context
READ = 100  # values of a column that are read together
BACK = (
    (5, "just"),
    (250, "near"),
    (700, "far"),
)  # characters since the topic was named, and what that is called


def find_cases(statements: pd.DataFrame, codebook: Codebook) -> Iterator[list[tuple[int, Case]]]:
    """(place of the row, case) for each statement and topic that may belong together, a list per article.

    Rows of an article need not be next to each other; few articles are held at a time, however many there are.
    """
    codes, _ = pd.factorize(statements.article_id)
    order = np.argsort(codes, kind="stable")
    if (codes[1:] < codes[:-1]).any():
        statements = statements.iloc[order]
    for _, group in groupby(zip(order.tolist(), _rows(statements), strict=True), key=lambda pair: pair[1].article_id):
        yield _of_article(list(group), codebook)


def _rows(statements: pd.DataFrame) -> Iterator[Row]:
    """The statements one by one."""
    columns = {name: _values(statements[name].array) for name in Row._fields}
    starts = _values(statements.context_start.array)
    columns["content_spans"] = map(_offsets, columns["content_spans"], starts)
    return map(Row._make, zip(*columns.values(), strict=True))


def _values(column: pd.api.extensions.ExtensionArray) -> Iterator:
    """The values of a column, None for what is missing."""
    for k in range(0, len(column), READ):
        yield from column[k : k + READ].to_numpy(object, na_value=None)


def _of_article(rows: list, codebook: Codebook) -> list[tuple[int, Case]]:
    """The cases of one article, topic by topic."""
    passages: dict[tuple[int, str], Passage] = {}
    known = load_roster().entries
    return [
        case
        for topic in codebook.topics.values()
        for case in _on_topic(rows, topic, passages, codebook, known)
    ]


def _on_topic(
    rows: list, topic: Topic, passages: dict, codebook: Codebook, known: dict[str, Entry]
) -> list[tuple[int, Case]]:
    """The cases of one article on one topic."""
    found = {
        key: find_topic(topic, key[1])
        for key in dict.fromkeys((row.context_start, row.context) for _, row in rows)
    }
    if not any(seen.mentions for seen in found.values()):
        return []
    about = sorted(
        (start, start + len(context)) for (start, context), seen in found.items() if is_about(topic, seen)
    )
    candidates = []
    for i, row in rows:
        seen = found[row.context_start, row.context]
        if topic.parties:
            seen = seen._replace(parties=seen.parties | parties_of(topic, row.speaker))
        focus = _focus(row, seen, about, codebook) if row.speaker else None  # the narrator takes no side
        if focus:
            candidates.append((i, row, seen, focus))
    told = _told_of_others(rows)
    article = _article(rows, candidates, topic, about, len(found), known)
    sentences = defaultdict(list)
    for _, row, _, _ in candidates:
        sentences[row.context_start].append(row)
    cases = []
    for i, row, seen, focus in candidates:
        key = row.context_start, row.context
        if key not in passages:
            passages[key] = read_passage(row.context, codebook)
        around = (
            _known(row, topic, told[row.statement_id])
            | _rivals(row, focus, sentences[row.context_start])
            | _recency(row, focus, about)
            | article(row)
        )
        cases.append(
            (
                i,
                Case(
                    passages[key],
                    topic,
                    seen,
                    focus,
                    row.content_spans,
                    _place(row, "cue"),
                    _place(row, "source"),
                    row.speaker,
                    around,
                ),
            )
        )
    return cases


def _focus(row, found: Found, about: list, codebook: Codebook) -> Mention | None:
    """The mention that the statement is judged by, None where the topic does not concern it."""
    spans = row.content_spans
    if found.mentions:
        return min(
            found.mentions,
            key=lambda m: (
                m.lookalike,
                not any(s <= m.start < e for s, e in spans),
                m.how == "weak",
                m.start,
            ),
        )
    place = bisect_left(about, (row.context_start,))
    if place and row.context_start - about[place - 1][1] < REACH:
        return carried(codebook, row.context) or Mention(0, 0, "near")
    return None


def _told_of_others(rows: list) -> dict[str, list]:
    """The statements told within each statement."""
    told = defaultdict(list)
    for _, row in rows:
        if row.parent:
            told[row.parent].append(row)
    return told


def _article(
    rows: list, candidates: list, topic: Topic, about: list, sentences: int, known: dict[str, Entry]
):
    """What the article as a whole tells of a statement on the topic, as a function of the statement."""
    title = rows[0][1].headline or ""
    headline = float(bool(find_topic(topic, title).mentions))
    mine = Counter(row.speaker for _, row, _, _ in candidates)
    return lambda row: {
        "share": len(about) / sentences,
        "headline": headline,
        "sure article": float(bool(about)),
        "in headline": float(row.speaker.split()[-1] in title),
        f"statements={min(4, mine[row.speaker])}": 1.0,
        "speaker share": mine[row.speaker] / len(candidates),
        f"first={row.context_start == 0}": 1.0,
        "early": float(row.context_start < 400),
        f"kind={known[row.speaker].kind if row.speaker in known else 'unknown'}": 1.0,
    }


def _recency(row, focus: Mention, about: list) -> dict[str, float]:
    """How far back the article last named the topic for sure, for each way of speaking of it."""
    place = bisect_left(about, (row.context_start,))
    if place < len(about) and about[place][0] == row.context_start:
        how = "here"
    elif not place:
        how = "never"
    else:
        how = next((name for limit, name in BACK if row.context_start - about[place - 1][1] < limit), "long")
    return {f"last={how}": 1.0, f"{focus.how}&last={how}": 1.0}


def _rivals(row, focus: Mention, rows: list) -> dict[str, float]:
    """How a statement stands to those of others in its sentence: nested in them, around them, before the
    topic."""
    others = [r for r in rows if r.speaker != row.speaker]
    start = row.context_start if row.source_start is None else row.source_start
    within = [r for r in others if _holds(r, start)]
    around = [r for r in others if r.source_start is not None and _holds(row, r.source_start)]
    between = sum(
        r.source_start is not None and start < r.source_start < row.context_start + focus.start
        for r in others
    )
    out = {
        "within other": float(bool(within)),
        "around other": float(bool(around)),
        f"between={min(2, between)}": 1.0,
        "same cue": float(any(r.cue_start is not None and r.cue_start == row.cue_start for r in others)),
        "within spokesman": float(any(r.principal == row.speaker for r in within)),
        "around principal": float(any(r.speaker == row.principal for r in around)),
    }
    if within:
        out[f"outer cue={(within[-1].cue or 'none').split()[-1].lower()}"] = 1.0
    return out


def _known(row, topic: Topic, told: list) -> dict[str, float]:
    """What is known of a statement and its speaker beside its words."""
    others = [r for r in told if r.speaker != row.speaker]
    party = bool(parties_of(topic, row.speaker))
    return dict.fromkeys(
        (
            f"side={row.side}",
            f"{topic.name}:side={row.side}",
            topic.name,
            f"quote={row.quote}",
            f"nested={row.parent is not None}",
            f"second={row.second_hand}",
            f"principal={bool(row.principal)}",
        ),
        1.0,
    ) | {
        **({f"who:{topic.name}:{row.speaker}:{row.date.year}": 1.0} if row.date else {}),
        f"party={party}": float(bool(topic.parties)),
        "tells of other": float(bool(others)),
        "tells of principal": float(any(r.speaker == row.principal for r in others)),
    }


def _holds(row, place: int) -> bool:
    """Whether a place of the article lies in the statement's content."""
    return any(s <= place - row.context_start < e for s, e in row.content_spans)


def _offsets(spans: str, start: int) -> tuple[tuple[int, int], ...]:
    """Spans written as "12:34 40:51", less the start of their context."""
    pairs = (span.split(":") for span in spans.split())
    return tuple((int(first) - start, int(last) - start) for first, last in pairs)


def _place(row, part: str) -> tuple[int, int] | None:
    """The span of the cue or source, as offsets into the context."""
    start, end = getattr(row, f"{part}_start"), getattr(row, f"{part}_end")
    return None if start is None else (start - row.context_start, end - row.context_start)
