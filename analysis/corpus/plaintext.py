"""Text from anywhere made plain: characters, marks of Markdown, paragraphs, sentences."""

import re
from collections.abc import Iterator

# Controls, invisible joiners, marks that override the direction of writing, half characters.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e"
                       "\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")
BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^()\s]{0,2000}\)")
WATCH = re.compile(r"\(\[(?:Watch|Listen|Read|Link|Source)[^\]\n]{0,40}\]\([^()\s]{0,2000}\)\)")
LINK = re.compile(r"\[((?:[^\[\]]){1,500})\]\((?:https?:|/|#|mailto:)[^()\s]{0,2000}\)")
EMPHASIS = re.compile(r"\*{2,4}|(?<![^\W_])_{1,2}(?=[^\W_])|(?<=[^\W_])_{1,2}(?![^\W_])"
                      r"|(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])")
RULER = re.compile(r"^[ #]*(?:[_=~-]{3,80}|(?:\* ?){3,40})[ ]*$", re.M)
LIST_MARK = re.compile(r"^[ ]*(?:#{1,6}[ ]+|[-*•·‣▪][ ]+|>[ ]+)+", re.M)
ESCAPED = re.compile(r"\\([\[\]()*_#.!>-])")

# A line break inside a sentence, as a removed link leaves it.
SMALL_WORDS = "a an the of in on at to by for from with over and or that as".split()
BROKEN = re.compile("\n(?:(?<=,\n)|" + "|".join(f"(?<= {word}\n)" for word in SMALL_WORDS)
                    + "|(?<=[^.!?:”\"\n]\n)(?=[a-zà-ÿ]))")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]{0,3}\s+(?=(?:[:,;] ){0,2}[\"“‘'(\[]{0,2}[A-Z0-9])")
ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Sen|Gov|Rep|Lt|Col|St|Prof|Maj|Capt|Adm|Sgt|No|vs"
                          r"|Jan|Feb|Aug|Sept|Sep|Oct|Nov|Dec)\.$")


def plain(text: str) -> str:
    """The text with one kind of line break and of space, and without characters that no reader sees."""
    return INVISIBLE.sub("", SPACES.sub(" ", BREAKS.sub("\n", text))).replace("\u2011", "-")


def one_line(value: object, limit: int) -> str:
    """A field such as a headline as one line of at most `limit` characters."""
    return " ".join(plain(str(value)).split())[:limit].strip()


def without_markup(text: str) -> str:
    """Text without the marks of Markdown: the words of a link stay, its address goes."""
    if "](" in text:
        text = LINK.sub(r"\1", WATCH.sub("", IMAGE.sub("", text)))
    if "*" in text or "_" in text:
        text = EMPHASIS.sub("", RULER.sub("", text))
    return ESCAPED.sub(r"\1", LIST_MARK.sub("\n\n", text))


def paragraphs_of(text: str) -> Iterator[str]:
    """Paragraphs, each one line: hard-wrapped and broken lines are joined, runs of spaces are breaks."""
    for block in re.split(r"\n[ \n]*\n", text):
        lines = [line.strip() for line in re.split(r"\n|(?<=\S)[ ]{3,}(?=\S)", block)]
        block = (" " if wrapped(lines) else "\n").join(lines)
        for line in BROKEN.sub(" ", block).split("\n"):
            if line := " ".join(line.split()):
                yield line


def wrapped(lines: list[str]) -> bool:
    """Whether the lines of a block are one paragraph cut at a fixed width."""
    lengths = [len(line) for line in lines[:-1]]
    return bool(lengths) and max(lengths) <= 100 and min(lengths) >= 40 and max(lengths) - min(lengths) < 35


def sentences(paragraph: str) -> Iterator[str]:
    """The sentences of a paragraph with the spaces after them: joined again they are the paragraph."""
    start = 0
    for match in SENTENCE_END.finditer(paragraph):
        if not ABBREVIATION.search(paragraph, max(start, match.start() - 8), match.start()):
            yield paragraph[start:match.end()]
            start = match.end()
    yield paragraph[start:]
