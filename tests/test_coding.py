"""Coding by hand, without a browser (test_lab.py has it in one)."""

from threading import Event, Thread
from time import sleep

import pandas as pd
import pytest

from analysis import load_articles
from analysis.coding import Session, queue
from analysis.codings.coding_store import current, read_log
from analysis.coding.coding_widget import Desk, coder
from analysis.codings import load_codings


@pytest.fixture(scope="module")
def articles():
    return load_articles()


@pytest.fixture(scope="module")
def tagged(articles):
    """Some positions as the tagger has them, made of codings."""
    table = load_codings(articles)[:40]
    spans = table.evidence_start.astype(str) + ":" + table.evidence_end.astype(str)
    return table.assign(content_spans=spans, coder="tagger", confidence=[n / 40 for n in range(40)])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "coded.csv"


@pytest.fixture
def session(tagged, articles, path):
    return Session("AB", queue(tagged), articles, path)


@pytest.fixture
def desk(session):
    return Desk(session, blind=True)


def standing(path):
    return current(read_log(path))


def test_the_queue_holds_each_statement_and_topic_once(tagged):
    twice = queue(pd.concat([tagged, tagged]))
    assert len(twice) == len(queue(tagged)) == len(tagged)
    assert twice.statement_id.tolist() == queue(tagged).statement_id.tolist() != tagged.statement_id.tolist()
    assert queue(tagged, seed=1).statement_id.tolist() != twice.statement_id.tolist()


def test_the_least_sure_and_the_weightiest_come_first(tagged):
    assert queue(tagged, order="uncertainty").confidence.is_monotonic_increasing
    same = tagged.assign(confidence=0.5)
    month = same.date.dt.to_period("M")
    n = same.groupby([same.side, same.topic, month], dropna=False).topic.transform("size")
    first = queue(same, order="impact").statement_id.iloc[0]
    assert n[same.statement_id == first].item() == n.min() < n.max()
    with pytest.raises(ValueError, match="'best' is none of"):
        queue(tagged, order="best")


@pytest.fixture(scope="module")
def mixed(tagged):
    """A queue of which each second statement is untagged."""
    return queue(tagged[::2], tagged.drop(columns=["topic", "stance", "confidence", "value"]))


def test_what_the_tagger_left_is_mixed_in(tagged, mixed):
    found = mixed.statement_id.isin(tagged[::2].statement_id)
    assert sorted(mixed.statement_id) == sorted(tagged.statement_id) and found.sum() == 20
    assert (mixed.stance[~found] == "none").all() and mixed.topic.notna().all()
    assert 0 < found[:10].sum() < 10, "at random, not one kind after the other"
    for order in ("uncertainty", "impact"):
        assert len(queue(tagged[::2], tagged, order=order)) == 20


def test_blind_coding_does_not_tell_which_were_tagged(mixed, articles, path):
    """The same statement looks the same, tagged or not."""
    told = mixed.assign(stance="support", confidence=0.9, condition="peace")
    desks = [Desk(Session("AB", table, articles, path), blind=True) for table in (mixed, told)]
    for _ in mixed.index:
        looks = [
            (desk.head.value, desk.article.value, *(field.value for field in desk.fields.values()))
            for desk in desks
        ]
        assert looks[0] == looks[1]
        for desk in desks:
            desk.session.skip()
            desk.show()
    place = mixed.index[mixed.stance == "none"][0]
    assert "says: none.<" in Desk(Session("CD", mixed[place:], articles, path), blind=False).head.value


def test_a_coding_has_the_words_and_what_was_chosen(session, path, articles):
    item = session.item
    session.code("conditional", condition=" peace ", note="hm", unsure=True, second_hand=True, speaker="X Y")
    row = standing(path).iloc[0]
    assert row[["article_id", "topic", "stance", "condition", "note", "speaker", "coder"]].tolist() == [
        item.article_id,
        item.topic,
        "conditional",
        "peace",
        "hm",
        "X Y",
        "AB",
    ]
    assert row.unsure and row.second_hand and session.item.statement_id != item.statement_id
    text = articles.set_index("article_id").text[row.article_id]
    assert text[row.start : row.end] == row.evidence == item.evidence


def test_skip_and_undo(session, path):
    first = session.item.statement_id
    session.skip()
    second = session.item.statement_id
    session.code("support")
    assert session.undo() and session.item.statement_id == second and standing(path).empty
    assert not session.undo()
    assert [session.table.statement_id[place] for place in session.left][-1] == first


def test_a_later_session_asks_only_what_is_left(session, tagged, articles, path):
    for _ in range(3):
        session.code("oppose")
    assert Session("AB", session.table, articles, path).left == session.left
    assert len(Session("CD", session.table, articles, path).left) == len(tagged)
    with pytest.raises(ValueError, match="initials"):
        Session(" ", session.table, articles, path)


def test_buttons_code(desk, path):
    for name in ("support", "neutral", "none"):
        desk.buttons[name].click()
    assert standing(path).stance.tolist() == ["support", "neutral", "none"]
    desk.buttons["undo"].click()
    assert standing(path).stance.tolist() == ["support", "neutral"] and "Taken back" in desk.status.value


def test_keys_code_tick_skip_and_undo(desk, path):
    for typed in ("s", "sh", "shq", "shqo", "shqok", "shqokn", "shqoknu", "shqoknuz", "shq", "shqX"):
        desk.keys.value = typed
    rows = standing(path)
    assert rows.stance.tolist() == ["support", "oppose", "none"]
    assert rows.unsure.tolist() == [False, True, False]


def test_clicks_in_two_threads_code_two_statements(desk, session, path, monkeypatch):
    """JupyterLab may hand them to two; both would code the same statement if one did not wait."""
    begun, code = Event(), session.code

    def slow(*args, **given):
        begun.set()
        sleep(0.3)
        return code(*args, **given)

    first, second = session.left[:2]
    monkeypatch.setattr(session, "code", slow)
    clicked = Thread(target=desk.buttons["support"].click)
    clicked.start()
    assert begun.wait(10)
    desk.buttons["oppose"].click()
    clicked.join()
    rows = standing(path)
    assert rows.stance.tolist() == ["support", "oppose"] and session.left[0] not in (first, second)


def test_conditional_needs_its_condition_and_says_so(desk, path):
    desk.buttons["conditional"].click()
    assert "names its condition" in desk.status.value and not path.exists()
    desk.fields["condition"].value = "after a ceasefire"
    desk.buttons["conditional"].click()
    assert standing(path).condition.tolist() == ["after a ceasefire"] and desk.fields["condition"].value == ""


def test_blind_hides_what_the_tagger_says(session):
    assert "tagger says" not in Desk(session, blind=True).head.value
    assert f"The tagger says: {session.item.stance}" in Desk(session, blind=False).head.value


def test_the_statement_is_marked_in_its_article(desk):
    item = desk.session.item
    assert f"<mark>{item.evidence.split()[0]}" in desk.article.value


def test_the_end_is_told(desk, tagged):
    for _ in range(len(tagged) + 1):
        desk.buttons["neutral"].click()
    assert "All is coded" in desk.head.value and "All is coded" in desk.status.value
    desk.buttons["undo"].click()
    assert "To code: 1." in desk.head.value


def test_every_control_has_a_label(desk):
    for control in [*desk.fields.values(), *desk.buttons.values(), desk.keys]:
        assert control.description
    assert all(button.tooltip for button in desk.buttons.values())


def test_coder_is_one_widget(tagged, articles, path):
    assert coder("AB", tagged, articles=articles, path=path).children
