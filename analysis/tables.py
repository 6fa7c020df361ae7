"""Tables for reading: whole texts, plain dates, one header row, safe, the same in JupyterLab, on GitHub and on a page."""

from numbers import Integral, Real

import pandas as pd
from IPython.display import HTML

OPTIONS = ("display.max_colwidth", None, "display.html.use_mathjax", False)


def show(table: pd.DataFrame, *, none: str = "None.") -> HTML:
    """The table as HTML with its index as row headings; the sentence `none` where it has no rows.

    Texts are escaped and never cut, dates are written 22 Aug 2025 and stay on one line, numbers have two
    decimals at most, what is missing is empty.
    """
    if table.empty:
        return HTML(f"<p>{none}</p>")
    cells = table.astype(object).map(_cell)
    cells.index = pd.Index([_cell(value) for value in table.index])
    with pd.option_context(*OPTIONS):
        return HTML(cells.rename_axis(columns=table.index.name).to_html(border=0, justify="left"))


def _cell(value: object) -> str:
    """One value as a reader wants it."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value.day}\u00a0{value:%b\u00a0%Y}"
    if isinstance(value, Real) and not isinstance(value, (Integral, bool)):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, Integral) and not isinstance(value, bool) else str(value)
