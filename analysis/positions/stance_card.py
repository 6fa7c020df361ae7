"""The model card of the stance model: what it was learned from, how far it agrees with coders, what it gets
wrong."""

import pandas as pd

from analysis.positions.evaluate import agreement, breakdown, by_part, confusion, reliability

INTRO = """# Stance model

What it is: two logistic regressions over the features of `analysis/positions/signals.py`: is a statement a
position on a topic, and with which stance. Weights by name of feature in `stance.json` (no pickle); `python
-m analysis train stance` makes them anew. Version {version}, threshold of detection {threshold}.

Learned from: {sources}. The codings apply `data/codebook.yaml` twice and adjudicate; they are no
independent human sample, and two such passes agree at position F1 .94. The sentences of articles that are
not in `data/articles` are not part of the project; only weights of their words are.

How measured: out of fold by article ({folds} folds), so that no article is judged by a model that has seen
it. The threshold of detection and the scale of the confidence are, for each fifth of the articles, those
chosen on the predictions for the rest; the model as shipped has them as chosen on all. Chosen once on these
same predictions, so that they flatter a little: the strength of the penalties, the weight of words, and the
five numbers by which the statements of one speaker on one topic are settled (position F1 moves by .01 at most
for SWAY from 1 to 4, NAMED .4 to .7, PLAIN .55 to .8, UNLIKELY .1 to 1). Names are compared without case,
accents and transliteration.

What it leans on: the speaker's name (with the year) and the place in the article help to tell whether a
statement is a position, never which stance it is. The speaker's side does help with the stance, so that an
unexpected stance is found less often than the usual one: without it, stance accuracy is about .07 lower.
Without speaker and side, detection F1 is about .01 lower.
Confidence is calibrated (Platt scaling).
"""


def card(
    tagged: pd.DataFrame,
    codings: pd.DataFrame,
    baseline: pd.DataFrame,
    by_words: pd.Series,
    *,
    version: str,
    threshold: float,
    folds: int,
) -> str:
    """The card as Markdown: tagged has one row per position out of fold with confidence and quote; codings have
    `set`; baseline has what spotting keywords would tag, by_words the stance of each coding as its sentence's
    words alone tell it."""
    sources = "; ".join(
        f"{len(part)} codings of {part.article_id.nunique()} articles ({name})"
        for name, part in codings.groupby("set", sort=False)
    )
    parts = [INTRO.format(version=version, threshold=threshold, sources=sources, folds=folds)]
    for name, coded in codings.groupby("set", sort=False):
        usual = coded.stance.value_counts(normalize=True)
        parts += [
            f"## {name}: agreement\n",
            _table(agreement(coded, tagged)),
            "The same for the baseline (the topic's patterns in a statement's sentence, with the topic's "
            "most frequent stance):\n",
            _table(agreement(coded, baseline).head(1)),
            "Stance alone, given the right sentence: logistic regression over words and pairs of words, out of "
            "fold, is right "
            f"in {(by_words[coded.index] == coded.stance).mean():.3f} of the codings; the most "
            f"frequent stance ({usual.index[0]}) in {usual.iloc[0]:.3f}.\n",
            "What the coded positions were lost to:\n",
            _table(breakdown(coded, tagged).rename("positions").rename_axis("loss").reset_index()),
            "Coded stance (rows) and tagged stance (columns):\n",
            _table(confusion(coded, tagged).reset_index()),
            "Share of tagged positions that coders have too, by stance and by kind of quotation:\n",
            _table(by_part(coded, tagged, "stance")),
            _table(by_part(coded, tagged, "quote")),
        ]
    parts += ["## Reliability of the confidence\n", _table(reliability(codings, tagged))]
    return "\n".join(parts)


def _table(frame: pd.DataFrame) -> str:
    """A frame as a Markdown table, numbers to three places."""
    cells = [
        [f"{value:.3f}" if isinstance(value, float) else str(value) for value in row]
        for row in frame.itertuples(index=False, name=None)
    ]
    lines = [list(map(str, frame.columns)), ["---"] * frame.shape[1], *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
