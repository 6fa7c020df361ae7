"""The codebook's patterns: plain words with `*`, `...`, `(a|b)` and `?`, turned into regular expressions."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

GAP = r"(?:[^\w.;:!?]+\w+(?:[.’'-]\w+)*){0,6}?"  # up to six words of the same sentence
CHOICE = re.compile(r"\((\w[^|()]*(?:\|\w[^|()]*)*)\)(\??)(.*)")
SPACE = r"(?:[^\w.;:!?]|(?-i:(?<=[A-Z]))\.)+"
WORD = re.compile(r"\w+")
GROUP = r"\((?:[^()]|\([^()]*\))*\)"
PART = re.compile(rf"(?:{GROUP}|[^\s()])+")  # what stands between the spaces of a pattern
PLAIN = re.compile(r"\([^()?]*\)|[^()|?]+")  # a word, or a choice of words, that is not optional
TOLD = re.compile(r"(?<![\w*])(?:\w{3,}|\w+(?![\w*]))")  # a word of a pattern that tells its first letters
COMMON = frozenset("a an and at both by for from in it its no not of on or that the to two was with".split())
OPENING = 3  # letters of a word by which it is looked up


class Patterns:
    """Any of some patterns, or of some named lists of them; ValueError where one is malformed."""

    def __init__(self, patterns: list | dict[str, list]):
        self.names, lists = zip(*patterns.items()) if isinstance(patterns, dict) else (("",), (patterns,))
        self.opened: dict[str | None, list[tuple[int, int, str]]] = defaultdict(list)  # (place, list, pattern)
        spread = ((number, p) for number, words in enumerate(lists) for word in words for p in _spread(str(word)))
        for place, (number, pattern) in enumerate(spread):
            self.opened[_opening(pattern)].append((place, number, pattern))
        self.regexes: dict[str | None, re.Pattern] = {}  # by opening, compiled when a word has it

    def search(self, text: str) -> re.Match | None:
        return self.regex(None).search(text)

    def match(self, text: str, start: int, end: int) -> re.Match | None:
        """The match that begins at a place and ends by the end."""
        word = WORD.match(text, start, end)
        opening = word and (None if None in self.opened else word[0][:OPENING].lower())
        return self.regex(opening).match(text, start, end) if opening in self.opened else None

    def name(self, match: re.Match) -> str:
        """The name of the list that a match is of, the first where several have it."""
        return self.names[int(match.lastgroup[1:])]

    def regex(self, opening: str | None) -> re.Pattern:
        """One regular expression for the patterns with such an opening, for all of them where it is None."""
        if opening not in self.regexes:
            chosen = self.opened[opening] if opening else [p for some in self.opened.values() for p in some]
            groups = defaultdict(list)
            for _, number, pattern in sorted(chosen):  # of several that fit, the first in the codebook is taken
                groups[number].append(_translated(pattern))
            either = "|".join(f"(?P<n{number}>{'|'.join(group)})" for number, group in groups.items())
            self.regexes[opening] = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
        return self.regexes[opening]


class Index:
    """Many Patterns that are looked for in a text at once: patterns are tried only where a word opens as their first,
    and only if the text has another word that they need, as far as first letters tell."""

    def __init__(self, several: Iterable[Patterns]):
        several = list(several)
        self.whole = [p for p in several if None in p.opened]
        self.opened: dict[str, list[tuple[Patterns, frozenset[str]]]] = defaultdict(list)
        for patterns in several:
            for opening, known in patterns.opened.items() if None not in patterns.opened else ():
                needed = frozenset().union(*(_needed(pattern) for *_, pattern in known))
                self.opened[opening].append((patterns, needed))
        self.matches = lru_cache(1 << 13)(self.matches)  # read for statements, then for each topic; 1.4 kB a text

    def matches(self, text: str) -> dict[Patterns, list[re.Match]]:
        """The matches of each of the Patterns that has some, in text order, none over another of the same."""
        places: dict[str, list[int]] = {}
        for word in WORD.finditer(text):
            places.setdefault(word[0][:OPENING].lower(), []).append(word.start())
        met = set(places)
        found = {p: list(p.regex(None).finditer(text)) for p in self.whole if p.search(text)}
        for opening, starts in places.items():
            for patterns, needed in self.opened.get(opening, ()):
                if not needed.isdisjoint(met):
                    regex = patterns.regex(opening)
                    if hits := [m for start in starts if (m := regex.match(text, start))]:
                        found.setdefault(patterns, []).extend(hits)
        return {patterns: _apart(hits) for patterns, hits in found.items()}


def _apart(matches: list[re.Match]) -> list[re.Match]:
    """The matches in text order without those that lie over one before them."""
    kept: list[re.Match] = []
    for m in sorted(matches, key=re.Match.start):
        if not kept or kept[-1].end() <= m.start():
            kept.append(m)
    return kept


def _opening(pattern: str) -> str | None:
    """The first letters of each word with which a match of the pattern can begin; None where they are not known."""
    word = WORD.match(pattern)
    if word is None or "|" in re.sub(GROUP, "", pattern):
        return None
    after = pattern[word.end() : word.end() + 1]
    letters = word[0][:-1] if after == "?" else word[0]
    whole = after not in ("*", "?", "(")
    return letters[:OPENING].lower() if whole or len(letters) >= OPENING else None


def _needed(pattern: str) -> set[str]:
    """Openings of which each text that the pattern fits has one: those of the rarest word or choice of words behind
    its first, or of its first word."""
    first, *others = PART.findall(pattern)
    told = [options for part in others if PLAIN.fullmatch(part) and (options := _options(part))]
    rarest = max(told, key=lambda words: (words.isdisjoint(COMMON), min(map(len, words)), -len(words)), default=None)
    return {word[:OPENING] for word in rarest} if rarest else {_opening(pattern)}


def _options(part: str) -> frozenset[str]:
    """The longest word of each option of a word or choice; none where one is not sure."""
    words = [max(TOLD.findall(option), key=len, default="") for option in part.lower().strip("()").split("|")]
    return frozenset(words if all(words) else ())


def _spread(pattern: str) -> list[str]:
    """A pattern that begins with a choice as one pattern for each, so that its first word is known."""
    regex(pattern)
    choice = CHOICE.fullmatch(pattern)
    if not choice:
        return [pattern]
    options, optional, rest = choice.groups()
    spread = [word + rest for word in options.split("|")]
    return spread + (_spread(rest.lstrip()) if optional and rest.strip() else [])


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
