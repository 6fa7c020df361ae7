"""Boilerplate goes, the article stays."""

import re

import pytest
import yaml

from analysis.corpus.cleaning import BOILERPLATE, clean, load_rules
from analysis.config import InputError
from analysis.corpus import load_articles
from analysis.corpus.plaintext import sentences

BEFORE = "The envoys met in Geneva on Sunday, officials said."
AFTER = "“We are ready to talk,” the minister told reporters."

# Each pattern of data/boilerplate.yaml has at least one example here (test_every_pattern_has_an_example).
EXAMPLES = [
    ("account notice", "Notifications can be managed in your settings."),
    ("account notice", "Please refresh this page, or open it again, to stay logged in"),
    ("newsletter", "Want all the latest news from Kyiv? Sign up to our World News Letter here"),
    ("read more", "Who wants what at the table?Read more"),
    ("read more", "Related: Envoys return to Geneva"),
    ("read more", "You can read more about the talks here."),
    ("read more", "Read more about the plan."),
    ("read more", "WATCH: The envoys arrive at the hotel."),
    ("read more", "Click here to see the whole plan."),
    ("read more", "Follow all the latest updates in our live blog."),
    ("newsletter", "Subscribe to unlock this story."),
    ("newsletter", "Sign up for our weekly mail."),
    ("newsletter", "Please enter your email address."),
    ("newsletter", "Our free weekly newsletter brings you the best of the week."),
    ("newsletter", "The Front Page newsletter is your guide to the week."),
    ("newsletter", "All you need to know, delivered to your inbox."),
    ("newsletter", "You will receive it in your mailbox at noon."),
    ("newsletter", "Get all our stories by e-mail."),
    ("newsletter", "Never miss the latest news."),
    ("newsletter", "Subscribers agree to our terms of use"),
    ("newsletter", "Already a subscriber? Log in"),
    ("newsletter", "This article is only for subscribers."),
    ("newsletter", "Sign in"),
    ("newsletter", "Privacy Policy"),
    ("newsletter", "Email address"),
    ("newsletter", "Sign up for our daily newsletter"),
    ("cookies", "We use cookies to improve this site."),
    ("cookies", "Accept all cookies to go on."),
    ("cookies", "Details are in our cookie policy."),
    ("cookies", "Please enable JavaScript to see this page."),
    ("cookies", "To go on, turn off your ad blocker."),
    ("cookies", "Your browser does not support the audio element; turn JavaScript on."),
    ("cookies", "Accept all"),
    ("cookies", "Necessary cookies"),
    ("share bar", "Share Tweet Facebook 12"),
    ("share bar", "Share this article"),
    ("share bar", "View all comments"),
    ("share bar", "Listen to this article | 5 min read"),
    ("share bar", "Follow us on Telegram"),
    ("share bar", "You can follow us on Facebook for more."),
    ("share bar", "Download our free news app today."),
    ("share bar", "Join our WhatsApp channel."),
    ("links", "Related articles"),
    ("links", "Trending"),
    ("links", "You may also like"),
    ("links", "Tags: Geneva, envoys"),
    ("advertisement", "Advertisement"),
    ("advertisement", "Story continues below"),
    ("advertisement", "Continue reading"),
    ("advertisement", "Open image in gallery"),
    ("advertisement", "Advertisement - scroll to continue."),
    ("advertisement", "If you buy through affiliate links, we may earn a commission."),
    ("copyright", "© 2025 Example News"),
    ("copyright", "Example News 2025, all rights reserved worldwide"),
    ("copyright", "Example News. All rights reserved."),
    ("copyright", "This material may not be published or sold."),
    ("copyright", "This column is republished with permission."),
    ("credits", "Jane Roe and John Doe contributed to this report."),
    ("credits", "Jane Roe contributed reporting from Kyiv."),
    ("credits", "Additional reporting by Jane Roe in Kyiv."),
    ("credits", "Roe reported from Kyiv, Ukraine."),
    ("credits", "Jane Roe is a politics reporter for Example News, covering Europe."),
    ("credits", "This story has been updated with a comment."),
    ("credits", "This article was first published on Monday, before the wire services had it."),
    ("credits", "Writing by Jane Roe, John Doe"),
    ("credits", "Published 22 August 2025"),
    ("credits", "By Jane Roe and John Doe"),
    ("credits", "Hide caption"),
    ("caption", "The envoys shake hands in Geneva (AP Photo/Jane Roe)"),
    ("caption", "The envoys shake hands in Geneva. Photograph: Jane Roe"),
    ("caption", "The envoys shake hands in Geneva. Jane Roe/Agency hide caption"),
    ("caption", "Jane Roe via Reuters"),
    ("caption", "Getty Images"),
    ("caption", "Minister Jane Roe. Press Service of the Ministry"),
    ("caption", "In this photo provided by the ministry, envoys shake hands."),
    ("caption", "Smoke rises over the port in this screengrab from a video."),
    ("caption", "Envoys shake hands in Geneva, Switzerland, Sunday, Nov. 23, 2025."),
    ("caption", "The envoys shake hands in Geneva. Photo by Jane Roe/AFP"),
]
APPEAL = [
    "A message from Example News:",
    "Dear readers,",
    "These are hard times for us.",
    "They call us “unwanted” for it.",
    "Please support us today.",
    "Please consider becoming a member.",
    "Your donation helps to keep us going.",
    "Every contribution counts.",
    "Your gift makes a difference.",
    "By supporting us, you defend the free word.",
    "We stand for independent journalism.",
    "We believe in quality journalism.",
    "Our newsroom has no paywall.",
    "To continue our work, we need your help.",
    "Thank you for your support.",
    "Our desk is on the ground when there is news.",
    "In Kyiv, too, we need reporters on the ground.",
    "We have a small favour to ask.",
    "Monthly",
    "Not ready to give?",
    "Remind me later.",
    "Donate now",
    "Support Example News!",
]


@pytest.mark.parametrize("rule, text", EXAMPLES)
def test_boilerplate_is_removed_and_reported(rule, text):
    cleaned, removed = clean(f"{BEFORE}\n\n{text}\n\n{AFTER}")
    assert cleaned == f"{BEFORE}\n\n{AFTER}"
    assert {piece.rule for piece in removed} == {rule}


def test_every_pattern_has_an_example():
    texts = [text for _, text in EXAMPLES] + APPEAL
    pieces = texts + [sentence.strip() for text in texts for sentence in sentences(text)]
    for entry in yaml.safe_load(BOILERPLATE.read_text(encoding="utf-8")):
        for pattern in entry["patterns"]:
            find = re.compile(pattern, re.I)
            find = find.fullmatch if entry["unit"] in ("line", "heading") else find.search
            assert any(map(find, pieces)), f"{entry['rule']}: no example for {pattern}"


def test_an_appeal_goes_as_a_whole():
    cleaned, removed = clean("\n\n".join([BEFORE, AFTER, *APPEAL]))
    assert cleaned == f"{BEFORE}\n\n{AFTER}"
    assert {piece.rule for piece in removed} == {"appeal"} and len(removed) == len(APPEAL)


def test_a_slogan_above_a_short_article_does_not_join_the_appeal_below_it():
    above, below = "Support Example News!", "Dear readers,\n\nEvery contribution counts."
    cleaned, _ = clean(f"{above}\n\n{BEFORE}\n\n{AFTER}\n\n{below}")
    assert cleaned == f"{BEFORE}\n\n{AFTER}"


def test_links_below_a_heading_go_with_it():
    cleaned, removed = clean(f"{BEFORE}\n\nRelated articles\n\nEnvoys return\n\nWho wants what\n\n{AFTER}")
    assert cleaned == f"{BEFORE}\n\n{AFTER}"
    assert [piece.text for piece in removed] == ["Related articles", "Envoys return", "Who wants what"]


def test_boilerplate_inside_one_line():
    offer, credit = (
        "Want all the latest news? Sign up to our bulletin here",
        "Jane Roe contributed to this report.",
    )
    cleaned, removed = clean(f"{BEFORE} {offer} {AFTER} {credit}")
    assert cleaned == f"{BEFORE} {AFTER}"
    assert [piece.rule for piece in removed] == ["newsletter", "credits"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister urged allies to sign up to the plan.",
        "Readers of the newsletter “Sign up today” protested.",
        "“Please support us today,” the president told donors.",
        "He called on Europe to share the burden.",
        "Putin said he had read more than one draft of the plan.",
        "Russia will follow the latest proposals closely.",
        "The Kremlin supports the idea of a meeting.",
        "The treaty was signed in Budapest on December 5, 1994.",
        "Zelensky thanked Trump for the support.",
        "The contribution of NATO was small.",
        "A message from Putin was handed to Trump, Witkoff said.",
        "The office of the president posted a photo of the meeting.",
        "The group said in a letter to Biden that talks were needed.",
        "Advertisements for the army hang everywhere.",
        "He told Reuters that the talks had failed.",
        "Kyiv needs your help, he told the parliament.",
        "They asked the public to register.",
        "The ministry said independent journalism had been silenced.",
        "Jane Roe is a reporter for Example News, and she was freed.",
        "The interview, republished from a weekly, caused a stir.",
        "Zelensky ruled out a meeting in Moscow, Jan. 29, 2026.",
        "By supporting Ukraine, Europe defends itself.",
    ],
)
def test_article_text_stays(sentence):
    assert clean(f"{BEFORE} {sentence} {AFTER}") == (f"{BEFORE} {sentence} {AFTER}", [])


def test_the_digests_hold_no_boilerplate():
    assert load_articles().attrs["removed"] == ()


@pytest.mark.parametrize(
    "content, reason",
    [
        ("- {rule: x, unit: line, hint: x, patterns: ['(']}", "rule 'x': missing )"),
        ("- {rule: x, unit: word, hint: x, patterns: [x]}", "unit is one of"),
        ("- {rule: x, unit: line, hint: x|, patterns: [x]}", "no hint or pattern empty"),
        ("- {rule: x, unit: line, hint: x, patterns: []}", "no hint or pattern empty"),
        ("- {rule: x}", "needs rule, unit"),
        ("- x", "needs rule, unit"),
        ("x: y", "no list"),
        ("- [", "no YAML"),
        (None, "cannot be read"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path, content, reason):
    path = tmp_path / "rules.yaml"
    if content:
        path.write_text(content)
    with pytest.raises(InputError) as error:
        load_rules(path)
    assert error.value.path == str(path) and reason in error.value.reason
