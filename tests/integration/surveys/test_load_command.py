"""`portal survey load`: a complete file is published, the same one again changes nothing, all faults are listed."""

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.surveys.queries.studies import document_of, find_published, find_study, get_study, get_wave
from portal.surveys.rules.documents import content_hash
from portal.surveys.rules.instrument_files import StudyFile, write_study_file
from portal.surveys.rules.wave_drafts import WaveDraft
from portal.surveys.services.studies import begin_version, create_study
from portal.surveys.services.waves import change_wave
from tests.conftest import NOW
from tests.integration.surveys.studies import INSTRUMENT, words
from tests.make import PROJECT, make_project, make_user, run_portal

BASELINE = WaveDraft("baseline", date(2026, 11, 1), date(2026, 12, 31))
ENDLINE = WaveDraft("endline", date(2027, 11, 1), date(2027, 12, 31))
STUDY = StudyFile("trust", PROJECT, INSTRUMENT, (BASELINE,))


@pytest.fixture(autouse=True)
def project(app: Flask) -> None:
    with app.app_context():
        make_project()


@pytest.fixture
def load(app: Flask, tmp_path: Path):
    """What the command answers to this study or text, in JSON, and its exit code."""

    def run(stated: StudyFile | str, *options: str) -> tuple[int, dict]:
        file = tmp_path / "trust.toml"
        file.write_text(stated if isinstance(stated, str) else write_study_file(stated), encoding="utf-8")
        result = run_portal(app, "survey", "load", file, "--format", "json", *options)
        return result.exit_code, json.loads(result.stdout)

    return run


def test_a_file_makes_a_published_survey_and_changes_nothing_the_second_time(app, load):
    code, answer = load(STUDY)
    assert (code, answer) == (
        0,
        {
            "study": "trust",
            "project": PROJECT,
            "result": "created",
            "version": 1,
            "hash": content_hash(INSTRUMENT),
            "differences": [],
        },
    )
    with app.app_context():
        study = get_study(PROJECT, "trust")
        published = find_published(study)
        assert document_of(published) == INSTRUMENT
        assert get_wave(study, "baseline").instrument_id == published.id
        before = db.session.query(AuditEntry).count()
    assert load(STUDY) == (0, {**answer, "result": "unchanged"})
    with app.app_context():
        assert db.session.query(AuditEntry).count() == before


def test_new_waves_are_added_and_changed_days_are_kept_and_named(app, load):
    load(STUDY)
    with app.app_context():
        wave = get_wave(get_study(PROJECT, "trust"), "baseline")
        moved = BASELINE._replace(last_day=date(2027, 1, 31))
        change_wave(wave.id, moved, version=wave.version, now=NOW)
    code, answer = load(STUDY._replace(waves=(BASELINE, ENDLINE)))

    assert (code, answer["result"]) == (0, "updated")
    assert answer["differences"] == [
        {"wave": "baseline", "column": "last_day", "stated": "2026-12-31", "kept": "2027-01-31"}
    ]
    with app.app_context():
        study = get_study(PROJECT, "trust")
        assert get_wave(study, "baseline").last_day == date(2027, 1, 31)
        assert get_wave(study, "endline").instrument_id == study.instruments[0].id


def test_a_published_survey_is_not_changed_by_a_file(app, load):
    load(STUDY)
    other = STUDY._replace(instrument=INSTRUMENT._replace(title=words("Other")))
    code, answer = load(other)
    assert (code, [each["code"] for each in answer["errors"]]) == (1, ["study-published-differs"])
    with app.app_context():
        begin_version(get_study(PROJECT, "trust").id, {}, now=NOW)
    code, answer = load(other)
    assert (code, [each["code"] for each in answer["errors"]]) == (1, ["study-draft-differs"])
    assert load(STUDY)[1]["result"] == "unchanged", "what is published asks this already"


def test_a_draft_that_asks_the_same_is_published(app, load):
    with app.app_context():
        create_study(PROJECT, "trust", INSTRUMENT, (), now=NOW)
    code, answer = load(STUDY)
    assert (code, answer["result"], answer["hash"]) == (0, "updated", content_hash(INSTRUMENT))


def test_every_fault_of_a_file_is_listed_at_its_place_and_nothing_is_stored(app, load):
    text = write_study_file(STUDY)
    text = text.replace('key = "q2"', 'key = "q1"').replace('title.pl = "Trust (pl)"\n', "", 1)
    text = text.replace('reverse = ["q3"]', 'reverse = ["q3", "met"]').replace('item = "met"', 'item = "why"')
    code, answer = load(text)

    assert code == 1
    assert [(each["where"], each["code"]) for each in answer["errors"]] == [
        ("study.title.pl", "survey-text-missing"),
        ("items.#2.key", "duplicate-key"),
        ("items.where.show_if.item", "condition-forwards"),
        ("items.where.show_if.values", "condition-on-text"),
        ("scales.trust.items.#2", "survey-item-unknown"),
        ("scales.trust.reverse.#2", "reverse-not-in-scale"),
    ]
    with app.app_context():
        assert find_study(PROJECT, "trust") is None


def test_faults_are_told_in_words_without_json(app, tmp_path):
    file = tmp_path / "trust.toml"
    file.write_text(write_study_file(STUDY).replace("min = 1\nmax = 5", "min = 5\nmax = 1", 1), encoding="utf-8")
    result = run_portal(app, "survey", "load", file)
    assert result.exit_code == 1
    assert "items.q1.max: A scale from 5 to 1" in result.stderr

    file.write_text(write_study_file(STUDY), encoding="utf-8")
    result = run_portal(app, "survey", "load", file)
    assert result.exit_code == 0
    assert result.stdout.startswith("trust: created. Version 1 is published")


def test_what_is_no_file_or_no_project_is_refused(app, load, tmp_path):
    result = run_portal(app, "survey", "load", tmp_path / "nowhere.toml", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["errors"][0]["code"]) == (1, "file-unreadable")
    assert load("[study")[1]["errors"][0]["code"] == "file-not-toml"
    [refusal] = load(STUDY._replace(project="LTPL00000"))[1]["errors"]
    assert (refusal["where"], refusal["code"]) == ("study.project", "project-unknown")
    assert run_portal(app, "survey", "load").exit_code == 2


@pytest.mark.parametrize(("role", "code"), [(Role.RESEARCHER, 0), (Role.MANAGER, 0), (Role.PARTNER, 1)])
def test_only_who_may_edit_studies_loads_one(app, load, role, code):
    with app.app_context():
        make_user(role, "lps" if role == Role.PARTNER else "")
    found, answer = load(STUDY, "--as", "someone@example.org")
    assert found == code
    if code:
        assert answer["errors"][0]["code"] == "not-allowed"
    else:
        with app.app_context():
            entry = db.session.query(AuditEntry).filter_by(action="study_published").one()
            assert (entry.actor, entry.project_code) == ("someone@example.org", PROJECT)
