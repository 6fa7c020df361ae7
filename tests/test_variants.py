import random

from analysis.attribution.variants import FORMS, dialogue, one_line, spell, turned

TEXT = "“We will build the bridge in May,” Ann Moore said.\nIt rained."
ARTICLE = {"article": "a", "text": TEXT, "attributions": [
    {"source": [[35, 44]], "cue": [[45, 49]], "content": [[0, 34]]}]}


def test_one_line_keeps_the_offsets():
    text = one_line(ARTICLE)["text"]
    assert "\n" not in text and len(text) == len(TEXT) and text[35:44] == "Ann Moore"


def test_every_form_marks_source_cue_and_content():
    for form in FORMS:
        text, spans = spell("Before.\n", form, "Ann Moore", "We will. We must.")
        found = {name: text[s:e] for name, [(s, e)] in spans.items()}
        assert found["source"] == "Ann Moore" and found["cue"] in ":–—"
        assert found["content"] == ("“We will. We must.”" if "M" in form else "We will. We must")


def test_a_dialogue_tells_what_is_quoted_with_its_spans():
    seen = set()
    for seed in range(60):
        talk = dialogue(ARTICLE, random.Random(seed))
        [spans] = talk["attributions"]
        words = {name: talk["text"][s:e] for name, [(s, e)] in spans.items()}
        assert words["content"].strip("“”") in ("We will build the bridge in May", "We will build the bridge in May.")
        seen.add(words["source"])
    assert {"Ann Moore", "ANN MOORE", "@AnnMoore", "Q"} <= seen


def test_an_article_without_quotations_gives_no_dialogue():
    assert dialogue(ARTICLE | {"attributions": []}, random.Random(0))["attributions"] == []


TOLD = "It rained. The mayor said that the old bridge would open in May. Ann Moore told us, “No,” later.\nHe said to wait."


def spans(text, **parts):
    """An attribution by its words: each part at its first place in the text."""
    return {part: [[text.index(words), text.index(words) + len(words)]] for part, words in parts.items()}


FOUND = [
    spans(TOLD, source="The mayor", cue="said", content="that the old bridge would open in May"),
    spans(TOLD, source="Ann Moore", cue="told", content="“No,”"),
    spans(TOLD, source="He", cue="said", content="to wait"),
]


def words_of(article):
    return [
        {part: [article["text"][s:e] for s, e in a[part]] for part in a} for a in article["attributions"]
    ]


def test_the_source_comes_behind_the_words_and_all_spans_move_with_them():
    texts = set()
    for seed in range(20):
        article = turned({"article": "a", "text": TOLD, "attributions": FOUND}, random.Random(seed))
        first, *others = words_of(article)
        assert first["source"] == ["the mayor"] and first["cue"] == ["said"]
        assert " ".join(first["content"]) == "The old bridge would open in May"
        assert others == words_of({"text": TOLD, "attributions": FOUND})[1:]
        texts.add(article["text"])
    tail = ". Ann Moore told us, “No,” later.\nHe said to wait."
    assert texts == {
        f"It rained. The old bridge would open in May, the mayor said{tail}",
        f"It rained. The old bridge, the mayor said, would open in May{tail}",
    }


def test_a_sentence_that_another_attribution_divides_stays():
    other = spans(TOLD, source="The mayor", cue="said", content="that the old")
    attributions = [FOUND[0], other | {"content": [[TOLD.index("rained"), TOLD.index("bridge")]]}]
    article = {"article": "a", "text": TOLD, "attributions": attributions}
    assert turned(article, random.Random(0)) == article
