"""The fields of one article, checked: what comes from outside is made plain, or refused with a reason."""

import datetime
import re

import pandas as pd

from analysis.corpus.plaintext import BREAKS, INVISIBLE, one_line

MAX_ID, MAX_FIELD, MAX_URL = 150, 500, 2000  # bytes of an id, characters of the others
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = f"(?P<m>{'|'.join(MONTHS)})[a-z]{{0,6}}\\.?"
DATE = [re.compile(r"(?:[a-z]{3,9}, )?" + order, re.I) for order in (
    r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?!\d)",
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
    r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})(?!\d)",
    rf"(?P<d>\d\d?)(?:st|nd|rd|th)? {MONTH},? (?P<y>\d{{4}})(?!\d)",
    rf"{MONTH} (?P<d>\d\d?)(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d)")]
URL = re.compile(r"https?://[^\s<>\"'`\\^{}|]{3,}", re.I)


def scalar(value: object) -> object:
    """A plain value; ValueError where it is a list or a mapping (a bomb, perhaps, once it is written out)."""
    if not isinstance(value, (str, int, float, datetime.date)):
        raise ValueError(f"not a plain value but a {type(value).__name__}")
    return value


def missing(value: object) -> bool:
    """Whether a field says nothing."""
    return value is None or value is pd.NaT or isinstance(value, float) and value != value \
        or isinstance(value, str) and not value.strip()


def day(value: object) -> pd.Timestamp:
    """The day that a date, a time or their text names, as written (no shift of time zones); else ValueError.

    Text may read 2025-08-22, 2025-08-22T10:00Z, 22.08.2025, 22 August 2025 or Aug. 22, 2025.
    """
    if isinstance(value, datetime.date):  # a datetime and a Timestamp are dates too
        found = value
    else:
        text = one_line(scalar(value), 60)
        match = next(filter(None, (pattern.match(text) for pattern in DATE)), None)
        if not match:
            raise ValueError(f"{text!r} is no date (write YYYY-MM-DD)")
        month = match["m"] if match["m"].isdigit() else MONTHS.index(match["m"].lower()) + 1
        found = datetime.date(int(match["y"]), int(month), int(match["d"]))
    if not 1900 <= found.year <= 2100:
        raise ValueError(f"{found.year} is no year of an article")
    return pd.Timestamp(found.year, found.month, found.day)


def line_of_text(value: object) -> str:
    """A headline or a publisher: one line without the characters that no reader sees."""
    return one_line(scalar(value), MAX_FIELD)


def web_address(value: object) -> str:
    """An http or https address; else ValueError."""
    text = one_line(scalar(value), MAX_URL + 1)
    if len(text) > MAX_URL or not URL.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no http or https address")
    return text


def plain_id(value: object) -> str:
    """An id that is safe as a file name, in an address and in a cell: no path, mark-up or formula."""
    text = re.sub(r"[^\w.()+,’ -]+", "-", one_line(value, 10 * MAX_ID))
    text = re.sub(r"^[\W_]+|\.(?=\.)", "", text).encode()[:MAX_ID].decode(errors="ignore")
    return text.rstrip(" .") or "article"


def shown(value: object) -> str:
    """A path or name as it can be shown in one line of any encoding."""
    return BREAKS.sub("\n", INVISIBLE.sub("?", str(value))).replace("\n", "?")


CHECKS = {"date": day, "publisher": line_of_text, "headline": line_of_text, "url": web_address}
