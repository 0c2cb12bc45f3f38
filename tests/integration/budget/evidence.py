"""Sending files to items as a browser does, and what is attached then."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.audit.models import AuditEntry
from portal.budget.models import ExpenditureItem, ItemEvidence
from portal.core.db import db
from tests.files import as_form, packed
from tests.integration.pages import read_fields
from tests.make import PROJECT

EXPENDITURE = f"/projects/{PROJECT}/expenditure"
BULK = f"{EXPENDITURE}/evidence"

File = tuple[str, bytes]


def send(client: FlaskClient, address: str, *files: File, **changes: Any) -> TestResponse:
    """Open the form at the address, choose these files, and send it; other fields stay as the page fills them in."""
    fields = {**read_fields(client.get(address)), **changes}
    typed = {name: value for name, value in fields.items() if name not in ("files", "photo")}
    return client.post(address, **as_form(typed, files=files))


def send_zip(client: FlaskClient, files: Mapping[str, bytes], **changes: Any) -> TestResponse:
    """Send a ZIP of these files to the page for many."""
    return send(client, BULK, ("invoices.zip", packed(files)), **changes)


def attached(app: Flask) -> list[tuple[str, str, str]]:
    """Reference, kind and name of all evidence of items, by reference and in the order it was added."""
    with app.app_context():
        rows = select(ExpenditureItem.internal_reference, ItemEvidence.kind, ItemEvidence.filename)
        joined = rows.join(ItemEvidence, ItemEvidence.item_id == ExpenditureItem.id).order_by(ItemEvidence.id)
        found = [(reference, kind, name) for reference, kind, name in db.session.execute(joined)]
        return sorted(found, key=lambda each: each[0])


def entries(app: Flask, *actions: str) -> list[dict[str, Any]]:
    """What the audit says of these actions, in order."""
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id))
        return [{"subject": row.subject, "for": row.acting_for, **row.changes} for row in rows]
