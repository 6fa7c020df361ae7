"""The store of codings: nothing is lost, changed or half written."""

import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from analysis import load_articles
from analysis.codings.coding_store import (
    BASIC,
    CODING_COLUMNS,
    NONE,
    current,
    outdated,
    read_log,
    record,
    rename,
    undo,
)
from analysis.config import CODED, InputError

CODING = {
    "article_id": "a",
    "speaker": "Lavrov",
    "topic": "meeting",
    "stance": "support",
    "evidence": "yes, now",
    "coder": "AB",
    "start": 3,
    "end": 11,
}
WRITER = """
import sys
from analysis.codings.coding_store import record
coder, many, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for n in range(many):
    record([{"article_id": "a", "topic": "meeting", "stance": "support", "evidence": "x" * 2000,
             "coder": coder, "start": n, "end": n + 1}], path=path)
    print(n, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "coded.csv"


def test_an_act_tells_who_when_by_which_codebook_and_what_was_before(path):
    assert record([CODING], path=path) == [0]
    assert record(
        [CODING | {"stance": "conditional", "condition": "first, peace", "note": "=1+1\n“sic”"}], path=path
    ) == [1]
    first, second = read_log(path).to_dict("records")
    assert first["time"].endswith("+00:00") and first["time"] <= second["time"]
    assert first["codebook"] == "1.0" and first["before"] == "" and first["coding_id"] == second["coding_id"]
    assert json.loads(second["before"]) == {"stance": "support", "condition": "", "note": ""}
    standing = current(read_log(path)).iloc[0]
    assert (standing.stance, standing.note, standing.start, standing.unsure) == (
        "conditional",
        "=1+1\n“sic”",
        3,
        False,
    )
    assert "'=1+1" in path.read_text("utf-8")


def test_rows_are_only_added(path):
    record([CODING], path=path)
    before = path.read_bytes()
    undo(rename("speaker", "Lavrov", "Sergei Lavrov", by="CD", path=path), by="CD", path=path)
    assert path.read_bytes().startswith(before) and list(read_log(path).action) == ["code", "rename", "undo"]
    assert list(read_log(path).by) == ["AB", "CD", "CD"]


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"stance": "maybe"}, "stance 'maybe' is none of"),
        ({"stance": "conditional"}, "names its condition"),
        ({"condition": "peace"}, "no other has one"),
        ({"coder": ""}, "needs coder"),
        ({"shoe": 1}, "has no shoe"),
    ],
)
def test_a_wrong_coding_writes_nothing_of_its_batch(path, change, reason):
    with pytest.raises(ValueError, match=reason):
        record([CODING, CODING | change], path=path)
    assert not path.exists()


def test_undo_goes_back_act_by_act_and_can_be_undone(path):
    acts = [*record([CODING], path=path), *record([CODING | {"stance": "oppose"}], path=path)]
    back = undo(acts[1:], by="AB", path=path)
    assert current(read_log(path)).stance.tolist() == ["support"]
    undo(acts[:1], by="AB", path=path)
    assert current(read_log(path)).empty
    undo(back, by="AB", path=path)
    assert current(read_log(path)).stance.tolist() == ["oppose"]


def test_rename_merges_everywhere_and_can_be_undone(path):
    record(
        [CODING, CODING | {"start": 50, "end": 60, "speaker": "Sergei Lavrov"}, CODING | {"coder": "CD"}],
        path=path,
    )
    acts = rename("speaker", "Lavrov", "Sergei Lavrov", by="EF", path=path)
    assert len(acts) == 2 and set(current(read_log(path)).speaker) == {"Sergei Lavrov"}
    undo(acts, by="EF", path=path)
    assert current(read_log(path)).speaker.tolist() == ["Sergei Lavrov", "Lavrov", "Lavrov"]
    with pytest.raises(ValueError, match="'stance' cannot be renamed"):
        rename("stance", "support", "oppose", by="EF", path=path)


def test_no_position_and_two_coders_are_codings_of_their_own(path):
    record([CODING | {"stance": NONE}, CODING | {"coder": "CD"}, CODING | {"topic": "territory"}], path=path)
    assert len(current(read_log(path))) == 3


def test_codings_of_an_older_codebook_are_listed(path):
    record([CODING | {"codebook": "0.9"}, CODING | {"coder": "CD"}], path=path)
    assert outdated(current(read_log(path))).coder.tolist() == ["AB"]


def test_a_file_with_the_basic_columns_is_read_and_completed(path):
    pd.DataFrame([["a", "L", "meeting", "support", "1", "", "yes", "CD"]], columns=BASIC).to_csv(
        path, index=False
    )
    assert current(read_log(path)).second_hand.tolist() == [True]
    record([CODING], path=path)
    assert list(pd.read_csv(path)) == CODING_COLUMNS and read_log(path).coding_id[0] == "1"
    for broken in (b"", b"\xfe\xff", b'a\n"', b"a\n1,2,3\n"):
        path.write_bytes(broken)
        with pytest.raises(InputError, match="coded.csv"):
            read_log(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="columns are a, b"):
        read_log(path)


def writer(coder, many, path):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, coder, str(many), str(path)], stdout=subprocess.PIPE, text=True
    )


def test_two_writers_at_once_lose_nothing(path):
    both = [writer("AB", 25, path), writer("CD", 25, path)]
    assert [process.communicate(timeout=120) and process.returncode for process in both] == [0, 0]
    assert read_log(path).coder.value_counts().to_dict() == {"AB": 25, "CD": 25}


def test_a_writer_killed_at_any_moment_loses_at_most_the_coding_in_hand(path):
    said, delays = 0, [0.0, 0.004, 0.009, 0.013]
    for number, delay in enumerate(delays):
        process = writer(f"C{number}", 500, path)
        lines = [process.stdout.readline() for _ in range(4)]
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        said += len(lines) + len(process.stdout.read().splitlines())
        process.wait()
        written = len(read_log(path))
        assert said <= written <= said + number + 1
    record([CODING], path=path)
    assert len(read_log(path)) == written + 1 and len(delays) < said


def test_the_shipped_codings_say_where_their_words_stand():
    log = read_log(CODED)
    assert (
        len(log) == 352
        and set(log.coder) == {"reference"}
        and list(pd.read_csv(CODED, nrows=0)) == CODING_COLUMNS
    )
    texts = load_articles().set_index("article_id").text
    for row in current(log).itertuples():
        assert len(texts[row.article_id][row.start : row.end].split()) == len(row.evidence.split())
