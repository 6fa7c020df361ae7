"""Every file of data/ is checked, and each mistake is named with its file and line."""

import shutil

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import load_articles, load_codebook
from analysis.check import check, coding_problems, event_problems
from analysis.config import DATA
from tests.test_hostile_articles import BYTES, FUZZ, JUNK

ARTICLE = "2025-02-05-bss-kremlin-empty-words"
EVENTS = "date,event,detail,url\n2025-02-05,A day,Something happened.,https://example.org/\n"
CODED = (
    "article_id,speaker,topic,stance,second_hand,condition,evidence,coder\n"
    f"{ARTICLE},Vladimir Putin,meeting,oppose,0,,ruled out speaking to Zelensky in person,AB\n"
)


ROSTER = (
    "speaker,kind,side,principal,gender,aliases,roles\n"
    "Vladimir Putin,person,Russia,,m,Putin,president of Russia\n"
)
COPIED = [
    f"articles/{ARTICLE}.md",
    "countries.csv",
    "titles.csv",
    "boilerplate.yaml",
    "conditions.yaml",
    *(f"models/{path.name}" for path in (DATA / "models").iterdir()),
]


def short(node):
    """A codebook with at most two patterns in each list, so that it is read fast."""
    if isinstance(node, dict):
        return {key: short(value) for key, value in node.items()}
    return node[:2] if isinstance(node, list) else node


@pytest.fixture(scope="module")
def codebook():
    """The shipped codebook, shortened."""
    return yaml.safe_dump(short(yaml.safe_load((DATA / "codebook.yaml").read_text("utf-8"))))


@pytest.fixture
def data(tmp_path, codebook):
    """A small data folder without a mistake."""
    return sound_data(tmp_path, codebook)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory, codebook):
    """The same for many tests one after the other."""
    return sound_data(tmp_path_factory.mktemp("fuzzed"), codebook)


def sound_data(folder, codebook):
    """Fill a folder with small files of every kind."""
    for name in COPIED:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(DATA / name, folder / name)
    for name, text in {
        "events.csv": EVENTS,
        "coded.csv": CODED,
        "speakers.csv": ROSTER,
        "codebook.yaml": codebook,
    }.items():
        (folder / name).write_text(text)
    return folder


def found(data):
    """Problems as (file name, line, reason, warning)."""
    return [(p.path.name, p.line, p.reason, p.warning) for p in check(data)]


def test_the_shipped_data_has_no_mistake():
    assert [str(problem) for problem in check(DATA) if not problem.warning] == []


def test_a_sound_folder_has_none(data):
    assert found(data) == []


@pytest.mark.parametrize(
    "old, new, reason",
    [
        ("2025-02-05", "5 Feb 2025", "date '5 Feb 2025' is not YYYY-MM-DD"),
        ("2025-02-05", "2025-02-30", "date '2025-02-30' is not YYYY-MM-DD"),
        ("2025-02-05", "20250205", "date '20250205' is not YYYY-MM-DD"),
        ("A day", "A day with a label far too long", "event has 31 characters, allowed are 1 to 30"),
        ("Something happened.", "", "detail is empty"),
        ("https:", "javascript:", "url 'javascript://example.org/' is no http(s) link"),
        (
            "org/\n",
            "org/\n2025-02-05,A day,Again.,https://example.org/b\n",
            "event 'A day' stands twice on 2025-02-05",
        ),
    ],
)
def test_mistakes_in_events(data, old, new, reason):
    (data / "events.csv").write_text(EVENTS.replace(old, new))
    assert list(event_problems(data / "events.csv")) == [(3 if "twice" in reason else 2, reason)]


@pytest.mark.parametrize(
    "old, new, line, reason",
    [
        (".,https", ".,x,https", 2, "5 cells where 4 are needed"),
        (",Something happened.", ',"Something\nhap"pened.', 3, "broken CSV: ',' expected after '\"'"),
    ],
)
def test_broken_tables_are_reported_once(data, old, new, line, reason):
    (data / "events.csv").write_text(EVENTS.replace(old, new))
    assert found(data) == [("events.csv", line, reason, False)]


def test_the_line_is_the_first_of_its_row(data):
    (data / "events.csv").write_text(
        EVENTS.replace("Something happened.", '"Two\nlines."') + "bad,x,y,https://a.b/\n"
    )
    assert found(data) == [("events.csv", 4, "date 'bad' is not YYYY-MM-DD", False)]


@pytest.mark.parametrize(
    "old, new, reason, warning",
    [
        (ARTICLE, "no-such-article", "article_id 'no-such-article' is not known", False),
        (",meeting,", ",weather,", "topic 'weather' is not known", False),
        (",oppose,", ",hate,", "stance 'hate' is not known", False),
        (",0,", ",no,", "second_hand 'no' is not known", False),
        (",AB", ",", "coder is empty", False),
        (",oppose,", ",conditional,", "stance 'conditional' with condition ''", False),
        (",0,,", ",0,if asked,", "stance 'oppose' with condition 'if asked'", False),
        ("Vladimir Putin", "Nobody Known", "speaker 'Nobody Known' is not in speakers.csv", True),
        ("ruled out", "ruled in", "evidence is not found in the article", True),
    ],
)
def test_mistakes_in_codings(data, old, new, reason, warning):
    (data / "coded.csv").write_text(CODED.replace(old, new))
    texts = {ARTICLE: load_articles(data / "articles").text[0]}
    found = list(coding_problems(data / "coded.csv", texts, load_codebook(), ["Vladimir Putin"]))
    assert found == [(2, reason, True) if warning else (2, reason)]


def test_quotation_marks_and_blanks_do_not_hide_evidence(data):
    words = "with the Kremlin saying that for the moment it saw “empty\n words” and"
    row = f'{ARTICLE},Vladimir Putin,meeting,oppose,0,,"{words}",AB\n'
    (data / "coded.csv").write_text(CODED + row)
    assert found(data) == []
    (data / "coded.csv").write_text(CODED + row + row)
    assert found(data) == [("coded.csv", 5, "the same coding stands above", False)]


@pytest.mark.parametrize(
    "name, content, line, reason",
    [
        ("events.csv", b"", None, "empty file"),
        ("events.csv", b"\xef\xbb\xbf", 1, "columns are"),
        ("events.csv", b"date,event\n", 1, "columns are date, event; needed are date, event, detail, url"),
        (
            "events.csv",
            "date,event,detail,url\n2025-02-05,Женева,x,http://a.b".encode("cp1251"),
            2,
            "not UTF-8",
        ),
        ("articles/x.md", b"---\ndate: [\n---\ntext", 3, "broken front matter"),
        ("articles/x.md", b"\0\1\2\3", None, "binary"),
        ("speakers.csv", b"name\n", 1, "columns"),
        ("codebook.yaml", b"version: 1\n", 1, "lacks topics"),
        ("conditions.yaml", b"guarantees: {}\n", None, "no usable section 'conditions'"),
        ("models/attribution.npz", b"PK", None, "damaged: its SHA-256 is not"),
        ("boilerplate.yaml", b"- rule: x\n", None, "needs rule, unit"),
    ],
)
def test_files_that_cannot_be_used_are_named(data, name, content, line, reason):
    (data / name).write_bytes(content)
    problems = [p for p in check(data) if not p.warning]
    assert problems and all(str(p.path) == str(data / name) for p in problems)
    assert problems[0].line == line and reason in problems[0].reason
    assert str(problems[0]).startswith(f"{data / name}:{line}: " if line else f"{data / name}: ")


def test_missing_files_are_named(data):
    for name in ("events.csv", "coded.csv"):
        (data / name).unlink()
    assert found(data) == [(name, None, "no such file", False) for name in ("events.csv", "coded.csv")]


def test_an_article_without_date_is_named(data):
    (data / "articles" / "x.md").write_text(
        "---\nheadline: No day\n---\nA text about talks, long enough to be kept.\n"
    )
    assert found(data) == [("x.md", None, "no date: kept, but undated", False)]


FILES = ["codebook.yaml", "speakers.csv", "events.csv", "coded.csv", "countries.csv", "titles.csv", "boilerplate.yaml",
         "conditions.yaml", f"articles/{ARTICLE}.md"]


@FUZZ
@given(name=st.sampled_from(FILES), junk=BYTES, text=JUNK, place=st.floats(0, 1), gone=st.integers(0, 200))
def test_fuzz(fuzzed, name, junk, text, place, gone):
    """Whatever a file holds, check says what is wrong with it, or that all is well."""
    path = fuzzed / name
    sound = path.read_bytes()
    start = int(place * len(sound))
    for bad in (junk, sound[:start] + text.encode("utf-8", "replace") + sound[start + gone :]):
        path.write_bytes(bad)
        try:
            problems = check(fuzzed)
        finally:
            path.write_bytes(sound)
        for problem in problems:
            assert problem.reason and str(problem).startswith(str(problem.path)) and problem.path.is_relative_to(fuzzed)
