"""Coded articles as material to learn from: which statement on which topic is a position, and with which
stance."""

import re
from collections import defaultdict
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.positions.cases import find_cases
from analysis.codebook import load_codebook
from analysis.codings.coding_store import NONE, current, read_log
from analysis.config import CODED, InputError
from analysis.corpus import load_articles
from analysis.speakers.people import words
from analysis.positions.signals import Case, sureness

ASIDE = 0.3  # weight of a case of a coded speaker that neither holds the evidence nor names the topic
# weight of a case whose speaker is coded on the topic, but by other words of the article; squared for stance
FAR = 0.5


class Material(NamedTuple):
    """Cases with what the coders say of them; every list has one entry per case."""

    cases: list[Case]
    keys: list[tuple[str, str, str]]  # article, speaker, topic
    coded: np.ndarray  # whether the speaker is coded on the topic in the article
    weight: np.ndarray
    stance: np.ndarray  # stance, None where it is not known


def read_codings(more: Path | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(codings, their articles) of data/ and of a further folder, with the folder's name in `set`."""
    tables, articles = [coded_stances(CODED).assign(set="digests")], [load_articles()]
    if more is not None:
        if not (more / "coded.csv").is_file():
            raise InputError(more, "has no coded.csv")
        index = more / "index.csv"
        tables.append(coded_stances(more / "coded.csv").assign(set=more.name))
        articles.append(load_articles(more, metadata=index if index.is_file() else None))
    codings, texts = pd.concat(tables, ignore_index=True), pd.concat(articles, ignore_index=True)
    return codings, texts[texts.article_id.isin(codings.article_id)].reset_index(drop=True)


def coded_stances(path: Path) -> pd.DataFrame:
    """The codings of a file as they stand, without those of no position."""
    codings = current(read_log(path))
    return codings[codings.stance != NONE]


def gather(statements: pd.DataFrame, articles: pd.DataFrame, codings: pd.DataFrame) -> Material:
    """All cases of the statements, labelled by the codings: by the evidence where it lies in the statement's
    sentence."""
    pairs = list(chain.from_iterable(find_cases(statements, load_codebook())))
    texts = dict(zip(articles.article_id, articles.text, strict=True))
    gold = defaultdict(list)
    for coding in codings.itertuples(index=False):
        place = evidence_place(texts.get(coding.article_id, ""), coding.evidence)
        gold[coding.article_id, speaker_key(coding.speaker), coding.topic].append((coding.stance, place))
    rows = list(statements.itertuples(index=False))
    keys = [(rows[i].article_id, speaker_key(rows[i].speaker), case.topic.name) for i, case in pairs]
    labels = [_label(rows[i], case, gold.get(key, [])) for (i, case), key in zip(pairs, keys, strict=True)]
    coded, weight, stance = map(np.array, zip(*labels, strict=True))
    return Material([case for _, case in pairs], keys, coded, weight, stance)


def speaker_key(name: str) -> str:
    """A name as speakers are compared: one canonical name of the roster, else the words without case."""
    return " ".join(words(name))


def evidence_place(text: str, evidence: str) -> tuple[int, int] | None:
    """Where the words of the evidence stand in the text, whatever marks and spaces lie between them."""
    m = re.search(r"\W+".join(map(re.escape, re.findall(r"\w+", evidence))), text)
    return m.span() if m else None


def _label(
    row, case: Case, codings: list[tuple[str, tuple[int, int] | None]]
) -> tuple[bool, float, str | None]:
    """(whether it is a position, weight, stance) of a statement whose speaker and topic have these codings.

    A statement without the coded evidence counts as one only where it names the topic.
    """
    if not codings:
        return False, 1.0, None
    end = row.context_start + len(row.context)
    spans = [tuple(map(int, span.split(":"))) for span in row.content_spans.split()]
    here = [
        (sum(max(0, min(e, place[1]) - max(s, place[0])) for s, e in spans), stance)
        for stance, place in codings
        if place and place[0] < end and row.context_start < place[1]
    ]
    if here:
        return True, 1.0, max(here)[1]
    if sureness(case) != "sure":
        return False, ASIDE, None
    stances = {stance for stance, _ in codings}
    return True, FAR, stances.pop() if len(stances) == 1 else None
