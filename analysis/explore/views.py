"""One view of the positions: what is chosen, its charts, shifts and words. The explorer only shows it."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis import style, trends
from analysis.charts import timelines
from analysis.explore import drawing
from analysis.trends import shifts
from analysis.evidence import Html, quotes
from analysis.output import write_table
from analysis.evidence.tables import show

REACH = {"week": 7, "month": 21, "quarter": 60}  # period of a view -> reach of the smooth line in days
RULES = ("statement", "article", *trends.PERIODS)
ROWS = ("side", "principal", "speaker")
USUAL = {"counting": "article", "period": "month", "by": "side"}
SHIFTS = [
    "who",
    "topic",
    "mean_before",
    "mean_after",
    "change",
    "low",
    "high",
    "n_before",
    "n_after",
    "first_after",
    "p_adjusted",
    "verdict",
]
NOTHING, EMPTY = "Nothing to show", "No position fits this choice: choose more topics, speakers or months."
ROAD = """from analysis import find_statements, load_articles, tag_positions, views
positions = tag_positions(find_statements(load_articles()))
seen = views.view(positions{})
seen"""


class View:
    """Positions as chosen, and all that is shown of them, computed when it is first asked for."""

    def __init__(self, positions: pd.DataFrame, choices: dict, *, by: str, counting: str, period: str):
        self.positions, self.choices = positions, choices
        self.by, self.counting, self.period = by, counting, period

    @cached_property
    def charts(self) -> list[style.Chart]:
        """A timeline per topic; where nothing is chosen, a chart that says so."""
        if self.positions.empty:
            return [style.words(EMPTY, title=NOTHING)]
        return [
            timelines.timeline(
                self.positions, topic=topic, by=self.by, once=self.counting, days=REACH[self.period]
            )
            for topic in dict.fromkeys(self.positions.topic)
        ]

    @cached_property
    def drawings(self) -> list[dict]:
        """The same timelines as data for the browser (see drawing.py), without their bands."""
        if self.positions.empty:
            return [{"title": NOTHING, "note": EMPTY, "rows": []}]
        options = self.drawn | {"period": self.period}
        topics = dict.fromkeys(self.positions.topic)
        return [drawing.drawing(self.positions, topic, **options) for topic in topics]

    def bands(self) -> list[list[dict]]:
        """The bands of the drawings, which take most of the time."""
        return [drawing.bands(self.positions, chart, **self.drawn) for chart in self.drawings]

    @property
    def drawn(self) -> dict:
        return {"by": self.by, "counting": self.counting, "days": REACH[self.period]}

    @cached_property
    def shifts(self) -> pd.DataFrame:
        """The clearest shift of each who on each topic (see shifts.shifts), largest first."""
        return shifts.shifts(self.positions, by=self.by, once=self.counting)[SHIFTS]

    @cached_property
    def bins(self) -> pd.DataFrame:
        """The points of the view: who, topic, period, n, mean, low, high …, silent periods left out."""
        bins = trends.trend(self.positions, by=self.by, once=self.counting, every=self.period)
        return bins[(bins.n + bins.neutral) > 0].reset_index(drop=True)

    def quotes(self, point: int | None = None) -> Html:
        """The words behind the view, or behind one row of `bins`."""
        return self.words(self.positions if point is None else self.behind(point))

    def words(self, table: pd.DataFrame, *, folded: bool = True) -> Html:
        """Some of the view's positions as quotes."""
        return quotes(table, by=self.by, once=self.counting, title="The words behind it", folded=folded)

    def behind(self, point: int) -> pd.DataFrame:
        """The positions that one row of `bins` counts."""
        bin_ = self.bins.iloc[point]
        table = trends.counted(self.positions, by=self.by, once=self.counting)
        period = table.when.dt.to_period(trends.PERIODS[self.period]).dt.start_time
        inside = (table.who == bin_.who) & (table.topic == bin_.topic) & (period == bin_.period)
        return self.positions.loc[table.index[inside]]

    @property
    def code(self) -> str:
        """The four lines that give the same view in a cell of its own."""
        return ROAD.format("".join(f", {name}={value!r}" for name, value in self.choices.items()))

    def save(self, folder: str | Path) -> list[Path]:
        """Write the charts (PNG), the positions (CSV) and the code to a folder; returns the paths."""
        folder = Path(folder)
        pictures = [
            style.save(chart, folder / f"chart-{number}.png") for number, chart in enumerate(self.charts, 1)
        ]
        write_table(self.positions, folder / "positions.csv")
        (folder / "view.py").write_text(self.code + "\n", "utf-8")
        return [*pictures, folder / "positions.csv", folder / "view.py"]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self.charts, show(self.shifts.set_index("who"), none="No shift to test."), self.quotes())


def view(
    positions: pd.DataFrame,
    *,
    topics: Iterable[str] = (),
    sides: Iterable[str] = (),
    speakers: Iterable[str] = (),
    publishers: Iterable[str] = (),
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
    first_hand: bool = False,
    counting: str = "article",
    period: str = "month",
    by: str = "side",
) -> View:
    """The positions that fit every choice, as a View. An empty choice leaves all in.

    `start`, `end`: first and last day; with either, undated positions are left out. `first_hand`: without
    what others tell. `counting`: the rule of `trends.counted` for repetitions. `period`: "week", "month" or
    "quarter", the width of `bins` and, in proportion, the reach of the line. `by`: a row per "side",
    "principal" or "speaker". ValueError for a rule, period or `by` that there is not.
    """
    for name, value, allowed in (("counting", counting, RULES), ("period", period, REACH), ("by", by, ROWS)):
        if value not in allowed:
            raise ValueError(f"{name} {value!r} is none of {', '.join(allowed)}")
    choices = {
        "topics": list(topics),
        "sides": list(sides),
        "speakers": list(speakers),
        "publishers": list(publishers),
    }
    keep = pd.Series(True, index=positions.index)
    for name, values in choices.items():
        keep &= positions[name[:-1]].isin(values) if values else True
    days = {
        "start": start and f"{pd.Timestamp(start):%Y-%m-%d}",
        "end": end and f"{pd.Timestamp(end):%Y-%m-%d}",
    }
    keep &= positions.date >= days["start"] if start else True
    keep &= positions.date.dt.normalize() <= days["end"] if end else True
    keep &= ~positions.second_hand if first_hand else True
    choices |= days | {"first_hand": first_hand, "counting": counting, "period": period, "by": by}
    told = {name: value for name, value in choices.items() if value and value != USUAL.get(name)}
    return View(positions[keep].reset_index(drop=True), told, by=by, counting=counting, period=period)
