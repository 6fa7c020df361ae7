"""Conditions and guarantees: kinds come from a data file; a position counts under each that it names."""

import pytest

from analysis import codings
from analysis.trends import conditions
from analysis.config import InputError
from tests.test_trends import table


@pytest.mark.parametrize(
    "words, label",
    [
        ("only after a ceasefire", "a ceasefire first"),
        ("the presidents would sign the final documents", "an agreement ready to sign"),
        ("experts must do their homework", "groundwork and an agenda first"),
        ("once allies have agreed on guarantees", "guarantees first"),
        ("on neutral ground", "the right place"),
        ("subject to a Russian veto", "a say for Russia"),
        ("nobody knows", "another, or not named"),
    ],
)
def test_kinds_of_conditions(words, label):
    rows = table(("a", "2025-03-01", "X", "Russia", "conditional"), condition=words, evidence=words)
    assert label in conditions.condition_points(rows).kind.tolist()


def test_a_condition_may_be_of_several_kinds_and_the_clause_helps_where_it_says_nothing():
    rows = table(
        ("a", "2025-03-01", "X", "Russia", "conditional"),
        ("b", "2025-03-02", "X", "Russia", "conditional"),
        condition=["after a ceasefire, in a neutral country on neutral ground", None],
        evidence=["yes", "he would come once a truce holds"],
    )
    found = conditions.conditions(rows).set_index("kind").n.to_dict()
    assert found == {"a ceasefire first": 2, "the right place": 1}


def test_first_and_last_time():
    rows = table(
        *((f"a{i}", f"2025-0{i}-01", "X", "Russia", "conditional") for i in (1, 3, 5)),
        condition="a ceasefire",
    )
    found = conditions.conditions(rows).iloc[0]
    assert (f"{found['first']:%m}", f"{found['last']:%m}", found.n) == ("01", "05", 3)


def test_who_accepts_and_who_rejects():
    rows = table(
        ("a", "2025-03-01", "X", "Russia", "oppose"),
        ("b", "2025-03-02", "Y", "Europe", "support"),
        ("c", "2025-03-03", "Y", "Europe", "neutral"),
        ("d", "2025-03-04", "X", "Russia", "oppose"),
        topic=["security_guarantees"] * 3 + ["nato_membership"],
        evidence=["no foreign soldiers", "troops and a pledge modelled on Article 5", "troops", "never"],
    )
    found = conditions.guarantees(rows).set_index(["kind", "who"])
    assert found.loc[("troops in Ukraine", "Russia"), ["support", "oppose"]].tolist() == [0, 1]
    assert found.loc[("troops in Ukraine", "Europe"), "support"] == 1
    assert found.loc[("a pledge like Article 5", "Europe"), "n"] == 1
    assert found.loc[("membership of NATO", "Russia"), "oppose"] == 1
    assert found.n.sum() == 4  # neutral words accept and reject nothing


def test_nothing_in_nothing_out():
    rows = table(("a", "2025-03-01", "X", "Russia", "conditional"), condition="a ceasefire")
    assert conditions.conditions(rows[:0]).empty and conditions.guarantees(rows).empty


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "conditions.yaml").write_text("conditions: [1, 2]\n")
    with pytest.raises(InputError, match="conditions.yaml.*conditions"):
        conditions.kinds("conditions", tmp_path / "conditions.yaml")


def test_the_shipped_codings():
    coded = codings.load_codings()
    found = conditions.conditions(coded, topic="meeting").set_index(["kind", "who"]).n
    assert (
        found["groundwork and an agenda first", "Russia"] == 16
        and found["an agreement ready to sign", "Russia"] == 7
    )
    assert found["the right place", "Ukraine"] == 6
    kinds = conditions.guarantees(coded).set_index(["kind", "who"])
    assert kinds.loc[("troops in Ukraine", "Russia"), ["support", "conditional", "oppose"]].tolist() == [
        0,
        0,
        8,
    ]
