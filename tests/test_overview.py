"""The corpus in tables and charts: exact counts of a small one, and of the shipped one."""

import pandas as pd
import pytest

from analysis import load_articles
from analysis.charts import overview
from analysis.config import ARTICLES


def corpus(*days, publishers=None):
    """Articles on the given days ("" for undated)."""
    n = len(days)
    return pd.DataFrame(
        {
            "article_id": [f"a{i}" for i in range(n)],
            "date": pd.to_datetime(pd.Series(days, dtype="str"), errors="coerce"),
            "publisher": pd.Series(publishers or ["TASS"] * n, dtype="str"),
            "headline": "h",
            "url": "",
            "text": pd.Series(
                [f"word {i} of many others in text number {i} " * 5 for i in range(n)], dtype="str"
            ),
        }
    )


@pytest.fixture(scope="module")
def shipped():
    return load_articles(ARTICLES)


def test_shipped_corpus_in_numbers(shipped):
    assert overview.summary(shipped).value.to_dict() == {
        "articles": "109",
        "publishers": "82",
        "words": "25,016",
        "from": "5 February 2025",
        "data through": "7 June 2026",
        "without a date": "0",
        "without a publisher": "0",
        "exact duplicates": "0",
        "near duplicates": "0",
        "passages of site text removed": "0",
        "problems of the input": "0",
    }


def test_shipped_captions(shipped):
    assert overview.months(shipped).caption == (
        "n = 109 dated articles, 5 February 2025 to 7 June 2026. 36 of them (33%) are from August 2025; "
        "3 of 17 months have fewer than 3. The longest gap: 86 days, 5 March 2026 to 30 May 2026."
    )
    assert overview.publishers(shipped).caption == (
        "n = 109 articles by 82 publishers. The most by one: 4 (The Kyiv Independent), 4% of all. "
        "67 more have 67 between them.")


def test_months_without_an_article_count_as_nothing():
    table = overview.by_month(corpus("2025-01-31", "2025-03-01", "2025-03-02", ""))
    assert table.articles.tolist() == [1, 0, 2]
    assert table.index.astype(str).tolist() == ["2025-01", "2025-02", "2025-03"]


def test_gaps_are_longer_than_the_days_given_and_sorted():
    table = overview.gaps(corpus("2025-01-01", "2025-01-15", "2025-01-30", "2025-03-01", ""))
    assert table.days.tolist() == [30, 15]
    assert overview.gaps(corpus("2025-01-01", "2025-01-02")).empty


def test_publishers_are_ordered_by_count_then_name_and_unknown_is_one():
    table = overview.by_publisher(corpus(*["2025-01-01"] * 5, publishers=["b", "A", "b", None, "c"]))
    assert table.index.tolist() == ["b", "(unknown)", "A", "c"]
    assert table.articles.tolist() == [2, 1, 1, 1]


def test_notes_of_loading_become_tables():
    articles = corpus("2025-01-01", "")
    articles.attrs = {"problems": [{"file": "some/where/news/x.md", "line": 2, "reason": "no text"}],
                      "removed": [{"article_id": "a0", "rule": "newsletter", "text": "Subscribe"}] * 2}
    assert overview.problems(articles).to_dict("index") == {"news/x.md": {"line": 2, "reason": "no text"}}
    assert overview.removed(articles).to_dict("index") == {
        "newsletter": {"passages": 2, "articles": 1, "example": "Subscribe"}}
    assert overview.undated(articles).index.tolist() == ["a1"]


@pytest.mark.parametrize("days", [(), ("",), ("2025-01-01",)])
@pytest.mark.parametrize(
    "view", ["summary", "by_month", "by_publisher", "gaps", "problems", "removed", "undated"]
)
def test_tables_of_little_or_nothing(view, days):
    assert isinstance(getattr(overview, view)(corpus(*days)), pd.DataFrame)


@pytest.mark.parametrize(("days", "start"), [((), "No article has a date"), (("",), "No article has a date"),
                                             (("2025-01-01",), "n = 1 dated articles")])
def test_charts_of_little_or_nothing(days, start):
    assert overview.months(corpus(*days)).caption.startswith(start)
    assert overview.publishers(corpus(*days)).png()


def test_pictures_are_the_same_each_time(shipped):
    assert overview.months(shipped).png() == overview.months(shipped).png()
