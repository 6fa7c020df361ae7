"""A rerun gives what a full run gives, tags only what is new, and survives what happens to what it kept."""

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import find_statements, load_articles, rerun, tag_positions
from analysis.config import ARTICLES, LOCAL
from analysis.rerun import FIELDS, HEAD, LAST, TAGGED, checksums


@pytest.fixture(scope="module")
def articles():
    """A handful of digests, and an article in which nobody says anything."""
    silent = pd.DataFrame({"article_id": ["silent"], "date": [pd.NaT], "text": ["Rain fell on the town."]})
    found = load_articles(ARTICLES).iloc[36:45]
    return pd.concat([found, silent.astype({"date": "datetime64[us]"})], ignore_index=True).astype(
        found.dtypes
    )


@pytest.fixture(scope="module")
def store(articles, tmp_path_factory):
    """A folder with what was found in all of them."""
    folder = tmp_path_factory.mktemp("cache")
    rerun.rerun(articles, folder=folder)
    return folder


@pytest.fixture
def tagged(monkeypatch):
    """The ids of the articles that are tagged while the test runs."""
    seen = []
    monkeypatch.setattr(rerun, "find_statements",
                        lambda table: seen.extend(table["article_id"]) or find_statements(table))
    return seen


def full(articles):
    statements = find_statements(articles)
    return articles[HEAD[:-1]].reset_index(drop=True), statements, tag_positions(statements)


def assert_same(run, articles):
    for found, expected in zip((run.articles[HEAD[:-1]], *run[1:]), full(articles), strict=True):
        assert_frame_equal(found, expected)


@pytest.mark.parametrize("seed", range(3))
def test_any_parts_in_any_order_give_what_a_full_run_gives(articles, tmp_path, seed):
    random = np.random.default_rng(seed)
    for _ in range(2):
        part = articles.iloc[random.permutation(len(articles))[:random.integers(1, len(articles))]]
        assert_same(rerun.rerun(part, folder=tmp_path), part)


def test_an_id_that_comes_twice_is_refused(articles, tmp_path):
    with pytest.raises(ValueError, match="same article_id"):
        rerun.rerun(articles.iloc[[0, 0]], folder=tmp_path)


def test_all_at_once_and_none(articles, store, tmp_path):
    assert_same(rerun.rerun(articles, folder=store), articles)
    for folder in (store, tmp_path):
        assert_same(rerun.rerun(articles[:0], folder=folder), articles[:0])


def test_nothing_is_tagged_twice(articles, store, tmp_path, tagged):
    shutil.copytree(store, tmp_path, dirs_exist_ok=True)
    rerun.rerun(articles[::-1], folder=tmp_path)
    assert not tagged
    rerun.rerun(articles[:2].assign(article_id=["a", "b"]), folder=tmp_path)
    rerun.rerun(articles, folder=tmp_path)
    assert tagged == ["a", "b"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_change_of_any_field_is_seen(articles, store, tmp_path, tagged, field):
    shutil.copytree(store, tmp_path, dirs_exist_ok=True)
    changed = articles.copy()
    changed.loc[3, field] = (
        pd.Timestamp("2026-01-01") if field == "date" else f"Moscow {changed.loc[3, field]}"
    )
    run = rerun.rerun(changed, folder=tmp_path)
    assert tagged == [changed.article_id[3]]
    assert_same(run, changed)
    assert set(checksums(changed)) - set(checksums(articles)) == {run.articles.sha256[3]}


@pytest.mark.parametrize("name", ["CODEBOOK", "SPEAKERS", "COUNTRIES", "TITLES", "MODELS"])
def test_a_change_of_the_rules_tags_all_again(articles, store, tmp_path, monkeypatch, tagged, name):
    shutil.copytree(store, tmp_path / "cache")
    path = tmp_path / getattr(rerun, name).name
    (shutil.copytree if name == "MODELS" else shutil.copy)(getattr(rerun, name), path)
    with (path / "stance.json" if name == "MODELS" else path).open("a") as file:
        file.write("\n")
    monkeypatch.setattr(rerun, name, path)
    rerun._loaded.cache_clear()
    try:
        rerun.rerun(articles[:2], folder=tmp_path / "cache")
        assert tagged == list(articles.article_id[:2])
    finally:
        rerun._loaded.cache_clear()


def test_what_is_damaged_is_made_anew(articles, store, tmp_path, capsys):
    """Cut at any place, one bit turned at any place, or no such file at all: never another result."""
    good, part, random = (store / TAGGED).read_bytes(), articles[:1], np.random.default_rng(0)
    expected = full(part)
    for turn in range(18):
        data = bytearray(good)
        place = int(random.integers(len(data)))
        data[place] ^= 1 << random.integers(8)
        (tmp_path / TAGGED).write_bytes(data[:place] if turn % 3 == 0 else data)
        run = rerun.rerun(part, folder=tmp_path)
        lines = capsys.readouterr().err.splitlines()
        assert not lines or (len(lines) == 1 and lines[0].startswith(f"{TAGGED}: damaged, made anew ("))
        assert_frame_equal(run.positions, expected[2])
        assert turn % 3 or lines


@pytest.mark.parametrize("other", [b"", b"PAR1", b"no table"])
def test_what_is_no_table_is_made_anew(articles, tmp_path, capsys, other):
    (tmp_path / TAGGED).write_bytes(other)
    assert_same(rerun.rerun(articles[:1], folder=tmp_path), articles[:1])
    assert capsys.readouterr().err.count("\n") == 1
    assert_same(rerun.rerun(articles[:1], folder=tmp_path), articles[:1])
    assert not capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_costs_nothing_else(articles, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert_same(rerun.rerun(articles[:1], folder=tmp_path / "file" / "cache"), articles[:1])
    assert capsys.readouterr().err.startswith(f"{TAGGED}: not kept (")


@pytest.mark.parametrize("where", [(pd.DataFrame, "to_parquet"), (Path, "replace")])
def test_an_interrupted_run_leaves_what_was_kept(articles, store, tmp_path, monkeypatch, tagged, where):
    """Stopped while writing, or before the new file takes its place: the next goes on from the old one."""
    shutil.copytree(store, tmp_path, dirs_exist_ok=True)
    changed = articles.assign(publisher=articles.publisher.where(articles.index != 2, "Another"))

    def stop(self, path, **options):
        Path(path).write_bytes(b"PAR1 half of it") if where[0] is pd.DataFrame else None
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*where, stop)
        with pytest.raises(KeyboardInterrupt):
            rerun.rerun(changed, folder=tmp_path)
    assert (
        os.listdir(tmp_path) == [TAGGED] and (tmp_path / TAGGED).read_bytes() == (store / TAGGED).read_bytes()
    )
    assert_same(rerun.rerun(changed, folder=tmp_path), changed)
    assert tagged == [changed.article_id[2]] * 2


def test_a_run_is_remembered(articles, store, tmp_path):
    assert rerun.last(folder=tmp_path) is None
    run = rerun.rerun(articles, folder=store)
    rerun.remember(run, folder=tmp_path)
    for found, expected in zip(rerun.last(folder=tmp_path), run, strict=True):
        assert_frame_equal(found, expected)
    assert os.listdir(tmp_path) == [LAST]


def test_own_articles(tmp_path):
    (tmp_path / "a.md").write_text("---\ndate: 2025-08-22\n---\nLavrov said no.\n")
    articles = load_articles(*sorted(ARTICLES.glob("*.md"))[:2], tmp_path)
    assert rerun.own(articles, local=tmp_path).to_list() == [False, False, True]
    assert not rerun.own(articles).any()


def test_what_is_kept_is_no_article(articles, store, tmp_path):
    assert rerun.CACHE.parent == LOCAL
    shutil.copytree(store, tmp_path / rerun.CACHE.name)
    (tmp_path / "a.md").write_text("---\ndate: 2025-08-22\n---\nLavrov said no.\n")
    found = load_articles(tmp_path)
    assert list(found.article_id) == ["a"] and not any(found.attrs.values())


def test_one_more_article_is_quick(articles, tmp_path):
    """One more than 119 in a third of the time at most; of 1,000 it is a hundredth, too slow to test here."""
    many = pd.concat([articles[:8].assign(article_id=[f"{name}-{n}" for name in articles.article_id[:8]])
                      for n in range(15)], ignore_index=True)
    seconds = []
    for part in (many[1:], many):
        start = time.process_time()
        rerun.rerun(part, folder=tmp_path)
        seconds.append(time.process_time() - start)
    assert seconds[1] < seconds[0] / 3
