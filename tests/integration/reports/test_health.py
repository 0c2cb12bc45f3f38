"""Whether the portal says truly that it can work."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from portal.core.db import db
from portal.projects.queries import get_project
from tests.make import make_project


@contextmanager
def without_projects(app) -> Iterator[None]:
    """Take the table of projects away for the block, as a failed migration would."""
    rename(app, "projects", "gone")
    try:
        yield
    finally:
        rename(app, "gone", "projects")


def rename(app, table: str, name: str) -> None:
    with app.app_context():
        db.session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
        db.session.commit()


def test_all_is_well_while_database_and_folder_can_be_written_to(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_asking_changes_nothing(app, client):
    with app.app_context():
        make_project()
    before = sorted(app.config["DATA_DIR"].iterdir())
    client.get("/healthz")
    assert sorted(app.config["DATA_DIR"].iterdir()) == before
    with app.app_context():
        assert get_project("LTPL00388").code == "LTPL00388"


def test_a_folder_that_cannot_be_written_to_is_reported(app, client, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path / "nowhere")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable"}
    assert answer.headers["Retry-After"]


def test_a_database_that_cannot_be_written_to_is_reported_and_works_again_afterwards(app, client):
    with without_projects(app):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable"})
    assert client.get("/healthz").status_code == 200


def test_what_is_wrong_is_not_told_to_strangers(app, client):
    with without_projects(app):
        assert "projects" not in client.get("/healthz").text
