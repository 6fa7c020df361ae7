"""Whose willingness a text tells without a verb of saying: "Putin has ruled out …", "Zelensky's offer to
meet"."""

import re
from typing import NamedTuple

from analysis.codebook import Codebook

# Words that may stand between a holder and the word of willingness, after an apposition or a relative
# pronoun.
BRIDGE = re.compile(
    r"(?:\s?,)?(?:\s(?:who|which|that|and|has|have|had|is|are|was|were|be|been|being|will|would|could|can|"
    r"cannot|may|might|"
    r"must|should|did|does|do|to|not|never|n['’]t|also|both|all|long|already|then|later|earlier|once\smore|"
    r"now|still|again|always|once|only|just|even|too|(?!italy|family|assembly)\w{3,}(?<!p)ly|"
    r"himself|herself|itself|themselves|meanwhile|however|instead|nevertheless|nonetheless|yet|soon|today|"
    r"yesterday|"
    r"so\sfar|for\snow|in\sprinciple|at\sonce|in\seffect|no\slonger|on\s(?:mon|tues|wednes|thurs|fri|"
    r"satur|sun)day|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|last\s(?:week|month|year)|this\s(?:week|month|year)|"
    r"(?:is|are|was|were|has|have|had|do|does|did|would|could|will|should)n['’]t|won['’]t|can['’]t),?)*\s",
    re.IGNORECASE,
)
LIGHT = re.compile(
    r"(?:saw|sees?|seen|ha[sd]|have|express(?:ed|es)?|voic(?:ed|es)|signall?(?:ed|s)|show(?:ed|n|s)|declar(?:ed|es)|"
    r"stat(?:ed|es)|repeat(?:ed|s)|reiterat(?:ed|es)|reaffirm(?:ed|s)|underlin(?:ed|es)|stress(?:ed|es)|gave|gives?|"
    r"given|made|makes?|found|finds?)(?: (?:his|her|its|their|an?|the|any|some|great|full))*\s"
)  # verbs that leave it to a noun to tell: "saw no point in", "expressed readiness"
APPOSITION = re.compile(r"\s?,[^,.;:!?\n]{1,70},|\s\([^)]{1,60}\)")
JOINT = re.compile(r",?(?:\s(?:and|or|nor|as well as)|,)\s(?:(?:the|other|both)\s)*", re.IGNORECASE)
GAP = re.compile(r"[\s-]+")
IRREGULAR = """said told wrote spoke saw gave took put found made met held left kept went came began thought
 felt knew stood sent built drew set let got has had is was were are""".split()
NO_VERB = (
    r"(?!(?:of|in|on|at|to|for|with|from|by|as|and|or|the|a|an|after|before|than|but|when|more|less|into|"
    r"during|including|"
    r"either|since|because|although|though|while|within|regarding|concerning|following|despite|according|"
    r"towards?|"
    r"against|about|over|under|between|among|its|his|their|this|these|those|whose|thus|perhaps|besides|"
    r"always)\b)"
)
VERB = re.compile(rf"{NO_VERB}(?:[a-z]{{2,}}(?:ed|[^s]s|ing)|{'|'.join(IRREGULAR)})\b(?![-'’])")
PLAIN_VERB = re.compile(rf"{NO_VERB}[a-z]{{3,}}\b")
AUXILIARY = re.compile(
    r"\b(?:has|have|had|is|are|was|were|be|been|will|would|could|can|cannot|may|might|must|should|did|"
    r"does|do|to)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[\s-]+[\w’'-]+")
OWNED = ("'s", "’s", "'", "’")
POSSESSIVE = {"his", "her", "its", "their"}
CLAUSE_END = re.compile(r"[;:!?\n]|\.(?=[\s\"”’')])|$|,?\s(?:but\sthe|while|whereas|although)\s")
TELLING = (
    "want",
    "demand",
    "ready",
    "accept",
    "offer",
    "act",
    "refuse",
    "object",
    "futile",
    "unplanned",
    "drop",
)


GOVERNED = re.compile(r"\b(?:in|with|without|between|of|against|for|at|on|about|over|near|inside|to)(?: the)? $")
ASIDE = re.compile(r"[,(—–]|\b(?:who|which|that)\b")  # an apposition or a clause about the one before
BY = re.compile(r" (?:(?P<by>by)|from)(?: the| a| an)? $")
PARTICIPLE = re.compile(r"\b([a-z]{2,}ed|put forward|made|given|drawn up|set out)(?: (?:on|in|at) \w+)?$")
GIVEN = re.compile(
    r"\b(invitation|offer|proposal|demand|refusal|rejection|promise|pledge|request|denial|objection|"
    r"opposition|resistance|support|backing|approval|consent|agreement)s?\b[^,;:]{0,40}$",
    re.IGNORECASE,
)  # what comes from someone


class Held(NamedTuple):
    """One told willingness: who holds it, the word that tells it (cue), what it is of (content); spans into
    the text."""

    mention: object
    cue: tuple[int, int]
    content: tuple[int, int]


def held(text: str, mentions: list, start: int, end: int, codebook: Codebook, topical: bool) -> list[Held]:
    """The willingness told in text[start:end], one sentence, for each of the mentions (with .start and .end)
    in it.

    In a topical sentence, any verb that follows a mention may tell it; elsewhere only the codebook's cues.
    """
    found = []
    governed = _governed(text, mentions)
    for mention, object_ in reversed([*zip(mentions, governed)]):
        places = list(_places(text, mention, end))
        cue = next((span for at in places if (span := _cue(text, at, end, codebook))), None)
        if cue is None and topical and places:
            cue = next((span for at in places[:2] if (span := _verb(text, mention.end, at, end))), None)
        if cue and object_ and not (ASIDE.search(text, mention.end, cue[0]) or text[slice(*cue)].endswith("ing")):
            cue = None  # "a meeting with Putin is possible"
        if cue is None and found and JOINT.fullmatch(text, mention.end, found[-1].mention.start):
            found.append(found[-1]._replace(mention=mention))  # "London and Paris want …"
        elif cue is None and (agent := _agent(text, mention, start, topical)):
            found.append(agent)
        elif cue:
            stop = CLAUSE_END.search(text, cue[1], end)
            found.append(Held(mention, cue, (cue[1], stop.start() if stop else end)))
    return [h for h in reversed(found) if h.content[1] - h.content[0] > 2]


def _governed(text: str, mentions: list) -> list[bool]:
    """Which mentions are no subject: those behind a preposition, and those that "and" joins to these."""
    governed: list[bool] = []
    for k, mention in enumerate(mentions):
        joint = k and governed[-1] and JOINT.fullmatch(text, mentions[k - 1].end, mention.start)
        behind = joint or GOVERNED.search(text, max(0, mention.start - 14), mention.start)
        governed.append(bool(behind) and not _owns(text, mention))
    return governed


def _owns(text: str, mention) -> bool:
    """Whether a mention is possessive: "Zelensky's offer", "his offer"."""
    form = text[mention.start : mention.end]
    return form.endswith(OWNED) or form.lower() in POSSESSIVE


def _agent(text: str, mention, start: int, topical: bool) -> Held | None:
    """What is ascribed to one by "by" or "from": "an invitation from Putin", "was rejected by Moscow"."""
    lead = BY.search(text[max(start, mention.start - 12) : mention.start])
    if not lead or lead["by"] and not topical:
        return None
    end = mention.start - len(lead.group())
    stops = [stop.end() for stop in CLAUSE_END.finditer(text, start, end) if stop.end() < end]
    begin = max(stops, default=start)
    words = (PARTICIPLE if lead["by"] else GIVEN).search(text[begin:end])
    if not words:
        return None
    cue = (begin + words.start(1), begin + words.end(1))
    content = (begin, cue[0]) if cue[0] - begin > end - cue[1] else (cue[1], end)
    return Held(mention, cue, content)


def _places(text: str, mention, end: int):
    """Where a word of willingness may begin: after the bridge, or up to two words after a possessive."""
    at = mention.end
    if not _owns(text, mention):
        apposition = APPOSITION.match(text, at, end)
        for start in (at, apposition and apposition.end()):
            bridge = start and BRIDGE.match(text, start, end)
            if bridge:
                yield bridge.end()
            if bridge and (light := LIGHT.match(text, bridge.end(), end)):
                yield light.end()
        return
    for _ in range(3):
        space = GAP.match(text, at, end)
        if not space:
            return
        yield space.end()
        word = WORD.match(text, at, end)
        if not word:
            return
        at = word.end()


def _verb(text: str, mention_end: int, at: int, end: int) -> tuple[int, int] | None:
    """The verb that begins at a place: any word after an auxiliary, else one with the ending of a verb."""
    m = (PLAIN_VERB if AUXILIARY.search(text, mention_end, at) else VERB).match(text, at, end)
    return m.span() if m else None


def _cue(text: str, at: int, end: int, codebook: Codebook) -> tuple[int, int] | None:
    """The word of willingness that begins at a place."""
    cue = codebook.cues.match(text, at, end)
    return cue.span() if cue and codebook.cues.name(cue) in TELLING else None
