"""What several tests share: a browser."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def chromium():
    """Where Chromium is: the variable CHROMIUM, else PATH, else Playwright's own."""
    named = [
        os.environ.get("CHROMIUM"),
        *map(shutil.which, ("chromium", "chromium-browser", "google-chrome")),
    ]
    with sync_playwright() as playwright:
        found = next(
            (path for path in (*named, playwright.chromium.executable_path) if path and Path(path).exists()),
            None,
        )
    if not found:
        pytest.fail(
            "no Chromium: apt install chromium, or python -m playwright install chromium, or set CHROMIUM"
        )
    return found


@pytest.fixture(scope="session")
def browser(chromium):
    """A headless browser for the whole session."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser):
    """visit(path, width=, scheme=) opens a page from disk; page.log has its console messages and requests."""
    contexts = []

    def visit(path, *, width=1280, scheme="light"):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.log = []
        page.on("console", lambda message: page.log.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: page.log.append(f"error: {error}"))
        page.on("request", lambda request: page.log.append(f"request: {request.url}"[:200]))
        page.on("dialog", lambda dialog: (page.log.append("dialog"), dialog.dismiss()))
        page.goto(Path(path).as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
