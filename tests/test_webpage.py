"""Saved pages: text, metadata, and pages made to harm their parsers."""

import time

import pytest

from analysis.config import InputError
from analysis.corpus.webpage import harmless, read_html

PARAGRAPHS = "".join(
    f"<p>The envoys said on day {n} that the talks in Geneva would go on, and that a meeting of the "
    f"presidents was not planned for now.</p>"
    for n in range(6)
)
OPEN_GRAPH = (
    '<meta property="og:title" content="Envoys meet"><meta property="og:site_name" content="Example News">'
    '<meta property="article:published_time" content="2025-11-23T18:04:00+01:00">'
    '<link rel="canonical" href="https://example.org/envoys">'
)
JSON_LD = (
    '<title>Envoys</title><script type="application/ld+json">{"@context": "https://schema.org", "@type": '
    '"NewsArticle", "headline": "Envoys meet", "datePublished": "2025-11-23T18:04:00+01:00", "publisher": '
    '{"@type": "Organization", "name": "Example News"}, "mainEntityOfPage": "https://example.org/envoys"}</script>'
)
TIME = '<title>Envoys meet</title><meta property="og:site_name" content="Example News">'


def made(tmp_path, html, encoding="utf-8"):
    path = tmp_path / "page.html"
    path.write_text(html, encoding=encoding)
    return path


def page(tmp_path, head="", body=PARAGRAPHS, encoding="utf-8"):
    return made(
        tmp_path,
        f"<!doctype html><html><head>{head}</head><body><nav><a href='/'>Home</a></nav><article>"
        f"<h1>Envoys meet</h1>{body}</article><footer>Imprint</footer></body></html>",
        encoding,
    )


@pytest.mark.parametrize(
    "head, body",
    [
        (OPEN_GRAPH, PARAGRAPHS),
        (JSON_LD, PARAGRAPHS),
        (TIME, '<time datetime="2025-11-23T10:00:00Z">23 November 2025</time>' + PARAGRAPHS),
    ],
)
def test_metadata(tmp_path, head, body):
    (record,) = read_html(page(tmp_path, head, body))
    assert (record["date"], record["publisher"], record["headline"]) == (
        "2025-11-23",
        "Example News",
        "Envoys meet",
    )
    assert record["text"].count("The envoys said on day") == 6 and "Imprint" not in record["text"]
    if "canonical" in head:
        assert record["url"] == "https://example.org/envoys"


def test_the_declared_encoding(tmp_path):
    text = PARAGRAPHS.replace("envoys", "посланники")
    (record,) = read_html(page(tmp_path, '<meta charset="windows-1251">', text, "cp1251"))
    assert "посланники" in record["text"]
    with pytest.raises(InputError, match="windows-1251"):
        list(read_html(page(tmp_path, "", text, "cp1251")))


def test_no_article(tmp_path):
    with pytest.raises(InputError, match="no article text"):
        list(read_html(made(tmp_path, "<html><body></body></html>")))


def test_scripts_and_long_tags_are_gone():
    html = harmless(
        "<p>a</p><SCRIPT>x()</script ><img src='" + "x" * 5000 + "'><script type='application/ld+json'>"
        '{"name": "n", "author": "a"}</script><meta name="author" content="b"><p>c</p>'
    )
    assert "x()" not in html and "img" not in html and "author" not in html and html.startswith("<p>a</p>")


BOMBS = {
    "deep": "<div>" * 18_000 + PARAGRAPHS,
    "lists": "<ul><li>" * 9_000 + PARAGRAPHS,
    "tags": "<b>" * 100_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">" + PARAGRAPHS,
    "long attribute": f"<p title='{'x' * 1_000_000}'>" + PARAGRAPHS,
    "entities": PARAGRAPHS + "&amp;" * 300_000,
    "json": "<script type='application/ld+json'>" + "[" * 100_000 + "</script>" + PARAGRAPHS,
    "quotes": '<script type=\'application/ld+json\'>{"headline": "'
    + '\\"' * 500_000
    + "</script>"
    + PARAGRAPHS,
    "scripts": "<script>" * 19_000 + PARAGRAPHS,
    "author": '<meta name=author content="' + "by x, " * 300_000 + '">',
    "open tags": PARAGRAPHS + "< " * 19_000,
    "comments": "<!-- " * 19_000 + PARAGRAPHS,
    "title": "<title>" + "a | " * 200_000,
    "doctype": "<!DOCTYPE x [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]>&c;" + PARAGRAPHS,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_take_seconds_at_most(tmp_path, bomb):
    path, start = page(tmp_path, body=BOMBS[bomb]), time.process_time()
    try:
        assert all(record["text"] for record in read_html(path))
    except InputError as error:
        assert error.path == str(path)
    assert time.process_time() - start < 5
