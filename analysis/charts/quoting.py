"""Who is quoted how often, how (direct, mixed, indirect) and by whom: tables and charts of the statements."""

import json
from pathlib import Path

import pandas as pd

from analysis.config import MODELS, InputError
from analysis.style import INK, SIDES, SOFT, Chart, blank, styled, words
from analysis.words import span

SCORES = MODELS / "attribution-scores.json"
MEASURES = {"gold": "n", "word_F1": "word F1", "stmt_F1": "statement F1", "source_acc": "source right",
            "joint_F1": "both right"}
KINDS = {
    "all": "all",
    "quoted": "with a quotation",
    "indirect": "indirect",
    "speech": "with a verb of saying",
    "speech+q": "verb of saying, quotation",
    "speech+i": "verb of saying, indirect",
}
ANNOTATORS = {"all": 0.760, "speech": 0.930}  # both right (F1), one annotator against another
QUOTES = {"direct": "#1F4E79", "mixed": "#6FA0C8", "indirect": "#D3DFEA"}
OTHERS = "not on the roster"


def by_speaker(statements: pd.DataFrame) -> pd.DataFrame:
    """Per speaker: side, statements, articles, publishers, and how many are direct, mixed and indirect.

    Most statements first, then by name; statements that name no speaker are left out.
    """
    statements = statements[statements.speaker.fillna("") != ""]
    groups = statements.groupby("speaker", sort=True)
    table = groups.agg(side=("side", "first"), statements=("statement_id", "size"),
                       articles=("article_id", "nunique"), publishers=("publisher", "nunique"))
    kinds = pd.crosstab(statements.speaker, statements.quote).reindex(columns=[*QUOTES], fill_value=0)
    return table.join(kinds).sort_values("statements", ascending=False, kind="stable")


def by_publisher(statements: pd.DataFrame) -> pd.DataFrame:
    """Per publisher: statements in all and per side of the speaker; most statements first, then by name."""
    table = pd.crosstab(statements.publisher, _sides(statements)).reindex(
        columns=[*SIDES, OTHERS], fill_value=0
    )
    table.insert(0, "statements", table.sum(axis=1))
    return table.rename_axis(columns=None).sort_values("statements", ascending=False, kind="stable")


def of_article(statements: pd.DataFrame, article_id: str) -> pd.DataFrame:
    """The statements of one article by number, as a reader checks them."""
    rows = statements[statements.article_id == article_id]
    table = rows[["speaker", "cue", "content", "quote"]].assign(
        inside=[_number(parent) for parent in rows.parent],
        told=rows.second_hand.map({True: "second-hand", False: ""}),
    )
    return table.set_index(pd.Index([_number(statement) for statement in rows.statement_id], name="no."))


def _number(statement_id: str | None) -> str:
    """The number of a statement in its article; nothing for none."""
    return "" if pd.isna(statement_id) else statement_id.rpartition("#")[2]


def scores(path: Path = SCORES) -> pd.DataFrame:
    """How well statements are found, against hand-annotated news (PolNeAR, the articles not learned from).

    Per kind of statement: n (annotated statements), word F1 (is a word content or not), statement F1
    (contents that overlap by half), source right (of those found), both right (F1), and the last for one
    human annotator against another where it is known. InputError where the file is missing or damaged.
    """
    try:
        table = (
            pd.DataFrame(json.loads(path.read_text("utf-8"))).T.loc[[*KINDS], [*MEASURES]].astype("float64")
        )
    except (OSError, ValueError, KeyError) as error:
        raise InputError(path, f"no scores that can be read ({type(error).__name__})") from error
    table["people"] = table.index.map(ANNOTATORS)
    table = table.rename(columns=MEASURES | {"people": "both right, people"}).astype({"n": "int64"})
    return table.set_axis([*KINDS.values()]).rename_axis("statements")


@styled
def speakers(statements: pd.DataFrame, *, most: int = 20) -> Chart:
    """The `most` quoted speakers: bars split by direct, mixed and indirect quotation."""
    title, table = "Who is quoted, and how", by_speaker(statements)
    shown = table.head(most).iloc[::-1]
    if shown.empty:
        return words("No statement was found.", title=title)
    labels = [
        f"{name} ({side})" if side and side != name else name for name, side in shown.side.fillna("").items()
    ]
    figure = _bars(shown[[*QUOTES]].set_axis(labels), QUOTES, title=title,
                   subtitle=f"statements per speaker, the first {len(shown)} of {len(table)} speakers")
    unnamed = len(statements) - table.statements.sum()
    first = ", ".join(f"{name} ({n})" for name, n in table.statements.head(3).items())
    share = statements.quote.value_counts(normalize=True).reindex([*QUOTES], fill_value=0)
    figure.caption = (
        f"n = {len(statements):,} statements in {statements.article_id.nunique()} articles, "
        f"{_when(statements)}. Most quoted: {first}. "
        f"{share['direct']:.0%} are direct, {share['mixed']:.0%} mixed, {share['indirect']:.0%} indirect; "
        f"{unnamed} name no speaker."
    )
    return figure


@styled
def publishers(statements: pd.DataFrame, *, most: int = 15) -> Chart:
    """The `most` quoting publishers: bars split by the side of those they quote."""
    title, table = "Whom the publishers quote", by_publisher(statements)
    shown = table.head(most).iloc[::-1]
    if shown.empty:
        return words("No statement has a publisher.", title=title)
    colours = {side: colour for side, (colour, _) in SIDES.items()} | {OTHERS: "#E3E3E3"}
    figure = _bars(
        shown[[*colours]],
        colours,
        title=title,
        subtitle=f"statements by the speaker's side, the first {len(shown)} of {len(table)} publishers",
    )
    total = table[[*colours]].sum().sort_values(ascending=False)
    figure.caption = (
        f"n = {table.statements.sum():,} statements by {len(table)} publishers, {_when(statements)}. In all: "
        + ", ".join(f"{side} {count / total.sum():.0%}" for side, count in total.items()) + ".")
    return figure


def _bars(table: pd.DataFrame, colours: dict[str, str], *, title: str, subtitle: str) -> Chart:
    """Stacked horizontal bars, one per row of counts, each part with its number, the kinds named above."""
    height = 1.35 + 0.27 * len(table)
    figure = blank(height, title=title, subtitle=subtitle)
    axes = figure.subplots()
    figure.subplots_adjust(left=0.27, right=0.96, top=1 - 1.1 / height, bottom=0.15 / height)
    widest, left = table.sum(axis=1).max(), 0
    for kind, colour in colours.items():
        bars = axes.barh(
            table.index, table[kind], left=left, color=colour, height=0.74, edgecolor="white", label=kind
        )
        numbers = [f"{n}" if n > 0.02 * widest else "" for n in table[kind]]
        axes.bar_label(bars, numbers, label_type="center", size=9, color=_readable(colour))
        left = left + table[kind]
    for place, total in enumerate(left):
        axes.text(total + 0.008 * widest, place, f"{total}", va="center", size=10, weight="bold")
    axes.set(xticks=[], ylim=(-0.6, len(table) - 0.4), xlim=(0, 1.06 * widest))
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(colours), frameon=False, borderpad=0.1,
                handlelength=1, handleheight=1, columnspacing=1.4, labelcolor=SOFT)
    return figure


def _readable(colour: str) -> str:
    """White on dark colours, ink on light ones."""
    red, green, blue = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else INK


def _sides(statements: pd.DataFrame) -> pd.Series:
    return statements.side.where(statements.side.isin([*SIDES]), OTHERS)


def _when(statements: pd.DataFrame) -> str:
    return span(statements.date.dropna()) if statements.date.notna().any() else "undated"
