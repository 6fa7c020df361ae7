"""Positions for other programs: an event list for Discourse Network Analyzer, a network as GraphML."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as Xml

import pandas as pd

from analysis.output import replacing, write_table

AGREEMENT = {"support": 1, "conditional": 1, "oppose": 0}
NODE = {"label": "string", "side": "string", "positions": "int"}
EDGE = {"shared": "int", "opposed": "int"}


def to_dna(positions: pd.DataFrame, path: str | Path) -> None:
    """Positions as a flat event list (.csv): person, organization, concept, agreement, date, text, and more.

    One row per statement, as users of Discourse Network Analyzer have them. `agreement` is 1 for support,
    also on conditions (see `stance`), and 0 for opposition; who takes no side is in no such list. The
    organization is the one who is spoken for, else the side.
    """
    table = positions[positions.stance.isin(AGREEMENT)]
    events = pd.DataFrame(
        {
            "person": table.speaker,
            "organization": table.principal.replace("", None).fillna(table.side),
            "concept": table.topic,
            "agreement": table.stance.astype("str").map(AGREEMENT),
            "date": table.date,
            "text": table.evidence,
            "stance": table.stance,
            "article_id": table.article_id,
            "publisher": table.publisher,
        }
    )
    write_table(events, path)


def to_graphml(positions: pd.DataFrame, path: str | Path) -> None:
    """The network of speakers: an edge tells how many positions two share, and on how many they oppose.

    Nodes have name, side and number of positions. Neutral positions join nobody.
    """
    valued = positions.dropna(subset="value")
    root = Xml.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for of, columns in {"node": NODE, "edge": EDGE}.items():
        for name, kind in columns.items():
            Xml.SubElement(root, "key", {"id": name, "for": of, "attr.name": name, "attr.type": kind})
    graph = Xml.SubElement(root, "graph", edgedefault="undirected")
    held, ids = {}, {}
    for speaker, group in valued.groupby("speaker", observed=True):
        held[speaker], ids[speaker] = set(zip(group.topic, group.value, strict=True)), f"n{len(ids)}"
        _element(
            graph, "node", {"id": ids[speaker]}, label=speaker, side=group.side.iloc[0], positions=len(group)
        )
    for one, other in combinations(held, 2):
        shared = len(held[one] & held[other])
        opposed = len(held[one] & {(topic, -value) for topic, value in held[other] if value})
        if shared or opposed:
            _element(
                graph, "edge", {"source": ids[one], "target": ids[other]}, shared=shared, opposed=opposed
            )
    with replacing(path) as draft:
        Xml.ElementTree(root).write(draft, encoding="utf-8", xml_declaration=True)


def _element(graph: Xml.Element, kind: str, place: dict, **data) -> None:
    """A node or edge with its data; characters that XML has none of are left out."""
    element = Xml.SubElement(graph, kind, place)
    for name, value in data.items():
        text = re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", str(value))
        Xml.SubElement(element, "data", key=name).text = text
