"""Answers when the database does not answer: come again in a moment, and nothing of ours is shown."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from portal.accounts.rules import Role
from portal.activities.queries import get_event
from portal.core import db as core_db
from portal.core.db import db
from tests.conftest import SERVER
from tests.integration.pages import page_text
from tests.make import PROJECT, make_event, make_project, sign_in_as

EVENT = f"/projects/{PROJECT}/events/1"
HELD = {"wanted": "held", "version": "1"}


@contextmanager
def busy_database(app, monkeypatch) -> Iterator[None]:
    """Keep the app's database from answering: locked by another writer, or with its connections cut."""
    with app.app_context():
        url = db.engine.url
        if not SERVER:
            monkeypatch.setattr(core_db, "BUSY_MS", 20)
            db.engine.dispose()
    other = create_engine(url, poolclass=NullPool)
    try:
        with other.connect() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            connection.execute(
                text(others + "AND pid <> pg_backend_pid()") if SERVER else text("UPDATE projects SET code = code")
            )
            yield
            connection.rollback()
    finally:
        with app.app_context():
            db.engine.dispose()


def test_a_busy_database_is_a_try_again_that_stores_nothing(app, monkeypatch):
    with app.app_context():
        make_project()
        make_event()
    manager = sign_in_as(app, Role.MANAGER)
    manager.get(EVENT)
    with busy_database(app, monkeypatch):
        busy = manager.post(f"{EVENT}/status", data=HELD)
    assert busy.status_code == 503
    assert int(busy.headers["Retry-After"]) > 0
    assert "default-src 'none'" in busy.headers["Content-Security-Policy"]
    assert "Traceback" not in busy.text
    with app.app_context():
        assert get_event(PROJECT, 1).status == "planned"
    assert manager.post(f"{EVENT}/status", data=HELD).status_code == 302


@pytest.mark.parametrize(
    ("address", "status", "said", "not_said"),
    [
        (f"/projects/{PROJECT}/events/new", 403, "Ask the project's manager if you need it.", "does not include it"),
        (f"/projects/{PROJECT}/events/99", 404, "There is no such event in this project.", "nothing at this address"),
        ("/nothing", 404, "There is nothing at this address", "no such"),
        (f"/projects/{PROJECT}/events?per_page=1000", 422, "a whole number from 1 to 100.", "mend what is named"),
    ],
)
def test_a_refusal_says_once_what_is_wrong_and_what_to_do(app, address, status, said, not_said):
    with app.app_context():
        make_project()
    answer = sign_in_as(app, Role.VIEWER).get(address)
    assert answer.status_code == status
    page = page_text(answer)
    assert page.count(said) == 1
    assert not_said not in page


def test_reading_goes_on_while_another_writes(app, monkeypatch):
    with app.app_context():
        make_project()
        make_event()
    viewer = sign_in_as(app, Role.VIEWER)
    with app.app_context(), db.engine.connect() as writer:
        writer.execute(text("UPDATE events SET place = 'Kaunas'"))
        assert "Kaunas" not in page_text(viewer.get(EVENT))
        writer.commit()
    assert "Kaunas" in page_text(viewer.get(EVENT))


def test_an_error_page_that_cannot_ask_who_is_signed_in_is_still_an_answer(app):
    with app.app_context():
        make_project()
    manager = sign_in_as(app, Role.MANAGER)
    rename(app, "users", "gone")
    try:
        failed = manager.get(f"/projects/{PROJECT}/")
    finally:
        rename(app, "gone", "users")
    assert failed.status_code == 500
    assert "Something went wrong on our side" in failed.text
    assert "users" not in failed.text
    assert failed.headers["X-Content-Type-Options"] == "nosniff"
    assert manager.get(f"/projects/{PROJECT}/").status_code == 200


def rename(app, table: str, name: str) -> None:
    with app.app_context():
        db.session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
        db.session.commit()
