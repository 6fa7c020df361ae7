"""The findings at the top of README.md: taken from the executed notebooks, never typed."""

import re
from base64 import b64decode
from pathlib import Path

import nbformat

from analysis.output import replacing

PICTURE = "notebooks/main-chart.png"
SECTION = re.compile(r"(<!-- findings -->\n).*?(<!-- /findings -->)", re.S)


def fill(readme: str, notebooks: dict[str, nbformat.NotebookNode]) -> str:
    """The README's text with its findings section made anew; as it was where no notebook has findings."""
    parts = [
        _markdown(text) for tag in ("data-through", "finding") for text in tagged(notebooks, tag, "text/html")
    ]
    captions = tagged(notebooks, "main-chart", "text/plain")
    if not parts or not captions:
        return readme
    picture = (
        f"[![{captions[0].replace('[', '(').replace(']', ')')}]({PICTURE})](notebooks/3-positions.ipynb)"
    )
    body = "\n\n".join([parts[0], picture, *parts[1:]])
    return SECTION.sub(lambda found: f"{found[1]}{body}\n{found[2]}", readme)


def write(notebooks: dict[str, nbformat.NotebookNode], folder: Path) -> None:
    """Fill README.md in the folder above and write the main chart beside the notebooks."""
    for picture in tagged(notebooks, "main-chart", "image/png"):
        (folder / Path(PICTURE).name).write_bytes(b64decode(picture))
    readme = folder.parent / "README.md"
    if readme.exists():
        text = fill(readme.read_text("utf-8"), notebooks)
        with replacing(readme) as draft:
            draft.write_text(text, "utf-8")


def tagged(notebooks: dict[str, nbformat.NotebookNode], tag: str, kind: str) -> list[str]:
    """The outputs of one kind (a MIME type) that the cells with a tag put out."""
    cells = [
        cell
        for notebook in notebooks.values()
        for cell in notebook.cells
        if tag in cell.metadata.get("tags", ())
    ]
    return [output.data[kind] for cell in cells for output in cell.outputs if kind in output.get("data", {})]


def _markdown(html: str) -> str:
    """Paragraphs, lists and strong words as Markdown; entities stay as they are."""
    text = re.sub(r"</?(strong|b)>", "**", html)
    text = re.sub(r"<li>", "\n- ", re.sub(r"\s+", " ", text))
    return re.sub(r"<[^>]+>", "", text).strip()
