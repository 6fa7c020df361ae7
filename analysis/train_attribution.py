"""Learn the attribution models from hand-annotated articles (one JSON line per article, as PolNeAR's)."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from analysis.attribution import CLUSTERS, MODEL, Model, read, read_clusters, sequences, write_arrays
from analysis.config import InputError, progress
from analysis.crf import train as train_crf
from analysis.features import TEMPLATES, WordTable, combine, context_columns
from analysis.linking import Pairs
from analysis.tokens import Tokens, tokenize

FOLDS = 3
SETTINGS = {"c2": 0.1, "passes": 12}


def train(path: str | Path, *, output: Path = MODEL, clusters: Path = CLUSTERS) -> Path:
    """Learn both fields and write the model file and its .json; the same articles give the same file.

    The second field learns from what first fields find in articles that they have not seen (jackknife).
    Raises InputError for a line that is no annotated article."""
    articles = read_gold(path)
    table = read_clusters(clusters)
    parts = [
        learn_tagger(
            articles[i::FOLDS], [a for j in range(FOLDS) if j != i for a in articles[j::FOLDS]], table
        )
        for i in progress(range(FOLDS), "first field, fold by fold")
    ]
    samples = [sample for held, model in parts for sample in held_pairs(held, model)]
    linker = train_crf(_pair_sequences(samples), **SETTINGS)
    _, tagger = learn_tagger([], articles, table)
    arrays = tagger.tagger.arrays("tagger") | linker.arrays("linker")
    arrays["cues"] = np.array(sorted(tagger.words.cues), str)
    arrays["sayings"] = np.array(sorted(tagger.words.sayings), str)
    write_arrays(output, arrays, {"articles": len(articles), "settings": SETTINGS})
    return output


def read_gold(path: str | Path) -> list[dict]:
    """Articles with text, attributions ([start, end] lists of source, cue and content), tokens and labels."""
    articles = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                article = json.loads(line)
                article["tokens"] = tokenize(article["text"])
                article["labels"] = gold_labels(article["tokens"], article["attributions"])
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise InputError(path, f"no annotated article: {error!r}", number) from None
            articles.append(article)
    if len(articles) < FOLDS:
        raise InputError(path, f"{len(articles)} articles; at least {FOLDS} are needed")
    return articles


def learn_tagger(held: list[dict], articles: list[dict], clusters: dict) -> tuple[list[dict], Model]:
    """The first field, learned from the articles (the linker is left empty), behind what was held back."""
    words = WordTable(clusters, cue_words(articles), cue_words(articles, least=10, share=0.7))
    tagger = train_crf(_tag_sequences(articles, words), **SETTINGS)
    return held, Model(words, tagger, None)


def cue_words(articles: list[dict], *, least: int = 3, share: float = 0.3) -> set[str]:
    """Words that are (part of) a cue as often as least, and in that share of their places."""
    seen, cues = Counter(), Counter()
    for article in articles:
        words = [word.lower() for word in article["tokens"].words]
        seen.update(words)
        cues.update(word for word, label in zip(words, article["labels"]) if label.endswith("-Q"))
    return {word for word, n in cues.items() if n >= least and n >= share * seen[word]}


def held_pairs(articles: list[dict], model: Model) -> list[tuple[dict, Pairs]]:
    """What the first field finds in articles that it has not learned from."""
    return [(article, read(article["tokens"], model)) for article in articles]


def token_range(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """First token that ends after start, first token that begins at or after end."""
    return int(np.searchsorted(tokens.ends, start, "right")), int(np.searchsorted(tokens.starts, end, "left"))


def gold_labels(tokens: Tokens, attributions: list[dict]) -> list[str]:
    """B-/I- labels of cue (Q), source (S) and content (C), the latter two with the side on which the cue is.

    Where spans overlap the cue wins over the source, and the shorter content over the longer."""
    spans = []
    for a in attributions:
        if not a["cue"] or not a["content"]:
            continue
        cue = token_range(tokens, *a["cue"][0])
        for rank, (name, spot) in enumerate({"Q": "cue", "S": "source", "C": "content"}.items()):
            for start, end in a[spot]:
                first, last = token_range(tokens, start, end)
                side = "" if name == "Q" else "<" if first > cue[0] else ">"
                spans.append((rank, last - first, first, last, name + side))
    labels = ["O"] * len(tokens.words)
    for _, _, first, last, name in sorted(spans, reverse=True):
        labels[first:last] = [f"B-{name}"][: last - first] + [f"I-{name}"] * (last - first - 1)
    return labels


def pair_labels(article: dict, pairs: Pairs) -> list[list[str]]:
    """For each likely cue the labels of its neighbourhood: N everywhere where gold has no such cue, else Q
    for the cue, B-/I- of source and content, and O."""
    tokens, owner = article["tokens"], {}
    for a in article["attributions"]:
        if a["cue"] and a["content"]:
            first, last = token_range(tokens, *a["cue"][0])
            hits = [
                i for i, (x, y) in enumerate(pairs.cues.tolist()) if x < last and first < y and i not in owner
            ]
            owner.update((i, a) for i in hits[:1])
    starts = np.append(0, np.cumsum(pairs.lengths))
    return [
        _neighbourhood(
            tokens, owner.get(i), pairs.cues[i].tolist(), pairs.at[starts[i] : starts[i + 1]].tolist()
        )
        for i in range(len(pairs.cues))
    ]


def _neighbourhood(tokens, attribution, cue, at):
    if not attribution:
        return ["N"] * len(at)
    base, labels = at[0], ["O"] * len(at)
    for spot, name in (("content", "C"), ("source", "S")):
        for start, end in attribution[spot]:
            first, last = (min(max(t - base, 0), len(at)) for t in token_range(tokens, start, end))
            labels[first:last] = [f"B-{name}"][: last - first] + [f"I-{name}"] * (last - first - 1)
    labels[cue[0] - base : cue[1] - base] = ["Q"] * (cue[1] - cue[0])
    return labels


def _tag_sequences(articles: list[dict], words: WordTable) -> Iterator[tuple[np.ndarray, list[str]]]:
    for article in articles:
        tokens = article["tokens"]
        columns = words.columns(tokens.words)
        features = combine(columns | context_columns(tokens, columns), TEMPLATES, tokens.paragraph)
        ends = np.cumsum(sequences(tokens)).tolist()
        for first, last in zip([0, *ends], ends):
            yield features[:, first:last], article["labels"][first:last]


def _pair_sequences(samples: list[tuple[dict, Pairs]]) -> Iterator[tuple[np.ndarray, list[str]]]:
    for article, pairs in samples:
        ends = np.cumsum(pairs.lengths).tolist()
        for first, last, labels in zip([0, *ends], ends, pair_labels(article, pairs)):
            at = pairs.at[first:last]
            yield np.vstack([pairs.token_features[:, at], pairs.features[:, first:last]]), labels
