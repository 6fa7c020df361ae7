"""Executed notebooks as web pages: one file each, pictures inside, no script, nothing loaded."""

import re
from functools import cache
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook

from analysis.report.notebooks import WIDGET
from analysis.report.safe_html import clean

TEMPLATES = Path(__file__).parent / "templates"
# The tags of the cells that the front page shows, in its order, with the heading above each.
FRONT = {"data-through": "", "finding": "## The findings", "main-chart": "## Who stood where, and when",
         "left-out": "## Problems of the input"}


def render(notebooks: dict[str, nbformat.NotebookNode], *, foot: str = "") -> dict[str, str]:
    """All pages of the site as file name -> HTML: the front page index.html, then a page per notebook."""
    labels = {f"{name}.html": _label(name) for name in notebooks}
    pages = [{"file": file, "label": label} for file, label in ({"index.html": "Overview"} | labels).items()]
    sources = {"index.html": front(notebooks)} | {f"{name}.html": nb for name, nb in notebooks.items()}
    return {file: _page(file, notebook, pages, foot) for file, notebook in sources.items()}


def single(notebook: nbformat.NotebookNode, *, foot: str = "") -> str:
    """A notebook as one page without links to the others."""
    return re.sub(r'<a href="[\w-]+\.html(?:#[^"]*)?">(.*?)</a>', r"\1", _page("", notebook, [], foot), flags=re.S)


def front(notebooks: dict[str, nbformat.NotebookNode]) -> nbformat.NotebookNode:
    """The front page as a notebook: what this is, the cells tagged as in FRONT without code, and links.

    The code cell after a main chart shows the words behind it, so it comes along.
    """
    cells = [new_markdown_cell((TEMPLATES / "front.md").read_text("utf-8"))]
    for tag, heading in FRONT.items():
        shown = [cell for notebook in notebooks.values() for cell in _tagged(notebook, tag)]
        cells += [new_markdown_cell(heading)] * bool(shown and heading) + shown
    links = "\n".join(f"- [{title(notebook)}]({name}.ipynb)" for name, notebook in notebooks.items())
    return new_notebook(cells=[*cells, new_markdown_cell(f"## Read on\n\n{links}")])


def _tagged(notebook: nbformat.NotebookNode, tag: str) -> list[nbformat.NotebookNode]:
    """The code cells with a tag, without their code; each main chart with the code cell after it."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = [place for place, cell in enumerate(cells) if tag in cell.metadata.get("tags", ())]
    if tag == "main-chart":
        found = [place + after for place in found for after in (0, 1) if place + after < len(cells)]
    return [nbformat.from_dict(cells[place] | {"source": ""}) for place in found]


def title(notebook: nbformat.NotebookNode) -> str:
    """The first heading of a notebook."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^#+ +(.+)$", text, re.M)
    return found[1].strip() if found else "Untitled"


def static(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without widgets: a page has no kernel, and the same picture stands beside each widget."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
    return notebook


def _page(file: str, notebook: nbformat.NotebookNode, pages: list[dict], foot: str) -> str:
    """One page: the notebook's inside in the frame, its style sheets moved to the head."""
    body, _ = _exporter().from_notebook_node(static(notebook))
    styles = dict.fromkeys(re.findall(r"<style>([^<]*)</style>", body))
    body = re.sub(r"<style>[^<]*</style>", "", body).replace("</h1>", f"</h1>{contents(body)}", 1)
    style = "\n".join([(TEMPLATES / "site" / "style.css").read_text("utf-8"), *styles])
    frame = _exporter().environment.get_template("frame.html.j2")
    return frame.render(file=file, title=title(notebook), pages=pages, style=style, body=body, foot=foot)


def contents(body: str) -> str:
    """Links to the sections of a page, nothing where it has fewer than four."""
    sections = re.findall(r'<h2 id="([^"]+)">(.*?)<a class="anchor-link"', body)
    links = "".join(f'<li><a href="#{place}">{heading}</a></li>' for place, heading in sections)
    listing = f'<nav class="contents" aria-label="On this page"><ul>{links}</ul></nav>'
    return listing if len(sections) > 3 else ""


@cache
def _exporter() -> HTMLExporter:
    """nbconvert with the project's template and its list of allowed HTML."""
    exporter = HTMLExporter(template_name="site", extra_template_basedirs=[str(TEMPLATES)])
    exporter.register_filter("clean", clean)
    return exporter


def _label(name: str) -> str:
    """A notebook's name as the navigation shows it: "3-positions" -> "3 Positions"."""
    number, _, rest = name.partition("-")
    return f"{number} {rest.replace('-', ' ').capitalize()}".strip()
