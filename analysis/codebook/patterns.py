"""The codebook's patterns: plain words with `*`, `...`, `(a|b)` and `?`, turned into regular expressions."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache

GAP = r"(?:[^\w.;:!?]+\w+(?:[.’'-]\w+)*){0,6}?"  # up to six words of the same sentence
CHOICE = re.compile(r"\((\w[^|()]*(?:\|\w[^|()]*)*)\)(?!\?)(.*)")
SPACE = r"(?:[^\w.;:!?]|(?-i:(?<=[A-Z]))\.)+"
WORD = re.compile(r"\w+")
TOLD = re.compile(r"(?<![\w*])(?:\w{4,}|\w+(?![\w*]))")  # a word of a pattern that tells its first four letters
GROUP = r"\((?:[^()]|\([^()]*\))*\)"
PART = re.compile(rf"(?:{GROUP}|[^\s()])+")  # what stands between the spaces of a pattern
COMMON = frozenset("a an and at both by for from in it its no not of on or that the to two was with".split())
PLAIN = re.compile(r"\([^()?]*\)|[^()|?]+")  # a word, or a choice of words, that is not optional


class Patterns:
    """Any of some patterns; ValueError where one is malformed. A text that has none of the words that they need,
    as most texts, is not searched."""

    def __init__(self, patterns: list):
        self.patterns = list(map(str, patterns))
        for pattern in self.patterns:
            regex(pattern)
        needed = list(map(_needed, self.patterns))
        self.needed = frozenset().union(*needed) if all(needed) else None

    @cached_property
    def regex(self) -> re.Pattern:
        return compile_patterns(self.patterns)

    def search(self, text: str) -> re.Match | None:
        return self.regex.search(text) if self.may_fit(beginnings(text)) else None

    def finditer(self, text: str) -> Iterator[re.Match]:
        return self.regex.finditer(text) if self.may_fit(beginnings(text)) else iter(())

    def may_fit(self, begun: frozenset[str]) -> bool:
        """Whether one of the patterns may fit a text whose words begin so (see beginnings)."""
        return self.needed is None or not self.needed.isdisjoint(begun)


@lru_cache(1 << 12)
def beginnings(text: str) -> frozenset[str]:
    """The first four and the first six letters of the words of a text."""
    words = set(WORD.findall(text.lower()))
    return frozenset([word[:4] for word in words] + [word[:6] for word in words])


def _needed(pattern: str) -> set[str]:
    """Beginnings of words of which each text that the pattern fits has one: those of its word or choice without
    common words, with the longest, or else with the fewest. Empty where the pattern does not tell."""
    parts = [] if set("()|") & set(re.sub(GROUP, "", pattern)) else PART.findall(pattern)
    found = [_options(part) for part in parts if PLAIN.fullmatch(part)]
    return max(
        filter(None, found),
        key=lambda words: (words.isdisjoint(COMMON), min(map(len, words)), -len(words)),
        default=set(),
    )


def _options(part: str) -> set[str]:
    """The beginning of the longest word of each option of a word or choice; empty where one is not sure."""
    options = part.lower().strip("()").split("|")
    words = [max(TOLD.findall(option), key=len, default="") for option in options]
    return {word[: 6 if len(word) > 5 else 4] for word in words} if all(words) else set()


def compile_classes(lists: dict[str, list]) -> re.Pattern:
    """One regular expression with a named group for each list of patterns."""
    groups = "|".join(f"(?P<{name}>{_either(patterns)})" for name, patterns in lists.items())
    return re.compile(rf"(?<!\w)(?:{groups})(?!\w)", re.IGNORECASE)


def compile_patterns(patterns: list) -> re.Pattern:
    """One regular expression for any of the patterns (plain words with `*`, `...`, `(a|b)` and `?`)."""
    return re.compile(rf"(?<!\w)(?:{_either(patterns)})(?!\w)", re.IGNORECASE)


def _either(patterns: list) -> str:
    """The patterns as alternatives, those with the same first letter together, which is many times as fast."""
    initial = defaultdict(list)
    for pattern in (word for pattern in map(str, patterns) for word in _spread(pattern)):
        letter = pattern[0].isalpha() and pattern[1:2] not in ("?", "*")
        initial[pattern[0].lower() if letter else ""].append(_translated(pattern))
    return "|".join(
        "|".join(group) if not letter else f"{letter}(?:{'|'.join(p[1:] for p in group)})"
        for letter, group in initial.items()
    )


def _spread(pattern: str) -> list[str]:
    """A pattern that begins with a choice as one pattern for each, so that each has a first letter."""
    regex(pattern)
    choice = CHOICE.match(pattern)
    return [word + choice[2] for word in choice[1].split("|")] if choice else [pattern]


@lru_cache(1 << 12)
def regex(pattern: str) -> str:
    """Translate a pattern of the codebook; ValueError with the reason where it is malformed."""
    if not re.search(r"\w", pattern):
        raise ValueError(f"pattern {pattern!r} has no word in it")
    try:
        return re.compile(_translated(pattern)).pattern
    except re.error as error:
        raise ValueError(f"pattern {pattern!r} cannot be understood ({error.msg})") from None


def _translated(pattern: str) -> str:
    out = ""
    for part in re.findall(r"\s*\.\.\.\s*|\s+|[*()|?]|'|[^\s*()|?']+", pattern):
        if part.strip() == "...":
            out += GAP + SPACE
        elif part.isspace():
            out += SPACE.removesuffix("+") + "*" if out.endswith("?") else SPACE
        else:
            out += {"*": r"[\w’'-]*", "(": "(?:", ")": ")", "|": "|", "?": "?", "'": "['’]"}.get(
                part
            ) or re.escape(part)
    return out
