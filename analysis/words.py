"""Dates and topics as a reader wants them."""

import pandas as pd

from analysis.codebook import load_codebook


def day(date: pd.Timestamp) -> str:
    """4 June 2026."""
    return f"{date.day} {date:%B %Y}"


def span(dates: pd.Series) -> str:
    """From the first to the last date, in words."""
    return f"{day(dates.min())} to {day(dates.max())}"


def signed(value: float) -> str:
    """+0.50 or −0.50, with a true minus."""
    return f"{value:+.2f}".replace("-", "−")


def topic_label(topic: str) -> str:
    """What the codebook calls the topic, with a capital; the name itself where it is not in the codebook."""
    known = load_codebook().topics.get(topic)
    label = known.label if known else topic.replace("_", " ")
    return label[:1].upper() + label[1:]


def nothing_on(positions: pd.DataFrame, topic: str) -> str:
    """Why there is nothing to draw on a topic over time."""
    on_topic = int((positions.topic == topic).sum())
    label = topic_label(topic)
    if on_topic:
        many = f"{on_topic} position{'s' * (on_topic > 1)}"
        return f"{label}: {many}, none with a date, so nothing can be shown over time."
    return f"{label}: nobody takes a position in these articles."
