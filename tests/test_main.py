"""The command line: what it writes, what it says, and with which status it ends."""

import csv
import json
import subprocess
import sys
import time
from functools import partial

import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.config import ROOT
from analysis.positions import POSITION_COLUMNS

TEXT = (
    "Sergei Lavrov ruled out a meeting of Vladimir Putin and Volodymyr Zelensky on Friday.\r\n\r\n"
    "“There is no meeting planned,” the Russian foreign minister said.\n"
)
FIRST = ["article_id", "date", "publisher", "speaker", "topic", "stance"]


@pytest.fixture
def article(tmp_path):
    """One article as scraped."""
    path = tmp_path / "2025-08-22-no-meeting.txt"
    path.write_bytes(TEXT.encode())
    return path


def run(*arguments):
    """Run the command line; the exit status, also where argparse ends the program."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return end.code


def test_tag_keeps_no_memory_that_has_passed_through(article, tmp_path):
    command = ["tag", str(article), "--output", str(tmp_path / "all.parquet")]
    pool = "import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    code = f"from analysis.__main__ import main; main({command}); {pool}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "system"


def test_tag_writes_the_positions_table(article, tmp_path, capsys):
    index = tmp_path / "index.csv"
    index.write_text(
        f"article_id,publisher,title,url\n{article.stem},The Paper,A title,https://example.org/1\n"
    )
    assert run("tag", article, "--metadata", index, "--output", tmp_path / "out.csv") == 0
    assert run("tag", article, "--metadata", index, "--output", tmp_path / "out.parquet") == 0
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert table.columns[:6].tolist() == FIRST and set(table.columns) == set(POSITION_COLUMNS)
    lavrov = table[(table.speaker == "Sergei Lavrov") & (table.topic == "meeting")]
    assert set(lavrov.stance) == {"oppose"} and set(table.publisher) == {"The Paper"}
    assert pd.read_csv(tmp_path / "out.csv")[FIRST].to_dict("list")["speaker"] == table.speaker.tolist()
    captured = capsys.readouterr()
    assert captured.out.splitlines()[1] == f"{tmp_path / 'out.parquet'}: {len(table)} positions in 1 articles"
    assert captured.err == ""


def test_what_is_left_out_is_listed_and_the_rest_done(article, tmp_path, capsys):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.md").write_bytes(b"\0\1\2\3\0")
    (tmp_path / "cyrillic.txt").write_bytes("Переговоры в Женеве, сообщил Песков.".encode("cp1251"))
    assert run("tag", tmp_path, tmp_path / "none.txt", "--output", tmp_path / "out" / "table.csv") == 1
    errors = capsys.readouterr().err.splitlines()
    assert sorted(line.split(": ")[0].split("/")[-1] for line in errors) == [
        "binary.md",
        "cyrillic.txt:1",
        "empty.txt",
        "none.txt",
    ]
    with (tmp_path / "out" / "table.csv").open(newline="") as file:
        assert {row["article_id"] for row in csv.DictReader(file)} == {article.stem}


def test_add_shows_what_it_found_and_refuses_doubles(article, tmp_path, capsys, monkeypatch):
    import analysis.adding

    monkeypatch.setattr(analysis.adding, "add", partial(analysis.adding.add, local=tmp_path / "local"))
    assert run("add", article, "--publisher", "The Paper", "--headline", "No meeting") == 0
    assert run("add", article, "--publisher", "The Paper", "--headline", "No meeting") == 0
    assert run("add", article, "--date", "someday") == 1
    name = "2025-08-22-no-meeting"
    captured = capsys.readouterr()
    assert captured.out == (
        f"added: {name} (2025-08-22, The Paper, No meeting)\nrefused: {article} (same text as {name})\n"
    )
    assert captured.err.startswith("given: ")
    assert [path.name for path in (tmp_path / "local").iterdir()] == [f"{name}.md"]


def test_undated_articles_are_kept_and_named(article, tmp_path, capsys):
    undated = article.rename(tmp_path / "no-meeting.txt")
    assert run("tag", undated, "--output", tmp_path / "out.csv") == 0
    assert capsys.readouterr().err == f"{undated}: no date (kept; left out of charts over time)\n"
    table = pd.read_csv(tmp_path / "out.csv")
    assert len(table) and table.date.isna().all()


def test_attribute_gives_offsets_into_the_raw_text(article, tmp_path, capsys):
    lines = tmp_path / "more.jsonl"
    lines.write_text(
        json.dumps({"article": "a/1", "text": TEXT}) + "\n\n" + json.dumps({"article": "empty", "text": ""})
    )
    assert run("attribute", article, lines, "--output", tmp_path / "out.jsonl") == 0
    first, same, empty = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert first["article"] == article.stem and same["article"] == "a/1"
    assert first["statements"] == same["statements"] and empty == {"article": "empty", "statements": []}
    assert all(list(statement) == ["source", "cue", "content"] for statement in first["statements"])
    spans = [
        (TEXT[slice(*s["source"])], TEXT[slice(*s["cue"])], [TEXT[slice(*c)] for c in s["content"]])
        for s in first["statements"]
        if s["source"] and s["cue"]
    ]
    assert ("the Russian foreign minister", "said", ["“There is no meeting planned,”"]) in spans
    assert capsys.readouterr().out == f"{tmp_path / 'out.jsonl'}: 3 articles\n"


@pytest.mark.parametrize(
    "line, reason",
    [
        ("{", "no article: Expecting property name"),
        ("[1]", 'no article: an object with the texts "article" and "text" is needed'),
        (
            '{"article": "a", "text": 1}',
            'no article: an object with the texts "article" and "text" is needed',
        ),
        ("[" * 100_000, "no article: "),
        ("\udcff", "no article: "),
    ],
)
def test_bad_lines_are_left_out_with_their_number(line, reason, tmp_path, capsys):
    path = tmp_path / "in.jsonl"
    path.write_bytes(f'{line}\n{{"article": "good", "text": ""}}\n'.encode("utf-8", "surrogateescape"))
    assert run("attribute", path, "--output", tmp_path / "out.jsonl") == 1
    assert capsys.readouterr().err.startswith(f"{path}:1: {reason}")
    assert json.loads((tmp_path / "out.jsonl").read_text())["article"] == "good"


def test_attribute_refuses_what_it_does_not_read(tmp_path, capsys):
    (tmp_path / "page.html").write_text("<p>said</p>")
    for name, reason in {
        "page.html": "attribute reads .jsonl, .txt, .md and folders of them",
        "none.jsonl": "cannot be read: No such file or directory",
    }.items():
        assert run("attribute", tmp_path / name, "--output", tmp_path / "out.jsonl") == 1
        assert capsys.readouterr().err == f"{tmp_path / name}: {reason}\n"


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((), "required: COMMAND"),
        (("fly",), "invalid choice: 'fly'"),
        (("tag", "x"), "required: --output"),
        (("tag", "x", "--output", "y.xlsx"), "y.xlsx: the name must end in .csv or .parquet"),
        (("attribute", "x", "--output", "y.json"), "y.json: the name must end in .jsonl"),
        (("train", "attribution"), "train attribution needs the PATH of annotated articles"),
        (("train", "mood"), "invalid choice: 'mood'"),
    ],
)
def test_wrong_usage_ends_with_status_2(arguments, message, capsys):
    assert run(*arguments) == 2
    assert message in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_one_line(article, capsys):
    assert run("tag", article, "--output", article / "out.csv") == 1
    assert capsys.readouterr().err == f"{article}: File exists\n"


def test_check_passes_on_the_shipped_data(capsys):
    assert run("check") == 0


def test_check_ends_with_status_1(monkeypatch, tmp_path, capsys):
    from analysis import check

    monkeypatch.setattr(check, "check", lambda: [check.Problem(tmp_path / "a.csv", 7, "wrong")])
    assert run("check") == 1
    assert capsys.readouterr().err == f"{tmp_path / 'a.csv'}:7: wrong\n"


def test_help_comes_at_once_and_names_every_command():
    start = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, "-m", "analysis", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0 and time.perf_counter() - start < 2  # 0.05 s alone; tests share the machine
    for command in ("add", "tag", "attribute", "report", "notebooks", "check", "train"):
        assert f"\n    {command}" in answer.stdout
