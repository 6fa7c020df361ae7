"""The one style of all figures: size, type, colours with markers, dates, and how a figure shows itself."""

import html
import warnings
from functools import wraps
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

DPI = 100
WIDTH = 10.0  # inches: 1000 pixels
INK, SOFT, FAINT = "#222222", "#666666", "#DDDDDD"
# Okabe and Ito's colours, which colour-blind readers tell apart; the marker says the same once more.
SIDES = {
    "Russia": ("#D55E00", "s"),
    "Ukraine": ("#0072B2", "o"),
    "United States": ("#009E73", "^"),
    "Europe": ("#CC79A7", "D"),
    "Other": ("#4D4D4D", "v"),
}
DEEP = 8  # marks on one place that are drawn: more look the same
STANCES = {"oppose": "#B5651D", "conditional": "#F3DE8A", "support": "#1B7F8C", "neutral": "#FFFFFF"}
STANCE_WORDS = {1.0: "supports", 0.0: "on conditions", -1.0: "opposes"}
SCALE = mpl.colors.LinearSegmentedColormap.from_list(
    "stance", [STANCES[s] for s in ("oppose", "conditional", "support")]
)
LOOK = {
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "axes.edgecolor": "#AAAAAA",
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "svg.hashsalt": "wts",
    "text.parse_math": False,
}  # a name with a dollar sign is a name


class Chart(Figure):
    """A figure with a caption. In a notebook it shows as a PNG whose alternative text is the caption."""

    caption: str = ""

    def png(self, *, dpi: int = DPI) -> bytes:
        """The picture, the same bytes at every run; 256 colours, which makes it a third of the size."""
        small, canvas, own = BytesIO(), FigureCanvasAgg(self), self.dpi
        self.set_dpi(dpi)
        with mpl.rc_context(LOOK), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # names in other scripts show as boxes
            canvas.draw()
        self.set_dpi(own)
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        picture = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        palette = picture.getpalette()
        palette[: 3 * 256] = [255 if tone > 250 else tone for tone in palette]  # keep white white
        picture.putpalette(palette)
        picture.save(small, "png", compress_level=6, dpi=(dpi, dpi))
        return small.getvalue()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(
            {"image/png": self.png(), "text/plain": self.caption},
            raw=True,
            metadata={"image/png": {"alt": self.caption}},
        )
        display(
            {"text/html": f"<p><em>{html.escape(self.caption)}</em></p>", "text/plain": self.caption},
            raw=True,
        )


def styled(draw):
    """Decorator: draw in the common look, whatever the notebook has set; the caption tells what is by hand."""

    @wraps(draw)
    def drawn(table, *more, **options):
        with mpl.rc_context(LOOK):
            figure = draw(table, *more, **options)
        figure.caption += by_hand(table, options.get("topic"))
        return figure

    return drawn


def by_hand(table: pd.DataFrame, topic: str | None = None) -> str:
    """How many of the positions, on a topic where one is given, people coded; nothing where none."""
    if not isinstance(table, pd.DataFrame) or not {"coder", "topic"} <= set(table):
        return ""  # two runs, or a table of something else
    coder = table.coder[table.topic == topic] if topic else table.coder
    hand = int((coder != "tagger").sum())
    return f" Coded by hand: {hand} of {len(coder)} positions." if hand else ""


def blank(height: float, *, title: str = "", subtitle: str = "") -> Chart:
    """An empty chart of the common width, `height` in inches, with its title at the top left."""
    figure = Chart(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.015, 1 - 0.12 / height, title, size=15, weight="bold", va="top")
    figure.text(0.015, 1 - 0.42 / height, subtitle, size=10.5, color=SOFT, va="top")
    return figure


def words(sentence: str, *, title: str = "") -> Chart:
    """The chart for when there is nothing to draw: it says so."""
    figure = blank(1.6, title=title)
    figure.text(0.015, 0.35, sentence, size=12, color=SOFT, wrap=True)
    figure.caption = sentence
    return figure


def save(figure: Chart, path: str | Path, *, dpi: int = DPI) -> Path:
    """Write the chart; the ending of `path` chooses png, pdf or svg. No date and no version inside."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".png":
        path.write_bytes(figure.png(dpi=dpi))
    else:
        nothing = (
            {"CreationDate": None, "Producer": None} if path.suffix.lower() == ".pdf" else {"Date": None}
        )
        with mpl.rc_context(LOOK):
            figure.savefig(path, metadata=nothing | {"Creator": None})
    return path


def side_of(name: str, sides: pd.Series) -> tuple[str, str]:
    """Colour and marker of a speaker (through `sides`, side by speaker) or of a side itself."""
    return SIDES.get(name if name in SIDES else sides.get(name), SIDES["Other"])


def short(name: str, most: int = 26) -> str:
    """A name on one line that fits beside a chart."""
    name = " ".join(str(name).split())
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def dark(colour: str, by: float = 0.25) -> tuple:
    """The colour made darker, so that text in it can be read on white."""
    return tuple(np.array(mpl.colors.to_rgb(colour)) * (1 - by))


def spread(places: np.ndarray, room: float, low: float = -np.inf, high: float = np.inf) -> np.ndarray:
    """Move labels apart along one axis until each has `room`, keeping their order and their middle.

    All stay between `low` and `high`; where they do not fit there, each has the room that there is.
    """
    places = np.asarray(places, dtype=float)
    order = np.argsort(places, kind="stable")
    room = min(room, (high - low) / max(len(places) - 1, 1))
    steps = np.arange(len(places)) * room
    # Isotonic regression of what is left after the least distances: pools labels that would collide.
    blocks = []
    for value in places[order] - steps:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (b, m), (a, n) = blocks.pop(), blocks.pop()
            blocks.append([(a * n + b * m) / (m + n), m + n])
    moved = np.empty_like(places)
    pooled = np.repeat([b for b, _ in blocks], [m for _, m in blocks])
    moved[order] = np.clip(pooled, low, max(low, high - steps[-1]) if len(steps) else high) + steps
    return moved


def along(axes: Axes, dates: pd.Series) -> np.ndarray:
    """Where dates lie between the ends of the axis, as 0 to 1."""
    low, high = axes.get_xlim()
    return (axes.convert_xunits(dates.to_numpy()) - low) / (high - low)


def marks(
    axes: Axes, dates: pd.Series, heights: np.ndarray, colour: str, *, hollow: bool, alpha: float, **look
) -> None:
    """Marks of one colour. Hollow ones have a face that cannot be seen: without any, Matplotlib is five times as
    slow."""
    edge = mpl.colors.to_rgba(colour, alpha)
    face = (0, 0, 0, 0) if hollow else edge
    axes.scatter(dates.to_numpy(), heights, fc=[face], ec=[edge], lw=1.1, zorder=3, **look)


def beneath(where: np.ndarray, *place: np.ndarray) -> np.ndarray:
    """Which marks lie beneath DEEP others: on the same pixel `where` along the axis, and with the same `place`."""
    marks = pd.DataFrame({"along": np.floor(where * WIDTH * DPI)} | dict(enumerate(place)))
    return marks.groupby([*marks], observed=True).cumcount().to_numpy() >= DEEP


def date_axis(axes: Axes, start: pd.Timestamp, end: pd.Timestamp, *, most: int = 12) -> None:
    """Months as ticks, at most `most` of them labelled; the year stands under its first label."""
    margin = max((end - start) * 0.02, pd.Timedelta(days=3))
    axes.set_xlim(start - margin, end + margin)
    months = pd.date_range((start - margin).to_period("M").start_time, end + margin, freq="MS")
    months = months[months >= start - margin]
    step = max(1, int(np.ceil(len(months) / most)))
    labelled = months[::step]
    axes.set_xticks(labelled, _month_labels(labelled))
    axes.set_xticks(months, minor=True)


def period_axis(axes: Axes, periods: pd.PeriodIndex, *, most: int = 18) -> None:
    """Periods at 0, 1, 2 … as ticks, at most `most` labelled: by year, quarter, month, or day if shorter."""
    wide = {"M": 1, "Y": 1}.get(periods.freqstr[0], 1.7)  # "31 Mar" and "Jan–Mar" need more room than "Mar"
    places = list(range(0, len(periods), max(1, int(np.ceil(len(periods) * wide / most)))))
    labels = _month_labels(periods[places].start_time)
    if periods.freqstr[0] == "Q":
        labels = [
            label.replace("\n", f"–{end:%b}\n")
            for label, end in zip(labels, periods[places].end_time, strict=True)
        ]
    axes.set_xticks(places, [str(p) for p in periods[places]] if periods.freqstr[0] == "Y" else labels)


def _month_labels(dates: pd.DatetimeIndex) -> list[str]:
    """Month names, days before them where the dates are closer; the year under the first of each year."""
    form = "{0:%b}" if (dates.day == 1).all() else "{0.day} {0:%b}"
    years = [
        str(date.year) if i == 0 or date.year != dates[i - 1].year else "" for i, date in enumerate(dates)
    ]
    return [f"{form.format(date)}\n{year}" for date, year in zip(dates, years, strict=True)]
