"""Bringing files as a browser does, and what is stored then."""

from collections.abc import Iterable
from threading import Event
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.files.models import StoredFile
from portal.core.files.queries import store_folder
from portal.core.files.store import list_stored
from portal.imports.models import Import
from portal.jobs import carrying
from portal.jobs.models import Job
from tests.conftest import NOW
from tests.files import as_form
from tests.integration.imports.fruits import list_fruits
from tests.integration.pages import read_fields
from tests.make import PROJECT

IMPORTS = f"/projects/{PROJECT}/imports"
NEW = f"{IMPORTS}/new"

BASKET = ["apple,red,lps", "pear,green,lps", "plum,yellow,ols"]


def csv_of(rows: Iterable[str], header: str = "name,colour,organisation") -> bytes:
    """A CSV file of fruits."""
    return "\r\n".join([header, *rows, ""]).encode()


def many(number: int) -> list[str]:
    """So many green fruits of lps."""
    return [f"fruit{each:06},green,lps" for each in range(number)]


def upload(client: FlaskClient, *files: tuple[str, bytes], kind: str = "fruits") -> TestResponse:
    """Open the form for a file of this kind, choose the files, and send it."""
    fields = read_fields(client.get(f"{NEW}?kind={kind}"))
    return client.post(NEW, **as_form({**fields, "kind": kind}, file=files))


def bring(client: FlaskClient, rows: Iterable[str] = BASKET, name: str = "fruits.csv") -> str:
    """Upload a file with these rows; return the address of the import."""
    answer = upload(client, (name, csv_of(rows)))
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def press(client: FlaskClient, address: str, what: str, **fields: Any) -> TestResponse:
    """Press the button of the page that leads to `what`."""
    return client.post(f"{address}/{what}", data=read_fields(client.get(address)) | fields)


def bring_and_store(client: FlaskClient, rows: Iterable[str] = BASKET) -> str:
    """Import a file with these rows; return the address of the import."""
    address = bring(client, rows)
    assert press(client, address, "store").status_code == 302
    return address


def fruits_of(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        return list_fruits()


def imports_of(app: Flask) -> list[tuple[str, int, int, int, int]]:
    """State, rows, new, changed and unchanged of each import, in order."""
    with app.app_context():
        rows = db.session.scalars(select(Import).order_by(Import.id))
        return [(row.state, row.row_count, row.created, row.updated, row.unchanged) for row in rows]


def files_of(app: Flask) -> int:
    """How many stored files the database knows; as many lie in the store."""
    with app.app_context():
        known = len(list(db.session.scalars(select(StoredFile.sha256))))
        assert known == len(list(list_stored(store_folder())))
        return known


def actions_of(app: Flask) -> list[tuple[str, str]]:
    """What the audit says was done with imports, and by whom."""
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "import").order_by(AuditEntry.id))
        return [(row.action, row.actor) for row in rows]


def work(app: Flask) -> list[str]:
    """Let a worker carry out every job that waits; return the states of all jobs."""
    with app.app_context():
        for job_id in list(db.session.scalars(select(Job.id).where(Job.state == "waiting"))):
            carrying.run_job(job_id, stopping=Event(), now=NOW)
        db.session.rollback()
        return list(db.session.scalars(select(Job.state).order_by(Job.id)))
