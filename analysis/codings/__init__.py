"""Codings made by people, in the shape of the positions table."""

from pathlib import Path

import pandas as pd

from analysis.codings.coding_store import NONE, current, read_log
from analysis.config import CODED
from analysis.corpus import load_articles
from analysis.speakers.roster import load_roster

PLACE = ["evidence", "evidence_start", "evidence_end", "context", "context_start"]
STANCE_VALUES = {"support": 1.0, "conditional": 0.0, "oppose": -1.0}


def positions_from_codings(coded: pd.DataFrame, articles: pd.DataFrame | None = None) -> pd.DataFrame:
    """Codings as they stand (coding_store.current) as positions, one row for each whose article is there.

    Side and principal come from the roster; `evidence_start` and `context` (the paragraph) from the article.
    Codings of articles that are not there are left out and counted in `.attrs["left_out"]`; so are, without
    being counted, those that say that there is no position.
    """
    articles = load_articles() if articles is None else articles
    coded = coded[coded.stance != NONE]
    table = coded.merge(
        articles[["article_id", "date", "publisher", "headline", "url", "text"]], on="article_id"
    )
    left_out = len(coded) - len(table)
    roster = load_roster().entries
    for name in ("side", "principal"):
        known = {speaker: getattr(entry, name) or None for speaker, entry in roster.items()}
        table[name] = table.speaker.map(known).astype("str")
    places = zip(table.text, table.evidence, table.start, table.end, strict=True)
    found = pd.DataFrame([_place(*place) for place in places], columns=PLACE)
    table = table.drop(columns=["evidence", "start", "end"]).join(found)
    table["statement_id"] = (
        table.article_id + "#c" + (table.groupby("article_id").cumcount() + 1).astype("str")
    )
    table["said_on"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]")
    table["value"] = table.stance.map(STANCE_VALUES)
    table["content"], table["confidence"] = table.evidence, 1.0
    table = table.drop(columns="text").sort_values(["date", "article_id", "statement_id"], ignore_index=True)
    table.attrs["left_out"] = left_out
    return table


def load_codings(articles: pd.DataFrame | None = None, path: Path = CODED) -> pd.DataFrame:
    """The codings of data/coded.csv as positions (see positions_from_codings)."""
    return positions_from_codings(current(read_log(path)), articles)


def _place(text: str, words: str, start: int, end: int) -> tuple:
    """PLACE of a coding: its words as the article has them, and the paragraph around them."""
    if pd.isna(start):
        start = max(text.find(words), 0)
        end = start + len(words)
    before = text.rfind("\n\n", 0, start)
    left = 0 if before < 0 else before + 2
    right = text.find("\n\n", end)
    return text[start:end], start, end, text[left : right if right >= 0 else None], left
