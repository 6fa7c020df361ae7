"""One article read closely: its text with source, cue and content of every statement marked, as safe HTML."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

import pandas as pd
from IPython.display import HTML

from analysis.attribution import Attribution

# Semi-transparent grounds and the line colours of Okabe and Ito hold on light and dark paper. Weight, slant
# and kind of underline tell the three apart without colour, and the bare elements without any style.
STYLE = """<style>
.reading { max-width: 46rem; line-height: 2; }
.reading sup { font-size: .65em; font-weight: 700; line-height: 0; padding: 0 .1em; }
.reading u { text-decoration: none; background: rgba(130, 140, 150, .17); border-bottom: 1px solid #8a8f98; }
.reading u.inner { background: rgba(0, 158, 115, .2); border-bottom: 3px double #009e73; }
.reading b { border-bottom: 3px solid #0072b2; }
.reading i { border-bottom: 3px dotted #d55e00; }
</style>"""
LEGEND = (
    "<p><b>source</b>: who says it · <i>cue</i>: what tells that it is said · <u>content</u>: what is said · "
    '<u class="inner">content within content</u> · a number joins the parts of one statement</p>'
)
INNER = 'u class="inner"'
NESTING = ["u", INNER, "b", "i", "mark"]

Span = tuple[int, int]


def read_closely(article_id: str, articles: pd.DataFrame, statements: pd.DataFrame, **options) -> HTML:
    """One article with its statements, numbered as in their statement_id; `options` as for `highlight`."""
    text = articles.loc[articles.article_id == article_id, "text"].item()
    return highlight(text, attributions_of(statements[statements.article_id == article_id]), **options)


def attributions_of(statements: pd.DataFrame) -> list[Attribution]:
    """The rows of one article's statements as attributions, in the order of the rows."""
    place = {statement: index for index, statement in enumerate(statements.statement_id)}
    return [Attribution(_span(row.source_start, row.source_end), _span(row.cue_start, row.cue_end),
                        tuple(tuple(map(int, piece.split(":"))) for piece in row.content_spans.split()),
                        row.quote, place.get(row.parent)) for row in statements.itertuples()]


def highlight(text: str, attributions: Sequence[Attribution], *, marks: Iterable[Span] = (),
              legend: bool = True) -> HTML:
    """The text as HTML, the attributions numbered from 1 in their order; `marks` are spans to stress.

    Each line is a paragraph. Spans may nest, touch or overlap in any way: the text is cut wherever one begins
    or ends, and each piece carries what holds there.
    """
    spans = [span for span in _spans(attributions, marks) if span[2] < span[3]]
    body = (LEGEND if legend else "") + f"<p>{''.join(_pieces(text, spans))}</p>"
    return HTML(f'{STYLE}<div class="reading tex2jax_ignore mathjax_ignore">{body}</div>')


def _span(start: int, end: int) -> Span | None:
    return None if pd.isna(start) else (int(start), int(end))


def _spans(attributions: Sequence[Attribution], marks: Iterable[Span]) -> Iterator[tuple[str, int, int, int]]:
    """(element, number, start, end) of all that is to be shown."""
    for number, (source, cue, content, _, parent) in enumerate(attributions, 1):
        yield from (("u" if parent is None else INNER, number, *piece) for piece in content)
        yield from ((element, number, *span) for element, span in (("b", source), ("i", cue)) if span)
    yield from (("mark", 0, *span) for span in marks)


def _pieces(text: str, spans: list[tuple[str, int, int, int]]) -> Iterator[str]:
    """The text from cut to cut. Content is numbered where it starts, a source or cue where it ends.

    The same number is not repeated right behind itself ("said³ ³that").
    """
    starts, ends = defaultdict(list), defaultdict(list)
    for element, number, start, end in spans:
        starts[start].append((element, number))
        ends[end].append((element, number))
    holding, last = Counter(), set()
    for left, right in pairwise(sorted({0, len(text), *starts, *ends})):
        holding.subtract(element for element, _ in ends[left])
        holding.update(element for element, _ in starts[left])
        yield _numbers(n for element, n in starts[left] if element[0] == "u" and n not in last)
        yield _wrapped(text[left:right], [element for element in NESTING if holding[element] > 0])
        closed = [n for element, n in ends[right] if element in ("b", "i")]
        yield _numbers(closed)
        last = set(closed) or (last if text[left:right].isspace() else set())


def _wrapped(text: str, elements: list[str]) -> str:
    """Text inside elements, the outermost first; a line break becomes a new paragraph."""
    opening = "".join(f"<{element}>" for element in elements)
    closing = "".join(f"</{element.split()[0]}>" for element in reversed(elements))
    return "</p><p>".join(
        f"{opening}{escape(line)}{closing}" if line else "" for line in re.split(r"\n+", text)
    )


def _numbers(numbers: Iterable[int]) -> str:
    shown = ",".join(map(str, dict.fromkeys(numbers)))
    return f"<sup>{shown}</sup>" if shown else ""
