"""Killed at any moment, on a full disk or in a folder that cannot be written to: nothing that was there is
lost, and the next run ends with the result of an undisturbed one.

WTS_KILLS=100 pytest tests/test_faults.py kills each act a hundred times.
"""

import ctypes
import multiprocessing
import multiprocessing.forkserver
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from fault_acts import CODING, PAGES, add, code, months, rerun_all, site, stepwise, tag
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.codings.coding_store import CODING_COLUMNS, read_log, record
from analysis.config import ARTICLES, DATA
from analysis.output import write_tables

KILLS = int(os.environ.get("WTS_KILLS", 17))  # of each act
DIGESTS = sorted(ARTICLES.glob("*.md"))[36:42]
FORKS = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module", autouse=True)
def server():
    """A process in which all is imported: its forks are killed while they act, not while they import."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        FORKS.set_forkserver_preload(["fault_acts"])
        multiprocessing.forkserver.ensure_running()


def prepared(folder):
    """Articles to read, and results of an earlier run over others."""
    shutil.copytree(ARTICLES, folder / "in", ignore=lambda _, names: set(names) - {d.name for d in DIGESTS})
    (folder / "in" / "more").mkdir()
    (folder / "in" / "more" / DIGESTS[0].name).write_text("Putin said he was ready to meet Zelensky.")
    (folder / "site").mkdir()
    for page in PAGES:
        (folder / "site" / page).write_text("old")
    record([CODING | {"coding_id": "first"}], path=folder / "coded.csv")
    write_tables([pd.DataFrame({"date": pd.to_datetime(["2024-05-05"]), "n": [7]})], folder / "months")
    return folder


def results(folder):
    """What is there to see: Parquet as it is read, codings without times, other files as they are."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_dir() or parts[0] == "in" or any(part.startswith(".") for part in parts):
            continue
        if path.suffix == ".parquet":
            held = pd.read_parquet(path).to_csv()
        elif path.name == "coded.csv":
            held = read_log(path)[CODING_COLUMNS].drop(columns=["time", "before"]).drop_duplicates().to_csv(index=False)
        else:
            held = path.read_text("utf-8")
        found["/".join(parts)] = held
    return found


def run(act, *arguments):
    """An act in a process of its own to its end; the seconds it took."""
    process, start = FORKS.Process(target=act, args=arguments), time.monotonic()
    process.start()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - start


@pytest.mark.parametrize("act", [add, code, tag, rerun_all, months, site])
def test_killed_at_any_moment(act, tmp_path):
    """Half of the kills come at a random time, half before a random act on a file."""
    draw, steps = random.Random(act.__name__), FORKS.Value("i")
    before = results(prepared(tmp_path / "before"))
    run(stepwise, act, prepared(tmp_path / "counted"), steps, 0)
    needed, known = run(act, prepared(tmp_path / "whole")), steps.value
    after = results(tmp_path / "whole")
    assert after != before and known > 5
    kills = tries = 0
    while kills < KILLS:
        tries += 1
        assert tries < 10 * KILLS
        folder = prepared(tmp_path / f"{tries}")
        steps.value = 0
        last = draw.randint(1, known) if tries % 2 else 0
        process = FORKS.Process(target=stepwise, args=[act, folder, steps, last])
        process.start()
        if not last:
            time.sleep(draw.uniform(0, needed))
            process.kill()
        process.join()
        kills += process.exitcode == -signal.SIGKILL
        left = results(folder)
        for name in {*before, *left}:
            if act is code and name == "coded.csv":
                assert after[name].startswith(left[name]), "every coding whole, in its order"
            elif not (act is months and not list(folder.glob("months"))):  # between its two renames
                assert left.get(name) in (before.get(name), after.get(name)), f"{name} is neither old nor new"
        run(act, folder)
        assert results(folder) == after


COMMAND = """
import sys
from pathlib import Path
from analysis.__main__ import main
if "report" in sys.argv:
    from analysis import report
    report.find = lambda: sorted(Path("notebooks").glob("*.ipynb"))
sys.exit(main(sys.argv[1:]))
"""
OUTPUTS = {  # of each command, the place that it cannot write to
    "add in": "data/local",
    "rerun": "data/local/.cache/last.parquet",
    "tag in --output out/t.csv": "out/.t.csv.parts",
    "tag in --output out/months": "out/.months.parts",
    "attribute in --output out/a.jsonl": "out/a.jsonl",
    "report --articles in --output out/site": "out/site",
}


@pytest.fixture
def desk(tmp_path):
    """A folder with an article for each place, a small notebook, and an old result of every command."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("articles", "local"))
    for place, digest in zip(("data/articles", "data/local", "in"), DIGESTS, strict=False):
        (tmp_path / place).mkdir()
        shutil.copy(digest, tmp_path / place)
    for old in ("t.csv", "a.jsonl", "months/month=2024-05/part.parquet", "site/index.html", "site/1-a.html"):
        (tmp_path / "out" / old).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / old).write_text("old")
    (tmp_path / "notebooks").mkdir()
    cells = [new_markdown_cell("# A"), new_code_cell("print('many words ' * 10_000)")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "1-a.ipynb")
    return tmp_path


def start(command, folder, prepare=None):
    """Run a command in a folder."""
    return subprocess.run([sys.executable, "-c", COMMAND, *command.split()], cwd=folder, text=True,
                          capture_output=True, preexec_fn=prepare, env=os.environ | {"WTS_DATA": "data"})


def every_file(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", OUTPUTS)
def test_a_full_disk(command, desk):
    def full():  # no file can grow any more; the kernel of a notebook needs small ones of its own
        most = 60_000 if command.startswith("report") else 400
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    before = every_file(desk)
    done = start(command, desk, full)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert OUTPUTS[command] in done.stderr and "File too large" in done.stderr
    assert before.items() <= every_file(desk).items()
    if not command.startswith("report"):
        assert start(command, desk).returncode == 0
        assert every_file(desk).items() - before.items()


@pytest.mark.parametrize("command", OUTPUTS)
def test_a_folder_that_is_read_only(command, desk):
    def obey():  # root loses its right to write everywhere (CAP_DAC_OVERRIDE) with the next program
        if os.geteuid() == 0 and ctypes.CDLL(None).prctl(24, 1, 0, 0, 0):
            os._exit(99)

    before = every_file(desk)
    folders = [desk / "out", desk / "out" / "site", desk / "data" / "local"]
    for path in folders:
        path.chmod(0o555)
    done = start(command, desk, obey)
    for path in folders:
        path.chmod(0o755)
    if done.returncode == 99:
        pytest.skip("this machine lets root write to every folder")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert OUTPUTS[command] in done.stderr and "Permission denied" in done.stderr
    assert every_file(desk) == before
