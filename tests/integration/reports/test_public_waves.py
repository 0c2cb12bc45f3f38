"""Of which waves everyone may read, of which answers, and from when on: those that are over, as analysed then."""

import pytest

from portal.accounts.rules import Role
from portal.core.db import db, transaction
from portal.imports.models import Import
from portal.projects.models import Indicator, Project
from portal.surveys.models import Response, Study, Wave
from portal.surveys.queries.analyses import find_analysis
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text
from tests.integration.reports.told import OVER, PAGE, give, look, read_counts, take_back
from tests.integration.surveys.studies import answer
from tests.make import PROJECT, sign_in_as


@pytest.mark.parametrize(("number", "wave"), [(9, "baseline"), (0, "baseline"), (30, "endline")])
def test_of_too_few_or_of_an_open_wave_nothing_is_told(app, client, study, number, wave):
    give(app, study, number, {"q1": 5}, wave=wave)
    assert look(app, client, study).status_code == 404
    assert PAGE not in links_of(client.get(f"/public/{PROJECT}")).values()


def test_an_open_wave_is_not_told_beside_one_that_is_over(app, client, study):
    give(app, study, 12, {"q1": 5})
    give(app, study, 30, {"q1": 1}, wave="endline")
    page = page_text(look(app, client, study))
    assert "12 people answered." in page
    assert "Endline" not in page


def test_nothing_is_told_before_the_survey_is_analysed(app, client, study):
    give(app, study, 12, {"q1": 5})
    assert client.get(PAGE).status_code == 404
    assert PAGE not in links_of(client.get(f"/public/{PROJECT}")).values()


def test_what_is_told_stays_until_at_least_ten_answers_have_changed(app, client, study):
    give(app, study, 12, {"q1": 5})
    before = look(app, client, study).text
    give(app, study, 9, {"q1": 4}, source="paper")
    assert look(app, client, study).text == before
    give(app, study, 1, {"q1": 4}, source="paper")
    # Ten are new, and still nobody has analysed them.
    assert client.get(PAGE).text == before
    answered = look(app, client, study)
    assert "22 people answered." in page_text(answered)
    assert read_counts(answered, "People deserve")[-2:] == [["4", "10"], ["5", "12"]]
    take_back(app, 9)
    assert look(app, client, study).text == answered.text
    # Of those who are left nothing is told.
    take_back(app, 4)
    assert look(app, client, study).status_code == 404


def test_the_outcome_is_told_of_the_answers_that_the_survey_is_told_of(app, client, study):
    measure_mean(app, item="q1")
    close(app, study, by_hand="open")
    give(app, study, 20, {"q1": 4})
    look(app, client, study)
    # The wave is open.
    assert told_of(client) == (None, None)
    close(app, study)
    assert told_of(client) == (None, None)
    look(app, client, study)
    assert told_of(client) == ("4.00", "80.00")
    # One form is late: members see (20 · 4 + 1) / 21, everyone what they saw.
    give(app, study, 1, {"q1": 1}, source="paper")
    look(app, client, study)
    assert sign_in_as(app, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/trusting").text.count("3.86")
    assert told_of(client) == ("4.00", "80.00")
    assert "3.86" not in client.get(f"/public/{PROJECT}").text
    give(app, study, 9, {"q1": 1}, source="paper")
    look(app, client, study)
    assert told_of(client) == ("3.00", "60.00")
    take_back(app, 21)
    assert told_of(client) == (None, None)


def test_of_how_many_a_mean_is_is_not_told_where_a_few_are_left(app, client, study):
    measure_mean(app, scale="trust")
    give(app, study, 40, {"q1": 4, "q2": 4, "q3": 2})
    look(app, client, study)
    row, said = row_of(client), page_text(client.get(f"/public/{PROJECT}"))
    # Where all say the same there is no interval.
    assert (row["achieved"], row["n"], row["ci"]) == ("4.00", 40, None)
    assert said.count("n = 40") == 2
    # Ten more answered, of whom four have no score: 50 people, so 46 would tell of them.
    give(app, study, 6, {"q1": 4, "q2": 4, "q3": 2})
    give(app, study, 4, {"met": "no"})
    look(app, client, study)
    row, said = row_of(client), page_text(client.get(f"/public/{PROJECT}"))
    assert row["achieved"] == "4.00"
    assert not {"n", "ci"} & row.keys()
    assert "Trusting: Mean · Trust (en) · Baseline." in said
    assert "n = " not in said
    # Members read it.
    member = sign_in_as(app, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes")
    assert page_text(member).count("n = 46") == 2


def measure_mean(app, **of):
    """Let a row of the outcome table be the mean of this in the first wave, expected to be 5."""
    measure = {"kind": "survey", "study": "trust", "wave": "baseline", "statistic": "mean", **of}
    with app.app_context(), transaction() as session:
        names = {"en": "Trusting", "lt": "t", "pl": "t"}
        facts = {"position": 90, "name": names, "target": 500, "measure": measure, "note": {}}
        session.add(Indicator(project_code=PROJECT, key="trusting", **facts))


def close(app, study, by_hand="closed"):
    """Close the first wave, and the second for good, or decide otherwise of the first."""
    with app.app_context(), transaction() as session:
        waves = session.get_one(Study, study).waves
        waves[0].by_hand, waves[1].by_hand = by_hand, "closed"


def told_of(client):
    """What everyone is told of the row of the survey: what was achieved, and the share."""
    row = row_of(client)
    return row["achieved"], row["percent"]


def row_of(client):
    """The row of the survey as everyone may read it."""
    rows = {row["key"]: row for row in client.get(f"/public/{PROJECT}/outcomes.json").json["rows"]}
    return rows["trusting"]


def test_answers_that_a_file_replaced_are_told_once_they_are_ten(app, client, study):
    give(app, study, 30, {"q1": 5})
    look(app, client, study)
    for number, rows in ((9, ["5", "30"]), (10, ["5", "20"])):
        replace(app, number)
        assert read_counts(look(app, client, study), "People deserve")[-1] == rows


def replace(app, number):
    """Let a file have brought other answers of so many people, and no more."""
    with app.app_context(), transaction() as session:
        facts = {"project_code": PROJECT, "kind": "responses", "filename": "answers.csv", "content_sha256": "0" * 64}
        brought = Import(**facts, state="stored", updated=number, added_at=NOW)
        session.add(brought)
        session.flush()
        rows = session.query(Response).order_by(Response.id).all()
        for place, row in enumerate(rows):
            row.import_id, row.answers = (brought.id, {"q1": 4}) if place < number else (None, {"q1": 5})


def test_a_wave_that_ends_after_the_analysis_is_told_after_the_next(app, client, study):
    give(app, study, 30, {"q1": 5}, wave="endline")
    assert look(app, client, study).status_code == 404
    with app.app_context(), transaction() as session:
        session.get_one(Study, study).waves[1].by_hand = "closed"
    assert client.get(PAGE).status_code == 404
    assert read_counts(look(app, client, study), "People deserve")[-1] == ["5", "30"]
    with app.app_context(), transaction() as session:
        session.get_one(Study, study).waves[1].by_hand = "open"
    assert client.get(PAGE).status_code == 404


def test_answers_to_another_wave_count_nothing_anew(app, client, study, monkeypatch):
    give(app, study, 12, {"q1": 5})
    assert look(app, client, study).status_code == 200
    monkeypatch.setattr("portal.surveys.queries.standing.count_answers", pytest.fail)
    give(app, study, 30, {"q1": 1}, wave="endline")
    assert read_counts(look(app, client, study), "People deserve")[-1] == ["5", "12"]


def test_of_a_closed_project_everything_is_told_once_it_is_analysed_again(app, client, study):
    give(app, study, 12, {"q1": 5})
    give(app, study, 30, {"q1": 1}, wave="endline")
    look(app, client, study)
    with app.app_context(), transaction():
        db.session.query(Project).update({"status": "closed"})
    assert "Endline" not in page_text(client.get(PAGE))
    page = page_text(look(app, client, study))
    assert "12 people answered." in page
    assert "30 people answered." in page


def test_a_wave_that_takes_the_key_of_one_that_is_gone_is_told_by_its_own_answers(app, client, study):
    give(app, study, 12, {"q1": 5})
    look(app, client, study)
    with app.app_context():
        with transaction() as session:
            session.query(Response).delete()
            gone = session.get_one(Study, study).waves[0]
            facts = {"key": gone.key, "position": gone.position, "instrument_id": gone.instrument_id}
            opens_on, last_day = OVER["baseline"]
            session.delete(gone)
            session.flush()
            session.add(Wave(study_id=study, token="another", opens_on=opens_on, last_day=last_day, **facts))
        answer(study, "baseline", [{"q1": 4}] * 11)
        kept = find_analysis(study)
        assert kept is not None
        assert kept.result["waves"][0] == {"key": "baseline", "suppressed": True}
    assert client.get(PAGE).status_code == 404
    assert read_counts(look(app, client, study), "People deserve")[-2:] == [["4", "11"], ["5", "0"]]
