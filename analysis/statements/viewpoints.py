"""Whose view a sentence gives without a verb of saying: "according to Peskov", "in his eyes"."""

import re
from bisect import bisect_right
from typing import NamedTuple

VIEW = r"(?:view|opinion|eyes|words|judge?ment|estimation|assessment|account|telling|reading)"
OF = re.compile(rf"\b(?:according to|in the {VIEW} of)(?: (?:the|a|an|its|his|her|their))? ", re.IGNORECASE)
IN = re.compile(r"\bin (?:the )?", re.IGNORECASE)
OWN = re.compile(rf" (?:\w+ )?{VIEW}\b")


class Viewpoint(NamedTuple):
    """One view: whose (a mention), the words that tell so, the rest of the sentence; spans into the text."""

    mention: object
    cue: tuple[int, int]
    content: tuple[tuple[int, int], ...]


def viewpoints(text: str, mentions: list, ends: list[int]) -> list[Viewpoint]:
    """The views of those whom a text mentions (each with .start and .end); ends: where its sentences end."""
    heads = {m.start: m for m in reversed(mentions)}  # the first of those that begin at one place
    found = []
    for of in OF.finditer(text):
        if mention := heads.get(of.end()):
            found.append((mention, of.span(), (of.start(), mention.end)))
    for lead in IN.finditer(text):
        mention = heads.get(lead.end())
        if mention and (own := OWN.match(text, mention.end)):
            found.append((mention, (lead.start(), own.end()), (lead.start(), own.end())))
    views = []
    for mention, cue, aside in sorted(found, key=lambda view: view[1]):
        k = bisect_right(ends, aside[0])
        if content := _around(text, aside, ends[k - 1] if k else 0, ends[min(k, len(ends) - 1)]):
            views.append(Viewpoint(mention, cue, content))
    return views


def _around(text: str, aside: tuple[int, int], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """What stands before and after an aside, without marks and spaces at the edges."""
    parts = []
    for s, e in ((start, aside[0]), (aside[1], end)):
        words = text[s:e].strip(" ,;:.\n")
        if len(words) > 2:
            at = text.index(words, s)
            parts.append((at, at + len(words)))
    return tuple(parts)
