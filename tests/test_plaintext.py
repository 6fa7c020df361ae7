"""Characters, markup, paragraphs and sentences."""

import pytest

from analysis.corpus.cleaning import clean
from analysis.corpus.plaintext import sentences


@pytest.mark.parametrize(
    "raw, text",
    [
        ("One.\r\nTwo.\r\n", "One.\n\nTwo."),
        ("**Bold** and _slanted_ [words](https://example.org/a_b)", "Bold and slanted words"),
        ("## Heading\n- first\n- second", "Heading\n\nfirst\n\nsecond"),
        ("(​a\u00a0b‮c\x00d\ud800)", "(a bcd)"),
        (
            "As talks went on over\nRussia’s plan, leaders,\nmindful of it, met\nin Kyiv.",
            "As talks went on over Russia’s plan, leaders, mindful of it, met in Kyiv.",
        ),
        (
            "\n".join(
                ["This line was cut at a fixed width by the tool that saved it and"] * 3 + ["ends here."]
            ),
            " ".join(
                ["This line was cut at a fixed width by the tool that saved it and"] * 3 + ["ends here."]
            ),
        ),
        ("One sentence.    Another block.", "One sentence.\n\nAnother block."),
    ],
)
def test_characters_markup_and_paragraphs(raw, text):
    assert clean(raw) == (text, [])


@pytest.mark.parametrize(
    "text", ["Mr. Roe of the U.S. Senate spoke. He left.", "No end", "“Go.” He went. “Stay.”", ""]
)
def test_sentences_join_to_the_paragraph(text):
    assert "".join(sentences(text)) == text
