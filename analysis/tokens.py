"""A text as words with offsets, sentences, paragraphs and quotations, in time linear in its length."""

import re
from bisect import bisect_right
from typing import NamedTuple

import numpy as np

ABBREVIATIONS = """Adm Amb Ave Capt Cmdr Co Col Corp Dr Feb Gen Gov Inc Jan Jr Lt Ltd Maj Mr Mrs Ms
 Prof Rep Reps Rev Sen Sens Sgt Sr St Nov Oct Sept Dec Aug vs Brig Hon Mt No Pres""".split()
TOKEN = re.compile(
    r"https?://\S+"
    rf"|(?:{'|'.join(ABBREVIATIONS)})\."
    r"|(?:[A-Za-z]\.){2,}|[A-Z]\."
    r"|\d+(?:[.,:]\d+)*\w*(?:-\w+)*"
    r"|['’][sS]\b"
    r"|[@#]?\w+(?:['’](?![sS]\b)\w+)?(?:-\w+)*"
    r"|``|''|--+|\.\.+|[^\w\s]"
)
# mark: the marks that close it
OPENING = {"“": "”", "``": "''", "„": "“”", "«": "»", "‹": "›", "‘": "’'"}
# these open where nothing that they close is open
TOGGLES = {'"': '"', "''": "''", "'": "'’", "»": "«", "’": "’"}
SINGLE = {"'", "’", "‘", "‹", "›"}
MARKS = OPENING.keys() | TOGGLES.keys() | {"”", "›"}
OUTSIDE, OPEN, INSIDE, CLOSE = range(4)


class Tokens(NamedTuple):
    """The tokens of one text; every array has one entry per token."""

    text: str
    words: list[str]
    starts: np.ndarray  # character offsets into the text
    ends: np.ndarray
    sentence: np.ndarray  # number of the sentence, rising from 0; a paragraph border ends one
    paragraph: np.ndarray
    quote: np.ndarray  # OUTSIDE, OPEN, INSIDE or CLOSE; the outermost quotation counts
    inner: np.ndarray  # 1 inside a quotation that stands within another one, else 0

    def part(self, first: int, last: int) -> "Tokens":
        """The tokens first … last - 1; offsets stay those of the whole text."""
        return Tokens(self.text, *(column[first:last] for column in self[1:]))


def tokenize(text: str) -> Tokens:
    """Cut a text into tokens with their sentence, paragraph and quotation."""
    spans = [m.span() for m in TOKEN.finditer(text)]
    words = [text[s:e] for s, e in spans]
    starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
    paragraph = _paragraphs(text, words, starts, ends)
    sentence = _sentences(words, starts, ends, paragraph)
    quote, inner = _quotations(text, words, starts, ends, paragraph)
    return Tokens(text, words, starts, ends, sentence, paragraph, quote, inner)


def _paragraphs(text, words, starts, ends):
    """A line break ends a paragraph, but not a single one in mid-sentence (a wrapped line)."""
    borders = np.zeros(len(words), np.int64)
    line_starts = starts.tolist()
    at, last = text.find("\n"), 0
    while at >= 0 and words:
        token = bisect_right(line_starts, at)
        if token >= len(words):
            break
        if token > last:
            gap = text[ends[token - 1] : starts[token]]
            wrapped = gap.count("\n") == 1 and words[token][0].islower()
            wrapped = wrapped and words[token - 1][-1] not in ".?!:;\"”’'"
            borders[token], last = not wrapped, token
        at = text.find("\n", int(starts[token]))
    return np.cumsum(borders)


def _sentences(words, starts, ends, paragraph):
    """A sentence ends after . ? ! … and closing marks, before a space and what can begin one."""
    borders = np.zeros(len(words), np.int64)
    if words:
        borders[1:] = np.diff(paragraph) > 0
    spaced = (starts[1:] > ends[:-1]).tolist()
    for i, word in enumerate(words):
        if word[0] in ".?!…" and (word[0] != "." or len(word) != 2):
            j = i + 1
            while j < len(words) and j - i < 4 and not spaced[j - 1] and not words[j][0].isalnum():
                j += 1
            if j < len(words) and spaced[j - 1] and not words[j][0].islower():
                borders[j] = 1
    return np.cumsum(borders)


def _quotations(text, words, starts, ends, paragraph):
    """States of the outermost quotation, and a flag for those within; an unclosed mark ends with its
    paragraph, or at the next mark that can only open."""
    quote, inner = np.zeros(len(words), np.int8), np.zeros(len(words), np.int8)
    stack = []  # (token, mark) of the open quotations

    def fill(first, last, closed):
        level = inner if stack else quote
        if stack:
            level[first : last + 1] = 1
            return
        level[first : last + 1] = INSIDE
        level[first] = OPEN
        if closed:
            level[last] = CLOSE

    def unwind(last, keep=0):
        while len(stack) > keep:
            first, mark = stack.pop()
            if mark not in SINGLE:
                fill(first, last, False)

    for i in [i for i, word in enumerate(words) if word in MARKS]:
        word = words[i]
        if stack and paragraph[stack[0][0]] != paragraph[i]:
            unwind(_last(paragraph, stack[0][0]))
        before, after = text[starts[i] - 1 : starts[i]] or " ", text[ends[i] : ends[i] + 1] or " "
        opens = not before.isalnum() and before not in ".,!?%)]" and not after.isspace()
        closes = not before.isspace() and not after.isalnum()
        level = next((k for k in range(len(stack) - 1, -1, -1) if word in _closers(stack[k][1])), None)
        if level is not None and (closes or word not in TOGGLES):
            unwind(i, level + 1)
            first, _ = stack.pop()
            fill(first, i, True)
        elif word in OPENING or word in TOGGLES and opens:
            again = next((k for k, (_, mark) in enumerate(stack) if mark == word), level)
            if again is not None:  # it can only open, so the mark before it was left unclosed
                unwind(i - 1, again)
            if len(stack) < 2:
                stack.append((i, word))
    if stack:
        unwind(_last(paragraph, stack[0][0]))
    return quote, inner


def _closers(mark):
    return OPENING.get(mark) or TOGGLES[mark]


def _last(paragraph, token):
    return int(np.searchsorted(paragraph, paragraph[token], "right")) - 1
