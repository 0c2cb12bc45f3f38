"""Events at which one can register through the pages, and people who do."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.activities.queries.registrations import get_event_desk
from portal.activities.rules.desks import DeskDraft
from portal.activities.services.registrations.desks import open_desk
from tests.conftest import NOW
from tests.integration.pages import read_fields
from tests.make import make_event

CONSENT = {"en": "I agree to this.", "lt": "Sutinku su tuo.", "pl": "Zgadzam się na to."}
ANN = {"name": "Ann", "email": "ann@example.org", "organisation": "Library", "country": "LT"}


def make_open(app: Flask, event: dict[str, Any] | None = None, **changes: Any) -> tuple[int, str]:
    """A workshop in Lithuania on 10 December 2026 from 10 to 16 o'clock with 2 seats, for which one can register from
    the first of November until the day before it at noon; return its id and the token of its page.

    Opens a context of its own.
    """
    stated = {"starts": datetime(2026, 12, 10, 10), "ends": datetime(2026, 12, 10, 16), "status": "planned"}
    draft = DeskDraft(opens=datetime(2026, 11, 1, 8), closes=datetime(2026, 12, 9, 12), consent=CONSENT)
    with app.app_context():
        event_id = make_event(**{"ref": "W1", "capacity": 2, **stated, **(event or {})})
        open_desk(event_id, draft._replace(**changes), now=NOW)
        return event_id, get_event_desk(event_id).token


def fill_in(client: FlaskClient, token: str, **changes: Any) -> dict[str, Any]:
    """Open the registration page, and fill in its form for Ann or as stated, with the consent."""
    fields = read_fields(client.get(f"/register/{token}"))
    return {**fields, **ANN, "consent": "1", **changes}


def register(client: FlaskClient, token: str, **changes: Any) -> TestResponse:
    """Open the registration page, fill in its form for Ann or as stated, and send it."""
    return client.post(f"/register/{token}", data=fill_in(client, token, **changes))
