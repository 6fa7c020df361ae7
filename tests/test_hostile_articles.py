"""Hostile input to load_articles and add: nothing is written elsewhere, the other articles stay the same.

The fuzz tests draw few inputs; 10,000 with WTS_FUZZ=10000 pytest tests/test_hostile_articles.py -k fuzz
"""

import json
import os
import re
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import adding
from analysis.adding import add, add_article
from analysis.config import InputError
from analysis.corpus import ARTICLE_COLUMNS, load_articles

GOOD = "The envoys met in Geneva on Sunday. “We will meet again,” the Ukrainian negotiator told reporters."
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PAYLOADS = {
    "script": "<script>alert(1)</script>",
    "handler": "<img src=x onerror=alert(1)>",
    "svg": "<svg/onload=alert(1)>",
    "style": "</style><style>*{background:url(https://evil.example)}",
    "comment": "<!--><script>alert(1)//-->",
    "close": "</textarea></title></pre><iframe src=javascript:alert(1)>",
    "javascript": "javascript:alert(1)",
    "spaced": "java\tscript:alert(1)",
    "data": "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript": "vbscript:msgbox(1)",
    "file": "file:///etc/passwd",
    "protocol-relative": "//evil.example/x",
    "quotes": 'https://example.org/" onclick="x',
    "markdown": "[x](javascript:alert(1))",
    "image": "![x](https://evil.example/beacon.png)",
    "latex": "$\\href{javascript:alert(1)}{x}$ \\input{/etc/passwd}",
    "html entity": "&lt;script&gt;&#x3c;b&#x3e;",
    "formula": '=HYPERLINK("https://evil.example")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "tab": "\t=1+1",
    "yaml tag": "!!python/object/apply:os.system ['touch x']",
    "yaml": "x\n---\nurl: javascript:x\n---\n",
    "merge": "<<: *a",
    "traversal": "../../../../tmp/x",
    "absolute": "/etc/cron.d/x",
    "windows": "C:\\Windows\\x..\\..\\y",
    "device": "CON",
    "dots": "..",
    "hidden": ".ssh/authorized_keys",
    "home": "~/x",
    "shell": "$(touch x)`touch x`;touch x",
    "format": "{0.__class__.__mro__} %s %n {{7*7}}",
    "nul": "a\x00b.md",
    "escape": "\x1b[2J\x1b]0;x\x07",
    "return": "good\rbad",
    "lines": "a\nb\u2028c\u2029d\x85e",
    "bidi": "abc\u202egnp.exe\u2066",
    "zero width": "a\u200bb\ufeffc",
    "surrogate": "a\ud800b\udfff",
    "noncharacter": "a\uffff\ufffe",
    "long": "x" * 100_000,
    "combining": "a" + "\u0301" * 5_000,
    "wide": "\U0001f4a9\U0010fffd" * 50,
    "number": 10**30,
    "list": [1, [2]],
    "mapping": {"a": {"b": 1}},
    "true": True,
    "empty": "",
    "spaces": " \n\t ",
    "backslashes": "\\" * 5_000,
    "stars": "*" * 20_000,
    "brackets": "[" * 20_000,
    "links": "[a](" * 5_000,
    "underscores": "_a" * 20_000,
    "dashes": "- " * 20_000,
    "sign up": "Sign up to our " * 3_000,
    "read": "read more " * 5_000,
    "photo": "Photo: A B/" * 5_000,
    "lines of one": "a\n" * 20_000,
    "gaps": "a    " * 20_000,
}
FIELDS = ("article_id", "headline", "publisher", "url", "date", "text")


@pytest.fixture(autouse=True, scope="module")
def no_digests(tmp_path_factory):
    """add compares with data/articles: an empty folder in its place keeps these many tests fast."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adding, "ARTICLES", tmp_path_factory.mktemp("articles"))
        yield


def snapshot(folder):
    """Every path below a folder, with what the file holds."""
    return {path: path.read_bytes() if path.is_file() else None for path in Path(folder).rglob("*")}


def check_table(table):
    """What holds for every table of articles, whatever came in."""
    assert list(table.columns) == ARTICLE_COLUMNS and table.article_id.is_unique
    for row in table.itertuples():
        assert re.fullmatch(r"\w[\w.()+,’ -]*", row.article_id) and ".." not in row.article_id
        assert len(row.article_id.encode()) <= 160 and row.text.strip()
        assert pd.isna(row.url) or re.match("https?://[^\\s\"'<>]+$", row.url, re.I)
        for value in (row.headline, row.publisher, row.url, row.origin):
            assert pd.isna(value) or not UNSEEN.search(value) and "\n" not in value
        assert not UNSEEN.search(row.text)
    for problem in table.attrs["problems"] + table.attrs["left_out"]:
        assert (
            problem["file"] and problem["reason"] and not UNSEEN.search(problem["file"] + problem["reason"])
        )
        assert "\n" not in problem["file"] + problem["reason"] and len(problem["reason"]) < 500


def attack(folder, *names):
    """Load a folder and add it: the good article is the same as alone, and only `local` is written to."""
    alone = folder.parent / "alone"
    for place in (folder, alone):
        place.mkdir(exist_ok=True)
        (place / "2025-08-22-good.txt").write_text(GOOD, encoding="utf-8")
    before, start = snapshot(folder.parent), time.process_time()
    table = load_articles(folder, *names)
    check_table(table)
    good = table[table.origin.str.endswith("2025-08-22-good.txt")].drop(columns="origin")
    pd.testing.assert_frame_equal(
        good.reset_index(drop=True), load_articles(alone).drop(columns="origin"), check_flags=False
    )
    local = folder.parent / "local"
    added = add([folder, *names], local=local)
    assert time.process_time() - start < 10
    assert snapshot(folder.parent).items() - before.items() == {
        (path, held)
        for path, held in snapshot(folder.parent).items()
        if path == local or path.parent == local
    }
    assert {path.suffix for path in local.iterdir()} == {".md"}
    again = load_articles(local)
    check_table(again)
    assert len(again) == added.outcome.isin(["added", "linked"]).sum()
    return table


@pytest.mark.parametrize("payload", PAYLOADS)
def test_through_every_field(tmp_path, payload):
    folder = tmp_path / "in"
    folder.mkdir()
    sound = {"date": "2025-08-22", "text": "Peskov said no meeting was planned."}
    rows = [
        sound | {"article_id": f"a{number}", field: PAYLOADS[payload]} for number, field in enumerate(FIELDS)
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    table = attack(folder)
    assert {"a1", "a2", "a3", "a4"} <= set(table.article_id)  # a bad field does not cost the article


NAMES = [
    "<script>alert(1)<|script>.txt",
    "=cmd.txt",
    "a\nb.txt",
    "a\x1b[2J.txt",
    "a\u202edm.txt",
    "..txt",
    "-rf.txt",
    " .txt",
    "x" * 240 + ".txt",
    "я" * 120 + ".txt",
    "%2e%2e%2f.txt",
    "$(touch x).txt",
    "a'b\"c.txt",
    "CON.txt",
    "a;b&c.txt",
    "A.TXT",
]


@pytest.mark.parametrize("name", NAMES)
def test_through_file_names(tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_text("Peskov said no meeting was planned. He left.")
    assert len(attack(folder)) == (1 if name.startswith(".") else 2)


def test_a_file_name_that_is_no_text(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"a\xff.txt")).write_text("Peskov said no meeting was planned.")
    except OSError:
        pytest.skip("this file system has no such names")
    assert len(attack(folder)) == 2


STRUCTURES = {
    "yaml alias bomb.md": "---\na: &a [x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{new}: &{new} [{','.join(['*' + old] * 8)}]\n"
        for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "headline: *j\n---\nText.",
    "yaml object.md": "---\nheadline: !!python/object/apply:os.system [touch x]\ndate: 2025\n---\nText.",
    "yaml deep.md": "---\nheadline: " + "[" * 9_000 + "\n---\nText.",
    "yaml keys.md": "---\n? [a]: b\n: c\n---\nText.",
    "yaml binary.md": "---\nheadline: !!binary aGk=\ndate: !!float 1e999\n---\nText.",
    "fences.md": "---\n" * 10_000,
    "endless front matter.md": "---\na: " + "x" * 1_000_000,
    "quote.csv": 'text\n"' + "x" * 1_000_000,
    "quotes.csv": "text\n" + '"""' * 100_000,
    "columns.csv": ",".join(["text"] * 50_000) + "\n" + "x," * 49_999 + "x",
    "no columns.csv": "\n" * 10_000,
    "json deep.jsonl": '{"text":' * 20_000,
    "json number.jsonl": '{"text": 1' + "0" * 10_000 + "}",
    "json keys.jsonl": json.dumps({"text": "A.", **{f"k{n}": n for n in range(50_000)}}),
    "json nan.jsonl": '{"text": NaN}',
    "json line.jsonl": "x" * 3_000_000,
    "binary.parquet": "PAR1" + "\0" * 5_000 + "PAR1",
    "html.html": "<" * 100_000,
    "50 MB.txt": "x " * 25_000_000,
    "many paragraphs.txt": "Said.\n\n" * 100_000,
    "one line.txt": "He said so. " * 100_000,
    "no spaces.txt": "x" * 1_900_000,
    "capitals.txt": "A. " * 300_000,
    "quotes.txt": "“" * 500_000 + "”" * 500_000,
    "zip.txt": "PK\x03\x04" + "\0" * 99,
    "gzip.gz": "\x1f\x8b\x08",
    "dates.csv": "text,date\nA.,9999-99-99\nB.,-1\nC.,1e9\n",
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_through_structure(tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_text(STRUCTURES[name], encoding="utf-8")
    attack(folder)


def test_through_links(tmp_path):
    folder, secret = tmp_path / "in", tmp_path / "secret.txt"
    folder.mkdir()
    secret.write_text("A secret.")
    (
        (folder / "link.txt").symlink_to(secret),
        (folder / "up").symlink_to(tmp_path),
        (folder / "loop.txt").symlink_to("loop.txt"),
    )
    os.mkfifo(folder / "pipe.txt")
    table = attack(folder)
    assert "secret" not in " ".join(table.text) and len(table) == 1


def test_a_link_in_the_place_of_the_new_file_is_not_followed(tmp_path):
    local, other = tmp_path / "local", tmp_path / "other.md"
    local.mkdir()
    other.write_text("mine")
    (local / "undated.md").symlink_to(other)
    add_article(GOOD, local=local)
    assert other.read_text() == "mine" and (local / "undated-2.md").exists()


def test_ten_thousand_files(tmp_path):
    for number in range(10_000):
        (tmp_path / f"{number}.txt").write_text("")
    start = time.process_time()
    assert len(load_articles(tmp_path).attrs["problems"]) == 10_000
    assert time.process_time() - start < 10


EXAMPLES = int(os.environ.get("WTS_FUZZ", 40))
FUZZ = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES == 40
)
MARKS = st.sampled_from(
    [
        "---\n",
        "text",
        "date",
        "headline",
        ": ",
        ",",
        '"',
        "{",
        "}",
        "[",
        "]",
        "\n",
        "\r",
        "\0",
        "“",
        "’",
        "*",
        "_",
        "<p>",
        "</",
        "<script>",
        "&",
        "!!",
        "&a",
        "*a",
        "Sign up to our",
        " here",
        "Read more",
        "Photo: ",
        "2025-08-22",
        "\ud800",
        "\u202e",
        "    ",
        "PAR1",
        "https://",
        "said",
        ".",
    ]
)
JUNK = st.lists(st.one_of(MARKS, st.text(max_size=20)), max_size=40).map("".join)
BYTES = st.one_of(
    st.binary(max_size=300),
    JUNK.map(lambda text: text.encode("utf-8", "surrogatepass")),
    JUNK.map(lambda text: text.encode("utf-16", "surrogatepass")),
    JUNK.map(lambda text: f"---\nheadline: {text[:50]}\n---\n{text}".encode("utf-8", "replace")),
)


@FUZZ
@given(
    data=BYTES, suffix=st.sampled_from([".md", ".txt", ".html", ".csv", ".jsonl", ".parquet"]), index=BYTES
)
def test_fuzz_load_articles(tmp_path_factory, data, suffix, index):
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    path = folder / f"a{suffix}"
    path.write_bytes(data), (folder / "index.csv").write_bytes(index)
    table = load_articles(path, metadata=folder / "index.csv")
    check_table(table)
    assert len(table) or table.attrs["problems"]


@FUZZ
@given(
    text=JUNK,
    headline=JUNK,
    publisher=JUNK,
    url=st.one_of(st.none(), JUNK.map("https://example.org/".__add__), JUNK),
    date=st.one_of(st.none(), st.dates(), JUNK),
)
def test_fuzz_add(tmp_path_factory, text, headline, publisher, url, date):
    local = tmp_path_factory.getbasetemp() / "fuzzed"
    shutil.rmtree(local, ignore_errors=True)
    try:
        table = add_article(text, headline=headline, publisher=publisher, url=url, date=date, local=local)
    except InputError:
        return
    again = load_articles(local) if local.exists() else table
    assert len(again) == len(table) and (len(table) or table.attrs["problems"])
    if local.exists():
        check_table(again)
        fields = ["headline", "publisher", "url"]
        assert again.loc[0, fields].map(str).to_list() == table.loc[0, fields].map(str).to_list()
