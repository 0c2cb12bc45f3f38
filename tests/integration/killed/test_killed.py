"""kill -9 in the middle of what is being stored leaves all of it or nothing."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.activities.models import Event, Participation
from portal.activities.queries import get_event, list_evidence
from portal.audit.queries import AuditFilter, list_all_entries
from portal.budget.models import EvidenceBatch, ItemEvidence
from portal.core.db import db
from portal.core.files.queries import list_files
from portal.imports.models import Import
from portal.reports.checks import list_violations
from tests.architecture.source import ROOT
from tests.integration.killed.bringing import ITEMS
from tests.integration.killed.importing import EVENTS, PEOPLE
from tests.integration.killed.uploading import FILES
from tests.make import PROJECT, make_event, make_item, make_project, make_user

ROUNDS = 30


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """Where files are kept, of a portal with the event 1 and the manager 1."""
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    with app.app_context():
        make_project()
        make_event(ref="W1")
        make_user()
    return tmp_path


def run_and_kill(app: Flask, folder: Path, what: str) -> None:
    """Run the program on the app's database, and wait until it has killed all its children."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        db.engine.dispose()
    environment = {"PORTAL_DATABASE_URL": url, "PORTAL_DATA_DIR": str(folder), "PORTAL_SECRET_KEY": "x" * 32}
    command = [sys.executable, "-m", f"tests.integration.killed.{what}", str(ROUNDS)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment}, timeout=120)


def test_an_upload_that_is_killed_thirty_times_leaves_all_or_nothing_each_time(app, folder):
    run_and_kill(app, folder, "uploading")
    with app.app_context():
        attached = Counter(item.row.filename.partition("-")[0] for item in list_evidence(1))
        assert attached["0"] == FILES
        assert set(attached.values()) == {FILES}
        assert len(attached) < 1 + ROUNDS
        assert len(list_files()) == attached.total()
        assert list_violations() == []


def test_a_zip_that_is_killed_thirty_times_attaches_all_its_files_or_none_each_time(app, folder):
    with app.app_context():
        for number in range(1, ITEMS + 1):
            make_item("ols", f"K-{number}")
    run_and_kill(app, folder, "bringing")
    with app.app_context():
        names = db.session.scalars(select(ItemEvidence.filename))
        attached = Counter(name.removesuffix(".pdf").rpartition(" ")[2] for name in names)
        assert attached["0"] == ITEMS
        assert set(attached.values()) == {ITEMS}
        assert len(attached) < 1 + ROUNDS
        assert len(list_files()) == attached.total()
        assert len(list(db.session.scalars(select(EvidenceBatch)))) == len(attached)
        assert list_violations() == []


def test_a_save_that_is_killed_thirty_times_leaves_all_or_nothing_each_time(app, folder):
    run_and_kill(app, folder, "saving")
    with app.app_context():
        saves = [
            entry for entry in list_all_entries(PROJECT, AuditFilter(), zone="UTC") if entry.action == "event_changed"
        ]
        event = get_event(PROJECT, 1)
        # The first save, which nobody killed, took Olsztyn out; each later one counts once in the version.
        assert 1 <= len(saves) < 1 + ROUNDS
        assert event.version == 1 + len(saves)
        assert event.title["en"] == saves[-1].changes["title"][1]["en"]
        odd = int(event.title["en"].removeprefix("Round ")) % 2
        assert event.organiser_keys == (["lps", "ols"] if odd else ["lps"])
        assert list_violations() == []


def test_an_import_that_is_killed_thirty_times_leaves_all_or_nothing_each_time(app, folder):
    run_and_kill(app, folder, "importing")
    with app.app_context():
        refs = db.session.scalars(select(Event.ref).where(Event.ref != "W1"))
        events = Counter(ref.partition("-")[0] for ref in refs)
        people = Counter(each.split("-")[1] for each in db.session.scalars(select(Participation.participant)))
        assert (events["R0"], people["0"]) == (EVENTS, PEOPLE)
        assert (set(events.values()), set(people.values())) == ({EVENTS}, {PEOPLE})
        assert len(people) < 1 + ROUNDS
        stored = Counter(db.session.scalars(select(Import.kind).where(Import.state == "stored")))
        assert stored == {"events": len(events), "participations": len(people)}
        said = [each.action for each in list_all_entries(PROJECT, AuditFilter(), zone="UTC")]
        assert said.count("import_stored") == stored.total()
        # What was killed before it was stored waits, or is not listed at all.
        assert set(db.session.scalars(select(Import.state))) <= {"stored", "ready"}
        assert len(list_files()) == len(list(db.session.scalars(select(Import).where(Import.state == "ready"))))
        assert list_violations() == []
