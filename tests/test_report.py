"""The site is complete or the old one stays; what articles say does no harm in it."""

import html

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis import report as room
from analysis.__main__ import main
from analysis.config import InputError
from analysis.report.pages import render
from analysis.report import report, write_site

HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> "
    "$5 and $6 [x](javascript:alert(1))"
)
SHOW = """from IPython.display import HTML, Markdown, display
from analysis import load_articles
articles = load_articles()
articles[["headline", "publisher"]]"""


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A folder of two small notebooks in place of the project's."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cells = [
        new_markdown_cell("# First\n\n## Part one\n\nSee [the next](2-b.ipynb) and [its end](2-b.ipynb#End)."),
        new_code_cell(SHOW),
        new_code_cell(
            "h = articles.headline[0]\ndisplay(Markdown(h), HTML(h))\nprint(h)",
            metadata={"tags": ["finding"]},
        ),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "1-a.ipynb")
    nbformat.write(
        new_notebook(cells=[new_markdown_cell("# Second"), new_code_cell("1 + 1")]), folder / "2-b.ipynb"
    )
    monkeypatch.setattr(room, "find", lambda: sorted(folder.glob("*.ipynb")))
    return folder


@pytest.fixture
def articles(tmp_path):
    """A folder with one hostile article and one that cannot be read."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "2025-08-22-good.md").write_text(
        f"---\nheadline: '{HOSTILE.replace(chr(39), chr(39) * 2)}'\n"
        "date: 2025-08-22\npublisher: '<b onclick=alert(1)>'\n"
        "url: javascript:alert(1)\n---\nLavrov said that no meeting is planned.\n",
        "utf-8",
    )
    (folder / "2025-08-23-bad.md").write_bytes(b"\x00\x01\x02" * 50)
    return folder


def test_site_of_given_articles(notebooks, articles, tmp_path, visit, capsys):
    problems = report([articles], tmp_path / "site")
    assert [(problem.path, problem.reason[:3]) for problem in problems] == [
        (str(articles / "2025-08-22-good.md"), "url"), (str(articles / "2025-08-23-bad.md"), "bin")]
    assert capsys.readouterr().out == f"{tmp_path}/site/index.html: 1 articles, 2 problems of the input\n"
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [
        "1-a.html",
        "2-b.html",
        "index.html",
    ]
    for name in ("index.html", "1-a.html"):
        page = visit(tmp_path / "site" / name)
        assert page.title() in ("Where they stand", "First")
        assert page.log == [f"request: {(tmp_path / 'site' / name).as_uri()}"]
        assert page.locator("text=$5 and $6").count() >= 1
        assert page.locator("script, img, [onclick], a[href^=javascript]").count() == 0


def test_pages_are_joined(notebooks, articles, tmp_path, visit):
    assert main(["report", "--articles", str(articles), "--output", str(tmp_path / "site")]) == 1
    page = visit(tmp_path / "site" / "index.html")
    page.locator("main >> text=First").click()
    page.get_by_role("link", name="the next").click()
    assert page.locator("h1").inner_text().startswith("Second")
    assert page.locator("nav a").all_inner_texts() == ["Overview", "1 A", "2 B"]


def test_one_notebook_is_one_file_that_needs_no_other(notebooks, articles, tmp_path, visit, capsys):
    file = tmp_path / "mail" / "a.html"
    options = ["--articles", str(articles), "--notebook", "1-a", "--output", str(file)]
    assert main(["report", *options]) == 1 and [path.name for path in file.parent.iterdir()] == ["a.html"]
    page = visit(file)
    assert page.locator("h1").inner_text().startswith("First")
    assert "See the next and its end." in page.locator("main").inner_text()
    links = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert links and all(link.startswith("#") for link in links) and page.locator("header").count() == 0
    assert main(["report", *options[:2], "--notebook", "9", "--output", str(file)]) == 1
    assert "9: no notebook of this name (there are 1-a, 2-b)" in capsys.readouterr().err


def test_the_last_good_site_stays_when_a_notebook_fails(notebooks, articles, tmp_path):
    report([articles], tmp_path / "site")
    before = {path: path.read_bytes() for path in (tmp_path / "site").iterdir()}
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), notebooks / "3-c.ipynb")
    with pytest.raises(InputError, match="3-c.ipynb: code cell 1 failed: ZeroDivisionError"):
        report([articles], tmp_path / "site")
    assert {path: path.read_bytes() for path in (tmp_path / "site").iterdir()} == before


@pytest.mark.parametrize("files", [[], ["2025-01-01-empty.md"]])
def test_no_article_at_all_is_an_error(notebooks, tmp_path, files):
    folder = tmp_path / "none"
    folder.mkdir()
    for name in files:
        (folder / name).touch()
    with pytest.raises(InputError, match=files[0] if files else "no articles found"):
        report([folder], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_full_disk_leaves_the_old_pages(tmp_path, monkeypatch):
    write_site({"index.html": "old", "a.html": "old"}, tmp_path)
    (tmp_path / "mine.txt").write_text("mine")

    def full(path, *_, **__):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(OSError, match="No space"):
        write_site({"index.html": "new", "a.html": "new"}, tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "index.html": "old", "a.html": "old", "mine.txt": "mine"}


def test_widgets_and_scripts_are_left_out_and_the_picture_beside_them_shown():
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "0"}, "text/plain": "IntSlider()"}
    outputs = [nbformat.v4.new_output("display_data", widget),
               nbformat.v4.new_output("display_data", {"application/javascript": "alert(1)"}),
               nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg onload=alert(1)></svg>"}),
               nbformat.v4.new_output("display_data", {"image/png": "AAAA", "text/plain": "A"},
                                      metadata={"image/png": {"alt": 'n = 3 "quoted" <b>'}})]
    page = render(
        {"1-a": new_notebook(cells=[new_markdown_cell("# A"), new_code_cell("w", outputs=outputs)])}
    )["1-a.html"]
    assert "IntSlider" not in page and "alert" not in page and "<svg" not in page
    assert (
        page.count("alt=") == 1 and html.unescape(page).count('n = 3 "quoted" <b>') == 1 and "<b>" not in page
    )


def test_front_page_takes_tagged_cells_in_their_order():
    def cell(tag, text):
        output = nbformat.v4.new_output("display_data", {"text/markdown": text})
        return new_code_cell("secret()", outputs=[output], metadata={"tags": [tag]})

    story = new_notebook(
        cells=[
            new_markdown_cell("# Story"),
            cell("other", "no"),
            cell("main-chart", "CHART"),
            new_markdown_cell("what it says"),
            cell("words", "its words"),
            cell("finding", "one finding"),
            cell("data-through", "data through today"),
        ]
    )
    page = render({"3-story": story}, foot="5 < 6")["index.html"]
    places = [
        page.index(text)
        for text in (
            "data through today",
            ">The findings",
            "one finding",
            "CHART",
            "its words",
            '3-story.html">Story',
            "5 &lt; 6",
        )
    ]
    assert places == sorted(places)
    assert "secret" not in page and ">no<" not in page and "what it says" not in page


@pytest.mark.parametrize(("sections", "links"), [(3, 0), (4, 4)])
def test_long_pages_list_their_sections(sections, links):
    text = "# A\n\n" + "\n\n".join(f"## Part {n} & more" for n in range(sections))
    page = render({"1-a": new_notebook(cells=[new_markdown_cell(text)])})["1-a.html"]
    assert page.count('<li><a href="#Part-') == links
    assert page.count('href="#Part-0-&amp;-more"') == (2 if links else 1)
