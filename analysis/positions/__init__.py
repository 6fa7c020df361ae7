"""Positions: topic, stance, condition and evidence of each statement, with the model's confidence."""

import re
from collections import defaultdict
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.positions.cases import find_cases
from analysis.codebook import STANCES, Codebook, load_codebook
from analysis.statements import AT_ONCE, STATEMENT_COLUMNS
from analysis.positions.signals import Case, features
from analysis.positions.stance import Model, load_model

POSITION_COLUMNS = [
    *STATEMENT_COLUMNS,
    "topic",
    "stance",
    "value",
    "condition",
    "evidence",
    "evidence_start",
    "evidence_end",
    "confidence",
    "coder",
    "codebook",
    "model",
]
TAGS = {  # what a verdict adds to its statement
    "topic": "str",
    "stance": "str",
    "value": "float64",
    "condition": "str",
    "evidence": "str",
    "evidence_start": "Int64",
    "evidence_end": "Int64",
    "confidence": "float64",
}
UNLIKELY = 0.25  # part of the threshold below which a case cannot sway the stance of the others
SWAY = 1.5  # power of the detection by which a statement counts when the stance of all is settled
NAMED = 0.6  # probability of "conditional" in one statement that makes a shared support depend on it
CONDITION_END = re.compile(r"[.;:!?\n”\"]|, (?:he|she|they|the|it|which|who|and)\b")
SURE = 0.5  # detection from which a statement may have a stance of its own
PLAIN = 0.7  # probability from which a stance stands beside the speaker's main one

SUPPORT, CONDITIONAL = STANCES.index("support"), STANCES.index("conditional")


class Verdict(NamedTuple):
    """What the model says of one case."""

    row: int
    case: Case
    stance: str
    probability: float  # of being a position, and one of this stance


def tag_positions(statements: pd.DataFrame, *, codebook: Codebook | None = None) -> pd.DataFrame:
    """One row per statement and topic that is a position: columns POSITION_COLUMNS, in the statements'
    order."""
    codebook, model = codebook or load_codebook(), load_model()
    tags = [
        _tag(verdict, codebook, model)
        for cases in find_cases(statements, codebook)
        for verdict in judge(cases, model)
    ]
    tags.sort(key=itemgetter(0))
    rows, *columns = zip(*tags) if tags else [()] * (1 + len(TAGS))
    table = _taken(statements, np.array(rows, dtype=int))
    for (name, kind), values in zip(TAGS.items(), columns, strict=True):
        table[name] = pd.array(values, dtype=kind)
    return table.assign(
        evidence_start=table.context_start + table.evidence_start,
        evidence_end=table.context_start + table.evidence_end,
        coder=_column(["tagger"] * len(table)),
        codebook=_column([codebook.version] * len(table)),
        model=_column([model.version] * len(table)),
    )[POSITION_COLUMNS]


def _taken(statements: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """The statements at these places, which ascend, slice by slice: from a column in pieces pandas takes by joining
    them first, which for a moment needs the memory of all."""
    cuts = np.searchsorted(rows, range(0, len(statements) + AT_ONCE, AT_ONCE))
    slices = ((k * AT_ONCE, rows[start:end]) for k, (start, end) in enumerate(pairwise(cuts)))
    parts = [statements[first : first + AT_ONCE].iloc[part - first] for first, part in slices]
    return pd.concat([statements[:0], *parts], ignore_index=True)


def _tag(verdict: Verdict, codebook: Codebook, model: Model) -> tuple:
    """The row of a verdict's statement and its columns TAGS, the evidence as offsets into the context."""
    start, end = evidence(verdict.case)
    return (
        verdict.row,
        verdict.case.topic.name,
        verdict.stance,
        codebook.stances[verdict.stance],
        condition(verdict),
        verdict.case.passage.text[start:end],
        start,
        end,
        confidence(verdict.probability, model),
    )


def judge(cases: list[tuple[int, Case]], model: Model) -> list[Verdict]:
    """The cases of an article that are positions, each with its stance."""
    if not cases:
        return []
    detected, stances = model.probabilities([features(case) for _, case in cases])
    stances[detected < model.threshold * UNLIKELY] = 1 / len(STANCES)
    keys = [(case.speaker, case.topic.name) for _, case in cases]
    return [
        Verdict(*cases[k], STANCES[s], p) for k, s, p in settle(keys, detected, stances, model.threshold)
    ]


def settle(
    keys: list, detected: np.ndarray, stances: np.ndarray, threshold: float
) -> list[tuple[int, int, float]]:
    """(case, stance, probability) of the cases kept: the statements of one key (article, speaker, topic)
    share a stance.

    Codebook rule 2: a condition that any of them names makes the support conditional. Rule 5: a second stance
    is kept only where its own statement shows it plainly.
    """
    groups = defaultdict(list)
    for k, key in enumerate(keys):
        groups[key].append(k)
    chosen = []
    for members in groups.values():
        kept = [k for k in members if detected[k] >= threshold]
        if not kept:
            continue
        shared = _shared(detected[members], stances[members], threshold)
        for k in kept:
            own = stances[k]
            plain = own.max() >= (NAMED if own.argmax() == CONDITIONAL else PLAIN)
            told = own if plain and detected[k] >= SURE else shared
            chosen.append((k, int(told.argmax()), float(detected[k] * told.max())))
    return sorted(chosen)


def _shared(detected: np.ndarray, stances: np.ndarray, threshold: float) -> np.ndarray:
    """The probability of each stance for all statements of one speaker on one topic, of which some are kept."""
    weight = detected**SWAY
    shared = weight @ stances / weight.sum()
    likely = stances[detected >= threshold * UNLIKELY]
    named = likely[:, CONDITIONAL]
    return likely[named.argmax()] if shared.argmax() == SUPPORT and named.max() >= NAMED else shared


def confidence(probability: float, model: Model) -> float:
    """The probability as calibrated out of fold: how often such a position is right."""
    slope, intercept = model.scale
    odds = np.log(max(probability, 1e-6) / max(1 - probability, 1e-6))
    return float(1 / (1 + np.exp(-(slope * odds + intercept))))


def condition(verdict: Verdict) -> str | None:
    """The words that name the condition: from the word that makes the yes depend on something to the
    clause's end."""
    if verdict.stance != "conditional":
        return None
    case, text = verdict.case, verdict.case.passage.text
    spans = case.content or ((0, len(text)),)
    inside = [c for c in case.passage.conditions if any(s <= c[0] < e for s, e in spans)] or list(
        case.passage.conditions
    )
    if not inside:
        return None
    start, end, _ = min(inside, key=lambda c: (c[2] != "strong", abs(c[0] - case.focus.end)))
    stop = CONDITION_END.search(text, end)
    return text[start : stop.start() if stop else len(text)].strip(" ,")


def evidence(case: Case) -> tuple[int, int]:
    """The words that decided: the clause that names the topic, from the word of willingness where that
    stands before."""
    text, focus = case.passage.text, case.focus
    spans = [span for span in case.content if span[0] <= focus.start < span[1]] or list(case.content[:1])
    if focus.how == "near" or not spans:
        start, end = spans[0] if spans else (0, len(text))
    else:
        clause = max((e for e in case.passage.clauses if e <= focus.start), default=0)
        start, end = max(clause, min(spans[0][0], focus.start)), max(spans[0][1], focus.end)
        stop = next((e for e in case.passage.clauses if e > focus.end), end)
        end = min(end, max(stop, focus.end))
        if case.cue and 0 <= start - case.cue[1] < 40:
            start = case.cue[0]
    words = text[start:end]
    return start + len(words) - len(words.lstrip(" ,;:\n")), start + len(words.rstrip(" ,;:\n"))


def _column(values: list) -> pd.array:
    return pd.array(values, dtype="str")
