import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tokens import CLOSE, INSIDE, OPEN, OUTSIDE, tokenize

HOSTILE = st.text(alphabet="ab S.?!,'’‘\"“”„«»‹›`()-\n\t@#1éЖ", max_size=80)


def quotations(text):
    """The quotations of a text: words from an opening mark to the closing one, or to the end of the state."""
    tokens, found = tokenize(text), []
    for word, state in zip(tokens.words, tokens.quote):
        if state == OPEN:
            found.append([word])
        elif state in (INSIDE, CLOSE):
            found[-1].append(word)
    return [" ".join(words) for words in found]


@pytest.mark.parametrize(
    "text, words",
    [
        ("Mr. Orlov's aide doesn't know.", ["Mr.", "Orlov", "'s", "aide", "doesn't", "know", "."]),
        ("The U.S. paid 2,500.50 dollars...", ["The", "U.S.", "paid", "2,500.50", "dollars", "..."]),
        ("A 13-year-old--yes, he--went", ["A", "13-year-old", "--", "yes", ",", "he", "--", "went"]),
        (
            "@kyiv: see https://example.org/a?b=1 #peace",
            ["@kyiv", ":", "see", "https://example.org/a?b=1", "#peace"],
        ),
        ("", []),
    ],
)
def test_words(text, words):
    assert tokenize(text).words == words


@pytest.mark.parametrize(
    "text, found",
    [
        ("“We go,” he said. “We stay.”", ["“ We go , ”", "“ We stay . ”"]),
        ('"We go," he said. "We stay."', ['" We go , "', '" We stay . "']),
        ("He spoke of a 'fair deal' on Monday.", ["' fair deal '"]),
        ("„Wir gehen“, sagte er.", ["„ Wir gehen “"]),
        ("«On y va», dit-il.", ["« On y va »"]),
        ("»So geht es«, sagte er.", ["» So geht es «"]),
        ("''We go,'' he said.", ["'' We go , ''"]),
        ("“He told me ‘go’ and I went,” she said.", ["“ He told me ‘ go ’ and I went , ”"]),
        ("The workers' rights and Kyiv’s plan", []),
        ("“An unclosed one.\nThe next paragraph.", ["“ An unclosed one ."]),
        ("“One that goes on.\n“And ends here.”", ["“ One that goes on .", "“ And ends here . ”"]),
        (
            "“A first open one, “and a closed one,” he said.",
            ["“ A first open one ,", "“ and a closed one , ”"],
        ),
    ],
)
def test_quotations(text, found):
    assert quotations(text) == found


def test_a_quotation_within_another_is_inner():
    tokens = tokenize("“He said ‘no’ to it,” she said.")
    assert [w for w, inner in zip(tokens.words, tokens.inner) if inner] == ["‘", "no", "’"]


@pytest.mark.parametrize(
    "text, sentences",
    [
        ("Sen. Smith of the U.S. Senate agreed. He left.", 2),
        ("“Yes.” He left.", 2),
        ("It was 2.5 percent. So what?", 2),
        ("One\n\nTwo", 2),
        ("A line that is\nwrapped in mid-sentence.", 1),
    ],
)
def test_sentences(text, sentences):
    assert tokenize(text).sentence[-1] + 1 == sentences


@given(HOSTILE | st.text(max_size=80))
def test_tokens_lie_in_the_text_in_order(text):
    tokens = tokenize(text)
    assert [text[s:e] for s, e in zip(tokens.starts, tokens.ends)] == tokens.words
    assert (tokens.starts[1:] >= tokens.ends[:-1]).all()
    assert (np.diff(tokens.sentence) >= np.diff(tokens.paragraph)).all()
    assert set(tokens.quote.tolist()) <= {OUTSIDE, OPEN, INSIDE, CLOSE}
    assert "".join(tokens.words) == "".join(c for c in text if not c.isspace())


@given(HOSTILE)
def test_an_unclosed_mark_ends_with_its_paragraph(text):
    tokens = tokenize(text.replace("\n", " ") + "\n\nNothing was quoted here.")
    assert (tokens.quote[-5:] == OUTSIDE).all()


@pytest.mark.parametrize("piece", ['"', "“", "(", "'", " “a", "said ", "a", "\n", "a\n"])
def test_time_grows_linearly(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        runs = []
        for _ in range(3):
            start = time.process_time()
            tokenize(text)
            runs.append(time.process_time() - start)
        return min(runs)

    assert seconds(80_000) < 12 * max(seconds(20_000), 0.002)
