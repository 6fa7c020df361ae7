"""Codings made by people, in the shape of the positions table."""

from pathlib import Path

import pandas as pd

from .config import CODED
from .corpus import load_articles
from .roster import load_roster

STANCE_VALUES = {"support": 1.0, "conditional": 0.0, "oppose": -1.0}


def positions_from_codings(coded: pd.DataFrame, articles: pd.DataFrame | None = None) -> pd.DataFrame:
    """The codings of data/coded.csv as positions: one row per coding whose article is in `articles`.

    Side and principal come from the roster; `evidence_start` and `context` (the paragraph) from the article.
    Codings of articles that are not there are left out and counted in `.attrs["left_out"]`.
    """
    articles = load_articles() if articles is None else articles
    table = coded.merge(
        articles[["article_id", "date", "publisher", "headline", "url", "text"]], on="article_id"
    )
    left_out = len(coded) - len(table)
    roster = load_roster().entries
    for name in ("side", "principal"):
        known = {speaker: getattr(entry, name) or None for speaker, entry in roster.items()}
        table[name] = table.speaker.map(known).astype("str")
    found = [_find(text, words) for text, words in zip(table.text, table.evidence, strict=True)]
    table["evidence_start"], table["context"], table["context_start"] = (
        zip(*found, strict=True) if found else ((),) * 3
    )
    table["evidence_end"] = table.evidence_start + table.evidence.str.len()
    table["statement_id"] = (
        table.article_id + "#c" + (table.groupby("article_id").cumcount() + 1).astype("str")
    )
    table["said_on"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]")
    table["second_hand"] = table.second_hand.astype("bool")
    table["value"] = table.stance.map(STANCE_VALUES)
    table["content"], table["confidence"] = table.evidence, 1.0
    table = table.drop(columns="text").sort_values(["date", "article_id", "statement_id"], ignore_index=True)
    table.attrs["left_out"] = left_out
    return table


def load_codings(articles: pd.DataFrame | None = None, path: Path = CODED) -> pd.DataFrame:
    """The codings of data/coded.csv as positions (see positions_from_codings)."""
    return positions_from_codings(pd.read_csv(path, dtype={"condition": "str"}), articles)


def compare(positions: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """How often the tagger finds what people coded, per topic and in all, on the articles that both have.

    The unit is speaker and topic in one article. Columns: coded, tagged, both (with recall and precision),
    and of those in both, same_stance (any stance in common). Where the tagger learned from the
    same codings the numbers flatter it.
    """
    unit = ["article_id", "speaker", "topic"]
    stances = [
        table[table.article_id.isin(codings.article_id)].groupby(unit).stance.agg(set)
        for table in (codings, positions)
    ]
    pairs = pd.concat(stances, axis=1, keys=["coded", "tagged"]).reset_index()
    pairs["both"] = pairs.coded.notna() & pairs.tagged.notna()
    pairs["same"] = [b and bool(c & t) for b, c, t in zip(pairs.both, pairs.coded, pairs.tagged, strict=True)]
    pairs = pd.concat([pairs, pairs.assign(topic="all topics")])
    rows = pairs.groupby("topic", sort=False).agg(
        coded=("coded", "count"), tagged=("tagged", "count"), both=("both", "sum"), same=("same", "sum")
    )
    rows["recall"], rows["precision"] = rows.both / rows.coded, rows.both / rows.tagged
    rows["same_stance"] = rows.pop("same") / rows.both
    return rows


def _find(text: str, words: str) -> tuple[int, str, int]:
    """Where the words stand in the text, and the paragraph that holds them with its start."""
    at = max(text.find(words), 0)
    start = text.rfind("\n\n", 0, at) + 1
    end = text.find("\n\n", at)
    paragraph = text[start : end if end >= 0 else None]
    lead = len(paragraph) - len(paragraph.lstrip())
    return at, paragraph.strip(), start + lead
