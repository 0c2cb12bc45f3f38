"""What the tests of merging share: LTPL00388 where ols is recorded twice, and pressing the button."""

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import Membership
from portal.accounts.rules import Role
from portal.activities.models import Event
from portal.activities.services.attendance import HeadcountDraft
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.projects.models import Activity, Contact, Organisation, Project
from portal.projects.queries import get_organisation
from tests.integration.pages import read_fields
from tests.make import PROJECT, make_event, make_headcounts, make_project, make_user

TODAY = date(2026, 11, 20)
MERGE = f"/projects/{PROJECT}/organisations/ols/merge"
DOUBLE = f"{MERGE}/double"
WHY = {"reason": "It was recorded twice.", "valid_from": "2026-11-20"}


def make_doubled(app: Flask) -> None:
    """LTPL00388 where ols is recorded twice, with what hangs on the duplicate. Opens a context of its own."""
    with app.app_context():
        make_project()
        make_duplicate()
        make_event(ref="BOTH", organisers=["ols", "double"])
        make_event(ref="ALONE", organisers=["double"], status="held")
        make_event(ref="JOINT", organisers=["lps", "double"], status="held")
        make_event(ref="OTHER", organisers=["lps", "ols"], status="held")
        make_headcounts(3, HeadcountDraft("professional", 12))
        activity = db.session.scalars(select(Activity).where(Activity.number == "1.2")).one()
        activity.responsible = get_organisation(PROJECT, "double")
        db.session.add(Contact(organisation=get_organisation(PROJECT, "double"), name="A. Contact"))
        db.session.commit()
        make_user(Role.PARTNER, "double", email="moved@example.org")
        both = make_user(Role.PARTNER, "double", email="both@example.org")
        db.session.add(Membership(user_id=both, project_code=PROJECT, role="partner", organisation_key="ols"))
        db.session.commit()


def make_duplicate() -> None:
    """The record "double" of ols."""
    row = Organisation(project_code=PROJECT, key="double", role="associated", country="PL", currency="PLN", position=9)
    row.name, row.aliases, row.flat_rates = {"en": "OISW Olsztyn"}, ["OISW"], {}
    row.address = "ul. Przykładowa 1"
    db.session.add(row)
    db.session.commit()


def set_project(app: Flask, **columns: Any) -> None:
    """Let the project's columns hold these values."""
    with app.app_context():
        for name, value in columns.items():
            setattr(db.session.get_one(Project, PROJECT), name, value)
        db.session.commit()


def press(browser: FlaskClient, address: str = DOUBLE, **changes: str) -> TestResponse:
    """Open the preview, give the reason, and press the button."""
    return browser.post(address, data={**read_fields(browser.get(address)), **WHY, **changes})


def organisers(app: Flask) -> dict[str, list[str]]:
    """Reference of each event -> the keys of its organisers."""
    with app.app_context():
        return {each.ref: each.organiser_keys for each in db.session.scalars(select(Event).order_by(Event.id))}


def entries(app: Flask, action: str) -> list[AuditEntry]:
    """The audit's entries of the action, in the order written."""
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))
