"""New articles in: one Markdown file with front matter each, in data/local/; nothing twice."""

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import yaml

from analysis.config import ARTICLES, LOCAL, InputError
from analysis.corpus.copies import duplicates
from analysis.corpus import Reading, load_articles
from analysis.corpus.fields import CHECKS, missing, plain_id
from analysis.output import replacing

ADDED_COLUMNS = ["article_id", "outcome", "reason", "date", "publisher", "headline", "url", "file"]
ADDRESS_NOISE = re.compile(r"^https?://(?:www\.|m\.|amp\.)?|[?&](?:utm_\w+|fbclid|gclid)=[^&#]*|#.*", re.I)
FIELDS = ("headline", "date", "publisher", "url")  # of the front matter, in this order


Place = str | os.PathLike


def add(paths: Place | Iterable[Place], *, date: object = None, publisher: str | None = None,
        url: str | None = None, headline: str | None = None, metadata: Place | None = None,
        local: Place = LOCAL) -> pd.DataFrame:
    """Add the articles of files and folders to `local`; one row says what became of each.

    What is given here comes before what the files say. Columns: ADDED_COLUMNS; outcome is "added", "linked"
    (added, and a near copy of another: the same words from another outlet, `same_as` in its front matter) or
    "refused" (the same address or text is there already, as article_id); reason says more. A run that goes on
    after one that was stopped gives the same files. `.attrs`: problems, left_out and removed, as of
    load_articles. Raises InputError for a wrong date or url, or where one url or headline is given to several
    articles; OSError where nothing can be written.
    """
    given = check({"date": date, "publisher": publisher, "url": url, "headline": headline})
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return store(load_articles(*paths, metadata=metadata), given, Path(local))


def add_article(text: str, *, date: object = None, publisher: str | None = None, url: str | None = None,
                headline: str | None = None, local: Place = LOCAL) -> pd.DataFrame:
    """Add one article by its text, as copied from a page; returns and raises as `add` does."""
    given = check({"date": date, "publisher": publisher, "url": url, "headline": headline})
    reading = Reading()
    reading.add_record({"article_id": "pasted", "text": text} | given, Path("pasted.txt"))
    articles = reading.table()
    articles = articles.assign(article_id=[name_of(article) for article in articles.itertuples()])
    return store(articles, given, Path(local))


def check(given: dict) -> dict:
    """The fields that were given, checked; InputError for one that is wrong."""
    try:
        checked = {name: CHECKS[name](value) for name, value in given.items() if not missing(value)}
    except (ValueError, OverflowError) as error:
        raise InputError("given", str(error)) from None
    return {name: value for name, value in checked.items() if value}


def name_of(article) -> str:
    """A file name such as 2025-08-22-the-moscow-times-envoys-meet-in-geneva."""
    day = "undated" if pd.isna(article.date) else f"{article.date:%Y-%m-%d}"
    words = [word for field in (article.publisher, article.headline) if not missing(field)
             for word in re.findall(r"\w+", field.casefold())[:8]]
    return plain_id("-".join([day, *words]))


def store(articles: pd.DataFrame, given: dict, local: Path) -> pd.DataFrame:
    """Write the articles that are new to `local`, and say what became of each."""
    if len(articles) > 1 and (single := {"url", "headline"} & set(given)):
        raise InputError("given", f"one {' and '.join(sorted(single))} for {len(articles)} articles")
    there = load_articles(ARTICLES, *[local] * local.is_dir())
    used = Counter(name.casefold() for name in (*there["article_id"], *(file.stem for file in local.glob("*"))))
    # What is refused takes no name: until that is known, the new ones have numbers that no name can be.
    wanted, names = list(articles["article_id"]), {}
    articles = articles.assign(**given, article_id=[f"/{number}" for number in range(len(articles))])
    address = same_address(articles, there)
    fresh = articles[~articles["article_id"].isin(address)]
    copies = duplicates(pd.concat([there, fresh], ignore_index=True)).set_index("article_id")
    rows = []
    for name, article in zip(wanted, articles.to_dict("records"), strict=True):
        key = article["article_id"]
        same_as, kind, _ = copies.loc[key] if key in copies.index else (address.get(key), "address", None)
        same_as = names.get(same_as, same_as)
        if same_as and kind != "near":
            names[key], outcome = same_as, "refused"
            reason = f"same {'text' if kind == 'exact' else 'address'} as {same_as}"
        else:
            names[key] = free_name(name, used)
            write(local / f"{names[key]}.md", article, same_as)
            outcome, reason = ("linked", f"near copy of {same_as}") if same_as else ("added", "")
        rows.append(
            article
            | {"article_id": names[key], "outcome": outcome, "reason": reason, "file": article["origin"]}
        )
    table = pd.DataFrame(rows, columns=ADDED_COLUMNS)
    table.attrs |= articles.attrs
    return table


def free_name(wanted: str, used: Counter) -> str:
    """The name, with a number after it where it is taken, which is noted in `used`; capitals make no
    difference."""
    free, key = wanted, wanted.casefold()
    while used[free.casefold()]:
        used[key] += 1
        free = f"{wanted}-{used[key]}"
    used[free.casefold()] += 1
    return free


def same_address(articles: pd.DataFrame, there: pd.DataFrame) -> dict[str, str]:
    """article_id of each article whose address another one has, there or before it, with that other's id."""
    first, found = {}, {}
    both = pd.concat([there, articles])
    for number, (name, url) in enumerate(zip(both["article_id"], both["url"], strict=True)):
        if missing(url):
            continue
        host, _, rest = ADDRESS_NOISE.sub("", url).partition("/")
        address = host.lower(), rest.rstrip("/?")
        if first.setdefault(address, name) != name and number >= len(there):
            found[name] = first[address]
    return found


def write(path: Path, article: dict, same_as: str | None) -> None:
    """Write an article as Markdown with front matter, whole or not at all."""
    head = {name: article[name] for name in FIELDS if not missing(article[name])}
    if "date" in head:
        head["date"] = head["date"].date()
    if same_as:
        head["same_as"] = same_as
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=10**6)
    with replacing(path) as draft:
        draft.write_text(f"---\n{front}---\n{article['text']}\n", encoding="utf-8", newline="\n")
