"""Notebooks, run the same way every time: fixed cell ids, no times, no widget state, no start-up files."""

import os
import re
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

from analysis.report import readme
from analysis.config import ARTICLES, NOTEBOOKS, InputError, progress
from analysis.output import replacing

WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def find(folder: Path = NOTEBOOKS) -> list[Path]:
    """The notebooks of a folder in the order of their names."""
    return sorted(folder.glob("*.ipynb"))


def run(path: Path, *, env: dict[str, str] | None = None) -> nbformat.NotebookNode:
    """Run one notebook from top to bottom in a fresh kernel and return it, tidied; the file stays as it is.

    `env` adds to the kernel's environment. A cell that fails raises InputError with the notebook, the cell's
    number among the code cells and the error's last line.
    """
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="wts-ipython-") as own:
        # A free port can be taken by another program before the kernel binds it; a socket in a folder of its
        # own can not. Its path may have 103 bytes on macOS, and Windows has none.
        fits = os.name == "posix" and len(os.fsencode(own)) < 90
        sockets = {"transport": "ipc", "ip": f"{own}/kernel"} if fits else {}
        client = NotebookClient(notebook, timeout=900, kernel_name="python3", record_timing=False,
                                coalesce_streams=True, extra_arguments=["--IPKernelApp.log_level=ERROR"],
                                resources={"metadata": {"path": str(path.parent)}},
                                config=Config(KernelManager=sockets))
        try:
            client.execute(env={**os.environ, "IPYTHONDIR": own, "PYTHONHASHSEED": "0", **(env or {})})
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise InputError(path.name, _failure(notebook, error)) from error
    return tidy(notebook)


def run_all(paths: Iterable[Path], *, env: dict[str, str] | None = None) -> dict[str, nbformat.NotebookNode]:
    """Run several notebooks, two at a time, and return them by name (the file's stem), in the order given."""
    paths = list(paths)
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = pool.map(lambda path: run(path, env=env), paths)
        results = progress(done, "notebooks", len(paths))
        return {path.stem: notebook for path, notebook in zip(paths, results, strict=True)}


def tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from run to run: cell ids, widget ids and state, times, the kernel's version."""
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    text = nbformat.writes(notebook)
    ids = dict.fromkeys(re.findall(r'"model_id": "(\w+)"', text))
    for number, old in enumerate(ids, 1):
        text = text.replace(old, f"{number:032x}")
    return nbformat.reads(text, as_version=4)


def run_in_place(folder: Path = NOTEBOOKS) -> None:
    """Run every notebook of the folder over the shipped articles and write it back with its outputs.

    The main chart is written beside them and the findings into the README in the folder above.
    """
    notebooks = run_all(find(folder), env={"WTS_ARTICLES": str(ARTICLES)})
    for name, notebook in notebooks.items():
        with replacing(folder / f"{name}.ipynb") as draft:
            nbformat.write(notebook, draft)
        print(f"notebooks/{name}.ipynb")
    readme.write(notebooks, folder)


def _failure(notebook: nbformat.NotebookNode, error: Exception) -> str:
    """One line about the cell at which a run stopped."""
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.execution_count]
    last = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
    return f"code cell {len(ran)} failed: {' '.join(last.split())[:500]}"
