"""Evidence: every quote with its source, everything from articles escaped, nothing left out in silence."""

import re
from html.parser import HTMLParser

import pytest

from analysis import codings, evidence
from analysis.trends.conditions import condition_points
from analysis.evidence import before_after, link, marked, quotes
from analysis.report.safe_html import clean
from analysis.trends.shifts import contradictions, shifts
from analysis.trends import counted
from tests.test_trends import table

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def coded():
    return codings.load_codings()


class Balance(HTMLParser):
    """Opens and closes of elements; fails where they do not match."""

    def __init__(self, html: str):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_quotes_are_the_marks_of_the_chart(coded):
    html = str(quotes(coded, topic="meeting", by="side"))
    n = len(counted(coded[coded.topic == "meeting"], by="side"))
    assert html.count("<li>") == n and f"{n} positions" in html
    assert [int(s) for s in re.findall(r'start="(\d+)"', html)][0] == 1
    assert html.index("Russia:") < html.index("Ukraine:") < html.index("United States:")


@pytest.mark.parametrize("limit", [1, 5, 1000])
def test_a_limit_folds_and_drops_nothing(coded, limit):
    html = str(quotes(coded, topic="meeting", limit=limit))
    assert html.count("<li>") == str(quotes(coded, topic="meeting")).count("<li>")
    assert ("… and" in html) == (limit < 1000)
    numbers = [int(s) for s in re.findall(r'start="(\d+)"', html)]
    assert numbers == sorted(set(numbers))


def test_only_plain_elements_and_all_closed(coded):
    for html in (
        quotes(coded, topic="meeting"),
        before_after(shifts(coded)),
        before_after(contradictions(coded)),
        quotes(condition_points(coded, topic="meeting"), by="kind", once="statement"),
    ):
        seen = Balance(str(html)).seen
        assert {tag for tag, _ in seen} <= {
            "details",
            "summary",
            "b",
            "ol",
            "ul",
            "li",
            "a",
            "em",
            "br",
            "mark",
        }
        assert all(set(attrs) <= {"href", "rel", "start"} for _, attrs in seen)
        assert clean(str(html)).count("<mark>") == str(html).count("<mark>")


def test_what_articles_say_is_text(coded):
    rows = coded.head(3).assign(
        speaker=EVIL,
        publisher=EVIL,
        condition=EVIL,
        evidence=EVIL,
        context=f"a {EVIL} b",
        principal=EVIL,
        side=EVIL,
        url="javascript:alert(1)",
    )
    for html in (
        quotes(rows),
        quotes(rows, by="speaker"),
        before_after(contradictions(rows.assign(stance="support"))),
    ):
        tags = {tag for tag, _ in Balance(str(html)).seen}
        assert not tags & {"script", "img", "a"}
    assert "alert" in str(quotes(rows))


@pytest.mark.parametrize(
    "url, fine",
    [
        ("https://a.example/x?y=1&z=2", True),
        ("http://a.example", True),
        ("HTTPS://A.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("ftp://a.example", False),
        ("https://", False),
        ("http://[", False),
        ("", False),
        (None, False),
        (float("nan"), False),
    ],
)
def test_links_lead_to_http_and_https_only(url, fine):
    assert ("<a href=" in link("P", url)) == fine and "P" in link("P", url)


def test_quotation_marks_do_not_leave_the_address():
    assert link("P", 'https://a.example/"onclick="x') == (
        '<a href="https://a.example/&quot;onclick=&quot;x" rel="noopener">P</a>'
    )


@pytest.mark.parametrize(
    "row, html",
    [
        ({"context": "He said no to it.", "evidence": "no"}, "He said <mark>no</mark> to it."),
        (
            {"context": "no, no", "evidence": "no", "evidence_start": 104, "context_start": 100},
            "no, <mark>no</mark>",
        ),
        ({"context": "He said <b>.", "evidence": "<b>"}, "He said <mark>&lt;b&gt;</mark>."),
        ({"context": "something else", "evidence": "no"}, "something else"),
        ({"evidence": "no"}, "<mark>no</mark>"),
        ({"context": "He said no.", "evidence": None, "content": "no"}, "He said no."),
        (
            {"context": "x " * 300 + "no" + " y" * 300, "evidence": "no"},
            "…" + "x " * 79 + "<mark>no</mark>" + " y" * 79 + "…",
        ),
    ],
)
def test_deciding_words_are_marked(row, html):
    assert marked(row) == html


def test_the_undated_are_quoted_last():
    rows = table(("a", None, "X", "Russia", "oppose"), ("b", "2025-03-01", "Y", "Ukraine", "support"))
    html = str(quotes(rows))
    assert html.index("Ukraine:") < html.index("Without a date") and html.count("<li>") == 2


@pytest.mark.parametrize(
    "html", [quotes(table()), before_after(shifts(table())), before_after(contradictions(table()))]
)
def test_nothing_is_said_in_words(html):
    assert re.fullmatch(r"<p>There (are|is) no.*</p>", str(html))


def test_plain_text_stands_in_for_the_html():
    assert repr(evidence.Html("<p>a &amp; b</p>")) == "a & b"
