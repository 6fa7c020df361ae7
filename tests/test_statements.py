"""Statements: columns and offsets, told willingness, second hand, the day of an utterance."""

from datetime import date

import pandas as pd
import pytest

from analysis import find_statements, load_articles
from analysis.statements.days import said_on
from analysis.statements import STATEMENT_COLUMNS


def article(text, day="2025-08-22", headline=""):
    return pd.DataFrame(
        [
            {
                "article_id": "a",
                "date": pd.Timestamp(day),
                "publisher": "P",
                "headline": headline,
                "url": "",
                "text": text,
                "origin": "a.txt",
            }
        ]
    )


@pytest.fixture(scope="module")
def shipped():
    articles = load_articles().head(20)
    return articles, find_statements(articles)


def test_columns_and_offsets(shipped):
    articles, statements = shipped
    assert list(statements.columns) == STATEMENT_COLUMNS
    texts = dict(zip(articles.article_id, articles.text, strict=True))
    for row in statements.itertuples():
        text = texts[row.article_id]
        for part in ("source", "cue"):
            start, end = getattr(row, f"{part}_start"), getattr(row, f"{part}_end")
            if pd.notna(start):
                assert text[start:end] == getattr(row, part)
        spans = [tuple(map(int, span.split(":"))) for span in row.content_spans.split()]
        assert " … ".join(text[s:e] for s, e in spans) == row.content
        assert text[row.context_start : row.context_start + len(row.context)] == row.context
        assert all(row.context_start <= s and e <= row.context_start + len(row.context) for s, e in spans)


def test_ids_are_numbered_in_text_order(shipped):
    _, statements = shipped
    for article_id, rows in statements.groupby("article_id"):
        assert list(rows.statement_id) == [f"{article_id}#{n}" for n in range(1, len(rows) + 1)]
    assert set(statements.parent.dropna()) <= set(statements.statement_id)


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ("Moscow’s demand that NATO never admit Ukraine was repeated.", "Russia", "demand"),
        (
            "Vladimir Putin, the Russian leader, has repeatedly ruled out a summit.",
            "Vladimir Putin",
            "ruled out",
        ),
        ("Volodymyr Zelensky is ready to meet Vladimir Putin.", "Volodymyr Zelensky", "ready"),
        (
            "Donald Trump, who is trying to bring the two men together, left early.",
            "Donald Trump",
            "trying to",
        ),
    ],
)
def test_told_by_the_narrator(text, speaker, cue):
    statements = find_statements(article(text))
    told = statements[(statements.speaker == speaker) & statements.cue.str.contains(cue, na=False)]
    assert len(told) >= 1


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        (
            "The offer of a meeting with Zelensky has met with a flat refusal from Moscow.",
            "Russia",
            "refusal",
        ),
        ("An invitation to the capital had come from Putin.", "Vladimir Putin", "invitation"),
        ("Guarantees for Ukraine were again rejected by Moscow.", "Russia", "rejected"),
        (
            "Zelensky hopes to soften the American proposal on guarantees for Ukraine.",
            "United States",
            "proposal",
        ),
        ("A meeting with Zelensky, according to Ushakov, is not planned.", "Yuri Ushakov", "according to"),
    ],
)
def test_told_of_one_who_is_no_subject(text, speaker, cue):
    statements = find_statements(article(text))
    assert cue in "|".join(statements[statements.speaker == speaker].cue.dropna())


def test_a_joint_source_gives_a_statement_to_each():
    statements = find_statements(article("Macron and Starmer said that guarantees for Ukraine were ready."))
    said = statements[statements.cue == "said"]
    assert list(said.speaker) == ["Emmanuel Macron", "Keir Starmer"]
    assert said.content.nunique() == 1


def test_joint_subjects_hold_the_same():
    statements = find_statements(article("Italy and Poland have ruled out sending soldiers to Ukraine."))
    assert {"Italy", "Poland"} <= set(statements.speaker)


def test_passed_on_is_second_hand():
    statements = find_statements(
        article("Donald Trump said that Vladimir Putin had agreed to meet Volodymyr Zelensky.")
    )
    outer = statements[statements.speaker == "Donald Trump"].iloc[0]
    inner = statements[(statements.speaker == "Vladimir Putin")].iloc[0]
    assert not outer.second_hand
    assert inner.second_hand and inner.parent == outer.statement_id


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Lavrov said on Friday that no meeting is planned.", date(2025, 8, 22)),
        ("Lavrov said on Thursday that no meeting is planned.", date(2025, 8, 21)),
        ("Lavrov said last Friday that no meeting is planned.", date(2025, 8, 15)),
        ("Lavrov said yesterday that no meeting is planned.", date(2025, 8, 21)),
        ("Lavrov said on August 18 that no meeting is planned.", date(2025, 8, 18)),
        ("Lavrov said on Dec. 30 that no meeting is planned.", date(2024, 12, 30)),
        ("Lavrov said on 3 March 2022 that no meeting is planned.", date(2022, 3, 3)),
        ("Lavrov said earlier this week that no meeting is planned.", None),
        ("Lavrov said that no meeting is planned on Friday.", None),
        ("Lavrov said on February 31 that no meeting is planned.", None),
    ],
)
def test_said_on(sentence, day):
    cue = sentence.index("said")
    content = sentence.index("no meeting")
    assert (
        said_on(sentence, (cue, cue + 4), ((content, len(sentence)),), (0, len(sentence)), date(2025, 8, 22))
        == day
    )


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "No one speaks here.", "“”", "said said said"])
def test_nothing_said(text):
    assert list(find_statements(article(text)).columns) == STATEMENT_COLUMNS


def test_no_articles():
    empty = article("x").iloc[:0]
    assert len(find_statements(empty)) == 0


def test_undated_article_has_no_day_of_utterance():
    undated = article("Sergei Lavrov said on Friday that no meeting is planned.").assign(date=pd.NaT)
    assert find_statements(undated).said_on.isna().all()
