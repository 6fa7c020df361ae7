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
            future = submit(client, part.articles, part.target, now)
            waiting[future] = part._replace(articles=part.articles[["article_id"]])
        for future in as_completed(list(waiting)):
            part, error = waiting.pop(future), future.exception()
            if isinstance(error, KilledWorker):
                error = one_by_one(client, part.target, now)
            if error:
                failed.append(f"{type(error).__name__}: {error}")
            else:
                yield part, False
    if failed:
        raise InputError(
            scheduler, f"{len(failed)} parts were not done ({failed[0]}); --resume keeps those that were"
        )


def submit(client, articles: pd.DataFrame, target: Path, now: str):
    """The future of articles that are tagged on a worker, handed over as a file beside the target."""
    source = target.with_suffix(".articles")
    articles.to_parquet(source, index=False)
    return client.submit(tag_file, str(source), str(target), now, pure=False)


def one_by_one(client, target: Path, now: str) -> Exception | None:
    """Tag a part's articles with no two of them at the same time, and write its positions to `target`; the
    error where it could not be done."""
    from dask.distributed import KilledWorker

    from analysis.tagging import untagged

    articles, tables = pd.read_parquet(target.with_suffix(".articles")), []
    for number in range(len(articles)):
        article, single = articles.iloc[[number]], target.with_stem(f"{target.stem}-{number}")
        error = submit(client, article, single, now).exception()
        if error and not isinstance(error, KilledWorker):
            return error
        tables.append(untagged(article, "every worker that tried died of it") if error else pd.read_parquet(single))
    write_table(pd.concat(tables, ignore_index=True), target)
    return None


def tag_file(source: str, target: str, expected: str) -> None:
    """Tag a part's file of articles on a worker and write its positions to `target`."""
    from analysis.tagging import tag_articles

    if Path(target).exists():  # by a worker that died before it could say so
        return
    if rules() != expected:
        raise InputError(target, "this worker has other code, models, codebook or roster")
    write_table(tag_articles(pd.read_parquet(source)), target)
