"""The committed notebooks are fit to be shown, and a run is the same each time."""

import json
import os
import statistics
import tempfile
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from analysis.config import ARTICLES, InputError
from analysis.report.notebooks import find, run, run_in_place, tidy

NAMES = [path.stem for path in find()]
TEXTS = ("text/plain", "text/html", "text/markdown")


@pytest.fixture(scope="module")
def committed():
    return {path.stem: nbformat.read(path, as_version=4) for path in find()}


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(notebook):
    """Source and text outputs of every cell."""
    return [
        (
            cell.source,
            [
                output.get("text") or {kind: output.data[kind] for kind in TEXTS if kind in output.data}
                for output in cell.get("outputs", [])
            ],
        )
        for cell in notebook.cells
    ]


@pytest.mark.parametrize("name", NAMES)
class TestCommitted:
    def test_cells_ran_in_order_without_error(self, committed, name):
        cells = code_cells(committed[name])
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
        assert not [output for cell in cells for output in cell.outputs if output.output_type == "error"]
        assert not [output for cell in cells for output in cell.outputs if output.get("name") == "stderr"]

    def test_it_is_small_and_holds_no_widget_state_and_no_path(self, committed, name):
        text = nbformat.writes(committed[name])
        assert len(text) < 1_000_000
        assert set(committed[name].metadata) == {"kernelspec", "language_info"}
        nbformat.validate(committed[name])
        for place in ("/home/", "/Users/", "/root/", "/tmp/", "/work/"):
            assert place not in json.dumps(texts(committed[name]))

    def test_the_story_shows_and_the_package_computes(self, committed, name):
        lines = [len(cell.source.splitlines()) for cell in code_cells(committed[name])]
        assert statistics.median(lines) <= 3 and max(lines) <= 15
        assert committed[name].cells[0].source.startswith("# ")

    def test_every_chart_stands_between_sentences(self, committed, name):
        cells = committed[name].cells
        for before, cell in pairwise(cells):
            if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
                assert before.cell_type == "markdown" or "Markdown" in str(before.get("outputs")), cell.source


def test_names_are_numbered_in_order():
    numbers = [int(name.partition("-")[0]) for name in NAMES]
    assert numbers == sorted(set(numbers)) and numbers[0] == 1


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_run_is_the_same_each_time_and_leaves_the_file_alone(tmp_path):
    path = write(
        tmp_path / "1-a.ipynb",
        "import ipywidgets\nipywidgets.IntSlider()",
        "print('a', flush=True); print('b')",
    )
    before = path.read_bytes()
    first, second = run(path), run(path)
    assert first == second
    assert "widgets" not in first.metadata and "0" * 31 + "1" in nbformat.writes(first)
    assert first.cells[1].outputs[0].text == "a\nb\n"
    assert path.read_bytes() == before


def test_a_failing_cell_is_named_in_one_line(tmp_path):
    path = write(tmp_path / "2-b.ipynb", "1 + 1", "raise ValueError('no\\nway')", "2")
    with pytest.raises(InputError, match="^2-b.ipynb: code cell 2 failed: ValueError: no way$"):
        run(path)


def test_environment_reaches_the_kernel(tmp_path):
    path = write(tmp_path / "c.ipynb", "import os; print(os.environ['WTS_ARTICLES'])")
    assert run(path, env={"WTS_ARTICLES": "here"}).cells[0].outputs[0].text == "here\n"


@pytest.mark.skipif(os.name != "posix", reason="ZeroMQ has no sockets in files there")
def test_a_kernel_listens_on_no_port_that_another_program_could_take(tmp_path):
    path = write(tmp_path / "d.ipynb", "import ipykernel; print(open(ipykernel.get_connection_file()).read())")
    connection = json.loads(run(path).cells[0].outputs[0].text)
    assert connection["transport"] == "ipc" and not Path(connection["ip"]).parent.exists()


def test_a_folder_for_temporary_files_may_have_a_long_name(tmp_path, monkeypatch):
    (tmp_path / ("long" * 25)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long" * 25)))
    assert run(write(tmp_path / "e.ipynb", "print('ran')")).cells[0].outputs[0].text == "ran\n"


def test_tidy_takes_out_what_differs_from_run_to_run():
    cell = nbformat.v4.new_code_cell("x", metadata={"execution": {"iopub.status.busy": "now"}, "tags": ["t"]})
    tidied = tidy(
        nbformat.v4.new_notebook(
            cells=[cell], metadata={"widgets": {"a": 1}, "language_info": {"name": "python", "version": "3"}}
        )
    )
    assert tidied.cells[0].id == "cell-01" and tidied.cells[0].metadata == {"tags": ["t"]}
    assert set(tidied.metadata) == {"kernelspec", "language_info"}
    assert tidied.metadata.language_info == {"name": "python"}


def test_run_in_place_reads_the_shipped_articles_and_fills_the_readme(tmp_path, capsys):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "README.md").write_text("# A\n<!-- findings -->\nold\n<!-- /findings -->\nrest\n")
    path = write(tmp_path / "notebooks" / "1-a.ipynb", "import os; print(os.environ['WTS_ARTICLES'])",
                 "from analysis.style import words\nwords('Nothing to draw.')",
                 "from IPython.display import HTML\nHTML('<ul><li>One &lt;b&gt;.</li><li>Two.</li></ul>')")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata["tags"], notebook.cells[2].metadata["tags"] = ["main-chart"], ["finding"]
    nbformat.write(notebook, path)
    run_in_place(tmp_path / "notebooks")
    assert capsys.readouterr().out == "notebooks/1-a.ipynb\n"
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == f"{ARTICLES}\n"
    assert (tmp_path / "notebooks" / "main-chart.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "README.md").read_text() == (
        "# A\n<!-- findings -->\n- One &lt;b&gt;.\n- Two.\n\n"
        "[![Nothing to draw.](notebooks/main-chart.png)](notebooks/3-positions.ipynb)\n"
        "<!-- /findings -->\nrest\n"
    )
