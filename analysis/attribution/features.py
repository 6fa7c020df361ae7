"""What the attribution network is told about each token: its word, its parts, its shape and its place."""

import numpy as np

FINAL = ".!?…"
BREAK, OPEN, CLOSE, END = range(4)  # kinds of token that the context needs
INITIAL = 7  # kind of a single capital; those of longer words that begin with one follow
KINDS, CONTEXT = 13, 12  # kinds of token, context inputs per token
TABLES = ("word", "static", "suffix", "prefix", "kind")  # the embeddings, in the order of row_numbers


def kind(word: str) -> int:
    """Which of 13 shapes a token has; the first four matter for the context."""
    if not word[0].isalnum() and word[0] != "_":
        marks = (word == "\n", word == "“", word == "”", word[0] in FINAL)
        return marks.index(True) if True in marks else 4 + (word[0] in "'’")
    if word.isdigit():
        return 6
    if word.isupper():
        return INITIAL + (len(word) > 1)
    if word[0].isupper():
        return INITIAL + 2 + word[1:].islower()
    return 11 + word.isalpha()


def normal(word: str) -> str:
    """Lower case; numbers other than years by their length."""
    word = word.lower()
    return "0" * min(len(word), 3) if word.isdigit() and len(word) != 4 else word


def context(kinds: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """[n, CONTEXT] what a token's place says: in quotation marks, sentence and paragraph borders."""
    n = len(kinds)
    at = np.arange(n)
    is_break, opens, closes, end = (kinds == k for k in (BREAK, OPEN, CLOSE, END))
    mark, begins = opens | closes, shifted(is_break, True)
    borders, paragraph = np.flatnonzero(begins), np.cumsum(begins) - 1
    first, last = borders[paragraph], np.append(borders[1:], n)[paragraph]
    seen = np.maximum.accumulate(np.where(mark, at, -1))    # the last mark up to here
    inside = (seen >= first) & opens[seen] & ~opens
    after = shifted(end | is_break, True) | shifted(mark & shifted(end, False), False)
    spaced = np.concatenate([[True], starts[1:] > ends[:-1]])
    opened, closed = np.add.reduceat([opens, closes], borders, axis=1, dtype=int)[:, paragraph]
    return np.stack([inside, opens, closes, after, at == first, spaced, np.log1p(at - first) / 3,
                     np.log1p(last - at) / 3, np.minimum(np.cumsum(is_break), 3) / 3, is_break, opened > 0,
                     opened != closed], 1).astype("f")


def shifted(x: np.ndarray, first: int) -> np.ndarray:
    """What held one token before, with what stands before the first."""
    return np.concatenate([[first], x[:-1]])


def sentences(kinds: np.ndarray, place: np.ndarray) -> list[int]:
    """Tokens outside quotation marks where a sentence may begin, given their context."""
    inside, after, first, spaced = place[:, (0, 3, 4, 5)].T > 0
    capital = (kinds >= INITIAL) & (kinds <= INITIAL + 3)
    initial = shifted(shifted(kinds == INITIAL, False), False)   # as in U.S. and J. Smith
    return np.flatnonzero(after & (spaced | first) & ~inside & ~initial & (capital | (kinds == OPEN))).tolist()


def row_numbers(word: str, number: dict[str, dict[str, int]]) -> tuple[int, ...]:
    """Rows of the five embeddings; 0 is unknown."""
    low = normal(word)
    suffix, prefix = (low[-3:], low[:3]) if low.isalpha() else ("", "")
    return (number["word"].get(low, 0), number["static"].get(low, 0), number["suffix"].get(suffix, 0),
            number["prefix"].get(prefix, 0), kind(word))
