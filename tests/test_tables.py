"""Tables for reading."""

import pandas as pd

from analysis.evidence.tables import show


def test_texts_are_whole_and_safe_and_dates_plain():
    table = pd.DataFrame(
        {"who": ["<b>" + "x" * 100], "when": pd.to_datetime(["2025-08-02"]), "mean": [1 / 3]},
        index=pd.Index(["a"], name="id"),
    )
    html = show(table).data
    assert "&lt;b&gt;" + "x" * 100 in html and "<b>" not in html
    assert "2\u00a0Aug\u00a02025" in html and "0.33" in html and '<th scope="col">id</th>' in html
    assert "mathjax_ignore" in html
    assert "id" == table.index.name and str(table.when.dtype).startswith("datetime64")


def test_missing_is_empty():
    table = pd.DataFrame({"when": pd.to_datetime(["2025-08-02", None]), "n": pd.array([1, None], "Int64")})
    assert show(table).data.count('"></td>') == 2


def test_no_rows_are_said_in_words():
    assert show(pd.DataFrame({"a": []}), none="Nothing here.").data == "<p>Nothing here.</p>"


def test_long_texts_become_cards_on_a_phone():
    assert "cards" in show(pd.DataFrame({"a": ["x" * 50]})).data
    assert "cards" not in show(pd.DataFrame({"a": ["x"], "b": [True]})).data
