"""What tests of certificates share: an event that is over, whose organiser issues them."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.rules import Role
from portal.activities.queries.certificates import list_certificates
from portal.activities.services.marking import Mark, mark
from tests.conftest import NOW
from tests.integration.pages import read_fields
from tests.integration.reports.printed import id_of, make_person, make_training
from tests.make import PROJECT, make_project, sign_in_as

ADDRESS = f"/projects/{PROJECT}/events/1/certificates"
ANNA, JAN = "Anna Žukauskaitė", "Jan Wiśniewski"


def make_organiser(app: Flask) -> FlaskClient:
    """A browser of lps: at its training Anna was all twelve hours, Jan on the first day only.

    Opens a context of its own.
    """
    with app.app_context():
        make_project()
        make_training(status="held")
        make_person(1, ANNA)
        make_person(1, JAN)
        mark(1, 2, Mark(id_of(JAN), is_present=False), now=NOW, by=0)
    return sign_in_as(app, Role.PARTNER, "lps")


def issue(browser: FlaskClient, address: str = ADDRESS, **changes: Any) -> TestResponse:
    """Send the form of the page as it is shown."""
    page = browser.get(address)
    fields = read_fields(page)
    return browser.post(f"{ADDRESS}/issue", data={**fields, **changes})


def codes(app: Flask) -> list[str]:
    """The codes of the certificates that are issued. Opens a context of its own."""
    with app.app_context():
        return [row.code for row in list_certificates(1)]
