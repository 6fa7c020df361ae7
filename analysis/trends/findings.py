"""The main findings as numbers with intervals, and whether they survive other choices."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import trends
from analysis.trends.coverage import first_told
from analysis.trends.resampling import bootstrap_means, interval

DRAWS = 1000  # of the bootstrap
UNNAMED = "unnamed publishers"
# Columns that other choices are made by
COMPARED = ["article_id", "date", "publisher", "side", "topic", "stance", "value", "second_hand"]


class Contrast(NamedTuple):
    """A difference of two means: of `first` minus of `second`, each a side, on one topic.

    `cut`: the day that parts the two in time, where `first` is from that day on and `second` before it.
    """

    title: str
    topic: str
    first: str
    second: str
    cut: str | None = None


# Fixed beforehand: the two gaps that the project asks about, and the day of the talks in the White House,
# after which a meeting was announced.
CONTRASTS = (
    Contrast("Ukraine and Russia on a meeting", "meeting", "Ukraine", "Russia"),
    Contrast("Europe and Russia on guarantees", "security_guarantees", "Europe", "Russia"),
    Contrast("Ukraine on a meeting, after 18 Aug 2025", "meeting", "Ukraine", "Ukraine", "2025-08-18"),
    Contrast("Russia on a meeting, after 18 Aug 2025", "meeting", "Russia", "Russia", "2025-08-18"),
)


def estimate(
    positions: pd.DataFrame, contrast: Contrast, *, draws: int = DRAWS, seed: int = 0, **counting
) -> dict:
    """The contrast with its 95 % interval: estimate, low, high, mean_first, mean_second, n_first, n_second.

    Bootstrap over articles (see trends). The numbers are missing where a side has nothing to say.
    """
    own = positions[concerned(positions, contrast)]
    return _estimated(contrast, own, counting, draws=draws, seed=seed)


def concerned(positions: pd.DataFrame, contrast: Contrast) -> pd.Series:
    """Whether each position is on the topic of a contrast and by one of its sides."""
    return (positions.topic == contrast.topic) & positions.side.isin([contrast.first, contrast.second])


def _estimated(contrast: Contrast, own: pd.DataFrame, counting: dict, *, draws: int = DRAWS, seed: int) -> dict:
    """What `estimate` gives, from the positions that the contrast concerns."""
    table, cell = _two_cells(own, contrast, **counting)
    n = np.bincount(cell, minlength=2)
    sums = np.bincount(cell, table.value, minlength=2)
    mean = sums / np.where(n, n, np.nan)
    draw = bootstrap_means(cell, table, 2, draws=draws, seed=seed)
    low, high = interval(draw[0] - draw[1], where=n.all())
    return {
        "estimate": mean[0] - mean[1],
        "low": float(low),
        "high": float(high),
        "mean_first": mean[0],
        "mean_second": mean[1],
        "n_first": int(n[0]),
        "n_second": int(n[1]),
    }


def _two_cells(own: pd.DataFrame, contrast: Contrast, **counting) -> tuple[pd.DataFrame, np.ndarray]:
    """The positions that are compared, and for each whether it is of the first (0) or second (1)."""
    table = trends.counted(own, by="side", **counting).dropna(subset="value")
    second = table.when < pd.Timestamp(contrast.cut) if contrast.cut else table.who == contrast.second
    return table, second.to_numpy(dtype=int)


def survives(
    positions: pd.DataFrame,
    *,
    codings: pd.DataFrame | None = None,
    utterances: pd.Series | None = None,
    contrasts=CONTRASTS,
    seed: int = 0,
) -> pd.DataFrame:
    """Each contrast under each choice: finding, choice, estimate, low, high, n_first, n_second, …

    The first choice is the one shown elsewhere. `codings`: positions coded by people, shown beside
    the tagger's and beside the tagger's on the same articles. `utterances`: the positions' `utterance_ids`,
    where they are computed already.
    """
    rows, common = [], choices(positions, codings, utterances)
    for contrast in contrasts:
        both = concerned(positions, contrast)
        own = positions.loc[both, positions.columns.intersection(COMPARED)]
        named = own.publisher.mask(own.publisher == "").astype("category")
        names = named.cat.categories.union([UNNAMED])
        own = own.assign(publisher=named.cat.set_categories(names).fillna(UNNAMED))
        found = {
            name: (own if kept is None else own[kept[both]], counting) for name, (kept, counting) in common.items()
        }
        if codings is not None and len(codings):
            found["codings by hand"] = codings[concerned(codings, contrast)], {}
        most = _weightiest(own, contrast)
        found[f"without {most}"] = own[own.publisher != most], {}
        with ThreadPoolExecutor(2) as pool:  # one sorts and multiplies while the other prepares
            estimates = pool.map(lambda chosen: _estimated(contrast, *chosen, seed=seed), found.values())
            rows += [
                {"finding": contrast.title, "choice": choice} | estimated
                for choice, estimated in zip(found, estimates, strict=True)
            ]
    return pd.DataFrame(rows)


def choices(
    positions: pd.DataFrame, codings: pd.DataFrame | None = None, utterances: pd.Series | None = None
) -> dict[str, tuple[np.ndarray | None, dict]]:
    """Other ways to count the same thing: name -> (which positions [n], None for all; options of `counted`)."""
    months = positions.date.dt.to_period("M")
    found = {
        "as shown: once per article": (None, {}),
        "every statement counts": (None, {"once": "statement"}),
        "once per week": (None, {"once": "week"}),
        "once per month": (None, {"once": "month"}),
        "first-hand only": (None, {"second_hand": False}),
        "each utterance once": (first_told(positions, utterances), {}),
        "without the busiest month": (~months.isin(months.value_counts().index[:1]).to_numpy(), {}),
    }
    if positions.get("confidence", pd.Series(dtype=float)).nunique() > 1:
        surer = positions.confidence >= positions.confidence.median()
        found["the surer half of the tags"] = surer.to_numpy(), {}
    if codings is not None and len(codings):
        same = positions.article_id.isin(codings.article_id)
        found["only articles coded by hand"] = same.to_numpy(), {}
    return found


def _weightiest(own: pd.DataFrame, contrast: Contrast) -> str:
    """The publisher without which the contrast is nearest to zero, or farthest on the other side of it."""
    table, cell = _two_cells(own, contrast)
    publisher, names = pd.factorize(own.publisher.loc[table.index], sort=True)
    sums, n = (
        np.bincount(publisher + len(names) * cell, weights, 2 * len(names)).reshape(2, -1)
        for weights in (table.value, None)
    )
    with np.errstate(invalid="ignore"):
        means = (sums.sum(1, keepdims=True) - sums) / (n.sum(1, keepdims=True) - n)  # without each publisher
        whole = sums.sum(1) / n.sum(1)
    apart = (means[0] - means[1]) * np.sign(whole[0] - whole[1])
    return names[np.nanargmin(apart)] if (~np.isnan(apart)).any() else "any one publisher"


def verdict(rows: pd.DataFrame) -> str:
    """One sentence on how a finding (its rows of `survives`) fares."""
    shown, others = rows.iloc[0], rows.iloc[1:].dropna(subset="estimate")
    if np.isnan(shown.estimate):
        return "Too few positions to say."
    same = int((np.sign(others.estimate) == np.sign(shown.estimate)).sum())
    clear = int(((rows.low > 0) | (rows.high < 0)).sum())
    return f"Same sign: {same} of {len(others)} others. Clear of zero: {clear} of {len(others) + 1}."
