"""The widget for coding by hand: a statement in its article, buttons and keys over coding.Session."""

from html import escape
from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from filelock import Timeout

from analysis import coding
from analysis.codebook import STANCES, load_codebook
from analysis.codings.coding_store import NONE
from analysis.config import CODED
from analysis.corpus import load_articles
from analysis.evidence import date
from analysis.positions import tag_positions
from analysis.evidence.reading import highlight
from analysis.statements import find_statements
from analysis.turns import in_turn
from analysis.words import topic_label

KEYS = {
    "s": "support",
    "c": "conditional",
    "o": "oppose",
    "n": "neutral",
    "x": NONE,
    "k": "skip",
    "u": "undo",
    "h": "second_hand",
    "q": "unsure",
}
HELP = (
    "<p>Keys, in the field below: <b>s</b> support, <b>c</b> conditional, <b>o</b> oppose, <b>n</b> neutral, "
    "<b>x</b> no position, <b>k</b> skip, <b>u</b> undo, <b>h</b> second-hand, <b>q</b> unsure.</p>"
)
WIDE = {"description_width": "8em"}


def coder(
    initials: str,
    positions: pd.DataFrame | None = None,
    *,
    statements: pd.DataFrame | None = None,
    articles: pd.DataFrame | None = None,
    blind: bool = True,
    order: str = "random",
    seed: int = 0,
    path: str | Path = CODED,
) -> widgets.VBox:
    """A desk for one coder: every coding is written to `path` at once, and what is coded is not asked again.

    `positions`: the statements and topics to code, by default all that the tagger finds; `statements`: those
    in which it found nothing are asked as well (see `coding.queue`). `blind`: without the tagger's stance, and
    without a sign of whether it found one. `order`: see `coding.queue`. Works with the keyboard alone.
    """
    articles = load_articles() if articles is None else articles
    if positions is None:
        statements = find_statements(articles) if statements is None else statements
        positions = tag_positions(statements)
    table = coding.queue(positions, statements, order=order, seed=seed)
    session = coding.Session(initials, table, articles, path)
    return Desk(session, blind=blind).box


class Desk:
    """The widget's parts and what happens when one is used."""

    def __init__(self, session: coding.Session, *, blind: bool):
        self.session, self.blind = session, blind
        self.head, self.article, self.status = widgets.HTML(), widgets.HTML(), widgets.HTML()
        topics = [(topic_label(name), name) for name in load_codebook().topics]
        self.fields = {
            "topic": widgets.Dropdown(description="Topic", options=topics, style=WIDE),
            "speaker": widgets.Text(description="Speaker", style=WIDE),
            "condition": widgets.Text(
                description="Condition", placeholder="only for conditional", style=WIDE
            ),
            "note": widgets.Text(description="Note", style=WIDE),
            "second_hand": widgets.Checkbox(description="Second-hand", style=WIDE),
            "unsure": widgets.Checkbox(description="Unsure", style=WIDE),
        }
        self.buttons = {name: _button(name, key) for key, name in KEYS.items() if name not in self.fields}
        for name, button in self.buttons.items():
            button.on_click(lambda _, name=name: self.act(name))
        self.keys = widgets.Text(description="Keys", placeholder="type here", style=WIDE)
        self.keys.observe(self.typed, "value")
        stances = [self.buttons[name] for name in (*STANCES, NONE)]
        rest = [self.buttons["skip"], self.buttons["undo"]]
        left = widgets.VBox(
            [
                self.head,
                *self.fields.values(),
                widgets.HBox(stances, layout={"flex_flow": "row wrap"}),
                widgets.HBox(rest),
                widgets.HTML(HELP),
                self.keys,
                self.status,
            ],
            layout={"width": "40%"},
        )
        right = widgets.VBox([self.article], layout={"width": "60%"})
        self.box = widgets.HBox([left, right], _dom_classes=["coder"])
        self.show()

    @in_turn
    def typed(self, change: dict) -> None:
        """Act on the key just typed. The field keeps it, so that nothing typed meanwhile is taken twice."""
        if len(change["new"]) > len(change["old"]) and (
            name := KEYS.get(change["new"][len(change["old"])].lower())
        ):
            self.act(name)

    @in_turn
    def act(self, name: str) -> None:
        """Code, skip, undo or tick; what cannot be done is said, and the statement stays."""
        if name in self.fields:
            self.fields[name].value = not self.fields[name].value
            return
        try:
            told = self.done(name)
        except (ValueError, Timeout, OSError) as error:
            told = f"Not coded: {error}."
        self.status.value = f"<p role='status'>{escape(told)}</p>"

    def done(self, name: str) -> str:
        """Do it and go on to the next statement; what was done, in words."""
        if name == "undo":
            told = "Taken back." if self.session.undo() else "Nothing to take back."
        elif self.session.item is None:
            return "All is coded."
        elif name == "skip":
            self.session.skip()
            told = "Skipped: it comes back at the end."
        else:
            self.session.code(name, **{field: control.value for field, control in self.fields.items()})
            told = f"Coded: {name}."
        self.show()
        return told

    def show(self) -> None:
        """The statement at hand in its article, the fields as the queue has them."""
        item = self.session.item
        if item is None:
            self.head.value, self.article.value = "<p><b>All is coded.</b></p>", ""
            return
        sure = "" if pd.isna(item.confidence) else f" ({item.confidence:.0%})"
        hint = "" if self.blind else f"<p>The tagger says: {escape(item.stance)}{sure}.</p>"
        self.head.value = (
            f"<p><b>{escape(str(item.speaker))}</b>, {date(item.date)}, on "
            f"{escape(topic_label(item.topic))}. To code: {len(self.session.left)}.</p>{hint}"
        )
        text = highlight(
            self.session.texts[item.article_id], [], marks=[(item.start, item.end)], legend=False
        )
        self.article.value = f"<h3>{escape(str(item.headline))}</h3>{text.data}"
        for name, value in {
            "topic": item.topic,
            "speaker": item.speaker,
            "condition": "",
            "note": "",
            "second_hand": bool(item.second_hand),
            "unsure": False,
        }.items():
            self.fields[name].value = value


def _button(name: str, key: str) -> widgets.Button:
    label = "no position" if name == NONE else name
    return widgets.Button(
        description=f"{label} ({key})", tooltip=f"{label}, key {key}", layout={"width": "auto"}
    )
