"""Where things are, and the one error that bad input raises."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WTS_DATA", ROOT / "data"))
ARTICLES = DATA / "articles"
LOCAL = DATA / "local"
# What load_articles reads when it is given no paths; `report --articles` hands its own to the notebooks so.
SOURCES = [Path(p) for p in os.environ.get("WTS_ARTICLES", f"{ARTICLES}{os.pathsep}{LOCAL}").split(os.pathsep)]
METADATA = os.environ.get("WTS_METADATA")
NOTEBOOKS = ROOT / "notebooks"
MODELS = DATA / "models"
CODEBOOK = DATA / "codebook.yaml"
SPEAKERS = DATA / "speakers.csv"
EVENTS = DATA / "events.csv"
EVENT_COLUMNS = ["date", "event", "detail", "url"]
CODED = DATA / "coded.csv"


class InputError(ValueError):
    """A file that cannot be used as it is: names the file, the line where there is one, and the reason."""

    def __init__(self, path: object, reason: str, line: int | None = None):
        self.path, self.reason, self.line = str(path), reason, line
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {reason}")


def progress(items, what: str, total: int | None = None, unit: str = "it"):
    """Iterate over items with a bar, with speed and time left, once the work has taken 2 s; no bar where the
    output is no terminal."""
    from tqdm import tqdm

    return tqdm(items, desc=what, total=total, unit=unit, delay=2, disable=None, leave=False)
