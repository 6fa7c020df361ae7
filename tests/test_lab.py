"""Notebooks 4 and 5 in a real JupyterLab in a real browser, over a few articles and a store of their own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode

import nbformat
import pytest
from playwright.sync_api import expect

from analysis import find_statements, load_articles, tag_positions
from analysis.coding import queue
from analysis.codings.coding_store import current, read_log
from analysis.config import ARTICLES, DATA, NOTEBOOKS
from analysis.evidence.tables import show
from analysis.explore.views import view

TOKEN = "t0"
READY = """() => { const s = window.jupyterapp?.shell?.currentWidget?.sessionContext;
    return s?.isReady && s.session?.kernel?.status === 'idle'; }"""
RAN = """() => jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type === 'code')
    .every(c => c.model.executionCount)
    && jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"""
FAILED = """() => jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type === 'code')
    .flatMap(c => c.model.outputs.toJSON()).filter(o => o.output_type === 'error' || o.name === 'stderr')"""
TEXT = "html => { const e = document.createElement('div'); e.innerHTML = html; return e.textContent; }"
SHOWN = "data => document.querySelector('.explorer-picture img')?.src === data"
SETTINGS = {
    "notebook-extension/tracker": '{"windowingMode": "none"}',
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
}
PATIENCE = 120_000  # milliseconds, for a busy machine
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """data/ with the articles of a few days, and the notebooks without outputs; notebook 5 for two coders."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(DATA, folder / "data", ignore=shutil.ignore_patterns("articles", "local", ".*"))
    (folder / "data" / "articles").mkdir()
    for path in sorted(ARTICLES.glob("2025-08-2[0-3]*.md")):
        shutil.copy(path, folder / "data" / "articles")
    for source, target, old, new in (
        ("4-explore", "4", "", ""),
        ("5-coding", "5", "", ""),
        ("5-coding", "second", 'coder("AB"', 'coder("CD"'),
    ):
        notebook = nbformat.read(NOTEBOOKS / f"{source}.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new) if old else cell.source
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, folder / f"{target}.ipynb")
    return folder


@pytest.fixture(scope="module")
def server(folder):
    """The address of a JupyterLab that serves the folder and reads its data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / "home"
    for plugin, setting in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(setting)
    own = {
        name: str(home / name)
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    env = (
        os.environ
        | own
        | {
            "HOME": str(home),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
            "WTS_DATA": str(folder / "data"),
            "WTS_ARTICLES": str(folder / "data" / "articles"),
        }
    )
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True",
    ]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", *options], env=env, stdout=log, stderr=log
        )
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "server.log").read_text()
                time.sleep(0.5)
        yield address
        process.terminate()
        process.wait(30)


@pytest.fixture
def run(server, browser):
    """run(name) opens a notebook and runs it; page.log has messages and requests to strangers."""
    contexts = []

    def run(name):
        contexts.append(browser.new_context(viewport={"width": 1600, "height": 1000}))
        page = contexts[-1].new_page()
        page.log = []
        page.on("console", lambda message: page.log.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.log.append(f"pageerror: {error}"))
        page.on(
            "request",
            lambda request: (
                page.log.append(f"request: {request.url}")
                if not request.url.startswith((server, "data:", "blob:"))
                else None
            ),
        )
        page.goto(f"{server}/doc/tree/{name}.ipynb?token={TOKEN}")
        page.wait_for_function(READY, timeout=PATIENCE)
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
        page.wait_for_function(RAN, timeout=PATIENCE)
        assert page.evaluate(FAILED) == []
        return page

    yield run
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def positions(folder):
    return tag_positions(find_statements(load_articles(folder / "data" / "articles")))


def sees(page, positions, **options):
    """The page shows the picture and the table that Python computes."""
    seen = view(positions, **{"topics": ["meeting"]} | options)
    data = b64encode(seen.charts[0].png()).decode()
    page.wait_for_function(SHOWN, arg=f"data:image/png;base64,{data}")
    expected = page.evaluate(TEXT, show(seen.shifts.set_index("who"), none="No shift to test here.").data)
    expect(page.locator(".explorer-table")).to_have_text(expected, use_inner_text=False)
    return seen


def quiet(page):
    """What the browser said, and asked of others, without JupyterLab's own debug messages."""
    return [line for line in page.log if not line.startswith(("debug:", "log:", "info:"))]


def test_the_explorer(run, positions):
    page = run("4")
    sees(page, positions)
    chosen = {}
    for label, choice, option in (
        ("Topics", "Security guarantees", {"topics": ["security_guarantees"]}),
        ("Sides", "Europe", {"sides": ["Europe"]}),
        ("Period", "quarter", {"period": "quarter"}),
        ("Once per", "statement", {"counting": "statement"}),
        ("Row per", "speaker", {"by": "speaker"}),
    ):
        page.get_by_label(label, exact=True).select_option(label=choice)
        chosen |= option
        sees(page, positions, **chosen)
    page.get_by_label("First-hand only").check()
    seen = sees(page, positions, **chosen, first_hand=True)
    speaker, publisher = seen.positions.speaker.iloc[0], seen.positions.publisher.iloc[0]
    page.get_by_label("Speakers", exact=True).select_option(label=speaker)
    sees(page, positions, **chosen, first_hand=True, speakers=[speaker])
    page.get_by_label("Publishers", exact=True).select_option(label=publisher)
    sees(page, positions, **chosen, first_hand=True, speakers=[speaker], publishers=[publisher])
    page.get_by_label("Sides", exact=True).select_option(label="Russia")
    expect(page.locator(".explorer-picture")).to_contain_text("No position fits this choice")
    assert quiet(page) == []


def test_from_a_point_to_a_quote_to_its_article_and_back_to_code(run, positions, folder):
    page = run("4")
    seen = sees(page, positions)
    point = page.get_by_label("Point", exact=True)
    point.select_option(index=1)
    behind = seen.behind(0).sort_values("date", kind="stable")
    expect(page.get_by_label("Quote", exact=True).locator("option")).to_have_count(len(behind) + 1)
    page.get_by_label("Quote", exact=True).select_option(index=1)
    row = behind.iloc[0]
    expect(page.locator(".explorer-article h3")).to_have_text(row.headline)
    words = " ".join("".join(page.locator(".explorer-article mark").all_inner_texts()).split())
    assert words.startswith(" ".join(row.evidence.split())[:40]) or row.evidence.split()[0] in words
    assert page.locator(".explorer-article b").count() > 0
    page.get_by_label("Search", exact=True).fill("meeting")
    page.keyboard.press("Enter")
    expect(page.locator(".explorer-lines td", has_text="meeting").first).to_be_visible()
    assert page.get_by_label("As code").input_value() == seen.code
    page.get_by_role("button", name="Save this view").click()
    expect(page.locator(".explorer-note")).to_contain_text("positions.csv")
    assert quiet(page) == []


def coded(folder):
    return current(read_log(folder / "data" / "coded.csv")).query("coder != 'reference'")


def until(condition, seconds=30):
    """Wait for what a page has done to arrive in the file."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    assert condition()


def test_two_pages_code_at_once_by_clicks_and_by_keys(run, positions, folder):
    order = queue(positions)
    first, second = run("5"), run("second")
    stances = ["support", "oppose", "neutral", "support", "oppose", "neutral"]
    second.get_by_label("Keys").focus()
    for number, stance in enumerate(stances):
        first.get_by_role("button", name=f"{stance} (").click(no_wait_after=True)
        second.keyboard.press(stance[0])
        for page in (first, second):
            expect(page.get_by_text(f"To code: {len(order) - number - 1}.")).to_be_visible()
    until(lambda: len(coded(folder)) == 12)
    for name in ("AB", "CD"):
        mine = coded(folder).query("coder == @name")
        assert mine.stance.tolist() == stances
        assert (
            mine[["article_id", "topic", "start"]].values.tolist()
            == order[["article_id", "topic", "start"]].head(6).values.tolist()
        )
    first.get_by_label("Condition").fill("after a ceasefire")
    first.get_by_label("Note").fill("see the third paragraph")
    first.get_by_label("Unsure").check()
    first.get_by_role("button", name="conditional (c)").click()
    until(lambda: (coded(folder).note == "see the third paragraph").any())
    row = coded(folder).query("stance == 'conditional'").iloc[0]
    assert row.condition == "after a ceasefire" and row.unsure
    second.keyboard.press("k")
    expect(second.get_by_text("Skipped")).to_be_visible()
    second.keyboard.press("u")
    until(lambda: len(coded(folder).query("coder == 'CD'")) == 5)
    log = read_log(folder / "data" / "coded.csv")
    assert len(log) == 352 + 12 + 1 + 1 and log.action.iloc[-1] == "withdraw"
    assert quiet(first) == quiet(second) == []
