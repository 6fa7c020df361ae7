"""Every file of data/ is checked, and each mistake is named with its file and line."""

import shutil

import pytest

from analysis.check import check, event_problems
from analysis.config import DATA

ARTICLE = "2025-02-05-bss-kremlin-empty-words"
EVENTS = "date,event,detail,url\n2025-02-05,A day,Something happened.,https://example.org/\n"
CODED = ("article_id,speaker,topic,stance,second_hand,condition,evidence,coder\n"
         f"{ARTICLE},Vladimir Putin,meeting,oppose,0,,ruled out speaking to Zelensky in person,AB\n")


@pytest.fixture
def data(tmp_path):
    """A small data folder without a mistake."""
    (tmp_path / "articles").mkdir()
    for name in (f"articles/{ARTICLE}.md", "codebook.yaml", "speakers.csv", "countries.csv", "titles.csv",
                 "boilerplate.yaml"):
        shutil.copy(DATA / name, tmp_path / name)
    (tmp_path / "events.csv").write_text(EVENTS)
    (tmp_path / "coded.csv").write_text(CODED)
    return tmp_path


def found(data):
    """Problems as (file name, line, reason, warning)."""
    return [(p.path.name, p.line, p.reason, p.warning) for p in check(data)]


def test_the_shipped_data_has_no_mistake():
    assert [str(problem) for problem in check(DATA) if not problem.warning] == []


def test_a_sound_folder_has_none(data):
    assert found(data) == []


@pytest.mark.parametrize("old, new, reason", [
    ("2025-02-05", "5 Feb 2025", "date '5 Feb 2025' is not YYYY-MM-DD"),
    ("2025-02-05", "2025-02-30", "date '2025-02-30' is not YYYY-MM-DD"),
    ("2025-02-05", "20250205", "date '20250205' is not YYYY-MM-DD"),
    ("A day", "A day with a label far too long", "event has 31 characters, allowed are 1 to 30"),
    ("Something happened.", "", "detail is empty"),
    ("https:", "javascript:", "url 'javascript://example.org/' is no http(s) link"),
    ("org/\n", "org/\n2025-02-05,A day,Again.,https://example.org/b\n", "event 'A day' stands twice on 2025-02-05"),
])
def test_mistakes_in_events(data, old, new, reason):
    (data / "events.csv").write_text(EVENTS.replace(old, new))
    problems = list(event_problems(data / "events.csv"))
    assert [(p.line, p.reason) for p in problems] == [(3 if "twice" in reason else 2, reason)]


@pytest.mark.parametrize("old, new, line, reason", [
    (".,https", ".,x,https", 2, "5 cells where 4 are needed"),
    (",Something happened.", ',"Something\nhap"pened.', 3, "broken CSV: ',' expected after '\"'"),
])
def test_broken_tables_are_reported_once(data, old, new, line, reason):
    (data / "events.csv").write_text(EVENTS.replace(old, new))
    assert found(data) == [("events.csv", line, reason, False)]


def test_the_line_is_the_first_of_its_row(data):
    (data / "events.csv").write_text(EVENTS.replace("Something happened.", '"Two\nlines."') + "bad,x,y,https://a.b/\n")
    assert found(data) == [("events.csv", 4, "date 'bad' is not YYYY-MM-DD", False)]


@pytest.mark.parametrize("old, new, reason, warning", [
    (ARTICLE, "no-such-article", "article_id 'no-such-article' is not known", False),
    (",meeting,", ",weather,", "topic 'weather' is not known", False),
    (",oppose,", ",hate,", "stance 'hate' is not known", False),
    (",0,", ",no,", "second_hand 'no' is not known", False),
    (",AB", ",", "coder is empty", False),
    (",oppose,", ",conditional,", "stance 'conditional' with condition ''", False),
    (",0,,", ",0,if asked,", "stance 'oppose' with condition 'if asked'", False),
    ("Vladimir Putin", "Nobody Known", "speaker 'Nobody Known' is not in speakers.csv", True),
    ("ruled out", "ruled in", "evidence is not found in the article", True),
])
def test_mistakes_in_codings(data, old, new, reason, warning):
    (data / "coded.csv").write_text(CODED.replace(old, new))
    assert found(data) == [("coded.csv", 2, reason, warning)]


def test_quotation_marks_and_blanks_do_not_hide_evidence(data):
    words = 'with the Kremlin saying that for the moment it saw “empty\n words” and'
    row = f'{ARTICLE},Vladimir Putin,meeting,oppose,0,,"{words}",AB\n'
    (data / "coded.csv").write_text(CODED + row)
    assert found(data) == []
    (data / "coded.csv").write_text(CODED + row + row)
    assert found(data) == [("coded.csv", 5, "the same coding stands above", False)]


@pytest.mark.parametrize("name, content, line, reason", [
    ("events.csv", b"", None, "empty file"),
    ("events.csv", b"date,event\n", 1, "columns are date, event; needed are date, event, detail, url"),
    ("events.csv", "date,event,detail,url\n2025-02-05,Женева,x,http://a.b".encode("cp1251"), 2, "not UTF-8"),
    ("articles/x.md", b"---\ndate: [\n---\ntext", 3, "broken front matter"),
    ("articles/x.md", b"\0\1\2\3", None, "binary"),
    ("speakers.csv", b"name\n", 1, "columns"),
    ("codebook.yaml", b"version: 1\n", 1, "lacks topics"),
    ("boilerplate.yaml", b"- rule: x\n", None, "rule 'x'"),
])
def test_files_that_cannot_be_used_are_named(data, name, content, line, reason):
    (data / name).write_bytes(content)
    problems = [p for p in check(data) if not p.warning]
    assert problems and all(str(p.path) == str(data / name) for p in problems)
    assert problems[0].line == line and reason in problems[0].reason
    assert str(problems[0]).startswith(f"{data / name}:{line}: " if line else f"{data / name}: ")


def test_missing_files_are_named(data):
    for name in ("events.csv", "coded.csv"):
        (data / name).unlink()
    assert found(data) == [(name, None, "cannot be read: No such file or directory", False)
                           for name in ("events.csv", "coded.csv")]


def test_an_article_without_date_is_named(data):
    (data / "articles" / "x.md").write_text("---\nheadline: No day\n---\nA text about talks, long enough to be kept.\n")
    assert found(data) == [("x.md", None, "no date for 1 of 1 articles: kept, but undated", False)]
