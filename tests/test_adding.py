"""New articles are added once, safely, and read back as they were found."""

import os
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from analysis import adding
from analysis.adding import ADDED_COLUMNS, add, add_article, free_name
from analysis.config import ARTICLES, InputError
from analysis.corpus import load_articles

BODY = "\n\n".join(
    f"The envoy of country {n} said in Geneva that its president was ready for talk number {n}, on condition "
    f"that paper {n} lay on the table."
    for n in range(12)
)
NEAR = BODY.replace("envoy of country 3", "negotiator from country 3")


@pytest.fixture
def local(tmp_path):
    return tmp_path / "local"


@pytest.fixture
def scraped(tmp_path):
    path = tmp_path / "envoys.txt"
    path.write_text(
        "Support Example News!\n\nEnvoys: “We Met”\n\n" + BODY + "\n\nSign up for our newsletter\n\nRead more"
    )
    return path


def test_scraped_text_becomes_markdown(scraped, local):
    table = add(
        scraped, date="22 August 2025", publisher="Example News", url="https://example.org/a", local=local
    )
    assert list(table.columns) == ADDED_COLUMNS
    row = table.iloc[0]
    assert (row.article_id, row.outcome, row.headline, row.date) == (
        "envoys",
        "added",
        "Envoys: “We Met”",
        pd.Timestamp("2025-08-22"),
    )
    assert {entry["rule"] for entry in table.attrs["removed"]} == {"appeal", "newsletter", "read more"}
    assert (local / "envoys.md").read_text() == (
        "---\nheadline: 'Envoys: “We Met”'\ndate: 2025-08-22\npublisher: Example News\nurl: https://example.org/a\n---\n"
        + BODY
        + "\n"
    )
    again = load_articles(local).iloc[0]
    assert (again.headline, again.text, again.url) == (row.headline, BODY, row.url) and os.listdir(local) == [
        "envoys.md"
    ]


def test_nothing_is_added_twice(scraped, local):
    add(scraped, url="https://www.example.org/a/?utm_source=x", local=local)
    assert add(scraped, local=local)[["outcome", "reason"]].values.tolist() == [
        ["refused", "same text as envoys"]
    ]
    table = add_article("Other words.", url="http://example.org/a#top", local=local)
    assert table[["outcome", "reason"]].values.tolist() == [["refused", "same address as envoys"]]
    table = add(ARTICLES, local=local)
    assert len(table) == 109 and set(table.outcome) == {"refused"}
    assert len(load_articles(local)) == 1


def test_wire_copy_is_kept_and_linked(scraped, local):
    add(scraped, local=local)
    table = add_article(NEAR, date="2025-08-23", publisher="Another", headline="Envoys met", local=local)
    assert table.loc[0, ["article_id", "outcome", "reason"]].to_list() == [
        "2025-08-23-another-envoys-met",
        "linked",
        "near copy of envoys",
    ]
    assert "same_as: envoys\n" in (local / "2025-08-23-another-envoys-met.md").read_text()


def test_copies_within_one_folder(tmp_path, local):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, text in (("a", BODY), ("b", BODY), ("c", NEAR), ("d", "Something else.")):
        (folder / f"2025-08-2{len(text) % 7}-{name}.txt").write_text(text)
    table = add(folder, local=local).set_index("article_id").outcome
    assert sorted(table) == ["added", "added", "linked", "refused"] and len(load_articles(local)) == 3


def test_undated_articles_are_added(local):
    table = add_article("An envoy spoke.", local=local)
    assert table.loc[0, ["article_id", "outcome"]].to_list() == ["undated", "added"] and pd.isna(
        table.date[0]
    )
    assert add_article("", local=local).empty and add_article(" \n", local=local).attrs["problems"]


@pytest.mark.parametrize(
    "given",
    [
        {"date": "soon"},
        {"url": "javascript:alert(1)"},
        {"url": "x"},
        {"date": "2025-02-31"},
        {"publisher": ["a"]},
    ],
)
def test_wrong_fields_are_refused_before_anything_is_written(scraped, local, given):
    with pytest.raises(InputError):
        add(scraped, **given, local=local)
    with pytest.raises(InputError):
        add_article("Text.", **given, local=local)
    assert not local.exists()


def test_one_address_for_several_articles_is_refused(tmp_path, scraped, local):
    (tmp_path / "b.txt").write_text("Other words.")
    with pytest.raises(InputError, match="one url for 2 articles"):
        add([scraped, tmp_path / "b.txt"], url="https://example.org", local=local)
    assert not local.exists()


def test_names_are_free():
    used = Counter(["a", "b"])
    assert [free_name(name, used) for name in ["a", "A", "a", "a-2"]] == ["a-2", "A-3", "a-4", "a-2-2"]


def test_an_earlier_file_is_never_overwritten(local, scraped):
    local.mkdir()
    (local / "envoys.md").write_text("---\nheadline: 'broken\n---\nmine")
    add(scraped, local=local)
    assert (local / "envoys.md").read_text().endswith("mine") and len(os.listdir(local)) == 2


def test_a_failed_write_leaves_nothing_half_done(scraped, local, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        add(scraped, local=local)
    assert os.listdir(local) == []


def test_linked_articles_are_found_by_duplicates(scraped, local):
    add(scraped, local=local), add_article(NEAR, local=local)
    assert adding.duplicates(load_articles(local)).kind.to_list() == ["near"]


@pytest.mark.parametrize("written", range(5))
def test_an_interrupted_add_is_finished_by_the_next(tmp_path, local, monkeypatch, written):
    folder = tmp_path / "folder"
    (folder / "more").mkdir(parents=True)
    texts = {"a": BODY, "b": "Other words.", "c": NEAR, "d": "A fourth text.", "more/a": "Another of this name."}
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    add(folder, local=tmp_path / "undisturbed")
    write, calls = adding.write, []

    def interrupted(*arguments):
        if len(calls) == written:
            raise KeyboardInterrupt
        calls.append(write(*arguments))

    monkeypatch.setattr(adding, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        add(folder, local=local)
    monkeypatch.setattr(adding, "write", write)
    add(folder, local=local)
    assert {path.name: path.read_text() for path in local.iterdir()} == {
        path.name: path.read_text() for path in (tmp_path / "undisturbed").iterdir()
    }
