"""Coding by hand: the queue of statements, and a coder's session over it (coding_widget.py shows it)."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.codebook import load_codebook
from analysis.codings.coding_store import NONE, current, read_log, record, undo
from analysis.config import CODED
from analysis.codings.reliability import as_coder
from analysis.trends import PERIODS

ORDERS = ("random", "uncertainty", "impact")


def queue(
    positions: pd.DataFrame,
    statements: pd.DataFrame | None = None,
    *,
    order: str = "random",
    seed: int = 0,
) -> pd.DataFrame:
    """What is to be coded, one row per statement and topic, first things first.

    "random": the same order for each coder, so that the first statements are coded by all. "uncertainty":
    those of which the tagger is least sure. "impact": those that could move a point of a chart most, which
    is the doubt of the tagger over the number of positions of the same side, topic and month. At random,
    those of `statements` in which the tagger found nothing are mixed in, each with a topic drawn by lot, so
    that what it misses can be found: stance "none", no confidence. Columns: those of `positions`, start, end.
    """
    if order not in ORDERS:
        raise ValueError(f"order {order!r} is none of {', '.join(ORDERS)}")
    untagged = [] if statements is None or order != "random" else [_untagged(positions, statements, seed)]
    table = as_coder(pd.concat([positions, *untagged], ignore_index=True))
    table = table.drop_duplicates(["article_id", "topic", "start", "end"]).reset_index(drop=True)
    if order == "random":
        return table.iloc[np.random.default_rng(seed).permutation(len(table))].reset_index(drop=True)
    doubt = 1 - table.confidence
    if order == "impact":
        month = table.date.dt.to_period(PERIODS["month"])
        doubt = doubt / table.groupby([table.side, table.topic, month], dropna=False).topic.transform("size")
    return table.loc[doubt.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _untagged(positions: pd.DataFrame, statements: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The statements without a position, in the columns of positions."""
    left = statements[~statements.statement_id.isin(positions.statement_id)]
    topics = np.random.default_rng(seed).choice(list(load_codebook().topics), len(left))
    return left.assign(topic=topics, stance=NONE).reindex(columns=positions.columns)


class Session:
    """One coder at work on a queue: the statement at hand, what was done here, and the store behind it."""

    def __init__(self, coder: str, table: pd.DataFrame, articles: pd.DataFrame, path: str | Path = CODED):
        if not coder.strip():
            raise ValueError("a coder needs initials")
        self.coder, self.table, self.path = coder.strip(), table, Path(path)
        self.texts = dict(zip(articles.article_id, articles.text, strict=True))
        mine = current(read_log(self.path))
        mine = mine[mine.coder == self.coder]
        coded = set(zip(mine.article_id, mine.topic, mine.start, mine.end, strict=True))
        keys = zip(table.article_id, table.topic, table.start, table.end, strict=True)
        self.left = [place for place, key in enumerate(keys) if key not in coded]
        self.done: list[tuple[int, int]] = []  # place in the queue and act, of what this session coded

    @property
    def item(self) -> pd.Series | None:
        """The statement at hand, None when all are coded."""
        return self.table.iloc[self.left[0]] if self.left else None

    def code(
        self,
        stance: str,
        *,
        topic: str | None = None,
        speaker: str | None = None,
        condition: str = "",
        second_hand: bool | None = None,
        note: str = "",
        unsure: bool = False,
    ) -> None:
        """Code the statement at hand and go to the next. ValueError where the coding breaks a rule.

        What is not given is as the queue has it. A condition counts for a conditional position only.
        """
        item = self.item
        act = record(
            [
                {
                    "article_id": item.article_id,
                    "speaker": speaker or item.speaker,
                    "topic": topic or item.topic,
                    "stance": stance,
                    "second_hand": item.second_hand if second_hand is None else second_hand,
                    "condition": condition.strip() if stance == "conditional" else "",
                    "coder": self.coder,
                    "evidence": self.texts[item.article_id][item.start : item.end],
                    "start": int(item.start),
                    "end": int(item.end),
                    "note": note,
                    "unsure": unsure,
                }
            ],
            path=self.path,
        )
        self.done.append((self.left.pop(0), act[0]))

    def skip(self) -> None:
        """Put the statement at hand last."""
        self.left.append(self.left.pop(0))

    def undo(self) -> bool:
        """Take back the last coding of this session and return to its statement; False if there is none."""
        if not self.done:
            return False
        place, act = self.done.pop()
        undo([act], by=self.coder, path=self.path)
        self.left.insert(0, place)
        return True
