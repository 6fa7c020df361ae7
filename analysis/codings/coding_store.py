"""Codings made by people, as acts in one CSV file: every act adds a row, and no row is ever changed.

The rows with one `coding_id` are the history of one coding, oldest first; its last row is how it stands.
An act is known by its row number, which never changes. Writers wait for a lock and replace the file as a
whole: two at once lose nothing, and one killed while writing leaves the file as it was.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from filelock import FileLock

from analysis.codebook import STANCES, load_codebook
from analysis.config import CODED, InputError
from analysis.output import original_cells, replacing, safe_cells

BASIC = ["article_id", "speaker", "topic", "stance", "second_hand", "condition", "evidence", "coder"]
CONTENT = [*BASIC, "start", "end", "note", "unsure"]  # what was coded; the rest tells of the act
CODING_COLUMNS = [*CONTENT, "coding_id", "action", "by", "time", "codebook", "before"]
UNIT = ["coder", "article_id", "topic", "start", "end"]  # a coder has one coding of the same words and topic
FLAGS = ["second_hand", "unsure"]
NONE = "none"  # looked at, and no position on this topic: neither neutral nor not yet coded
FREE = ("topic", "speaker", "coder")  # what can be renamed


def read_log(path: str | Path = CODED) -> pd.DataFrame:
    """All acts of a file, oldest first, as text: CODING_COLUMNS. No file: no acts.

    A file with the columns BASIC alone is read as one act per row. InputError for any other columns, and where
    it is no table.
    """
    if not Path(path).exists():
        return pd.DataFrame(columns=CODING_COLUMNS, dtype="str")
    try:
        log = original_cells(pd.read_csv(path, dtype="str", keep_default_na=False))
    except ValueError as error:
        raise InputError(path, f"cannot be read ({error})") from None
    if list(log) == BASIC:
        log = log.reindex(columns=CODING_COLUMNS, fill_value="").astype("str")
        log = log.assign(unsure="0", coding_id=(log.index + 1).astype("str"), action="code", by=log.coder)
    if list(log) != CODING_COLUMNS:
        raise InputError(path, f"columns are {', '.join(log)}; needed are {', '.join(CODING_COLUMNS)}", 1)
    return log


def current(log: pd.DataFrame) -> pd.DataFrame:
    """The codings as they stand: the last row of each, those withdrawn left out, with types.

    `second_hand` and `unsure` are bool, `start` and `end` Int64 (offsets into the article's text); a
    condition is missing where there is none.
    """
    standing = _standing(log).reset_index(drop=True)
    return standing.assign(
        **{name: standing[name] == "1" for name in FLAGS},
        **{name: pd.to_numeric(standing[name], errors="coerce").astype("Int64") for name in ("start", "end")},
        condition=standing.condition.where(standing.condition != ""),
    )


def record(codings: Iterable[dict], *, path: str | Path = CODED) -> list[int]:
    """Write codings, all or none, and return the numbers of their rows.

    A coding is a dict of CODING_COLUMNS; coder, article_id, topic, stance and evidence are needed. One with a
    known `coding_id`, or by the same coder of the same words and topic, continues that coding's history, and
    `before` (JSON) keeps what it changes. ValueError where a coding breaks a rule of the codebook.
    """
    checked = [_checked(coding) for coding in codings]
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=30):
        log = read_log(path).to_dict("records")
        first = len(log)
        last = {row["coding_id"]: row for row in log}
        units = {tuple(row[name] for name in UNIT): row["coding_id"] for row in log if row["start"]}
        for coding in checked:
            unit = tuple(coding[name] for name in UNIT)
            id_ = coding["coding_id"] or units.get(unit) or uuid.uuid4().hex[:12]
            log.append(coding | {"coding_id": id_, "before": _changed(last.get(id_), coding)})
            last[id_] = log[-1]
            units[unit] = id_
        with replacing(path) as draft:
            safe_cells(pd.DataFrame(log, columns=CODING_COLUMNS, dtype="str")).to_csv(draft, index=False)
    return list(range(first, len(log)))


def undo(acts: Iterable[int], *, by: str, path: str | Path = CODED) -> list[int]:
    """Make each coding again what it was before the act. This is an act of its own and can be undone too."""
    log, restored = read_log(path), []
    for act in acts:
        history = log.iloc[: act + 1]
        history = history[history.coding_id == log.coding_id[act]]
        was = history.iloc[-2] if len(history) > 1 else history.iloc[-1]
        gone = len(history) == 1 or was.action == "withdraw"
        restored.append(was.to_dict() | {"action": "withdraw" if gone else "undo", "by": by})
    return record(restored, path=path)


def rename(column: str, old: str, new: str, *, by: str, path: str | Path = CODED) -> list[int]:
    """Another name for a topic, speaker or coder in all standing codings; an existing name merges the two.

    Returns the rows written, which `undo` takes back.
    """
    if column not in FREE:
        raise ValueError(f"{column!r} cannot be renamed, only {', '.join(FREE)}")
    standing = _standing(read_log(path))
    chosen = standing[standing[column] == old].to_dict("records")
    return record([row | {column: new, "action": "rename", "by": by} for row in chosen], path=path)


def outdated(codings: pd.DataFrame) -> pd.DataFrame:
    """The codings made with another version of the codebook than today's."""
    return codings[(codings.codebook != "") & (codings.codebook != load_codebook().version)]


def _standing(log: pd.DataFrame) -> pd.DataFrame:
    last = log[~log.coding_id.duplicated(keep="last")]
    return last[last.action != "withdraw"]


def _checked(coding: dict) -> dict:
    """A coding as text with all columns, time and codebook; ValueError where it cannot be one."""
    if unknown := set(coding) - set(CODING_COLUMNS):
        raise ValueError(f"a coding has no {', '.join(sorted(unknown))}")
    row = dict.fromkeys(CODING_COLUMNS, "") | dict.fromkeys(FLAGS, "0") | {"action": "code"}
    row |= {"by": as_text(coding.get("coder")), "codebook": load_codebook().version}
    row |= {name: as_text(value) for name, value in coding.items()}
    if missing := [name for name in ("coder", "article_id", "topic", "stance", "evidence") if not row[name]]:
        raise ValueError(f"a coding needs {' and '.join(missing)}")
    if row["stance"] not in (*STANCES, NONE):
        raise ValueError(f"stance {row['stance']!r} is none of {', '.join((*STANCES, NONE))}")
    if (row["stance"] == "conditional") != bool(row["condition"]):
        raise ValueError("a conditional position names its condition, and no other has one")
    return row | {"time": datetime.now(UTC).isoformat(timespec="milliseconds")}


def as_text(value: object) -> str:
    """A value as it stands in the file: flags and numbers as digits, nothing where it is missing."""
    if isinstance(value, str):
        return value
    return "" if value is None or value is pd.NA or value != value else str(int(value))


def _changed(was: dict | None, now: dict) -> str:
    """What a coding had before in the columns that change, as JSON."""
    changed = {name: was[name] for name in CONTENT if was and was[name] != now[name]}
    return json.dumps(changed, ensure_ascii=False) if changed else ""
