"""Do coders agree, where do they not, and what is settled: from coding_store.current."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from nltk.metrics.agreement import AnnotationTask

from analysis.codings.coding_store import CONTENT, current, read_log, record
from analysis.codings import positions_from_codings
from analysis.config import CODED

UNITS = {"statement": ["article_id", "topic", "start", "end"], "article": ["article_id", "speaker", "topic"]}
SETTLED = "adjudicated"  # the coder of codings that settle a difference
ALL = "all topics"


def agreement(
    codings: pd.DataFrame, *, unit: str = "statement", draws: int = 200, seed: int = 0
) -> pd.DataFrame:
    """Krippendorff's alpha (nominal) and Cohen's kappa of the stance, per topic and for all topics.

    `unit`: coders are compared on a "statement" (the same words) or on an "article" (a speaker's stances on
    a topic in it). Only units that two coders or more have coded count. Columns: topic, coders, units, same
    (share of units on which all agree), alpha, alpha_low, alpha_high, kappa, kappa_low, kappa_high (95 %,
    bootstrap over articles). Kappa is the mean over pairs of coders. Missing where every coding is the same
    or nothing is shared. Source: Krippendorff (1980), Cohen (1960), as computed by NLTK.
    """
    table = labels(codings, unit=unit)
    rows = [{"topic": name} | _measured(part, draws, seed) for name, part in _by_topic(table)]
    return pd.DataFrame(rows).set_index("topic")


def as_coder(positions: pd.DataFrame) -> pd.DataFrame:
    """The tagger's positions as the codings of one more coder, to set beside those of people."""
    spans = positions.content_spans.str.extract(r"^(\d+):(?:.*:)?(\d+)$").astype("Int64")
    return positions.assign(start=spans[0], end=spans[1], note="", unsure=False)


def labels(codings: pd.DataFrame, *, unit: str = "statement") -> pd.DataFrame:
    """What each coder says of each unit that two or more coded: article_id, topic, item, coder, label."""
    keys = UNITS[unit]
    table = codings[codings.coder != SETTLED].dropna(subset=keys)
    item = table.groupby(keys, observed=True).ngroup()
    table = table.assign(item=item).groupby(["item", "article_id", "topic", "coder"], observed=True)
    table = table.stance.agg(lambda stances: "+".join(sorted(set(stances)))).rename("label").reset_index()
    return table[table.groupby("item").coder.transform("size") > 1].reset_index(drop=True)


def disagreements(codings: pd.DataFrame, *, unit: str = "statement") -> pd.DataFrame:
    """The units on which coders differ and nothing is settled yet, in words.

    Columns: article_id, topic, speaker, the stances (one column per coder, empty where not coded), words
    (what each coder marked) and notes.
    """
    keys = UNITS[unit]
    settled = pd.MultiIndex.from_frame(codings.loc[codings.coder == SETTLED, keys])
    open_ = codings[~pd.MultiIndex.from_frame(codings[keys]).isin(settled)]
    differ = labels(open_, unit=unit).groupby("item").filter(lambda group: group.label.nunique() > 1)
    open_ = open_.assign(item=open_.dropna(subset=keys).groupby(keys, observed=True).ngroup())
    coders = sorted(differ.coder.unique())
    rows = []
    for item, group in differ.groupby("item"):
        words = open_[open_.item == item]
        told = group.set_index("coder").label.reindex(coders, fill_value="")
        rows.append(
            {
                "article_id": group.article_id.iloc[0],
                "topic": group.topic.iloc[0],
                "speaker": words.speaker.iloc[0],
                **told,
                "words": " | ".join(dict.fromkeys(words.evidence)),
                "notes": " | ".join(_notes(words)),
            }
        )
    return pd.DataFrame(rows, columns=["article_id", "topic", "speaker", *coders, "words", "notes"])


def adjudicate(
    coding_id: str, stance: str, *, by: str, note: str = "", path: str | Path = CODED, **changes
) -> int:
    """Settle a difference by a coding of "adjudicated" on the words of `coding_id`; returns its row.

    The codings that differ stay as they are. `changes`: other columns that the settled coding should have,
    such as condition.
    """
    standing = current(read_log(path)).set_index("coding_id", drop=False)
    if coding_id not in standing.index:
        raise ValueError(f"there is no coding {coding_id!r}")
    coding = {name: standing.loc[coding_id, name] for name in CONTENT}
    if stance != "conditional":
        coding["condition"] = ""
    return record(
        [coding | {"stance": stance, "note": note, "coder": SETTLED, "by": by} | changes], path=path
    )[0]


def agreed(codings: pd.DataFrame, *, unit: str = "statement", least: int = 2) -> pd.DataFrame:
    """The codings that stand for all: as settled, else of `least` coders or more where none differs.

    With `least` = 1 what one coder alone has coded counts as well, such as the reference codings.
    """
    kept = []
    for _, group in codings.groupby(UNITS[unit], observed=True):
        settled = group[group.coder == SETTLED]
        said = group.groupby("coder").stance.agg(frozenset)
        if len(settled):
            kept.append(settled)
        elif len(said) >= least and said.nunique() == 1:
            kept.append(group[group.coder == said.index[0]])
    return pd.concat(kept, ignore_index=True) if kept else codings[:0]


def override(
    positions: pd.DataFrame,
    codings: pd.DataFrame,
    articles: pd.DataFrame | None = None,
    *,
    unit: str = "statement",
) -> pd.DataFrame:
    """The positions with codings (see `agreed`) in place of tags on the same article and topic.

    With the unit "statement" a tag gives way to a coding that has just its words, or overlapping words of the
    same speaker; with "article", as the reference codings are, all tags of the speaker do. A coding of no
    position leaves nothing in its place.
    """
    tags = as_coder(positions)[
        ["article_id", "topic", "speaker", "evidence_start", "evidence_end", "start", "end"]
    ]
    tags = tags.rename(columns={"start": "first", "end": "last"}).assign(row=np.arange(len(positions)))
    pairs = tags.merge(
        codings[["article_id", "topic", "speaker", "start", "end"]], on=["article_id", "topic"]
    )
    same = (pairs["first"] == pairs.start) & (pairs["last"] == pairs.end)
    near = (pairs.evidence_start < pairs.end) & (pairs.start < pairs.evidence_end) | (unit == "article")
    replaced = same | near & (pairs.speaker_x == pairs.speaker_y)
    kept = positions.drop(index=positions.index[pairs.row[replaced.fillna(False)].unique()])
    coded = positions_from_codings(codings, articles)
    table = pd.concat([kept, coded.reindex(columns=positions.columns)] if len(coded) else [kept])
    return table.sort_values(["date", "article_id"], kind="stable", ignore_index=True)


def override_agreed(
    positions: pd.DataFrame, articles: pd.DataFrame | None = None, *, path: str | Path = CODED
) -> pd.DataFrame:
    """The positions that all charts show: what coders have settled, or two agree on, in place of tags.

    `coder` tells which they are, and the charts say how many. One coder alone, as `reference`, changes
    nothing: measure the tagger with its own positions, before this.
    """
    return override(positions, agreed(current(read_log(path))), articles)


def _by_topic(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield from table.groupby("topic", observed=True)
    yield ALL, table


def _measured(table: pd.DataFrame, draws: int, seed: int) -> dict:
    """One row of `agreement`: the articles are drawn again with replacement for the intervals."""
    groups = [
        list(zip(g["coder"], g["item"], g["label"], strict=True)) for _, g in table.groupby("article_id")
    ]
    random = np.random.default_rng(seed)
    estimates = np.array(
        [
            _coefficients([groups[i] for i in random.integers(0, len(groups), len(groups))])
            for _ in range(draws if groups else 0)
        ]
    ).reshape(-1, 2)
    row = {
        "coders": table.coder.nunique(),
        "units": table["item"].nunique(),
        "same": table.groupby("item").label.nunique().eq(1).mean(),
    }
    for place, (name, value) in enumerate(zip(("alpha", "kappa"), _coefficients(groups), strict=True)):
        drawn = estimates[~np.isnan(estimates[:, place]), place]
        low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
        row |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return row


def _coefficients(groups: list[list[tuple]]) -> tuple[float, float]:
    """Alpha, and kappa as the mean over pairs of coders on what both coded; NaN where it is not defined."""
    data = [(coder, (copy, item), label) for copy, group in enumerate(groups) for coder, item, label in group]
    if len({label for *_, label in data}) < 2:
        return np.nan, np.nan
    told = {}
    for coder, item, label in data:
        told.setdefault(coder, {})[item] = label
    kappas = [_kappa(told[a], told[b]) for a, b in combinations(sorted(told), 2)]
    kappas = [kappa for kappa in kappas if kappa == kappa]
    return AnnotationTask(data).alpha(), float(np.mean(kappas)) if kappas else np.nan


def _kappa(first: dict, second: dict) -> float:
    """Cohen's kappa of two coders on the items of both; NaN where both use one label only."""
    shared = first.keys() & second.keys()
    if len({coder[item] for coder in (first, second) for item in shared}) < 2:
        return np.nan
    task = AnnotationTask(
        [(name, item, coder[item]) for name, coder in (("a", first), ("b", second)) for item in shared]
    )
    return task.kappa_pairwise("a", "b")


def _notes(words: pd.DataFrame) -> Iterator[str]:
    """What coders remarked, and who was unsure."""
    for coder, note, unsure in zip(words.coder, words.note, words.unsure, strict=True):
        if told := "; ".join(filter(None, [note, "unsure" if unsure else ""])):
            yield f"{coder}: {told}"
