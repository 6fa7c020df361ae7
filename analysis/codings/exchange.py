"""Codings to and from doccano and Label Studio, with nothing lost.

Both tools show a span with a label, "topic: stance". All else that a coding has travels beside
its span and comes back; where the label was changed there, the change comes back too.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as Xml

import pandas as pd

from analysis.codebook import STANCES, load_codebook
from analysis.codings.coding_store import CODING_COLUMNS, CONTENT, NONE, as_text, current, read_log, record
from analysis.config import CODED, InputError
from analysis.output import replacing

LABEL = re.compile(rf"(.+): ({'|'.join((*STANCES, NONE))})")
CARRIED = [name for name in CODING_COLUMNS if name not in ("article_id", "topic", "stance", "start", "end")]


def to_doccano(codings: pd.DataFrame, articles: pd.DataFrame, path: str | Path) -> None:
    """Codings (or all acts) as doccano's JSONL for sequence labelling: one line per article.

    Each label is [start, end, "topic: stance"]; `codings`, which doccano keeps as metadata, has the rest.
    ValueError where a coding has no offsets or no article.
    """
    lines = [
        {"text": text, "label": [row["span"] for row in rows], "article_id": article_id, "codings": rows}
        for article_id, text, rows in _by_article(codings, articles)
    ]
    with replacing(path) as draft:
        draft.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def from_doccano(path: str | Path, *, coder: str = "doccano") -> pd.DataFrame:
    """The codings of such a file, as text in the columns of the store; labels added there are by `coder`."""
    rows = []
    for number, line in enumerate(Path(path).read_text("utf-8").split("\n"), 1):
        if line.strip():
            with _telling(path, number):
                task = json.loads(line)
                spans = [list(label) for label in task["label"]]
                rows += _rejoined(task["article_id"], task["text"], spans, task.get("codings", []), coder)
    return _log(rows)


def to_label_studio(codings: pd.DataFrame, articles: pd.DataFrame, path: str | Path) -> None:
    """Codings as Label Studio tasks (JSON): one per article, with an annotation per coder.

    A region has the label; what else the coding has stands in text areas of the same region (see
    `label_studio_config`). ValueError where a coding has no offsets or no article.
    """
    tasks = []
    for article_id, text, rows in _by_article(codings, articles):
        coders = dict.fromkeys(row["coder"] for row in rows)
        annotations = [
            {"result": [part for row in rows if row["coder"] == coder for part in _region(row, text)]}
            for coder in coders
        ]
        tasks.append({"data": {"text": text, "article_id": article_id}, "annotations": annotations})
    with replacing(path) as draft:
        draft.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", "utf-8")


def from_label_studio(path: str | Path, *, coder: str = "label studio") -> pd.DataFrame:
    """The codings of a Label Studio export, as the store has them; regions added there are by `coder`."""
    rows = []
    with _telling(path):
        for task in json.loads(Path(path).read_text("utf-8")):
            parts = [part for annotation in task["annotations"] for part in annotation["result"]]
            carried = {}
            for part in parts:
                if part["type"] == "textarea":
                    carried.setdefault(part["id"], {})[part["from_name"]] = "\n".join(part["value"]["text"])
            for part in parts:
                if part["type"] == "labels":
                    value = part["value"]
                    span = [value["start"], value["end"], value["labels"][0]]
                    beside = [{"span": span} | carried[part["id"]]] if part["id"] in carried else []
                    rows += _rejoined(task["data"]["article_id"], task["data"]["text"], [span], beside, coder)
    return _log(rows)


def label_studio_config() -> str:
    """The labelling interface that shows such tasks: a label per topic and stance, a text area per column."""
    view = Xml.Element("View")
    labels = Xml.SubElement(view, "Labels", name="label", toName="text")
    for topic in load_codebook().topics:
        for stance in (*STANCES, NONE):
            Xml.SubElement(labels, "Label", value=f"{topic}: {stance}")
    Xml.SubElement(view, "Text", name="text", value="$text")
    for name in [*CARRIED, "act"]:
        Xml.SubElement(view, "TextArea", name=name, toName="text", perRegion="true", placeholder=name)
    return Xml.tostring(view, "unicode")


def take_in(codings: pd.DataFrame, *, by: str, path: str | Path = CODED) -> list[int]:
    """Write what is new or changed in imported codings to the store; returns the rows written."""
    standing = current(read_log(path)).set_index("coding_id")[CONTENT].map(as_text)
    known = {coding_id: dict(row) for coding_id, row in standing.iterrows()}
    rows = current(codings).map(as_text).to_dict("records")
    changed = [row for row in rows if {name: row[name] for name in CONTENT} != known.get(row["coding_id"])]
    return record([row | {"by": by, "action": "code"} for row in changed], path=path)


def _by_article(codings: pd.DataFrame, articles: pd.DataFrame) -> Iterator[tuple[str, str, list[dict]]]:
    """(article_id, text, codings with `span` and `act`, their place in the table), article by article."""
    texts = dict(zip(articles.article_id, articles.text, strict=True))
    table = codings[CODING_COLUMNS].map(as_text).assign(act=range(len(codings)))
    for article_id, group in table.groupby("article_id", sort=False):
        if article_id not in texts or (group.start == "").any():
            raise ValueError(f"codings of {article_id} have no article or no offsets")
        yield (
            article_id,
            texts[article_id],
            [
                {
                    "span": [int(row["start"]), int(row["end"]), f"{row['topic']}: {row['stance']}"],
                    "act": row["act"],
                }
                | {name: row[name] for name in CARRIED}
                for row in group.to_dict("records")
            ],
        )


def _region(row: dict, text: str) -> Iterator[dict]:
    """A coding as parts of a Label Studio result: the label, and a text area for each column."""
    start, end, label = row["span"]
    place = {"start": start, "end": end}
    same = {"id": f"act{row['act']}", "to_name": "text"}
    yield same | {
        "from_name": "label",
        "type": "labels",
        "value": place | {"text": text[start:end], "labels": [label]},
    }
    for name in [*CARRIED, "act"]:
        if row[name] != "":
            yield same | {"from_name": name, "type": "textarea", "value": place | {"text": [str(row[name])]}}


def _rejoined(
    article_id: str, text: str, spans: list[list], beside: list[dict], coder: str
) -> Iterator[dict]:
    """Each span with what stood beside it; a span that is new, or moved, starts a coding of `coder`."""
    left = list(beside)
    for span in spans:
        fits = [c for c in left if c["span"] == span] or [
            c for c in left if c["span"][:2] == span[:2] and c["span"] not in spans
        ]
        if fits:
            left.remove(fits[0])
        start, end, label = span
        topic, stance = LABEL.fullmatch(label).groups()
        new = {"evidence": text[start:end], "coder": coder, "act": 10**9}
        yield {
            **(fits[0] if fits else new),
            "article_id": article_id,
            "topic": topic,
            "stance": stance,
            "start": start,
            "end": end,
        }


def _log(rows: list[dict]) -> pd.DataFrame:
    """Codings in the order that they had, as the store has them."""
    table = pd.DataFrame(sorted(rows, key=lambda row: int(row["act"])), columns=CODING_COLUMNS)
    return table.map(as_text).astype("str")


@contextmanager
def _telling(path: str | Path, line: int | None = None) -> Iterator[None]:
    """What is not as it should be becomes an InputError with the file and line."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(
            path, f"not as this tool writes codings ({type(error).__name__}: {error})", line
        ) from None
