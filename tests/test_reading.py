"""A text with its attributions marked stays the same text, and is safe and well formed."""

import html
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.attribution import Attribution
from analysis.evidence.reading import highlight, read_closely
from analysis.report.safe_html import clean

TEXT = "“I am ready,” Putin said.\n\nLavrov told NBC that Putin had said so."
OUTER = Attribution((27, 33), (34, 38), ((43, 66),), "indirect", None)
INNER = Attribution((48, 53), (58, 62), ((63, 65),), "indirect", 0)


def body(text, attributions, **options):
    return highlight(text, attributions, legend=False, **options).data.partition("</style>")[2]


def bare(html_text):
    """The text without elements and numbers."""
    return html.unescape(re.sub(r"<sup>.*?</sup>|<[^>]+>", "", html_text.replace("</p><p>", "\n\n")))


def test_parts_are_numbered_and_told_apart():
    shown = body("Putin said: no.", [Attribution((0, 5), (6, 10), ((12, 15),), "indirect", None)])
    assert "<b>Putin</b><sup>1</sup> <i>said</i><sup>1</sup>: <sup>1</sup><u>no.</u>" in shown


def test_a_number_is_not_repeated_right_behind_itself():
    shown = body("Putin said no.", [Attribution((0, 5), (6, 10), ((11, 14),), "indirect", None)])
    assert "<i>said</i><sup>1</sup> <u>no.</u>" in shown


def test_content_within_content_keeps_both_levels():
    shown = body(TEXT, [OUTER, INNER])
    assert '<u class="inner">' in shown and "<u><b>Putin</b></u><sup>2</sup>" in shown
    assert bare(shown) == TEXT


def test_deciding_words_are_marked_inside_what_holds_there():
    shown = body(TEXT, [OUTER], marks=[(48, 53)])
    assert "<u><mark>Putin</mark></u>" in shown


def test_rows_of_the_statements_table_are_shown_with_their_numbers():
    articles = pd.DataFrame({"article_id": ["a"], "text": [TEXT]})
    rows = [
        dict(
            statement_id=f"a#{n}",
            article_id="a",
            source_start=a.source[0],
            source_end=a.source[1],
            cue_start=a.cue[0],
            cue_end=a.cue[1],
            content_spans=" ".join(f"{s}:{e}" for s, e in a.content),
            quote=a.quote,
            parent="a#1" if a.parent == 0 else None,
        )
        for n, a in enumerate((OUTER, INNER), 1)
    ]
    rows.append(
        rows[0] | dict(statement_id="a#3", source_start=None, source_end=None, cue_start=None, cue_end=None)
    )
    shown = read_closely(
        "a", articles, pd.DataFrame(rows).astype({"source_start": "Int64", "cue_start": "Int64"})
    )
    assert "<sup>1,3</sup>" in shown.data and '<u class="inner">' in shown.data and "legend" not in shown.data


@pytest.mark.parametrize("text", ["", "\n\n", "<script>alert(1)</script>", "a & b < c", "x" * 300])
def test_any_text_comes_out_escaped(text):
    assert bare(body(text, [])).strip() == text.strip()
    assert "<script" not in body(text, [])


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).map(tuple)
attribution = st.builds(
    Attribution,
    st.none() | spans,
    st.none() | spans,
    st.lists(spans, max_size=3).map(tuple),
    st.just("direct"),
    st.none() | st.just(0),
)


@given(st.text(st.sampled_from("ab<&\n \"'"), min_size=30, max_size=30), st.lists(attribution, max_size=5),
       st.lists(spans, max_size=3))
def test_any_spans_leave_the_text_whole_and_the_html_well_formed(text, attributions, marks):
    shown = body(text, attributions, marks=marks)
    lines = [line for line in bare(shown).split("\n\n") if line]
    assert lines == [line for line in text.split("\n") if line]
    assert html.unescape(clean(shown)) == html.unescape(shown)
