"""What is in the corpus: tables and charts of the articles by month and publisher, with the gaps."""

from pathlib import Path

import pandas as pd

from analysis.corpus.copies import duplicates
from analysis.style import FAINT, INK, SOFT, Chart, blank, date_axis, styled, words
from analysis.words import day, span

THIN = 3  # a month with fewer articles is marked: a single article can turn its mean
GAP = 14  # days without an article that count as a gap
BAR = "#5B7C99"


def summary(articles: pd.DataFrame) -> pd.DataFrame:
    """The corpus in numbers: one row per measure, with the value as text."""
    dated = articles[articles.date.notna()]
    twins = duplicates(articles)
    rows = {
        "articles": f"{len(articles):,}",
        "publishers": f"{articles.publisher.nunique():,}",
        "words": f"{articles.text.str.split().str.len().sum():,}",
        "from": day(dated.date.min()) if len(dated) else "",
        "data through": day(dated.date.max()) if len(dated) else "",
        "without a date": f"{len(articles) - len(dated):,}",
        "without a publisher": f"{articles.publisher.isna().sum():,}",
        "exact duplicates": f"{(twins.kind == 'exact').sum():,}",
        "near duplicates": f"{(twins.kind == 'near').sum():,}",
        "passages of site text removed": f"{len(articles.attrs.get('removed', ())):,}",
        "problems of the input": f"{len(articles.attrs.get('problems', ())):,}",
    }
    return pd.Series(rows, name="value").rename_axis("measure").to_frame()


def by_month(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles, publishers and words per month from the first to the last, months without any included."""
    dated = articles[articles.date.notna()]
    month = dated.date.dt.to_period("M")
    table = dated.assign(words=dated.text.str.split().str.len()).groupby(month).agg(
        articles=("article_id", "size"), publishers=("publisher", "nunique"), words=("words", "sum"))
    if len(table):
        table = table.reindex(pd.period_range(month.min(), month.max(), freq="M"), fill_value=0)
    return table.rename_axis("month")


def by_publisher(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles per publisher with the first and last date, most articles first."""
    named = articles.assign(publisher=articles.publisher.fillna("(unknown)"))
    table = named.groupby("publisher").agg(
        articles=("article_id", "size"), first=("date", "min"), last=("date", "max"))
    return table.sort_values(["articles", "publisher"], ascending=[False, True], key=_folded)


def undated(articles: pd.DataFrame) -> pd.DataFrame:
    """The articles without a date, by article_id."""
    return articles.loc[articles.date.isna(), ["article_id", "publisher", "headline"]].set_index("article_id")


def gaps(articles: pd.DataFrame, *, days: int = GAP) -> pd.DataFrame:
    """Spans of more than `days` days without an article (columns after, until, days), the longest first."""
    dates = articles.date.dropna().drop_duplicates().sort_values(ignore_index=True)
    table = pd.DataFrame({"after": dates.shift(), "until": dates, "days": dates.diff().dt.days}).dropna()
    table = table[table.days > days].astype({"days": "int64"})
    return table.sort_values(["days", "after"], ascending=[False, True], ignore_index=True)


def problems(articles: pd.DataFrame) -> pd.DataFrame:
    """What was wrong with the files, with line and reason; the file with its folder, not where that is."""
    rows = pd.DataFrame(list(articles.attrs.get("problems", ())), columns=["file", "line", "reason"])
    return rows.assign(file=["/".join(Path(file).parts[-2:]) for file in rows.file],
                       line=rows.line.astype("Int64")).set_index("file")


def removed(articles: pd.DataFrame) -> pd.DataFrame:
    """The passages taken out as site text: how many times each rule took something out, with an example."""
    rows = pd.DataFrame(list(articles.attrs.get("removed", ())), columns=["article_id", "rule", "text"])
    return rows.groupby("rule").agg(passages=("text", "size"), articles=("article_id", "nunique"),
                                    example=("text", lambda texts: texts.iloc[0][:120]))


@styled
def months(articles: pd.DataFrame) -> Chart:
    """Articles per month as bars, thin months pale, gaps shaded behind a strip of all dates."""
    table, title = by_month(articles), "Articles per month"
    if table.empty:
        return words("No article has a date: there is nothing to place in time.", title=title)
    figure = blank(
        3.9,
        title=title,
        subtitle=f"pale: fewer than {THIN} articles · shaded: more than {GAP} days without any",
    )
    bars, strip = figure.subplots(2, 1, sharex=True, height_ratios=[5, 1], gridspec_kw={"hspace": 0.08})
    figure.subplots_adjust(left=0.05, right=0.985, top=0.82, bottom=0.14)
    starts = table.index.to_timestamp()
    ends = table.index.to_timestamp(how="end")
    middle = starts + (ends - starts) / 2
    colours = [BAR if count >= THIN else "#C5D2DE" for count in table.articles]
    bars.bar(middle, table.articles, width=25, color=colours)
    for place, count in zip(middle, table.articles, strict=True):
        bars.text(place, count, f"{count}", ha="center", va="bottom", size=10, color=INK if count else SOFT)
    strip.plot(articles.date, [0] * len(articles), "|", color=BAR, alpha=0.6, markersize=14)
    for axes in (bars, strip):
        for gap in gaps(articles).itertuples():
            axes.axvspan(gap.after, gap.until, color=FAINT, alpha=0.6, linewidth=0, zorder=0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    strip.set_ylabel("each\ndate", rotation=0, size=9, ha="right", va="center", color=SOFT)
    date_axis(strip, starts[0], ends[-1])
    figure.caption = _months_caption(articles, table)
    return figure


@styled
def publishers(articles: pd.DataFrame, *, least: int = 2) -> Chart:
    """Publishers with at least `least` articles as bars, the rest in words."""
    table, title = by_publisher(articles), "Articles per publisher"
    shown = table[table.articles >= least].head(25).iloc[::-1]
    rest = len(table) - len(shown)
    tail = f"{rest} more have {table.articles.sum() - shown.articles.sum()} between them."
    if shown.empty:
        return words(
            f"No publisher has {least} articles: {len(articles)} by {articles.publisher.nunique()} in all.",
            title=title,
        )
    figure = blank(1.15 + 0.24 * len(shown), title=title, subtitle=tail if rest else "")
    axes = figure.subplots()
    figure.subplots_adjust(left=0.24, right=0.97, top=1 - 0.75 / figure.get_figheight(), bottom=0.02)
    axes.barh(shown.index, shown.articles, color=BAR, height=0.7)
    axes.bar_label(axes.containers[0], padding=4, size=10)
    axes.set(xticks=[], ylim=(-0.6, len(shown) - 0.4))
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)
    figure.caption = (
        f"n = {len(articles)} articles by {articles.publisher.nunique()} publishers. The most by one: "
        f"{table.articles.iloc[0]} ({table.index[0]}), {table.articles.iloc[0] / len(articles):.0%} "
        f"of all. {tail if rest else ''}"
    ).strip()
    return figure


def _months_caption(articles: pd.DataFrame, table: pd.DataFrame) -> str:
    """n, range and where the articles crowd."""
    top, thin = table.articles.idxmax(), (table.articles < THIN).sum()
    holes = gaps(articles)
    caption = (
        f"n = {table.articles.sum()} dated articles, {span(articles.date.dropna())}. "
        f"{table.articles.max()} of them ({table.articles.max() / table.articles.sum():.0%}) are from "
        f"{top.strftime('%B %Y')}; {thin} of "
        f"{len(table)} months have fewer than {THIN}."
    )
    if len(holes):
        caption += f" The longest gap: {holes.days[0]} days, {day(holes.after[0])} to {day(holes.until[0])}."
    return caption


def _folded(column: pd.Series) -> pd.Series:
    return column.str.casefold() if column.dtype == "str" else column
