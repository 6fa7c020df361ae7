"""Codings go out to other tools and come back as they were."""

import json

import pandas as pd
import pytest

from analysis import load_articles
from analysis.codings.coding_store import CONTENT, current, read_log, record
from analysis.config import InputError
from analysis.codings.exchange import (
    from_doccano,
    from_label_studio,
    label_studio_config,
    take_in,
    to_doccano,
    to_label_studio,
)

WAYS = {"doccano": (to_doccano, from_doccano), "label studio": (to_label_studio, from_label_studio)}
ARTICLES = pd.DataFrame(
    {"article_id": ["a", "b"], "text": ["“Yes”  – he said.\n\nНет, \U0001f600 she said.", "Never."]}
)


@pytest.fixture
def path(tmp_path):
    """Three coders, one act changed, one undone, notes with line breaks, the same words coded twice."""
    path = tmp_path / "coded.csv"
    one = {
        "article_id": "a",
        "speaker": "Лавров",
        "topic": "meeting",
        "stance": "support",
        "evidence": "“Yes”",
        "coder": "AB",
        "start": 0,
        "end": 5,
    }
    record(
        [
            one | {"note": "=first\n  second line ", "unsure": True},
            one | {"coder": "CD", "stance": "neutral"},
            one | {"start": 19, "end": 22, "evidence": "Нет", "coder": "EF", "second_hand": True},
            one | {"article_id": "b", "start": 0, "end": 6, "evidence": "Never."},
        ],
        path=path,
    )
    record([one | {"stance": "conditional", "condition": "peace, first"}], path=path)
    return path


@pytest.mark.parametrize("way", WAYS)
def test_every_act_of_every_coder_comes_back_unchanged(path, tmp_path, way):
    out, back = WAYS[way]
    log = read_log(path)
    out(log, ARTICLES, tmp_path / "out.json")
    pd.testing.assert_frame_equal(back(tmp_path / "out.json"), log)


@pytest.mark.parametrize("way", WAYS)
def test_the_shipped_codings_come_back_unchanged(tmp_path, way):
    out, back = WAYS[way]
    out(current(read_log()), load_articles(), tmp_path / "out.json")
    pd.testing.assert_frame_equal(back(tmp_path / "out.json"), read_log())


@pytest.mark.parametrize("way", WAYS)
def test_what_was_changed_there_is_taken_in_as_a_further_act(path, tmp_path, way):
    out, back = WAYS[way]
    out(current(read_log(path)), ARTICLES, tmp_path / "out.json")
    text = (tmp_path / "out.json").read_text("utf-8")
    assert text.count('"meeting: neutral"') == (2 if way == "doccano" else 1)
    new = text.replace('"meeting: neutral"', '"meeting: oppose"', 1)
    (tmp_path / "out.json").write_text(new, "utf-8")
    before = current(read_log(path))
    assert take_in(back(tmp_path / "out.json"), by="CD", path=path) == [5]
    after = current(read_log(path)).set_index("coding_id").loc[before.coding_id]
    changed = before.set_index("coding_id")[CONTENT].compare(after[CONTENT])
    assert changed.values.tolist() == [["neutral", "oppose"]]
    assert take_in(back(tmp_path / "out.json"), by="CD", path=path) == []


def test_spans_added_there_are_codings_of_the_one_named(path, tmp_path):
    to_doccano(current(read_log(path)), ARTICLES, tmp_path / "out.jsonl")
    first, second = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    task = json.loads(second)
    task["label"].append([0, 5, "territory: oppose"])
    (tmp_path / "out.jsonl").write_text(f"{first}\n{json.dumps(task)}\n", "utf-8")
    assert take_in(from_doccano(tmp_path / "out.jsonl", coder="GH"), by="GH", path=path) == [5]
    assert read_log(path).loc[5, ["coder", "evidence", "topic"]].tolist() == ["GH", "Never", "territory"]


def test_doccano_and_label_studio_see_the_forms_that_they_know(path, tmp_path):
    to_doccano(read_log(path), ARTICLES, tmp_path / "d.jsonl")
    task = json.loads((tmp_path / "d.jsonl").read_text("utf-8").splitlines()[0])
    assert task["text"][slice(*task["label"][0][:2])] == "“Yes”" and task["label"][2] == [
        19,
        22,
        "meeting: support",
    ]
    to_label_studio(read_log(path), ARTICLES, tmp_path / "l.json")
    [first, _] = json.loads((tmp_path / "l.json").read_text("utf-8"))
    assert len(first["annotations"]) == 3
    region = first["annotations"][0]["result"][0]
    assert region["value"] == {"start": 0, "end": 5, "text": "“Yes”", "labels": ["meeting: support"]}
    names = {part["from_name"] for a in first["annotations"] for part in a["result"]}
    assert all(f'name="{name}"' in label_studio_config() for name in names)


@pytest.mark.parametrize(
    "way, text, reason",
    [
        ("doccano", "{", "JSONDecodeError"),
        ("doccano", '{"text": "x"}', "KeyError"),
        ("doccano", '{"text": "x", "article_id": "a", "label": [[0, 1, "meeting"]]}', "AttributeError"),
        ("label studio", "{}x", "JSONDecodeError"),
        ("label studio", "[{}]", "KeyError"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path, way, text, reason):
    (tmp_path / "x").write_text(text)
    with pytest.raises(InputError, match=f"x.*: not as this tool writes codings .{reason}"):
        WAYS[way][1](tmp_path / "x")


def test_codings_without_a_place_are_refused(path, tmp_path):
    with pytest.raises(ValueError, match="codings of a have no article or no offsets"):
        to_doccano(read_log(path).assign(start=""), ARTICLES, tmp_path / "x")
    with pytest.raises(ValueError, match="codings of b have no article"):
        to_doccano(read_log(path), ARTICLES[:1], tmp_path / "x")
