"""Pictures to choose from by radio buttons, without script: all are there, the page's style shows the chosen one.

Where a page has no such style (GitHub, JupyterLab) all stand one below the other, each under its name.
"""

from base64 import b64encode
from html import escape
from zlib import crc32

import pandas as pd

from analysis import style, trends
from analysis.charts.timelines import most_heard, timeline
from analysis.evidence import Html, quotes
from analysis.words import topic_label

# The same events under every picture would hide the marks.
NO_EVENTS = pd.DataFrame({"date": pd.to_datetime([]), "event": []})


def speaker_choices(positions: pd.DataFrame, *, topics: list[str], top: int = 5, **counting) -> Html:
    """A topic to choose, then one of its `top` most heard speakers: the timeline and the words behind it."""
    offered = {}
    for topic in topics:
        mine = positions[positions.topic == topic]
        names = most_heard(trends.counted(mine, **counting), top)
        offered[topic_label(topic)] = choices("Speaker", {name: _panel(mine, topic, name, counting) for name in names})
    return choices("Topic", offered)


def choices(label: str, offered: dict[str, Html]) -> Html:
    """A radio button for each name, and what it shows."""
    group = f"choice-{crc32(''.join(map(str, offered.values())).encode()):08x}"
    buttons, panels = "", ""
    for number, (name, shown) in enumerate(offered.items()):
        place = f"{group}-{number}"
        checked = "" if number else ' checked="checked"'
        buttons += f'<input type="radio" name="{group}" id="{place}"{checked}>'
        buttons += f'<label for="{place}">{escape(name)}</label>'
        panels += f'<section><p><strong>{escape(name)}</strong></p>{shown}</section>'
    return Html(f'<fieldset class="choices"><legend>{escape(label)}</legend>{buttons}{panels}</fieldset>')


def _panel(positions: pd.DataFrame, topic: str, name: str, counting: dict) -> Html:
    """The timeline of one speaker with its words."""
    title = f"{style.short(name)} on {topic_label(topic)}"
    options = {"topic": topic, "by": "speaker", "who": [name], "events": NO_EVENTS, "title": title} | counting
    mine = positions[positions.speaker == name]
    chart = timeline(mine, **options)
    words = quotes(mine, by="speaker", title=f"{style.short(name)}: the words behind the chart", **counting)
    return Html(f"{picture(chart)}{words}")


def picture(chart: style.Chart) -> str:
    """A chart as an image with its caption as alternative text."""
    caption = escape(chart.caption)
    data = b64encode(chart.png()).decode()
    image = f'<img class="chart" alt="{caption}" src="data:image/png;base64,{data}">'
    return f'<div class="scroll" role="group" aria-label="Chart" tabindex="0">{image}</div>'
