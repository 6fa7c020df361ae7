"""The stance model: weights that `python -m analysis train stance` has learned, and what they say of a
case."""

import hashlib
import json
from functools import lru_cache
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.codebook import STANCES
from analysis.config import MODELS, InputError

MODEL = MODELS / "stance.json"
NONE = (0,) * len(STANCES)


class Model(NamedTuple):
    """Weights by name of feature: for being a position at all, and for each stance in the order of
    STANCES."""

    version: str
    rows: dict[str, int]  # name of feature -> row of `weights`
    weights: np.ndarray  # a column for the detection and one per stance; the last row, of unknown features, is 0
    threshold: float  # of the detection, best for F1 out of fold
    scale: tuple[
        float, float
    ]  # turns the probability of a verdict into a calibrated confidence: slope, intercept

    def probabilities(self, seen: list[dict[str, float]]) -> tuple[np.ndarray, np.ndarray]:
        """[n] that each statement is a position on the topic; [n, stances] of each stance, given that it is one."""
        rows = [row for names in seen for row in map(self.rows.get, names, repeat(len(self.rows)))]
        values = np.fromiter(chain.from_iterable(names.values() for names in seen), float, len(rows))
        starts = np.cumsum([0, *map(len, seen[:-1])])
        total = np.add.reduceat(self.weights[rows] * values[:, None], starts)
        odds = np.exp(total[:, 1:] - total[:, 1:].max(1, keepdims=True))
        return 1 / (1 + np.exp(-total[:, 0].clip(-40, 40))), odds / odds.sum(1, keepdims=True)


@lru_cache(maxsize=2)
def load_model(path: Path = MODEL) -> Model:
    """The model in data/models/stance.json; InputError where it is missing or not as it was written."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("sha256") != checksum(data):
            raise ValueError("its SHA-256 is not that of its weights")
        detect, stance = data["detect"], data["stance"]
        rows = {name: row for row, name in enumerate({**detect, **stance})}
        weights = [[detect.get(name, 0), *stance.get(name, NONE)] for name in rows]
        weights = np.array([*weights, [0, *NONE]], float)
        return Model(data["version"], rows, weights, data["threshold"], tuple(data["scale"]))
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
