"""The notebooks run over the shipped articles: they give what is committed, and a site that opens from disk."""

import copy
import re
from itertools import pairwise

import html5lib
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from analysis.config import ARTICLES, NOTEBOOKS, ROOT
from analysis.report import write_site
from analysis.report.notebooks import find, run_all
from analysis.report.pages import render
from analysis.report.readme import fill
from tests.test_notebooks import NAMES, texts

PAGES = ["index.html", *(f"{name}.html" for name in NAMES)]
HEADINGS = "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
WIDER = """() => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('.scroll, pre, details, .skip')
    && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def executed():
    """The committed notebooks, run again over the shipped articles: name -> notebook."""
    return run_all(find(), env={"WTS_ARTICLES": str(ARTICLES)})


@pytest.fixture(scope="module")
def site(executed, tmp_path_factory):
    """The folder of the site made of the shipped articles."""
    folder = tmp_path_factory.mktemp("site")
    write_site(render(copy.deepcopy(executed)), folder)
    return folder


@pytest.mark.parametrize("path", find(), ids=NAMES)
def test_a_fresh_run_gives_the_text_that_is_committed(executed, path):
    assert texts(executed[path.stem]) == texts(nbformat.read(path, as_version=4))


def test_the_readme_tells_what_the_notebooks_find(executed):
    readme = (ROOT / "README.md").read_text("utf-8")
    assert fill(readme, executed) == readme
    assert "Data through" in readme and (NOTEBOOKS / "main-chart.png").exists()


def test_every_notebook_has_a_page_and_nothing_else_is_there(site):
    assert sorted(path.name for path in site.iterdir()) == sorted(PAGES)
    assert len(PAGES) > 3


def test_the_site_is_small(site):
    assert sum(path.stat().st_size for path in site.iterdir()) < 8_000_000


@pytest.mark.parametrize("name", PAGES)
class TestPage:
    def test_no_request_leaves_it_and_the_console_is_silent(self, site, visit, name):
        page = visit(site / name)
        page.wait_for_load_state("networkidle")
        outside = [line for line in page.log if not line.startswith("request: data:")]
        assert outside == [f"request: {(site / name).as_uri()}"]
        assert page.evaluate("() => document.scripts.length") == 0

    def test_pictures_are_drawn_and_described(self, site, visit, name):
        page = visit(site / name)
        pictures = page.evaluate("() => [...document.images].map(i => [i.naturalWidth, i.alt])")
        for width, alt in pictures:
            assert width > 300
            assert len(alt) > 40 and re.search(r"\d|[Nn]o ", alt), alt

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_it_fits_a_phone(self, site, visit, name, scheme):
        page = visit(site / name, width=390, scheme=scheme)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        assert page.evaluate(WIDER) == []

    def test_headings_go_down_one_level_at_a_time(self, site, visit, name):
        levels = visit(site / name).evaluate(HEADINGS)
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))

    def test_its_links_lead_somewhere(self, site, visit, name):
        page = visit(site / name)
        for link in page.evaluate(
            "() => [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
        ):
            file, _, anchor = link.partition("#")
            if not file.startswith(("http://", "https://")):
                target = (site / (file or name)).read_text("utf-8")
                assert not anchor or f'id="{anchor}"' in target, link

    def test_it_is_valid_html(self, site, name):
        parser = html5lib.HTMLParser()
        parser.parse((site / name).read_text("utf-8"))
        assert parser.errors == []

    @pytest.mark.parametrize(
        "width, scheme, rules", [(1280, "light", None), (390, "dark", None), (1280, "dark", ["color-contrast"])]
    )
    def test_an_accessibility_scanner_finds_nothing(self, site, visit, name, width, scheme, rules):
        options = {"runOnly": rules} if rules else None
        found = Axe().run(visit(site / name, width=width, scheme=scheme), options=options)
        assert found.response["passes"] and found.violations_count == 0, found.generate_report()

    def test_no_id_stands_twice(self, site, visit, name):
        ids = visit(site / name).evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))


def test_code_is_folded_and_one_click_away(site, visit):
    page = visit(site / PAGES[1])
    code = page.locator("details.code pre").first
    assert not code.is_visible()
    page.locator("details.code summary").first.click()
    assert code.is_visible()


def test_the_front_page_shows_the_main_chart_and_the_findings(site, visit):
    page = visit(site / "index.html")
    assert page.locator(".main-chart img").count() == 1
    assert page.locator(".finding").count() >= 1
    assert page.locator("nav a[aria-current=page]").inner_text() == "Overview"
    assert page.locator("text=/data through/i").count() >= 1


def test_pages_are_dark_where_the_reader_wants_it(site, visit):
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert visit(site / "index.html").evaluate(ground) == "rgb(255, 255, 255)"
    assert visit(site / "index.html", scheme="dark").evaluate(ground) == "rgb(21, 24, 28)"
