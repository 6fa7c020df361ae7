"""The words that can name someone, one after the other: names, titles, adjectives of countries, pronouns.

Each word is looked up once in the roster's lexicon, by the first word of what it may begin, longest match
first: the work grows with the length of the text only.
"""

import re
from itertools import accumulate
from typing import NamedTuple

from analysis.speakers.people import WORD, fold
from analysis.speakers.roster import Roster

PRONOUNS = {
    fold(word)[0]: form
    for word, form in {
        "he": "m",
        "him": "m",
        "his": "m",
        "himself": "m",
        "she": "f",
        "her": "f",
        "hers": "f",
        "herself": "f",
        "they": "p",
        "them": "p",
        "their": "p",
        "it": "n",
        "its": "n",
        "i": "1",
        "my": "1",
        "me": "1",
        "we": "1",
        "our": "1",
        "us": "1",
        "who": "r",
        "which": "r",
        "whose": "r",
    }.items()
}
OWNERS = {"his", "her", "its", "their", "my", "our", "whose"}
SMALL = {
    fold(word)[0]
    for word in """
 a an the this that these those and but or nor so yet if as at by for from in into of off on onto over per
 to under up upon with without within about above across after against along amid among around before
 behind below beneath beside besides between beyond despite down during except inside like near since than
 through throughout toward towards until via while when where whether why how what who whom whose which
 both each either neither every all any some many most much more few several no not only also just even
 still then there here he she it they we i you his her its their our my your him them us me one two three
 four five six seven eight nine ten is was are were be been being has have had do does did will would can
 could may might must shall should let yes now once again because although though unless however meanwhile
 moreover instead indeed perhaps later earlier today tonight yesterday tomorrow monday tuesday wednesday
 thursday friday saturday sunday january february march april june july august september october november
 december asked told said speaking according says say tells warns urges calls slams vows wants read watch
 listen image photo video getty reuters ap afp tass mr
""".split()
}  # no word of a name, even with a capital
SPLIT = re.compile(f"({WORD.pattern})")
LONGEST = 5  # spaces in a name that is not in the roster
PARTICLES = {
    "de",
    "van",
    "von",
    "der",
    "den",
    "la",
    "le",
    "di",
    "da",
    "del",
    "al",
    "bin",
    "ben",
    "el",
    "ter",
    "zu",
}
OTHERS = {*PRONOUNS, *PARTICLES}


class Piece(NamedTuple):
    """An atom as it stands in the text. kind: as in roster.Atom, or pronoun, or unknown (capitalised
    words).
    """

    kind: str
    value: tuple
    start: int
    end: int
    owner: bool  # possessive
    key: str  # the folded words, joined


def pieces(text: str, roster: Roster) -> list[Piece]:
    """The atoms of a text, longest match first, in order."""
    found, lexicon = [], roster.lexicon
    parts = SPLIT.split(text)  # what stands between the words, and they
    words, places = parts[1::2], [*accumulate(map(len, parts))]
    spans = list(zip(places[::2], places[1::2]))
    folded = list(map(fold, words))
    keys = [key for key, _ in folded]
    told = [i for i, key in enumerate(keys) if key in lexicon or key in OTHERS or words[i][0].isupper()]
    after = 0  # the first word behind the last match
    for i in told:
        if i < after:
            continue
        start, end = spans[i]
        for phrase, atom in lexicon.get(keys[i], ()):
            last = i + len(phrase)
            if (
                last == i + 1 or tuple(keys[i:last]) == phrase and near(text[end : spans[last - 1][0]])
            ) and not (atom.capital and text[start].islower()):
                found.append(
                    Piece(
                        atom.kind,
                        atom.value,
                        start,
                        spans[last - 1][1],
                        folded[last - 1][1],
                        " ".join(phrase),
                    )
                )
                after = last
                break
        else:
            _unknown(text, found, keys[i], start, end, folded[i][1])
    return found


def near(gap: str) -> bool:
    """Whether what stands between two words lets them be one name."""
    return "\n\n" not in gap and len(gap) < 40 and not any(c in ',;:!?()"“”' for c in gap)


def _unknown(text: str, found: list[Piece], key: str, start: int, end: int, owner: bool) -> None:
    """A pronoun, or a capitalised word that joins the run of such words before it."""
    if key in PRONOUNS:
        found.append(Piece("pronoun", (PRONOUNS[key],), start, end, key in OWNERS, key))
        return
    last = found[-1] if found else None
    joins = (
        last is not None
        and last.kind == "unknown"
        and not last.owner
        and last.key.count(" ") < LONGEST
        and (text[last.end : start] in (" ", "\n") or len(last.key) == 1 and text[last.end : start] == ". ")
    )
    if text[start].isupper() and key not in SMALL:
        if joins:
            found[-1] = Piece("unknown", (), last.start, end, owner, f"{last.key} {key}")
        else:
            found.append(Piece("unknown", (), start, end, owner, key))
    elif joins and key in PARTICLES:
        found[-1] = last._replace(end=end, key=f"{last.key} {key}")
