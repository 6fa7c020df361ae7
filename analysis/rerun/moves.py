"""What moved between two runs: articles, positions, speakers, the main findings, and what nothing covers yet.

Each function takes the run before and the run after (see rerun.py) and returns a table. The two may differ in
their articles, in the codebook or roster, or in the models: what is compared is what came out.
"""

import numpy as np
import pandas as pd

from analysis import trends
from analysis.codebook import load_codebook
from analysis.trends.findings import CONTRASTS, Contrast, estimate
from analysis.rerun import Run
from analysis.speakers.roster import load_roster
from analysis.codebook.topics import names_topic

PLACE = ["article_id", "speaker", "topic", "content_spans"]  # what makes a position the same one in both runs
WORD = r"[A-Za-z][A-Za-z’'-]+"
SMALL = 0.005  # a difference that two decimals do not show
LEANS = 1.28  # standard errors by which a phrase leans to statements on no topic: 90 %, one-sided


def articles(before: Run, after: Run) -> pd.DataFrame:
    """Articles that are not as before: article_id, change, date, publisher, headline, statements, positions.

    change is "added", "removed", "changed" (any field), or "read otherwise" (the same article, other
    positions). The numbers are those after, of a removed article those before. In the order of dates.
    """
    was, now = (
        dict(zip(run.articles.article_id, run.articles.sha256, strict=True)) for run in (before, after)
    )
    otherwise = set(positions(before, after).article_id)
    changes = {name: _change(name, was, now) for name in was | now
               if was.get(name) != now.get(name) or name in otherwise}
    table = pd.concat([after.articles, before.articles]).drop_duplicates("article_id")
    table = table[table.article_id.isin(changes)].sort_values(["date", "article_id"], ignore_index=True)
    for kind in ("statements", "positions"):
        counts = [getattr(run, kind).article_id.value_counts() for run in (after, before)]
        table[kind] = [int(counts[changes[name] == "removed"].get(name, 0)) for name in table.article_id]
    table.insert(1, "change", pd.array([changes[name] for name in table.article_id], dtype="str"))
    return table.drop(columns=["url", "sha256"])


def _change(name: str, was: dict, now: dict) -> str:
    """What became of an article, by the SHA-256 of what was and what is there."""
    if name not in was or name not in now:
        return "added" if name in now else "removed"
    return "changed" if was[name] != now[name] else "read otherwise"


def positions(before: Run, after: Run) -> pd.DataFrame:
    """Positions of one run that the other has not: column change ("new" or "gone"), then those of positions.

    One whose stance turned is in it twice.
    """
    keys = [pd.MultiIndex.from_frame(run.positions[[*PLACE, "stance"]]) for run in (before, after)]
    gone, new = before.positions[~keys[0].isin(keys[1])], after.positions[~keys[1].isin(keys[0])]
    change = pd.array(["new"] * len(new) + ["gone"] * len(gone), dtype="str")
    table = pd.concat([new, gone], ignore_index=True)
    table.insert(0, "change", change)
    return table


def topics(before: Run, after: Run) -> pd.DataFrame:
    """Positions by topic in the articles of both runs: before, after, new, gone, turned (another stance).

    This tells what another codebook does: the articles are the same, what is made of them is not.
    """
    both = set(before.articles.article_id) & set(after.articles.article_id)
    stances = [
        run.positions[run.positions.article_id.isin(both)].drop_duplicates(PLACE).set_index(PLACE).stance
        for run in (before, after)
    ]
    table = pd.concat(stances, axis=1, keys=["before", "after"])
    there = table.notna()
    counts = there.assign(new=there.after & ~there.before, gone=there.before & ~there.after,
                          turned=there.all(axis=1) & (table.before != table.after))
    return counts.groupby("topic").sum().astype(int)


def speakers(before: Run, after: Run, *, by: str = "speaker", **counting) -> pd.DataFrame:
    """Who stands elsewhere or has said more or less, the greatest change of the mean first.

    Columns: who, topic, mean_before, mean_after, change, n_before, n_after, last_before, last_after (the
    latest stance that has a value), last_on, side. Counted as in the charts (see trends.counted): dated
    positions, once per article. The mean is missing where there was nothing.
    """
    summaries = [_summary(run.positions, by, counting) for run in (before, after)]
    table = summaries[0].join(summaries[1], how="outer", suffixes=("_before", "_after"))
    numbers = ["n_before", "n_after"]
    table[numbers] = table[numbers].fillna(0).astype(int)
    change = table.mean_after - table.mean_before
    moved = (change.abs() > 1e-9) | (table.n_before != table.n_after) | (
        table.last_before.fillna("") != table.last_after.fillna(""))
    table = table.assign(change=change, size=change.abs(), last_on=table.on_after.fillna(table.on_before))[
        moved
    ]
    table["side"] = table.side_after.fillna(table.side_before)
    table = table.sort_values(["size", "n_after"], ascending=False, kind="stable").reset_index()
    return table[
        [
            "who",
            "topic",
            "mean_before",
            "mean_after",
            "change",
            *numbers,
            "last_before",
            "last_after",
            "last_on",
            "side",
        ]
    ]


def _summary(positions: pd.DataFrame, by: str, counting: dict) -> pd.DataFrame:
    """Mean, n, last stance and its day of each who and topic."""
    table = trends.counted(positions, by=by, **counting).dropna(subset="value")
    table = table.assign(side=positions.side.loc[table.index], who=table.who.astype("str"),
                         topic=table.topic.astype("str"), stance=table.stance.astype("str"))
    return table.groupby(["who", "topic"]).agg(
        mean=("value", "mean"),
        n=("value", "count"),
        last=("stance", "last"),
        on=("when", "last"),
        side=("side", "last"),
    )


def findings(before: Run, after: Run, *, contrasts: tuple[Contrast, ...] = CONTRASTS) -> pd.DataFrame:
    """The main findings (see findings.py) before and after: estimate, 95 % interval, n, and a verdict."""
    rows = []
    for contrast in contrasts:
        was, now = (estimate(run.positions, contrast) for run in (before, after))
        row = {"finding": contrast.title}
        for when, found in (("before", was), ("after", now)):
            row |= {f"{name}_{when}": found[name] for name in ("estimate", "low", "high")}
            row[f"n_{when}"] = found["n_first"] + found["n_second"]
        rows.append(row | {"verdict": _verdict(was, now)})
    return pd.DataFrame(rows)


def _verdict(was: dict, now: dict) -> str:
    """In words: whether it can be told, then sign, certainty and size."""
    known = [not np.isnan(found["estimate"]) for found in (was, now)]
    if not all(known):
        return {(False, False): "too few positions", (False, True): "new", (True, False): "lost"}[
            tuple(known)
        ]
    clear = [found["low"] * found["high"] > 0 for found in (was, now)]
    growth = abs(now["estimate"]) - abs(was["estimate"])
    if not any(clear):
        return "still not clear"
    if np.sign(was["estimate"]) != np.sign(now["estimate"]):
        return "changed its sign"
    if not all(clear):
        return "became clear" if clear[1] else "no longer clear"
    return "unchanged" if abs(growth) < SMALL else "larger" if growth > 0 else "smaller"


def names(before: Run, after: Run) -> pd.DataFrame:
    """Named speakers of new and changed articles whom the roster does not know.

    Columns: who, statements, articles, example.
    """
    new = _new_statements(before, after)
    unknown = new[new.speaker.str[:1].str.isupper() & ~new.speaker.isin(list(load_roster().entries))]
    table = unknown.groupby("speaker").agg(
        statements=("statement_id", "count"), articles=("article_id", "nunique"), example=("context", "first")
    )
    table = table.sort_values("statements", ascending=False, kind="stable").rename_axis("who").reset_index()
    return table.assign(example=table.example.str.strip())


def phrases(before: Run, after: Run, *, top: int = 10) -> pd.DataFrame:
    """Phrases of new and changed articles that may want a topic: phrase, new, statements, covered, z.

    `new`: statements of these articles on no topic that hold the phrase; `statements` and `covered`: those of
    all articles on no topic, and on one. A phrase is listed where it leans to those on none: z is its
    log-odds ratio with the phrase's own frequency as prior, in standard errors (Monroe, Colaresi and Quinn
    2008). Words of names in the roster are left out.
    """
    all_, nothing = after.statements, pd.DataFrame(columns=["phrase", "new", "statements", "covered", "z"])
    fresh = _new_statements(before, after).statement_id
    if fresh.empty:
        return nothing
    from sklearn.feature_extraction.text import CountVectorizer  # a second that nothing else here needs

    book = load_codebook()
    covered = (
        all_.statement_id.isin(after.positions.statement_id)
        | all_.context.map(lambda text: names_topic(book, text)).astype(bool)
    ).to_numpy()
    new = all_.statement_id.isin(fresh).to_numpy() & ~covered
    counter = CountVectorizer(ngram_range=(1, 2), stop_words="english", binary=True, token_pattern=WORD)
    if not new.any():
        return nothing
    try:
        held = counter.fit_transform(all_.content)
    except ValueError:  # nothing but stop words
        return nothing
    free, taken, mine = (np.asarray(held[rows].sum(axis=0)).ravel() for rows in (~covered, covered, new))
    table = pd.DataFrame({"phrase": counter.get_feature_names_out(), "new": mine, "statements": free,
                          "covered": taken, "z": _log_odds(free, taken)})
    known = {word for name in load_roster().lexicon for word in name.split()}
    strange = ~table.phrase.str.split().map(
        lambda words: any(word.split("’")[0].split("'")[0] in known for word in words)
    )
    table = table[(mine > 0) & (free > 1) & (table.z > LEANS) & strange]
    return table.sort_values(["new", "z"], ascending=False, kind="stable").head(top).reset_index(drop=True)


def _log_odds(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How much more one group of texts uses each word than the other, in standard errors."""
    both = one + other
    rest = [group.sum() + both.sum() - group - both for group in (one, other)]
    counts = one + both, other + both
    difference = np.log(counts[0] / rest[0]) - np.log(counts[1] / rest[1])
    return difference / np.sqrt(1 / counts[0] + 1 / counts[1])


def _new_statements(before: Run, after: Run) -> pd.DataFrame:
    """The statements of articles that the run before had not, or not so."""
    new = after.articles.article_id[~after.articles.sha256.isin(before.articles.sha256)]
    return after.statements[after.statements.article_id.isin(new)]
