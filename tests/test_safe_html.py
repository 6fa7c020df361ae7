"""Only allowed HTML comes through, whatever goes in."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.safe_html import ATTRIBUTES, TAGS, VOID, clean

ATTACKS = [
    "<script>alert(1)</script>",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>@import 'https://a.example';</style>",
    "<style>p{background:url(https://a.example)}</style>",
    "<style>p{background:\\75rl(https://a.example)}</style>",
    "<p style='background:url(https://a.example)'>x</p>",
    "<style><a title='</style><img src=x onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form action=https://a.example><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=https://a.example'><base href=https://a.example>",
    "<img src='https://a.example/x.png'><img srcset='https://a.example/x.png 1x'>",
    "<!--><script>alert(1)</script>-->",
    "</div></main></body><p onclick=alert(1)>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<details ontoggle=alert(1) open>x</details>",
    "<input type=image src=x onerror=alert(1)><input autofocus onfocus=alert(1)>",
    "<a href='https://a.example/&#34; onmouseover=&#34;alert(1)'>x</a>",
]


class Reader(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.attributes, self.opened = set(), [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        self.opened += [tag] if tag not in VOID else []

    def handle_endtag(self, tag):
        assert self.opened.pop() == tag


def assert_harmless(html: str) -> None:
    """Allowed elements in balance, allowed attributes, links to the web and to the site, pictures as data."""
    read = Reader(html)
    assert read.tags <= TAGS
    assert read.opened == []
    for name, value in read.attributes:
        assert name in ATTRIBUTES or name.startswith(("aria-", "data-"))
        assert name != "href" or value.startswith(("https://", "http://", "#")) or value.endswith(".html")
        assert name != "src" or value.startswith("data:image/")
        assert "url(" not in value or name in ("alt", "title", "href")
    assert "@import" not in "".join(re.findall("<style>(.*?)</style>", html, re.S))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_out_harmless(attack):
    assert_harmless(clean(attack))
    assert "alert(1)</script" not in clean(attack)


@given(
    st.lists(
        st.sampled_from([*ATTACKS, "<", ">", "'", '"', "</", "<!--", "-->", "]]>", "<p", "=", "&", "x", "\0"])
    )
)
def test_any_mix_of_attacks_comes_out_harmless(parts):
    html = clean("".join(parts))
    assert_harmless(html)
    assert clean(html).count("<p>") == html.count("<p>")


@pytest.mark.parametrize(("html", "expected"), [
    ("<p>5 < 6 & $7</p>", "<p>5 &lt; 6 &amp; $7</p>"),
    ("<p>open", "<p>open</p>"),
    ("<p class=a><b>x</p>y", '<p class="a"><b>x</b></p>y'),
    ("<a href='https://a.example/?a=1&b=2'>x</a>", '<a href="https://a.example/?a=1&amp;b=2">x</a>'),
    ("<a href='3-positions.ipynb#Gap'>x</a>", '<a href="3-positions.html#Gap">x</a>'),
    ("<a href='../../etc/passwd'>x</a>", "<a>x</a>"),
    ("<pre class=a onclick=x>x", '<pre tabindex="0">x</pre>'),
    ("<style scoped>td { color: red }</style>", "<style>td { color: red }</style>"),
    ("<img src='data:image/png;base64,AA==' alt='A &quot;b&quot;'>",
     '<img src="data:image/png;base64,AA==" alt="A &quot;b&quot;">'),
    ("<table><tr><th></th><td>x</table>", '<div class="scroll" role="group" aria-label="Table" tabindex="0">'
     "<table><tr><td></td><td>x</td></tr></table></div>"),
])
def test_what_is_kept(html, expected):
    assert clean(html) == expected
