"""The whole road with a copied article: add it with its date, rerun, and see what it moved."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import load_articles
from analysis.rerun import moves
from analysis.config import ARTICLES, DATA, ROOT
from analysis.rerun import rerun

SEED = Path(os.environ.get("WTS_SHARED", ROOT.parent / "shared")) / "seed"
OWN = """Support Example News!

Lavrov: no date for Putin and Zelensky

Russia's foreign minister, Sergei Lavrov, said on Friday that Vladimir Putin was ready to meet \
Volodymyr Zelensky only once the two presidents had an agenda to decide on. "There is nothing to discuss at \
such a meeting yet," he told the broadcaster. Lavrov rejected security guarantees for \
Ukraine that were agreed on without Russia.

Zelensky said in Kyiv that he wanted to meet Putin and that Ukraine needed strong security guarantees.

Sign up for our free weekly newsletter

Read more
"""


@pytest.fixture(params=["own", "seed"])
def copied(request, tmp_path):
    """A file as copied from a page: one of our own making, and the one that the project began with."""
    path = tmp_path / "copied.txt"
    if request.param == "own":
        path.write_text(OWN, "utf-8")
    elif SEED.is_dir():
        path.write_bytes(next(SEED.glob("*.txt")).read_bytes())
    else:
        pytest.skip("the article that the project began with is not here (WTS_SHARED)")
    return path


@pytest.fixture
def data(tmp_path):
    """A data folder with a few digests of August 2025."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("articles", "local"))
    (tmp_path / "data" / "articles").mkdir()
    for path in sorted(ARTICLES.glob("2025-08-2*.md"))[:6]:
        shutil.copy(path, tmp_path / "data" / "articles")
    return tmp_path / "data"


def program(data, *arguments):
    """What a command prints; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)],
        cwd=ROOT,
        timeout=300,
        text=True,
        capture_output=True,
        env={**os.environ, "WTS_DATA": str(data)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_copied_article_from_page_to_what_moved(copied, data):
    before = rerun(load_articles(data / "articles"), folder=data / "cache")
    assert program(data, "rerun").startswith("Nothing moved: 6 articles with ")
    added = program(data, "add", copied, "--date", "2025-08-22", "--publisher", "The Paper")
    assert re.match(r"added: copied \(2025-08-22, The Paper, .*Lavrov", added)
    [file] = data.joinpath("local").glob("*.md")
    text = file.read_text("utf-8")
    assert "Lavrov" in text and "newsletter" not in text and "Read more" not in text

    told = program(data, "rerun").splitlines()
    assert re.match(
        r"Articles, 1 added: .*Lavrov.* \(The Paper, 22 August 2025; \d+ statements, \d+ positions\)", told[0]
    )
    assert told[1].startswith("Positions, ") and "Sergei Lavrov" in told[1] and "22 August 2025)" in told[1]
    assert program(data, "rerun").startswith("Nothing moved: 7 articles")

    after = rerun(load_articles(data / "articles", data / "local"), folder=data / "cache")
    new = moves.positions(before, after)
    lavrov = new[(new.speaker == "Sergei Lavrov") & (new.date == "2025-08-22")]
    assert set(lavrov.change) == {"new"} and set(lavrov.article_id) == {"copied"}
    assert "meeting" in set(lavrov.topic) and set(lavrov[lavrov.topic == "meeting"].stance) & {
        "oppose",
        "conditional",
    }
    assert "Sergei Lavrov" in set(moves.speakers(before, after).who)
