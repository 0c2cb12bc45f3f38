"""Sending files to an event as a browser does, and what is stored then."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.activities.queries import list_evidence
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.files.models import StoredFile
from tests.files import as_form
from tests.integration.pages import read_fields
from tests.make import PROJECT

EVENTS = f"/projects/{PROJECT}/events"
NEW = f"{EVENTS}/1/evidence/new"

File = tuple[str, bytes]


def send(client: FlaskClient, *files: File, address: str = NEW, **changes: Any) -> TestResponse:
    """Open the form, choose these files, and send it; other fields stay as the page fills them in."""
    fields = {**read_fields(client.get(address)), **changes}
    typed = {name: value for name, value in fields.items() if name not in ("files", "photo")}
    return client.post(address, **as_form(typed, files=files, photo=changes.get("photo", ())))


def attached(app, event_id: int = 1) -> list[tuple[str, str]]:
    with app.app_context():
        return [(item.row.kind, item.row.filename) for item in list_evidence(event_id)]


def stored(app) -> int:
    with app.app_context():
        return len(list(db.session.scalars(select(StoredFile.sha256))))


def entries(app, action: str) -> list[dict[str, Any]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        return [{"subject": row.subject, **row.changes} for row in rows]
