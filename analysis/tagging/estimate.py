"""How many articles files hold, told without parsing them: for the time that is left."""

from collections.abc import Iterable
from pathlib import Path


def estimate(files: Iterable[tuple[Path, bool]]) -> int:
    """About how many articles the files hold: rows of a Parquet table, lines of other tables, else one."""
    return sum(_articles(path) for path, _ in files)


def _articles(path: Path) -> int:
    try:
        if path.suffix.lower() == ".parquet":
            from pyarrow.parquet import read_metadata

            return read_metadata(path).num_rows
        if path.suffix.lower() in (".jsonl", ".csv"):
            with path.open("rb") as file:
                return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except (OSError, ValueError):  # reading it will say why
        return 0
    return 1
