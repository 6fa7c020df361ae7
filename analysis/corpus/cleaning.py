"""Boilerplate goes out of scraped text, by rules kept as data."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from analysis.config import DATA, InputError
from analysis.corpus.plaintext import paragraphs_of, plain, sentences, without_markup

BOILERPLATE = DATA / "boilerplate.yaml"
APPEAL = ("appeal", "part of appeal")
UNITS = ("phrase", "line", "heading", "sentence", *APPEAL)
APPEAL_GAP = 5  # sentences between two of one appeal
MAX_LINE, MAX_SENTENCE, MAX_LINK = 600, 400, 150  # characters: what is longer is no boilerplate

QUOTED = re.compile(r"[\"“”]")


class Rule(NamedTuple):
    """One rule of data/boilerplate.yaml."""

    name: str
    unit: str
    hints: tuple[str, ...]
    pattern: re.Pattern

    def may_hold(self, low: str) -> bool:
        """Whether lower-case text holds a hint: a fast test that spares most uses of the pattern."""
        return any(map(low.__contains__, self.hints))


class Removed(NamedTuple):
    """Text that was taken out, and the rule that took it."""

    rule: str
    text: str


@cache
def load_rules(path: Path = BOILERPLATE) -> tuple[Rule, ...]:
    """The rules of data/boilerplate.yaml; InputError where one is not as the head of that file says."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(path, "no YAML: " + (getattr(error, "problem", None) or "not UTF-8"),
                         mark and mark.line + 1) from None
    if not isinstance(entries, list):
        raise InputError(path, "no list of rules")
    return tuple(rule_of(path, entry) for entry in entries)


def rule_of(path: Path, entry: object) -> Rule:
    """One entry of the file as a rule."""
    try:
        name, unit, hint, patterns = (entry[key] for key in ("rule", "unit", "hint", "patterns"))
        pattern = re.compile("|".join(f"(?:{one})" for one in patterns), re.I)
        hints = tuple(hint.split("|"))
    except re.error as error:
        raise InputError(path, f"rule {name!r}: {error}") from None
    except (TypeError, KeyError, AttributeError):
        raise InputError(path, f"{str(entry)[:60]}: needs rule, unit, hint and patterns") from None
    if unit not in UNITS or "" in hints or not patterns:
        raise InputError(path, f"rule {name!r}: unit is one of {', '.join(UNITS)}, no hint or pattern empty")
    return Rule(str(name), unit, hints, pattern)


def clean(text: str) -> tuple[str, list[Removed]]:
    """Article text without boilerplate, paragraphs parted by one blank line; and what was removed."""
    removed: list[Removed] = []
    paragraphs = list(paragraphs_of(without_markup(plain(text))))
    paragraphs = without_phrases(without_lines(paragraphs, removed), removed)
    before = len(removed)
    paragraphs = without_sentences(paragraphs, removed)
    if len(removed) > before:  # a removed sentence may have laid bare a line
        paragraphs = without_lines(paragraphs, removed)
    return "\n\n".join(paragraphs), removed


def rules_for(paragraphs: list[str], *units: str) -> list[Rule]:
    """The rules of these units that may find something in the paragraphs."""
    low = lower("\n\n".join(paragraphs))
    return [rule for rule in load_rules() if rule.unit in units and rule.may_hold(low)]


def lower(text: str) -> str:
    """Text as hints are looked for in it."""
    return f"\n{text.lower()}\n"


def without_phrases(paragraphs: list[str], removed: list[Removed]) -> list[str]:
    """Paragraphs without boilerplate phrases."""
    for rule in rules_for(paragraphs, "phrase"):
        removed += [Removed(rule.name, match[0]) for text in paragraphs
                    for match in rule.pattern.finditer(text)]
        paragraphs = [" ".join(rule.pattern.sub("", text).split()) for text in paragraphs]
    return [text for text in paragraphs if text]


def without_lines(paragraphs: list[str], removed: list[Removed]) -> list[str]:
    """Paragraphs without lines of boilerplate, headings of lists of links, and the links below them."""
    rules = rules_for([text for text in paragraphs if len(text) <= MAX_LINE], "line", "heading")
    if not rules:
        return paragraphs
    kept, below = [], None
    for paragraph in paragraphs:
        rule = first_rule(paragraph, rules, re.Pattern.fullmatch) if len(paragraph) <= MAX_LINE else None
        if not rule and len(paragraph) < MAX_LINK and paragraph[-1:] not in ".!?”\"":
            rule = below
        below = rule if rule and rule.unit == "heading" else None
        if rule:
            removed.append(Removed(rule.name, paragraph))
        else:
            kept.append(paragraph)
    return kept


def without_sentences(paragraphs: list[str], removed: list[Removed]) -> list[str]:
    """Paragraphs without boilerplate sentences and appeals."""
    rules = rules_for(paragraphs, "sentence", *APPEAL)
    if not rules:
        return paragraphs
    units = [(number, sentence) for number, text in enumerate(paragraphs) for sentence in sentences(text)]
    found = whole_appeals([sentence_rule(sentence, rules) for _, sentence in units])
    kept: list[list[str]] = [[] for _ in paragraphs]
    for (number, sentence), rule in zip(units, found, strict=True):
        if rule:
            removed.append(Removed(rule.name, sentence.strip()))
        else:
            kept[number].append(sentence)
    return [text for text in ("".join(pieces).strip() for pieces in kept) if text]


def sentence_rule(sentence: str, rules: list[Rule]) -> Rule | None:
    """The rule by which a sentence is boilerplate, else None."""
    sentence = sentence.strip()
    if len(sentence) > MAX_SENTENCE or QUOTED.search(sentence):
        return None
    return first_rule(sentence, rules, re.Pattern.search)


def first_rule(text: str, rules: list[Rule], match: Callable) -> Rule | None:
    """The first rule of which the text holds a hint and matches the pattern."""
    low = lower(text)
    return next((rule for rule in rules if rule.may_hold(low) and match(rule.pattern, text)), None)


def whole_appeals(rules: list[Rule | None]) -> list[Rule | None]:
    """An appeal for money is one piece with what stands between its parts; parts alone are none."""
    places = [place for place, rule in enumerate(rules) if rule and rule.unit in APPEAL]
    chains: list[list[int]] = []
    for place in places:
        if not chains or place - chains[-1][-1] > APPEAL_GAP + 1:
            chains.append([])
        chains[-1].append(place)
    for chain in chains:
        whole = next((rules[place] for place in chain if rules[place].unit == "appeal"), None)
        if whole:
            rules[chain[0]:chain[-1]] = [rule or whole for rule in rules[chain[0]:chain[-1]]]
        else:
            for place in chain:
                rules[place] = None
    return rules
