"""Articles without end, made by putting paragraphs of the shipped digests together anew, for tests of scale."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from analysis import load_articles
from analysis.config import ARTICLES

FIRST_DAY = date(2024, 1, 1)


def made_articles(count: int, *, words: int = 750, seed: int = 0) -> Iterator[dict]:
    """Articles of about `words` words with article_id, date, publisher, headline and text; the same each
    time."""
    digests = load_articles(ARTICLES)
    paragraphs = [p for text in digests.text for p in text.split("\n\n")]
    publishers, headlines = sorted(set(digests.publisher)), list(digests.headline)
    chance = random.Random(seed)
    for number in range(count):
        text, length = [], 0
        while length < words:
            text.append(chance.choice(paragraphs))
            length += len(text[-1].split())
        yield {
            "article_id": f"made-{number:07}",
            "date": str(FIRST_DAY + timedelta(days=chance.randrange(900))),
            "publisher": chance.choice(publishers),
            "headline": chance.choice(headlines),
            "text": "\n\n".join(text),
        }


def write_corpus(folder: Path, count: int, *, words: int = 150) -> Path:
    """A JSONL file of made articles in a folder."""
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps(a) + "\n" for a in made_articles(count, words=words)), "utf-8")
    return path
