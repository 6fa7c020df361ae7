"""Fields are made plain or refused with a reason."""

import datetime

import pandas as pd
import pytest

from analysis.corpus.fields import day, line_of_text, missing, plain_id, shown, web_address


@pytest.mark.parametrize(
    "value",
    [
        "2025-08-22",
        "2025-08-22T23:59:00-05:00",
        "2025/8/22",
        "20250822",
        "22.08.2025",
        "22 August 2025",
        "22nd Aug 2025",
        "Aug. 22, 2025",
        "August 22 2025",
        "Fri, 22 Aug 2025 10:00:00 GMT",
        "Friday, August 22, 2025",
        datetime.date(2025, 8, 22),
        datetime.datetime(2025, 8, 22, 23),
        pd.Timestamp("2025-08-22 10:00", tz="UTC"),
        20250822,
    ],
)
def test_dates(value):
    assert day(value) == pd.Timestamp("2025-08-22")


@pytest.mark.parametrize(
    "value, reason",
    [
        ("08/22/2025", "no date"),
        ("yesterday", "no date"),
        ("2025-13-01", "month"),
        ("2025-02-30", "day"),
        ("1825-01-01", "year"),
        (["2025-08-22"], "list"),
        ("٢٠٢٥", "no date"),
        (1.5, "no date"),
    ],
)
def test_no_dates(value, reason):
    with pytest.raises(ValueError, match=reason):
        day(value)


@pytest.mark.parametrize(
    "value", ["https://example.org", "http://example.org/a?b=c&d#e", "HTTPS://EXAMPLE.ORG/é"]
)
def test_addresses(value):
    assert web_address(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "//example.org",
        "https://",
        "https://a b.org",
        'https://example.org/"onclick=',
        "https://example.org/<script>",
        "file:///etc/passwd",
        {"a": 1},
        "https://example.org/" + "a" * 3000,
        "java\nscript:alert(1)",
        " \u202ehttps://a`b",
    ],
)
def test_no_addresses(value):
    with pytest.raises(ValueError):
        web_address(value)


@pytest.mark.parametrize(
    "value, name",
    [
        ("2025-08-22-bbc-envoys", "2025-08-22-bbc-envoys"),
        ("My article (1)", "My article (1)"),
        ("статья", "статья"),
        ("../../etc/passwd", "etc-passwd"),
        ("/etc/passwd", "etc-passwd"),
        ("C:\\x", "C-x"),
        ("=cmd|' /C calc'!A0", "cmd- -C calc-A0"),
        ("<script>", "script-"),
        ("", "article"),
        ("..", "article"),
        (".hidden", "hidden"),
        ("a\0b\nc", "ab c"),
        ("a..b", "a.b"),
        ("x" * 999, "x" * 150),
        ("я" * 999, "я" * 75),
        ("a#1", "a-1"),
        ("\ud800", "article"),
    ],
)
def test_ids(value, name):
    assert plain_id(value) == name


def test_lines():
    assert line_of_text(" A\nheadline\u202e of \x00 words ") == "A headline of words"
    assert len(line_of_text("x" * 10_000)) == 500
    with pytest.raises(ValueError, match="dict"):
        line_of_text({})


@pytest.mark.parametrize(
    "value, says_nothing",
    [(None, True), (float("nan"), True), (pd.NaT, True), ("  ", True), ("x", False), (0, False), ([], False)],
)
def test_missing(value, says_nothing):
    assert missing(value) is says_nothing


def test_paths_are_shown_in_one_line():
    assert shown("a\nb\x1b[31m\udcff") == "a?b?[31m?"
