"""A saved web page: its article, and what the page says of it."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.config import InputError
from analysis.corpus.files import MAX_PAGE, decode, read_bytes

MAX_TAGS, MAX_TAG = 20_000, 4_000  # in a page; characters of one tag
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?"
                     rb"(windows-125[0-8]|iso-8859-(?:1[013-6]?|[2-9])|koi8-[ru])\b", re.I)
SCRIPT = re.compile(r"(<script\b[^>]{0,4000}>|</script\s{0,10}>)", re.I)
LONG_TAG = re.compile(rf"<[^<>]{{{MAX_TAG},}}>")
AUTHOR = re.compile(rf"<meta\b[^<>]{{0,{MAX_TAG}}}\bauthor\b[^<>]{{0,{MAX_TAG}}}>", re.I)
KNOWN = {"@context", "@graph", "@id", "@type", "datePublished", "headline", "mainEntityOfPage", "name",
         "publisher", "url"}


logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what goes wrong is told once, as an InputError
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_html(path: Path) -> Iterator[dict]:
    """A saved page: text by trafilatura, metadata from JSON-LD, OpenGraph and time elements; no network."""
    from trafilatura import bare_extraction  # half a second to import

    data = read_bytes(path, MAX_PAGE)
    declared = CHARSET.search(data[:4096])
    html = harmless(decode(data, path, declared=declared and declared[1].decode().lower()))
    if html.count("<") > MAX_TAGS:
        raise InputError(path, f"more than {MAX_TAGS:,} tags: not the page of one article")
    try:
        page = bare_extraction(html, with_metadata=True, include_comments=False, include_tables=False,
                               date_extraction_params={"original_date": True, "extensive_search": False,
                                                       "max_date": "2100-01-01"})
    except Exception as error:  # of any kind: what a hostile page makes its parsers raise
        raise InputError(path, f"cannot be read as HTML: {type(error).__name__}") from None
    if not page or not page.text:
        raise InputError(path, "no article text found in the page")
    yield {"article_id": path.stem, "date": page.date, "publisher": page.sitename or page.hostname,
           "headline": page.title, "url": page.url, "text": page.text}


def harmless(html: str) -> str:
    """A page without what makes its parsers slow: scripts, all but known keys of JSON-LD, long tags."""
    kept, script = [], ""
    for piece in SCRIPT.split(html):
        if piece[:7].lower() == "<script":
            script = piece
        elif piece[:8].lower() == "</script":
            script = ""
        elif not script:
            kept.append(piece)
        elif "ld+json" in script.lower():
            kept.append(f'<script type="application/ld+json">{known_json(piece)}</script>')
    return AUTHOR.sub("", LONG_TAG.sub("", "".join(kept)))


def known_json(text: str) -> str:
    """JSON-LD with the known keys alone; an empty object where it is no JSON."""
    def known(item: dict) -> dict:
        return {key: value for key, value in item.items() if key in KNOWN}

    try:
        found = json.loads(text, object_hook=known)
    except (ValueError, RecursionError):
        found = {}
    return json.dumps(found).replace("</", "<\\/")
