"""The codebook as data: topics, stances and cues from data/codebook.yaml, checked line by line."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from analysis.config import CODEBOOK, InputError
from analysis.codebook.patterns import Patterns, regex

STANCES = ("support", "conditional", "oppose", "neutral")
TOPIC_KEYS = {"label", "covers", "patterns", "opposite", "weak", "parties", "not"}


class Topic(NamedTuple):
    """One topic; None where the codebook has no such list."""

    name: str
    label: str
    covers: str
    patterns: Patterns
    opposite: Patterns | None
    weak: Patterns | None
    parties: tuple[Patterns, ...]
    lookalikes: Patterns | None


class Codebook(NamedTuple):
    version: str
    topics: dict[str, Topic]
    stances: dict[str, float]  # name -> value, NaN for neutral
    meanings: dict[str, str]  # stance -> meaning
    cues: Patterns  # a list for each kind of cue
    signs: dict[str, int]  # kind of cue -> +1, 0, -1
    negation: Patterns
    conditions: Patterns  # a list for each strength
    anaphora: Patterns
    rules: tuple[str, ...]


def load_codebook(path: str | Path = CODEBOOK) -> Codebook:
    """Read and check a codebook; InputError with file, line and reason at the first mistake."""
    path = Path(path)
    try:
        return _load(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from None


def codebook_problems(path: str | Path = CODEBOOK) -> list[tuple[int | None, str]]:
    """All mistakes of a codebook as (line, reason); empty where it is sound."""
    try:
        return list(_problems(_compose(Path(path))))
    except InputError as error:
        return [(error.line, str(error).split(": ", 1)[1])]


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> Codebook:
    root = _compose(path)
    for line, reason in _problems(root):
        raise InputError(path, reason, line)
    data = _plain(root)
    topics = {
        name: Topic(
            name,
            str(topic["label"]),
            str(topic.get("covers", "")),
            Patterns(topic["patterns"]),
            *(Patterns(topic[key]) if topic.get(key) else None for key in ("opposite", "weak")),
            tuple(Patterns(party) for party in topic.get("parties", ())),
            Patterns(topic["not"]) if topic.get("not") else None,
        )
        for name, topic in data["topics"].items()
    }
    value = {name: stance["value"] for name, stance in data["stances"].items()}
    return Codebook(
        str(data["version"]),
        topics,
        {name: float("nan") if number is None else float(number) for name, number in value.items()},
        {name: str(stance["meaning"]) for name, stance in data["stances"].items()},
        Patterns({name: cue["words"] for name, cue in data["cues"].items()}),
        {name: cue["sign"] for name, cue in data["cues"].items()},
        Patterns(data["negation"]),
        Patterns(data["conditions"]),
        Patterns(data["anaphora"]),
        tuple(map(str, data["rules"])),
    )


def _compose(path: Path) -> yaml.MappingNode:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(path, "is not UTF-8") from None
    except yaml.MarkedYAMLError as error:
        raise InputError(path, f"is no YAML ({error.problem})", error.problem_mark.line + 1) from None
    except yaml.YAMLError as error:
        raise InputError(path, f"is no YAML ({error})") from None
    if not isinstance(root, yaml.MappingNode):
        raise InputError(path, "is no mapping of version, topics, stances, cues", 1)
    return root


def _plain(node: yaml.Node) -> object:
    return yaml.SafeLoader("").construct_object(node, deep=True)


def _entries(node: yaml.Node) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _problems(root: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    """Every mistake with its line, the structure first."""
    yield from _twice(root)
    top = _entries(root)
    kinds = {
        "topics": dict,
        "stances": dict,
        "cues": dict,
        "negation": list,
        "conditions": dict,
        "anaphora": list,
        "rules": list,
    }
    missing = [key for key in ("version", *kinds) if key not in top]
    if missing:
        yield 1, f"lacks {', '.join(missing)}"
    for key in kinds.keys() & top.keys():
        if not isinstance(_plain(top[key]), kinds[key]):
            yield _line(top[key]), f"{key} must be a {'mapping' if kinds[key] is dict else 'list'}"
            return
    for name, stance in _entries(top.get("stances")).items():
        yield from _stance(name, stance)
    if lacking := set(STANCES) - _entries(top.get("stances")).keys():
        yield _line(top.get("stances", root)), f"lacks the stance {', '.join(sorted(lacking))}"
    for name, topic in _entries(top.get("topics")).items():
        yield from _topic(name, topic)
    for name, cue in _entries(top.get("cues")).items():
        yield from _cue(name, cue)
    for key in ("negation", "anaphora"):
        yield from _bad_patterns(top.get(key), key)
    for name, patterns in _entries(top.get("conditions")).items():
        yield from _bad_patterns(patterns, f"conditions {name}")


def _twice(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """Names given twice in one mapping, which YAML would silently merge."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield _line(key), f"the name {key.value} is given twice"
            seen.add(key.value)
            yield from _twice(value)


def _stance(name: str, node: yaml.Node) -> Iterator[tuple[int, str]]:
    fields = _entries(node)
    if name not in STANCES:
        yield _line(node), f"unknown stance {name} (known: {', '.join(STANCES)})"
    elif not {"value", "meaning"} <= fields.keys():
        yield _line(node), f"stance {name} needs value and meaning"
    elif not isinstance(_plain(fields["value"]), int | float | None):
        yield _line(fields["value"]), f"the value of {name} must be a number or null"


def _topic(name: str, node: yaml.Node) -> Iterator[tuple[int, str]]:
    fields = _entries(node)
    if unknown := fields.keys() - TOPIC_KEYS:
        yield _line(fields[min(unknown)]), f"topic {name} has an unknown entry {min(unknown)}"
    if "label" not in fields:
        yield _line(node), f"topic {name} has no label"
    if "patterns" not in fields or not fields["patterns"].value:
        yield _line(node), f"topic {name} has no patterns"
    for key in ("patterns", "opposite", "weak", "not"):
        yield from _bad_patterns(fields.get(key), f"{key} of {name}")
    if "parties" in fields:
        for party in fields["parties"].value:
            yield from _bad_patterns(party, f"parties of {name}")


def _cue(name: str, node: yaml.Node) -> Iterator[tuple[int, str]]:
    fields = _entries(node)
    if not name.isidentifier() or fields.keys() != {"sign", "words"}:
        yield _line(node), f"cue {name} needs sign and words, and a name of letters"
    elif _plain(fields["sign"]) not in (1, 0, -1):
        yield _line(fields["sign"]), f"the sign of {name} must be 1, 0 or -1"
    else:
        yield from _bad_patterns(fields["words"], f"words of {name}")


def _bad_patterns(node: yaml.Node | None, where: str) -> Iterator[tuple[int, str]]:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        yield _line(node), f"{where} must be a list of patterns"
        return
    for item in node.value:
        try:
            regex(str(item.value))
        except ValueError as error:
            yield _line(item), f"{where}: {error}"


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
