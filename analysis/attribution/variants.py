"""Annotated articles in other shapes, to learn those too: in one line, and their quotations as a dialogue."""

import random
import re

MARKS = " \t\n\"“”‘’',"
PIECES = re.compile(r"[SWM]|<.>|[^SWM<>]+")
# S the source, W the words, M the words in quotation marks, <> the cue
FORMS = ("S<:> W", "S<:> W", "S<:> W", "S<:> M", "From S<:> M", "From S<:> W", "- S<:> W", "• S<:> W",
         "M <–> S", "M <—> S", "W <—> S", "W\n<—> S")
ROLES = ("Q", "A"), ("QUESTION", "ANSWER")


def one_line(article: dict) -> dict:
    """Without paragraph breaks, as many sources of text come."""
    return article | {"text": article["text"].replace("\n", " ")}


def dialogue(article: dict, rng: random.Random) -> dict:
    """What is quoted in an article, in paragraphs such as “Name: words”, “words” – Name, or Q: and A:."""
    text, found = "", []
    roles, gap, few = rng.choice([None, None, None, *ROLES]), rng.choice(["\n", "\n\n"]), rng.sample(FORMS, 2)
    for number, (source, words) in enumerate(sayings(article, rng)):
        if roles:
            source = roles[number % 2]
        text, spans = spell(text, "S<:> W" if roles else rng.choice(few), styled(source, rng), words)
        found.append(spans)
        text += gap
    return article | {"text": text, "attributions": found}


def sayings(article: dict, rng: random.Random) -> list[tuple[str, str]]:
    """(source, words) of what is quoted from somebody named, one to three quotations together."""
    text, quoted, names = article["text"], [], []
    for a in article["attributions"]:
        words = [text[s:e].strip(MARKS) for s, e in a["content"] if text[s] in "\"“"]
        quoted += [w.replace("\n", " ") for w in words if w.count(" ") > 3]
        sources = [text[s:e] for s, e in a["source"]]
        names += [name for name in sources if name.istitle() and len(name) > 4 and "\n" not in name]
    out = []
    while quoted and names:
        words = [w if w[-1] in ".!?" else w + "." for w in quoted[:rng.randint(1, 3)]]
        del quoted[:len(words)]
        out.append((rng.choice(names).strip(MARKS), " ".join(words)))
    return out


def styled(name: str, rng: random.Random) -> str:
    """A name as it is, in capitals, or as that of an account."""
    return rng.choice([name, name, name, name.upper(), "@" + name.replace(" ", "")])


def spell(text: str, form: str, source: str, words: str) -> tuple[str, dict]:
    """The text with such a paragraph after it, and the attribution in it."""
    spans, parts = {}, {"S": ("source", source), "W": ("content", words), "M": ("content", f"“{words}”")}
    for piece in PIECES.findall(form):
        name, put = parts.get(piece, ("cue", piece.strip("<>")))
        if name != "cue" or piece[0] == "<":
            spans[name] = [[len(text), len(text) + len(put.rstrip("."))]]
        text += put
    return text, spans
