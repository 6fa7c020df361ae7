"""Keyword in context: where words occur in statements, one line each."""

import pandas as pd
from nltk.text import ConcordanceIndex
from nltk.tokenize import NLTKWordTokenizer

COLUMNS = ["left", "match", "right", "date", "speaker", "publisher", "statement_id"]


def concordance(
    statements: pd.DataFrame, phrase: str, *, width: int = 40, limit: int | None = None
) -> pd.DataFrame:
    """Each occurrence of a word or phrase in the statements' sentences, in their order, as COLUMNS.

    Whole words, in any case. `width`: characters on either side. A sentence that holds several statements is
    searched once. No phrase, no lines. Source: nltk.text.ConcordanceIndex.
    """
    tokenize = NLTKWordTokenizer().tokenize
    words = tokenize(phrase.lower())
    rows = []
    sentences = statements.drop_duplicates(["article_id", "context_start"])
    sentences = (
        sentences[sentences.context.str.lower().str.contains(words[0], regex=False)]
        if words
        else sentences[:0]
    )
    for row in sentences.itertuples():
        index = ConcordanceIndex(tokenize(row.context), key=str.lower)
        for line in index.find_concordance(words, width=2 * width + len(" ".join(words)) + 2):
            rows.append(
                (
                    line.left_print,
                    line.query,
                    line.right_print,
                    row.date,
                    row.speaker,
                    row.publisher,
                    row.statement_id,
                )
            )
        if limit and len(rows) >= limit:
            break
    return pd.DataFrame(rows[:limit], columns=COLUMNS)
