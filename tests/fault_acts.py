"""What test_faults.py kills: each act writes to a folder. Importing this warms all that they use.

It is a module of its own so that a fork server can have it before the first child is forked.
"""

import os
import signal
import sys

import pandas as pd
import pyarrow.dataset  # noqa: F401
import pyarrow.parquet  # noqa: F401

from analysis import adding, find_statements, load_articles, report, rerun, tag_positions, tagging
from analysis.codings.coding_store import record
from analysis.output import write_tables

CODING = {"article_id": "a", "topic": "meeting", "stance": "support", "evidence": "yes, now", "coder": "AB"}
PAGES = [f"{name}.html" for name in (*"123456", "index")]

tag_positions(find_statements(load_articles("none").reindex([0]).assign(article_id="a", text="He said no.")))


def add(folder):
    adding.ARTICLES = folder / "none"  # the digests there would take most of the time
    adding.add(folder / "in", local=folder / "local")


def code(folder):
    for n in range(8):
        coding = CODING | {"start": n, "end": n + 1, "coding_id": str(n)}
        record([coding], path=folder / "coded.csv")


def tag(folder):
    tagging.PART = 2
    tagging.tag([folder / "in"], folder / "tagged.parquet", resume=True)


def rerun_all(folder):
    run = rerun.rerun(load_articles(folder / "in"), folder=folder / "cache")
    rerun.remember(run, folder=folder / "cache")


def months(folder):
    table = pd.DataFrame({"date": pd.date_range("2025-01-01", "2025-12-31"), "n": range(365)})
    write_tables([table], folder / "months")


def site(folder):
    report.write_site({page: f"new {page}\n" * 20_000 for page in PAGES}, folder / "site")


def stepwise(act, folder, steps, last):
    """Run an act; `steps` (a shared number) counts what it does to files below the folder, and it is killed
    just before step `last`."""

    def step(event, arguments):
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir") and str(folder) in str(arguments):
            steps.value += 1
            if steps.value == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    act(folder)
