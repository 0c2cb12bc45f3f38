"""What the tests of accounts share: an account that signs in by password, its mails, what is stored, and the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import SignIn
from portal.accounts.rules import Role
from portal.accounts.services import add_membership, set_account
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.jobs import mail
from portal.jobs.models import Mail
from tests.conftest import NOW
from tests.make import PROJECT, make_project

EMAIL, PASSWORD = "ona@example.lt", "lankas-upė-47"
HOME = f"/projects/{PROJECT}/"


def make_account(app: Flask, role: Role | None = Role.MANAGER, **facts: Any) -> int:
    """LTPL00388 and an account with this role in it that signs in by PASSWORD; return its id."""
    with app.app_context():
        make_project()
        user_id = set_account(EMAIL, **{"name": "Ona Onaitė", "password": PASSWORD, "now": NOW, **facts})
        if role is not None:
            add_membership(user_id, project_code=PROJECT, role=role, now=NOW)
        return user_id


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, query: str = "") -> TestResponse:
    """Send the sign-in form."""
    return client.post(f"/login{query}", data={"email": email, "password": password})


def signed_in(client: FlaskClient) -> bool:
    """Whether the project's home opens."""
    return client.get(HOME).status_code == 200


@contextmanager
def time_at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` inside the block."""
    clock.stand_still(moment)
    try:
        yield
    finally:
        clock.stand_still(NOW)


def list_mails(app: Flask) -> list[tuple[str, str, str]]:
    """Kind, recipient and text of the mails in the outbox, subject first, in order."""
    with app.app_context():
        mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
        letters = [(each, mail.render(each.kind, each.language, each.values)) for each in mails]
        return [(each.kind, each.recipient, "\n".join(letter)) for each, letter in letters]


def last_link(app: Flask) -> str:
    """The path of the link in the last mail."""
    [line] = [line for line in list_mails(app)[-1][2].splitlines() if "/link/" in line]
    return line.removeprefix("http://127.0.0.1:5000")


def list_actions(app: Flask) -> list[tuple[str, str, str]]:
    """Action, actor and subject of the audit's entries about accounts and memberships, in the order written."""
    with app.app_context():
        ours = select(AuditEntry).where(AuditEntry.subject_kind.in_(["account", "membership"]))
        entries = db.session.scalars(ours.order_by(AuditEntry.id))
        return [(each.action, each.actor, each.subject) for each in entries]


def list_seen(app: Flask) -> list[datetime]:
    """When each sign-in was last seen, in the order they began."""
    with app.app_context():
        return list(db.session.scalars(select(SignIn.seen_at).order_by(SignIn.id)))
