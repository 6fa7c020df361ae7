"""Tables for reading: whole texts, plain dates, safe, the same in JupyterLab, on GitHub and on a page."""

from html import escape
from numbers import Integral, Real

import pandas as pd
from IPython.display import HTML

LONG = 40  # characters from which a text makes a table too wide for a phone: its rows become cards there


def show(table: pd.DataFrame, *, none: str = "None.") -> HTML:
    """The table as HTML with its index as row headings; the sentence `none` where it has no rows.

    Texts are escaped and never cut, dates are written 22 Aug 2025 and stay on one line, numbers have two
    decimals at most, what is missing is empty.
    """
    if table.empty:
        return HTML(f"<p>{escape(none)}</p>")
    names = [escape(str(name)) for name in table.columns]
    rows = [list(map(_cell, row)) for row in table.itertuples(name=None)]
    wide = any(len(cell) > LONG for row in rows for cell in row)
    head = "".join(f'<th scope="col">{name}</th>' for name in [escape(str(table.index.name or "")), *names])
    body = "".join(_row(row, names) for row in rows)
    return HTML(f'<table class="{"dataframe cards" if wide else "dataframe"} tex2jax_ignore mathjax_ignore">'
                f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def _row(cells: list[str], names: list[str]) -> str:
    """A row with its heading; each cell knows its column, so that it can stand alone."""
    rest = "".join(
        f'<td data-label="{name}">{escape(cell)}</td>' for name, cell in zip(names, cells[1:], strict=True)
    )
    return f'<tr><th scope="row">{escape(cells[0])}</th>{rest}</tr>\n'


def _cell(value: object) -> str:
    """One value as a reader wants it."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value.day}\u00a0{value:%b\u00a0%Y}"
    if isinstance(value, Integral) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:.2f}" if isinstance(value, Real) and not isinstance(value, bool) else str(value)
