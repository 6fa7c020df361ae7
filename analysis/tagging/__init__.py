"""Many articles tagged in parts: one at a time is in memory, and an interrupted run goes on where it stopped.

Each part is kept, whole or not at all, as a Parquet file in a hidden folder beside the output, under its
number and the SHA-256 of all that decides its result: its articles, codebook, roster, models and code. So a
part that is there is right, whatever was stopped, killed or changed. At the end the parts become the output.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.config import InputError, progress
from analysis.corpus import Reading, article_batches
from analysis.output import check_months, write_table, write_tables
from analysis.positions import POSITION_COLUMNS, tag_positions
from analysis.rerun import checksums, position_kinds, rules
from analysis.statements import find_statements
from analysis.tagging.estimate import estimate

PART = 100  # articles
FIRST = ["article_id", "date", "publisher", "speaker", "topic", "stance"]
COLUMNS = [*FIRST, *(name for name in POSITION_COLUMNS if name not in FIRST)]


class Outcome(NamedTuple):
    """What a run did; problems and left_out are dicts as in the attrs of load_articles."""

    articles: int
    positions: int
    kept: int  # parts that an earlier run had left
    undated: set[str]  # files
    problems: list[dict]
    left_out: list[dict]


class Part(NamedTuple):
    """Articles that are tagged together, and the file of their positions."""

    articles: pd.DataFrame
    target: Path


def tag(
    paths: Iterable[str | os.PathLike],
    output: str | os.PathLike,
    *,
    metadata: str | os.PathLike | None = None,
    resume: bool = False,
    scheduler: str | None = None,
) -> Outcome:
    """Write the positions of all articles of these paths to `output`: .csv, .parquet, or a folder without
    suffix, as a Parquet dataset with a folder per month (month=2025-08, month=undated).

    Columns: those of tag_positions, FIRST ones first, in the order of the files and by date within PART
    articles. With `resume` the parts that an interrupted run has left are used. With `scheduler`, the address
    of a Dask scheduler, its workers tag the parts; they must see the folder of the output. An article that
    cannot be tagged is a problem, and the others are done. InputError, before any work, where the folder is
    there and holds anything else.
    """
    output = Path(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    if not output.suffix:
        check_months(output)
    reading = Reading(metadata)
    files = reading.files(paths)
    folder = output.with_name(f".{output.name}.parts")
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    undated, done, count, kept = set(), [], 0, 0

    def parts() -> Iterator[Part]:
        for number, articles in enumerate(article_batches(reading, files, PART)):
            undated.update(articles.loc[articles.date.isna(), "origin"])
            yield Part(articles, folder / f"{number:06}-{part_key(articles)}.parquet")

    if scheduler:
        from analysis.tagging.cluster import tag_parts

        tagged = tag_parts(parts(), scheduler)
    else:
        tagged = tag_here(parts())
    with progress(None, "Tagging", unit=" articles") as bar:
        bar.total = None if bar.disable else estimate(files)
        for part, old in tagged:
            done.append(part.target)
            count, kept = count + len(part.articles), kept + old
            bar.update(len(part.articles))
    errors: list[dict] = []
    positions = write_tables(read_parts(sorted(done), errors), output)
    shutil.rmtree(folder)
    return Outcome(count, positions, kept, undated, [*reading.problems, *errors], reading.left_out)


def tag_here(parts: Iterable[Part]) -> Iterator[tuple[Part, bool]]:
    """Tag part after part in this process; with each, whether it was there already."""
    for part in parts:
        old = part.target.exists()
        if not old:
            write_table(tag_articles(part.articles), part.target)
        yield part, old


def tag_articles(articles: pd.DataFrame) -> pd.DataFrame:
    """Positions with one more column, `error`: an article that breaks the tagger has one row, with the reason
    there, and the others have theirs."""
    try:
        positions = tag_positions(find_statements(articles))
        return positions.assign(error=pd.array([None] * len(positions), dtype="str"))
    except InputError:  # the models or the codebook: no article's fault
        raise
    except Exception as error:  # of whatever kind: it must not cost the other articles
        if len(articles) > 1:
            each = [tag_articles(articles.iloc[[n]]) for n in range(len(articles))]
            return pd.concat(each, ignore_index=True)
        return untagged(articles, f"{type(error).__name__}: {error}")


def untagged(article: pd.DataFrame, reason: str) -> pd.DataFrame:
    """The row of an article that could not be tagged."""
    failed = pd.DataFrame({"article_id": article.article_id, "error": f"cannot be tagged: {reason}"})
    return failed.reindex(columns=[*POSITION_COLUMNS, "error"])


def part_key(articles: pd.DataFrame) -> str:
    """Sixteen digits for all that the positions of these articles depend on."""
    return hashlib.sha256("\n".join([rules(), *checksums(articles)]).encode()).hexdigest()[:16]


def read_parts(files: Iterable[Path], errors: list[dict]) -> Iterator[pd.DataFrame]:
    """A table without rows, so that columns and types are there whatever was found, then the positions of
    each part; what could not be tagged goes to the errors."""
    kinds = position_kinds()
    yield pd.DataFrame(columns=COLUMNS).astype(kinds)
    for file in files:
        table = pd.read_parquet(file)
        failed = table[table.error.notna()]
        errors += [{"file": row.article_id, "line": None, "reason": row.error} for row in failed.itertuples()]
        yield table.loc[table.error.isna(), COLUMNS].astype(kinds)
