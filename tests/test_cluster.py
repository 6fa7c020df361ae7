"""Tagging by a real Dask cluster of separate worker processes gives what one process gives."""

import os
import signal
import sys
import threading
import time

import dask
import dask.dataframe as dd
import pandas as pd
import pytest
from dask.distributed import Client, LocalCluster, WorkerPlugin
from made_corpus import write_corpus

from analysis import find_statements, load_articles, tag_positions, tagging
from analysis.__main__ import main

POISONED = "made-0000013"


def two_workers():
    return LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", memory_limit=0)


@pytest.fixture(scope="module")
def cluster():
    with two_workers() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("corpus"), 24)


@pytest.fixture(scope="module")
def articles(corpus):
    return load_articles(corpus)


@pytest.fixture(scope="module")
def whole(articles):
    return tag_positions(find_statements(articles))


def same(path, whole):
    keys = ["article_id", "statement_id", "topic"]
    found = pd.read_parquet(path)[tagging.COLUMNS].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(found, whole[tagging.COLUMNS].sort_values(keys, ignore_index=True))


@pytest.mark.parametrize("partitions", [1, 8])
def test_map_partitions_gives_the_rows_of_one_machine(articles, whole, cluster, tmp_path, partitions):
    (tmp_path / "articles").mkdir()
    for n, part in enumerate(range(0, len(articles), size := -(-len(articles) // partitions))):
        articles.iloc[part : part + size].to_parquet(tmp_path / "articles" / f"{n}.parquet")
    with Client(cluster), dask.config.set({"dataframe.convert-string": False}):
        table = dd.read_parquet(tmp_path / "articles", split_row_groups=True)
        assert table.npartitions == partitions
        positions_of(table, articles).to_parquet(tmp_path / "positions", write_index=False)
        found = dd.read_parquet(tmp_path / "positions").compute()
    pd.testing.assert_frame_equal(found.reset_index(drop=True), whole)


def positions_of(table, articles):
    """The two steps on each partition of a table of articles."""
    statements = find_statements(articles.head(0))
    found = table.map_partitions(find_statements, meta=statements)
    return found.map_partitions(tag_positions, meta=tag_positions(statements))


def test_work_per_partition_is_the_same_for_1_and_64(articles):
    """As many tasks for each partition, and none that joins them."""
    table = pd.concat([articles] * 3, ignore_index=True)[:64]
    tasks = {}
    for partitions in (1, 8, 64):
        graph = positions_of(dd.from_pandas(table, npartitions=partitions), articles).optimize()
        tasks[graph.npartitions] = len(graph.__dask_graph__()) / graph.npartitions
    assert max(tasks) == 64 and len(set(tasks.values())) == 1


def test_a_killed_worker_costs_nothing(corpus, whole, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(tagging, "PART", 2)
    with Client(cluster) as client:
        workers = client.run(os.getpid)
        victim = next(iter(workers.values()))
        written = tmp_path / ".positions.parts"

        def kill():
            deadline = time.monotonic() + 60
            while not list(written.glob("*.parquet")) and time.monotonic() < deadline:
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        options = ["--output", str(tmp_path / "positions"), "--scheduler", cluster.scheduler_address]
        assert main(["tag", str(corpus), *options]) == 0
        killer.join()
        client.wait_for_workers(2, timeout=60)
        assert victim not in client.run(os.getpid).values(), "the worker was killed for real"
    same(tmp_path / "positions", whole)


def test_a_poisoned_article_is_reported_and_the_rest_done(
    corpus, whole, cluster, tmp_path, monkeypatch, capsys
):
    def poison():
        from analysis import tagging

        tagging.find_statements = poisoned_statements(tagging.find_statements)

    def cure():
        from analysis import tagging

        tagging.find_statements = tagging.find_statements.cured

    monkeypatch.setattr(tagging, "PART", 8)
    with Client(cluster) as client:
        client.run(poison)
        try:
            options = ["--output", str(tmp_path / "t.parquet"), "--scheduler", cluster.scheduler_address]
            assert main(["tag", str(corpus), *options]) == 1
        finally:
            client.run(cure)
    assert f"{POISONED}: cannot be tagged: ValueError: poison" in capsys.readouterr().err
    same(tmp_path / "t.parquet", whole[whole.article_id != POISONED])


class Deadly(WorkerPlugin):
    """A worker, and each that takes its place, is killed by one article."""

    def setup(self, worker):
        from analysis import tagging

        find = tagging.find_statements
        tagging.find_statements = lambda articles: (
            os.kill(os.getpid(), signal.SIGKILL) if POISONED in set(articles.article_id) else find(articles)
        )


def test_an_article_that_kills_its_workers_costs_no_other(corpus, whole, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tagging, "PART", 8)
    with two_workers() as deadly, Client(deadly) as client:  # of its own: what is left of it is no use to others
        deadly.scheduler.allowed_failures = 0
        client.register_plugin(Deadly(), name="deadly")
        options = ["--output", str(tmp_path / "t.parquet"), "--scheduler", deadly.scheduler_address]
        assert main(["tag", str(corpus), *options]) == 1
    assert f"{POISONED}: cannot be tagged: every worker that tried died of it" in capsys.readouterr().err
    same(tmp_path / "t.parquet", whole[whole.article_id != POISONED])


def poisoned_statements(find):
    def poisoned(articles):
        if POISONED in set(articles.article_id):
            raise ValueError("poison")
        return find(articles)

    poisoned.cured = find
    return poisoned


def test_no_scheduler_and_no_dask_are_said_in_a_line(corpus, tmp_path, monkeypatch, capsys):
    output = ["--output", str(tmp_path / "t.csv")]
    assert main(["tag", str(corpus), *output, "--scheduler", "no-scheduler"]) == 1
    assert "no-scheduler: no Dask scheduler answers" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    assert main(["tag", str(corpus), *output, "--scheduler", "tcp://127.0.0.1:1"]) == 1
    assert "pip install -e .[cluster]" in capsys.readouterr().err
