"""The fieldwork log: days, numbers and their sums."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.projects.models import Project
from portal.surveys.models import FieldworkNote
from portal.surveys.services.fieldwork import remove_note
from portal.surveys.services.studies import remove_draft
from tests.conftest import NOW
from tests.integration.activities.test_exclusion_races import told
from tests.integration.files.test_races import together
from tests.integration.pages import page_text, read_errors, read_table, send_form
from tests.integration.surveys.papers import make_note
from tests.integration.surveys.studies import make_study
from tests.make import PROJECT, make_project, sign_in_as

LOG = f"/projects/{PROJECT}/surveys/trust/waves/baseline/fieldwork"
NOTE = {
    "day": "2026-11-10",
    "place": "Library of Vilnius",
    "handed_out": "40",
    "returned": "12",
    "text": "By the desk.",
}


@pytest.fixture
def partner(app: Flask) -> FlaskClient:
    """The browser of somebody of a partner."""
    with app.app_context():
        make_project()
        make_study()
    return sign_in_as(app, Role.PARTNER, "lps")


def test_days_are_listed_latest_first_with_their_sums(app, partner):
    assert "Nothing is noted yet" in page_text(partner.get(LOG))
    assert send_form(partner, f"{LOG}/new", **NOTE).status_code == 302
    later = {**NOTE, "day": "2026-11-12", "handed_out": "", "returned": "15", "text": ""}
    assert send_form(partner, f"{LOG}/new", **later).status_code == 302
    viewer = sign_in_as(app, Role.VIEWER)
    rows = read_table(viewer.get(LOG), "Days in the field")
    assert [row[-2:] for row in rows[1:]] == [["0", "15"], ["40", "12"], ["40", "27"]]
    assert "Remove" not in page_text(viewer.get(LOG))
    assert viewer.get(f"{LOG}/new").status_code == 403


def test_a_note_that_cannot_be_is_refused_with_what_was_typed(app, partner):
    refused = send_form(partner, f"{LOG}/new", **{**NOTE, "day": "2030-01-01", "place": "Kaunas"})
    assert refused.status_code == 422
    assert set(read_errors(refused)) == {"day"}
    assert "By the desk." in page_text(refused)
    empty = send_form(partner, f"{LOG}/new", place=" ", handed_out="-3")
    assert set(read_errors(empty)) == {"day", "place", "handed_out"}
    with app.app_context():
        assert db.session.scalars(select(FieldworkNote)).all() == []


def test_a_note_is_removed_from_the_sums(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    with app.app_context():
        note = db.session.scalars(select(FieldworkNote.id)).one()
    other = LOG.replace("baseline", "endline")
    assert partner.get(f"{other}/{note}/remove").status_code == 404
    assert send_form(partner, f"{LOG}/{note}/remove").status_code == 302
    assert "Nothing is noted yet" in page_text(partner.get(LOG))
    assert partner.get(f"{LOG}/{note}/remove").status_code == 404


def test_the_audit_keeps_numbers_and_no_words(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    with app.app_context():
        changes = db.session.scalars(select(AuditEntry.changes).where(AuditEntry.action == "fieldwork_noted")).one()
    assert changes["handed_out"] == [None, 40]
    assert "Vilnius" not in str(changes)
    assert "desk" not in str(changes)


def test_two_who_remove_a_note_at_once_remove_it_once(app, partner):
    for _round in range(4):
        with app.app_context():
            note = make_note(1)
        remove = told(lambda note=note: remove_note(note, now=NOW))
        assert sorted(together(app, remove, remove)) == ["", "fieldwork-unknown"]
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "fieldwork_removed")).all()
        assert len(entries) == 4


def test_a_survey_with_a_note_does_not_go_with_its_draft(app, partner):
    with app.app_context():
        study_id = make_study(key="draft", is_published=False)
        make_note(study_id)
        with pytest.raises(Conflict, match="wave-used"):
            remove_draft(study_id, version=1, now=NOW)
        remove_note(db.session.scalars(select(FieldworkNote.id)).one(), now=NOW)
        assert remove_draft(study_id, version=1, now=NOW)


def test_a_closed_project_takes_no_note(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    with app.app_context(), transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    assert partner.get(f"{LOG}/new", follow_redirects=True).status_code == 409
    assert partner.get(LOG).status_code == 200
