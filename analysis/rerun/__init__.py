"""Only new and changed articles are tagged again: what was found is kept as Parquet in data/local/.cache.

What is kept counts only as long as all that decides the result stays the same: every field of an article, the
codebook, the roster, the models and the code. Each is known by its SHA-256, never by time or name.
"""

import hashlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from analysis.config import CODEBOOK, DATA, LOCAL, MODELS, ROOT, SPEAKERS
from analysis.corpus import load_articles
from analysis.output import replacing
from analysis.positions import POSITION_COLUMNS, tag_positions
from analysis.speakers.roster import COUNTRIES, TITLES
from analysis.statements import STATEMENT_COLUMNS, find_statements

CACHE = LOCAL / ".cache"
TAGGED, LAST = "tagged.parquet", "last.parquet"
FIELDS = ["article_id", "date", "publisher", "headline", "url", "text"]  # all that the result depends on
HEAD = ["article_id", "date", "publisher", "headline", "url", "sha256"]
COLUMNS = ["rules", "sha256", *POSITION_COLUMNS]


class Run(NamedTuple):
    """What one run read and found; `articles` has columns HEAD; sha256 is that of all its FIELDS."""

    articles: pd.DataFrame
    statements: pd.DataFrame
    positions: pd.DataFrame


def rerun(articles: pd.DataFrame | None = None, *, folder: str | os.PathLike = CACHE) -> Run:
    """Statements and positions of the articles (without any: all), row by row those of a full run.

    Equal to find_statements(articles) and tag_positions of these, in the order of `articles`. What is new is
    tagged and kept in `folder`, beside what is there of other articles. Where that cannot be read or written,
    one line on standard error says so, and the result is the same. Raises ValueError where two articles have
    the same article_id.
    """
    articles = load_articles() if articles is None else articles
    if not articles["article_id"].is_unique:
        raise ValueError("two articles have the same article_id")
    path, now, sums = Path(folder) / TAGGED, rules(), checksums(articles)
    kept = _read(path)
    kept = kept[kept["rules"] == now]
    new = ~sums.isin(kept["sha256"])
    found = kept[kept["sha256"].isin(sums)]
    if new.any():
        found = pd.concat([found, _tagged(articles[new], sums[new], now)], ignore_index=True)
        others = kept[~kept["article_id"].isin(articles["article_id"])]
        try:
            _write(pd.concat([others, found], ignore_index=True), path)
        except OSError as error:
            print(f"{path.name}: not kept ({error.strerror})", file=sys.stderr)
    order = np.argsort(pd.Index(sums).get_indexer(found["sha256"]), kind="stable")
    return _run(found.iloc[order])


def own(articles: pd.DataFrame, *, local: str | os.PathLike = LOCAL) -> pd.Series:
    """Which of the articles lie in the user's own folder."""
    return articles["origin"].str.startswith(f"{local}{os.sep}")


def last(*, folder: str | os.PathLike = CACHE) -> Run | None:
    """The run that was remembered last, None where there is none."""
    table = _read(Path(folder) / LAST)
    return None if table.empty else _run(table)


def remember(run: Run, *, folder: str | os.PathLike = CACHE) -> None:
    """Keep a run, so that a later one can be compared with it; OSError where it cannot be written."""
    _write(_table(run, rules()), Path(folder) / LAST)


def checksums(articles: pd.DataFrame) -> pd.Series:
    """The SHA-256 of each article's fields, with the index of the table."""
    rows = (
        articles[FIELDS]
        .astype(object)
        .where(articles[FIELDS].notna(), None)
        .itertuples(index=False, name=None)
    )
    found = [hashlib.sha256(repr(row).encode("utf-8", "backslashreplace")).hexdigest() for row in rows]
    return pd.Series(found, index=articles.index, dtype="str")


def rules() -> str:
    """The SHA-256 of all that tagging goes by: codebook and roster as they are, models and code as loaded."""
    return _digest((CODEBOOK, SPEAKERS, COUNTRIES, TITLES), _loaded())


@cache  # models and code stay in memory as they were first read
def _loaded() -> str:
    return _digest(sorted([*(ROOT / "analysis").rglob("*.py"), *MODELS.glob("*.*"), DATA / "sayings.txt"]))


def _digest(files: Iterable[Path], start: str = "") -> str:
    found = hashlib.sha256(start.encode())
    for file in files:
        found.update(f"{file.name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def _tagged(articles: pd.DataFrame, sums: pd.Series, now: str) -> pd.DataFrame:
    """The articles tagged, as the table that is kept."""
    statements = find_statements(articles)
    return _table(Run(articles.assign(sha256=sums)[HEAD], statements, tag_positions(statements)), now)


def _table(run: Run, now: str) -> pd.DataFrame:
    """A run as one table: a row per position, per statement without one, and per article without any."""
    own = [name for name in POSITION_COLUMNS if name not in STATEMENT_COLUMNS]
    rows = run.statements.drop(columns=HEAD[1:-1]).merge(
        run.positions[["statement_id", *own]], how="left", on="statement_id"
    )
    table = run.articles.merge(rows, how="left", on="article_id").assign(rules=now)
    return table[COLUMNS].astype(_kinds())


def _run(table: pd.DataFrame) -> Run:
    """The run that `_table` made a table of."""
    exact = position_kinds()
    parts = (table.drop_duplicates("article_id")[HEAD],
             table.dropna(subset="statement_id").drop_duplicates("statement_id")[STATEMENT_COLUMNS],
             table.dropna(subset="topic")[POSITION_COLUMNS])
    return Run(
        *(part.reset_index(drop=True).astype({n: exact[n] for n in part if n in exact}) for part in parts)
    )


@cache
def position_kinds() -> dict:
    """The type of each column of a positions table."""
    nothing = pd.DataFrame(columns=FIELDS).astype({"date": "datetime64[us]"})
    return tag_positions(find_statements(nothing)).dtypes.to_dict()


def _kinds() -> dict:
    """The same for the table that is kept, where every column can be missing."""
    nullable = {"bool": "boolean", "int64": "Int64"}
    kinds = {name: nullable.get(str(kind), kind) for name, kind in position_kinds().items()}
    return {"rules": "str", "sha256": "str"} | kinds


def _read(path: Path) -> pd.DataFrame:
    """A table that was kept; an empty one where there is none or it is damaged."""
    if path.exists():
        try:
            table = pq.read_table(path, page_checksum_verification=True).to_pandas()
            return table[COLUMNS].astype(_kinds())
        except Exception as error:  # a broken file breaks its reader in any way
            print(
                f"{path.name}: damaged, made anew ({str(error).partition(chr(10))[0][:100]})", file=sys.stderr
            )
    return pd.DataFrame(columns=COLUMNS).astype(_kinds())


def _write(table: pd.DataFrame, path: Path) -> None:
    """Keep a table, whole or not at all."""
    with replacing(path) as draft:
        table.to_parquet(draft, index=False, write_page_checksum=True)
