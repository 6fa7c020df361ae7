"""Learn the stance model from coded articles, and measure it out of fold by article."""

import re
from bisect import bisect_right
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from analysis.codebook import STANCES
from analysis.positions.evaluate import keyword_baseline
from analysis.positions.labels import Material, evidence_place, gather, read_codings, speaker_key
from analysis.positions import confidence, settle
from analysis.positions.signals import Case, features
from analysis.positions.stance import MODEL, Model, load_model, save_model
from analysis.positions.stance_card import card
from analysis.statements import find_statements
from analysis.attribution.tokens import sentence_ends

VERSION = "1.0"
FOLDS = 20
CHOICES = 5  # folds by which threshold and scale are chosen when they are measured
FLAT = 7  # thresholds whose F1 is averaged
SMALL = 0.005  # weights below are left out
RARE = 3  # features of fewer cases are left out
WORDS = ("w:", "l:", "r:", "q:")  # features that name single words count less than structure
WORD_WEIGHT = 0.6
STRENGTH = {"detect": 0.2, "stance": 0.12}  # inverse of the penalty on weights
# The stance is told by the words alone: who speaks and where in the article tells only whether it is a
# position.
PLACE = re.compile(
    r"who:|sure=|inside=|within|around|same cue|outer|between|statements|speaker share|in headline|first=|"
    r"early|prev:|source|gap|far=|last=|.*&last=|share|kind=|own="
)


def train(more: Path | None = None, *, output: Path = MODEL) -> pd.DataFrame:
    """Train on data/coded.csv, and on a further folder of articles with coded.csv and index.csv, if given.

    Writes the model and its card (.md) and returns the positions as tagged out of fold.
    """
    codings, articles = read_codings(more)
    statements = find_statements(articles)
    material = gather(statements, articles, codings)
    detected, stances = out_of_fold(material)
    threshold = best_threshold(material, detected, stances, codings)
    scale = calibrate(material, detected, stances, threshold, codings)
    detect, stance = fit(material)
    model = {"version": VERSION, "threshold": threshold, "scale": scale, "detect": detect, "stance": stance}
    save_model(output, model)
    tagged = chosen_elsewhere(material, detected, stances, load_model(output), codings)
    output.with_suffix(".md").write_text(
        card(
            tagged,
            codings,
            keyword_baseline(codings, statements),
            word_baseline(codings, articles),
            version=VERSION,
            threshold=threshold,
            folds=FOLDS,
        ),
        encoding="utf-8",
    )
    return tagged


def matrix(cases: list[Case]) -> tuple[csr_matrix, list[str]]:
    """Features of all cases as a matrix, and their names; rare ones left out, single words scaled down."""
    vectors = DictVectorizer()
    table = vectors.fit_transform([features(case) for case in cases])
    kept = np.asarray((table != 0).sum(0)).ravel() >= RARE
    names = [name for name, keep in zip(vectors.get_feature_names_out(), kept, strict=True) if keep]
    scale = np.array([_scale(name) for name in names])
    return csr_matrix(table[:, kept].multiply(scale)), names


def _learn(
    material: Material, table: csr_matrix, told: np.ndarray, members: np.ndarray
) -> tuple[LogisticRegression, LogisticRegression]:
    """The two classifiers: is it a position, and with which stance (from the columns that are told by
    words)."""
    detect = LogisticRegression(C=STRENGTH["detect"], max_iter=1000)
    detect.fit(table[members], material.coded[members], sample_weight=material.weight[members])
    known = members[[material.stance[k] is not None for k in members]]
    stance = LogisticRegression(C=STRENGTH["stance"], max_iter=1000)
    stance.fit(
        table[known][:, told], material.stance[known].astype(str), sample_weight=material.weight[known] ** 2
    )
    return detect, stance


def out_of_fold(material: Material, *, folds: int = FOLDS, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(detection, stances) of each case by a model that has not seen its article."""
    table, names = matrix(material.cases)
    told = told_columns(names)
    detected, stances = np.zeros(len(material.cases)), np.zeros((len(material.cases), len(STANCES)))
    groups = [article for article, _, _ in material.keys]
    for seen, held_out in GroupKFold(folds, shuffle=True, random_state=seed).split(table, groups=groups):
        detect, stance = _learn(material, table, told, seen)
        detected[held_out] = detect.predict_proba(table[held_out])[:, 1]
        stances[held_out] = stance.predict_proba(table[held_out][:, told])[:, _order(stance)]
    return detected, stances


def word_baseline(codings: pd.DataFrame, articles: pd.DataFrame, *, folds: int = FOLDS) -> pd.Series:
    """The stance of each coding as logistic regression over words and pairs of words of the sentence that
    holds its evidence tells it, out of fold by article."""
    texts = dict(zip(articles.article_id, articles.text, strict=True))
    sentences = [
        _sentence(texts.get(coding.article_id, ""), coding.evidence)
        for coding in codings.itertuples(index=False)
    ]
    words = CountVectorizer(ngram_range=(1, 2), binary=True)
    learner = make_pipeline(words, LogisticRegression(max_iter=1000))
    parts = GroupKFold(folds, shuffle=True, random_state=0)
    stances = codings.stance.astype(str)
    told = cross_val_predict(learner, sentences, stances, groups=codings.article_id, cv=parts)
    return pd.Series(told, index=codings.index, dtype="str")


def _sentence(text: str, evidence: str) -> str:
    """The sentence in which the evidence begins, the evidence itself where the text does not have it."""
    place = evidence_place(text, evidence)
    if place is None:
        return evidence
    ends = [0, *sentence_ends(text)]
    after = bisect_right(ends, place[0])
    return text[ends[after - 1] : ends[after]] if after < len(ends) else evidence


def told_columns(names: list[str]) -> np.ndarray:
    """Places of the features from which the stance is learned."""
    return np.array([i for i, name in enumerate(names) if not PLACE.match(name)])


def _order(stance: LogisticRegression) -> list[int]:
    return [list(stance.classes_).index(name) for name in STANCES]


def fit(material: Material) -> tuple[dict[str, float], dict[str, list[float]]]:
    """Weights by name of feature, learned from all cases; those of words include their scale."""
    table, names = matrix(material.cases)
    told = told_columns(names)
    detect, stance = _learn(material, table, told, np.arange(len(material.cases)))
    scale = np.array([_scale(name) for name in names])
    yes, each = detect.coef_[0] * scale, stance.coef_[_order(stance)] * scale[told]
    detected = dict(zip(names, yes, strict=True))
    stances = dict(zip((names[i] for i in told), each.T, strict=True))
    detected["bias"] += detect.intercept_[0]
    stances["bias"] = stances["bias"] + stance.intercept_[_order(stance)]
    return (
        {name: round(float(w), 3) for name, w in detected.items() if abs(w) >= SMALL},
        {name: [round(float(w), 3) for w in ws] for name, ws in stances.items() if abs(ws).max() >= SMALL},
    )


def _scale(name: str) -> float:
    return WORD_WEIGHT if name.startswith(WORDS) else 1.0


def verdicts(
    material: Material, detected: np.ndarray, stances: np.ndarray, threshold: float
) -> dict[tuple, float]:
    """(article, speaker, topic, stance) -> probability, as tag_positions would choose."""
    chosen: dict[tuple, float] = {}
    for k, stance, probability in settle(material.keys, detected, stances, threshold):
        key = (*material.keys[k], STANCES[stance])
        chosen[key] = max(probability, chosen.get(key, 0.0))
    return chosen


def tagged_table(material: Material, detected: np.ndarray, stances: np.ndarray, model: Model) -> pd.DataFrame:
    """The verdicts as a table of positions: article_id, speaker, topic, stance, confidence, quote."""
    rows = []
    for k, stance, probability in settle(material.keys, detected, stances, model.threshold):
        quote = next(name for name in material.cases[k].around if name.startswith("quote="))
        rows.append(
            (*material.keys[k], STANCES[stance], confidence(probability, model), quote.removeprefix("quote="))
        )
    return pd.DataFrame(rows, columns=["article_id", "speaker", "topic", "stance", "confidence", "quote"])


def chosen_elsewhere(
    material: Material, detected: np.ndarray, stances: np.ndarray, model: Model, codings: pd.DataFrame
) -> pd.DataFrame:
    """The positions as tagged out of fold, each article with the threshold and scale that were chosen on the
    articles of the other folds; columns as in tagged_table."""
    articles = np.array([article for article, _, _ in material.keys])
    tables = []
    for seen, held_out in GroupKFold(CHOICES, shuffle=True, random_state=0).split(articles, groups=articles):
        known = _part(material, seen), detected[seen], stances[seen]
        coded = codings[~codings.article_id.isin(articles[held_out])]
        threshold = best_threshold(*known, coded)
        judge = model._replace(threshold=threshold, scale=calibrate(*known, threshold, coded))
        tables.append(tagged_table(_part(material, held_out), detected[held_out], stances[held_out], judge))
    return pd.concat(tables, ignore_index=True)


def _part(material: Material, members: np.ndarray) -> Material:
    """The material's cases at these places."""
    cases, keys = ([column[k] for k in members] for column in material[:2])
    return Material(cases, keys, *(column[members] for column in material[2:]))


def coded_keys(codings: pd.DataFrame) -> set[tuple]:
    """The codings as (article, speaker, topic, stance)."""
    return {
        (c.article_id, speaker_key(c.speaker), c.topic, c.stance) for c in codings.itertuples(index=False)
    }


def f1(coded: set, tagged: set) -> float:
    """Harmonic mean of precision and recall; 0 where nothing is shared."""
    return 2 * len(coded & tagged) / max(1, len(coded) + len(tagged))


def best_threshold(
    material: Material, detected: np.ndarray, stances: np.ndarray, codings: pd.DataFrame
) -> float:
    """The threshold of detection with the best sum of detection F1 and position F1, out of fold.

    The sum hardly differs over a wide range, so that its single best is chance: it is averaged over FLAT steps.
    """
    coded = coded_keys(codings)

    def score(threshold: float) -> float:
        tagged = set(verdicts(material, detected, stances, threshold))
        return f1(coded, tagged) + f1({key[:3] for key in coded}, {key[:3] for key in tagged})

    steps = np.arange(0.15, 0.75, 0.025).round(3)
    sums = np.pad([score(step) for step in steps], FLAT // 2, "edge")
    return float(steps[np.convolve(sums, np.ones(FLAT), "valid").argmax()])


def calibrate(
    material: Material, detected: np.ndarray, stances: np.ndarray, threshold: float, codings: pd.DataFrame
) -> list[float]:
    """Platt scaling: slope and intercept that turn the probability of a verdict into how often such a one is
    right."""
    coded, tagged = coded_keys(codings), verdicts(material, detected, stances, threshold)
    odds = np.array([[np.log(p / (1 - p))] for p in tagged.values()])
    platt = LogisticRegression(C=100).fit(odds, [key in coded for key in tagged])
    return [round(float(platt.coef_[0, 0]), 4), round(float(platt.intercept_[0]), 4)]
