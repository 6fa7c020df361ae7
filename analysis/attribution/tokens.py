"""A text as tokens, paragraphs, sentences and quotations, with offsets, in time linear in its length."""

import re
from bisect import bisect_left
from itertools import chain

import numpy as np

TOKEN = re.compile(r"(['’](?:s|t|re|ve|ll|d|m|S|T)\b|\w+|\n\s*|([^\w\s])\2*+)")  # a run of one sign is one
SENTENCE_END = re.compile(r"(?<![.?!…])[.?!…]++[\"'”’»)\]]{0,4}+(\s++)")
ABBREVIATED = re.compile(
    r"(?:^|[^\w])(?:[A-Z]|Adm|Ambs?|Ave|Capt|Cmdr|Cols?|Corp|Drs?|Gens?|Govs?|Inc|Jr|Lt|Ltd|Maj|Messrs|Mrs?|"
    r"Ms|Profs?|Reps?|Revs?|Sens?|Sgt|Sr|St|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|vs|Brig|Hon|Mt|No|Pres)$"
)
MARK = re.compile(r"(``|''|[\"“”„«»‹›‘’'])\1*+")
CLOSERS = {  # mark that opens: the marks that close it
    "“": ["”", '"'], "„": ["“", "”"], '"': ['"', "”"], "``": ["''"], "''": ["''"], "«": ["»"], "»": ["«"],
    "‘": ["’", "'"], "’": ["’"], "'": ["'", "’"], "‹": ["›"],
}
TOGGLES = {'"', "''", "'", "’", "»"}  # these open only where nothing that they close is open
SINGLE = {"'", "’", "‘", "‹", "›"}
DOUBLE = {"``", "''", *"\"“”„«»"}

Span = tuple[int, int]


def tokens(text: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Tokens with the offsets where they start and end; a line break is a token of its own."""
    *parts, _ = TOKEN.split(text)
    gaps, words = parts[::3], parts[1::3]
    lengths = np.fromiter(map(len, chain.from_iterable(zip(gaps, words))), int, 2 * len(words))
    starts, ends = lengths.cumsum().reshape(-1, 2).T
    return ["\n" if word[0] == "\n" else word for word in words], starts, ends


def alike(text: str, words: list[str], starts: np.ndarray, quoted: list[Span]) -> list[str]:
    """The words with “ and ” for the marks of the outermost quotations, whatever their style, and ' for the
    others."""
    words = ["'" if w in DOUBLE else w for w in words]
    at = np.searchsorted(starts, [(s, e - 1) for s, e in quoted], "right") - 1
    for (first, last), (_, end) in zip(at.tolist(), quoted):
        words[first] = "“"
        if last > first and MARK.match(text, end - 1):
            words[last] = "”"
    return words


def paragraph_ends(text: str) -> list[int]:
    """Offsets of the line breaks that end a paragraph, and of the text's end; a line wrapped in mid-sentence
    ends none."""
    ends, at = [], text.find("\n")
    while at >= 0:
        after = at + 1
        while after < len(text) and text[after].isspace():
            after += 1
        wrapped = "\n" not in text[at + 1 : after] and text[after : after + 1].islower()
        if not wrapped or text[max(0, at - 1) : at] in ".?!:;\"”’'":
            ends.append(at)
        at = text.find("\n", after)
    return [*ends, len(text)]


def sentence_ends(text: str) -> list[int]:
    """Offsets where the sentences end: after . ? ! … and closing marks before what can begin one, or with the
    paragraph."""
    ends = set(paragraph_ends(text))
    for m in SENTENCE_END.finditer(text):
        end = m.start()
        begins = not text[m.end() : m.end() + 1].islower()
        if begins and not (text[end] == "." and ABBREVIATED.search(text, max(0, end - 8), end)):
            ends.add(m.start(1))
    return sorted(ends)


def quotations(text: str) -> list[Span]:
    """Spans of the outermost quotations with their marks, in text order. Any style of marks; an unclosed one
    ends with its paragraph, or before the next mark that can only open."""
    found, stack = [], []  # stack: (offset, mark, end of its paragraph) of the open quotations
    ends = paragraph_ends(text)

    def unwind(last: int, keep: int = 0) -> None:
        while len(stack) > keep:
            start, mark, _ = stack.pop()
            if not stack and mark not in SINGLE:
                found.append((start, last))

    for m in MARK.finditer(text):
        start, end, mark = m.start(), m.end(), m.group(1)
        if stack and stack[0][2] < start:
            unwind(stack[0][2])
        before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
        level = next((k for k in range(len(stack) - 1, -1, -1) if mark in CLOSERS[stack[k][1]]), None)
        if level is not None and (mark not in TOGGLES or not before.isspace() and not after.isalnum()):
            unwind(start, level + 1)
            if level == 0:
                found.append((stack[0][0], end))
            stack.pop()
        elif mark in CLOSERS and (mark not in TOGGLES or _can_open(before, after)):
            again = next((k for k, (_, other, _) in enumerate(stack) if other == mark), None)
            if again is not None:  # it can only open, so the mark before it was left unclosed
                unwind(start, again)
            if len(stack) < 2:
                stack.append((start, mark, ends[bisect_left(ends, start)]))
    if stack:
        unwind(stack[0][2])
    return found


def _can_open(before: str, after: str) -> bool:
    return not before.isalnum() and before not in ".,!?%)]" and not after.isspace()
