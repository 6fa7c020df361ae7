"""The benchmark runs, and writes what it prints."""

import json
import shutil

import bench
from analysis.config import ARTICLES


def test_each_room_is_measured_and_the_last_run_shown(tmp_path, monkeypatch, capsys):
    shutil.copy(ARTICLES / "2025-02-05-bss-kremlin-empty-words.md", tmp_path)
    monkeypatch.setattr(bench, "ARTICLES", tmp_path)
    monkeypatch.setattr(bench, "POLNEAR", tmp_path / "none.jsonl")
    monkeypatch.setattr(bench, "RESULT", tmp_path / "out" / "bench.json")
    bench.main()
    first = json.loads(bench.RESULT.read_text("utf-8"))
    assert {"digests: attributions", "digests: tag (all of it)", "peak memory, MB"} <= set(first)
    assert all(value > 0 for value in first.values())
    capsys.readouterr()
    bench.main()
    shown = capsys.readouterr().out
    assert "PolNeAR dev: not here, left out" in shown
    assert f"{first['digests: attributions']:12,.0f}\n" in shown
