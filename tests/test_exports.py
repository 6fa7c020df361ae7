"""Positions as an event list and as a network."""

from xml.etree import ElementTree as Xml

import pandas as pd
import pytest

from analysis.codings import load_codings
from analysis.codings.exports import to_dna, to_graphml

NS = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture(scope="module")
def coded():
    return load_codings()


def test_the_event_list_has_a_row_per_position_that_takes_a_side(coded, tmp_path):
    to_dna(coded, tmp_path / "dna.csv")
    events = pd.read_csv(tmp_path / "dna.csv")
    assert list(events)[:6] == ["person", "organization", "concept", "agreement", "date", "text"]
    assert len(events) == (coded.stance != "neutral").sum() == 310
    assert events.agreement.sum() == coded.stance.isin(["support", "conditional"]).sum()
    assert events[events.person == "Dmitry Peskov"].organization.unique() == ["Vladimir Putin"]
    assert events.organization.notna().all() or coded.side.isna().any()


def rows(*positions):
    return pd.DataFrame([{"speaker": s, "side": "Other", "topic": t, "value": v} for s, t, v in positions])


def test_the_network_counts_what_two_share_and_oppose(tmp_path):
    path = tmp_path / "net.graphml"
    to_graphml(
        rows(
            ("A & <B>\x00", "meeting", 1.0),
            ("A & <B>\x00", "nato", -1.0),
            ("C", "meeting", 1.0),
            ("C", "nato", 1.0),
            ("D", "meeting", 0.0),
            ("E", "nato", float("nan")),
        ),
        path,
    )
    graph = Xml.parse(path).getroot().find(f"{NS}graph")
    nodes = {node.get("id"): node[0].text for node in graph.iter(f"{NS}node")}
    edges = [
        (nodes[e.get("source")], nodes[e.get("target")], *(d.text for d in e))
        for e in graph.iter(f"{NS}edge")
    ]
    assert list(nodes.values()) == ["A & <B>", "C", "D"] and edges == [("A & <B>", "C", "1", "1")]


def test_the_shipped_network(coded, tmp_path):
    to_graphml(coded, tmp_path / "net.graphml")
    root = Xml.parse(tmp_path / "net.graphml").getroot()
    assert len(root.findall(f".//{NS}node")) == coded.dropna(subset="value").speaker.nunique()
    assert {key.get("id") for key in root.iter(f"{NS}key")} == {
        "label",
        "side",
        "positions",
        "shared",
        "opposed",
    }
