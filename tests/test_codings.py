"""Codings by hand as positions, and the tagger set beside them."""

import pytest

from analysis import load_articles
from analysis.codings.coding_store import current, read_log
from analysis.codings import load_codings, positions_from_codings


@pytest.fixture(scope="module")
def coded():
    return load_codings()


def test_the_shipped_codings(coded):
    assert len(coded) == 352 and coded.article_id.nunique() == 73 and coded.attrs["left_out"] == 0
    assert coded.value.isna().sum() == (coded.stance == "neutral").sum() == 42
    assert coded.statement_id.is_unique and coded.date.notna().all()


def test_the_words_stand_where_they_are_said_to_stand(coded):
    texts = load_articles().set_index("article_id").text
    for row in coded.itertuples():
        text = texts[row.article_id]
        assert text[row.context_start : row.context_start + len(row.context)] == row.context
        assert text[row.evidence_start : row.evidence_end] == row.evidence and row.evidence in row.context


def test_codings_of_absent_articles_are_left_out_and_counted():
    articles = load_articles()
    some = positions_from_codings(current(read_log()), articles.head(3))
    assert some.article_id.nunique() == 2 and some.attrs["left_out"] == 352 - len(some)
    assert positions_from_codings(current(read_log()), articles.head(0)).empty
