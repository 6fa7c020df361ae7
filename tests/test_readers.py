"""Each file type becomes records; what cannot be used is refused with file, line and reason."""

import json

import pandas as pd
import pytest

from analysis.corpus import readers
from analysis.config import InputError
from analysis.corpus.files import NoArticle
from analysis.corpus.readers import read

BODY = "The envoys met in Geneva.\n\nThey will meet again."
FRONT = "---\nheadline: Envoys: they meet\ndate: 2025-08-22\npublisher: Example\nurl: https://example.org/a\n---\n"


def made(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


def refusal(path):
    """The one reason for which a file or its only record is refused."""
    try:
        (record,) = read(path)
    except InputError as error:
        record = error
    assert isinstance(record, InputError) and record.path == str(path)
    return record


def test_text(tmp_path):
    assert list(read(made(tmp_path, "2025-08-22-x.txt", BODY))) == [
        {"article_id": "2025-08-22-x", "date": "2025-08-22", "text": BODY}
    ]
    assert next(read(made(tmp_path, "x.txt", BODY)))["date"] is None
    assert next(read(made(tmp_path, "2025-08-221.txt", BODY)))["date"] is None


def test_markdown(tmp_path):
    path = made(
        tmp_path, "a.md", FRONT.replace("Envoys: they", "'Envoys: they").replace("meet\n", "meet'\n") + BODY
    )
    assert list(read(path)) == [
        {
            "headline": "Envoys: they meet",
            "date": "2025-08-22",
            "publisher": "Example",
            "url": "https://example.org/a",
            "article_id": "a",
            "text": BODY,
        }
    ]


@pytest.mark.parametrize(
    "content, line, reason",
    [
        (FRONT + BODY, 2, "mapping values"),
        ("---\nheadline: x\n" + BODY, 1, "no closing"),
        ("---\n- a\n---\n" + BODY, 2, "no 'key: value'"),
        ("---\n---\n" + BODY, 2, "no 'key: value'"),
        ("---\na: [b\n---\n" + BODY, 3, "broken front matter"),
        ("---\na: b\n\tc: d\n---\n" + BODY, 3, "broken"),
        ("---\n" + "[" * 9_000 + "\n---\n", 1, "broken"),
        ("---\na: *b\n---\n", 2, "undefined alias"),
        ("---\n" + "a: b\n" * 5_000 + "---\n" + BODY, 1, "no closing"),
    ],
)
def test_broken_front_matter(tmp_path, content, line, reason):
    error = refusal(made(tmp_path, "a.md", content))
    assert reason in error.reason and (error.line == line or reason == "broken")


def test_markdown_without_front_matter_is_no_article(tmp_path):
    with pytest.raises(NoArticle):
        next(read(made(tmp_path, "README.md", "# Read me\n\nThis folder holds articles.")))


def test_table(tmp_path):
    frame = pd.DataFrame(
        {
            "Article_ID": ["a", "b"],
            "date": ["2025-08-22", None],
            "publisher": "P",
            "title": ["T", "U"],
            "url": None,
            "text": [BODY, "Text, with a comma."],
            "extra": 1,
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_csv(tmp_path / "b.csv", index=False, sep=";")
    frame.rename(columns=str.lower).to_parquet(tmp_path / "c.parquet")
    frame.rename(columns={"Article_ID": "article"}).to_json(
        tmp_path / "d.jsonl", orient="records", lines=True
    )
    for name in ("a.csv", "b.csv", "c.parquet", "d.jsonl"):
        records = list(read(tmp_path / name))
        assert [record["article_id"] for record in records] == ["a", "b"]
        assert [record["text"] for record in records] == [BODY, "Text, with a comma."]
        assert [record["headline"] for record in records] == ["T", "U"]
        assert records[0]["date"] == "2025-08-22" and not records[1]["date"]


def test_rows_that_cannot_be_used_do_not_stop_the_others(tmp_path):
    path = made(tmp_path, "a.csv", 'article_id,text\na,One.\nb\nc,Three.,surplus\n,Four.\ne,"open')
    found = list(read(path))
    assert [one["article_id"] for one in found if isinstance(one, dict)] == ["a", "a-5"]
    assert [(one.line, one.reason[:20]) for one in found if isinstance(one, InputError)] == [
        (3, "no text"),
        (4, "more fields than the"),
        (6, "broken CSV from here"),
    ]
    path = made(
        tmp_path, "a.jsonl", '{"text": "One."}\n\n[1]\n{"text": 2}\n{"text"\n{"date": "x"}\n' + "[" * 9_999
    )
    found = list(read(path))
    assert [one["article_id"] for one in found if isinstance(one, dict)] == ["a-1"]
    assert [(one.line, one.reason[:11]) for one in found if isinstance(one, InputError)] == [
        (3, "no JSON obj"),
        (4, "no text"),
        (5, "broken JSON"),
        (6, "no text"),
        (7, "broken JSON"),
    ]


@pytest.mark.parametrize(
    "name, content", [("a.csv", "article_id,date\na,b\n"), ("a.jsonl", '{"id": "a"}\n'), ("a.pdf", "x")]
)
def test_files_without_articles(tmp_path, name, content):
    with pytest.raises(NoArticle):
        list(read(made(tmp_path, name, content)))


def test_parquet_without_text(tmp_path):
    pd.DataFrame({"article_id": ["a"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(NoArticle, match="no column 'text'"):
        list(read(tmp_path / "a.parquet"))


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        (bytes(range(256)) * 9, "binary"),
        ("Переговоры прошли в Женеве.".encode("cp1251"), "windows-1251"),
        ("Café déjà vu, he said.".encode("cp1252"), "windows-1252"),
        ("Talks".encode("utf-16-le"), "UTF-16"),
        (b"\xff\xfeT", "utf-16"),
        (b"\xef\xbb\xbf\xff", "not UTF-8"),
        (b"line one\nline \xe9 two", "not UTF-8"),
        (b"\xed\xa0\x80", "not UTF-8"),
        (b"PK\x03\x04\0\0", "binary"),
        (b"\x1f\x8b\x08\0\0", "binary"),
    ],
)
def test_bytes_that_are_no_text(tmp_path, content, reason):
    for name in ("a.txt", "a.md", "a.html", "a.csv", "a.jsonl"):
        assert reason.lower() in refusal(made(tmp_path, name, content)).reason.lower()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_tells_the_encoding(tmp_path, encoding):
    assert next(read(made(tmp_path, "a.txt", "Зеленский".encode(encoding))))["text"] == "Зеленский"


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "mem.txt").symlink_to("/proc/self/mem")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert refusal(tmp_path / "none.txt").reason == "no such file"
    assert refusal(tmp_path / "folder.txt").reason == "not a plain file"
    assert (
        "cannot be read" in refusal(tmp_path / "mem.txt").reason
        or "empty" in refusal(tmp_path / "mem.txt").reason
    )
    assert refusal(tmp_path / "loop.txt").reason
    assert refusal(tmp_path / ("x" * 300 + ".txt")).reason


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(50_000_000)
    assert "larger than 5 MB" in refusal(tmp_path / "a.txt").reason
    line = json.dumps({"text": "x" * 2_000_001})
    assert "more than 2,000,000 characters" in refusal(made(tmp_path, "a.jsonl", line)).reason
    monkeypatch.setattr(readers, "MAX_TABLE", 1000)
    assert "larger than" in refusal(made(tmp_path, "b.jsonl", line)).reason


def test_a_parquet_bomb_is_refused_by_its_size_after_unpacking(tmp_path, monkeypatch):
    path = tmp_path / "bomb.parquet"
    pd.DataFrame({"text": ["0" * 1_000_000 + str(n) for n in range(50)]}).to_parquet(path, compression="zstd")
    monkeypatch.setattr(readers, "MAX_TABLE", 10_000_000)
    assert path.stat().st_size < 1_000_000 and "unpacks to more than 10 MB" in refusal(path).reason


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"x" * 99 + b"PAR1", b"no parquet at all"])
def test_broken_parquet(tmp_path, content):
    assert "broken Parquet" in refusal(made(tmp_path, "a.parquet", content)).reason
