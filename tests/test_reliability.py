"""Agreement, disagreement, adjudication, and codings in place of tags."""

import pandas as pd
import pytest

from analysis import load_articles
from analysis.codings.coding_store import NONE, current, read_log, record
from analysis.codings import load_codings
from analysis.codings.reliability import adjudicate, agreed, agreement, disagreements, override, override_agreed
from analysis.explore.views import view

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example B: nominal, two coders.
MEG = "a a b b d c c c e d d a".split()
OWEN = "b a b b b c c c e d d d".split()


def coding(coder, start, stance, **more):
    return {
        "article_id": f"a{start % 4}",
        "speaker": "Lavrov",
        "topic": "meeting",
        "stance": stance,
        "start": start,
        "end": start + 5,
        "evidence": f"words {start}",
        "coder": coder,
    } | more


@pytest.fixture
def path(tmp_path):
    return tmp_path / "coded.csv"


@pytest.fixture
def coded(path):
    """Two coders on eight statements; they differ on two."""
    ab = ["support"] * 4 + ["oppose"] * 4
    cd = ["support"] * 3 + ["neutral", "oppose", "oppose", "oppose", NONE]
    record([coding("AB", n, stance) for n, stance in enumerate(ab)], path=path)
    record(
        [coding("CD", n, stance, note="not sure at all" * (n == 3)) for n, stance in enumerate(cd)], path=path
    )
    return current(read_log(path))


def table(*coders):
    return pd.DataFrame(
        [
            coding(name, n, label)
            for name, labels in zip("ABC", coders, strict=False)
            for n, label in enumerate(labels)
        ]
    )


def test_alpha_is_krippendorffs_published_value():
    row = agreement(table(MEG, OWEN), draws=20).loc["all topics"]
    assert row.alpha == pytest.approx(0.692, abs=5e-4) and row.units == 12 and row.same == 0.75
    assert row.alpha_low < row.alpha < row.alpha_high


def test_kappa_is_cohens_value_and_needs_no_unit_that_only_one_coded():
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert agreement(table(first, second), draws=0).kappa["meeting"] == pytest.approx(0.4)
    assert agreement(table([*first, "yes"], second), draws=0).kappa["meeting"] == pytest.approx(0.4)


def test_kappa_of_three_is_the_mean_of_the_pairs():
    row = agreement(table(MEG, OWEN, MEG), draws=0).loc["meeting"]
    pair = agreement(table(MEG, OWEN), draws=0).kappa["meeting"]
    assert row.kappa == pytest.approx((1 + 2 * pair) / 3) and row.coders == 3


def test_without_variation_or_second_coder_there_is_no_value():
    rows = agreement(table(["support"] * 3, ["support"] * 3), draws=5)
    assert rows.alpha.isna().all() and rows.same.tolist() == [1, 1]
    rows = agreement(table(["support"] * 3))
    assert list(rows.index) == ["all topics"] and rows.units.tolist() == [0]


def test_the_interval_is_the_same_each_time_and_wider_with_fewer_articles():
    few, many = (table(MEG * n, OWEN * n).assign(article_id=lambda t: t.start.astype(str)) for n in (1, 5))
    first, again, more = (agreement(t, draws=100).loc["meeting"] for t in (few, few, many))
    pd.testing.assert_series_equal(first, again)
    assert more.alpha_high - more.alpha_low < 0.7 * (first.alpha_high - first.alpha_low)


def test_on_an_article_the_stances_of_a_speaker_are_compared():
    rows = agreement(table(MEG, OWEN), unit="article", draws=0)
    assert rows.units["meeting"] == 4 and rows.same["meeting"] == 0.5


def test_disagreements_come_with_the_words(coded):
    rows = disagreements(coded)
    assert rows[["AB", "CD"]].values.tolist() == [["support", "neutral"], ["oppose", "none"]]
    assert rows.words.tolist() == ["words 3", "words 7"] and rows.notes.tolist() == [
        "CD: not sure at all",
        "",
    ]
    assert disagreements(coded[coded.coder == "AB"]).empty


def test_a_difference_is_settled_and_both_codings_stay(coded, path):
    unit = coded[(coded.coder == "AB") & (coded.start == 3)].iloc[0]
    act = adjudicate(unit.coding_id, "conditional", by="EF", condition="a ceasefire", path=path)
    now = current(read_log(path))
    assert now[now.start == 3].stance.tolist() == ["support", "neutral", "conditional"]
    assert read_log(path).loc[act, ["coder", "by"]].tolist() == ["adjudicated", "EF"]
    assert disagreements(now).words.tolist() == ["words 7"] and len(agreed(now)) == 7
    assert agreement(now, draws=0).equals(agreement(coded, draws=0))
    with pytest.raises(ValueError, match="no coding 'x'"):
        adjudicate("x", "support", by="EF", path=path)


def test_agreed_needs_as_many_coders_as_asked(coded):
    assert len(agreed(coded)) == 6 and agreed(coded[coded.coder == "AB"]).empty
    assert len(agreed(coded[coded.coder == "AB"], least=1)) == 8


def test_agreed_codings_take_the_place_of_tags():
    articles = load_articles()
    log = current(read_log())
    tags = load_codings(articles).assign(
        content_spans=lambda t: t.evidence_start.astype(str) + ":" + t.evidence_end.astype(str),
        coder="tagger",
    )
    first = log.iloc[0]
    assert override(tags, log[:0], articles).equals(tags)
    changed = override(tags, log[:1].assign(stance="oppose", coder="AB"), articles)
    assert len(changed) == 352 and changed[changed.coder == "AB"].stance.tolist() == ["oppose"]
    gone = override(tags, log[:1].assign(stance=NONE), articles)
    assert (
        len(gone) == 351
        and not (
            (gone.article_id == first.article_id)
            & (gone.speaker == first.speaker)
            & (gone.topic == first.topic)
        ).any()
    )
    renamed = override(tags, log[:1].assign(speaker="Somebody Else", coder="AB"), articles)
    assert len(renamed) == 352 and (renamed.coder == "AB").sum() == 1
    assert set(override(tags, agreed(log, unit="article", least=1), articles).coder) == {"reference"}
    twin = tags[:1].assign(evidence_start=0, evidence_end=1, content_spans="0:1", statement_id="x")
    twice = pd.concat([tags, twin], ignore_index=True)
    assert len(override(twice, log[:1], articles)) == 353
    assert len(override(twice, log[:1], articles, unit="article")) == 352


def test_what_two_agree_on_or_is_settled_is_in_every_chart_and_the_chart_says_so(path):
    articles = load_articles()
    spans = lambda t: t.evidence_start.astype(str) + ":" + t.evidence_end.astype(str)  # noqa: E731
    tags = load_codings(articles).assign(content_spans=spans, coder="tagger")
    mine = tags[(tags.topic == "meeting") & (tags.stance == "support")].head(3)
    codings = [
        {"article_id": row.article_id, "speaker": row.speaker, "topic": row.topic, "stance": "oppose"}
        | {"start": row.evidence_start, "end": row.evidence_end, "evidence": row.evidence}
        for row in mine.itertuples()
    ]
    record([coding | {"coder": "AB"} for coding in codings], path=path)
    assert override_agreed(tags, articles, path=path).equals(tags), "one coder alone changes nothing"
    record([coding | {"coder": "CD"} for coding in codings[:1]], path=path)
    record([codings[1] | {"coder": "CD", "stance": "neutral"}], path=path)
    adjudicate(current(read_log(path)).coding_id.iloc[1], "oppose", by="EF", path=path)
    now = override_agreed(tags, articles, path=path)
    assert now.coder.value_counts().to_dict() == {"tagger": 350, "AB": 1, "adjudicated": 1}
    assert (now.value.sum(), tags.value.sum()) == (tags.value.sum() - 4, tags.value.sum())
    n = (now.topic == "meeting").sum()
    seen = view(now, topics=["meeting"])
    assert seen.charts[0].caption.endswith(f" Coded by hand: 2 of {n} positions.")
    assert seen.drawings[0]["caption"] == seen.charts[0].caption
    assert str(seen.quotes()).count("coded by hand (adjudicated)") == 1
    assert "Coded by hand" not in view(tags, topics=["meeting"]).charts[0].caption


def test_charts_can_be_drawn_from_codings_alone():
    coded = load_codings()
    [chart] = view(coded, topics=["meeting"]).charts
    n = (coded.topic == "meeting").sum()
    assert chart.caption.endswith(f" Coded by hand: {n} of {n} positions.")
