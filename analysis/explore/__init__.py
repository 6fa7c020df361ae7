"""The explorer: choices, and what `views.view` makes of them. No drawing and no counting happens here."""

from html import escape
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from analysis.explore import views
from analysis.codebook import load_codebook
from analysis.explore.concordance import concordance
from analysis.explore.plot import Plot
from analysis.config import ROOT
from analysis.corpus import load_articles
from analysis.evidence import STANCE_WORDS, date
from analysis.evidence.reading import attributions_of, highlight
from analysis.evidence.tables import show
from analysis.turns import in_turn
from analysis.words import signed, topic_label

MOST = 200  # quotes and lines listed at once
FOLDER = ROOT / "build" / "explorer"
WIDE = {"description_width": "6em"}
HINT = "<p>Nothing chosen in a list: all. Once per: how often the same stance of one counts.</p>"


def explorer(
    positions: pd.DataFrame,
    *,
    statements: pd.DataFrame | None = None,
    articles: pd.DataFrame | None = None,
    folder: str | Path = FOLDER,
) -> widgets.VBox:
    """Controls for each choice of `views.view`, its charts, shifts and words; search; articles; save.

    `statements` and `articles` are for the search and for reading: by default those that the positions
    name. Views are saved to `folder`. In a page without a kernel it is dead: put the same view beside it.
    """
    return Explorer(positions, statements, articles, Path(folder)).box


class Explorer:
    """The widget's parts and what happens when one changes."""

    def __init__(self, positions, statements, articles, folder):
        self.positions, self.folder = positions, folder
        self.statements = positions.drop_duplicates("statement_id") if statements is None else statements
        articles = load_articles() if articles is None else articles
        self.articles = articles.set_index("article_id")
        self.choices = _choices(positions)
        self.point, self.quote = _list("Point"), _list("Quote")
        self.search = widgets.Text(description="Search", continuous_update=False, style=WIDE)
        self.save = widgets.Button(
            description="Save this view", tooltip="Picture, table and code to a folder"
        )
        self.plot = Plot()
        names = ("table", "words", "lines", "article", "note")
        self.shown = {name: widgets.HTML(_dom_classes=[f"explorer-{name}"]) for name in names}
        self.code = widgets.Textarea(
            description="As code", disabled=True, rows=5, style=WIDE, layout={"width": "100%"}
        )
        for control in self.choices.values():
            control.observe(self.look, "value")
        self.plot.observe(self.pick, "chosen")
        self.point.observe(self.choose_point, "value")
        self.quote.observe(self.open_quote, "value")
        self.search.observe(self.find, "value")
        self.save.on_click(self.save_view)
        self.box = self.arranged()
        self.look()

    def arranged(self) -> widgets.VBox:
        """Choices beside the charts; below, quotes beside their article."""
        left = widgets.VBox(
            [widgets.HTML(HINT), *self.choices.values(), self.save, self.shown["note"]],
            layout={"width": "26em"},
        )
        right = widgets.VBox([self.plot, self.code], layout={"flex": "1 1 30em", "overflow": "visible"})
        words = widgets.VBox(
            [self.point, self.quote, self.shown["words"], self.search, self.shown["lines"]],
            layout={"width": "50%"},
        )
        article = widgets.VBox([self.shown["article"]], layout={"width": "50%"})
        return widgets.VBox(
            [widgets.HBox([left, right]), self.shown["table"], widgets.HBox([words, article])],
            _dom_classes=["explorer"],
        )

    @in_turn
    def look(self, _=None) -> None:
        """Show the view that the controls ask for: first the picture, then its bands, then all the rest."""
        self.view = views.view(
            self.positions,
            **{name: c.value for name, c in self.choices.items() if name not in ("from", "until")},
            **self.days(),
        )
        version = self.plot.charts.get("version", 0) + 1
        self.plot.charts = {"version": version, "charts": self.view.drawings}
        self.plot.bands = {"version": version, "charts": self.view.bands()}
        self.code.value = self.view.code
        self.shown["table"].value = show(
            self.view.shifts.set_index("who"), none="No shift to test here."
        ).data
        self.point.options = [
            ("All points", None),
            *((_point(row), row.Index) for row in self.view.bins.itertuples()),
        ]
        self.choose_point()

    def days(self) -> dict:
        """First and last day of the months chosen, None where that is the end of the range."""
        first, last = (self.choices[name] for name in ("from", "until"))
        return {
            "start": first.value.start_time if first.index else None,
            "end": last.value.end_time if last.index < len(last.options) - 1 else None,
        }

    @in_turn
    def choose_point(self, _=None) -> None:
        """The words behind the point chosen, or behind all."""
        point = self.point.value
        self.tell(self.view.positions if point is None else self.view.behind(point), folded=point is None)

    @in_turn
    def pick(self, change: dict) -> None:
        """What was chosen in the chart: a mark opens its article, a bin is a point."""
        chosen = change["new"]
        if chosen["version"] != self.plot.charts["version"]:
            return
        if "mark" in chosen:
            self.tell(self.view.positions.loc[[chosen["mark"]]], folded=False)
            self.quote.value = 0
        else:
            bins, topic = self.view.bins, self.view.drawings[chosen["chart"]]["topic"]
            found = (bins.who == chosen["row"]) & (bins.topic == topic) & (bins.period == chosen["bin"])
            self.point.value = int(bins.index[found][0])

    def tell(self, table: pd.DataFrame, *, folded: bool) -> None:
        """Positions of the view as quotes, and as a list to choose one from."""
        self.behind = table.sort_values("date", kind="stable").reset_index(drop=True)
        self.shown["words"].value = str(self.view.words(table, folded=folded))
        more = f" (the first {MOST} of {len(table):,})" * (len(table) > MOST)
        self.quote.options = [
            (f"Choose one to open its article{more}", None),
            *((_quote(row), row.Index) for row in self.behind.head(MOST).itertuples()),
        ]

    @in_turn
    def open_quote(self, _=None) -> None:
        """The article of the quote chosen, its statements marked, the deciding words stressed."""
        if self.quote.value is None:
            self.shown["article"].value = ""
            return
        row = self.behind.loc[self.quote.value]
        article = self.articles.loc[row.article_id]
        mine = self.statements[self.statements.article_id == row.article_id]
        spans = attributions_of(mine) if "content_spans" in mine else []
        marks = [] if pd.isna(row.evidence_start) else [(int(row.evidence_start), int(row.evidence_end))]
        head = f"<h3>{escape(str(article.headline))}</h3><p>{date(article.date)}</p>"
        self.shown["article"].value = head + highlight(article.text, spans, marks=marks).data

    @in_turn
    def find(self, _=None) -> None:
        """The phrase in the statements of the articles in view, one line each."""
        here = self.statements[self.statements.article_id.isin(self.view.positions.article_id)]
        lines = concordance(here, self.search.value, limit=MOST)
        table = lines.drop(columns="statement_id").set_index("date")
        self.shown["lines"].value = show(table, none="Not found in the articles of this view.").data

    @in_turn
    def save_view(self, _=None) -> None:
        """Picture, table and code to the folder; says where."""
        names = ", ".join(path.name for path in self.view.save(self.folder))
        self.shown[
            "note"
        ].value = f"<p role='status'>Saved to {escape(str(self.folder))}: {escape(names)}</p>"


def _choices(positions: pd.DataFrame) -> dict[str, widgets.Widget]:
    """A control for each option of `views.view`; nothing chosen in a list means all."""
    there = positions.topic.drop_duplicates().tolist()
    topics = [
        (topic_label(name), name)
        for name in dict.fromkeys([*load_codebook().topics, *there])
        if name in there
    ]
    many = {
        f"{name}s": _several(f"{name.capitalize()}s", _names(positions[name]))
        for name in ("side", "speaker", "publisher")
    }
    dates = positions.date.dropna()
    months = pd.period_range(*([dates.min(), dates.max()] if len(dates) else ["2000", "2000"]), freq="M")
    named = [(f"{month:%B %Y}", month) for month in months]
    return {
        "topics": _several("Topics", topics, value=[name for _, name in topics[:1]]),
        **many,
        "from": _one("From", named, months[0]),
        "until": _one("Until", named, months[-1]),
        "first_hand": widgets.Checkbox(description="First-hand only", style=WIDE),
        "counting": _one("Once per", views.RULES, "article"),
        "period": _one("Period", list(views.REACH), "month"),
        "by": _one("Row per", views.ROWS, "side"),
    }


def _several(label: str, options: list, **more) -> widgets.SelectMultiple:
    return widgets.SelectMultiple(description=label, options=options, rows=4, style=WIDE, **more)


def _one(label: str, options: list, value) -> widgets.Dropdown:
    return widgets.Dropdown(description=label, options=options, value=value, style=WIDE)


def _list(label: str) -> widgets.Select:
    return widgets.Select(description=label, rows=6, style=WIDE, layout={"width": "100%"})


def _names(column: pd.Series) -> list[str]:
    """The values of a column, most frequent first."""
    counts = column[column.fillna("") != ""].astype("str").value_counts().rename_axis("name").reset_index()
    return counts.sort_values(["count", "name"], ascending=[False, True]).name.tolist()


def _point(row) -> str:
    value = f"{signed(row.mean)} (n = {row.n})" if row.n else f"neutral ({row.neutral})"
    return f"{topic_label(row.topic)}, {row.who}, from {row.period.day} {row.period:%b %Y}: {value}"


def _quote(row) -> str:
    words = " ".join(str(row.evidence).split())
    return f"{date(row.date)}, {row.speaker} {STANCE_WORDS[row.stance]}: {words[:90]}"
