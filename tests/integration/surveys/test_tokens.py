"""Personal codes: handed out once as a file, kept as hashes, and never joined with what was answered with them."""

import csv
import io
import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import Base, db, transaction
from portal.core.errors import Conflict
from portal.core.once import FormKey
from portal.jobs.models import Job, Mail
from portal.surveys.models import Response, Sitting, Token, Wave
from portal.surveys.queries.handing_out import list_answered
from portal.surveys.rules.secrets import code_hash, normal_code
from portal.surveys.services.tokens import issue_tokens
from tests.conftest import NOW
from tests.integration.pages import page_text, read_fields
from tests.integration.surveys.phones import VIEWS, YOU, answer_all, begin, fill, send
from tests.integration.surveys.studies import make_study, wave_of
from tests.make import PROJECT, make_project, make_user, sign_in

PAGE = f"/projects/{PROJECT}/surveys/trust/waves/baseline/codes"


@pytest.fixture
def study(app: Flask) -> int:
    """A published survey with a first wave that is open."""
    with app.app_context():
        make_project()
        return make_study()


@pytest.fixture
def researcher(app: Flask, study: int) -> FlaskClient:
    """The browser of the project's researcher."""
    with app.app_context():
        user_id = make_user(Role.RESEARCHER)
    return sign_in(app.test_client(), user_id)


def issue(browser: FlaskClient, number: int) -> list[str]:
    """Make so many codes by the page; return those of the file."""
    answer = browser.post(PAGE, data={**read_fields(browser.get(PAGE)), "number": str(number)})
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    return [row["code"] for row in csv.DictReader(io.StringIO(answer.text))]


def dump() -> dict[str, list[dict[str, Any]]]:
    """Everything that the database holds, by table."""
    return {
        table.name: [dict(row) for row in db.session.execute(select(table)).mappings()]
        for table in Base.metadata.sorted_tables
    }


def test_codes_are_handed_out_as_a_file_once_and_kept_as_hashes(app: Flask, researcher: FlaskClient):
    codes = issue(researcher, 30)
    assert len(set(codes)) == 30
    assert all(normal_code(code) for code in codes)
    with app.app_context():
        kept = set(db.session.scalars(select(Token.token_hash)))
        assert kept == {code_hash(normal_code(code)) for code in codes}
        everything = str(dump())
        assert not [code for code in codes if code in everything or normal_code(code) in everything]
        assert db.session.scalars(select(Wave.tokens_issued).where(Wave.key == "baseline")).one() == 30
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "tokens_issued"))
        assert entry.changes == {"wave": [None, "baseline"], "number": [None, 30]}
        db.session.remove()
    assert "Codes made so far 30" in page_text(researcher.get(PAGE))


def test_the_same_press_again_makes_no_more_codes_and_shows_none(app: Flask, researcher: FlaskClient):
    fields = {**read_fields(researcher.get(PAGE)), "number": "5"}
    assert researcher.post(PAGE, data=fields).mimetype == "text/csv"
    again = researcher.post(PAGE, data=fields, follow_redirects=True)
    assert "was handed out already" in page_text(again)
    assert "Codes made so far 5" in page_text(again)


def test_how_many_codes_were_used_is_told_in_tens_and_of_few_not_at_all(app: Flask, researcher: FlaskClient):
    issue(researcher, 30)

    def use(number: int) -> str:
        with app.app_context(), transaction() as session:
            used = session.scalars(select(Token).limit(number)).all()
            for row in used:
                session.delete(row)
        return page_text(researcher.get(PAGE))

    assert "Used, in full tens fewer than 10" in use(9)
    assert "Used, in full tens 10" in use(1)
    assert "Used, in full tens 10" in use(9)
    assert "Used, in full tens 20" in use(1)


def test_a_wave_that_is_not_published_has_no_codes(app: Flask, researcher: FlaskClient):
    with app.app_context():
        wave_id = wave_of(make_study(key="draft", is_published=False))
        with pytest.raises(Conflict, match="wave-unpublished"):
            issue_tokens(wave_id, 1, now=NOW)
        db.session.remove()
    page = researcher.get(PAGE.replace("trust", "draft"))
    assert "not published yet" in page_text(page)
    assert "Make the codes" not in page_text(page)


@pytest.mark.parametrize("number", ["", "0", "5001", "x"])
def test_a_number_that_is_none_is_refused(app: Flask, researcher: FlaskClient, number: str):
    assert researcher.post(PAGE, data={"number": number}).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Token)).all() == []
        db.session.remove()


@pytest.mark.parametrize(("role", "status"), [(Role.MANAGER, 200), (Role.PARTNER, 403), (Role.VIEWER, 403)])
def test_only_those_who_edit_surveys_make_codes(app: Flask, study: int, role: Role, status: int):
    with app.app_context():
        user_id = make_user(role, "lps" if role == Role.PARTNER else "")
    assert sign_in(app.test_client(), user_id).get(PAGE).status_code == status


def test_no_column_and_no_row_joins_a_code_with_what_was_answered(
    app: Flask, researcher: FlaskClient, caplog: pytest.LogCaptureFixture
):
    codes = [normal_code(code) for code in issue(researcher, 3)]
    with app.app_context():
        before = dump()
        db.session.remove()
    caplog.set_level(logging.DEBUG)
    browser = app.test_client()
    link = f"/survey/{codes[0]}"
    begin(browser, link)
    fill(browser, VIEWS, link, q1="4")
    secret = browser.get_cookie("survey", path=link)
    assert secret is not None
    with app.app_context():
        [sitting] = dump()["survey_sittings"]
        # While somebody answers, nothing in their row is found in the row of their code, or made of it alone.
        assert not {code_hash(codes[0]), codes[0]} & {str(value) for value in sitting.values()}
        assert secret.value not in str(dump())
        db.session.remove()
    answer_all(browser, link)
    with app.app_context():
        after = dump()
        db.session.remove()
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"survey_tokens", "survey_responses", "form_keys"}
    [response] = after["survey_responses"]
    told = str({name: rows for name, rows in after.items() if name != "survey_tokens"}) + caplog.text
    assert not [each for each in (codes[0], code_hash(codes[0]), secret.value) if each in told]
    assert response["id"] not in str(after["form_keys"]) + caplog.text
    assert not [line for line in caplog.messages if "/survey/" in line]


def test_the_key_of_the_form_tells_no_time_of_the_day_and_no_answer(app: Flask, study: int):
    answer_all(app.test_client())
    with app.app_context():
        [key] = db.session.scalars(select(FormKey)).all()
        assert (key.used_at.hour, key.used_at.minute, key.used_at.second) == (0, 0, 0)
        assert key.result == "trust-baseline-token"
        db.session.remove()


def test_answering_leaves_no_trail_no_job_and_no_mail(app: Flask, study: int):
    def count() -> list[int]:
        return [len(db.session.scalars(select(table)).all()) for table in (AuditEntry, Job, Mail)]

    with app.app_context():
        before = count()
        db.session.remove()
    answer_all(app.test_client())
    with app.app_context():
        assert count() == before
        assert db.session.scalars(select(Sitting)).all() == []
        db.session.remove()


def test_what_is_kept_of_a_response_has_no_finer_time_than_the_day_and_no_code():
    assert set(Response.__table__.columns.keys()) == {
        "id",
        "wave_id",
        "row_key",
        "source",
        "language",
        "day",
        "answers",
        "groups",
        "respondent",
        "pairing",
        "weight_micros",
        "import_id",
    }
    assert str(Response.__table__.c.day.type) == "DATE"


def test_answers_do_not_come_in_the_order_of_their_making(app: Flask, researcher: FlaskClient):
    for place, code in enumerate(issue(researcher, 12)):
        browser, link = app.test_client(), f"/survey/{normal_code(code)}"
        begin(browser, link)
        fill(browser, YOU, link, years=str(place))
        assert send(browser, link, key=f"{place:032}").status_code == 303
    with app.app_context():
        handed = [each.answers["years"] for each in list_answered(wave_of(1))]
        assert sorted(handed, key=int) == [str(place) for place in range(12)]
        assert handed != sorted(handed, key=int)
        named = {row.id: row.answers["years"] for row in db.session.scalars(select(Response))}
        assert handed == [named[name] for name in sorted(named)]
        if db.engine.dialect.name == "sqlite":
            # Without a number of its own, a row lies where its random name puts it.
            kept = db.session.execute(
                text("SELECT sql FROM sqlite_master WHERE name = 'survey_responses'")
            ).scalar_one()
            assert "WITHOUT ROWID" in kept
        db.session.remove()
