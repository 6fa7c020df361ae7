"""The desk where new articles come in: paste or upload, say what is known, add, see what moved."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from IPython.display import HTML, display

from analysis.rerun import moves_told
from analysis.adding import add, add_article
from analysis.config import LOCAL, InputError
from analysis.corpus import load_articles
from analysis.evidence import Html
from analysis.corpus.fields import plain_id
from analysis.corpus.readers import READERS
from analysis.rerun import CACHE, rerun
from analysis.evidence.tables import show
from analysis.turns import in_turn

FIELDS = {"date": "Date", "publisher": "Publisher", "url": "Link", "headline": "Headline"}  # as add has them


def take_in(text: str = "", files: Mapping[str, bytes] | None = None, *, local: str | os.PathLike = LOCAL,
            folder: str | os.PathLike = CACHE, **given) -> list[HTML | Html]:
    """Add a pasted text and uploaded files (name -> bytes), rerun; what became of them and what moved.

    `given`: date, publisher, url, headline, as for add. The articles compared are those of load_articles(),
    and with them those of `local`. Raises InputError where a field is wrong; nothing is added then.
    """
    given = {name: value for name, value in given.items() if value}
    local, before = Path(local), rerun(_there(Path(local)), folder=folder)
    with tempfile.TemporaryDirectory() as place:
        for number, (name, data) in enumerate((files or {}).items()):
            file = Path(place, str(number), _file_name(name))
            file.parent.mkdir()
            file.write_bytes(data)
        tables = [add(place, local=local, **given)] if files else []
    tables += [add_article(text, local=local, **given)] if text.strip() else []
    after = rerun(_there(local), folder=folder)
    return [*map(outcomes, tables), *map(problems, tables), moves_told.told(before, after)]


def _there(local: Path) -> pd.DataFrame:
    """The articles that are read, and those of `local` where it is another folder than these come from."""
    further = [load_articles(local)] if local != LOCAL and local.is_dir() else []
    return pd.concat([load_articles(), *further], ignore_index=True)


def _file_name(name: str) -> str:
    """The name of an uploaded file without anything that leads elsewhere."""
    stem, suffix = os.path.splitext(name)
    return plain_id(stem) + suffix if suffix.lower() in READERS else plain_id(name)


def outcomes(table: pd.DataFrame) -> HTML:
    """What became of each article, as found."""
    return show(table.set_index("article_id").drop(columns="file"), none="No article was found.")


def problems(table: pd.DataFrame) -> HTML:
    """Files that could not be used, and why."""
    rows = [{"file": Path(problem["file"]).name, "reason": problem["reason"]}
            for name in ("problems", "left_out") for problem in table.attrs[name]]
    return show(
        pd.DataFrame(rows, columns=["file", "reason"]).set_index("file"), none="No file was left out."
    )


def desk(**options) -> widgets.VBox:
    """The form; its button calls `take_in`, to which `options` pass."""
    text = widgets.Textarea(
        placeholder="Text as copied from a page", layout={"width": "46rem", "height": "9rem"}
    )
    upload = widgets.FileUpload(multiple=True, description="Or files")
    fields = {name: widgets.Text(description=label, placeholder="where the text does not say it")
              for name, label in FIELDS.items()}
    button, out = widgets.Button(description="Add and rerun", button_style="primary"), widgets.Output()

    @in_turn
    def press(_) -> None:
        with out:
            out.clear_output(wait=True)
            files = {file["name"]: bytes(file["content"]) for file in upload.value}
            try:
                display(
                    *take_in(
                        text.value, files, **{name: field.value for name, field in fields.items()}, **options
                    )
                )
            except (InputError, OSError) as error:
                print(error)

    button.on_click(press)
    return widgets.VBox([text, upload, *fields.values(), button, out])
