"""The codebook's patterns: plain words with `*`, `...`, `(a|b)` and `?`, turned into regular expressions."""

import re
from collections import defaultdict

GAP = r"(?:[^\w.;:!?]+\w+(?:[.’'-]\w+)*){0,6}?"  # up to six words of the same sentence
SPACE = r"(?:[^\w.;:!?]|(?-i:(?<=[A-Z]))\.)+"


def compile_classes(lists: dict[str, list]) -> re.Pattern:
    """One regular expression with a named group for each list of patterns."""
    groups = "|".join(f"(?P<{name}>{_either(patterns)})" for name, patterns in lists.items())
    return re.compile(rf"(?<!\w)(?:{groups})(?!\w)", re.IGNORECASE)


def compile_patterns(patterns: list) -> re.Pattern:
    """One regular expression for any of the patterns (plain words with `*`, `...`, `(a|b)` and `?`)."""
    return re.compile(rf"(?<!\w)(?:{_either(patterns)})(?!\w)", re.IGNORECASE)


def _either(patterns: list) -> str:
    """The patterns as alternatives, those with the same first letter together, which is several times as
    fast."""
    initial = defaultdict(list)
    for pattern in map(str, patterns):
        initial[pattern[0].lower() if pattern[0].isalpha() and pattern[1:2] not in ("?", "*") else ""].append(
            pattern
        )
    return "|".join(
        "|".join(map(regex, group)) if not letter else f"{letter}(?:{'|'.join(regex(p)[1:] for p in group)})"
        for letter, group in initial.items()
    )


def regex(pattern: str) -> str:
    """Translate a pattern of the codebook; ValueError with the reason where it is malformed."""
    if not re.search(r"\w", pattern):
        raise ValueError(f"pattern {pattern!r} has no word in it")
    parts = re.findall(r"\s*\.\.\.\s*|\s+|[*()|?]|'|[^\s*()|?']+", pattern)
    out = ""
    for part in parts:
        if part.strip() == "...":
            out += GAP + SPACE
        elif part.isspace():
            out += SPACE.removesuffix("+") + "*" if out.endswith("?") else SPACE
        else:
            out += {"*": r"[\w’'-]*", "(": "(?:", ")": ")", "|": "|", "?": "?", "'": "['’]"}.get(
                part
            ) or re.escape(part)
    try:
        re.compile(out)
    except re.error as error:
        raise ValueError(f"pattern {pattern!r} cannot be understood ({error.msg})") from None
    return out
