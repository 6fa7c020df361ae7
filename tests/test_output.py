"""Files are written whole or not at all, and what a spreadsheet would run is made text."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.output import naming, original_cells, replacing, safe_cells, write_table, write_tables

TABLE = pd.DataFrame(
    {"speaker": ["=1+1", "-2", "'=x", "’quoted", None, "plain"], "value": [-1.0, 0, 1, None, 1, 0]}
)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as draft:
        draft.write_text("half")
        raise RuntimeError
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]
    assert path.read_text() == "old"


@pytest.mark.parametrize("error, told", [
    (OSError(28, "full"), "[Errno 28] No space left on device: 'x/t.csv'"),
    (OSError("odd"), "[Errno 5] odd: 'x/t.csv'"),
    (OSError(28, "full", "x/.t-draft.csv"), "[Errno 28] No space left on device: 'x/t.csv'"),
    (OSError(2, "gone", "input.csv"), "[Errno 2] gone: 'input.csv'"),
])
def test_an_error_names_the_file_that_was_meant(error, told):
    with pytest.raises(OSError) as raised, naming(Path("x/t.csv")):
        raise error
    assert str(raised.value) == told


def test_folders_are_made_and_files_can_be_read_by_others(tmp_path):
    path = tmp_path / "a" / "b.txt"
    with replacing(path) as draft:
        draft.write_text("new")
    (tmp_path / "plain").write_text("x")
    assert path.read_text() == "new" and path.stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_formulas_become_text(sign):
    assert safe_cells(pd.DataFrame({"x": [sign + "1"]})).x[0] == "'" + sign + "1"


def test_numbers_and_ordinary_texts_stay_and_every_text_comes_back():
    safe = safe_cells(TABLE)
    assert safe.speaker.tolist()[:4] == ["'=1+1", "'-2", "''=x", "’quoted"]
    pd.testing.assert_series_equal(safe.value, TABLE.value)
    pd.testing.assert_frame_equal(original_cells(safe), TABLE)


def test_csv_and_parquet_hold_the_same_table(tmp_path):
    for suffix, read in {".csv": pd.read_csv, ".parquet": pd.read_parquet}.items():
        write_table(TABLE, tmp_path / f"t{suffix}")
        back = read(tmp_path / f"t{suffix}")
        pd.testing.assert_frame_equal(original_cells(back) if suffix == ".csv" else back, TABLE)


def test_other_suffixes_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"t\.xlsx: a table is written as \.csv or \.parquet"):
        write_table(TABLE, tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_small_tables_of_a_month_come_together_in_large_row_groups(tmp_path):
    """Each costs time when it is read, whatever it holds."""
    small = pd.DataFrame({"date": pd.to_datetime(["2025-08-01", "2025-09-01"] * 200), "n": range(400)})
    write_tables([small] * 110, tmp_path / "months")
    for file in (tmp_path / "months").glob("*/*.parquet"):
        found = pq.read_metadata(file)
        assert [found.row_group(n).num_rows for n in range(found.num_row_groups)] == [20_000, 2_000]
    both = pd.read_parquet(tmp_path / "months", columns=["n"])
    assert both.n.tolist() == [*range(0, 400, 2)] * 110 + [*range(1, 400, 2)] * 110


def test_a_dataset_that_cannot_take_its_place_leaves_the_old_one(tmp_path, monkeypatch):
    table = pd.DataFrame({"date": pd.to_datetime(["2025-08-22"]), "speaker": ["A"]})
    folder = tmp_path / "months"
    write_tables([table], folder)
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")}
    move = Path.replace

    def fail(self, target):
        if self.name == "new":
            raise OSError(28, "No space left on device", str(target))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_tables([table.assign(speaker="B")], folder)
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["months"]


def test_a_dataset_that_was_being_moved_is_put_back(tmp_path):
    """As a kill between the two renames leaves it, with a next run that fails."""
    folder, draft = tmp_path / "months", tmp_path / ".months.draft"
    write_tables([pd.DataFrame({"date": pd.to_datetime(["2025-08-22"]), "n": [7]})], folder)
    (draft / "new").mkdir(parents=True)
    folder.rename(draft / "old")
    with pytest.raises(StopIteration):
        write_tables([], folder)
    assert pd.read_parquet(folder).n.tolist() == [7] and not draft.exists()
