"""The stance model: weights that `python -m analysis train stance` has learned, and what they say of a
case."""

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.codebook import STANCES
from analysis.config import MODELS, InputError

MODEL = MODELS / "stance.json"


class Model(NamedTuple):
    """Weights by name of feature: for being a position at all, and for each stance in the order of
    STANCES."""

    version: str
    detect: dict[str, float]
    rows: dict[str, int]  # name of feature -> row of `weights`
    weights: np.ndarray  # one column per stance
    threshold: float  # of the detection, best for F1 out of fold
    scale: tuple[
        float, float
    ]  # turns the probability of a verdict into a calibrated confidence: slope, intercept

    def detection(self, seen: dict[str, float]) -> float:
        """Probability that the statement is a position on the topic."""
        get = self.detect.get
        return _logistic(sum([get(name, 0.0) * x for name, x in seen.items()]))

    def stances(self, seen: dict[str, float]) -> np.ndarray:
        """Probability of each stance, given that there is one."""
        known = [(self.rows[name], x) for name, x in seen.items() if name in self.rows]
        total = np.array([x for _, x in known]) @ self.weights[[row for row, _ in known]]
        total = np.exp(total - total.max())
        return total / total.sum()


@lru_cache(maxsize=2)
def load_model(path: Path = MODEL) -> Model:
    """The model in data/models/stance.json; InputError where it is missing or damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        stance = data["stance"]
        return Model(
            data["version"],
            data["detect"],
            {name: row for row, name in enumerate(stance)},
            np.array(list(stance.values()), float),
            data["threshold"],
            tuple(data["scale"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            path, f"cannot be used ({error}); rebuild it with: python -m analysis train stance"
        ) from None


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))
