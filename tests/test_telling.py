"""The findings in words: every number computed, doubt said, nothing that an article names becomes HTML."""

import pandas as pd
import pytest

from analysis import codings, load_articles
from analysis.evidence import telling
from analysis.evidence.telling import sentences
from tests.test_trends import table


@pytest.fixture(scope="module")
def coded() -> pd.DataFrame:
    return codings.load_codings()


def test_how_far_the_data_reach(coded):
    articles = load_articles()
    shown = str(telling.through(articles, coded))
    assert "Data through 7 June 2026." in shown and "352 positions" in shown and "without a date" not in shown
    assert "(1 without a date)" in str(
        telling.through(articles.assign(date=articles.date.where(articles.index > 0)), coded)
    )
    assert "none with a date" in str(telling.through(articles.assign(date=pd.NaT), coded))


def test_nothing_to_tell():
    told = sentences(table())
    assert len(told) == 6 and "too few positions" in told[0][0] and "nan" not in str(told)


def test_what_people_coded_is_told_beside(coded):
    numbers = [numbers for _, numbers in sentences(coded, codings=coded)]
    assert [n.count(" By hand, on 73 articles (n = ") for n in numbers] == [1, 1, 1, 1, 0, 0]
    assert "disagree" not in " ".join(numbers)
    assert sentences(coded, codings=coded[:0]) == sentences(coded)


def test_where_people_and_the_tagger_disagree_it_is_said(coded):
    turned = coded.assign(value=-coded.value)
    assert all("The two disagree" in numbers for _, numbers in sentences(turned, codings=coded)[:3])


def test_a_speaker_cannot_write_html():
    stances = enumerate(["oppose"] * 9 + ["support"] * 9)
    rows = table(*((f"a{i}", f"2025-03-{i + 1:02d}", "<script>", "Russia", stance) for i, stance in stances))
    shown = str(telling.told(rows))
    assert "<script>" not in shown and "&lt;script&gt; on meeting (+2.00)" in shown


def test_the_shipped_codings(coded):
    claims = [claim for claim, _ in sentences(coded)]
    assert claims[0] == "Putin–Zelensky meeting: Ukraine is more in favour than Russia."
    assert claims[2] == "Putin–Zelensky meeting: Ukraine has moved away from support since 18 August 2025."
    assert claims[3] == "Putin–Zelensky meeting: Russia has not clearly moved since 18 August 2025."
    assert claims[5] == "Speaker by speaker: no shift is clear."
