"""What the attribution network is told about each token: its word, its parts, its shape and its place."""

import numpy as np

OPEN_MARKS, CLOSE_MARKS, FINAL = "“„«‟", "”»", ".!?"
BREAK, OPEN, CLOSE, STRAIGHT, END = range(5)  # kinds of token that the context needs
KINDS, CONTEXT = 14, 12  # kinds of token, context inputs per token
TABLES = ("word", "static", "suffix", "prefix", "kind")  # the embeddings, in the order of row_numbers
def kind(word: str) -> int:
    """Which of 14 shapes a token has; the first five matter for the context."""
    if not word[0].isalnum() and word[0] != "_":
        marks = (word == "\n", word in OPEN_MARKS, word in CLOSE_MARKS, word == '"', word in FINAL)
        return marks.index(True) if True in marks else 5 + (word[0] in "'’")
    if word.isdigit():
        return 7
    if word.isupper():
        return 8 + (len(word) > 1)
    if word[0].isupper():
        return 10 + word[1:].islower()
    return 12 + word.isalpha()


def normal(word: str) -> str:
    """Lower case; numbers other than years by their length."""
    word = word.lower()
    return "0" * min(len(word), 3) if word.isdigit() and len(word) != 4 else word


def context(kinds: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """[n, CONTEXT] what a token's place says: in quotation marks, sentence and paragraph borders."""
    n = len(kinds)
    at = np.arange(n)
    is_break, straight = kinds == BREAK, kinds == STRAIGHT
    mark = (kinds == OPEN) | (kinds == CLOSE) | straight
    borders = np.r_[0, np.flatnonzero(is_break) + 1]
    borders = borders[borders < n]
    paragraph = np.searchsorted(borders, at, "right") - 1
    first, last = borders[paragraph], np.r_[borders[1:], n][paragraph]

    def since(x):                                   # running sum from the paragraph's start
        total = np.cumsum(x)
        return total - (total - x)[first]

    odd = since(straight.astype(int)) % 2 == 1
    balance = since((kinds == OPEN).astype(int) - (kinds == CLOSE))
    inside = ((balance > 0) | odd) & (kinds != OPEN) & ~(straight & odd)
    closes = (kinds == CLOSE) | (straight & ~odd)
    end = kinds == END
    after = np.r_[True, (end | is_break)[:-1]] | np.r_[False, (mark & np.r_[False, end[:-1]])[:-1]]
    spaced = np.r_[True, starts[1:] > ends[:-1]]
    total = np.r_[0, np.cumsum(mark)]
    marks = total[last] - total[first]
    return np.stack([inside, mark & ~closes, closes, after, at == first, spaced, np.log1p(at - first) / 3,
                     np.log1p(last - at) / 3, np.minimum(np.cumsum(is_break), 3) / 3, is_break, marks > 0,
                     marks % 2 == 1], 1).astype("f")


def row_numbers(word: str, number: dict[str, dict[str, int]]) -> tuple[int, ...]:
    """Rows of the five embeddings; 0 is unknown."""
    low = normal(word)
    suffix, prefix = (low[-3:], low[:3]) if low.isalpha() else ("", "")
    return (number["word"].get(low, 0), number["static"].get(low, 0), number["suffix"].get(suffix, 0),
            number["prefix"].get(prefix, 0), kind(word))
