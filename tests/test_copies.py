"""Exact and near copies of articles."""

import time

import pandas as pd
import pytest

from analysis.corpus.copies import COPY_COLUMNS, duplicates, jaccard, shingles
from analysis.corpus import load_articles

TEXT = " ".join(
    f"The envoy number {n} said that the talks on point {n} would go on in Geneva." for n in range(20)
)
WIRE = TEXT.replace("number 3 said", "number 3 told reporters") + " An outlet adds a closing line of its own."


def table(*texts):
    return pd.DataFrame({"article_id": [f"a{n}" for n in range(len(texts))], "text": texts})


def test_exact_and_near_copies_name_the_first():
    found = duplicates(table("Something else altogether.", TEXT, TEXT.upper().replace(".", " !"), WIRE))
    assert list(found.columns) == COPY_COLUMNS
    assert found[["article_id", "duplicate_of", "kind"]].values.tolist() == [
        ["a2", "a1", "exact"],
        ["a3", "a1", "near"],
    ]
    assert found.similarity[0] == 1 and 0.8 < found.similarity[1] < 1


@pytest.mark.parametrize("texts", [(), ("",), ("", ""), ("One.", "Two."), (TEXT, TEXT[: len(TEXT) // 3])])
def test_no_copies(texts):
    assert duplicates(table(*texts)).empty


def test_an_exact_copy_of_a_near_copy_is_exact():
    found = duplicates(table(TEXT, WIRE, WIRE))
    assert found[["article_id", "duplicate_of", "kind"]].values.tolist() == [
        ["a1", "a0", "near"],
        ["a2", "a1", "exact"],
    ]


def test_similarity_is_jaccard_of_five_word_sequences():
    assert jaccard(shingles("a b c d e f"), shingles("a b c d e g")) == pytest.approx(1 / 3)
    assert len(shingles("a b")) == 1 and len(shingles("")) == 0


def test_near_copies_are_found_from_similarity_0_6():
    words = [f"w{n}" for n in range(400)]
    for changed in range(1, 12):  # each changed word changes five sequences
        copy = words.copy()
        copy[20 : 400 : 400 // (changed + 1)] = ["x"] * len(copy[20 : 400 : 400 // (changed + 1)])
        expected = jaccard(shingles(" ".join(words)), shingles(" ".join(copy)))
        assert len(duplicates(table(" ".join(words), " ".join(copy)))) == (expected >= 0.6)


def test_the_digests_hold_no_copies():
    assert duplicates(load_articles()).empty


def test_time_is_linear():
    def seconds(count):
        articles = table(*(f"{n} {TEXT} {n}" for n in range(count)))
        start = time.process_time()
        duplicates(articles)
        return time.process_time() - start

    seconds(50)
    assert seconds(400) < 12 * seconds(100) + 0.2
