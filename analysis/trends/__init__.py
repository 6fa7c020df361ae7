"""Positions over time: what is counted, the mean per period with its doubt, the smooth line, silence.

A value is +1 (support), 0 (conditional) or -1 (oppose). A neutral position has no value: it is counted,
but never enters a mean. Intervals come from a bootstrap over articles (resampling.py).
"""

import numpy as np
import pandas as pd

from analysis.trends.resampling import bootstrap_means, bootstrap_sums, interval

PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
KERNELS = {
    "gaussian": lambda u: np.exp(-0.5 * u**2),
    "uniform": lambda u: (np.abs(u) <= 1).astype(float),
    "triangular": lambda u: np.clip(1 - np.abs(u), 0, None),
    "epanechnikov": lambda u: np.clip(1 - u**2, 0, None),
}
SMOOTH = ["who", "topic", "when", "weight", "mean", "low", "high"]
THIN = 3  # a mean of fewer articles than this is marked


def counted(
    positions: pd.DataFrame,
    *,
    once: str = "article",
    by: str = "speaker",
    clock: str = "date",
    second_hand: bool = True,
) -> pd.DataFrame:
    """The positions that count: article_id, topic, stance, value, second_hand, who, when; sorted by time.

    The index is that of `positions`, so `positions.loc[table.index]` gives the words behind it.
    `once`: the counting rule. The same stance of the same `who` on the same topic counts once per
    "statement", "article", "day", "week", "month", "quarter" or "year"; first-hand is kept first.
    `by`: a column, or "principal" for the one who is spoken for (the speaker where there is none).
    `clock`: "date" (published) or "said_on". Rows without it are left out, counted in `.attrs["undated"]`.
    """
    who = positions[by].mask(positions[by] == "").astype("category")
    if by == "principal":
        speaker = positions.speaker.astype("category")
        names = who.cat.categories.union(speaker.cat.categories)
        who = who.cat.set_categories(names).fillna(speaker.cat.set_categories(names))
    told = positions.get("second_hand", False)
    table = positions[["article_id"]].assign(
        topic=positions.topic.astype("category"),
        stance=positions.stance.astype("category"),
        value=positions.value.astype(float),
        second_hand=told,
        who=who,
        when=positions[clock],
    )
    later, dated = table.second_hand.to_numpy(dtype=bool), table.when.notna().to_numpy()
    kept = second_hand | ~later
    undated = int((kept & ~dated).sum())
    kept &= dated & table.who.notna().to_numpy()
    if once == "statement":
        order = np.flatnonzero(kept)
    else:
        order = np.concatenate([np.flatnonzero(kept & ~later), np.flatnonzero(kept & later)])
        unit = table.article_id if once == "article" else table.when.dt.to_period(PERIODS[once])
        same = combined(unit, table.who, table.topic, table.stance)
        order = order[~pd.Series(same[order]).duplicated().to_numpy()]
    in_time = [combined(table.article_id)[order], combined(table.when)[order]]
    table = table.iloc[order[np.lexsort(in_time)]]  # stable, and several times as fast as sort_values
    for name in ("who", "topic"):
        used = np.bincount(table[name].cat.codes, minlength=len(table[name].cat.categories)) > 0
        table[name] = table[name].cat.set_categories(table[name].cat.categories[used])
    table.attrs["undated"] = undated
    return table


def combined(*columns: pd.Series) -> np.ndarray:
    """A number for each combination of values, missing ones too, in the order of the first, the next, …: unsigned
    [n], in as few bytes as hold them, as those of two are sorted fastest."""
    number = np.zeros(len(columns[0]), dtype="int64")
    for column in columns:
        names = column.astype("category").cat
        number = number * (len(names.categories) + 1) + names.codes.to_numpy(dtype="int64") + 1
    return number.astype(np.min_scalar_type(number.max(initial=0)))


def fitting_period(dates: pd.Series, *, most: int, least: str = "month") -> str:
    """The shortest of month, quarter and year, from `least` on, of which `most` or fewer cover the dates."""
    names = list(PERIODS)[list(PERIODS).index(least) :]
    ends = dates.min(), dates.max()
    fits = (
        [name for name in names if len(pd.period_range(*ends, freq=PERIODS[name])) <= most]
        if dates.notna().any()
        else names
    )
    return (fits or ["year"])[0]


def trend(
    positions: pd.DataFrame, *, every: str = "month", draws: int = 500, seed: int = 0, **counting
) -> pd.DataFrame:
    """Mean position per who, topic and period ("day" to "year"), a row for the silent periods too.

    Columns: who, topic, period (its first day), n, neutral, articles, mean, low, high (95 %), thin. `n`
    counts positions with a value; a silent period has n = 0 and no mean. Without `draws` there is no interval.
    Options of `counted` pass through.
    """
    table = counted(positions, **counting)
    frame = table.assign(period=table.when.dt.to_period(PERIODS[every]))
    keys = ["who", "topic", "period"]
    rows = (
        frame.assign(neutral=frame.value.isna())
        .groupby(keys, observed=True)
        .agg(n=("value", "count"), neutral=("neutral", "sum"), mean=("value", "mean"))
    )
    valued = frame.dropna(subset="value")
    rows["articles"] = valued.groupby(keys, observed=True).article_id.nunique()
    rows["low"] = rows["high"] = np.nan
    if draws:
        cell = frame.groupby(keys, observed=True).ngroup().to_numpy()[frame.value.notna()]
        means = bootstrap_means(cell, valued, len(rows), draws=draws, seed=seed)
        rows["low"], rows["high"] = interval(means, where=rows.n > 0)
    rows = rows.reindex(_every_cell(frame, every))
    rows = rows.fillna({"n": 0, "neutral": 0, "articles": 0}).astype(
        {"n": int, "neutral": int, "articles": int}
    )
    rows["thin"] = rows.n.gt(0) & rows.articles.lt(THIN)
    rows = rows.reset_index()
    rows["period"] = rows.period.dt.start_time.astype("datetime64[us]")
    rows.attrs["undated"] = table.attrs["undated"]
    return rows[["who", "topic", "period", "n", "neutral", "articles", "mean", "low", "high", "thin"]]


def _every_cell(frame: pd.DataFrame, every: str) -> pd.MultiIndex:
    """Each who and topic that occur together, with each period from the first to the last of all."""
    pairs = frame[["who", "topic"]].drop_duplicates().sort_values(["who", "topic"])
    span = pd.period_range(frame.period.min(), frame.period.max(), freq=PERIODS[every]) if len(frame) else []
    grid = pairs.merge(pd.DataFrame({"period": pd.PeriodIndex(span, freq=PERIODS[every])}), how="cross")
    return pd.MultiIndex.from_frame(grid)


def smooth(
    positions: pd.DataFrame,
    *,
    days: float = 21,
    kernel: str = "gaussian",
    step: int = 7,
    draws: int = 500,
    seed: int = 0,
    table: pd.DataFrame | None = None,
    **counting,
) -> pd.DataFrame:
    """Kernel-weighted mean per who and topic on a grid of days, with a 95 % bootstrap band.

    `days`: standard deviation of the gaussian, half width of the others ("uniform" is the rolling mean).
    Without `draws` there is no band. `table`: what `counted` gives, or some who of it, where it is there already.
    Columns: who, topic, when, weight (positions within reach, each counted by its kernel weight), mean, low,
    high. Where the weight is under 1 the line has no support and the mean is missing: silence.
    """
    table = (counted(positions, **counting) if table is None else table).dropna(subset="value")
    if table.empty:
        return pd.DataFrame(columns=SMOOTH, dtype=float)
    start, end = table.when.min().normalize(), table.when.max().normalize()
    grid = pd.date_range(start, end + pd.Timedelta(days=step - 1), freq=f"{step}D")
    parts = []
    for (who, topic), group in table.groupby(["who", "topic"], observed=True):
        day, dates = pd.factorize(group.when.dt.normalize())
        reach = (grid.to_numpy()[:, None] - dates.to_numpy()[None, :]) / np.timedelta64(1, "D") / days
        weights = KERNELS[kernel](reach).astype(np.float32)
        total = weights @ np.bincount(day)
        silent = total < 1
        mean = weights @ np.bincount(day, group.value) / np.where(silent, np.nan, total)
        low = high = np.nan
        if draws:
            sums, counts = bootstrap_sums(day, group, len(dates), draws=draws, seed=seed)
            imaginary = np.random.default_rng(seed + 1).integers(-1, 2, draws)
            low, high = interval((weights @ sums + imaginary) / (weights @ counts + 1), where=~silent)
        columns = (who, topic, grid, total, mean, low, high)
        parts.append(pd.DataFrame(dict(zip(SMOOTH, columns, strict=True))))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=SMOOTH, dtype=float)


def gap(
    positions: pd.DataFrame,
    *,
    between: tuple[str, str] = ("Ukraine", "Russia"),
    by: str = "side",
    every: str = "month",
    draws: int = 500,
    seed: int = 0,
    **counting,
) -> pd.DataFrame:
    """How far two sides are apart on each topic and period: mean of the first minus mean of the second.

    Columns: topic, period, first, second (their means), n_first, n_second, gap, low, high (95 %). Only
    periods in which both took a position; 2 is the greatest possible distance.
    """
    table = counted(positions, by=by, **counting).dropna(subset="value")
    table = table[table.who.isin(between)]
    groups = table.groupby([table.topic, table.when.dt.to_period(PERIODS[every])], observed=True)
    cell, index = groups.ngroup().to_numpy(), groups.size().index
    second = (table.who == between[1]).to_numpy().astype(int)
    cells = max(len(index), 1)
    draw = bootstrap_means(cell + second * cells, table, 2 * cells, draws=draws, seed=seed)
    n = np.bincount(cell + second * cells, minlength=2 * cells).reshape(2, cells)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(cell + second * cells, table.value, minlength=2 * cells).reshape(2, cells) / n
    low, high = interval(draw[:cells] - draw[cells:])
    rows = (
        pd.DataFrame(
            {
                "topic": index.get_level_values(0).astype("str"),
                "period": index.get_level_values(1).start_time,
                "first": mean[0],
                "second": mean[1],
                "n_first": n[0],
                "n_second": n[1],
                "gap": mean[0] - mean[1],
                "low": low,
                "high": high,
            }
        )
        if len(index)
        else pd.DataFrame(
            columns=["topic", "period", "first", "second", "n_first", "n_second", "gap", "low", "high"]
        )
    )
    return rows[rows.gap.notna()].reset_index(drop=True)


def silence(positions: pd.DataFrame, *, as_of: pd.Timestamp | None = None, **counting) -> pd.DataFrame:
    """How long each who has been silent on each topic. Neutral words break a silence, as they are words.

    Columns: who, topic, n, last (date), stance (the last one), days (since then, up to `as_of`, by default
    the last date in the table), longest (the longest pause between two positions, in days).
    """
    table = counted(positions, **counting)
    as_of = as_of or table.when.max()
    pause = table.groupby(["who", "topic"], observed=True).when.diff().dt.days.astype("Int64")
    rows = (
        table.assign(pause=pause)
        .groupby(["who", "topic"], observed=True)
        .agg(n=("stance", "size"), last=("when", "last"), stance=("stance", "last"), longest=("pause", "max"))
    )
    rows["days"] = (as_of - rows["last"]).dt.days
    rows = rows.reset_index().sort_values(["days", "who"], ignore_index=True)
    return rows[["who", "topic", "n", "last", "stance", "days", "longest"]]


def clocks(positions: pd.DataFrame) -> pd.Series:
    """How many positions have which date, and how long after the words the article came (median, in days)."""
    said, published = positions.said_on.notna(), positions.date.notna()
    lag = (positions.date - positions.said_on).dt.days
    counts = {
        "positions": len(positions),
        "published date": published.sum(),
        "said on": said.sum(),
        "no said on": (~said).sum(),
        "undated": (~said & ~published).sum(),
    }
    return pd.Series(
        {name: int(n) for name, n in counts.items()} | {"median lag (days)": lag.median()}, dtype="object"
    )
