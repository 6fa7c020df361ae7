"""All figures in one place: each a function of one table of positions, which returns a Chart.

A Chart has a `.caption` (n, range, direction), which is its alternative text, and shows itself in a notebook.
Where there is nothing to draw, the chart says so in words. `save(chart, path)` writes png, pdf or svg.
"""

from analysis.charts.choices import speaker_choices
from analysis.charts.comparisons import gap, shifts, survives
from analysis.charts.demands import conditions, guarantees
from analysis.charts.events import load_events
from analysis.charts.matrices import agreement, heatmap
from analysis.style import save
from analysis.charts.timelines import speakers, timeline

__all__ = [
    "agreement",
    "conditions",
    "gap",
    "guarantees",
    "heatmap",
    "load_events",
    "save",
    "shifts",
    "speaker_choices",
    "speakers",
    "survives",
    "timeline",
]
