"""Two people at the same content at the same time: no row is ever left without its file, nor a file lost."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from portal.activities.queries import list_evidence
from portal.activities.services.evidence import add_evidence, remove_evidence
from portal.core.db import db
from portal.core.files.checking import Upload
from portal.core.files.queries import list_files
from portal.core.files.services import keep_uploads, sweep
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.files import pdf
from tests.make import make_event, make_project

ROUNDS = 8


@pytest.fixture(autouse=True)
def _events(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    with app.app_context():
        make_project()
        for ref in ("W1", "W2"):
            make_event(ref=ref)


def attach(event_id: int, text: str) -> int:
    return add_evidence(event_id, "agenda", keep_uploads([Upload("a.pdf", io.BytesIO(pdf(text)))], now=NOW), now=NOW)


def together(app: Flask, *acts) -> list:
    """Run the acts at the same moment, each in a thread with an app context of its own; return their results."""
    barrier = Barrier(len(acts))

    def run(act):
        with app.app_context():
            barrier.wait()
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def test_one_removes_a_file_while_another_attaches_the_same_content(app):
    for number in range(ROUNDS):
        text = f"round {number}"
        with app.app_context():
            attach(1, text)
            [item] = list_evidence(1)
            evidence_id = item.row.id
        together(
            app,
            lambda evidence_id=evidence_id: remove_evidence(evidence_id, event_id=1, now=NOW),
            lambda text=text: attach(2, text),
            lambda: sweep(now=NOW),
        )
    with app.app_context():
        assert (len(list_evidence(1)), len(list_evidence(2)), len(list_files())) == (0, ROUNDS, ROUNDS)
        assert list_violations() == []


def test_the_same_file_sent_to_one_event_by_several_people_is_attached_once(app):
    added = together(app, *(lambda: attach(1, "same") for _ in range(4)))
    assert sorted(added) == [0, 0, 0, 1]
    with app.app_context():
        assert (len(list_evidence(1)), len(list_files())) == (1, 1)
