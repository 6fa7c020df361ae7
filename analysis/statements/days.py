"""The day on which something was said, where the narrator names one."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = """january february march april may june july august september october november
 december""".split()
WHEN = re.compile(
    rf"\b(?:(?P<last>last\s)?(?P<day>{'|'.join(DAYS)})(?!['’]s)|(?P<near>today|yesterday|tonight)|"
    rf"(?P<month>{'|'.join(m[:3] for m in MONTHS)})[a-z]*\.?\s(?P<number>\d\d?)(?:,\s(?P<year>20\d\d))?|"
    rf"(?P<number2>\d\d?)\s(?P<month2>{'|'.join(m[:3] for m in MONTHS)})[a-z]*(?:\s(?P<year2>20\d\d))?)\b",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
OCCASION = 90  # characters around the cue in which the day of an utterance is looked for


def said_on(
    text: str, cue: tuple | None, content: tuple, sentence: tuple[int, int], day: date | None
) -> date | None:
    """The day of an utterance, where the narrator's words near its cue name one; else None.

    Weekdays are the last such day up to the article's date; "earlier this week" names no day.
    """
    if day is None or cue is None:
        return None
    near = (max(sentence[0], cue[0] - OCCASION), min(sentence[1], cue[1] + OCCASION))
    places = [m for m in days(text, *near) if not any(s <= m.start() < e for s, e in content)]
    for m in sorted(places, key=lambda m: abs(m.start() - cue[0])):
        if (told := _day(m, day)) and told <= day:
            return told
    return None


def days(text: str, start: int, end: int) -> Iterator[re.Match]:
    """The days named in text[start:end]."""
    words = text[start:end].lower()
    told = "day" in words or "night" in words or DIGIT.search(words)  # few have one, and WHEN is slow
    return WHEN.finditer(text, start, end) if told else iter(())


def _day(m: re.Match, day: date) -> date | None:
    if m["day"]:
        back = (day.weekday() - DAYS.index(m["day"].lower())) % 7
        return day - timedelta(days=back or (7 if m["last"] else 0))
    if m["near"]:
        return day - timedelta(days=m["near"].lower() == "yesterday")
    month = [name[:3] for name in MONTHS].index((m["month"] or m["month2"]).lower()) + 1
    number, year = int(m["number"] or m["number2"]), int(m["year"] or m["year2"] or day.year)
    try:
        told = date(year, month, number)
        return told if told <= day or m["year"] or m["year2"] else date(year - 1, month, number)
    except ValueError:
        return None
