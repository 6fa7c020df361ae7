"""How fast each room of the road is: `make bench` prints a table and writes build/bench.json.

Words per second on one core, best of three runs, on the shipped digests and, where it lies beside the
project, on the PolNeAR dev articles; against one pass of a plain regular expression over the words (the
floor), and against textacy's direct_quotations with spaCy's small English model where both are installed.
"""

import importlib.util
import json
import os
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis import attributions, charts, find_statements, load_articles, tag_positions
from analysis.config import ARTICLES, ROOT

POLNEAR = Path(os.environ.get("WTS_SHARED", ROOT.parent / "shared")) / "polnear" / "dev.jsonl"
RESULT = ROOT / "build" / "bench.json"
WORD = re.compile(r"\w+")


def main() -> None:
    """Measure, print beside the last run, and record."""
    last = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}
    rows = {}
    for name, path in {"digests": ARTICLES, "PolNeAR dev": POLNEAR}.items():
        if path.exists():
            rows |= measure(name, path)
        else:
            print(f"{name}: not here, left out")
    rows["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    width = max(map(len, rows))
    print(f"{'words per second':{width}}  {'now':>12}  {'last run':>12}")
    for row, value in rows.items():
        print(f"{row:{width}}  {value:12,.0f}  {last.get(row, float('nan')):12,.0f}")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=1), "utf-8")


def measure(name: str, path: Path) -> dict[str, float]:
    """Words per second of each room on the articles of one place."""
    articles = load_articles(path) if path.is_dir() else polnear(path)
    statements = find_statements(articles)
    positions = tag_positions(statements)
    words = sum(len(WORD.findall(text)) for text in articles.text)
    rooms: dict[str, Callable] = {
        "floor: a regular expression": lambda: [WORD.findall(text) for text in articles.text],
        "attributions": lambda: [attributions(text) for text in articles.text],
        "find_statements": lambda: find_statements(articles),
        "tag_positions": lambda: tag_positions(statements),
        "tag (all of it)": lambda: tag_positions(find_statements(articles)),
    }
    if path.is_dir():
        rooms |= {
            "load_articles": lambda: load_articles(path),
            "a timeline": lambda: charts.timeline(positions, topic="meeting"),
        }
    return {f"{name}: {room}": words / best(run) for room, run in (rooms | textacy_room(articles)).items()}


def best(run: Callable, times: int = 3) -> float:
    """The shortest of some runs, in seconds."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def polnear(path: Path) -> pd.DataFrame:
    """The articles of a PolNeAR file as a table of articles."""
    lines = pd.read_json(path, lines=True)
    nothing = dict.fromkeys(["publisher", "headline", "url"], "")
    return lines.rename(columns={"article": "article_id"})[["article_id", "text"]].assign(
        **nothing, date=pd.NaT, origin=str(path)
    )


def textacy_room(articles: pd.DataFrame) -> dict[str, Callable]:
    """textacy on the same texts, where it and the model are installed."""
    if not all(importlib.util.find_spec(name) for name in ("textacy", "en_core_web_sm")):
        return {}
    import en_core_web_sm
    from textacy.extract import direct_quotations

    pipeline = en_core_web_sm.load()

    def quotations(paragraph: str) -> list:
        try:
            return list(direct_quotations(pipeline(paragraph)))
        except ValueError:  # it refuses a quotation that is not closed
            return []

    return {
        "textacy direct_quotations": lambda: [
            quotations(part) for text in articles.text for part in text.split("\n") if part.strip()
        ]
    }


if __name__ == "__main__":
    main()
