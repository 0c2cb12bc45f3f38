"""Issuing certificates through the service: only what would be drawn up now, and nothing of it twice."""

import re

import pytest
from sqlalchemy import select

from portal.activities.models import Certificate, Participation
from portal.activities.queries import get_event
from portal.activities.queries.certificates import list_reached
from portal.activities.services.certificates import issue_certificates, withdraw_certificate
from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.files.queries import read_file
from portal.projects.queries import get_project
from portal.reports.documents.issuing import draw_up_certificates
from tests.conftest import NOW
from tests.integration.reports.printed import id_of, make_person, make_training, text_of_pdf
from tests.make import PROJECT, make_project

ANNA = "Anna Žukauskaitė"


def draw(percent=80, languages=("lt", "pl")):
    event = get_event(PROJECT, 1)
    return draw_up_certificates(
        get_project(PROJECT),
        event,
        list_reached(event, percent),
        languages,
        address_of=lambda code: f"https://example.org/certificate/{code}",
        now=NOW,
    )


@pytest.mark.usefixtures("in_app")
def test_the_service_takes_only_what_would_be_drawn_up_now():
    make_project()
    make_training(status="held")
    with pytest.raises(Conflict) as refusal:
        issue_certificates(1, [], percent=80, now=NOW)
    assert refusal.value.problem.code == "certificates-none"
    with pytest.raises(InvalidInput):
        issue_certificates(1, [], percent=0, now=NOW)
    make_person(1, ANNA)
    drafts = draw()
    with transaction() as session:
        session.get_one(Participation, id_of(ANNA)).name = "Anna Z."
    with pytest.raises(Conflict) as refusal:
        issue_certificates(1, drafts, percent=80, now=NOW)
    assert refusal.value.problem.code == "certificates-changed"
    assert issue_certificates(1, draw(), percent=80, now=NOW) == 1
    with pytest.raises(Conflict):
        issue_certificates(1, drafts, percent=80, now=NOW)
    with pytest.raises(NotFound):
        issue_certificates(99, [], percent=80, now=NOW)


@pytest.mark.usefixtures("in_app")
def test_the_audit_keeps_how_many_and_no_names():
    make_project()
    make_training(status="held")
    make_person(1, ANNA)
    issue_certificates(1, draw(), percent=80, now=NOW)
    withdraw_certificate(1, id_of(ANNA), now=NOW)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-2:]
    assert [entry.action for entry in entries] == ["certificates_issued", "certificate_withdrawn"]
    assert entries[0].changes == {"people": [None, 1], "percent": [None, 80]}
    assert "Anna" not in repr([entry.changes for entry in entries])


@pytest.mark.usefixtures("in_app")
def test_codes_are_random():
    make_project()
    make_training(status="held")
    make_person(1, ANNA)
    drawn = {draw()[0].code for _ in range(5)}
    assert len(drawn) == 5
    assert all(re.fullmatch(r"[A-Z2-7]{26}", code) for code in drawn)


@pytest.mark.usefixtures("in_app")
def test_rows_of_the_table_are_what_was_issued():
    make_project()
    make_training(status="held")
    make_person(1, ANNA)
    issue_certificates(1, draw(), percent=80, now=NOW)
    row = db.session.scalars(select(Certificate)).one()
    assert (row.minutes, row.of_minutes, row.issued_at) == (720, 720, NOW)
    assert text_of_pdf(read_file(row.sha256)).count(ANNA) == 1
