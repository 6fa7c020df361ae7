"""The stance model: weights that `python -m analysis train stance` has learned, and what they say of a case."""

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
    """The model in data/models/stance.json; InputError where it is missing or damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Model(data["version"], data["detect"], data["stance"], data["threshold"], tuple(data["scale"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(path, f"cannot be used ({error}); rebuild it with: python -m analysis train stance") from None


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))
