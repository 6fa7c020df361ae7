import random

from analysis.attribution.variants import FORMS, dialogue, one_line, spell

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
