"""The codebook's patterns: plain words with `*`, `...`, `(a|b)` and `?`, turned into regular expressions."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from sys import intern

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
        lists = patterns if isinstance(patterns, dict) else {"": patterns}
        self.names = list(lists)
        self.opened: dict[str | None, list[tuple[int, int, str]]] = defaultdict(list)  # (place, list, pattern)
        spread = [[p for word in words for p in _spread(str(word))] for words in lists.values()]
        for place, (number, pattern) in enumerate((n, p) for n, some in enumerate(spread) for p in some):
            self.opened[_opening(pattern)].append((place, number, pattern))
        self.openings = frozenset(self.opened)
        self.needed = {o: frozenset().union(*(_needed(p) for *_, p in known)) for o, known in self.opened.items() if o}
        self.regexes: dict[str | None, re.Pattern] = {}  # by opening, compiled when a word has it

    def match(self, text: str, start: int, end: int) -> re.Match | None:
        """The match that begins at a place and ends by the end."""
        word = WORD.match(text, start, end)
        opening = word and (None if None in self.openings else word[0][:OPENING].lower())
        return self.regex(opening).match(text, start, end) if opening in self.openings else None

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


class Matches(dict):
    """Patterns -> their matches in one text, in text order, none over another; looked for when first asked for.

    Patterns are tried only where a word opens as one of theirs, and only if the text has another word that they
    need, as far as first letters tell.
    """

    __slots__ = ("text", "starts", "words", "met")

    def __init__(self, text: str):
        words = list(WORD.finditer(text))
        self.text, self.starts = text, [word.start() for word in words]
        self.words = [intern(word[0][:OPENING].lower()) for word in words]
        self.met = frozenset(self.words)

    def __missing__(self, patterns: Patterns | None) -> tuple[re.Match, ...]:
        self[patterns] = found = tuple(self._find(patterns)) if patterns else ()
        return found

    def _find(self, patterns: Patterns) -> Iterator[re.Match]:
        if None in patterns.openings:
            yield from patterns.regex(None).finditer(self.text)
            return
        met = {o for o in patterns.openings & self.met if not patterns.needed[o].isdisjoint(self.met)}
        end = 0
        for start, word in zip(self.starts, self.words) if met else ():
            if word in met and start >= end and (m := patterns.regex(word).match(self.text, start)):
                end = m.end()
                yield m


matches = lru_cache(1 << 12)(Matches)  # a text is asked for each topic, and when statements are found and judged


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
