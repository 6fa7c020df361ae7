"""How far the tagger agrees with coders, and where it goes wrong: tables for the notebook and the model
card."""

import pandas as pd

from analysis.codebook import STANCES, load_codebook
from analysis.codebook.patterns import matches
from analysis.speakers.people import words

PAIR = ["article_id", "who", "topic"]
LOSSES = ("found", "wrong stance", "wrong topic", "wrong speaker", "not found")


def agreement(coded: pd.DataFrame, tagged: pd.DataFrame) -> pd.DataFrame:
    """Detection F1, position F1 and stance accuracy, over all topics and for each; one row each, with n
    coded.

    Both tables need article_id, speaker, topic, stance; only articles that are coded count.
    """
    coded, tagged = keyed(coded), keyed(tagged)
    tagged = tagged[tagged.article_id.isin(coded.article_id)]
    rows = []
    for topic in ["all", *sorted(coded.topic.unique())]:
        hand, machine = ((t if topic == "all" else t[t.topic == topic]) for t in (coded, tagged))
        both = _single(hand).merge(_single(machine), on=PAIR)
        rows.append(
            {
                "topic": topic,
                "coded": len(hand),
                "tagged": len(machine),
                **_f1("detection", hand, machine, PAIR),
                **_f1("position", hand, machine, [*PAIR, "stance"]),
                "stance accuracy": (both.stance_x == both.stance_y).mean(),
                "pairs": len(both),
            }
        )
    return pd.DataFrame(rows)


def breakdown(coded: pd.DataFrame, tagged: pd.DataFrame) -> pd.Series:
    """Of the coded positions, how many are found, and what the others were lost to (numbers, in the order of
    LOSSES).

    wrong topic: the speaker is tagged on another topic only; wrong speaker: the topic is tagged for others
    only.
    """
    coded, tagged = keyed(coded), keyed(tagged)
    full = set(tagged[[*PAIR, "stance"]].itertuples(index=False, name=None))
    pairs = {key[:3] for key in full}
    speakers, topics = {key[:2] for key in pairs}, {(key[0], key[2]) for key in pairs}

    def loss(row) -> str:
        key = row.article_id, row.who, row.topic
        if (*key, row.stance) in full:
            return "found"
        return (
            "wrong stance"
            if key in pairs
            else (
                "wrong topic"
                if key[:2] in speakers
                else "wrong speaker" if (key[0], key[2]) in topics else "not found"
            )
        )

    losses = pd.Series([loss(row) for row in coded.itertuples()], dtype="str")
    return losses.value_counts().reindex(LOSSES, fill_value=0)


def confusion(coded: pd.DataFrame, tagged: pd.DataFrame) -> pd.DataFrame:
    """Coded stance (rows) against tagged stance (columns) where both have exactly one."""
    both = _single(keyed(coded)).merge(_single(keyed(tagged)), on=PAIR)
    table = pd.crosstab(both.stance_x, both.stance_y).reindex(index=STANCES, columns=STANCES, fill_value=0)
    return table.rename_axis(index="coded", columns="tagged")


def by_part(coded: pd.DataFrame, tagged: pd.DataFrame, part: str) -> pd.DataFrame:
    """Share of tagged positions that coders have too, for each value of a column of the positions (quote,
    stance …)."""
    right = _right(coded, tagged)
    return right.groupby(part).agg(positions=("right", "size"), right=("right", "mean")).reset_index()


def reliability(coded: pd.DataFrame, tagged: pd.DataFrame, *, bins: int = 5) -> pd.DataFrame:
    """Mean confidence against the share that is right, in bins of equal width."""
    right = _right(coded, tagged)
    right["bin"] = (right.confidence * bins).clip(upper=bins - 0.001).astype("int64")
    table = right.groupby("bin").agg(
        positions=("right", "size"), confidence=("confidence", "mean"), right=("right", "mean")
    )
    return table.reset_index(drop=True)


def most_confident_mistakes(coded: pd.DataFrame, tagged: pd.DataFrame, *, limit: int = 10) -> pd.DataFrame:
    """The wrong positions of which the tagger was surest, with their words and what the coders have
    instead."""
    right = _right(coded, tagged)
    wrong = (
        right[~right.right]
        .sort_values("confidence", ascending=False)
        .drop_duplicates([*PAIR, "stance"])
        .head(limit)
    )
    codings = keyed(coded).groupby(PAIR).stance.agg(", ".join).rename("coded")
    columns = [
        c
        for c in ("article_id", "speaker", "topic", "stance", "coded", "confidence", "evidence")
        if c in (*wrong, "coded")
    ]
    return wrong.merge(codings, on=PAIR, how="left")[columns].reset_index(drop=True)


def keyed(table: pd.DataFrame) -> pd.DataFrame:
    """Unique positions with the speaker's name as it is compared (`who`): no case, no accents, one
    transliteration."""
    who = table.speaker.map(lambda name: " ".join(words(str(name))))
    return table.assign(who=who).drop_duplicates([*PAIR, "stance"])


def keyword_baseline(coded: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """What spotting a topic's patterns in a statement's sentence would tag, with the topic's most frequent
    stance."""
    usual = coded.groupby("topic").stance.agg(lambda stances: stances.mode()[0])
    rows = [
        (row.article_id, row.speaker, name, usual[name])
        for row in statements[statements.article_id.isin(coded.article_id)].itertuples()
        for name, topic in load_codebook().topics.items()
        if name in usual.index and row.speaker and matches(row.context)[topic.patterns]
    ]
    return pd.DataFrame(rows, columns=["article_id", "speaker", "topic", "stance"]).drop_duplicates()


def _single(table: pd.DataFrame) -> pd.DataFrame:
    """Pairs with exactly one stance."""
    return table.loc[~table.duplicated(PAIR, keep=False), [*PAIR, "stance"]]


def _f1(name: str, coded: pd.DataFrame, tagged: pd.DataFrame, columns: list[str]) -> dict[str, float]:
    hand, machine = (set(t[columns].itertuples(index=False, name=None)) for t in (coded, tagged))
    hits = len(hand & machine)
    return {
        f"{name} precision": hits / max(1, len(machine)),
        f"{name} recall": hits / max(1, len(hand)),
        f"{name} F1": 2 * hits / max(1, len(hand) + len(machine)),
    }


def _right(coded: pd.DataFrame, tagged: pd.DataFrame) -> pd.DataFrame:
    """The tagged positions of coded articles, the surest of each kind, with whether the coders have them."""
    coded = keyed(coded)
    tagged = keyed(tagged.sort_values("confidence", ascending=False))
    tagged = tagged[tagged.article_id.isin(coded.article_id)]
    known = set(coded[[*PAIR, "stance"]].itertuples(index=False, name=None))
    return tagged.assign(
        right=[key in known for key in tagged[[*PAIR, "stance"]].itertuples(index=False, name=None)]
    )
