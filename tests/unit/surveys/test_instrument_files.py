"""Instrument files: they read back as they were written, and a faulty one is refused with all its faults at once."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import InvalidInput, InvalidInputs
from portal.surveys.rules.checking import missing_texts, tidied
from portal.surveys.rules.documents import (
    Choice,
    Condition,
    Item,
    Pairing,
    Scale,
    content_hash,
    from_content,
    to_content,
)
from portal.surveys.rules.instrument_files import LARGEST_FILE, StudyFile, parse_study_file, write_study_file
from portal.surveys.rules.wave_drafts import WaveDraft
from tests.integration.surveys.studies import INSTRUMENT

REFERENCE = Path(__file__).parents[3] / "docs" / "instrument.toml"
STARTER = Path(__file__).parents[3] / "portal" / "surveys" / "starter.toml"
WAVES = (WaveDraft("baseline", date(2026, 2, 1), date(2026, 3, 31)), WaveDraft("endline", has_open_link=False))
STUDY = StudyFile("trust", "LTPL00388", INSTRUMENT, WAVES)

# As interfaces writes it.
SMALL = """
[study]
key = "trust"
project = "LTPL00388"
languages = ["en"]
title.en = "Trust"
consent.en = "I agree."
[[waves]]
key = "baseline"
opens = 2026-02-01
last_day = 2026-03-31
[[groups]]
key = "country"
levels = ["LT", "PL"]
[[items]]
key = "q1"
type = "likert"
text.en = "People deserve trust."
min = 1
max = 5
[[items]]
key = "q2"
type = "likert"
text.en = "People do not deserve trust."
min = 1
max = 5
[[scales]]
key = "trust"
items = ["q1", "q2"]
reverse = ["q2"]
min_answered = "0.8"
[pairing]
method = "code"
elements = ["c1", "c2", "c3"]
"""

FAULTY = """
colour = "blue"
[study]
key = "Trust!"
project = "LTPL00388"
languages = ["en", "xx"]
title.en = "Trust"
[[waves]]
key = "baseline"
opens = 2026-04-01
last_day = 2026-03-31
[[waves]]
key = "BASELINE"
[[groups]]
key = "country"
levels = ["LT", "LT"]
[[items]]
key = "q1"
type = "likert"
text.en = "One"
min = 5
max = 1
[[items]]
key = "q1"
type = "likert"
text.en = "Again"
reverse = true
[[items]]
key = "weight"
type = "slider"
text = "no table"
[[scales]]
key = "trust"
items = ["q1", "q9"]
reverse = ["q8"]
min_answered = "2"
[pairing]
method = "code"
elements = ["c1", "c9"]
require = 3
"""


def read(text: str, *, complete: bool = True) -> StudyFile:
    return parse_study_file(text.encode(), name="trust.toml", complete=complete)


def problems_of(text: str, *, complete: bool = True) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputs) as caught:
        read(text, complete=complete)
    return [(problem.where, problem.code) for problem in caught.value.problems]


def changed(*pairs: tuple[str, str]) -> str:
    """The small file with each first text, which must be in it, replaced once by the second."""
    text = SMALL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_file_as_the_interfaces_show_it_is_read():
    study = read(SMALL)

    assert (study.key, study.project, study.waves) == (
        "trust",
        "LTPL00388",
        (WaveDraft("baseline", date(2026, 2, 1), date(2026, 3, 31)),),
    )
    assert study.instrument.groups[0].levels == (Choice("LT"), Choice("PL"))
    five = {"least": Decimal(1), "most": Decimal(5)}
    assert study.instrument.item("q1") == Item("q1", "likert", {"en": "People deserve trust."}, **five)
    assert study.instrument.scales == (Scale("trust", ("q1", "q2"), reverse=("q2",), min_answered=Decimal("0.8")),)
    assert study.instrument.pairing == Pairing("code", ("c1", "c2", "c3"), 3), "all elements, where none may differ"


def test_what_is_written_reads_back_as_the_same():
    assert read(write_study_file(STUDY)) == STUDY
    assert content_hash(read(write_study_file(STUDY)).instrument) == content_hash(INSTRUMENT)


def test_a_group_that_must_be_answered_is_kept_and_an_optional_one_hashes_as_before_it_could_be_said():
    [country, *others] = INSTRUMENT.groups
    needed = INSTRUMENT._replace(groups=(country._replace(is_required=True), *others))
    written = write_study_file(STUDY._replace(instrument=needed))
    assert read(written).instrument.groups == needed.groups
    assert from_content(to_content(needed)) == needed
    assert "is_required" not in to_content(INSTRUMENT)["groups"][0]
    assert content_hash(needed) != content_hash(INSTRUMENT)


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60))
def test_any_text_survives_the_file(text):
    study = STUDY._replace(instrument=INSTRUMENT._replace(languages=("lt",), title={"lt": f'"{text}\\\n\t{text}.'}))
    written = write_study_file(tidy(study))
    assert parse_study_file(written.encode(), name="trust.toml") == tidy(study)


def tidy(study: StudyFile) -> StudyFile:
    return study._replace(instrument=tidied(study.instrument))


@pytest.mark.parametrize("number", ["0.5", "1.0", "-3", "1E+2", "1E-12"])
def test_a_bound_of_a_number_reads_back_as_it_is_written(number):
    items = (Item("years", "number", {"en": "Years"}, least=Decimal(number)),)
    small = read(SMALL)
    study = small._replace(instrument=small.instrument._replace(items=items, scales=()))
    assert str(read(write_study_file(study)).instrument.item("years").least) == number


def test_decimals_may_stand_without_quotation_marks():
    text = changed(('min_answered = "0.8"', "min_answered = 0.8"))
    assert read(text).instrument.scales[0].min_answered == Decimal("0.8")


def test_choices_are_keys_alone_or_have_words():
    item = """
[[items]]
key = "met"
type = "single"
text.en = "Have you met anybody?"
choices = ["yes", 2, { key = "no", text.en = "No" }]
[[items]]
key = "where"
type = "text"
text.en = "Where?"
show_if = { item = "met", values = ["yes", 2] }
"""
    instrument = read(SMALL + item, complete=False).instrument
    assert instrument.item("met").choices == (Choice("yes"), Choice("2"), Choice("no", {"en": "No"}))
    assert instrument.item("where").show_if == Condition("met", ("yes", "2"))


def test_a_missing_translation_is_named_for_each_language():
    text = changed(
        ('["en"]', '["en", "lt", "pl"]'), ('title.en = "Trust"', 'title = { en = "Trust", pl = "Zaufanie" }')
    )

    assert problems_of(text) == [
        ("study.title.lt", "survey-text-missing"),
        ("study.consent.lt", "survey-text-missing"),
        ("study.consent.pl", "survey-text-missing"),
        ("items.q1.text.lt", "survey-text-missing"),
        ("items.q1.text.pl", "survey-text-missing"),
        ("items.q2.text.lt", "survey-text-missing"),
        ("items.q2.text.pl", "survey-text-missing"),
    ]
    assert len(missing_texts(read(text, complete=False).instrument)) == 7, "it can still be a draft"


def test_the_worst_file_is_refused_with_all_its_faults_in_its_order():
    assert problems_of(FAULTY, complete=False) == [
        ("colour", "unknown-key"),
        ("study.key", "key-malformed"),
        ("study.languages.#2", "unknown-value"),
        ("waves.baseline.last_day", "wave-days"),
        ("waves.BASELINE.key", "duplicate-key"),
        ("groups.country.levels.#2", "duplicate-value"),
        ("items.q1.max", "scale-steps"),
        ("items.#2.min", "missing-key"),
        ("items.#2.max", "missing-key"),
        ("items.#2.key", "duplicate-key"),
        ("items.#2.reverse", "unknown-key"),
        ("items.weight.key", "survey-key-reserved"),
        ("items.weight.type", "unknown-value"),
        ("items.weight.text", "not-a-table"),
        ("scales.trust.items.#2", "survey-item-unknown"),
        ("scales.trust.reverse.#1", "reverse-not-in-scale"),
        ("scales.trust.min_answered", "scale-share"),
        ("pairing.elements.#2", "unknown-value"),
        ("pairing.require", "number-out-of-range"),
    ]


def test_files_that_are_none_are_refused():
    for raw, code in (
        (b"\xff\xfe", "file-not-toml"),
        (b"[study", "file-not-toml"),
        (b"x = 1e99999999999999999999999999", "file-not-toml"),
        (b"#" * (LARGEST_FILE + 1), "survey-file-too-large"),
    ):
        with pytest.raises(InvalidInput) as caught:
            parse_study_file(raw, name="trust.toml")
        assert caught.value.problem.code == code
    assert problems_of("") == [("study", "missing-key"), ("items", "survey-without-items")]


def test_the_starter_is_complete_in_three_languages_and_says_that_it_is_not_validated():
    study = parse_study_file(STARTER.read_bytes(), name=STARTER.name, complete=True)
    instrument = study.instrument

    assert instrument.languages == ("en", "lt", "pl")
    assert 15 <= len(instrument.items) <= 20
    assert sum(len(scale.reverse) for scale in instrument.scales) >= 4
    assert "not validated" in instrument.note["en"]
    assert [wave.key for wave in study.waves] == ["baseline", "endline"]
    assert tidied(instrument) == instrument, "it is kept as it is written"


def test_the_reference_shows_every_part_and_is_complete():
    text = REFERENCE.read_text(encoding="utf-8")
    study = read(text)
    assert {item.kind for item in study.instrument.items} == {"likert", "single", "multiple", "number", "text"}
    assert (study.instrument.scales[0].reverse, study.instrument.pairing.require) == (("danger",), 5)
    written = write_study_file(study._replace(instrument=tidied(study.instrument)))
    assert read(written).instrument == tidied(study.instrument)
    named = {line.partition("=")[0].strip() for line in written.splitlines() if "=" in line}
    assert {each.partition(".")[0] for each in named if each.isascii()} <= {
        line.partition("=")[0].strip().partition(".")[0] for line in text.splitlines()
    }, "what the portal writes is explained"
