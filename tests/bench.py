"""How fast each step of the road is: `make bench` prints a table and writes build/bench.json.

Words (as a plain regular expression counts them) per second of processor time, on one core, best of three
runs: on the shipped digests and, where it lies beside the project, on the PolNeAR dev articles, where textacy's
direct_quotations with a small English model of spaCy reads the same texts in the same run. Then what attribution
takes besides (its model, memory, hostile text), and the command `tag` on made articles: how its time and memory
grow with their number. `--help` has the options.
"""

import argparse
import json
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before numpy is read: one core is measured
    os.environ.setdefault(name, "1")

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from bench_textacy import WORD, best
from made_corpus import write_corpus

from analysis import attributions, charts, find_statements, load_articles, tag_positions, trends
from analysis.attribution.network import MODEL, load_network
from analysis.codebook.patterns import matches
from analysis.config import ARTICLES, ROOT
from analysis.speakers import ArticleSpeakers
from analysis.trends import findings, shifts

POLNEAR = Path(os.environ.get("WTS_SHARED", ROOT.parent / "shared")) / "polnear" / "dev.jsonl"
RESULT = ROOT / "build" / "bench.json"
SIZES = [100, 200, 400]  # articles
HOSTILE = {"quotation marks": "“", "brackets": "(", "one unbroken line": "a", "said said": "said "}
CHARACTERS = 1_000_000  # of each hostile text
MISSING = "not installed"


def main(arguments: list[str] | None = None) -> None:
    """Measure, print beside the last run, and record."""
    options = parser().parse_args(arguments)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    last = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}
    rows = {}
    for name, path in {"digests": ARTICLES, "PolNeAR dev": POLNEAR}.items():
        if path.exists():
            rows |= measure(name, path, options.textacy)
        else:
            print(f"{name}: not here, left out")
    rows |= model() | hostile() | growth(options.sizes, options.words)
    width = max(map(len, rows))
    print(f"{'words per second of processor time':{width}}  {'now':>13}  {'last run':>13}")
    for row, value in rows.items():
        print(f"{row:{width}}  {shown(value):>13}  {shown(last.get(row, '')):>13}")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(rows, indent=1), "utf-8")


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    found.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="numbers of made articles to tag")
    found.add_argument("--words", type=int, default=750, help="words of a made article (default: 750)")
    found.add_argument(
        "--textacy",
        default=os.environ.get("TEXTACY_PYTHON", sys.executable),
        metavar="PYTHON",
        help="an interpreter with textacy and a model (default: $TEXTACY_PYTHON, else this one)",
    )
    return found


def shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.{0 if abs(value) >= 100 else 2}f}"


def measure(name: str, path: Path, textacy: str) -> dict[str, float | str]:
    """Words per second of each step on the articles of one place."""
    articles = load_articles(path) if path.is_dir() else polnear(path)
    statements = find_statements(articles)
    positions = tag_positions(statements)
    found = [attributions(text) for text in articles.text]
    rooms: dict[str, Callable] = {
        "a regular expression (floor)": lambda: [WORD.findall(text) for text in articles.text],
        "attribute": lambda: [attributions(text) for text in articles.text],
        "speakers": lambda: [
            ArticleSpeakers(row.text, row_found, date=None, headline="").mentions()
            for row, row_found in zip(articles.itertuples(), found, strict=True)
        ],
        "statements (with both)": lambda: find_statements(articles),
        "positions": lambda: tag_positions(statements),
        "tag (all of these)": lambda: tag_positions(find_statements(articles)),
    }
    if path.is_dir():
        rooms |= {
            "load": lambda: load_articles(path),
            "trends": lambda: (
                [summary(positions) for summary in (trends.trend, trends.smooth, trends.gap, shifts.shifts)],
                findings.survives(positions),
            ),
            "charts": lambda: [
                chart.png()
                for topic in ("meeting", "security_guarantees")
                for chart in (charts.timeline(positions, topic=topic), charts.speakers(positions, topic=topic))
            ],
        }
    words = sum(len(WORD.findall(text)) for text in articles.text)
    speeds = {f"{name}: {room}": words / best(lambda: anew(run)) for room, run in rooms.items()}
    return speeds if path.is_dir() else speeds | compared(name, articles.text, speeds, textacy)


def anew(run: Callable) -> None:
    """Run without what is remembered of these texts from the run before."""
    matches.cache_clear()
    run()


def polnear(path: Path) -> pd.DataFrame:
    """The articles of a PolNeAR file as a table of articles."""
    lines = pd.read_json(path, lines=True)
    nothing = dict.fromkeys(["publisher", "headline", "url"], "")
    return lines.rename(columns={"article": "article_id"})[["article_id", "text"]].assign(
        **nothing, date=pd.NaT, origin=str(path)
    )


def compared(name: str, texts: Iterable[str], speeds: dict, python: str) -> dict[str, float | str]:
    """textacy on the same texts, paragraph by paragraph and whole, and how many times as fast we are."""
    run = subprocess.run(
        [python, Path(__file__).with_name("bench_textacy.py")],
        input=json.dumps(list(texts)),
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
    )
    found = json.loads(run.stdout) if run.returncode == 0 else dict.fromkeys(["paragraphs", "articles"], MISSING)
    rows = {}
    for pieces, speed in found.items():
        rows[f"{name}: textacy direct_quotations, {pieces}"] = speed
        for room in ("attribute", "tag (all of these)"):
            times = MISSING if isinstance(speed, str) else speeds[f"{name}: {room}"] / speed
            rows[f"{name}: {room.partition(' (')[0]}, times textacy, {pieces}"] = times
    return rows


def model() -> dict[str, float]:
    """The attribution model's size and time to load, and the peak memory of reading PolNeAR's train articles."""
    rows = {
        "attribution model: MB": MODEL.stat().st_size / 1e6,
        "attribution model: s to load": best(load_network.__wrapped__),
    }
    train = POLNEAR.with_name("train.jsonl")
    if not train.exists():
        print("PolNeAR train: not here, left out")
        return rows
    with TemporaryDirectory() as folder:
        _, peak = measured("attribute", train, "--output", Path(folder) / "found.jsonl")
    return rows | {"PolNeAR train: attribute, peak memory, MB": peak}


def hostile() -> dict[str, float]:
    """Seconds for a megabyte of hostile text, and how many times those of a quarter of it: 4 is linear."""
    rows = {}
    for name, piece in HOSTILE.items():
        text = piece * (CHARACTERS // len(piece))
        whole, quarter = (best(lambda: attributions(part)) for part in (text, text[: len(text) // 4]))
        rows |= {f"{CHARACTERS:,} of {name}: s": whole, f"{CHARACTERS:,} of {name}: times a quarter": whole / quarter}
    return rows


def growth(sizes: list[int], words: int) -> dict[str, float]:
    """Seconds and peak memory of the command `tag` by number of articles, and the fitted exponent of the time
    after start-up."""
    with TemporaryDirectory() as folder:
        start, _ = command(Path(folder), 1, 10)
        rows, seconds = {"made articles: start-up of tag, s": start}, []
        for size in sizes:
            taken, peak = command(Path(folder), size, words)
            seconds.append(taken - start)
            rows |= {f"made articles, {size:,}: s": taken, f"made articles, {size:,}: peak memory, MB": peak}
    if len(set(sizes)) > 1:
        exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        rows["made articles: time grows with their number to the power of"] = float(exponent)
    return rows


# A process begins with the peak memory of the one that started it, so that a small one starts what is measured.
LAUNCH = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)"""


def command(folder: Path, size: int, words: int) -> tuple[float, float]:
    """Processor time (s) and peak memory (MB) of `tag` on so many made articles."""
    return measured("tag", write_corpus(folder, size, words=words), "--output", folder / "months")


def measured(*words: str | Path) -> tuple[float, float]:
    """Processor time (s) and peak memory (MB) of a command."""
    command = [sys.executable, "-c", LAUNCH, sys.executable, "-m", "analysis", *map(str, words)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} failed: {run.stderr.strip()}")
    seconds, peak = map(float, run.stdout.split())
    return seconds, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    main()
