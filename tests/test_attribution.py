import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.attribution import attributions
from analysis.attribution.mending import behind, complete, dateline, in_front, relayed
from analysis.config import InputError
from analysis.models import write_arrays
from analysis.attribution.network import load_network
from analysis.attribution.train_attribution import train

WORDS = st.sampled_from([
    "Lavrov", "said", "that", "he", "told", "“", "”", '"', "'", "«", "»", "„", ",", ".", ":", "\n", "\n\n",
    "according to", "According to", "TASS", "reported", "KYIV –", "talks", "would", "begin", "the", "on", "Q:", "- ",
    "(", "…", "Ж", "\u2028",
])
HOSTILE = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=80)


def told(text):
    """(source, cue, content) as words, of every attribution of a text."""
    return [
        (
            a.source and text[slice(*a.source)],
            a.cue and text[slice(*a.cue)],
            tuple(text[start:end] for start, end in a.content),
        )
        for a in attributions(text)
    ]


@given(HOSTILE)
@example(  # who passes words on takes none of another content
    '\n according to, Reuters reported. According to Ushakov,  " would KYIV – ” Lavrov begin, he on reported said '
    "told said “"
)
@settings(deadline=None)
def test_spans_lie_in_the_text_and_contents_of_a_level_do_not_overlap(text):
    found = attributions(text)
    assert found == attributions(text)
    levels = {}
    for a in found:
        spans = [*a.content, *([a.source] if a.source else []), *([a.cue] if a.cue else [])]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(text[start:end] == text[start:end].strip() for start, end in spans)
        assert a.quote in ("direct", "mixed", "indirect")
        if a.parent is not None:
            outer = found[a.parent]
            assert outer.parent is None
            assert all(any(s <= start and end <= e for s, e in outer.content) for start, end in spans)
        levels.setdefault(a.parent is None, []).extend(a.content)
    for contents in levels.values():
        contents.sort()
        assert all(end <= start for (_, end), (start, _) in zip(contents, contents[1:]))


@pytest.mark.parametrize("piece", [
    '"', "(", "x", "said ", "“said ", "he said, ", "\n- ", "on the ", "KYIV – ",
    "According to TASS, ", "he was late, he said, TASS reported, ",
    "It will emerge whether it leads anywhere, Donald Trump said on Sunday, having hosted him. ",
])
def test_hostile_text_takes_linear_time(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        start = time.process_time()
        attributions(text)
        return time.process_time() - start

    assert seconds(40_000) < 12 * max(seconds(10_000), 0.01)


@pytest.mark.parametrize("text, content", [
    ("[talks with] Ukraine, he said", "talks with Ukraine"),
    ("[the] plan” he said", "the plan"),
    ("[the] “plan” he said", "the"),
    ("[the so-called] plan", "the so-called"),
    ("[in] St. Petersburg", "in"),
    ("[the] 1.5 million", "the"),
    ("[an add-on] for all.", "an add-on"),
    ("[the] plan of [the] day.", "the"),
    ("[the] " + "very " * 20 + "long plan.", "the"),
])
def test_a_clause_that_a_content_leaves_at_its_article_or_preposition(text, content):
    plain, spans = text.replace("[", "").replace("]", ""), []
    for part in text.split("[")[1:]:
        words = part[: part.index("]")]
        start = plain.index(words, spans[-1][1] if spans else 0)
        spans.append((start, start + len(words)))
    found = [[None, None, [span]] for span in spans]
    complete(plain, found)
    start, end = found[0][2][0]
    assert plain[start:end] == content


@pytest.mark.parametrize("text, clause", [
    ("It rained. Both sides were nearly there, [Trump] [told] reporters.", "Both sides were nearly there"),
    ("Both sides were nearly there, [Trump] [told] reporters.", "Both sides were nearly there"),
    ("In Paris on Monday, [Trump] [spoke] for an hour.", None),
    ("After both sides were asked, [Trump] [said] nothing.", None),
    ("Both sides were nearly there, [Trump] [left] early.", None),
    ("Both sides were nearly there, [Trump] again [told] reporters.", None),
    ("So " * 200 + "it was, [Trump] [told] reporters.", None),
])
def test_what_stands_in_front_of_a_source_that_only_speaks(text, clause):
    s, t = (text.index(mark) for mark in "[]")
    source, plain = (s, t - 1), text.replace("[", "").replace("]", "")
    cue = (text.rindex("[") - 2, text.rindex("]") - 3)
    found = in_front(plain, source, cue, [])
    assert [plain[slice(*span)] for span in found] == ([clause] if clause else [])
    assert not found or in_front(plain, source, cue, [(found[0][0] + 1, found[0][0] + 2)]) == []


@pytest.mark.parametrize("text, source, clause", [
    ("Snow fell. According to the ministry, prisoners will come home. It named nobody.", "the ministry",
     "prisoners will come home."),
    ("According to Ushakov, who spoke on Friday, prisoners will come home.", None, None),
    ("According to Ushakov; prisoners will come home.", None, None),
    ("According to Ushakov, one thing is sure: prisoners will come home.", None, None),
    ("According to Ushakov, it was " + "so " * 200 + "late.", None, None),
])
def test_what_stands_behind_a_source_that_opens_a_sentence(text, source, clause):
    at = text.index("According")
    found = behind(text, (at, at + 12), [])
    assert (found and [text[s:e] for s, e in found]) == (source and [source, clause])
    if found:
        (_, (start, end)) = found
        assert behind(text, (at, at + 12), [(start + 3, start + 9)]) is None
        assert behind(text, (at, at + 12), [(0, 5), (end, end + 9)]) == found


def test_who_reports_what_another_said_has_the_second_verb():
    text = "The border stays shut, the minister said on Monday, the BBC reported. The minister left, she said."

    def at(words):
        return text.index(words), text.index(words) + len(words)

    minister, shut, left = at("the minister"), at("The border stays shut"), at("The minister left")
    said, reported, she = (minister, at("said"), (shut,)), (minister, at("reported"), ()), (at("she"), at("she"), (left,))
    assert relayed(text, [reported, said, she]) == [(at("the BBC"), at("reported"), (shut,)), she]
    assert relayed(text, [said, she]) == [said, she]
    other = (at("The minister"), at("reported"), ())
    assert relayed(text, [other, said]) == [other, said], "of another mention"


@pytest.mark.parametrize("text, words, placed", [
    ("KYIV – The talks are over.", "KYIV", True),
    ("NEW YORK (AP) — The talks are over.", "NEW YORK", True),
    ("NATO said no.", "NATO", False),
    ("Kyiv – a city – is ready.", "Kyiv", False),
])
def test_a_dateline_is_said_by_nobody(text, words, placed):
    assert dateline(text, (0, len(words))) is placed


def test_a_missing_or_damaged_model_names_the_file_and_the_command(tmp_path):
    path = tmp_path / "attribution.npz"
    with pytest.raises(InputError, match="attribution.npz.*python -m analysis train attribution PATH"):
        load_network(path)
    write_arrays(path, {}, {})
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(InputError, match="damaged.*python -m analysis train attribution PATH"):
        load_network(path)
    path.with_suffix(".json").write_text("{")
    with pytest.raises(InputError, match="attribution.json: damaged"):
        load_network(path)


def gold(text, *frames):
    """An annotated article of our own; a frame is (source, cue, content)."""
    spans = [
        {
            name: [[text.index(words), text.index(words) + len(words)]] if words else []
            for name, words in zip(("source", "cue", "content"), frame)
        }
        for frame in frames
    ]
    return json.dumps({"article": text[:9], "text": text, "attributions": spans})


def test_a_model_learns_from_a_few_sentences_and_loads(tmp_path):
    names, cues = ["Petrov", "Hansen", "Moreau", "Silva"], ["said", "declared", "warned"]
    matters = ["the bridge is closed", "the talks will fail", "no ship may leave"]
    lines = [
        gold(f"{name} {cue} that {matter}. The day was long.", (name, cue, f"that {matter}"))
        for name in names
        for cue in cues
        for matter in matters
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    first = train(path, output=tmp_path / "one.npz", epochs=30).read_bytes()
    assert first == train(path, output=tmp_path / "two.npz", epochs=30).read_bytes()
    text = "Silva warned that the bridge is closed. The day was long."
    assert [[text[slice(*span)] for span in (source, cue, *content)]
            for source, cue, content in load_network(tmp_path / "one.npz").statements(text, [])] == [
        ["Silva", "warned", "that the bridge is closed"]]


def test_a_line_that_is_no_annotated_article_is_named(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(
        gold("Hansen said yes.", ("Hansen", "said", "yes")) + '\n{"text": "a"}\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match="gold.jsonl:2: no annotated article"):
        train(path, output=tmp_path / "model.npz")
