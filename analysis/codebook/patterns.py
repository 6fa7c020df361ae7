"""The codebook's patterns: plain words with `*`, `...`, `(a|b)` and `?`, turned into regular expressions."""

import re
from collections import defaultdict
from functools import lru_cache

GAP = r"(?:[^\w.;:!?]+\w+(?:[.’'-]\w+)*){0,6}?"  # up to six words of the same sentence
CHOICE = re.compile(r"\((\w[^|()]*(?:\|\w[^|()]*)*)\)(?!\?)(.*)")
SPACE = r"(?:[^\w.;:!?]|(?-i:(?<=[A-Z]))\.)+"


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
