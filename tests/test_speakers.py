"""Who a source is: names, titles by date, pronouns, appositions, institutions and groups."""

import re
import time
from datetime import date
from typing import NamedTuple

import pandas as pd
import pytest

from analysis import find_statements, load_articles
from analysis.speakers import NARRATOR, ArticleSpeakers, Speaker, cleaned, day_of, identify, scene

DAY = date(2025, 9, 1)


class Attribution(NamedTuple):
    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]
    quote: str = "indirect"
    parent: int | None = None


def marked(text: str) -> tuple[str, list[Attribution]]:
    """A text with its attributions from a text with marks: [source] <cue> {content}, in this order of
    opening.
    """
    spans, plain, opened = [], "", []
    for part in re.split(r"([][<>{}])", text):
        if part and part in "[<{":
            opened.append((part, len(plain)))
        elif part and part in "]>}":
            mark, start = opened.pop()
            spans.append((mark, (start, len(plain))))
        else:
            plain += part
    found, source, cue, content = [], None, None, ()
    for mark, span in spans:
        if mark == "{":
            content = (span,)
        elif mark == "[":
            source = span
        else:
            cue = span
        if cue and content and (source or mark == "{"):
            quote = "direct" if plain[content[0][0]] in '“"' else "indirect"
            found.append(Attribution(source, cue, content, quote))
            source, cue, content = None, None, ()
    return plain, found


def names(text: str, **options) -> list[str]:
    plain, found = marked(text)
    return [speaker.name for speaker in identify(plain, found, **{"date": DAY} | options)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("[Volodymyr Zelenskyy] <said> {it was late}.", "Volodymyr Zelensky"),
        ("[Wolodymyr Selenskyj] <said> {it was late}.", "Volodymyr Zelensky"),
        ("[Zelenskiy] <said> {it was late}.", "Volodymyr Zelensky"),
        ("[Serghei Lavrov] <said> {it was late}.", "Sergei Lavrov"),
        ("[Lawrow] <said> {it was late}.", "Sergei Lavrov"),
        ("[Andrei Ermak] <said> {it was late}.", "Andriy Yermak"),
        ("[Foreign Minister Andriy Sybiga] <said> {it was late}.", "Andrii Sybiha"),
        ("[Mr. Erdoğan] <said> {it was late}.", "Recep Tayyip Erdogan"),
        ("[Donald J. Trump] <said> {it was late}.", "Donald Trump"),
        ("[Donald Trump Jr.] <said> {it was late}.", "Donald Trump Jr"),
        ("[U.S. Vice President J.D. Vance] <said> {it was late}.", "JD Vance"),
        ("[Sir Keir Starmer] <said> {it was late}.", "Keir Starmer"),
        ("[France's Emmanuel Macron] <said> {it was late}.", "Emmanuel Macron"),
        ("[Putin's aide Yury Ushakov] <said> {it was late}.", "Yuri Ushakov"),
        ("[Kremlin spokesman Dmitri Peskov] <said> {it was late}.", "Dmitry Peskov"),
        ("[Mykhaylo Podolyuak] <said> {it was late}.", "Mykhailo Podolyak"),
    ],
)
def test_names_in_every_spelling(text, expected):
    assert names(text) == [expected]


@pytest.mark.parametrize(
    "source, day, expected",
    [
        ("the Russian foreign minister", "2025-09-01", "Sergei Lavrov"),
        ("Moscow's top diplomat", "2022-03-01", "Sergei Lavrov"),
        ("the Kremlin spokesman", "2025-09-01", "Dmitry Peskov"),
        ("The Kremlin chief", "2025-09-01", "Vladimir Putin"),
        ("the president of Ukraine", "2022-03-01", "Volodymyr Zelensky"),
        ("Kyiv’s leader", "2026-02-01", "Volodymyr Zelensky"),
        ("France's president", "2025-09-01", "Emmanuel Macron"),
        ("the U.S. president", "2022-03-01", "Joe Biden"),
        ("the American leader", "2025-09-01", "Donald Trump"),
        ("the German leader", "2025-05-05", "Olaf Scholz"),
        ("the German chancellor", "2025-05-06", "Friedrich Merz"),
        ("the German foreign minister", "2022-03-01", "Annalena Baerbock"),
        ("NATO's secretary general", "2024-09-30", "Jens Stoltenberg"),
        ("the NATO chief", "2025-09-01", "Mark Rutte"),
        ("Britain's prime minister", "2022-09-05", "Boris Johnson"),
        ("Britain's prime minister", "2022-09-07", "Liz Truss"),
        ("the British prime minister", "2023-01-01", "Rishi Sunak"),
        ("the British leader", "2025-09-01", "Keir Starmer"),
        ("the Ukrainian prime minister", "2025-07-16", "Denys Shmyhal"),
        ("the Ukrainian prime minister", "2025-07-17", "Yulia Svyrydenko"),
        ("the Ukrainian defence minister", "2022-03-01", "Oleksii Reznikov"),
        ("Ukraine's defense minister", "2026-02-01", "Mykhailo Fedorov"),
        ("the head of the Ukrainian president's office", "2025-09-01", "Andriy Yermak"),
        ("the head of the Ukrainian president's office", "2026-02-01", "Kyrylo Budanov"),
        ("the Pentagon chief", "2022-03-01", "Lloyd Austin"),
        ("the new US defense secretary", "2025-02-13", "Pete Hegseth"),
        ("the European Union's foreign policy chief", "2025-09-01", "Kaja Kallas"),
        ("the head of the European Commission", "2025-09-01", "Ursula von der Leyen"),
        ("the Hungarian prime minister", "2026-06-01", "Peter Magyar"),
        ("Ukraine's president", "", "Volodymyr Zelensky"),
    ],
)
def test_titles_mean_who_held_them_on_the_day(source, day, expected):
    assert names(f"[{source}] <said> {{it was late}}.", date=day) == [expected]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Olaf Scholz met Antony Blinken. [He] <said> {it was late}.", ["Olaf Scholz"]),
        (
            "[Merz] <said> {it was late}. {Putin}, [he] <argued>, would wait.",
            ["Friedrich Merz", "Friedrich Merz"],
        ),
        (
            "[Kallas] <told> reporters {Macron would come}. [She] <added> {that he was late}.",
            ["Kaja Kallas", "Kaja Kallas"],
        ),
        ("[Meloni] <met> {Trump}. [He] <praised> {her plan}.", ["Giorgia Meloni", "Donald Trump"]),
        (
            "[The Italian prime minister] <disagreed>: {no}. [She] <said> {it was late}.",
            ["Giorgia Meloni"] * 2,
        ),
        (
            "In Kyiv [Yermak] <spoke> {of the call}. {“Late,”} <said> [the chief of staff].",
            ["Andriy Yermak"] * 2,
        ),
        ("[Peskov] <said> {no}. The call, [the spokesman] <said>, {was short}.", ["Dmitry Peskov"] * 2),
        ("[Stubb] <said> {no}. {Later}, [the president] <added>.", ["Alexander Stubb"] * 2),
        ("[The Kremlin] <gave> {no answer}. Trump waits. [The Russian] <said> {nothing}.", ["Kremlin"]),
        ("Zelensky flew to Rome. [The Ukrainian] <said> {yes}.", ["Volodymyr Zelensky"]),
        (
            "[Rubio] <called> {the minister}. [His Russian counterpart] <declined> {to speak}.",
            ["Marco Rubio", "Sergei Lavrov"],
        ),
        (
            "[Trump] <said> {yes}. [His Ukrainian counterpart] <agreed> {with it}.",
            ["Donald Trump", "Volodymyr Zelensky"],
        ),
        ("[European leaders] <met> {in Paris}. [They] <said> {it was late}.", ["European leaders"] * 2),
        (
            "[The Russian embassy in Oslo] <complained> {of it}. [It] <said> {more}.",
            ["Russian Embassy in Oslo"] * 2,
        ),
        ("The talks went on. [She] <said> {no}.", [""]),
        (
            "[Stubb] <answered> {yes}. {Russia has no say}, [the president] <argued>. {That is so}, [he] <noted>.",
            ["Alexander Stubb"] * 3,
        ),
        ("[Trump] <said> {yes}. For Zelensky, who waits, [he] <had> {harsh words}.", ["Donald Trump"] * 2),
        (
            "[Merz] <said> {no}. {It was dropped by Merz}, [the French president] <said>. [He] <added> {more}.",
            ["Friedrich Merz", "Emmanuel Macron", "Emmanuel Macron"],
        ),
    ],
)
def test_pronouns_and_titles_by_what_was_said_before(text, expected):
    assert names(text)[: len(expected)] == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("[Macron and Starmer] <said> {yes}.", ["Emmanuel Macron", "Keir Starmer"]),
        (
            "[Macron, Merz and the British prime minister] <said> {yes}.",
            ["Emmanuel Macron", "Friedrich Merz", "Keir Starmer"],
        ),
        ("[London, as well as Paris,] <said> {yes}.", ["United Kingdom", "France"]),
        (
            "[Both the Ukrainian and the Russian president] <said> {yes}.",
            ["Volodymyr Zelensky", "Vladimir Putin"],
        ),
        ("[The French and German leaders] <said> {yes}.", ["Emmanuel Macron", "Friedrich Merz"]),
        ("[The leaders of France and Germany] <said> {yes}.", ["Emmanuel Macron", "Friedrich Merz"]),
        ("[US and Russian officials] <said> {yes}.", ["US officials", "Russian officials"]),
        ("[Lavrov, and Rubio had] <said> {yes}.", ["Sergei Lavrov"]),
        ("[Putin's aide, Ushakov,] <said> {yes}.", ["Yuri Ushakov"]),
        ("Macron and Merz came. [They] <said> {yes}.", ["Emmanuel Macron", "Friedrich Merz"]),
        ("Putin and Trump met. [The two] <said> {yes}.", ["Vladimir Putin", "Donald Trump"]),
        (
            "Zelensky and Putin wait. [Both presidents] <said> {yes}.",
            ["Volodymyr Zelensky", "Vladimir Putin"],
        ),
    ],
)
def test_a_joint_source_is_each_of_those_who_say_it(text, expected):
    plain, found = marked(text)
    article = ArticleSpeakers(plain, found, date=DAY)
    assert [article.speakers[0].name, *(who.name for who in article.joint[0])] == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("The European Union's 27 leaders met. [They] <said> {yes}.", "European leaders"),
        ("European leaders met. [The seven] <said> {yes}.", "European leaders"),
        ("The coalition of the willing met. [The allies] <said> {yes}.", "Coalition of the Willing"),
        ("The coalition of the willing met. [Its members] <said> {yes}.", "Coalition of the Willing"),
        ("Ukrainian officials came. [The official] <said> {yes}.", "Ukrainian official"),
        ("Moscow turned down what Ukraine proposed. [It] <refuses> {a truce}.", "Russia"),
        ("Putin came. [The official] <said> {yes}.", "official"),
        (
            "Starmer was late. [His official spokesman] <spoke> {first}. {It was late}, [he] <said>.",
            "Downing Street",
        ),
        ("Trump met Zelensky. The [American's] <proposal> {was old}.", "Donald Trump"),
        ("[Russian media] <quoted> Putin's aide Yuri Ushakov as saying {no}.", "Yuri Ushakov"),
        ("Zelensky waits. [Erdogan] <met> {others}. [The Ukrainian] was <open to> {talks}.", "Volodymyr Zelensky"),
        (
            "European leaders met. They did so before the summit of Trump and Putin. [They] <said> {yes}.",
            "European leaders",
        ),
        ("European leaders met. Germany was late. [They] <said> {yes}.", "European leaders"),
        (
            "Zelensky was asked by the journalist Piers Morgan how he felt. [He] <answered> {so}.",
            "Volodymyr Zelensky",
        ),
        ("Kyiv waits. [It] <is important> {to talk}.", ""),
    ],
)
def test_groups_and_others_named_before(text, expected):
    assert names(text)[-1] == expected


def test_a_new_paragraph_turns_to_another():
    text = "[Zelensky] <said> {no}. He waits.\n\nUmerov had a date. [He] <named> {June}."
    assert names(text) == ["Volodymyr Zelensky", "Rustem Umerov"]


def test_who_says_means_himself_in_what_he_says():
    text = "Though his spokesman Peskov had described it, Putin said he wanted to wait."
    found = [
        Attribution((46, 51), (52, 56), ((57, 74),)),
        Attribution((57, 59), (60, 66), ((67, 74),), parent=0),
    ]
    assert [s.name for s in identify(text, found, date=DAY)] == ["Vladimir Putin"] * 2


def test_a_heading_names_who_speaks_below():
    text = "Special Envoy Witkoff on television\n\n“We agreed.”\n\n“We wait.”\n\nThe talks ended."
    found = [Attribution(None, None, ((start, start + 9),), "direct") for start in (38, 52)]
    assert [s.name for s in identify(text, found, date=DAY)] == ["Steve Witkoff"] * 2


@pytest.mark.parametrize(
    "source, expected",
    [
        ("Moscow", ("Russia", "institution", "Russia")),
        ("the Ukrainian side", ("Ukraine", "institution", "Ukraine")),
        ("the Trump administration", ("United States", "institution", "United States")),
        ("the British government", ("United Kingdom", "institution", "Europe")),
        ("the Americans", ("United States", "institution", "United States")),
        ("the French", ("France", "institution", "Europe")),
        ("Russia's foreign ministry", ("Russian Foreign Ministry", "institution", "Russia")),
        ("the Lithuanian foreign ministry", ("Lithuanian Foreign Ministry", "institution", "Europe")),
        ("the Élysée", ("Élysée Palace", "institution", "Europe")),
        ("the coalition of the willing", ("Coalition of the Willing", "institution", "Europe")),
        ("the Europeans", ("European leaders", "group", "Europe")),
        ("a senior Ukrainian official", ("Ukrainian official", "unnamed", "Ukraine")),
        ("two U.S. officials", ("US officials", "unnamed", "United States")),
        ("officials in Kyiv", ("Ukrainian officials", "unnamed", "Ukraine")),
        ("a White House official", ("White House official", "unnamed", "United States")),
        ("Western officials", ("Western officials", "unnamed", "Other")),
        ("a French presidential adviser", ("French presidential adviser", "unnamed", "Europe")),
        ("the Russian state agency Tass", ("TASS", "institution", "Russia")),
    ],
)
def test_institutions_groups_and_the_unnamed(source, expected):
    plain, found = marked(f"[{source}] <said> {{it was late}}.")
    (speaker,) = identify(plain, found, date=DAY)
    assert (speaker.name, speaker.kind, speaker.side) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("[Lithuanian Defence Minister Jonas Petraitis] <said> {no}.", ("Jonas Petraitis", "Europe")),
        (
            "Norway's trade minister, Kari Nordmann, came. [Nordmann] <said> {no}.",
            ("Kari Nordmann", "Europe"),
        ),
        (
            "[Nordmann] <said> {no}. It was Kari Nordmann, a Norwegian historian, who came.",
            ("Kari Nordmann", "Europe"),
        ),
        ("[Nils Olsen, an expert on Russian drones,] <said> {no}.", ("Nils Olsen", "")),
        ("[Mr Okafor] <said> {no}.", ("Okafor", "")),
        ("There [Lyndon Putin] <said> {no}. {“Late,”} [Putin] <said>.", ("Lyndon Putin", "")),
    ],
)
def test_people_whom_only_the_article_knows(text, expected):
    plain, found = marked(text)
    for speaker in identify(plain, found, date=DAY):
        assert (speaker.name, speaker.kind, speaker.known) == (expected[0], "person", False)
        assert speaker.side == expected[1]


def test_an_apposition_teaches_the_title():
    text = (
        "Norway's defence minister, Kari Nordmann, came to Kyiv. "
        "{“Late,”} [the Norwegian defence minister] <said>."
    )
    assert names(text, date="1990-01-01") == ["Kari Nordmann"]


def test_who_held_an_office_at_the_time_is_not_who_holds_it():
    text = "Boris Johnson, at the time Britain's prime minister, left."
    people = [m.speaker.name for m in ArticleSpeakers(text, [], date="2022-10-14").mentions()]
    assert people == ["Boris Johnson", "United Kingdom"]


@pytest.mark.parametrize(
    "text, day, expected",
    [
        ("[Johnson] <said> {no}.", "2022-03-01", "Boris Johnson"),
        ("Speaker Mike Johnson came. [Johnson] <said> {no}.", "2025-03-01", "Mike Johnson"),
        ("[Klitschko] <said> {no}.", "2022-03-01", "Vitali Klitschko"),
        ("Wladimir Klitschko boxed. [Klitschko] <said> {no}.", "2022-03-01", "Wladimir Klitschko"),
        ("Anders Fogh Rasmussen wrote it. [Rasmussen] <said> {no}.", "2022-09-13", "Anders Fogh Rasmussen"),
        ("[Rasmussen] <said> {no}. Lars Lokke Rasmussen came.", "2025-03-01", "Lars Lokke Rasmussen"),
    ],
)
def test_two_who_share_a_surname(text, day, expected):
    assert names(text, date=day) == [expected]


@pytest.mark.parametrize(
    "source, day, principal",
    [
        ("Peskov", "2025-09-01", "Vladimir Putin"),
        ("Leavitt", "2025-09-01", "Donald Trump"),
        ("Downing Street", "2022-03-01", "Boris Johnson"),
        ("Downing Street", "2025-03-01", "Keir Starmer"),
        ("the White House", "2022-03-01", "Joe Biden"),
        ("the White House", "2025-03-01", "Donald Trump"),
        ("Macron", "2025-09-01", ""),
    ],
)
def test_for_whom(source, day, principal):
    plain, found = marked(f"[{source}] <said> {{it was late}}.")
    assert identify(plain, found, date=day)[0].principal == principal


def test_a_spokesman_without_a_name_speaks_as_the_office():
    assert names("[Keir Starmer's spokesman] <said> {no}.") == ["Downing Street"]


def test_a_quotation_that_goes_on_keeps_its_speaker():
    text = "“It is late,” Macron said. “We wait.” So it was.\n\n“Nobody knows.”"
    found = [
        Attribution((15, 21), (22, 26), ((0, 13),), "direct"),
        Attribution(None, None, ((28, 38),), "direct"),
        Attribution(None, None, ((53, 70),), "direct"),
    ]
    assert [s.name for s in identify(text, found)] == ["Emmanuel Macron", "Emmanuel Macron", ""]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Only then, <said> Fidan, {can it begin}.", "Hakan Fidan"),
        ("Trump, who was late, has <signalled> {a change}.", "Donald Trump"),
        ("In Berlin Merz <said> {it was late}.", "Friedrich Merz"),
        ("It was <said> {that it was late}.", ""),
    ],
)
def test_the_subject_of_a_cue_without_a_source(text, expected):
    assert names(text) == [expected]


def test_one_who_speaks_of_himself_within_a_quotation():
    text = "“As I said, no,” Macron said."
    found = [
        Attribution((17, 23), (24, 28), ((0, 16),), "direct"),
        Attribution((4, 5), (6, 10), ((12, 14),), "direct", 0),
    ]
    assert [s.name for s in identify(text, found)] == ["Emmanuel Macron"] * 2


def test_mentions_have_the_offsets_of_the_text_and_resolve_pronouns():
    text = "Trump said that Putin had agreed to meet. He would see the Ukrainian leader."
    speakers = ArticleSpeakers(text, [], date=DAY, headline="A headline about Merz")
    found = [(text[m.start : m.end], m.speaker.name, m.form, m.subject) for m in speakers.mentions()]
    assert found == [
        ("Trump", "Donald Trump", "name", True),
        ("Putin", "Vladimir Putin", "name", False),
        ("He", "Donald Trump", "pronoun", True),
        ("Ukrainian leader", "Volodymyr Zelensky", "title", False),
    ]
    assert [m.speaker.name for m in speakers.mentions(10, 30)] == ["Vladimir Putin"]


def test_the_headline_names_people_too():
    assert names("[He] <said> {it was late}.", headline="Macron speaks in Paris") == ["Emmanuel Macron"]


@pytest.mark.parametrize(
    "day, expected",
    [
        ("2025-09-01", DAY),
        ("2025-09-01T10:00", DAY),
        (pd.Timestamp(2025, 9, 1), DAY),
        (DAY, DAY),
        (pd.NaT, None),
        (None, None),
        ("", None),
    ],
)
def test_dates_of_any_make(day, expected):
    assert day_of(day) == expected


@pytest.mark.parametrize(
    "source, expected",
    [
        ("the retired judge, who came", "retired judge"),
        ("One of the resolutions", "resolutions"),
        ("had", ""),
        ("2022", ""),
        ("", ""),
        ("“”", ""),
    ],
)
def test_the_words_of_a_source_that_names_nobody(source, expected):
    assert cleaned(source) == expected


def test_no_attributions_and_no_text():
    assert identify("", []) == []
    assert identify("", [Attribution(None, None, ())]) == [NARRATOR] == [Speaker("")]


@pytest.mark.parametrize(
    "text",
    [
        "the president " * 20_000,
        "Putin Trump " * 20_000,
        "he " * 40_000,
        "Abc " * 40_000,
        "senior " * 40_000,
        "Putin, the president, " * 10_000,
        "of the president " * 10_000,
        "“Putin's aide's " * 10_000,
        "\n.!? A" * 20_000,
    ],
)
def test_no_text_takes_long(text):
    start = time.process_time()
    ArticleSpeakers(text, [Attribution((0, 3), (4, 6), ((7, len(text)),))], date=DAY)
    assert time.process_time() - start < 8


def test_mentions_that_are_not_weighed_would_not_be_chosen(monkeypatch):
    articles = load_articles().head(30)
    found = find_statements(articles).speaker.tolist()
    monkeypatch.setattr(scene, "MOST", 99)
    assert find_statements(articles).speaker.tolist() == found
