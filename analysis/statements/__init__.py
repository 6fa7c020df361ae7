"""Statements: who says, wants, offers or refuses something in an article, with every span's place in its
text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pandas as pd

from analysis.attribution import attributions
from analysis.codebook import load_codebook
from analysis.codebook.patterns import matches
from analysis.config import progress
from analysis.statements.days import days, said_on
from analysis.statements.holders import held
from analysis.speakers import ArticleSpeakers
from analysis.attribution.tokens import sentence_ends
from analysis.codebook.topics import names_topic
from analysis.statements.viewpoints import viewpoints

STATEMENT_COLUMNS = """statement_id article_id date publisher headline url said_on speaker side principal second_hand
 quote source source_start source_end cue cue_start cue_end content content_spans parent context
 context_start""".split()
AT_ONCE = 2000  # rows that become a table together


class _Draft(NamedTuple):
    """A statement before it has its number; spans are offsets into the article's text."""

    speaker: str
    side: str
    principal: str
    second_hand: bool
    quote: str
    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    parent: int | None  # place in the list of drafts


def find_statements(articles: pd.DataFrame) -> pd.DataFrame:
    """All statements of the articles, in text order: columns STATEMENT_COLUMNS, one row per statement.

    Three kinds: attributed by a cue ("said that …"); told by the narrator as someone's wish, offer or refusal
    ("Putin has ruled out …"); told so inside another's words (second_hand, with that statement as parent).
    """
    rows, parts = [], []
    for article in progress(articles.itertuples(index=False), "statements", len(articles)):
        rows += _rows(article)
        if len(rows) >= AT_ONCE:
            parts.append(_table(rows))
            rows = []
    return pd.concat([*parts, _table(rows)], ignore_index=True)


def _table(rows: list[tuple]) -> pd.DataFrame:
    """The rows as a table, which takes a fraction of their memory."""
    table = pd.DataFrame(rows, columns=STATEMENT_COLUMNS)
    spans = [name for name in STATEMENT_COLUMNS if name.endswith(("_start", "_end"))]
    text = [name for name in STATEMENT_COLUMNS if name not in (*spans, "date", "said_on", "second_hand")]
    kinds = (
        {name: "str" for name in text}
        | dict.fromkeys(spans, "Int64")
        | dict.fromkeys(("date", "said_on"), "datetime64[us]")
    )
    return table.astype(kinds | {"second_hand": "bool", "context_start": "int64"})


def _rows(article) -> list[tuple]:
    text = article.text
    day = None if pd.isna(article.date) else article.date.date()
    ends = sentence_ends(text)
    drafts = _drafts(text, ends, article.headline if isinstance(article.headline, str) else "", day)
    hulls = list(map(_hull, drafts))
    order = sorted(range(len(drafts)), key=hulls.__getitem__)
    number = {i: f"{article.article_id}#{n}" for n, i in enumerate(order, 1)}
    rows = []
    for i in order:
        d = drafts[i]
        start, end = _sentences(ends, *hulls[i])
        rows.append(
            (
                number[i],
                article.article_id,
                article.date,
                article.publisher,
                article.headline,
                article.url,
                said_on(text, d.cue or d.source, d.content, (start, end), day),
                d.speaker,
                d.side,
                d.principal or None,
                d.second_hand,
                d.quote,
                *_span(text, d.source),
                *_span(text, d.cue),
                " … ".join(text[s:e] for s, e in d.content),
                " ".join(f"{s}:{e}" for s, e in d.content),
                None if d.parent is None else number[d.parent],
                text[start:end],
                start,
            )
        )
    return rows


def _drafts(text: str, ends: list[int], headline: str, day: date | None) -> list[_Draft]:
    """Attributed statements first, then those told without a cue of attribution; ends: where sentences end."""
    found = attributions(text)
    people = ArticleSpeakers(text, found, date=day, headline=headline)
    drafts = [
        _Draft(
            who.name,
            who.side,
            who.principal,
            a.parent is not None,
            a.quote,
            a.source,
            a.cue,
            a.content,
            a.parent,
        )
        for a, who in zip(found, people.speakers, strict=True)
    ]
    sentences = _topical_sentences(text, ends)
    drafts += [
        drafts[k]._replace(speaker=who.name, side=who.side, principal=who.principal)
        for k, others in enumerate(people.joint)
        for who in others
    ]
    mentions = people.mentions()
    drafts += _viewed(text, ends, drafts, mentions)
    drafts += _told(text, drafts, mentions, sentences)
    return drafts + _continued(text, drafts, sentences)


def _topical_sentences(text: str, ends: list[int]) -> list[tuple[int, int, bool]]:
    """(start, end, whether it names a topic of the codebook) of each sentence."""
    codebook = load_codebook()
    return [(start, end, names_topic(codebook, text[start:end])) for start, end in zip([0, *ends], ends)]


def _viewed(text: str, ends: list[int], drafts: list[_Draft], people: list) -> list[_Draft]:
    """What the narrator gives as someone's view, where no attribution has its words."""
    viewed = []
    for view in viewpoints(text, people, ends):
        if not any(_meet(draft.cue, view.cue) for draft in drafts):
            who, parent = view.mention.speaker, _within(drafts, range(len(drafts)), view.cue[0])
            source = (view.mention.start, view.mention.end)
            told = (who.name, who.side, who.principal, parent is not None, "indirect")
            viewed.append(_Draft(*told, source, view.cue, view.content, parent))
    return viewed


def _told(text: str, drafts: list[_Draft], people: list, sentences: list) -> list[_Draft]:
    """Willingness told of someone, where no attribution has said as much already."""
    codebook = load_codebook()
    told, seen, at = [], set(), 0
    for (start, end, topical), near in zip(sentences, _by_sentence(drafts, sentences), strict=True):
        here = at
        while at < len(people) and people[at].start < end:
            at += 1
        for h in held(text, people[here:at], start, end, codebook, topical):
            who, parent = h.mention.speaker, _within(drafts, near, h.cue[0])
            known = (
                (who.name, h.cue) in seen
                or parent is not None
                and drafts[parent].speaker == who.name
                or any(
                    _meet(drafts[i].cue, h.cue) and (drafts[i].speaker == who.name or not topical)
                    for i in near
                )
            )
            if who.name and not known:
                seen.add((who.name, h.cue))
                told.append(
                    _Draft(
                        who.name,
                        who.side,
                        who.principal,
                        parent is not None or not any(days(text, start, end)),
                        "indirect" if parent is None else drafts[parent].quote,
                        (h.mention.start, h.mention.end),
                        h.cue,
                        (h.content,),
                        parent,
                    )
                )
    return told


def _continued(text: str, drafts: list[_Draft], sentences: list) -> list[_Draft]:
    """Sentences on a topic in which nobody is named as speaking go on with what was said in the sentence
    before."""
    codebook = load_codebook()
    continued, last = [], None
    for (start, end, topical), near in zip(sentences, _by_sentence(drafts, sentences), strict=True):
        if near:
            begun = [
                drafts[i]
                for i in near
                if drafts[i].parent is None and drafts[i].speaker and _hull(drafts[i])[0] >= start
            ]
            last = min(begun, key=_hull) if begun else last
        elif (
            last
            and "\n" not in text[max(0, start - 1) : start + 2]
            and (topical or matches(text[start:end])[codebook.conditions])
        ):
            first = end - len(text[start:end].lstrip())
            continued.append(last._replace(source=None, cue=None, content=((first, end),), quote="indirect"))
        else:
            last = None
    return continued


def _by_sentence(drafts: list[_Draft], sentences: list) -> list[list[int]]:
    """The places of the drafts of which a part lies in each sentence."""
    ends = [end for _, end, _ in sentences]
    near: list[list[int]] = [[] for _ in sentences]
    for i, draft in enumerate(drafts):
        first, last = _hull(draft)
        for k in range(bisect_right(ends, first), min(bisect_left(ends, last) + 1, len(ends))):
            near[k].append(i)
    return near


def _within(drafts: list[_Draft], near: Iterable[int], place: int) -> int | None:
    """The innermost of the near statements in whose content a place lies."""
    inside = [i for i in near if any(s <= place < e for s, e in drafts[i].content)]
    return min(inside, key=lambda i: _hull(drafts[i])[1] - _hull(drafts[i])[0], default=None)


def _meet(one: tuple[int, int] | None, other: tuple[int, int]) -> bool:
    return one is not None and one[0] < other[1] and other[0] < one[1]


def _hull(draft: _Draft) -> tuple[int, int]:
    """From the first to the last character of a statement."""
    spans = [span for span in (draft.source, draft.cue, *draft.content) if span]
    return min(spans)[0], max([e for _, e in spans])


def _sentences(ends: list[int], first: int, last: int) -> tuple[int, int]:
    """The sentences that hold text[first:last]."""
    before, after = bisect_right(ends, first), bisect_right(ends, last - 1)
    return ends[before - 1] if before else 0, ends[min(after, len(ends) - 1)]


def _span(text: str, span: tuple[int, int] | None) -> tuple[str | None, int | None, int | None]:
    return (text[slice(*span)], *span) if span else (None, None, None)
