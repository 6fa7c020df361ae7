"""The explorer's chart as a widget: plot.js draws it in the browser, from data alone."""

from pathlib import Path

import anywidget
import traitlets


class Plot(anywidget.AnyWidget):
    """Timelines (see drawing.py) whose marks and bins can be chosen by click and by key.

    `charts`: {"version", "charts"}; `bands`: the same version and the bands of each chart, when they are
    there. `chosen`: what the reader chose last, {"version", "chart", "row"} with "mark", the place in
    the view's positions, or "bin", the first day of the period.
    """

    _esm = Path(__file__).with_name("plot.js")
    _css = Path(__file__).with_name("plot.css")
    charts = traitlets.Dict().tag(sync=True)
    bands = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)
