"""Folders of files become one table; what is refused, left out or removed is told."""

import csv
import os
import time
from pathlib import Path

import pandas as pd
import pytest

from analysis.config import ARTICLES, ROOT
from analysis.corpus import ARTICLE_COLUMNS, load_articles
from analysis.corpus.plaintext import plain

SHARED = Path(os.environ.get("WTS_SHARED", ROOT.parent / "shared"))
BODY = "The envoys met in Geneva on Sunday.\n\nThey will meet again."


def digest(folder, name="a", date="2025-08-22", text=BODY, suffix=".md", **fields):
    head = {
        "headline": f"Headline of {name}",
        "date": date,
        "publisher": "P",
        "url": f"https://example.org/{name}",
    } | fields
    path = Path(folder, name + suffix)
    path.write_text(
        "---\n" + "".join(f"{key}: {value}\n" for key, value in head.items() if value) + f"---\n{text}\n"
    )
    return path


def reasons(table, note="problems"):
    return {(Path(entry["file"]).name, entry["reason"]) for entry in table.attrs[note]}


def test_the_shipped_digests():
    table = load_articles(ARTICLES)
    assert list(table.columns) == ARTICLE_COLUMNS and len(table) == 109
    assert table.dtypes.astype(str).to_dict() == dict.fromkeys(ARTICLE_COLUMNS, "str") | {
        "date": "datetime64[us]"
    }
    assert table.notna().all().all() and table.article_id.is_unique
    assert table.date.iloc[[0, -1]].astype(str).to_list() == ["2025-02-05", "2026-06-07"]
    assert all(not table.attrs[note] for note in ("problems", "left_out", "removed"))
    assert (table.date.dt.strftime("%Y-%m-%d") == table.article_id.str[:10]).all()


def test_order_and_columns(tmp_path):
    for name, date in (("c", "2025-08-22"), ("b", "2025-08-22"), ("a", None), ("d", "2024-01-01")):
        digest(tmp_path, name, date)
    table = load_articles(tmp_path)
    assert list(table.article_id) == ["d", "b", "c", "a"]
    assert pd.isna(table.date[3]) and reasons(table) == {("a.md", "no date: kept, but undated")}
    first = table.iloc[0]
    assert (first.headline, first.publisher, first.url, first.text, first.origin) == (
        "Headline of d",
        "P",
        "https://example.org/d",
        BODY,
        str(tmp_path / "d.md"),
    )


def test_nothing_at_all(tmp_path):
    table = load_articles(tmp_path)
    assert (
        table.empty and list(table.columns) == ARTICLE_COLUMNS and str(table.date.dtype) == "datetime64[us]"
    )


def test_a_bad_file_does_not_stop_the_others(tmp_path):
    digest(tmp_path, "good")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "only boilerplate.txt").write_text("Read more")
    (tmp_path / "old.txt").write_bytes("Встреча прошла.".encode("cp1251"))
    digest(tmp_path, "broken", headline="'x")
    digest(tmp_path, "dates", date="soon", url="javascript:alert(1)", publisher="[a, b]")
    table = load_articles(tmp_path, tmp_path / "none.txt")
    assert (
        list(table.article_id) == ["good", "dates"]
        and table.loc[1, ["date", "url", "publisher"]].isna().all()
    )
    found = reasons(table)
    assert {name for name, _ in found} == {
        "empty.txt",
        "only boilerplate.txt",
        "old.txt",
        "broken.md",
        "dates.md",
        "none.txt",
    }
    assert {
        ("dates.md", "date: 'soon' is no date (write YYYY-MM-DD)"),
        ("dates.md", "no date: kept, but undated"),
        ("dates.md", "url: 'javascript:alert(1)' is no http or https address"),
        ("none.txt", "no such file"),
        ("dates.md", "publisher: not a plain value but a list"),
        ("only boilerplate.txt", "no text left after cleaning"),
    } <= found
    assert load_articles(tmp_path / "good.md").text[0] == table.text[0]


def test_what_holds_no_articles_is_left_out(tmp_path):
    digest(tmp_path, "a")
    (tmp_path / "README.md").write_text("# Read me")
    (tmp_path / "coded.csv").write_text("article_id,stance\na,support\n")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("x")
    table = load_articles(tmp_path)
    assert len(table) == 1 and not table.attrs["problems"]
    assert {name for name, _ in reasons(table, "left_out")} == {"README.md", "coded.csv", "photo.png"}
    assert {name for name, _ in reasons(load_articles(tmp_path / "README.md", tmp_path / "photo.png"))} == {
        "README.md",
        "photo.png",
    }  # asked for by name


def test_headline_and_date_of_scraped_text(tmp_path):
    path = tmp_path / "2025-08-22-x.txt"
    path.write_text("Support Example News!\n\nEnvoys Meet in Geneva\n\n" + BODY)
    row = load_articles(path).iloc[0]
    assert (row.headline, row.text, row.date) == ("Envoys Meet in Geneva", BODY, pd.Timestamp("2025-08-22"))
    path.write_text(BODY)
    assert pd.isna(load_articles(path).headline[0]) and load_articles(path).text[0] == BODY


def test_metadata(tmp_path):
    (tmp_path / "a.txt").write_text("Envoys meet\n\n" + BODY)
    (tmp_path / "b.txt").write_text(BODY)
    index = tmp_path / "index.csv"
    index.write_text(
        "article_id,date,publisher,title,url\na,2025-08-22,P,Envoys meet,https://example.org\n"
        "b,someday,,,javascript:x\n"
    )
    for table in (
        load_articles(tmp_path / "a.txt", tmp_path / "b.txt", metadata=index),
        load_articles(tmp_path),
    ):
        row = table.iloc[0]
        assert (row.headline, row.publisher, row.url, row.text) == (
            "Envoys meet",
            "P",
            "https://example.org",
            BODY,
        )
        assert [(entry["file"], entry["line"]) for entry in table.attrs["problems"]] == [(str(index), 3)] * 2
    assert reasons(table, "left_out") == {("index.csv", "an index: read for date, publisher, headline, url")}
    assert reasons(load_articles(tmp_path / "a.txt", metadata=tmp_path / "none.csv")) == {
        ("none.csv", "no such file")
    }


def test_ids(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "article_id,date,text\n../x,2025-01-01,One.\nx,2025-01-02,Two.\nx,2025-01-03,Three.\nX,2025-01-04,Four.\n"
    )
    table = load_articles(path)
    assert list(table.article_id) == ["x", "x-2", "x-3", "X"]
    assert [entry["line"] for entry in table.attrs["problems"]] == [2, 3, 4]


def test_the_same_file_is_read_once(tmp_path):
    path = digest(tmp_path)
    assert len(load_articles(path, tmp_path, str(tmp_path) + "/./")) == 1


def test_links_do_not_lead_out_of_the_folder(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir(), outside.mkdir()
    digest(outside, "secret"), digest(inside, "a")
    (inside / "link.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)
    (inside / "again").symlink_to(inside)
    table = load_articles(inside)
    assert list(table.article_id) == ["a"]
    assert reasons(table) == {("link.md", "a link that leads out of the folder: not followed")}


def test_notes_survive_pandas_without_copies(tmp_path):
    digest(tmp_path, date=None)
    table = load_articles(tmp_path)
    assert table[table.date.isna()].copy().attrs["problems"] is table.attrs["problems"]


def test_real_articles_keep_their_text():
    if not (SHARED / "real").is_dir():
        pytest.skip("the folder of real articles is not here (WTS_SHARED)")
    table = load_articles(SHARED / "real").set_index("article_id")
    assert len(table) == 89 and not table.attrs["problems"] and table.date.notna().all()
    with (SHARED / "real" / "coded.csv").open(encoding="utf-8") as file:
        lost = [
            row
            for row in csv.DictReader(file)
            if " ".join(plain(row["evidence"]).split()) not in " ".join(table.text[row["article_id"]].split())
        ]
    assert not lost


def test_the_first_article():
    if not (SHARED / "seed").is_dir():
        pytest.skip("the folder of the first article is not here (WTS_SHARED)")
    table = load_articles(SHARED / "seed")
    assert not table.attrs["problems"] and len(table.attrs["removed"]) == 30
    assert table.headline[0].startswith("Lavrov") and table.text[0].startswith(
        "Russian Foreign Minister Sergei"
    )
    assert len(table.text[0].split("\n\n")) == 10 and table.text[0].endswith("he said.")


def test_a_thousand_articles_in_seconds(tmp_path):
    for number in range(300):
        digest(tmp_path, f"a{number}", text=BODY * 40)
    load_articles(tmp_path)
    start = time.process_time()
    assert len(load_articles(tmp_path)) == 300
    assert time.process_time() - start < 1.5
