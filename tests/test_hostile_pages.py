"""Hostile articles, roster, codebook, events and codings through tag and report; the pages opened in Chromium."""

import json
import os
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from analysis.codings.coding_store import record
from analysis.config import ARTICLES, DATA, NOTEBOOKS, ROOT
from tests.test_hostile_articles import PAYLOADS

ATTACKS = [p for p in PAYLOADS.values() if isinstance(p, str) and p.strip() and len(p) < 3_000]
EVIL = "<img src=x onerror=alert(1)> $\\frac{1}$ [x](javascript:alert(1)) </script><script>alert(1)</script>"
DENIAL = "no meeting between Putin and Zelensky was planned"
TEXT = f"""{{attack}}

Lavrov said that {DENIAL}. “{{attack}}, there will be no meeting with Zelensky,” Putin said on {{attack}}.

Ivan {{attack}} Petrov, the mayor of {{attack}}, said that Ukraine needed security guarantees, if {{attack}} agreed. \
Hostilov rejected a meeting between Putin and Zelensky unless {{attack}} came first.
"""
ODD = """() => [document.scripts.length, document.querySelectorAll("iframe, object, embed, base, form, [src=x]").length,
    [...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => /^on/i.test(a.name)
        || /^\\s*(java|vb)script:|^\\s*data:text/i.test(a.value))).length]"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder in which each text that a stranger can write is an attack; good articles lie beside."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("articles", "local", ".*"))
    for folder in ("articles", "local", "good"):
        (data / folder).mkdir()
    for path in sorted(ARTICLES.glob("2025-08-2[0-3]*.md")):
        shutil.copy(path, data / "articles")
        shutil.copy(path, data / "good")
    rows = [{"article_id": f"hostile-{n}", "date": "2025-08-22", "headline": attack, "publisher": attack,
             "url": attack, "text": TEXT.format(attack=attack)} for n, attack in enumerate(ATTACKS)]
    for folder, some in (("articles", rows[::2]), ("local", rows[1::2])):
        (data / folder / "hostile.jsonl").write_text("\n".join(map(json.dumps, some)), "utf-8")
    with (data / "speakers.csv").open("a", encoding="utf-8") as file:
        file.write(f'"{EVIL}",person,Russia,,m,Hostilov,\n')
    with (data / "events.csv").open("a", encoding="utf-8") as file:
        file.write(f'2025-08-21,<b onclick=alert(1)>$x^$,"{EVIL}",javascript:alert(1)\n')
    codebook = (data / "codebook.yaml").read_text("utf-8")
    label = "label: Putin–Zelensky meeting"
    assert label in codebook
    (data / "codebook.yaml").write_text(codebook.replace(label, f"label: '{EVIL}'"), "utf-8")
    start = TEXT.format(attack=ATTACKS[0]).index(DENIAL)
    coding = {"article_id": "hostile-0", "speaker": EVIL, "topic": "meeting", "stance": "conditional",
              "condition": EVIL, "evidence": DENIAL, "start": start, "end": start + len(DENIAL), "note": EVIL}
    record([coding | {"coder": EVIL}, coding | {"coder": "=1+1"}], path=data / "coded.csv")
    return data


def run(data, *arguments):
    return subprocess.run([sys.executable, "-m", "analysis", *map(str, arguments)], cwd=ROOT, text=True,
                          capture_output=True, env=os.environ | {"WTS_DATA": str(data)})


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_tag(data, tmp_path, suffix):
    """The others' rows are what they are without the attacks, and no cell is a formula."""
    read = {".csv": lambda path: pd.read_csv(path, dtype="str", keep_default_na=False), ".parquet": pd.read_parquet}
    tables = []
    for folder in ("articles", "good"):
        done = run(data, "tag", data / folder, "--output", tmp_path / f"{folder}{suffix}")
        assert "Traceback" not in done.stderr and (tmp_path / f"{folder}{suffix}").exists(), done.stderr
        tables.append(read[suffix](tmp_path / f"{folder}{suffix}"))
    hostile = tables[0].article_id.str.startswith("hostile-")
    pd.testing.assert_frame_equal(tables[0][~hostile].reset_index(drop=True), tables[1])
    assert tables[0][hostile].article_id.nunique() == len(ATTACKS[::2]), "each has a position"
    if suffix == ".csv":
        for name in tables[0].select_dtypes("str"):
            assert name == "value" or not tables[0][name].str.match(r"[=+\-@\t\r\n＝＋－＠]").any()


@pytest.fixture(scope="module")
def site(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file() and ".cache" not in path.parts}
    done = run(data, "report", "--output", folder / "site")
    assert (folder / "site" / "index.html").exists(), done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in before} == before
    return folder / "site"


@pytest.mark.parametrize("name", ["index", *(path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")))])
def test_report(site, visit, name):
    page = visit(site / f"{name}.html")
    page.wait_for_load_state("networkidle")
    assert [line for line in page.log if "data:image" not in line] == [f"request: {(site / f'{name}.html').as_uri()}"]
    assert page.evaluate(ODD) == [0, 0, 0]
    assert not re.search("<(script|iframe|svg)", (site / f"{name}.html").read_text("utf-8"), re.I)


def test_the_attacks_are_shown_as_text(site, visit):
    text = visit(site / "3-positions.html").locator("main").inner_text()
    assert EVIL.split()[0] in text and "javascript:alert(1)" in text
