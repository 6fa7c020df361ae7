"""HTML from notebook outputs, rebuilt from a list of what is allowed: no script, no handler, nothing loaded.

The notebooks escape what comes from articles where it becomes HTML. This is the second wall.
"""

import re
from html import escape
from html.parser import HTMLParser

TAGS = frozenset(
    """a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em fieldset
    figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd label legend li mark ol p pre q s section
    small span strong style sub summary sup table tbody td tfoot th thead time tr u ul""".split()
)
VOID = frozenset({"br", "col", "hr", "img", "input"})
SILENT = frozenset(
    "script iframe object embed template noscript noembed noframes xmp svg math title textarea".split()
)
ATTRIBUTES = frozenset(
    """alt checked class colspan datetime dir for height href id lang name open role rowspan scope
    src start style tabindex title type value width""".split()
)
LINK = re.compile(r"https?://\S+|#[^\s#]*|[\w-]+\.html(#[^\s#]*)?", re.I)
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
LOADING = re.compile(r"url\s*\(|@import|[\\<]", re.I)


def clean(html: str) -> str:
    """The same HTML with allowed elements and attributes only, every element closed.

    Links lead to http, https, a place on the page or another page of the site (a notebook's name becomes its
    page's); pictures are data; tables and code scroll in boxes of their own, by keyboard too.
    """
    cleaner = _Cleaner()
    cleaner.feed(html)
    cleaner.close()
    while cleaner.opened:
        cleaner.end(cleaner.opened[-1])
    return re.sub(r"<th[^>]*>\s*</th>", "<td></td>", "".join(cleaner.out))


class _Cleaner(HTMLParser):
    """Writes out again what it understands; `opened` are the elements not yet closed."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.opened, self.silent = [], [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]):
        if tag in SILENT:
            self.silent = self.silent or tag
        if self.silent or tag not in TAGS:
            return
        kept = [pair for pair in map(_attribute, attrs) if pair]
        if tag == "img" and not any(pair.startswith("src=") for pair in kept):
            return
        if tag == "table":
            self.out.append('<div class="scroll" role="group" aria-label="Table" tabindex="0">')
        if tag == "pre":
            kept = ['tabindex="0"']
        self.out.append("<" + " ".join([tag, *kept]) + ">")
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str):
        if tag == self.silent:
            self.silent = ""
        elif not self.silent and tag in self.opened:
            while self.end(self.opened[-1]) != tag:
                pass

    def end(self, tag: str) -> str:
        """Close the innermost element, which is `tag`."""
        self.out.append(f"</{tag}></div>" if tag == "table" else f"</{tag}>")
        return self.opened.pop()

    def handle_data(self, data: str):
        if self.silent:
            return
        if self.opened and self.opened[-1] == "style":
            self.out.append("" if LOADING.search(data) else data)
        else:
            self.out.append(escape(data, quote=False))


def _attribute(pair: tuple[str, str | None]) -> str | None:
    """An attribute as HTML, or None where it is not allowed."""
    name, value = pair[0], pair[1] or ""
    if name == "href":
        value = re.sub(r"^([\w-]+)\.ipynb(?=#|$)", r"\1.html", value.strip())
    refused = (name not in ATTRIBUTES and not re.fullmatch(r"(aria|data)-[a-z-]+", name)
               or name == "href" and not LINK.fullmatch(value)
               or name == "src" and not PICTURE.fullmatch(value)
               or name == "style" and LOADING.search(value)
               or name == "type" and value not in ("radio", "checkbox", "a", "1"))
    return None if refused else f'{name}="{escape(value)}"'
