"""Attributions in a text: who said what, with the words that say so. Learned from hand-annotated news.

The frame (source, cue, content) is that of Pareti, "PARC 3.0" (LREC 2016) and of Newell, Margolin and Ruths,
"An Attribution Relations Corpus for Political News" (LREC 2018). A first conditional random field marks likely cues,
sources and contents; linking.py then joins them.
"""

import hashlib
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.config import MODELS, InputError
from analysis.crf import Crf
from analysis.features import WordTable, combine, context_columns
from analysis.linking import join
from analysis.tokens import CLOSE, INSIDE, OPEN, OUTSIDE, Tokens, tokenize

MODEL = MODELS / "attribution.npz"
CLUSTERS = MODELS / "clusters.npz"
REBUILD = "rebuild it with: python -m analysis train attribution PATH"
CHUNK = 160  # tokens of one sequence at most


class Attribution(NamedTuple):
    """One attribution; spans are (start, end) with text[start:end] the words."""

    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    quote: str  # "direct", "mixed" or "indirect"
    parent: int | None  # index of the attribution in whose content this one stands


class Model(NamedTuple):
    """All that is learned."""

    words: WordTable
    tagger: Crf
    templates: tuple[str, ...]


def attributions(text: str) -> list[Attribution]:
    """All attributions of a text, in text order. Raises InputError where the model file is missing or damaged."""
    tokens = tokenize(text)
    if not tokens.words:
        return []
    model = load_model()
    labels = tag(tokens, model)
    return [_attribution(tokens, *spans) for spans in join(labels)]


def tag(tokens: Tokens, model: Model) -> list[str]:
    """The first field's label of each token."""
    emissions = model.tagger.emissions(features(tokens, model))
    numbers = model.tagger.decode(emissions, sequences(tokens))
    return [model.tagger.labels[n] for n in numbers.tolist()]


def features(tokens: Tokens, model: Model) -> np.ndarray:
    """Feature numbers for the first field, templates x tokens."""
    types = model.words.columns(tokens.words)
    return combine(types | context_columns(tokens, types), model.templates, tokens.paragraph)


def sequences(tokens: Tokens, limit: int = CHUNK) -> np.ndarray:
    """Lengths of the sequences to tag: paragraphs, cut at a sentence (or anywhere) where longer than the limit."""
    borders = np.flatnonzero(np.diff(tokens.paragraph, prepend=-1, append=-1))
    sentences = np.flatnonzero(np.diff(tokens.sentence, prepend=-1))
    lengths = []
    for start, end in zip(borders[:-1].tolist(), borders[1:].tolist()):
        while end - start > limit:
            cut = int(sentences[np.searchsorted(sentences, start + limit, "right") - 1])
            cut = cut if cut > start else start + limit
            lengths.append(cut - start)
            start = cut
        lengths.append(end - start)
    return np.array(lengths)


def _attribution(tokens, source, cue, content):
    def characters(span):
        return (int(tokens.starts[span[0]]), int(tokens.ends[span[1] - 1])) if span else None

    states = np.concatenate([tokens.quote[a:b] for a, b in content])
    words = states[[w[-1].isalnum() for a, b in content for w in tokens.words[a:b]]]
    inside = np.isin(words, (INSIDE, OPEN, CLOSE)).mean() if len(words) else float((states != OUTSIDE).any())
    quote = "direct" if inside >= 0.9 else "mixed" if inside > 0 else "indirect"
    return Attribution(characters(source), characters(cue), tuple(map(characters, content)), quote, None)


@lru_cache(maxsize=4)
def load_model(path: Path = MODEL, clusters: Path = CLUSTERS) -> Model:
    """The model, read once. Raises InputError with the command that rebuilds it where a file is missing or damaged."""
    arrays = read_arrays(path)
    words = WordTable(read_clusters(clusters), set(arrays["cues"].tolist()))
    return Model(words, Crf.from_arrays(arrays, "tagger"), tuple(arrays["templates"].tolist()))


def read_clusters(path: Path = CLUSTERS) -> dict[str, tuple[int, int, int]]:
    """Word clusters, coarse to fine, of the commonest words."""
    arrays = read_arrays(path)
    return dict(zip(arrays["words"].tobytes().decode().split("\n"), map(tuple, arrays["ids"].tolist())))


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Arrays of a model file whose SHA-256 agrees with the one in the .json file beside it."""
    try:
        data = path.read_bytes()
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["sha256"]
    except FileNotFoundError as error:
        raise InputError(error.filename, f"no such model file; {REBUILD}") from None
    except (ValueError, KeyError, TypeError):
        raise InputError(path.with_suffix(".json"), f"damaged; {REBUILD}") from None
    if hashlib.sha256(data).hexdigest() != expected:
        raise InputError(path, f"damaged: its SHA-256 is not the one in {path.stem}.json; {REBUILD}")
    return dict(np.load(io.BytesIO(data), allow_pickle=False))


def write_arrays(path: Path, arrays: dict[str, np.ndarray], about: dict) -> None:
    """Write a model file and the .json beside it (about, and the SHA-256 of the file)."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    about = about | {"sha256": hashlib.sha256(buffer.getvalue()).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
