"""Which statements speak of which topic: every pair that is worth judging, with what is known around it."""

from bisect import bisect_left
from collections import defaultdict

import pandas as pd

from analysis.codebook import Codebook, Topic
from analysis.stance import Case, Passage, read_passage
from analysis.topics import REACH, Found, Mention, carried, find_topic, is_about


def find_cases(statements: pd.DataFrame, codebook: Codebook) -> list[tuple[int, Case]]:
    """(place of the row, case) for each statement and topic that may belong together."""
    cases = []
    rows = list(statements.itertuples(index=False))
    by_article = defaultdict(list)
    for i, row in enumerate(rows):
        by_article[row.article_id].append(i)
    for places in by_article.values():
        cases += _article([(i, rows[i]) for i in places], codebook)
    return cases


def _article(rows: list, codebook: Codebook) -> list[tuple[int, Case]]:
    """The cases of one article."""
    passages: dict[tuple[int, str], Passage] = {}
    children = defaultdict(list)
    for _, row in rows:
        if isinstance(row.parent, str):
            children[row.parent].append(row)
    cases = []
    for topic in codebook.topics.values():
        found = {(row.context_start, row.context): None for _, row in rows}
        for key in found:
            found[key] = find_topic(topic, key[1])
        about = sorted((start, start + len(context)) for (start, context), f in found.items() if is_about(topic, f))
        headline = find_topic(topic, rows[0][1].headline if isinstance(rows[0][1].headline, str) else "")
        if not about and not is_about(topic, headline):
            about = []
        share = len(about) / len(found)
        for i, row in rows:
            key = row.context_start, row.context
            seen = found[key]
            if topic.parties:
                seen = find_topic(topic, row.context, row.speaker)
            focus = _focus(row, seen, topic, about, codebook)
            if focus is None:
                continue
            if key not in passages:
                passages[key] = read_passage(row.context, codebook)
            cases.append((i, _case(row, topic, seen, focus, passages[key], children[row.statement_id], {
                "share": share, "headline": float(bool(headline.mentions)), "sure article": float(bool(about))})))
    return cases


def _focus(row, found: Found, topic: Topic, about: list, codebook: Codebook) -> Mention | None:
    """The mention that the statement is judged by, None where the topic does not concern it."""
    spans = _content(row)
    if found.mentions and (about or is_about(topic, found)):
        def rank(m: Mention):
            inside = any(s <= m.start < e for s, e in spans)
            return (m.lookalike, not inside, m.how == "weak", m.start)
        return min(found.mentions, key=rank)
    place = bisect_left(about, (row.context_start,))
    if place and row.context_start - about[place - 1][1] < REACH:
        return carried(codebook, row.context)
    return None


def _content(row) -> list[tuple[int, int]]:
    """The spans of the content, as offsets into the context."""
    return [(int(s) - row.context_start, int(e) - row.context_start)
            for s, e in (span.split(":") for span in row.content_spans.split())]


def _case(row, topic: Topic, found: Found, focus: Mention, passage: Passage, children: list, article: dict) -> Case:
    others = [c for c in children if c.speaker != row.speaker]
    party = bool(topic.parties) and any(p.search(row.speaker) for p in topic.parties)
    known = {
        f"side={row.side}": 1.0, f"quote={row.quote}": 1.0, f"nested={isinstance(row.parent, str)}": 1.0,
        f"second={row.second_hand}": 1.0, f"principal={isinstance(row.principal, str) and bool(row.principal)}": 1.0,
        "tells of other": float(bool(others)), f"party={party}": float(bool(topic.parties)),
        "tells of principal": float(any(c.speaker == row.principal for c in others)),
        "early": float(row.context_start < 400),
        f"{topic.name}:side={row.side}": 1.0, f"{topic.name}": 1.0,
        **article,
    }
    cue = None if pd.isna(row.cue_start) else (row.cue_start - row.context_start, row.cue_end - row.context_start)
    return Case(passage, topic, found, focus, tuple(_content(row)), cue, known)
