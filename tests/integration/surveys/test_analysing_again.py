"""Analysing anew: in tens of answers, never of a few while people answer, and of a few only where that is asked for."""

from threading import Event

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.audit.services import Actor, acting_as
from portal.core.db import db, transaction
from portal.jobs.carrying import run_job
from portal.jobs.models import Job
from portal.surveys.models import Response
from portal.surveys.queries.analyses import analysis_job, find_analysis
from portal.surveys.services.analysing import analyse, request_analysis
from portal.surveys.services.waves import decide_wave
from tests.conftest import NOW
from tests.integration.pages import find_all, page_text, read_errors, read_fields, read_page
from tests.integration.surveys.kept import keep_analysis
from tests.integration.surveys.studies import answer, wave_of
from tests.make import PROJECT, make_user, run_portal, sign_in_as
from tests.unit.surveys.analysed import RESULT

RESULTS = f"/projects/{PROJECT}/surveys/trust/results"


def keep_of(app, study, number):
    """Keep an analysis of the baseline, of so many answers."""
    with app.app_context():
        answer(study, "baseline", [{"q1": 3}] * number)
        keep_analysis(study, {**RESULT, "waves": [{"key": "baseline", "n": number}, {"key": "endline", "n": 0}]})


@pytest.mark.parametrize(
    ("more", "said", "is_offered"),
    [
        (1, "Fewer than 10 answers of a wave are new, gone or replaced since the last analysis", False),
        (9, "who compares both results would know what these few said", False),
        (10, "At least 10 answers are new, gone or replaced since this was analysed.", True),
        (29, "At least 20 answers are new, gone or replaced since this was analysed.", True),
    ],
)
def test_answers_that_came_later_are_said_in_tens(app, study, more, said, is_offered):
    keep_of(app, study, 40)
    with app.app_context():
        answer(study, "baseline", [{"q1": 3}] * more)
    page = page_text(sign_in_as(app, Role.MANAGER).get(RESULTS))
    assert said in page
    assert "What stands here is of the answers as they were." in page
    assert ("Analyse the answers again" in page) == is_offered
    assert f" {more} answers are new" not in page or more == 10
    assert "Analyse the answers again" not in page_text(sign_in_as(app, Role.VIEWER).get(RESULTS))


def test_late_forms_of_a_wave_that_is_over_may_be_analysed(app, study):
    keep_of(app, study, 40)
    with app.app_context():
        answer(study, "baseline", [{"q1": 3}])
        decide_wave(wave_of(study), "closed", version=1, now=NOW)
    manager = sign_in_as(app, Role.MANAGER)
    page = page_text(manager.get(RESULTS))
    assert "who holds the results of before would know from new ones what these few said" in page
    assert "A wave is over of which the public page does not tell yet." in page
    assert "Analyse the answers again" in page
    fields = {name: value for name, value in read_fields(manager.get(RESULTS)).items() if name != "despite_few"}
    refused = manager.post(f"{RESULTS}/analyse", data=fields)
    assert (refused.status_code, [*read_errors(refused)]) == (422, ["despite_few"])
    assert manager.post(f"{RESULTS}/analyse", data={**fields, "despite_few": "y"}).status_code == 302


def test_of_few_new_answers_the_button_pressed_all_the_same_says_why_not(app, study):
    keep_of(app, study, 40)
    manager = sign_in_as(app, Role.MANAGER)
    with app.app_context():
        answer(study, "baseline", [{"q1": 3}] * 10)
    form = next(
        each for each in find_all(read_page(manager.get(RESULTS)), "form") if "/analyse" in str(each.attributes)
    )
    fields = {each.attributes["name"]: each.attributes.get("value", "") for each in find_all(form, "input")}
    with app.app_context():
        take_back(study, 5)
    refused = manager.post(f"{RESULTS}/analyse", data=fields)
    assert refused.status_code == 409
    assert "Analyse again once there are 10" in page_text(refused)
    with app.app_context():
        assert analysis_job(study) is None


def take_back(study, number):
    with transaction() as session:
        for row in session.query(Response).filter_by(wave_id=wave_of(study)).limit(number):
            session.delete(row)


def test_the_command_says_so_where_a_wave_is_over(app, study):
    keep_of(app, study, 40)
    with app.app_context():
        answer(study, "baseline", [{"q1": 3}])
        decide_wave(wave_of(study), "closed", version=1, now=NOW)
    for arguments, number, said in (
        ((), 40, "results made anew would tell what these few said"),
        (("--despite-few",), 41, ""),
        ((), 41, ""),
    ):
        done = run_portal(app, "survey", "analyse", "trust", *arguments)
        assert (done.exit_code, said in done.stderr, bool(done.stderr)) == (0, True, bool(said))
        assert f"n = {number}" in done.stdout


def test_the_worker_tells_of_no_few_that_nobody_asked_for(app, study):
    with app.app_context():
        answer(study, "baseline", [{"q1": 3}] * 40)
        decide_wave(wave_of(study), "closed", version=1, now=NOW)
        analyse(study, now=NOW)
        answer(study, "baseline", [{"q1": 3}] * 12)
        researcher = Actor(make_user(Role.RESEARCHER), "researcher@example.org")
        with acting_as(researcher):
            request_analysis(PROJECT, "trust", now=NOW)
        take_back(study, 9)
        run_job(db.session.scalars(select(Job.id)).one(), stopping=Event(), now=NOW)
        # 52 less 9: three more than before.
        assert find_analysis(study).result["waves"][0]["n"] == 40
        with acting_as(researcher):
            request_analysis(PROJECT, "trust", now=NOW, despite_few=True)
        run_job(db.session.scalars(select(Job.id).order_by(Job.id.desc())).first(), stopping=Event(), now=NOW)
        assert find_analysis(study).result["waves"][0]["n"] == 43
