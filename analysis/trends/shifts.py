"""Who moved: the shifts and contradictions as tables, each with the words before and after."""

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis import trends
from analysis.trends.results import words_of
from analysis.trends.resampling import bootstrap_means, false_discovery, interval

LEAST = 3  # articles needed before and after a shift
CLEAR = 0.05  # the false discovery rate up to which a shift is called one
ENOUGH = 100  # orders that are as great settle that p is no small one
ORDERS, AT_ONCE = 500, 30_000  # orders tried before p is looked at, and values in them: of long series fewer orders
MANY = 1000  # articles of one series beyond which shuffling would be slow
HINT = "a hint, not clear among so many tests"
NO_SHIFT = "no evidence of a shift"
WORDS = {"date": "date", "evidence": "quote", "publisher": "publisher", "url": "url"}  # as they are called here
SHIFT_COLUMNS = [
    "who",
    "topic",
    "mean_before",
    "mean_after",
    "change",
    "low",
    "high",
    "n_before",
    "n_after",
    "last_before",
    "first_after",
    "p",
    "p_adjusted",
    "verdict",
]


def shifts(
    positions: pd.DataFrame,
    *,
    by: str = "speaker",
    at: str | pd.Timestamp | None = None,
    least: int = LEAST,
    permutations: int = 2000,
    seed: int = 0,
    **counting,
) -> pd.DataFrame:
    """The clearest break of each who on each topic, with a test; largest change first.

    For every day that parts the articles into two groups of at least `least`, the means before and after are
    compared; the break is where the standardised difference is greatest. p is the share of random orders of
    the articles whose greatest difference is as great: the search for the day is thus paid for (a permutation
    test of the maximum; articles, not positions, are shuffled; no more orders are tried once ENOUGH of them
    are as great: Besag and Clifford 1991). With `at`, a day chosen beforehand, only that
    day is tried: before it against from it on. p_adjusted is Benjamini and Hochberg's over all pairs tested.
    low and high: 95 % bootstrap interval of the change at that break, which knows nothing of the search.
    `.attrs` counts the pairs "tested" and those with "too_few" articles, and the "undated" rows. The words of
    the last position before the break and the first after it, where they show the change, come with their
    publisher and link (date_before, quote_before, …). Options of `trends.counted` pass through.
    """
    table = trends.counted(positions, by=by, **counting).dropna(subset="value")
    table = _by_pair(table.assign(day=table.when.dt.normalize()))
    pairs = _starts(table, "who", "topic")
    articles = _starts(table, "who", "topic", "day", "article_id")
    values, days = table.value.to_numpy(), table.day.to_numpy()
    means = np.add.reduceat(values, articles) / np.diff(articles, append=len(values)) if len(values) else values
    random, rows = np.random.default_rng(seed), []
    names = table[["who", "topic"]].iloc[pairs].to_dict("records")
    for (start, end), name in zip(pairwise([*pairs, len(table)]), names, strict=True):
        own = slice(*np.searchsorted(articles, (start, end)))
        found = _break(means[own], days[articles[own]], at, least, permutations, random)
        if found:
            split = articles[own][found.pop("split")]
            rows.append(name | {"start": start, "split": split, "end": end} | found)
    columns = ["who", "topic", "start", "split", "end", "last_before", "first_after", "p"]
    found, too_few = pd.DataFrame(rows, columns=columns), len(pairs) - len(rows)
    found["p_adjusted"] = false_discovery(found.p.to_numpy(dtype=float))
    tested = [np.arange(start, end) for start, end in zip(found.start, found.end, strict=True)]
    table = table.iloc[np.concatenate([np.arange(0), *tested])]
    found = _sizes(found, table, seed)
    words = _words_around(found, table, positions)
    found = found.join(words)
    order = found.change.abs().sort_values(ascending=False, kind="stable").index
    found = found.loc[order].reset_index(drop=True)
    found.attrs |= {"tested": len(found), "too_few": too_few, "undated": table.attrs["undated"]}
    return found[[*SHIFT_COLUMNS, *words]]


def _by_pair(table: pd.DataFrame) -> pd.DataFrame:
    """What `trends.counted` gives with the rows of each who and topic together, still in time."""
    return table.iloc[np.argsort(trends.combined(table.who, table.topic), kind="stable")]


def _starts(table: pd.DataFrame, *columns: str) -> np.ndarray:
    """The rows at which one of the columns changes, the first one included."""
    changed = np.arange(len(table)) == 0
    for name in columns:
        code = pd.factorize(table[name])[0]
        changed[1:] |= code[1:] != code[:-1]
    return np.flatnonzero(changed)


def _break(values: np.ndarray, days: np.ndarray, at, least: int, permutations: int, random) -> dict | None:
    """Where one series breaks, and how often chance breaks it as clearly; None where it is too short."""
    n = len(values)
    ends = np.flatnonzero(np.append(days[1:] != days[:-1], True))[:-1] + 1  # articles up to each day's end
    splits = ends if at is None else np.array([np.searchsorted(days, np.datetime64(pd.Timestamp(at)))])
    splits = splits[(splits >= least) & (splits <= n - least)]
    if not len(splits):
        return None
    scale = np.sqrt(n / (splits * (n - splits)))
    centred = (values - values.mean()).astype(np.float32)
    real = np.abs(centred.cumsum()[splits - 1]) * scale
    best, tried, exceed = splits[real.argmax()], 0, 0
    most = min(ORDERS, max(AT_ONCE // n, ENOUGH))
    while tried < permutations and exceed < ENOUGH:
        orders = min(most, permutations - tried)
        chance = np.abs(_shuffled_sums(centred, splits, orders, random)) * scale
        exceed += (chance.max(axis=1) >= real.max() - 1e-5).sum()
        tried += orders
    p = (1 + exceed) / (1 + tried)
    return {"split": best, "last_before": days[best - 1], "first_after": days[best], "p": p}


def _shuffled_sums(centred: np.ndarray, splits: np.ndarray, orders: int, random) -> np.ndarray:
    """Sums of the first k of the shuffled values, for each k in splits: shape (orders, splits).

    Beyond MANY values the sums are drawn from their limit, a Brownian bridge, which is as good and fast.
    """
    n = len(centred)
    if n <= MANY:
        rows = np.tile(centred.astype(float), (orders, 1))  # eight bytes are shuffled faster than four
        return random.permuted(rows, axis=1, out=rows).cumsum(axis=1)[:, splits - 1]
    steps = np.diff(splits, prepend=0, append=n)
    walk = (random.standard_normal((orders, len(steps)), "f") * np.sqrt(steps, dtype="f")).cumsum(axis=1)
    return centred.std() * (walk[:, :-1] - walk[:, -1:] * (splits / n).astype("f"))


def _sizes(found: pd.DataFrame, table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Means, numbers and interval of the change at each break, and the verdict; `table` has the pairs' rows."""
    n = np.stack([found.split - found.start, found.end - found.split]).astype("int64")
    cells = np.repeat(np.arange(n.size).reshape(n.shape).ravel("F"), n.ravel("F"))
    means = bootstrap_means(cells, table, max(n.size, 1), draws=1000, seed=seed)
    low, high = interval(means[len(found) : 2 * len(found)] - means[: len(found)])
    mean = np.bincount(cells, table.value, minlength=n.size).reshape(n.shape) / np.maximum(n, 1)
    change = mean[1] - mean[0]
    towards = np.where(change > 0, "towards support", "towards opposition")
    verdict = np.select(
        [found.p_adjusted <= CLEAR, found.p <= CLEAR], ["moved " + towards.astype(object), HINT], NO_SHIFT
    )
    return found.assign(
        n_before=n[0],
        n_after=n[1],
        mean_before=mean[0],
        mean_after=mean[1],
        change=change,
        low=low,
        high=high,
        verdict=verdict,
    )


def _words_around(found: pd.DataFrame, table: pd.DataFrame, positions: pd.DataFrame) -> pd.DataFrame:
    """Quote, publisher and link before and after each break: the nearest first-hand position on its
    own mean's side of the middle; where there is none, a second-hand one; failing that, the nearest."""
    n = found[["n_before", "n_after"]].to_numpy().ravel()  # before and after the first break, the second, …
    middle = np.repeat((found.mean_before + found.mean_after) / 2, found.n_before + found.n_after)
    own = np.repeat(found[["mean_before", "mean_after"]].to_numpy().ravel(), n)
    shows = (table.value.to_numpy() - middle) * (own - middle) > 0
    far = np.arange(len(table)) * np.repeat(np.tile([-1, 1], len(found)), n)  # before a break the last is nearest
    worse = np.where(shows, table.second_hand, 2)
    order = np.lexsort([far, worse, np.repeat(np.arange(len(n)), n)])
    words = words_of(positions, table.index[order[np.cumsum(n) - n]], list(WORDS))
    before, after = (words.iloc[place::2].rename(columns=WORDS).set_axis(found.index) for place in (0, 1))
    return before.add_suffix("_before").join(after.add_suffix("_after"))


def contradictions(
    positions: pd.DataFrame, *, days: int = 14, by: str = "speaker", **counting
) -> pd.DataFrame:
    """Where the same who supports and opposes the same thing within `days`: one row per turn, in time.

    Conditional and neutral positions in between are passed over. Columns: who, topic, days, second_hand
    (whether either was told by another), and date, stance, quote, publisher, url, each _before and _after.
    Topics are broad: a yes to one form and a no to another of the same topic is listed too. Read the words.
    """
    table = trends.counted(positions, by=by, **counting)
    table = _by_pair(table[table.value.abs() == 1])
    before = table.groupby(["who", "topic"], observed=True)[["value", "when"]].shift()
    apart = (table.when - before.when).dt.days
    turn = np.flatnonzero((before.value == -table.value) & (apart <= days))  # each after the row it contradicts
    turn = turn[np.argsort(table.when.to_numpy()[turn], kind="stable")]
    was, now = table.iloc[turn - 1], table.iloc[turn]
    rows = pd.DataFrame(
        {
            "who": now.who.astype("str").array,
            "topic": now.topic.astype("str").array,
            "days": apart.iloc[turn].astype(int).to_numpy(),
            "second_hand": was.second_hand.to_numpy() | now.second_hand.to_numpy(),
        }
    )
    words = words_of(positions, was.index.append(now.index), ["evidence", "publisher", "url"])
    for name, side, said in (("before", was, words[: len(was)]), ("after", now, words[len(was) :])):
        rows[f"date_{name}"] = side.when.to_numpy()
        rows[f"stance_{name}"] = side.stance.astype("str").array
        for column in said:
            rows[f"{WORDS[column]}_{name}"] = said[column].array
    return rows
