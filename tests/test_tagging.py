"""Tagging in parts: the result is that of one go, whatever was stopped, killed or poisoned in between."""

import json
import os
import sys
import time

import pandas as pd
import pytest
from made_corpus import write_corpus

from analysis import find_statements, load_articles, tag_positions, tagging
from analysis.__main__ import main
from analysis.config import InputError
from analysis.output import original_cells
from analysis.tagging.estimate import estimate


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A JSONL file of 24 articles."""
    return write_corpus(tmp_path_factory.mktemp("corpus"), 24)


@pytest.fixture(scope="module")
def whole(corpus):
    """All its positions, found in one go."""
    return in_order(tag_positions(find_statements(load_articles(corpus))))


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(tagging, "PART", 5)


def in_order(table):
    """Rows in an order that does not depend on the parts."""
    keys = ["article_id", "statement_id", "topic"]
    return table[tagging.COLUMNS].sort_values(keys, ignore_index=True)


def same(path, whole):
    if path.suffix == ".csv":
        found = original_cells(pd.read_csv(path, parse_dates=["date", "said_on"]))
        found = found.astype(whole.dtypes)
    else:
        found = pd.read_parquet(path)
    pd.testing.assert_frame_equal(in_order(found), whole)
    assert not list(path.parent.glob(".*")), "nothing is left beside the result"


@pytest.mark.parametrize("name", ["table.csv", "table.parquet", "months"])
def test_parts_make_the_table_of_one_go(corpus, whole, small, tmp_path, name):
    done = tagging.tag([corpus], tmp_path / name)
    assert (done.articles, done.positions, done.kept) == (24, len(whole), 0)
    same(tmp_path / name, whole)


def test_a_folder_has_a_part_for_each_month(corpus, whole, tmp_path):
    undated = tmp_path / "undated.txt"
    undated.write_text("Putin said on Monday he was ready to meet Zelensky.\n", "utf-8")
    done = tagging.tag([corpus, undated], tmp_path / "months")
    assert done.undated == {str(undated)}
    months = {path.name for path in (tmp_path / "months").iterdir()}
    assert months == {f"month={m}" for m in {*whole.date.dt.strftime("%Y-%m"), "undated"}}
    august = pd.read_parquet(tmp_path / "months", filters=[("month", "=", min(months)[6:])])
    assert set(august.date.dt.strftime("%Y-%m")) == {min(months)[6:]}


@pytest.mark.parametrize("name", ["table.csv", "table.parquet", "months"])
def test_without_articles_there_is_an_empty_table(tmp_path, name):
    done = tagging.tag([tmp_path / "none.txt"], tmp_path / name)
    assert (done.articles, done.positions) == (0, 0)
    assert [problem["reason"] for problem in done.problems] == ["no such file"]
    if name == "months":
        assert list((tmp_path / name).iterdir()) == []
    else:
        read = pd.read_csv if name.endswith("csv") else pd.read_parquet
        assert read(tmp_path / name).columns.tolist() == tagging.COLUMNS


def test_articles_of_one_id_are_all_counted(tmp_path):
    lines = [{"article_id": "a", "date": "2025-08-20", "text": f"It rained {n} times."} for n in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert tagging.tag([tmp_path / "a.jsonl"], tmp_path / "t.csv").articles == 3


def test_a_folder_of_something_else_is_left_alone(corpus, small, tmp_path, monkeypatch):
    monkeypatch.setattr(tagging, "tag_articles", lambda _: pytest.fail("it is said before the work begins"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="mine: is there and no dataset of an earlier run"):
        tagging.tag([corpus], tmp_path / "mine")
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"


def test_an_interrupted_run_goes_on(corpus, whole, small, tmp_path, monkeypatch):
    real, calls = tagging.tag_articles, []

    def interrupted(articles):
        calls.append(len(articles))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(articles)

    monkeypatch.setattr(tagging, "tag_articles", interrupted)
    with pytest.raises(KeyboardInterrupt):
        tagging.tag([corpus], tmp_path / "t.parquet")
    assert not (tmp_path / "t.parquet").exists()
    done = tagging.tag([corpus], tmp_path / "t.parquet", resume=True)
    assert done.kept == 2 and calls == [5, 5, 5, 5, 5, 4]
    same(tmp_path / "t.parquet", whole)


def test_resume_keeps_no_part_whose_articles_have_changed(corpus, small, tmp_path, monkeypatch):
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(corpus.read_bytes())
    monkeypatch.setattr(tagging, "write_tables", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tagging.tag([copy], tmp_path / "t.parquet")
    monkeypatch.undo()
    monkeypatch.setattr(tagging, "PART", 5)
    lines = copy.read_text("utf-8").splitlines()
    lines[7] = json.dumps(json.loads(lines[7]) | {"text": "Putin said he would not meet Zelensky in Kyiv."})
    copy.write_text("\n".join(lines), "utf-8")
    done = tagging.tag([copy], tmp_path / "t.parquet", resume=True)
    assert done.kept == 4
    same(tmp_path / "t.parquet", in_order(tag_positions(find_statements(load_articles(copy)))))


@pytest.mark.parametrize("poisoned", ["made-0000002", "made-0000007"])  # of the first part, and of another
def test_a_poisoned_article_costs_no_other(
    corpus, whole, small, tmp_path, monkeypatch, capsys, poisoned
):
    def poison(articles):
        if poisoned in set(articles.article_id):
            raise RecursionError("too deep")
        return find_statements(articles)

    monkeypatch.setattr(tagging, "find_statements", poison)
    assert main(["tag", str(corpus), "--output", str(tmp_path / "t.parquet")]) == 1
    assert f"{poisoned}: cannot be tagged: RecursionError: too deep" in capsys.readouterr().err
    same(tmp_path / "t.parquet", whole[whole.article_id != poisoned].reset_index(drop=True))


def test_the_number_of_articles_is_told_beforehand(corpus, tmp_path):
    table = load_articles(corpus)
    table.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.txt").write_text("x")
    files = [(corpus, True), (tmp_path / "a.parquet", True), (tmp_path / "b.txt", True)]
    assert estimate([*files, (tmp_path / "none.jsonl", True)]) == 24 + 24 + 1
