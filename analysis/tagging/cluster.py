"""Parts tagged by the workers of a Dask scheduler: on one machine or many, Kubernetes or Coiled.

Articles and results go through Parquet files in the folder of the parts, which all workers must see; through
the scheduler goes no more than their names. A part whose worker dies is done again by another, and its file
is written whole or not at all, so that nothing is there twice. Where workers die of a part again and again,
its articles are tagged one after the other, so that only the one that they die of is left out.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.config import InputError
from analysis.output import write_table
from analysis.rerun import rules


def tag_parts(parts: Iterable, scheduler: str) -> Iterator[tuple]:
    """Tag the parts (see tagging.Part) on the cluster; with each, as they are done, whether it was there
    already. InputError where Dask is missing, no scheduler answers, or a part could not be done."""
    try:
        from dask.distributed import Client, KilledWorker, as_completed
    except ImportError:
        raise InputError("--scheduler", "needs Dask: pip install -e .[cluster]") from None
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise InputError(scheduler, f"no Dask scheduler answers: {error}") from None
    now, waiting, failed = rules(), {}, []
    with client:
        for part in parts:
            if part.target.exists():
                yield part, True
                continue
            source = part.target.with_suffix(".articles")
            part.articles.to_parquet(source, index=False)
            future = client.submit(tag_file, str(source), str(part.target), now, pure=False)
            waiting[future] = part._replace(articles=part.articles[["article_id"]])
        for future in as_completed(list(waiting)):
            part, error = waiting.pop(future), future.exception()
            if isinstance(error, KilledWorker):
                write_table(one_by_one(client, part.target.with_suffix(".articles")), part.target)
                yield part, False
            elif error:
                failed.append(f"{type(error).__name__}: {error}")
            else:
                yield part, False
    if failed:
        raise InputError(
            scheduler, f"{len(failed)} parts were not done ({failed[0]}); --resume keeps those that were"
        )


def one_by_one(client, source: Path) -> pd.DataFrame:
    """What tag_articles gives for a file of articles, with no two of them tagged at the same time."""
    from dask.distributed import KilledWorker

    from analysis.tagging import tag_articles, untagged

    articles, tables = pd.read_parquet(source), []
    for number in range(len(articles)):
        article = articles.iloc[[number]]
        try:
            tables.append(client.submit(tag_articles, article, pure=False).result())
        except KilledWorker:
            tables.append(untagged(article, "every worker that tried died of it"))
    return pd.concat(tables, ignore_index=True)


def tag_file(source: str, target: str, expected: str) -> None:
    """Tag a part's file of articles on a worker and write its positions to `target`."""
    from analysis.tagging import tag_articles

    if Path(target).exists():  # by a worker that died before it could say so
        return
    if rules() != expected:
        raise InputError(target, "this worker has other code, models, codebook or roster")
    write_table(tag_articles(pd.read_parquet(source)), target)
