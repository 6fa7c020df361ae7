import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.attribution.tokens import alike, quotations, sentence_ends, tokens

HOSTILE = st.text(alphabet="ab S.?!,'’‘\"“”„«»‹›`()-\n\t@#1éЖ", max_size=80) | st.text(max_size=80)


@pytest.mark.parametrize("text, words", [
    ("Orlov's aide, 13, doesn’t know.", ["Orlov", "'s", "aide", ",", "13", ",", "doesn", "’t", "know", "."]),
    ("“Yes.”\n\n  No", ["“", "Yes", ".", "”", "\n", "No"]),
    ("Well... ''no''!!", ["Well", "...", "''", "no", "''", "!!"]),
    ("", []),
])
def test_words(text, words):
    assert tokens(text)[0] == words


@pytest.mark.parametrize("text", ['"We \'go\'," he', "''We 'go',''  he", "«We “go”,» he", "„We ‚go‘,“ he", "‘We go,’ he"])
def test_all_styles_of_marks_read_alike(text):
    words, starts, _ = tokens(text)
    words = alike(text, words, starts, quotations(text))
    assert [w for w in words if w in "“”"] == ["“", "”"]
    assert words[0] == "“" and words[-2:] == ["”", "he"]


@pytest.mark.parametrize("text, found", [
    ("“We go,” he said. “We stay.”", ["“We go,”", "“We stay.”"]),
    ('"We go," he said. "We stay."', ['"We go,"', '"We stay."']),
    ("He spoke of a 'fair deal' on Monday.", ["'fair deal'"]),
    ("„Wir gehen“, sagte er.", ["„Wir gehen“"]),
    ("«On y va», dit-il.", ["«On y va»"]),
    ("»So geht es«, sagte er.", ["»So geht es«"]),
    ("''We go,'' he said.", ["''We go,''"]),
    ("“He told me ‘go’ and I went,” she said.", ["“He told me ‘go’ and I went,”"]),
    ("The workers' rights and Kyiv’s plan", []),
    ("“An unclosed one.\nThe next paragraph.", ["“An unclosed one."]),
    ('He said "nothing of it.\nThe next "paragraph" was quoted.', ['"nothing of it.', '"paragraph"']),
    ("“One that goes on.\n“And ends here.”", ["“One that goes on.", "“And ends here.”"]),
    ('"Straight and curly,” he said. “Curly and straight," he said.',
     ['"Straight and curly,”', '“Curly and straight,"']),
    ('“He said "yes" to me.”', ['“He said "yes" to me.”']),
    ("“A first open one, “and a closed one,” he said.", ["“A first open one, ", "“and a closed one,”"]),
])
def test_quotations(text, found):
    assert [text[s:e] for s, e in quotations(text)] == found


@pytest.mark.parametrize("text, sentences", [
    ("Sen. Smith of the U.S. Senate agreed. He left.", ["Sen. Smith of the U.S. Senate agreed.", "He left."]),
    ("“Yes.” He left.", ["“Yes.”", "He left."]),
    ("It was 2.5 percent. So what? “Nothing.”", ["It was 2.5 percent.", "So what?", "“Nothing.”"]),
    ("One\n\nTwo", ["One", "Two"]),
    ("A line that is\nwrapped in mid-sentence.", ["A line that is\nwrapped in mid-sentence."]),
    ("What… he asked. J. Smith", ["What… he asked.", "J. Smith"]),
])
def test_sentences(text, sentences):
    ends = sentence_ends(text)
    assert [text[s:e].strip() for s, e in zip([0, *ends], ends)] == sentences


@given(HOSTILE)
def test_everything_lies_in_the_text_in_order(text):
    words, starts, ends = tokens(text)
    assert [text[s:e] if w != "\n" else "\n" for w, s, e in zip(words, starts, ends)] == words
    assert (starts[1:] >= ends[:-1]).all()
    quoted = quotations(text)
    assert all(0 <= s < e <= len(text) for s, e in quoted)
    assert all(e <= s for (_, e), (s, _) in zip(quoted, quoted[1:]))
    sentences = sentence_ends(text)
    assert sentences == sorted(set(sentences)) and sentences[-1] == len(text)


@given(HOSTILE)
def test_an_unclosed_mark_ends_with_its_paragraph(text):
    first = text.replace("\n", " ")
    assert all(e <= len(first) for _, e in quotations(first + "\n\nNothing was quoted here."))


@pytest.fixture
def no_collection():
    """Nothing is collected meanwhile: that takes as long as other tests have left much in memory."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("piece", ['"', "“", "(", "'", " “a", "said ", "a", "\n", "a\n", ". ", "!", "' ", "a.\n"])
@pytest.mark.parametrize("read", [tokens, quotations, sentence_ends])
def test_time_grows_linearly(read, piece, no_collection):
    def seconds(size):
        text, runs = piece * (size // len(piece)), []
        for _ in range(3):
            start = time.process_time()
            read(text)
            runs.append(time.process_time() - start)
        return min(runs)

    assert seconds(80_000) < 12 * max(seconds(20_000), 0.002)
