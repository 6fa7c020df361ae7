import numpy as np
import pytest

from analysis.attribution.features import context, kind, normal, sentences
from analysis.attribution.tokens import alike, quotations, tokens


def read(text):
    words, starts, ends = tokens(text)
    words = alike(text, words, starts, quotations(text))
    kinds = np.array([kind(word) for word in words])
    return words, kinds, context(kinds, starts, ends)


@pytest.mark.parametrize("word, same", [("Kyiv", "kyiv"), ("2022", "2022"), ("13", "00"), ("140000", "000")])
def test_normal(word, same):
    assert normal(word) == same


def test_what_stands_in_quotation_marks():
    words, _, place = read("He said “we go now.” Then he left.")
    assert [w for w, inside in zip(words, place[:, 0]) if inside] == ["we", "go", "now", "."]


def test_an_unclosed_mark_reaches_to_the_end_of_its_paragraph():
    words, _, place = read("He said “we go.\n\nThen he left.")
    assert [w for w, inside in zip(words, place[:, 0]) if inside] == ["we", "go", ".", "\n"]


@pytest.mark.parametrize("text, first", [
    ("It rained. Then he left. “Go,” he said.", ["It", "Then", "“"]),
    ("Mr. J. Smith of the U.S. Senate left. He ran.", ["Mr", "J", "He"]),
    ("“We go. We stay.” He left", ["“", "He"]),
    ("at 2.5 percent. and so on", []),
    ("He left.\n\nA day later\nShe ran", ["He", "A", "She"]),
])
def test_where_a_sentence_may_begin(text, first):
    words, kinds, place = read(text)
    assert [words[i] for i in sentences(kinds, place)] == first
