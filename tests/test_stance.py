"""The stance model: small, without pickle, and read by what words say of the topic."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.codebook import STANCES, load_codebook
from analysis.config import InputError
from analysis.positions.passages import read_passage
from analysis.positions.signals import Case, features
from analysis.positions.stance import MODEL, load_model
from analysis.codebook.topics import find_topic
from analysis.positions import train_stance
from analysis.positions.labels import Material
from analysis.positions.train_stance import word_baseline


def read(text, topic="security_guarantees"):
    codebook = load_codebook()
    topic = codebook.topics[topic]
    found = find_topic(topic, text)
    return features(
        Case(
            read_passage(text, codebook),
            topic,
            found,
            found.mentions[0],
            ((0, len(text)),),
            None,
            None,
            "A",
            {},
        )
    )


def test_model_file():
    assert MODEL.stat().st_size <= 2_000_000
    data = json.loads(MODEL.read_text(encoding="utf-8"))
    assert {len(weights) for weights in data["stance"].values()} == {len(STANCES)}
    assert 0 < data["threshold"] < 1


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("he wants security guarantees", "1"),
        ("he rejected security guarantees", "-1"),
        ("he has not ruled out security guarantees", "1"),
        ("he refused to rule out security guarantees", "1"),
        ("he vowed not to accept security guarantees", "-1"),
    ],
)
def test_signs_are_composed(text, sign):
    assert read(text)[f"way={sign}"] == 1.0


def test_contrary_of_a_topic_turns_the_sign():
    assert read("he demands neutrality", "nato_membership")["way=-1"] == 1.0
    assert read("he demands NATO membership", "nato_membership")["way=1"] == 1.0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ready for security guarantees", 0),
        ("ready for security guarantees, provided that there is a ceasefire", 1),
        ("ready for security guarantees only after a ceasefire", 1),
        ("no security guarantees until then", 1),
    ],
)
def test_conditions(text, count):
    assert read(text)[f"strong={count}"] == 1.0


def test_probabilities():
    model = load_model()
    seen = read("he wants security guarantees")
    other = read("he rejected security guarantees, they are unacceptable")
    detected, stances = model.probabilities([seen, other, {"unheard of": 1.0}])
    assert (0 < detected).all() and (detected < 1).all() and detected[2] == 0.5
    assert np.allclose(stances.sum(1), 1) and np.allclose(stances[2], 1 / len(STANCES))
    assert [STANCES[k] for k in stances[:2].argmax(1)] == ["support", "oppose"]


def test_model_is_the_one_that_was_trained(tmp_path):
    path = tmp_path / "stance.json"
    text = MODEL.read_text(encoding="utf-8")
    path.write_text(text.replace('"bias":', '"bios":', 1), encoding="utf-8")
    with pytest.raises(InputError, match="SHA-256"):
        load_model(path)
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(InputError, match="rebuild"):
        load_model(path)


@pytest.mark.parametrize("content", ["", "{}", "[1]", "3", '{"version": "1.0"}'])
def test_damaged_model(tmp_path, content):
    path = tmp_path / "stance.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="rebuild"):
        load_model(path)


def test_missing_model(tmp_path):
    with pytest.raises(InputError, match="rebuild"):
        load_model(tmp_path / "none.json")


def test_word_baseline_tells_by_the_sentence_of_the_evidence():
    says = {"support": "He wants a meeting. It rained.", "oppose": "It rained. He rejects a meeting."}
    stances = ["support", "oppose"] * 6
    codings = pd.DataFrame(
        {
            "article_id": [str(n) for n in range(12)],
            "stance": stances,
            "evidence": ["a meeting"] * 12,
        }
    )
    articles = codings.assign(text=codings.stance.map(says))[["article_id", "text"]]
    assert word_baseline(codings, articles, folds=3).tolist() == stances
    articles["text"] = "It rained. He spoke of a meeting."
    assert word_baseline(codings, articles, folds=3).tolist() != stances


def test_threshold_is_chosen_on_other_articles(monkeypatch):
    material = Material([], [(f"{n}", "a", "meeting") for n in range(10)], *[np.zeros(10)] * 3)
    codings = pd.DataFrame({"article_id": [key[0] for key in material.keys]})
    chosen = []

    def choose(part, detected, stances, coded):
        chosen.append({key[0] for key in part.keys})
        assert chosen[-1] == set(coded.article_id)
        return len(chosen) / 10

    def tag(part, detected, stances, model):
        assert model.threshold == len(chosen) / 10 and not chosen[-1] & {key[0] for key in part.keys}
        return pd.DataFrame(part.keys, columns=["article_id", "speaker", "topic"])

    monkeypatch.setattr(train_stance, "best_threshold", choose)
    monkeypatch.setattr(train_stance, "calibrate", lambda *_: [1.0, 0.0])
    monkeypatch.setattr(train_stance, "tagged_table", tag)
    material = material._replace(cases=[None] * 10)
    tagged = train_stance.chosen_elsewhere(material, np.zeros(10), np.zeros((10, 4)), load_model(), codings)
    assert sorted(tagged.article_id) == sorted(codings.article_id)
