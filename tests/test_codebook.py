"""The codebook: what it holds, how patterns read, and how each mistake is named with its line."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.codebook import codebook_problems, load_codebook
from analysis.codebook.patterns import WORD, Patterns, matches
from analysis.codebook.topics import find_topic, is_about
from analysis.config import CODEBOOK, InputError


def test_shipped_codebook():
    codebook = load_codebook()
    assert list(codebook.topics) == ["meeting", "security_guarantees", "nato_membership", "territory"]
    assert {name: v for name, v in codebook.stances.items() if name != "neutral"} == {
        "support": 1.0,
        "conditional": 0.0,
        "oppose": -1.0,
    }
    assert math.isnan(codebook.stances["neutral"])
    assert len(codebook.rules) == 17
    assert codebook_problems() == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("guarantee*", "Guarantees for Ukraine", "Guarantees"),
        ("guarantee", "guarantees", None),
        ("(give|hand) over", "to hand over land", "hand over"),
        ("(give up|hand*)? land", "to give up land", "give up land"),
        ("(give up|hand*) (land|soil)", "Handing soil over", "Handing soil"),
        ("sit down with (the)? president", "sit down with president", "sit down with president"),
        ("troops ... Ukraine", "troops on the ground in Ukraine", "troops on the ground in Ukraine"),
        ("troops ... Ukraine", "troops stay home. Ukraine fights", None),
        ("troops ... Ukraine", "troops one two three four five six seven Ukraine", None),
        ("Kyiv's demand", "Kyiv’s demand", "Kyiv’s demand"),
        ("U.S. troops", "the U.S. troops", "U.S. troops"),
    ],
)
def test_patterns(pattern, text, found):
    patterns = Patterns([pattern])
    match = patterns.regex(None).search(text)
    assert (match and match.group()) == found
    assert [m.group() for m in matches(text)[patterns]] == [found] * bool(found)


WORDS = ["meet", "meeting", "the", "of", "U.S.", "Kyiv's", "face-to-face", "troops", "no", "Ukraine", "two"]
PLAIN = st.sampled_from([*WORDS, "meet*", "th*", "t*", "of?", "troop?", "...", "two-*", "state(s)?", "(meet|talk*)ing"])
CHOICES = st.lists(PLAIN, min_size=1, max_size=3).map("|".join).map("({})".format)
NESTED = st.tuples(PLAIN, CHOICES).map(lambda two: f"({two[0]} {two[1]}?|{two[0]})")
PARTS = st.one_of(PLAIN, CHOICES, CHOICES.map("{}?".format), NESTED, st.just("|"))
TEXT = st.lists(st.sampled_from([*WORDS, "Meets", "TALKING", "states", "Kyiv’s", "the", "them", ".", "“"]), max_size=12)


@given(st.lists(st.lists(PARTS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=3), TEXT.map(" ".join))
def test_matches_are_those_of_a_search_through_the_text(patterns, text):
    try:
        patterns = Patterns(patterns)
    except ValueError:
        return  # no word in it, or not understood
    searched = [m.span() for m in patterns.regex(None).finditer(text)]
    assert [m.span() for m in matches(text)[patterns]] == searched
    for m in WORD.finditer(text):
        at_place = patterns.regex(None).match(text, m.start())
        assert (patterns.match(text, m.start(), len(text)) is None) == (at_place is None)


def test_a_choice_between_groups_needs_no_word_of_one():
    assert Patterns(["(meet)|x (troops)"]).regex(None).search("they meet").group() == "meet"


def test_a_match_is_of_the_first_list_that_has_it():
    lists = Patterns({"so be it": ["agree*", "no"], "2": ["agreed", "never"]})
    found = matches("They never agreed.")[lists]
    assert [(m.group(), lists.name(m)) for m in found] == [("never", "2"), ("agreed", "so be it")]


@pytest.mark.parametrize("none", [[], {}, {"kind": []}])
def test_no_patterns_find_nothing(none):
    patterns = Patterns(none)
    assert matches("They meet.")[patterns] == () and patterns.match("They meet.", 0, 10) is None


def test_most_texts_are_not_searched():
    patterns = Patterns(["(give|hand) up land", "the land"])
    assert not matches("They give up, and the prices rose.")[patterns] and not patterns.regexes
    assert matches("They gave the land away.")[patterns] and list(patterns.regexes) == ["the"]


@pytest.mark.parametrize(
    ("topic", "text", "named"),
    [
        ("meeting", "He is ready for talks with Russian President Vladimir Putin.", True),
        ("meeting", "After his talks with Tusk, Zelensky left.", False),
        ("meeting", "Speaking to reporters on Friday, Putin smiled.", False),
        ("meeting", "The two presidents ought to see each other.", True),
        ("meeting", "He had nothing against talks at the top.", True),
        ("meeting", "EU leaders agreed to come together.", False),
        ("security_guarantees", "They may send peacekeepers to Ukraine.", True),
        ("security_guarantees", "They may send new weapons to Ukraine.", False),
        ("security_guarantees", "Moscow wants guarantees for Russian ships.", False),
        ("security_guarantees", "The allies would come to Ukraine's aid.", True),
        ("nato_membership", "Kyiv must stay outside the Western alliance.", True),
        ("nato_membership", "He was glad to take part in the NATO meeting.", False),
        ("territory", "No frontiers may be redrawn, he said.", True),
        ("territory", "They had the upper hand in the Donetsk region.", False),
        ("territory", "The frontiers are closed on Sundays.", False),
    ],
)
def test_what_names_a_topic_and_what_only_looks_alike(topic, text, named):
    topic = load_codebook().topics[topic]
    assert is_about(topic, find_topic(topic, text)) == named


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("  oppose:\n    value", "  oppos:\n    value", "unknown stance oppos"),
        ("    label: Territory\n", "", "topic territory has no label"),
        ("  territory:\n    label", "  meeting:\n    label", "the name meeting is given twice"),
        ("      - guarantor*\n", "      - guarantor* (\n", "cannot be understood"),
        ("      - guarantor*\n", "      - '***'\n", "has no word in it"),
        ("    sign: 1\n", "    sign: up\n", "must be 1, 0 or -1"),
        ("    value: -1\n", "    value: low\n", "must be a number or null"),
        ("    covers: Ukraine joining NATO.\n", "    color: red\n", "unknown entry color"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, old, new, reason):
    text = CODEBOOK.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "codebook.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = codebook_problems(path)
    assert any(reason in told for _, told in problems)
    with pytest.raises(InputError) as error:
        load_codebook(path)
    assert (error.value.line, str(path)) == (problems[0][0], error.value.path)
    near = text[: text.index(old)].count("\n") + 1
    line = next(line for line, told in problems if reason in told)
    assert abs(line - near) <= 2


def test_topic_without_patterns(tmp_path):
    path = tmp_path / "codebook.yaml"
    path.write_text(
        CODEBOOK.read_text(encoding="utf-8").replace(
            "  territory:\n", "  sanctions:\n    label: Sanctions\n  territory:\n", 1
        ),
        encoding="utf-8",
    )
    assert [told for _, told in codebook_problems(path)] == ["topic sanctions has no patterns"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no mapping"),
        (b"- a\n- b\n", "is no mapping"),
        (b"version: [1\n", "is no YAML"),
        (b"\xff\xfeversion", "is not UTF-8"),
        (b"version: 1\n", "lacks topics, stances"),
    ],
)
def test_no_codebook_at_all(tmp_path, content, reason):
    path = tmp_path / "codebook.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        load_codebook(path)


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_codebook(tmp_path / "none.yaml")
    assert codebook_problems(tmp_path / "none.yaml")[0][0] is None
