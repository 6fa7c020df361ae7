"""The shared pages: every notebook run over the articles, rendered to a folder that opens from disk."""

import os
from collections.abc import Iterable
from pathlib import Path

from analysis.config import InputError
from analysis.corpus import load_articles
from analysis.output import naming, replacing
from analysis.report.notebooks import find, run, run_all
from analysis.report.pages import render, single
from analysis.words import span


def report(articles: Iterable[str | os.PathLike] | None = None, output: str | os.PathLike = "build/site", *,
           metadata: str | os.PathLike | None = None, notebook: str | None = None) -> list[InputError]:
    """Run all notebooks and write the site to the folder `output`; print where its front page is.

    With the name of a `notebook` ("3-positions"), that one alone is run and written, as one file, to `output`.

    `articles` (files and folders) take the place of data/articles and data/local; `metadata` is their index.
    Returns the problems of the input, which the pages list too. InputError where no article can be read or a
    notebook fails; an earlier site then stays as it was.
    """
    articles = [Path(path).resolve() for path in articles or ()]
    table = load_articles(*articles, metadata=metadata)
    problems = [InputError(p["file"], p["reason"], p["line"]) for p in table.attrs["problems"]]
    if table.empty:
        raise problems[0] if problems else InputError(", ".join(map(str, articles)), "no articles found")
    env = {"WTS_ARTICLES": os.pathsep.join(map(str, articles))} if articles else {}
    env |= {"WTS_METADATA": str(Path(metadata).resolve())} if metadata else {}
    if notebook:
        index = write_single(notebook, Path(output), env=env, foot=_foot(table))
    else:
        index = write_site(render(run_all(find(), env=env), foot=_foot(table)), Path(output))
    print(f"{index}: {len(table)} articles, {len(problems)} problems of the input")
    return problems


def write_single(name: str, output: Path, *, env: dict[str, str], foot: str) -> Path:
    """Run one notebook and write it as one file that needs no other; returns its path."""
    paths = {path.stem: path for path in find()}
    if name not in paths:
        raise InputError(name, f"no notebook of this name (there are {', '.join(paths)})")
    page = single(run(paths[name], env=env), foot=foot)
    with replacing(output) as draft:
        Path(draft).write_text(page, "utf-8", errors="replace")
    return output


def write_site(pages: dict[str, str], output: Path) -> Path:
    """Write the pages, given as file name -> HTML, and return the path of index.html.

    All are written beside the old ones before the first takes its place, the front page last; other files
    in the folder are left alone.
    """
    output.mkdir(parents=True, exist_ok=True)
    drafts = {output / f".{name}.part": output / name for name in sorted(pages, key="index.html".__eq__)}
    try:
        for draft, page in drafts.items():
            with naming(page):
                draft.write_text(pages[page.name], "utf-8", errors="replace")
        for draft, page in drafts.items():
            draft.replace(page)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
    return output / "index.html"


def _foot(articles) -> str:
    """What stands at the foot of every page."""
    dates = articles.date.dropna()
    when = f", {span(dates)}" if len(dates) else ""
    return (
        f"Articles read: {len(articles):,}{when}. The digests in data/articles are CC BY 4.0, the code is "
        "MIT. Positions are tagged by a program and may be wrong: follow the link beside a quote before you "
        "cite it."
    )
