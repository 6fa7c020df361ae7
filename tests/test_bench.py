"""The benchmark runs, writes what it prints, and says what is not installed."""

import json
import shutil

import bench
import pytest
from analysis.config import ARTICLES
from bench_textacy import best

TAG, READ = "PolNeAR dev: tag (all of these)", "PolNeAR dev: attribute"


def test_each_room_is_measured_and_the_last_run_shown(tmp_path, monkeypatch, capsys):
    shutil.copy(ARTICLES / "2025-02-05-bss-kremlin-empty-words.md", tmp_path)
    monkeypatch.setattr(bench, "ARTICLES", tmp_path)
    monkeypatch.setattr(bench, "POLNEAR", tmp_path / "none.jsonl")
    monkeypatch.setattr(bench, "RESULT", tmp_path / "out" / "bench.json")
    monkeypatch.setattr(bench, "best", lambda run: best(run, times=1))
    monkeypatch.setattr(bench, "CHARACTERS", 10_000)
    monkeypatch.setattr(bench, "command", lambda folder, size, words: (1 + size**1.5, 300))
    bench.main(["--sizes", "10", "1000"])
    first = json.loads(bench.RESULT.read_text("utf-8"))
    rooms = ["load", "attribute", "speakers", "positions", "tag (all of these)", "trends", "charts"]
    assert {f"digests: {room}" for room in rooms} <= set(first)
    assert "10,000 of brackets: times a quarter" in first and first["attribution model: s to load"] < 3
    assert all(value > 0 for value in first.values())
    assert first["made articles: time grows with their number to the power of"] == pytest.approx(1.5, abs=0.01)
    monkeypatch.setattr(bench, "measure", lambda *_: {"digests: attribute": 1.0})
    capsys.readouterr()
    bench.main(["--sizes"])
    shown = capsys.readouterr().out
    assert "PolNeAR dev: not here, left out" in shown
    assert f"{first['digests: attribute']:13,.0f}\n" in shown


def test_the_command_is_measured_as_a_process_of_its_own(tmp_path):
    seconds, megabytes = bench.command(tmp_path, 2, 50)
    assert 0.5 < seconds < 60 and 50 < megabytes < 600


def test_textacy_is_measured_where_it_is_and_its_absence_told(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\ncat >/dev/null; echo '{\"paragraphs\": 50, \"articles\": 100}'\n", "utf-8")
    python.chmod(0o755)
    there = bench.compared("PolNeAR dev", ["Rain fell."], {TAG: 400, READ: 900}, str(python))
    assert there["PolNeAR dev: attribute, times textacy, articles"] == 9
    assert there["PolNeAR dev: tag, times textacy, paragraphs"] == 8
    python.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    gone = bench.compared("PolNeAR dev", ["Rain fell."], {TAG: 400, READ: 900}, str(python))
    assert set(gone.values()) == {"not installed"} and len(gone) == 6
