"""Which conditions are named, which kinds of guarantee are accepted, by whom and when (conditions.yaml)."""

from functools import lru_cache

import numpy as np
import pandas as pd
import yaml

from analysis import trends
from analysis.codebook.patterns import Patterns, matches
from analysis.config import DATA, InputError
from analysis.trends.results import words_of

KINDS = DATA / "conditions.yaml"
OTHER = {"conditions": "another, or not named", "guarantees": "kind not named"}


@lru_cache(maxsize=4)
def kinds(section: str, path=KINDS) -> dict[str, tuple]:
    """The kinds of a section ("conditions" or "guarantees"): name -> (label, patterns)."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))[section]
        return {name: (kind["label"], Patterns(kind["patterns"])) for name, kind in data.items()}
    except (OSError, LookupError, TypeError, AttributeError, ValueError, yaml.YAMLError) as error:
        raise InputError(path, f"no usable section {section!r} ({error})") from None


def kinds_named(words: pd.DataFrame, section: str) -> pd.Series:
    """The labels of the kinds that the words of each row name, one row per row and kind (the index repeats)."""
    known = kinds(section).values()
    code = words.groupby([*words], dropna=False, sort=False).ngroup().to_numpy()
    unique = words[~pd.Series(code).duplicated().to_numpy()].astype("str").fillna("")  # each is read once
    labels = [
        [label for label, patterns in known if found[patterns]] or [OTHER[section]]
        for found in map(matches, map(" … ".join, unique.itertuples(index=False)))
    ]
    often = np.array([len(names) for names in labels], dtype=int)
    flat, start = (
        np.array([name for names in labels for name in names], dtype=object),
        np.cumsum(often) - often,
    )
    repeats = often[code]
    within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return pd.Series(
        flat[np.repeat(start[code], repeats) + within], index=words.index.repeat(repeats), dtype="str"
    )


def condition_points(positions: pd.DataFrame, *, topic: str | None = None, **counting) -> pd.DataFrame:
    """The conditional positions with `who`, `when` and `kind`: a row per position and kind of condition.

    The index, which then repeats, is that of `positions`. Options of `trends.counted` pass through.
    """
    picked = positions[(positions.stance == "conditional") & (positions.topic.eq(topic) if topic else True)]
    table = trends.counted(picked, **counting)
    points = picked.loc[table.index].assign(who=table.who, when=table.when)
    words = words_of(points, points.index, ["condition", "evidence"])
    named = kinds_named(words[["condition"]], "conditions")
    unclear = named == OTHER["conditions"]  # then the whole clause may say it
    clauses = words.loc[named.index[unclear], ["evidence"]]
    named = pd.concat([named[~unclear], kinds_named(clauses, "conditions")])
    found = points.join(named.rename("kind"))
    found.attrs |= positions.attrs
    return found


def conditions(
    positions: pd.DataFrame, *, topic: str | None = None, by: str = "side", **counting
) -> pd.DataFrame:
    """Which condition is named by whom and how often: kind, who, n, first, last (dates), and the last words
    with publisher and link. Most frequent first."""
    points = condition_points(positions, topic=topic, by=by, **counting)
    last = points.drop_duplicates(["kind", "who"], keep="last")[["kind", "who"]]
    words = words_of(positions, last.index, ["condition", "publisher", "url"])
    rows = (
        points.groupby(["kind", "who"], observed=True)
        .when.agg(n="size", first="min", last="max")
        .reset_index()
    )
    words = words.reset_index(drop=True).assign(kind=last.kind.array, who=last.who.array)
    rows = rows.merge(words, on=["kind", "who"], how="left")
    return rows.sort_values(["n", "kind", "who"], ascending=[False, True, True], ignore_index=True)


def guarantees(positions: pd.DataFrame, *, by: str = "side", **counting) -> pd.DataFrame:
    """Who accepts and rejects which kind of guarantee: kind, who, support, conditional, oppose, n, articles.

    Positions on security_guarantees by the kinds that their words name; those on nato_membership are the kind
    membership. Neutral positions are left out.
    """
    picked = positions[
        positions.topic.isin(["security_guarantees", "nato_membership"]) & positions.value.notna()
    ]
    table = trends.counted(picked, by=by, **counting)
    words = words_of(positions, table.index, ["evidence", "condition", "content"])
    named = kinds_named(words, "guarantees")
    member = table.index[table.topic == "nato_membership"]
    label = kinds("guarantees")["membership"][0]
    others = named[~named.index.isin(member)]
    named = pd.concat([others, pd.Series(label, index=member, dtype=named.dtype)])
    points = table[["who", "stance", "article_id"]].join(named.rename("kind"))
    rows = points.groupby(["kind", "who", "stance"], observed=True).size().unstack("stance", fill_value=0)
    rows = rows.rename(columns=str).reindex(columns=["support", "conditional", "oppose"], fill_value=0)
    rows = rows.assign(
        n=rows.sum(axis=1), articles=points.groupby(["kind", "who"], observed=True).article_id.nunique()
    )
    return rows.reset_index().sort_values(
        ["kind", "n", "who"], ascending=[True, False, True], ignore_index=True
    )
