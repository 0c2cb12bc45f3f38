"""Analysing a survey: who is nowhere to be found, what is kept until when, versions, weights, and the worker's job."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from threading import Event
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.audit.services import Actor, acting_as
from portal.core.db import db, transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs.carrying import run_job
from portal.jobs.models import Job
from portal.surveys.models import Analysis, Instrument, Response, Study, Wave
from portal.surveys.queries.analyses import analysis_waits, find_analysis
from portal.surveys.rules.documents import content_hash, to_content
from portal.surveys.services.analysing import analyse, request_analysis
from tests.conftest import NOW
from tests.integration.surveys.simulating import TRUST, People, store
from tests.integration.surveys.studies import answer, make_study
from tests.make import PROJECT, make_project, make_user, run_portal

ALONE = TRUST._replace(pairing=TRUST.pairing._replace(method="none"))
HIDDEN = {"suppressed": True}


@pytest.fixture
def chance(in_app: Flask) -> np.random.Generator:
    make_project()
    return np.random.default_rng(3)


def wave_numbers(document: dict[str, Any]) -> dict[str, Any]:
    return {wave["key"]: wave.get("n") for wave in document["waves"]}


def small_numbers(document: Any) -> Iterator[int]:
    """Every number of respondents below ten that stands beside a figure."""
    if isinstance(document, dict):
        if isinstance(document.get("n"), int) and 0 < document["n"] < 10:
            yield document["n"]
        document = list(document.values())
    if isinstance(document, list):
        for each in document:
            yield from small_numbers(each)


def test_nine_respondents_of_one_group_are_nowhere(chance: np.random.Generator) -> None:
    study = make_study(ALONE)
    for wave in ("baseline", "endline"):
        store(study, wave, People(chance, "LT", 60).answer(chance) + People(chance, "PL", 9).answer(chance))
    document = analyse(study, now=NOW)
    assert wave_numbers(document) == {"baseline": 69, "endline": 69}
    (scale,) = document["scales"]
    # The sixty are hidden too: 69 less 60 would be the nine.
    assert scale["groups"]["country"] == {"LT": HIDDEN, "PL": HIDDEN}
    assert scale["contrasts"] == [{"by": "country", "levels": ["LT", "PL"], **HIDDEN}]
    assert scale["alpha"]["baseline"]["languages"] == {"lt": HIDDEN, "pl": HIDDEN}
    assert [each["where"] for each in document["warnings"] if each["code"] == "levels-hidden"] == ["country"]
    assert not list(small_numbers(document))
    assert '"n": 60' not in json.dumps(document)
    kept = json.dumps(db.session.get_one(Analysis, study).result)
    assert '"n": 60' not in kept


def test_a_level_that_is_small_in_one_wave_has_no_change(chance: np.random.Generator) -> None:
    study = make_study(ALONE)
    store(study, "baseline", People(chance, "LT", 60).answer(chance) + People(chance, "PL", 9).answer(chance))
    store(study, "endline", People(chance, "LT", 50).answer(chance) + People(chance, "PL", 40).answer(chance))
    (scale,) = analyse(study, now=NOW)["scales"]
    country = scale["groups"]["country"]
    assert country["PL"]["waves"]["baseline"] == country["PL"]["change"] == HIDDEN
    assert country["LT"]["waves"]["baseline"] == country["LT"]["change"] == HIDDEN
    assert country["PL"]["waves"]["endline"]["n"] == 40
    assert scale["change"]["why"]["values"]["first"] == 69


def test_of_nine_responses_nothing_is_told(chance: np.random.Generator) -> None:
    study = make_study(TRUST)
    store(study, "baseline", People(chance, "LT", 40).answer(chance))
    store(study, "endline", People(chance, "LT", 9).answer(chance))
    document = analyse(study, now=NOW)
    assert document["waves"] == [{"key": "baseline", "n": 40}, {"key": "endline", **HIDDEN}]
    # How many were found in both, or not, would tell how many answered.
    assert document["pairing"] == {"method": "code", **HIDDEN}
    assert document["scales"][0]["waves"]["endline"] == document["scales"][0]["change"] == HIDDEN
    assert all(item["waves"]["endline"] == item["change"] == HIDDEN for item in document["items"])
    assert not list(small_numbers(document))
    done = run_portal(db_app(), "survey", "analyse", "trust")
    assert done.exit_code == 0
    assert "fewer than 10 respondents" in done.output


def db_app() -> Flask:
    from flask import current_app

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def test_an_analysis_is_kept_until_the_answers_change(chance: np.random.Generator) -> None:
    study = make_study(ALONE)
    store(study, "baseline", People(chance, "LT", 20).answer(chance))
    first = analyse(study, now=NOW)
    later = NOW + timedelta(hours=1)
    assert analyse(study, now=later) == first
    assert db.session.get_one(Analysis, study).made_at == NOW
    store(study, "baseline", People(chance, "LT", 10).answer(chance))
    kept = find_analysis(study)
    assert kept is not None
    assert not kept.is_current
    assert wave_numbers(analyse(study, now=later)) == {"baseline": 30, "endline": 0}
    kept = find_analysis(study)
    assert kept is not None
    assert (kept.is_current, kept.made_at) == (True, later)
    # Nothing that anybody answered is in the audit.
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "study_analysed")).all()
    assert [entry.changes for entry in entries] == [{"number": [None, 1]}] * 2


def test_the_command_keeps_the_last_analysis_while_fewer_than_ten_of_an_open_wave_have_changed(
    chance: np.random.Generator,
) -> None:
    study, app = make_study(ALONE), db_app()
    for number, more, told in ((20, "", 20), (1, "Fewer than 10 answers of a wave", 20), (9, "", 30)):
        with app.app_context():
            store(study, "baseline", People(chance, "LT", number).answer(chance))
        done = run_portal(app, "survey", "analyse", "trust", "--format", "json")
        assert (done.exit_code, wave_numbers(json.loads(done.stdout))["baseline"]) == (0, told)
        assert more in done.stderr
        assert ("This was analysed on 2026-11-20 at " in done.stderr) == bool(more)


def test_of_few_that_came_after_the_worker_was_asked_nothing_is_told(chance: np.random.Generator) -> None:
    study = make_study(ALONE)
    store(study, "baseline", People(chance, "LT", 20).answer(chance))
    first = analyse(study, now=NOW)
    store(study, "baseline", People(chance, "LT", 10).answer(chance))
    with acting_as(Actor(make_user(Role.RESEARCHER), "researcher@example.org")):
        request_analysis(PROJECT, "trust", now=NOW)
    with transaction() as session:
        for row in session.query(Response).limit(5):
            session.delete(row)
    job = db.session.scalars(select(Job)).one()
    run_job(job.id, stopping=Event(), now=NOW)
    db.session.expire_all()
    assert db.session.get_one(Job, job.id).state == "done"
    kept = find_analysis(study)
    assert kept is not None
    assert kept.result == first


def test_commands_and_unknown_surveys(chance: np.random.Generator) -> None:
    make_study(ALONE)
    make_study(ALONE, key="draft", is_published=False)
    app = db_app()
    empty = run_portal(app, "survey", "analyse", "trust", "--project", PROJECT, "--format", "json")
    assert empty.exit_code == 0
    assert json.loads(empty.stdout)["waves"] == [{"key": "baseline", "n": 0}, {"key": "endline", "n": 0}]
    for arguments, code in (
        (("unknown",), "study-unknown-anywhere"),
        (("trust", "--project", "OTHER"), "study-unknown-anywhere"),
        (("draft",), "study-unpublished"),
    ):
        done = run_portal(app, "survey", "analyse", *arguments, "--format", "json")
        assert done.exit_code == 1
        assert [each["code"] for each in json.loads(done.stdout)["errors"]] == [code]
    with pytest.raises(NotFound):
        analyse(10_000, now=NOW)


def test_waves_of_two_versions_are_compared_by_the_mapping(chance: np.random.Generator) -> None:
    study = make_study(ALONE)
    renamed = {"q1": "r1"}
    items = tuple(item._replace(key=renamed.get(item.key, item.key)) for item in ALONE.items if item.key != "q5")
    (scale,) = ALONE.scales
    # What was asked of 5 steps is asked of 7 now: it does not measure the same.
    items = (*items[:-1], items[-1]._replace(most=Decimal(7)))
    keys = tuple(item.key for item in items)
    second = ALONE._replace(items=items, scales=(scale._replace(items=keys, min_answered=Decimal("0.5")),))
    with transaction() as session:
        row = Instrument(study_id=study, number=2, content=to_content(second), content_hash=content_hash(second))
        row.mapping, row.published_at, row.created_at, row.updated_at = {"q1": "r1", "q5": ""}, NOW, NOW, NOW
        session.add(row)
        session.flush()
        session.scalars(select(Wave).where(Wave.study_id == study, Wave.key == "endline")).one().instrument_id = row.id
    store(study, "baseline", [{"answers": {"q1": 1, "q2": 2, "q3": 3, "q4": 4, "q5": 5}}] * 12)
    store(study, "endline", [{"answers": {"r1": 5, "q2": 2, "q3": 3, "q4": 4}}] * 12)
    document = analyse(study, now=NOW)
    assert document["instrument"]["waves"] == {"baseline": 1, "endline": 2}
    told = {item["key"]: item for item in document["items"]}
    assert list(told) == ["r1", "q2", "q3", "q4"]
    assert (told["r1"]["change"]["estimate"], told["q2"]["change"]["estimate"]) == (4, 0)
    # Nobody was asked it, which is not to say that fewer than 10 answered.
    assert ([*told["q4"]["waves"]], told["q4"]["change"]) == (["endline"], None)
    codes = {each["code"]: each for each in document["warnings"]}
    assert codes["instruments-differ"]["values"] == {"first": 1, "second": 2, "items": ["q4"]}
    assert codes["scale-items-differ"]["values"] == {"items": ["q4"]}
    assert codes["scale-redefined"]["where"] == scale.key


def test_missing_answers_are_told_apart_and_weights_stand_beside(chance: np.random.Generator) -> None:
    study = make_study(ALONE)
    full = {f"q{number}": 3 for number in range(1, 6)}
    answer(study, "baseline", [full] * 10, weight_micros=2_000_000)
    answer(study, "baseline", [{**full, "q1": 5, "q2": 5}] * 10, weight_micros=1_000_000)
    answer(study, "baseline", [{"q1": "@dk", "q2": "@no"}] * 10)
    document = analyse(study, now=NOW)
    q1, q2, q3 = (item["waves"]["baseline"] for item in document["items"][:3])
    assert (q1["n"], q1["missing"]) == (20, {"dk": 10, "refused": 0, "none": 0, "unasked": 0})
    assert q2["missing"] == {"dk": 0, "refused": 10, "none": 0, "unasked": 0}
    assert q3["missing"] == {"dk": 0, "refused": 0, "none": 10, "unasked": 0}
    assert q1["counts"] == {"1": 0, "2": 0, "3": 10, "4": 0, "5": 10}
    wave = document["scales"][0]["waves"]["baseline"]
    # Scores of 3 and 3.8: (3 + 3.8) / 2, and weighted (2 · 3 + 3.8) / 3; (Σw)² / Σw² = 900 / 50.
    assert (wave["n"], wave["mean"]) == (20, pytest.approx(3.4))
    assert (wave["weighted"]["mean"], wave["weighted"]["n_eff"]) == (pytest.approx(9.8 / 3), pytest.approx(18))
    assert document["weighting"]["waves"]["baseline"]["n"] == 30
    assert {each["where"] for each in document["warnings"] if each["code"] == "many-missing"} == set(full)


def test_the_worker_analyses_for_who_may(chance: np.random.Generator) -> None:
    study = make_study(ALONE)
    store(study, "baseline", People(chance, "LT", 20).answer(chance))
    researcher, viewer = (make_user(role, email=f"{role}@example.org") for role in (Role.RESEARCHER, Role.VIEWER))
    with acting_as(Actor(researcher, "researcher@example.org")):
        request_analysis(PROJECT, "trust", now=NOW)
        # Who asks twice is answered once.
        request_analysis(PROJECT, "trust", now=NOW)
    (job,) = db.session.scalars(select(Job)).all()
    assert analysis_waits(study)
    run_job(job.id, stopping=Event(), now=NOW)
    db.session.expire_all()
    assert (db.session.get_one(Job, job.id).state, analysis_waits(study)) == ("done", False)
    kept = find_analysis(study)
    assert kept is not None
    assert wave_numbers(kept.result) == {"baseline": 20, "endline": 0}
    with acting_as(Actor(researcher, "researcher@example.org")):
        request_analysis(PROJECT, "trust", now=NOW)
    assert len(db.session.scalars(select(Job)).all()) == 1
    with transaction() as session:
        session.execute(delete(Response))
    with acting_as(Actor(viewer, "viewer@example.org")):
        request_analysis(PROJECT, "trust", now=NOW)
    refused = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
    assert refused is not None
    run_job(refused.id, stopping=Event(), now=NOW)
    db.session.expire_all()
    assert (refused.state, refused.error) == ("failed", "not-allowed")


def test_nothing_is_asked_of_the_worker_before_publishing(chance: np.random.Generator) -> None:
    make_study(ALONE, is_published=False)
    with pytest.raises(Conflict, match="study-unpublished"):
        request_analysis(PROJECT, "trust", now=NOW)
    assert db.session.scalars(select(Study)).one().key == "trust"
