"""The stance model: weights that `python -m analysis train stance` has learned, and what they say of a
case."""

import hashlib
import json
import math
from functools import lru_cache
from itertools import repeat
from operator import mul
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
        return _logistic(sum(map(mul, map(self.detect.get, seen, repeat(0.0)), seen.values())))

    def stances(self, seen: dict[str, float]) -> np.ndarray:
        """Probability of each stance, given that there is one."""
        known = [(self.rows[name], x) for name, x in seen.items() if name in self.rows]
        total = np.array([x for _, x in known]) @ self.weights[[row for row, _ in known]]
        total = np.exp(total - total.max())
        return total / total.sum()


@lru_cache(maxsize=2)
def load_model(path: Path = MODEL) -> Model:
    """The model in data/models/stance.json; InputError where it is missing or not as it was written."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("sha256") != checksum(data):
            raise ValueError("its SHA-256 is not that of its weights")
        weights = np.array(list(data["stance"].values()), float)
        rows = {name: row for row, name in enumerate(data["stance"])}
        return Model(data["version"], data["detect"], rows, weights, data["threshold"], tuple(data["scale"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        reason = f"lacks {error}" if isinstance(error, KeyError) else error
        raise InputError(
            path, f"cannot be used ({reason}); rebuild it with: python -m analysis train stance"
        ) from None


def save_model(path: Path, model: dict) -> None:
    """Write the weights and beside them their SHA-256, so that damage is seen."""
    path.write_text(
        json.dumps(model | {"sha256": checksum(model)}, separators=(",", ":")), encoding="utf-8"
    )
    load_model.cache_clear()


def checksum(model: dict) -> str:
    """SHA-256 of a model as JSON."""
    return hashlib.sha256(json.dumps(model, separators=(",", ":")).encode()).hexdigest()


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))
