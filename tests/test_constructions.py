"""Attributions of sentences of our own making, one for each way of writing them down."""

import pytest

from analysis.attribution import attributions


def told(text):
    """(source, contents, kind of quotation, parent) of every attribution of a text."""
    return [
        (a.source and text[slice(*a.source)], [text[s:e].rstrip(".,?") for s, e in a.content], a.quote, a.parent)
        for a in attributions(text)
    ]


STYLES = ["“”", '""', "‘’", "''", "«»", "„“", "„”", "»«", ("``", "''"), ("« ", " »")]


@pytest.mark.parametrize("opens, closes", STYLES)
def test_every_style_of_quotation_marks(opens, closes):
    quoted = f"{opens}The talks will resume on Monday,{closes}"
    assert told(f"{quoted} Lavrov said. Snow fell on the lake.") == [("Lavrov", [quoted], "direct", None)]
    quoted = f"{opens}a declaration of war{closes}"
    assert told(f"Putin called the sanctions {quoted} on Friday.")[0][2] == "mixed"


ONE = [
    ("said that", "Blinken said that Russia had not changed its demands.", "Blinken",
     ["that Russia had not changed its demands"]),
    ("according to, before", "According to Ushakov, the presidents will speak this week.", "Ushakov",
     ["the presidents will speak this week"]),
    ("according to, after", "The presidents will speak on Saturday, according to Ushakov.", "Ushakov",
     ["The presidents will speak on Saturday"]),
    ("split by the cue", "“We are ready,” Zelensky said, “to meet anywhere.”", "Zelensky",
     ["“We are ready,”", "“to meet anywhere.”"]),
    ("two sentences of one utterance", "“We are ready to meet,” Zelensky said. “But Russia is not.”", "Zelensky",
     ["“We are ready to meet,”", "“But Russia is not.”"]),
    ("reported speech split by the cue", "Snow fell on the lake. The talks, Lavrov said, would resume on Monday. He left.", "Lavrov",
     ["The talks", "would resume on Monday"]),
    ("single within double", "“He heard ‘never again’ and believed it,” Kuleba said on Friday.", "Kuleba",
     ["“He heard ‘never again’ and believed it,”"]),
    ("apostrophes", "Ukraine's minister said the workers' rights weren't the soldiers' concern.",
     "Ukraine's minister", ["the workers' rights weren't the soldiers' concern"]),
    ("From the Kremlin:", "From the Kremlin: “We do not intend to attack anyone.”", "the Kremlin",
     ["“We do not intend to attack anyone.”"]),
    ("a name and a colon", "Peskov: “There are no plans for a meeting.”", "Peskov",
     ["“There are no plans for a meeting.”"]),
    ("a name and a colon, no marks", "Peskov: There are no plans for a meeting.", "Peskov",
     ["There are no plans for a meeting"]),
    ("a dash and a name", "“We are ready for talks” – Zelensky.", "Zelensky", ["“We are ready for talks”"]),
    ("a post, told", "Kuleba wrote on Twitter: “Sanctions must hit Russia now.”", "Kuleba",
     ["“Sanctions must hit Russia now.”"]),
    ("a post", "@ZelenskyyUa: We are defending our land. Talks must come now. https://t.co/abc", "@ZelenskyyUa",
     ["We are defending our land. Talks must come now"]),
    ("the verb before the name", "“Nothing about us without us,” said Andriy Yermak, the head of the office.",
     "Andriy Yermak, the head of the office", ["“Nothing about us without us,”"]),
    ("a cue that is no verb of saying", "Washington believes that an attack could come at any time.", "Washington",
     ["that an attack could come at any time"]),
    ("reported speech before its source", "Snow fell on the lake.\n\nA meeting in May is not planned, Ushakov argued.",
     "Ushakov", ["A meeting in May is not planned"]),
    ("a name at a sentence's end before another", "No talks are planned, according to Budanov. Witkoff came later.",
     "Budanov", ["No talks are planned"]),
    ("carried over by a pronoun", "Lavrov spoke to reporters in Antalya. “We did not attack Ukraine,” he said.",
     "he", ["“We did not attack Ukraine,”"]),
    ("carried over without a word", "Lavrov said the talks had failed. “We offered everything. They refused.”",
     "Lavrov", ["the talks had failed", "“We offered everything. They refused.”"]),
    ("passive, no source", "It was announced that the talks would be held in Belarus.", None,
     ["that the talks would be held in Belarus"]),
]


@pytest.mark.parametrize("text, source, contents", [case[1:] for case in ONE], ids=[case[0] for case in ONE])
def test_one_statement(text, source, contents):
    assert [(found[0], found[1]) for found in told(text)] == [(source, contents)]


MANY = [
    ("a quotation over a paragraph border",
     "Zelensky said: “We have been waiting for an answer for weeks. There was none.\n\n"
     "“Now we will act without one. The world will see it.”",
     [("Zelensky", ["“We have been waiting for an answer for weeks. There was none",
                    "“Now we will act without one. The world will see it.”"])]),
    ("an unclosed mark", "“The talks will resume on Monday, Lavrov said.\n\nThe weather in Geneva was cold. Snow "
     "fell on the lake.\n\n“We will wait,” Blinken said.",
     [("Lavrov", ["“The talks will resume on Monday"]), ("Blinken", ["“We will wait,”"])]),
    ("a list", "- Putin said the talks had stalled.\n- Zelensky said he was ready to meet.",
     [("Putin", ["the talks had stalled"]), ("Zelensky", ["he was ready to meet"])]),
    ("bullets", "• Macron said diplomacy must go on.\n• Scholz said the pipeline was stopped.",
     [("Macron", ["diplomacy must go on"]), ("Scholz", ["the pipeline was stopped"])]),
    ("an interview", "Q: Will you meet President Putin?\n\nA: I am ready to meet him. There is no other way.",
     [("Q", ["Will you meet President Putin"]), ("A", ["I am ready to meet him. There is no other way"])]),
    ("an interview with names", "BBC: Will you meet President Putin?\n\nKuleba: I am ready to meet him. There is no "
     "other way.",
     [("BBC", ["Will you meet President Putin"]), ("Kuleba", ["I am ready to meet him. There is no other way"])]),
    ("a headline in the text", "Putin says talks with Ukraine are at a dead end\n\nMOSCOW — Russian President "
     "Vladimir Putin said on Tuesday that talks with Ukraine had hit a dead end.",
     [("Putin", ["talks with Ukraine are at a dead end"]),
      ("Russian President Vladimir Putin", ["that talks with Ukraine had hit a dead end"])]),
    ("a headline with a colon", "Zelensky: No peace without talks\n\nKYIV – Ukraine’s president said on Sunday "
     "that peace was impossible without talks.",
     [("Zelensky", ["No peace without talks"]),
      ("Ukraine’s president", ["that peace was impossible without talks"])]),
    ("in one line", "Putin said on Tuesday that talks had hit a dead end. \"We will not stop,\" he said. Biden said "
     "the United States would send more help.",
     [("Putin", ["that talks had hit a dead end"]), ("he", ['"We will not stop,"']),
      ("Biden", ["the United States would send more help"])]),
    ("cues amid their sentences", "Peskov said the work was not done. Putin himself, he recalled, was open to a "
     "meeting.",
     [("Peskov", ["the work was not done"]), ("he", ["Putin himself", "was open to a meeting"])]),
]


@pytest.mark.parametrize("text, statements", [case[1:] for case in MANY], ids=[case[0] for case in MANY])
def test_more_than_one(text, statements):
    assert [(found[0], found[1]) for found in told(text)] == statements


@pytest.mark.parametrize("text, outer, inner", [
    ("Lavrov told NBC that Putin had said the talks would begin in May.", "Lavrov",
     ("Putin", ["the talks would begin in May"])),
    ("“Putin told me that he would not attack,” Macron said.", "Macron", ("Putin", ["that he would not attack"])),
    ("“The Americans said they would answer in writing,” Lavrov told reporters.", "Lavrov",
     ("The Americans", ["they would answer in writing"])),
    ("Erdogan said Zelensky had told him that Ukraine was ready.", "Erdogan",
     ("Zelensky", ["that Ukraine was ready"])),
    ("According to the Evening Post, Zelensky said that he was ready to meet Putin.", "the Evening Post",
     ("Zelensky", ["that he was ready to meet Putin"])),
    ("A meeting is too early, Peskov said, according to TASS.", "TASS", ("Peskov", ["A meeting is too early"])),
    ("Moscow will not give up an inch of land, the Kremlin said, Reuters reported.", "Reuters",
     ("the Kremlin", ["Moscow will not give up an inch of land"])),
])
def test_a_statement_within_a_statement_keeps_both_levels(text, outer, inner):
    first, second = told(text)
    assert (first[0], first[3]) == (outer, None)
    assert (*second[:2], second[3]) == (*inner, 0)
