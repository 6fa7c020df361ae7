"""The desk takes in what is pasted or uploaded, safely, and says what became of it and what moved."""

import os
from contextlib import redirect_stdout
from datetime import datetime
from io import StringIO

import ipywidgets
import pytest

from analysis import load_articles
from analysis.rerun import desk
from analysis.config import ARTICLES, InputError

TEXT = (
    "Lavrov: no meeting yet\n\n"
    "Sergei Lavrov ruled out a meeting of Vladimir Putin and Volodymyr Zelensky on Friday.\n\n"
    "Zelensky said he wanted to meet Putin, said <script>alert(1)</script> nobody.\n"
)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A local folder and a cache of its own, beside three digests."""
    few = sorted(ARTICLES.glob("2025-08-2*.md"))[:3]
    monkeypatch.setattr(desk, "load_articles", lambda *paths: load_articles(*(paths or few)))
    return {"local": tmp_path / "local", "folder": tmp_path / "cache"}


def shown(found):
    return "".join(part._repr_html_() for part in found)


def test_a_pasted_text(places):
    html = shown(desk.take_in(TEXT, date="2025-08-22", publisher="A <b>Paper", **places))
    assert "added" in html and "Articles, 1 added: " in html and "Sergei Lavrov" in html
    assert "<script>" not in html and "A &lt;b&gt;Paper" in html
    assert len(os.listdir(places["local"])) == 1
    again = shown(desk.take_in(TEXT, date="2025-08-22", **places))
    assert "refused" in again and "Nothing moved: 4 articles" in again


def test_uploaded_files(places, tmp_path):
    files = {
        "../../2025-08-22-a.txt": TEXT.encode(),
        "picture.png": b"\x89PNG",
        "..\\b.md": b"\0\1\2",
        "x" * 300
        + ".html": b"<html><body><p>Dmitry Peskov said there would be no meeting.</p></body></html>",
    }
    html = shown(desk.take_in("", files, **places))
    assert "2025-08-22-a" in html and "picture.png" in html and "binary" in html
    written = {path.name for path in tmp_path.rglob("*") if path.is_file()} - {"tagged.parquet"}
    assert written == set(os.listdir(places["local"])) and "2025-08-22-a.md" in written and len(written) == 2


def test_a_wrong_field_adds_nothing(places):
    with pytest.raises(InputError, match="given: .*no day"):
        desk.take_in(TEXT, date="no day", **places)
    assert not places["local"].exists()


def test_nothing_given(places):
    assert "Nothing moved: 3 articles" in shown(desk.take_in(**places))


def test_the_form_adds_what_it_holds(places, monkeypatch):
    calls, out = [], StringIO()
    monkeypatch.setattr(desk, "take_in", lambda *args, **given: calls.append((args, given)) or [])
    form = desk.desk(**places)
    text, upload, date, *_, button, _ = form.children
    assert isinstance(upload, ipywidgets.FileUpload)
    text.value, date.value = TEXT, "2025-08-22"
    upload.value = [{"name": "a.txt", "type": "text/plain", "size": 1, "content": memoryview(b"x"),
                     "last_modified": datetime(2025, 8, 22)}]
    button.click()
    monkeypatch.setattr(
        desk, "take_in", lambda *args, **given: (_ for _ in ()).throw(InputError("given", "wrong"))
    )
    with redirect_stdout(out):
        button.click()
    assert calls == [
        (
            (TEXT, {"a.txt": b"x"}),
            {"date": "2025-08-22", "publisher": "", "url": "", "headline": "", **places},
        )
    ]
    assert "given: wrong" in out.getvalue()
