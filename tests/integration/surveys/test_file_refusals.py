"""What the pages say of faults in a questionnaire's file and in a mapping: their places stand in words."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.pages import read_errors, read_summary, send_form
from tests.integration.surveys.editing import ITEMS, TRUST
from tests.integration.surveys.studies import make_study
from tests.make import run_portal

# Every kind of part has faults; what is not told by its key is told by its number.
FAULTY = """\
colours = 1

[study]
key = "Two words"
project = "LTPL00388"
languages = ["en", "pl", "lt"]
title.pl = 5
consent.lt = ""
colour = "red"

[[waves]]
key = "baseline"
opens = 2026-12-31
last_day = 2026-11-01

[[waves]]
opens = "soon"

[[groups]]
key = "country"
text.en = "Where?"
levels = ["lt", "@pl"]

[[groups]]
key = "age"
levels = []

[[sections]]
key = "views"
title.en = 1
random = "no"

[[items]]
key = "q1"
type = "likert"
min = 1
max = 3
labels = [{ en = "No" }, { en = 7 }, { en = "Yes", de = "Ja" }]

[[items]]
key = "c1"
type = "single"
text.pl = 8
choices = [{ key = "yes", text.lt = 9 }, "yes"]

[[items]]
key = "q3"
type = "number"
section = "nowhere"
show_if = { item = "late", values = ["1"] }

[[items]]
type = "slider"

[[scales]]
key = "trust"
items = ["q1", "gone"]
reverse = ["q3"]
min_answered = 2

[[margins]]
group = "country"
shares = { lt = "many", ee = 100 }
source = ""

[pairing]
method = "code"
elements = ["c9"]
require = 1
"""
PLACES = [
    "Survey",
    "Key",
    "Title in Polish",
    "Consent in Lithuanian",
    "Wave 1 (baseline), last day",
    "Wave 2, key",
    "Wave 2, first day",
    "Group 1 (country), answer 2",
    "Group 2 (age), answers to choose from",
    "Section 1 (views), title in English",
    "Section 1 (views), whether its questions come in an order of chance",
    "Question 1 (q1), step 2 in English",
    "Question 1 (q1), highest step (3)",
    "Question 2 (c1), key",
    "Question 2 (c1), text in Polish",
    "Question 2 (c1), answer 1 in Lithuanian",
    "Question 2 (c1), answer 2",
    "Question 3 (q3), section",
    "Question 3 (q3), when it is shown",
    "Question 4, kind",
    "Question 4, key",
    "Scale 1 (trust), questions",
    "Scale 1 (trust), reversed questions",
    "Scale 1 (trust), least share of answered questions",
    "Known shares of “country”, answer “lt”",
    "Known shares of “country”, answer “ee”",
    "Known shares of “country”, answer “@pl”",
    "Known shares of “country”, where they come from",
    "Answers of the same person, elements of the code",
]
BROKEN = '[study]\nkey = "x"\nproject = "LTPL00388"\nlanguages = ["en"]\n'


def tables(text: str, *heads: str) -> bytes:
    """The study of a sound file and of the faulty one the tables with these heads."""
    parts = [part for part in text.split("\n\n") if part.startswith(tuple(f"{head}\n" for head in heads))]
    return "\n\n".join([BROKEN, *parts]).encode()


def test_faults_of_every_part_are_named_in_words(upload):
    """The list is cut, so the file comes in two halves."""
    halves = ("[[waves]]", "[[groups]]", "[[sections]]"), ("[[items]]", "[[scales]]", "[pairing]")
    said = upload(FAULTY.partition("[[waves]]")[0].encode())
    said += [line for heads in halves for line in upload(tables(FAULTY, *heads))]
    said += upload(tables(FAULTY, '[[groups]]\nkey = "country"', "[[margins]]"))
    for place in PLACES:
        assert any(line.startswith(f"{place}: ") for line in said), (place, said)
    for line in said:
        assert line.partition(": ")[0] in [*PLACES, "Title in English"], line


def test_the_faults_of_one_place_are_the_right_ones(upload):
    said = upload(tables(FAULTY, "[[items]]", "[[scales]]"))
    assert "Question 4, key: The key “key” is missing. Add it." in said
    assert "Question 2 (c1), key: “c1” is a column of every file of answers. Choose another key." in said
    assert "Question 2 (c1), answer 2: “yes” is named twice in this list. Name it once." in said
    assert (
        "Scale 1 (trust), reversed questions: “q3” is marked as reversed and is not among the questions of the scale."
        " Add it to them, or take the mark away."
    ) in said


def test_the_command_names_the_places_in_the_file(app: Flask, researcher: FlaskClient, tmp_path: Path):
    file = tmp_path / "trust.toml"
    file.write_text(FAULTY)
    result = run_portal(app, "survey", "load", file, "--format", "json")
    places = {each["where"] for each in json.loads(result.stdout)["errors"]}
    assert {"study.title.pl", "waves.#2.opens", "items.c1.choices.yes.text.lt", "scales.trust.reverse.#1"} <= places


def test_a_language_is_called_as_the_page_calls_it(upload):
    said = upload(BROKEN.replace('["en"]', '["en", "lt"]').encode() + b"title.lt = 5\n", "pl")
    assert len(said) == 1
    assert "litewski" in said[0]
    assert "study.title" not in said[0]


def test_of_many_faults_the_first_are_listed_and_the_others_counted(upload):
    rows = "".join(f'[[items]]\nkey = "q{number}"\ntype = "slider"\n' for number in range(1, 301))
    said = upload((BROKEN + rows).encode())
    assert len(said) == 26
    assert said[0].startswith("Question 1 (q1), kind: “slider” is not known here.")
    assert said[24].startswith("Question 25 (q25), kind: ")
    assert said[25] == "275 more problems are not listed here. Mend these first."


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("plan.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"),
        ("plan.docx", b"PK\x03\x04\x14\x00\x06\x00\x08\x00"),
        ("answers.csv", b"q1;q2\n1;2\n"),
    ],
)
def test_what_is_no_questionnaire_is_called_so_and_what_to_choose_is_said(upload, name: str, raw: bytes):
    assert upload(raw, name=name) == [
        (
            f"File: The file {name} is no questionnaire. Choose one that was downloaded from the page of a survey, or a"
            " text file (TOML in UTF-8) that is written like docs/instrument.toml."
        )
    ]


def test_a_questionnaire_with_a_slip_is_told_its_line(upload):
    assert "line 2" in " ".join(upload(b'[study]\nkey = "trust\n'))


def test_a_mapping_is_refused_at_its_question(app: Flask, researcher: FlaskClient):
    with app.app_context():
        make_study()
    assert send_form(researcher, f"{TRUST}/versions/begin").status_code == 302
    page = send_form(researcher, f"{TRUST}/versions/mapping", **{"item-q1": "met", "item-met": ""})
    assert page.status_code == 422
    assert list(read_errors(page)) == ["item-q1"]
    assert read_summary(page) == [
        (
            "Question 1 (q1): The answers to “q1” and “met” cannot be compared, as kind, scale or choices differ. Say"
            " that nothing measures the same."
        )
    ]


def test_a_mapping_that_no_longer_fits_is_named_before_publishing(app: Flask, researcher: FlaskClient):
    with app.app_context():
        make_study()
    assert send_form(researcher, f"{TRUST}/versions/begin").status_code == 302
    assert send_form(researcher, f"{ITEMS}/q1/edit", least="0").status_code == 302
    page = researcher.get(f"{TRUST}/versions/publish").text
    assert "What measures the same as “q1”: The answers to “q1” and “q1” cannot be compared" in page
