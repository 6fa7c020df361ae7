"""A linear-chain conditional random field: trained with CRFsuite, used with numpy on whole texts at once.

Lafferty, McCallum and Pereira, "Conditional Random Fields" (ICML 2001). A feature is a 32-bit number (a hash
of the values that it combines), so that no string is made per token and the model file is plain arrays.
"""

import ctypes
import os
import tempfile
from collections.abc import Iterable, Sequence

import numpy as np

SLOT_BITS = 20
WEAK = 0.02  # features with smaller weights are left out of the model
FORBIDDEN = -30  # score of a transition that no labelling has


class Crf:
    """Weights of a trained field. labels: names; keys: sorted feature numbers; weights: one row per key."""

    def __init__(self, labels: Sequence[str], keys: np.ndarray, weights: np.ndarray, transitions: np.ndarray):
        self.labels, self.keys, self.transitions = list(labels), keys, transitions.astype(np.float32)
        self.weights = np.vstack([weights, np.zeros((1, len(self.labels)))]).astype(np.float32)
        self._matrix = np.exp(self.transitions)
        self._rows = np.full(1 << SLOT_BITS, len(keys), np.int32)  # row of the key in each slot
        order = np.argsort(np.abs(weights).max(axis=1, initial=0), kind="stable")  # the weightier wins
        self._rows[keys[order] >> (32 - SLOT_BITS)] = order
        self._checked = np.append(keys, np.uint32(0))

    def emissions(self, features: np.ndarray) -> np.ndarray:
        """Scores of the labels, tokens x labels, of features, templates x tokens (uint32)."""
        total = np.zeros((features.shape[1], len(self.labels)), np.float32)
        for numbers in features:
            rows = self._rows[numbers >> (32 - SLOT_BITS)]
            rows[self._checked[rows] != numbers] = len(self.keys)
            total += self.weights[rows]
        return total

    def marginals(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Probability of each label of each token (forward-backward), for sequences laid end to end."""
        rows = _layout(lengths)
        scores = np.exp(emissions - emissions.max(axis=1, keepdims=True)) if len(emissions) else emissions
        forward, backward = np.empty_like(scores), np.empty_like(scores)
        alpha = None
        for at in rows:
            alpha = scores[at] if alpha is None else (alpha[: len(at)] @ self._matrix) * scores[at]
            alpha /= alpha.sum(axis=1, keepdims=True)
            forward[at] = alpha
        beta = np.ones((0, len(self.labels)), np.float32)
        for step in range(len(rows) - 1, -1, -1):
            at = rows[step]
            if fresh := len(at) - len(beta):
                beta = np.vstack([beta, np.ones((fresh, len(self.labels)), np.float32)])
            backward[at] = beta
            beta = (beta * scores[at]) @ self._matrix.T
            beta /= beta.sum(axis=1, keepdims=True)
        product = forward * backward
        return product / product.sum(axis=1, keepdims=True) if len(product) else product

    def decode(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The best label numbers (Viterbi), for sequences laid end to end."""
        rows = _layout(lengths)
        back, score = [], None
        labels = np.zeros(len(emissions), np.int8)
        final = np.zeros(len(lengths), np.int64)
        for step, at in enumerate(rows):
            if score is None:
                score = emissions[at]
                continue
            if len(at) < len(score):
                final[len(at) : len(score)] = score[len(at) :].argmax(axis=1)
            paths = score[: len(at), :, None] + self.transitions
            back.append(paths.argmax(axis=1))
            score = paths.max(axis=1) + emissions[at]
        if score is not None:
            final[: len(score)] = score.argmax(axis=1)
        for step in range(len(rows) - 1, -1, -1):
            at = rows[step]
            labels[at] = final[: len(at)]
            if step:
                final[: len(at)] = back[step - 1][np.arange(len(at)), final[: len(at)]]
        return labels

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """The model as arrays for a file; weights as whole numbers from -127 to 127 with one scale."""
        scale = np.abs(self.weights).max() / 127
        return {
            f"{prefix}_labels": np.array(self.labels),
            f"{prefix}_keys": self.keys,
            f"{prefix}_weights": np.round(self.weights[:-1] / scale).astype(np.int8),
            f"{prefix}_scale": np.float32(scale),
            f"{prefix}_transitions": self.transitions,
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], prefix: str) -> "Crf":
        weights = arrays[f"{prefix}_weights"].astype(np.float32) * arrays[f"{prefix}_scale"]
        return cls(
            arrays[f"{prefix}_labels"].tolist(),
            arrays[f"{prefix}_keys"],
            weights,
            arrays[f"{prefix}_transitions"],
        )


def _layout(lengths):
    """Rows of the tokens of step 0, 1, … of all sequences, the longest sequence first."""
    lengths = np.asarray(lengths, np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64) if len(lengths) else lengths
    order = np.argsort(-lengths, kind="stable")
    longest = lengths[order]
    active = np.searchsorted(-longest, -np.arange(longest[0] if len(longest) else 0), "left")
    return [starts[order[:n]] + step for step, n in enumerate(active.tolist())]


def train(
    sequences: Iterable[tuple[np.ndarray, list[str]]], *, c2: float, passes: int, minimum: int = 2
) -> Crf:
    """Train on (features, labels) per sequence, features templates x tokens; same input, same model."""
    import pycrfsuite

    ctypes.CDLL(None).srand(1)  # CRFsuite shuffles with the C library's rand
    trainer = pycrfsuite.Trainer(algorithm="l2sgd", verbose=False)
    for features, labels in sequences:
        trainer.append([list(map(str, row)) for row in features.T.tolist()], labels)
    trainer.set_params(
        {"c2": c2, "max_iterations": passes, "feature.minfreq": minimum, "feature.possible_transitions": 1}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.crfsuite")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    labels = sorted(info.labels)
    number = {label: i for i, label in enumerate(labels)}
    keys = np.array(sorted({int(key) for key, _ in info.state_features}), np.uint32)
    place = {key: i for i, key in enumerate(keys.tolist())}
    weights = np.zeros((len(keys), len(labels)), np.float32)
    for (key, label), weight in info.state_features.items():
        weights[place[int(key)], number[label]] = weight
    transitions = np.zeros((len(labels), len(labels)))
    for (a, b), weight in info.transitions.items():
        transitions[number[a], number[b]] = weight
    for i, after in enumerate(labels):
        if after.startswith("I-"):
            transitions[[b[1:] != after[1:] for b in labels], i] = FORBIDDEN
    strong = np.abs(weights).max(axis=1) >= WEAK
    return Crf(labels, keys[strong], weights[strong], transitions)
