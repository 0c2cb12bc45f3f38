"""Faulty files of questionnaires, by command and on the page: each fault is named at its place, nothing stored."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core.db import db
from portal.surveys.models import Study
from tests.make import run_portal

FAULTY = """\
[study]
key = "trust"
project = "LTPL00388"
languages = ["en", "de"]
title.en = "Trust"
consent.en = "I agree."

[[items]]
key = "q1"
type = "likert"
text.en = "One"
min = 5
max = 1

[[items]]
key = "q1"
type = "number"
text.en = "Again"
min = 9
max = 3

[[items]]
key = "early"
type = "number"
text.en = "Shown after a later one"
show_if = { item = "late", values = ["1"] }

[[items]]
key = "late"
type = "number"
text.en = "Later"

[[items]]
key = "here"
type = "number"
text.en = "In a circle"
show_if = { item = "there", values = ["1"] }

[[items]]
key = "there"
type = "number"
text.en = "In a circle"
show_if = { item = "here", values = ["1"] }

[[items]]
key = "own"
type = "slider"
text.en = "Of an unknown type"
reverse = true

[[items]]
key = "words"
type = "text"
text.en = "In words"

[[scales]]
key = "trust"
items = ["q1", "words", "nowhere"]
reverse = ["words", "late"]
"""
PLACES = [
    "study.languages.#2",
    "items.q1.max",
    "items.#2.key",
    "items.#2.max",
    "items.early.show_if.item",
    "items.here.show_if.item",
    "items.there.show_if.item",
    "items.own.reverse",
    "items.own.type",
    "scales.trust.items.#2",
    "scales.trust.items.#3",
    "scales.trust.reverse.#2",
]
# The same on the page, in words.
WORDS = [
    "Languages",
    "Question 1 (q1), highest answer",
    "Question 2 (q1), key",
    "Question 2 (q1), highest answer",
    "Question 3 (early), when it is shown",
    "Question 5 (here), when it is shown",
    "Question 6 (there), when it is shown",
    "Question 7 (own)",
    "Question 7 (own), kind",
    "Scale 1 (trust), questions",
    "Scale 1 (trust), reversed questions",
]
# By command a questionnaire is published, so that its texts must be there in each language that is one.
LARGE = b"# " + b"a" * 5_000_000
MISSING = FAULTY.replace('"de"', '"lt"').encode()


@pytest.fixture
def load(app: Flask, researcher: FlaskClient, tmp_path: Path):
    """What the command says of this file: the place and the sentence of each problem."""

    def run(raw: bytes) -> list[tuple[str, str]]:
        file = tmp_path / "trust.toml"
        file.write_bytes(raw)
        result = run_portal(app, "survey", "load", file, "--format", "json")
        assert result.exit_code == 1
        plain = run_portal(app, "survey", "load", file)
        assert (plain.exit_code, "Traceback" in plain.output) == (1, False)
        return [(each["where"], each["message"]) for each in json.loads(result.stdout)["errors"]]

    return run


@pytest.fixture(autouse=True)
def nothing_stored(app: Flask, researcher: FlaskClient):
    """Whatever came, no survey is there afterwards."""
    yield
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Study)) == 0


def test_every_fault_is_named_by_the_command_at_its_place(load):
    found = load(FAULTY.encode())
    assert sorted({where for where, _sentence in found}) == sorted(PLACES)
    said = dict(found)
    assert "“q1”" in said["items.#2.key"] or "q1" in said["items.#2.key"]
    assert "de" in said["study.languages.#2"]
    assert "slider" in said["items.own.type"]


def test_every_fault_is_named_on_the_page_at_its_place_in_words(upload):
    said = upload(FAULTY.encode())
    assert sorted({each.partition(": ")[0] for each in said}) == sorted(WORDS)


def test_texts_that_are_missing_are_named_by_the_command(load):
    places = [where for where, _sentence in load(MISSING)]
    assert {"study.title.lt", "study.consent.lt", "items.q1.text.lt", "items.#2.text.lt", "items.words.text.lt"} <= {
        *places
    }


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'[study]\nkey = "trust\n', "line 2"),
        (b'[study]\nkey = "trust"\n[study]\n', "line 3"),
        ('[study]\nkey = "pasitikėjimas"\n'.encode("cp1257"), "line 2"),
        (b"\xff\xfe[\x00s\x00", "UTF-8"),
        (LARGE, "larger"),
        (b"x = " + b"[" * 100_000, "TOML"),
        (b"# nothing\n", "study"),
    ],
    ids=["open-quote", "table-twice", "windows-letters", "utf-16", "5-mb", "deep", "empty"],
)
def test_what_is_no_file_of_a_questionnaire_is_refused_with_its_reason(load, upload, raw, said):
    assert said in " ".join(" ".join(each) for each in load(raw))
    assert said in " ".join(upload(raw))
