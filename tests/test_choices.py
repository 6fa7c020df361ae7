"""Pictures chosen by radio buttons: all there, one shown, each with its words."""

import pytest

from analysis.charts.choices import choices, speaker_choices
from analysis.codings import load_codings
from analysis.evidence import Html
from analysis.report.pages import TEMPLATES
from analysis.report.safe_html import clean

TOPICS = ["meeting", "security_guarantees"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page as the site writes it, with the choices of all codings."""
    style = (TEMPLATES / "site" / "style.css").read_text("utf-8")
    body = clean(str(speaker_choices(load_codings(), topics=TOPICS, top=3)))
    path = tmp_path_factory.mktemp("choices") / "page.html"
    path.write_text(f"<!doctype html><html lang='en'><meta charset='utf-8'><style>{style}</style>{body}", "utf-8")
    return path


def test_one_picture_is_shown_and_a_button_shows_another(page, visit):
    opened = visit(page)
    pictures = opened.locator("img.chart:visible")
    assert opened.locator("img").count() == 6 and pictures.count() == 1
    first = pictures.get_attribute("alt")
    assert first.startswith("Putin–Zelensky meeting") and "Volodymyr Zelensky" in first
    opened.get_by_role("radio", name="Security guarantees").check()
    assert pictures.count() == 1 and pictures.get_attribute("alt").startswith("Security guarantees")
    speaker = opened.get_by_role("radio", name="Donald Trump")
    speaker.focus()
    speaker.press("Space")
    assert "Donald Trump" in pictures.get_attribute("alt")
    opened.locator("summary:visible").click()
    opened.locator("summary:visible").nth(1).click()
    assert "Donald Trump" in opened.locator("li:visible").first.inner_text()


def test_all_pictures_are_printed(page, visit):
    opened = visit(page)
    opened.emulate_media(media="print")
    assert opened.locator("img.chart:visible").count() == 6


def test_names_are_escaped_and_groups_apart():
    hostile = "<img src=x onerror=alert(1)>"
    one, other = choices(hostile, {hostile: Html("1"), "b": Html("2")}), choices("c", {"d": Html("3")})
    assert "<img" not in str(one) and str(one).count(' checked="checked"') == 1
    assert str(one).split('name="')[1][:15] != str(other).split('name="')[1][:15]
