"""The roster's files: what is known, and what is refused with its line."""

from collections import Counter
from datetime import date, timedelta

import pytest

from analysis.config import InputError
from analysis.speakers.people import fold, words
from analysis.speakers.roster import load_roster, roster_problems

HEAD = "speaker,kind,side,principal,gender,aliases,roles\n"
ANNA = "Anna Alm,person,Europe,,f,Alm,president of Norway [2020-01-01..2022-01-01]\n"
SINGLE = (
    "president",
    "prime minister",
    "chancellor",
    "foreign minister",
    "defence minister",
    "secretary general",
)


def test_the_shipped_roster_has_no_mistake_and_these_counts():
    entries = load_roster().entries.values()
    assert roster_problems() == []
    assert Counter(entry.kind for entry in entries) == {
        "institution": 190,
        "person": 629,
        "group": 12,
        "unnamed": 14,
    }
    assert Counter(entry.side for entry in entries) == {
        "Russia": 119,
        "Ukraine": 99,
        "United States": 135,
        "Europe": 287,
        "Other": 205,
    }
    assert sum(entry.line is None for entry in entries) == 81  # countries


def test_every_person_of_the_roster_has_a_gender_and_is_found_by_name():
    roster = load_roster()
    for entry in roster.entries.values():
        assert (entry.kind == "person") == bool(entry.gender), entry.name
        key = words(entry.name)
        atom = next(atom for keys, atom in roster.lexicon[key[0]] if keys == key)
        assert atom.kind == "name" and entry in atom.value


@pytest.mark.parametrize("title", SINGLE)
def test_no_office_of_one_has_two_holders_on_a_day(title):
    roster = load_roster()
    for (held, body), holders in roster.holders.items():
        if (
            held != title
            or body not in roster.leaders
            and body not in ("NATO", "European Commission", "United Nations")
        ):
            continue
        spans = sorted(
            (role.start or date.min, role.until or date.max, entry.name)
            for role, entry in holders
            if entry.kind == "person" and role.body == body
        )
        for (_, until, first), (start, _, second) in zip(spans, spans[1:]):
            assert until <= start, f"{title} of {body}: {first} until {until}, {second} from {start}"


@pytest.mark.parametrize(
    "title, body, days",
    [
        ("president", "United States", {"2025-01-19": "Joe Biden", "2025-01-20": "Donald Trump"}),
        ("secretary general", "NATO", {"2024-09-30": "Jens Stoltenberg", "2024-10-01": "Mark Rutte"}),
        (
            "prime minister",
            "United Kingdom",
            {
                "2022-09-05": "Boris Johnson",
                "2022-10-01": "Liz Truss",
                "2024-07-04": "Rishi Sunak",
                "2024-07-05": "Keir Starmer",
            },
        ),
        ("chief of staff", "Ukraine", {"2025-11-27": "Andriy Yermak", "2026-02-01": "Kyrylo Budanov"}),
        (
            "defence minister",
            "Ukraine",
            {
                "2023-09-05": "Oleksii Reznikov",
                "2023-09-06": "Rustem Umerov",
                "2025-07-17": "Denys Shmyhal",
                "2026-01-14": "Mykhailo Fedorov",
            },
        ),
        ("foreign minister", "Ukraine", {"2024-09-04": "Dmytro Kuleba", "2024-09-05": "Andrii Sybiha"}),
        (
            "chancellor",
            "Germany",
            {"2021-12-07": "Angela Merkel", "2025-05-05": "Olaf Scholz", "2025-05-06": "Friedrich Merz"},
        ),
        ("pope", "Vatican", {"2025-04-20": "Pope Francis", "2025-05-08": "Pope Leo XIV"}),
    ],
)
def test_offices_change_hands_on_the_day(title, body, days):
    held = {day: load_roster().held(title, body, date.fromisoformat(day)) for day in days}
    assert {day: [entry.name for entry in entries] for day, entries in held.items()} == {
        d: [n] for d, n in days.items()
    }


def test_nobody_held_the_office_between_two():
    assert load_roster().held("chief of staff", "Ukraine", date(2025, 11, 28) + timedelta(7)) == []


def test_without_a_day_whoever_holds_it_still():
    assert [entry.name for entry in load_roster().held("president", "Ukraine", None)] == [
        "Volodymyr Zelensky"
    ]


@pytest.mark.parametrize(
    "forms",
    [
        ["Zelensky", "Zelenskyy", "Zelenskiy", "Zelenskyi", "Zelenski", "ZELENSKYY’S"],
        ["Sergei", "Sergey"],
        ["Dmitry", "Dmitri", "Dmitriy"],
        ["Yuri", "Yury", "Yuriy"],
        ["Erdogan", "Erdoğan"],
        ["U.S.", "US"],
        ["Łukasz", "Lukasz"],
    ],
)
def test_spellings_that_compare_equal(forms):
    assert len({fold(form)[0] for form in forms}) == 1


def test_us_is_not_the_united_states():
    assert fold("us")[0] != fold("US")[0]
    assert fold("Ukraine’s") == ("ukraine", True)


@pytest.mark.parametrize(
    "rows, line, reason",
    [
        (ANNA + ANNA.replace("Alm,p", "Alm,p", 1), 3, "speaker 'Anna Alm' again, first in line 2"),
        (
            ANNA + "Bo Alm,person,Europe,,m,Alm,president of Norway [2021-01-01..]\n",
            3,
            "alias 'alm' is also Anna Alm's",
        ),
        (ANNA + "Bo Berg,person,Europe,,m,Alm,\n", 3, "alias 'alm' is also Anna Alm's at the same date"),
        (ANNA + "Oslo,institution,Europe,,,,\n", 3, "alias 'oslo' is also Norway's at the same date"),
        (ANNA.replace("Europe", "Asia"), 2, "unknown side 'Asia'"),
        (ANNA.replace("person", "human"), 2, "unknown kind 'human'"),
        (ANNA.replace(",f,", ",x,"), 2, "unknown gender 'x'"),
        (ANNA.replace("2020-01-01", "2020-13-01"), 2, "'2020-13-01' is no date"),
        (ANNA.replace("2020-01-01", "01.01.2020"), 2, "'01.01.2020' is no date"),
        (ANNA.replace("2022-01-01", "2019-01-01"), 2, "ends before it begins"),
        (ANNA.replace("president of", "tsar of"), 2, "with a title of titles.csv expected"),
        (ANNA.replace("Norway", "Narnia"), 2, "role of 'Narnia', who is neither speaker nor country"),
        (ANNA.replace("Europe,,", "Europe,Bo,"), 2, "principal 'Bo' is neither a speaker nor an office"),
        (ANNA.replace("f,Alm", "f,Alm; Alm"), 2, "alias 'Alm' twice"),
        (ANNA.replace("f,Alm", "f,—"), 2, "alias '—' has no word"),
        (",person,Europe,,f,,\n", 2, "no speaker"),
        ("Anna Alm,person\n", 2, "2 fields, 7 expected"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, rows, line, reason):
    path = tmp_path / "speakers.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    found = roster_problems(path)
    assert [at for at, _ in found] == [line] and reason in found[0][1]
    with pytest.raises(InputError, match=f"speakers.csv:{line}: "):
        load_roster(path)


def test_all_mistakes_are_listed_in_order(tmp_path):
    path = tmp_path / "speakers.csv"
    path.write_text(
        HEAD + ANNA.replace("Europe", "Asia") + "Bo Berg,human,Europe,,m,Alm,\n", encoding="utf-8"
    )
    assert [line for line, _ in roster_problems(path)] == [2, 3, 3]


def test_a_surname_passes_from_one_to_the_next(tmp_path):
    path = tmp_path / "speakers.csv"
    path.write_text(
        HEAD + ANNA + "Bo Alm,person,Europe,,m,Alm,president of Norway [2022-01-01..]\n", encoding="utf-8"
    )
    assert roster_problems(path) == []


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "columns must be"),
        (b"name,kind\n", "columns must be"),
        (HEAD.encode("utf-16"), "cannot be read"),
        (HEAD.encode() + b"\xff\n", "cannot be read"),
    ],
)
def test_files_that_are_no_roster(tmp_path, content, reason):
    path = tmp_path / "speakers.csv"
    path.write_bytes(content)
    assert reason in roster_problems(path)[0][1]


def test_a_file_that_is_missing(tmp_path):
    assert "cannot be read" in roster_problems(tmp_path / "no.csv")[0][1]


def test_mistakes_in_the_other_files_name_the_file(tmp_path):
    countries, titles = tmp_path / "countries.csv", tmp_path / "titles.csv"
    countries.write_text("country,side,leader,names,adjectives,people\nNorway,North,,,,\n,Other,,,-;N,\n", encoding="utf-8")
    titles.write_text("title,kind,forms\npresident,job,president\n-,office,\n", encoding="utf-8")
    path = tmp_path / "speakers.csv"
    path.write_text(HEAD, encoding="utf-8")
    found = [reason for _, reason in roster_problems(path, countries=countries, titles=titles)]
    assert sorted(found) == [
        f"{countries}:2: unknown side 'North'",
        f"{countries}:3: adjectives '-' has no word",
        f"{countries}:3: country '' has no word",
        f"{titles}:2: unknown kind 'job'",
        f"{titles}:3: title '-' has no word",
    ]


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "speakers.csv"
    path.write_text(HEAD + ANNA, encoding="utf-8")
    before = load_roster(path)
    assert load_roster(path) is before and "Anna Alm" in before.entries
    path.write_text(HEAD, encoding="utf-8")
    assert "Anna Alm" not in load_roster(path).entries
