"""What moved is told exactly: nothing where nothing did, and each kind of change as it was made."""

import pandas as pd
import pytest

from analysis import find_statements, load_articles, load_codebook, tag_positions
from analysis.rerun import moves, moves_told
from analysis.config import ARTICLES, CODEBOOK
from analysis.trends.findings import Contrast
from analysis.rerun import Run, checksums

VALUES = {"support": 1.0, "conditional": 0.0, "oppose": -1.0, "neutral": float("nan")}
BASE = [("a", "2025-08-01", "Vladimir Putin", "Russia", "meeting", "oppose"),
        ("a", "2025-08-01", "Volodymyr Zelensky", "Ukraine", "meeting", "support"),
        ("b", "2025-08-10", "Vladimir Putin", "Russia", "meeting", "conditional")]

WORDS = "Two presidents might shake hands somewhere neutral before winter."


def run(rows, texts=None):
    """A run made of (article, date, speaker, side, topic, stance) and, by article, further words."""
    texts = texts or {}
    table = pd.DataFrame(rows, columns=["article_id", "date", "speaker", "side", "topic", "stance"])
    table["date"] = pd.to_datetime(table.date)
    words = [texts.get(name, WORDS) for name in table.article_id]
    table = table.assign(
        statement_id=table.article_id + "#" + (table.groupby("article_id").cumcount() + 1).astype(str),
        publisher="Example News",
        headline="H " + table.article_id,
        url=None,
        principal=None,
        second_hand=False,
        content_spans=table.groupby("article_id").cumcount().astype(str) + ":9",
        value=table.stance.map(VALUES),
        context=words,
        content=words,
    )
    articles = table.drop_duplicates("article_id")[["article_id", "date", "publisher", "headline", "url"]]
    articles = articles.assign(sha256=[name + texts.get(name, "") for name in articles.article_id])
    return Run(articles.reset_index(drop=True), table.drop(columns=["topic", "stance", "value"]),
               table.dropna(subset="topic"))


@pytest.fixture(scope="module")
def base():
    return run(BASE)


def test_nothing_moved(base):
    for table in (moves.articles, moves.positions, moves.speakers, moves.names, moves.phrases):
        assert table(base, base).empty
    assert moves.topics(base, base).loc["meeting"].to_list() == [3, 3, 0, 0, 0]
    assert set(moves.findings(base, base).verdict) <= {"too few positions", "still not clear", "unchanged"}
    assert moves_told.sentences(base, base) == [
        "Nothing moved: 2 articles with 3 positions, as before.",
        "4 of 4 main findings stand as before: same sign, certainty and size."]
    assert (
        moves_told.chart(base, base).caption
        == "No speaker has said more or less, or anything else, than before."
    )


def test_articles_added_removed_changed(base):
    after = run(
        [row for row in BASE if row[0] == "a"]
        + [("c", "2025-09-01", "Mark Rutte", "Europe", "meeting", "support")],
        {"a": "Other words."},
    )
    table = moves.articles(base, after)
    assert table[["article_id", "change", "statements", "positions"]].values.tolist() == [
        ["a", "changed", 2, 2], ["b", "removed", 1, 1], ["c", "added", 1, 1]]
    assert moves_told.sentences(base, after)[0].startswith(
        "Articles, 1 added, 1 changed, 1 removed: H a (Example News, 1 August 2025; changed; 2 statements, "
        "2 positions); H b"
    )


def test_the_same_articles_read_otherwise(base):
    turned = [BASE[0], (*BASE[1][:5], "conditional"), (*BASE[2][:4], "territory", "conditional")]
    after = run(turned)
    assert moves.articles(base, after).change.to_list() == ["read otherwise", "read otherwise"]
    assert moves.topics(base, after).to_dict("index") == {
        "meeting": {"before": 3, "after": 2, "new": 0, "gone": 1, "turned": 1},
        "territory": {"before": 0, "after": 1, "new": 1, "gone": 0, "turned": 0}}
    assert moves.positions(base, after)[["change", "topic", "stance"]].values.tolist() == [
        ["new", "meeting", "conditional"], ["new", "territory", "conditional"],
        ["gone", "meeting", "support"], ["gone", "meeting", "conditional"]]
    assert any("Putin–Zelensky meeting: 0 new, 1 gone, 1 with another stance (n = 3 → 2)" in s
               for s in moves_told.sentences(base, after))


def test_speakers(base):
    after = run([*BASE, ("c", "2025-09-01", "Vladimir Putin", "Russia", "meeting", "support"),
                 ("c", "2025-09-01", "Mark Rutte", "Europe", "territory", "oppose"),
                 ("d", None, "Volodymyr Zelensky", "Ukraine", "meeting", "oppose")])
    table = moves.speakers(base, after).set_index("who")
    assert list(table.index) == ["Vladimir Putin", "Mark Rutte"]
    putin = table.loc["Vladimir Putin"]
    assert putin[["mean_before", "mean_after", "change", "n_before", "n_after"]].to_list() == [
        -0.5,
        0.0,
        0.5,
        2,
        3,
    ]
    assert (putin.last_before, putin.last_after, putin.last_on) == (
        "conditional",
        "support",
        pd.Timestamp("2025-09-01"),
    )
    rutte = table.loc["Mark Rutte"]
    assert pd.isna(rutte.mean_before) and (rutte.mean_after, rutte.n_before, rutte.side) == (-1, 0, "Europe")
    back = moves.speakers(after, base).set_index("who")
    assert pd.isna(back.loc["Mark Rutte", "mean_after"]) and back.loc["Vladimir Putin", "change"] == -0.5
    told = " ".join(moves_told.sentences(base, after))
    assert "Vladimir Putin on Putin–Zelensky meeting from −0.50 (n = 2) to +0.00 (n = 3)" in told
    assert "1 position without a date: in no mean." in told
    assert moves_told.chart(base, after).caption == (
        "2 means of a speaker on a topic with other positions than before, 1 moved; greatest change: "
        "Vladimir Putin on Putin–Zelensky meeting, +0.50 (n = 2 → 3)."
    )
    assert moves_told.chart(after, base).png().startswith(b"\x89PNG")


def many(first, second, n=12):
    """n articles in each of which Ukraine and Russia take these positions on a meeting."""
    return run(
        [
            (f"{i:02d}", "2025-08-01", *who, "meeting", stance)
            for i in range(n)
            for who, stance in (
                (("Volodymyr Zelensky", "Ukraine"), first),
                (("Vladimir Putin", "Russia"), second),
            )
        ]
    )


@pytest.mark.parametrize("before, after, verdict", [
    (("support", "oppose"), ("oppose", "support"), "changed its sign"),
    (("support", "oppose"), ("support", "conditional"), "smaller"),
    (("support", "conditional"), ("support", "oppose"), "larger"),
    (("support", "oppose"), ("support", "support"), "changed its sign"),
    (("support", "support"), ("oppose", "oppose"), "still not clear"),
    (("support", "neutral"), ("support", "oppose"), "new"),
    (("support", "oppose"), ("neutral", "oppose"), "lost"),
    (("neutral", "oppose"), ("neutral", "oppose"), "too few positions"),
    (("support", "oppose"), ("support", "oppose"), "unchanged"),
])
def test_findings(before, after, verdict):
    table = moves.findings(
        many(*before), many(*after), contrasts=(Contrast("C", "meeting", "Ukraine", "Russia"),)
    )
    assert table.verdict.to_list() == [verdict] and len(table) == 1
    assert table.n_before[0] == 12 * (2 - before.count("neutral"))


def test_certainty():
    few, more = many("conditional", "oppose", n=1), many("conditional", "oppose")
    contrasts = (Contrast("C", "meeting", "Ukraine", "Russia"),)
    assert moves.findings(few, more, contrasts=contrasts).verdict[0] == "became clear"
    assert moves.findings(more, few, contrasts=contrasts).verdict[0] == "no longer clear"


def test_names_and_phrases_that_nothing_covers(base):
    talk = "Grain corridors matter."
    after = run(
        [
            *BASE,
            ("c", "2025-09-01", "Jane <b>Doe", "", None, None),
            ("c", "2025-09-01", "officials", "", None, None),
            *[("d", "2025-09-02", "Emmanuel Macron", "Europe", None, None)] * 9,
        ],
        {"c": talk, "d": talk},
    )
    assert moves.names(base, after).values.tolist() == [["Jane <b>Doe", 1, 1, talk]]
    table = moves.phrases(base, after)
    assert list(table.phrase)[:2] == ["corridors", "corridors matter"] and set(table.new) == {11}
    assert moves.phrases(after, after).empty
    html = str(moves_told.told(base, after))
    assert (
        "Jane &lt;b&gt;Doe (1 statement)" in html
        and "“corridors” (11 statements on no topic, 0 on one)" in html
    )


def test_two_versions_of_the_codebook(tmp_path):
    """Without its words for a meeting, a codebook finds none; the other topics stay as they are."""
    articles = load_articles(ARTICLES).iloc[36:42]
    statements, text = find_statements(articles), CODEBOOK.read_text("utf-8")
    place = text.index("  meeting:", text.index("\ntopics:"))
    path = tmp_path / "codebook.yaml"
    path.write_text(f"{text[:place]}  nothing:{text[place + len('  meeting:'):]}", "utf-8")
    before, after = (
        Run(articles.assign(sha256=checksums(articles)), statements, tag_positions(statements, codebook=book))
        for book in (load_codebook(), load_codebook(path))
    )
    table = moves.topics(before, after)
    assert table.loc["meeting", ["after", "new", "turned"]].to_list() == [0, 0, 0]
    assert (
        table.loc["meeting", "gone"] == table.loc["meeting", "before"] > 0 and table.loc["nothing", "new"] > 0
    )
    assert not table.drop(["meeting", "nothing"])[["new", "gone", "turned"]].any(axis=None)
    assert set(moves.articles(before, after).change) == {"read otherwise"}
