"""Attributions in a text: who said what, with the words that say so. Learned from hand-annotated news.

The frame (source, cue, content) is that of Pareti, "PARC 3.0" (LREC 2016) and of Newell, Margolin and Ruths,
"An Attribution Relations Corpus for Political News" (LREC 2018). A first conditional random field marks
likely cues, sources and contents; a second reads round each cue (linking.py); joining.py chooses.
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
from analysis.features import TEMPLATES, WordTable, combine, context_columns
from analysis.joining import NESTED, choose, kind, within
from analysis.linking import Pairs, link, pair
from analysis.tokens import Tokens, tokenize

MODEL = MODELS / "attribution.npz"
CLUSTERS = MODELS / "clusters.npz"
REBUILD = "rebuild it with: python -m analysis train attribution PATH"
CHUNK = 160  # tokens of one sequence at most
BLOCK = 8000  # tokens that are worked on at once


class Attribution(NamedTuple):
    """One attribution; spans are (start, end) with text[start:end] the words."""

    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    quote: str  # "direct", "mixed" or "indirect"
    parent: int | None  # index of the attribution in whose content this one stands


class Model(NamedTuple):
    """All that is learned: words, the field that tags a text, the field that reads round one cue."""

    words: WordTable
    tagger: Crf
    linker: Crf


def attributions(text: str) -> list[Attribution]:
    """All attributions of a text, in text order. Raises InputError for a missing or damaged model file."""
    tokens, model, found = tokenize(text), load_model(), []
    ends = np.cumsum(sequences(tokens))
    first = 0
    while first < len(tokens.words):  # block by block, so that memory does not grow with the text
        least, most = np.searchsorted(ends, [first, first + BLOCK], "right")
        last = int(ends[max(least, most - 1)])
        found += _levels(tokens.part(first, last), model, len(found))
        first = last
    return found


def _levels(tokens, model, before):
    """Attributions of the outer level and those in their contents, found by reading each content as a
    text; before is the number of attributions that come before these."""
    outer = choose(link(read(tokens, model), model.linker), tokens)
    part, at, owner = within(outer, tokens, model.words.sayings)
    inner = choose(link(read(part, model), model.linker), part, floor=NESTED) if part.words else []
    levels = [(_attribution(tokens, x), None) for x in outer]
    for x in inner:
        if x.source and not model.words.sayings.isdisjoint(
            word.lower() for word in part.words[slice(*x.cue)]
        ):
            levels.append((_attribution(part, x), int(owner[x.cue[0]])))
    order = sorted(range(len(levels)), key=lambda i: (levels[i][0].content, levels[i][1] is not None))
    place = {old: before + new for new, old in enumerate(order)}
    return [
        levels[i][0]._replace(parent=None if levels[i][1] is None else place[levels[i][1]]) for i in order
    ]


def read(tokens: Tokens, model: Model) -> Pairs:
    """Likely cues and what stands round them, from the first field's findings."""
    columns = model.words.columns(tokens.words)
    columns |= context_columns(tokens, columns)
    scores, lengths = model.tagger.emissions(combine(columns, TEMPLATES, tokens.paragraph)), sequences(tokens)
    labels, marginals = model.tagger.decode(scores, lengths), model.tagger.marginals(scores, lengths)
    return pair(tokens, columns, labels, model.tagger.labels, marginals)


def sequences(tokens: Tokens, limit: int = CHUNK) -> np.ndarray:
    """Lengths of the sequences to tag: paragraphs, cut at a sentence (or anywhere) beyond the limit."""
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
    return np.array(lengths, np.int64)


def _attribution(tokens, chosen):
    def characters(span):
        return (int(tokens.starts[span[0]]), int(tokens.ends[span[1] - 1])) if span else None

    content = tuple(sorted(map(characters, chosen.content)))
    return Attribution(
        characters(chosen.source), characters(chosen.cue), content, kind(chosen.content, tokens), None
    )


@lru_cache(maxsize=4)
def load_model(path: Path = MODEL, clusters: Path = CLUSTERS) -> Model:
    """The model, read once. Raises InputError, with the command to rebuild it, where a file is damaged."""
    arrays = read_arrays(path)
    words = WordTable(read_clusters(clusters), set(arrays["cues"].tolist()), set(arrays["sayings"].tolist()))
    return Model(words, Crf.from_arrays(arrays, "tagger"), Crf.from_arrays(arrays, "linker"))


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
