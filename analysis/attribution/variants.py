"""Annotated articles in other shapes, to learn those too: in one line, with the source behind its words, and
their quotations as a dialogue."""

import random
import re

MARKS = " \t\n\"“”‘’',"
PIECES = re.compile(r"[SWM]|<.>|[^SWM<>]+")
# S the source, W the words, M the words in quotation marks, <> the cue
FORMS = ("S<:> W", "S<:> W", "S<:> W", "S<:> M", "From S<:> M", "From S<:> W", "- S<:> W", "• S<:> W",
         "M <–> S", "M <—> S", "W <—> S", "W\n<—> S")
ROLES = ("Q", "A"), ("QUESTION", "ANSWER")
PARTS = "source", "cue", "content"
BEGIN = re.compile(r"(?:^|[.!?][\"”]?\s|\n)$")         # before a sentence
CLAUSE = re.compile(r"\b(?:sa(?:id|ys?)|add(?:ed|s)|argue[ds]|claim(?:ed|s)|warn(?:ed|s)|insist(?:ed|s)|not(?:ed|es)|"
                    r"believe[ds]?|thinks?|thought|acknowledge[ds]|predict(?:ed|s)|suggest(?:ed|s))$")
NO_CLAUSE = re.compile(r"to |for |what |how |whether |why |if |of |about |[\"“]")
LOWER = re.compile(r"(?:The|An?|He|She|They|It|His|Her|Their|Its|I|We|One|Two|Three|Some|Many|Several|Other|Others|"
                   r"Another|Both|Most) ")
VERB = re.compile(r"(?!(?:he|she|it|they|we|I|you|there|this|that) )(?:\w+ ){1,4}(?=(?:is|are|was|were|has|have|had|will|would|could|can|should|must|may|might) )")
INSERTED = .25  # share of turned sentences whose words go on behind the source


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


def turned(article: dict, rng: random.Random) -> dict:
    """With "Source said that words." told as "Words, source said." or "Wo, source said, rds." wherever that is
    all of a sentence: much news has the source last in indirect speech too, the annotated articles seldom."""
    text, attributions = article["text"], article["attributions"]
    spans = [span for a in attributions for part in PARTS for span in a[part]]
    parts, at = [], 0  # (words, where they stood; None where they are new)
    for a in sorted(attributions, key=lambda a: a["source"]):
        pieces = behind(text, a, rng)
        others = [span for span in spans if not any(span in a[part] for part in PARTS)]
        if pieces and a["source"][0][0] >= at and not any(divided(span, a, pieces) for span in others):
            parts += [(text[at:a["source"][0][0]], at), *pieces]
            at = a["content"][0][1]
    return article | retold([*parts, (text[at:], at)], attributions)


def behind(text: str, a: dict, rng: random.Random) -> list[tuple[str, int | None]] | None:
    """The pieces of a sentence "source cue content" with the source behind the content; None for another."""
    if any(len(a[part]) != 1 for part in PARTS):
        return None
    (start, end), (cue, stop), (first, last) = (a[part][0] for part in PARTS)
    gaps = text[end:cue], text[stop:first], text[last:last + 1]
    if gaps != (" ", " ", ".") or not BEGIN.search(text, max(0, start - 3), start):
        return None
    if text.startswith("that ", first):
        first += len("that ")
    elif NO_CLAUSE.match(text, first) or not CLAUSE.search(text[cue:stop]):
        return None
    verb = rng.random() < INSERTED and VERB.match(text, first, last)
    cut = verb.end() if verb else last
    source = text[start:end] if not LOWER.match(text, start) else text[start].lower() + text[start + 1:end]
    words = text[first].upper() + text[first + 1:cut].rstrip()
    rest = [(", ", None), (text[cut:last], cut)] if verb else []
    return [(words, first), (", ", None), (source, start), (" ", None), (text[cue:stop], cue), *rest]


def divided(span: list[int], a: dict, pieces: list[tuple[str, int | None]]) -> bool:
    """Whether a span lies partly in the sentence and not within one of its pieces."""
    s, e = span
    apart = e <= a["source"][0][0] or s >= a["content"][0][1]
    return not apart and not any(at is not None and at <= s and e <= at + len(w) for w, at in pieces)


def retold(parts: list[tuple[str, int | None]], attributions: list[dict]) -> dict:
    """The text made of the parts, and the attributions in it."""
    moved, length = [], 0
    for words, at in parts:
        if at is not None:
            moved.append((at, at + len(words), length - at))
        length += len(words)

    def place(spans):
        return sorted([max(s, start) + by, min(e, end) + by] for s, e in spans for start, end, by in moved
                      if s < end and start < e)

    return {"text": "".join(words for words, _ in parts),
            "attributions": [{part: place(a[part]) for part in PARTS} for a in attributions]}
