import numpy as np
import pytest

from analysis.attribution import attributions
from analysis.joining import choose, kind
from analysis.linking import Link, runs
from analysis.tokens import tokenize


def told(text):
    """(source, content) as words, of every attribution of a text."""
    return [(a.source and text[slice(*a.source)], tuple(text[s:e] for s, e in a.content)) for a in attributions(text)]


def test_runs_are_counted_from_the_first_token():
    assert runs(["O", "B-C", "I-C", "B-C", "Q", "B-S"], 10) == [(11, 13, "C"), (13, 14, "C"), (15, 16, "S")]


def test_of_two_overlapping_contents_the_more_probable_is_kept():
    tokens = tokenize("one two three four five six seven eight nine ten")
    weak, strong = Link(None, (0, 1), ((1, 6),), 0.5), Link(None, (9, 10), ((2, 8),), 0.9)
    assert choose([weak, strong], tokens) == [strong]


def test_a_content_gives_up_the_words_that_another_holds():
    tokens = tokenize("one two three four five six seven eight nine ten")
    weak, strong = Link(None, (0, 1), ((1, 6),), 0.5), Link(None, (9, 10), ((5, 8),), 0.9)
    assert [x.content for x in choose([weak, strong], tokens)] == [((1, 5),), ((5, 8),)]


def test_what_is_hardly_probable_is_dropped():
    tokens = tokenize("one two three")
    assert choose([Link(None, (0, 1), ((1, 3),), 0.1)], tokens) == []


def test_a_long_quotation_left_over_goes_to_the_statement_before_it():
    text = "He spoke: “This is the first of the two.” “And this is the second of the two.”"
    tokens = tokenize(text)
    opens = np.flatnonzero(np.array(tokens.words) == "“").tolist()
    kept = choose([Link((0, 1), (1, 3), ((opens[0], opens[1]),), 0.9)], tokens)
    assert kept[0].content == ((opens[0], opens[1]), (opens[1], len(tokens.words)))


@pytest.mark.parametrize("text, expected", [
    ("“We agree.”", "direct"), ("that it was “a fair deal” for all", "mixed"), ("that it was fair", "indirect"),
])
def test_kind_of_quotation(text, expected):
    tokens = tokenize(text)
    assert kind(((0, len(tokens.words)),), tokens) == expected


@pytest.mark.parametrize("text, expected", [
    ("“We are ready,” Peskov said. “But not in Kyiv.”", [("Peskov", ("“We are ready,”", "“But not in Kyiv.”"))]),
    ("«We will not sign», the minister said.", [("the minister", ("«We will not sign»",))]),
    ("From the Kremlin: “No meeting is planned.”", [("the Kremlin", ("“No meeting is planned.”",))]),
    ("Putin is ready to meet, Peskov added. He also said that the agenda must be clear.",
     [("Peskov", ("Putin is ready to meet",)), ("He", ("that the agenda must be clear",))]),
], ids=["split by the cue", "guillemets", "colon", "two sentences"])
def test_constructions(text, expected):
    assert told(text) == expected


def test_a_statement_inside_a_statement_keeps_both_levels():
    outer, inner = attributions("“He told me ‘no deal’ and I left,” Rubio said.")[::-1]
    assert (outer.parent, inner.parent) == (None, 1)
