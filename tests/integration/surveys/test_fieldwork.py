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
from portal.surveys.queries.fieldwork import draft_of
from portal.surveys.rules.fieldwork import version_of
from portal.surveys.services.fieldwork import remove_note
from portal.surveys.services.studies import remove_draft
from tests.conftest import NOW
from tests.integration.activities.test_exclusion_races import told
from tests.integration.files.test_races import together
from tests.integration.pages import page_text, read_errors, read_fields, read_table, send_form
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
    assert "@example.org" not in " ".join(map(str, rows))
    assert read_table(sign_in_as(app, Role.AUDITOR).get(LOG), "Days in the field")[0][-1] == "Who"
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
            version = version_of(draft_of(db.session.get_one(FieldworkNote, note)))
        remove = told(lambda note=note, version=version: remove_note(note, version=version, now=NOW))
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
        note = db.session.scalars(select(FieldworkNote)).one()
        remove_note(note.id, version=version_of(draft_of(note)), now=NOW)
        assert remove_draft(study_id, version=1, now=NOW)


def test_a_closed_project_takes_no_note(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    with app.app_context(), transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    assert partner.get(f"{LOG}/new", follow_redirects=True).status_code == 409
    assert partner.get(LOG).status_code == 200


def noted(app: Flask) -> FieldworkNote:
    """The one note of the log."""
    with app.app_context():
        return db.session.scalars(select(FieldworkNote)).one()


def test_a_note_is_changed_and_the_audit_says_what_differs(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    note = noted(app)
    assert "Edit the note" in page_text(partner.get(f"{LOG}/{note.id}/edit"))
    assert send_form(partner, f"{LOG}/{note.id}/edit", returned="14", place="Kaunas").location == LOG
    changed = noted(app)
    assert (changed.place, changed.handed_out, changed.returned, changed.actor) == ("Kaunas", 40, 14, note.actor)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry.changes).where(AuditEntry.action == "fieldwork_changed")).one()
    assert entry["returned"] == [12, 14]
    assert "Kaunas" not in str(entry)


def test_a_stale_form_of_a_note_keeps_what_was_typed(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    edit, remove = (f"{LOG}/{noted(app).id}/{act}" for act in ("edit", "remove"))
    fields, removing = read_fields(partner.get(edit)), read_fields(partner.get(remove))
    assert send_form(partner, edit, returned="14").status_code == 302
    late = partner.post(edit, data={**fields, "place": "Kaunas"})
    assert late.status_code == 409
    assert read_table(late, "What differs")[1:] == [
        ["Place", "Library of Vilnius", "Kaunas"],
        ["Forms returned", "14", "12"],
    ]
    assert partner.post(remove, data=removing).status_code == 409
    assert partner.post(edit, data=read_fields(late)).status_code == 302
    assert (noted(app).place, noted(app).returned) == ("Kaunas", 12)


def test_partners_change_their_own_notes_and_the_researcher_all(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    note = noted(app)
    other = sign_in_as(app, Role.PARTNER, "ols")
    assert read_table(other.get(LOG), "Days in the field")[1][-1] == "–"
    fields = read_fields(partner.get(f"{LOG}/{note.id}/edit"))
    for act in ("edit", "remove"):
        assert other.get(f"{LOG}/{note.id}/{act}").status_code == 403
        assert other.post(f"{LOG}/{note.id}/{act}", data=fields).status_code == 403
    researcher = sign_in_as(app, Role.RESEARCHER)
    assert send_form(researcher, f"{LOG}/{note.id}/edit", returned="13").status_code == 302
    assert noted(app).actor == note.actor
    assert send_form(researcher, f"{LOG}/{note.id}/remove").status_code == 302


def test_more_forms_than_were_handed_out_do_not_come_back(app, partner):
    refused = send_form(partner, f"{LOG}/new", **{**NOTE, "handed_out": "", "returned": "5"})
    assert list(read_errors(refused)) == ["returned"]
    send_form(partner, f"{LOG}/new", **NOTE)
    # What was handed out on one day may come back on another.
    later = {**NOTE, "day": "2026-11-11", "handed_out": ""}
    assert send_form(partner, f"{LOG}/new", **later).status_code == 302
    refused = send_form(partner, f"{LOG}/new", **{**later, "day": "2026-11-12", "returned": "17"})
    assert "41 forms would be returned" in read_errors(refused)["returned"]
    assert "only 40 handed out" in read_errors(refused)["returned"]
    assert send_form(partner, f"{LOG}/new", **{**later, "day": "2025-11-12", "returned": "16"}).status_code == 302


def test_a_note_does_not_change_to_fewer_forms_out_than_came_back(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    first = noted(app).id
    assert send_form(partner, f"{LOG}/new", **{**NOTE, "handed_out": "", "returned": "20"}).status_code == 302
    refused = send_form(partner, f"{LOG}/{first}/edit", handed_out="31")
    assert list(read_errors(refused)) == ["handed_out"]
    assert "32 forms would be returned" in read_errors(refused)["handed_out"]
    refused = send_form(partner, f"{LOG}/{first}/edit", returned="21")
    assert list(read_errors(refused)) == ["returned"]
    assert send_form(partner, f"{LOG}/{first}/edit", handed_out="32").status_code == 302


def test_a_note_whose_forms_came_back_is_not_removed(app, partner):
    send_form(partner, f"{LOG}/new", **NOTE)
    first = noted(app).id
    send_form(partner, f"{LOG}/new", **{**NOTE, "handed_out": "", "returned": "5"})
    refused = send_form(partner, f"{LOG}/{first}/remove")
    assert refused.status_code == 409
    assert "5 forms would be returned in this wave and only 0 handed out" in page_text(refused)
    with app.app_context():
        later = db.session.scalars(select(FieldworkNote.id).where(FieldworkNote.id != first)).one()
    assert send_form(partner, f"{LOG}/{later}/remove").status_code == 302
    assert send_form(partner, f"{LOG}/{first}/remove").status_code == 302


def test_sums_that_are_wrong_already_may_get_better_step_by_step(app, partner):
    with app.app_context():
        note = make_note(1, 50, 50)
        with transaction() as session:
            session.get_one(FieldworkNote, note).handed_out = 10
        make_note(1, 5, 1)
    # The sums are 15 and 51, then 15 and 41.
    researcher = sign_in_as(app, Role.RESEARCHER)
    assert send_form(researcher, f"{LOG}/{note}/edit", returned="40", place="Kaunas").status_code == 302
    assert send_form(researcher, f"{LOG}/{note}/edit", returned="41").status_code == 422
    assert send_form(researcher, f"{LOG}/{note}/remove").status_code == 302
