"""Scraped text becomes article text: characters, markup and paragraphs set right, boilerplate taken out."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import yaml

from .config import DATA, InputError

BOILERPLATE = DATA / "boilerplate.yaml"
APPEAL = ("appeal", "part of appeal")
UNITS = ("phrase", "line", "heading", "sentence", *APPEAL)
APPEAL_GAP = 5  # sentences between two of one appeal
MAX_LINE, MAX_SENTENCE, MAX_LINK = 600, 400, 150  # characters: what is longer is no boilerplate

# Controls, invisible joiners, marks that override the direction of writing, half characters.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e"
                       "\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")
BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^()\s]{0,2000}\)")
WATCH = re.compile(r"\(\[(?:Watch|Listen|Read|Link|Source)[^\]\n]{0,40}\]\([^()\s]{0,2000}\)\)")
LINK = re.compile(r"\[((?:[^\[\]]){1,500})\]\((?:https?:|/|#|mailto:)[^()\s]{0,2000}\)")
EMPHASIS = re.compile(r"\*{2,4}|(?<![^\W_])_{1,2}(?=[^\W_])|(?<=[^\W_])_{1,2}(?![^\W_])"
                      r"|(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])")
RULER = re.compile(r"^[ #]*(?:[_=~-]{3,80}|(?:\* ?){3,40})[ ]*$", re.M)
LIST_MARK = re.compile(r"^[ ]*(?:#{1,6}[ ]+|[-*•·‣▪][ ]+|>[ ]+)+", re.M)
ESCAPED = re.compile(r"\\([\[\]()*_#.!>-])")

# A line break inside a sentence, as a removed link leaves it.
SMALL_WORDS = "a an the of in on at to by for from with over and or that as".split()
BROKEN = re.compile("\n(?:(?<=,\n)|" + "|".join(f"(?<= {word}\n)" for word in SMALL_WORDS)
                    + "|(?<=[^.!?:”\"\n]\n)(?=[a-zà-ÿ]))")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]{0,3}\s+(?=(?:[:,;] ){0,2}[\"“‘'(\[]{0,2}[A-Z0-9])")
ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Sen|Gov|Rep|Lt|Col|St|Prof|Maj|Capt|Adm|Sgt|No|vs"
                          r"|Jan|Feb|Aug|Sept|Sep|Oct|Nov|Dec)\.$")
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
def load_rules(path=BOILERPLATE) -> tuple[Rule, ...]:
    """The rules of data/boilerplate.yaml; InputError where one is not as the head of that file says."""
    rules = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        if set(entry) != {"rule", "unit", "hint", "patterns"} or entry["unit"] not in UNITS:
            raise InputError(path, f"{entry!r:.60}: needs rule, unit ({', '.join(UNITS)}), hint and patterns")
        try:
            pattern = re.compile("|".join(f"(?:{one})" for one in entry["patterns"]), re.I)
        except re.error as error:
            raise InputError(path, f"rule {entry['rule']!r}: {error}") from None
        rules.append(Rule(entry["rule"], entry["unit"], tuple(entry["hint"].split("|")), pattern))
    return tuple(rules)


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


def plain(text: str) -> str:
    """The text with one kind of line break and of space, and without characters that no reader sees."""
    return INVISIBLE.sub("", SPACES.sub(" ", BREAKS.sub("\n", text))).replace("\u2011", "-")


def one_line(value: object, limit: int) -> str:
    """A field such as a headline as one line of at most `limit` characters."""
    return " ".join(plain(str(value)).split())[:limit].strip()


def without_markup(text: str) -> str:
    """Text without the marks of Markdown: the words of a link stay, its address goes."""
    if "](" in text:
        text = LINK.sub(r"\1", WATCH.sub("", IMAGE.sub("", text)))
    if "*" in text or "_" in text:
        text = EMPHASIS.sub("", RULER.sub("", text))
    return ESCAPED.sub(r"\1", LIST_MARK.sub("\n\n", text))


def paragraphs_of(text: str) -> Iterator[str]:
    """Paragraphs, each one line: hard-wrapped and broken lines are joined, runs of spaces are breaks."""
    for block in re.split(r"\n[ \n]*\n", text):
        lines = [line.strip() for line in re.split(r"\n|(?<=\S)[ ]{3,}(?=\S)", block)]
        block = (" " if wrapped(lines) else "\n").join(lines)
        for line in BROKEN.sub(" ", block).split("\n"):
            if line := " ".join(line.split()):
                yield line


def wrapped(lines: list[str]) -> bool:
    """Whether the lines of a block are one paragraph cut at a fixed width."""
    lengths = [len(line) for line in lines[:-1]]
    return bool(lengths) and max(lengths) <= 100 and min(lengths) >= 40 and max(lengths) - min(lengths) < 35


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
    for (number, sentence), rule in zip(units, found):
        if rule:
            removed.append(Removed(rule.name, sentence.strip()))
        else:
            kept[number].append(sentence)
    return [text for text in ("".join(pieces).strip() for pieces in kept) if text]


def sentences(paragraph: str) -> Iterator[str]:
    """The sentences of a paragraph with the spaces after them: joined again they are the paragraph."""
    start = 0
    for match in SENTENCE_END.finditer(paragraph):
        if not ABBREVIATION.search(paragraph, max(start, match.start() - 8), match.start()):
            yield paragraph[start:match.end()]
            start = match.end()
    yield paragraph[start:]


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
