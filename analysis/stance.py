"""Stance of a statement on a topic: what is read in it (features) and the model that weighs it.

What counts is told by structure, not by the topic's own words: which word of willingness governs the topic, whether
it is negated, what follows, what it depends on. Weights are learned by `python -m analysis train stance`.
"""

import json
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.codebook import STANCES, Codebook, Topic
from analysis.config import MODELS
from analysis.topics import Found, Mention

MODEL = MODELS / "stance.json"
WORD = re.compile(r"[^\W\d_]+(?:['’]\w+)?|[?]")
CLAUSE = re.compile(r"[.;:!?\n]|,?\s(?:but|while|whereas|although|though)\s")
CLOSE = 60  # characters between a word of willingness and the topic it governs


class Cue(NamedTuple):
    start: int
    end: int
    kind: str
    sign: int  # of the word, turned by a negation before it
    negated: bool


class Passage(NamedTuple):
    """The sentences that hold a statement, read once for all topics; offsets into the text."""

    text: str
    cues: tuple[Cue, ...]
    conditions: tuple[tuple[int, int], ...]
    clauses: tuple[int, ...]  # where clauses end


class Case(NamedTuple):
    """One statement on one topic, ready to be judged."""

    passage: Passage
    topic: Topic
    found: Found
    focus: Mention
    content: tuple[tuple[int, int], ...]  # spans in the passage
    cue: tuple[int, int] | None
    about: dict[str, float]  # what is known beside the words: kind of speaker, of statement, place in the article


def read_passage(text: str, codebook: Codebook) -> Passage:
    """Words of willingness with their sign, conditions and clause ends of a passage."""
    ends = tuple(m.end() for m in CLAUSE.finditer(text))
    cues = []
    for m in codebook.cues.finditer(text):
        clause = max((e for e in ends if e <= m.start()), default=0)
        before = text[max(clause, m.start() - 28):m.start()]
        negations = codebook.negation.findall(before)
        negated = len(negations) % 2 == 1
        sign = codebook.signs[m.lastgroup]
        cues.append(Cue(*m.span(), m.lastgroup, -sign if negated else sign, negated))
    return Passage(text, tuple(cues), tuple(m.span() for m in codebook.conditions.finditer(text)), ends)


def features(case: Case) -> dict[str, float]:
    """What speaks for or against a position: name -> weight of the evidence, names shared by all topics."""
    p, focus = case.passage, case.focus
    start = min((s for s, _ in case.content), default=0)
    end = max((e for _, e in case.content), default=len(p.text))
    if case.cue:
        start = min(start, case.cue[0]) if case.cue[0] < start else start
    out = {"bias": 1.0, f"how={focus.how}": 1.0, f"inside={start <= focus.start < end}": 1.0}
    flip = -1 if focus.how == "opposite" else 1
    before = [c for c in p.cues if start <= c.start and c.end <= focus.start + 1]
    clause = max((e for e in p.clauses if e <= focus.start), default=0)
    stop = min((e for e in p.clauses if e > focus.end), default=len(p.text))
    near = [c for c in before if c.start >= clause]
    after = [c for c in p.cues if focus.start <= c.start < stop and c.end <= max(end, focus.end)]
    for zone, cues in (("before", before), ("near", near), ("after", after)):
        for c in cues:
            out[f"{zone}:{c.kind}{'-' if c.negated else ''}"] = 1.0
        sign = math.prod(c.sign for c in cues if c.sign) * flip if any(c.sign for c in cues) else 0
        out[f"{zone}:sign={sign}"] = 1.0
    signed = [c.sign for c in (*near, *after) if c.sign]
    out[f"chain={math.prod(signed) * flip if signed else 0}"] = 1.0
    last = near[-1] if near else after[0] if after else None
    if last:
        out[f"closest={last.kind}{'-' if last.negated else ''}"] = 1.0
        out[f"closest:sign={last.sign * flip}"] = 1.0
    if case.cue:
        own = [c for c in p.cues if case.cue[0] <= c.start < case.cue[1]]
        for c in own:
            out[f"cue:{c.kind}{'-' if c.negated else ''}"] = 1.0
        out[f"cue:sign={math.prod(c.sign for c in own) * flip if own else 0}"] = 1.0
    inside = [(s, e) for s, e in p.conditions if start <= s < end]
    for s, e in inside:
        word = re.sub(r"\W+", "_", p.text[s:e].lower())
        out[f"if:{word}"] = 1.0
    out[f"conditions={min(len(inside), 3)}"] = 1.0
    out[f"flip={flip}"] = 1.0
    out["question"] = float("?" in p.text[start:end])
    out["named"] = min(3, sum(m.how in ("named", "opposite") for m in case.found.mentions)) / 3
    out["named inside"] = float(any(m.how in ("named", "opposite") and start <= m.start < end for m in case.found.mentions))
    out["opposite inside"] = float(any(m.how == "opposite" and start <= m.start < end for m in case.found.mentions))
    out["lookalikes"] = min(3, case.found.lookalikes) / 3
    out["lookalike"] = float(focus.lookalike)
    if case.topic.parties:
        out[f"parties={case.found.parties}/{len(case.topic.parties)}"] = 1.0
    out.update(case.about)
    tokens = [_stem(w) for w in WORD.findall(p.text[start:end])][:80]
    for a, b in zip(["<", *tokens], tokens):
        out[f"w:{b}"] = 1.0
        out[f"w:{a}_{b}"] = 0.7
    around = [_stem(w) for w in WORD.findall(p.text[max(start, focus.start - 45):focus.start])][-5:]
    beyond = [_stem(w) for w in WORD.findall(p.text[focus.end:min(len(p.text), focus.end + 45)])][:5]
    for w in around:
        out[f"l:{w}"] = 1.0
    for w in beyond:
        out[f"r:{w}"] = 1.0
    return out


@lru_cache(1 << 14)
def _stem(word: str) -> str:
    """A word without case and the commonest endings."""
    word = word.lower().replace("’", "'")
    return re.sub(r"(?<=[a-z]{3})(?:'s|ings?|e[ds]?|s)$", "", word)


class Model(NamedTuple):
    """Weights by name of feature: for being a position at all, and for each stance in the order of STANCES."""

    version: str
    detect: dict[str, float]
    stance: dict[str, list[float]]
    threshold: float  # of the detection, best for F1 out of fold
    scale: tuple[float, float]  # turns detection times stance into a calibrated confidence: slope, intercept

    def detection(self, seen: dict[str, float]) -> float:
        """Probability that the statement is a position on the topic."""
        weights = self.detect
        return _logistic(sum(weights[name] * x for name, x in seen.items() if name in weights))

    def stances(self, seen: dict[str, float]) -> np.ndarray:
        """Probability of each stance, given that there is one."""
        total = np.zeros(len(STANCES))
        for name, x in seen.items():
            if name in self.stance:
                total += np.multiply(self.stance[name], x)
        total = np.exp(total - total.max())
        return total / total.sum()


@lru_cache(maxsize=2)
def load_model(path: Path = MODEL) -> Model:
    """The model in data/models/stance.json."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Model(data["version"], data["detect"], data["stance"], data["threshold"], tuple(data["scale"]))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))
