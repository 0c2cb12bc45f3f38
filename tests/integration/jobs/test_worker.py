"""The worker does what has been committed, finds what it was not told, and stops when the command around it stops."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.core.db import db, transaction
from portal.core.errors import InvalidInput
from portal.jobs import carrying, queue, registry
from portal.jobs.queries import get_job, get_mail
from portal.jobs.queue import PlainSerializer, Work, announce, opened_queue
from portal.jobs.services import enqueue, send_mail
from portal.jobs.worker import add_tasks, working
from tests.conftest import NOW

PORTAL = str(Path(sys.executable).with_name("portal"))


def eventually(true: Callable[[], bool]) -> None:
    """Wait until it is true, at most five seconds."""
    for _try in range(500):
        db.session.rollback()
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it has not come true in five seconds")


def put(session) -> tuple[int, int]:
    mail = {"kind": "test", "recipient": "asta@example.org", "language": "en", "values": {"name": "Jan"}}
    return enqueue(session, "note", {"event": 7}, now=NOW), send_mail(session, **mail, now=NOW)


def put_and_fail() -> None:
    with transaction() as session:
        put(session)
        raise InvalidInput("amount-missing")


def finished(job_id: int, mail_id: int) -> bool:
    return (get_job(job_id).state, get_mail(mail_id).state) == ("done", "sent")


@pytest.fixture(autouse=True)
def forget_queue(in_app: Flask):
    """No queue: the database before it is gone as well."""
    for path in in_app.config["DATA_DIR"].glob("queue.sqlite*"):
        path.unlink()


def test_the_worker_does_what_was_committed_and_only_that(in_app, office, carried_out):
    with working(in_app):
        with pytest.raises(InvalidInput):
            put_and_fail()
        with transaction() as session:
            numbers = put(session)
            time.sleep(0.05)
            # Not yet: nothing is committed.
            assert carried_out == []
        eventually(lambda: finished(*numbers))
    assert len(carried_out) == len(office.letters) == 1


def test_a_worker_that_starts_finds_what_nobody_told_it(in_app, office, carried_out, monkeypatch):
    monkeypatch.setattr("portal.jobs.services.announce", lambda works: None)
    with transaction() as session:
        numbers = put(session)
    with working(in_app):
        eventually(lambda: finished(*numbers))


def test_what_falls_due_by_the_clock_comes_before_mails_that_wait(in_app):
    with opened_queue(prepare=True) as opened:
        add_tasks(opened, in_app, threading.Event())
        announce([Work("mail", number) for number in range(1, 4)])
        for task in opened.read_periodic(NOW):
            opened.enqueue(task)
        names = [opened.dequeue().name for _each in range(4)]
    assert names == ["chores", "attend", "attend", "attend"]


def test_two_workers_do_each_thing_once(in_app, office, carried_out):
    with working(in_app), working(in_app):
        with transaction() as session:
            numbers = [put(session) for _each in range(10)]
        for work in numbers:
            # Told twice, as by a sweep that comes in between.
            announce([Work("job", work[0]), Work("mail", work[1])])
        eventually(lambda: all(finished(*each) for each in numbers))
    assert len(carried_out) == len(office.letters) == 10


def test_a_job_that_asks_is_given_back_when_the_worker_stops(in_app, monkeypatch):
    monkeypatch.setattr(carrying, "PULSE_SECONDS", 0.02)
    begun = threading.Event()

    def work(context, payload):
        begun.set()
        while not context.cancelled():
            time.sleep(0.01)

    monkeypatch.setitem(registry._functions, "note", work)
    with working(in_app):
        with transaction() as session:
            job_id = enqueue(session, "note", {}, now=NOW)
        assert begun.wait(5)
    db.session.rollback()
    assert (get_job(job_id).state, get_job(job_id).attempts) == ("waiting", 0)


def test_what_is_committed_stays_when_the_queue_cannot_be_told(in_app, carried_out, monkeypatch):
    def broken():
        raise OSError("no room")

    monkeypatch.setattr(queue, "_kept_put", broken)
    with transaction() as session:
        job_id, _mail = put(session)
    assert get_job(job_id).state == "waiting"


def test_the_queue_holds_numbers_as_json_and_takes_nothing_else(in_app):
    with opened_queue(prepare=True) as opened:
        opened.storage.flush_queue()
        announce([Work("mail", 7)])
        [kept] = opened.storage.enqueued_items()
        assert b"7" in kept
        assert PlainSerializer().deserialize(bytes(kept)).args == ["mail", 7]
        opened.storage.flush_queue()
    with pytest.raises(ValueError, match="utf-8"):
        PlainSerializer().deserialize(b"\x80\x05K\x01.")


def free_port() -> str:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return str(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["worker"], signal.SIGTERM),
        (["serve", "--port", free_port()], signal.SIGINT),
        (["serve", "--port", free_port(), "--no-worker"], signal.SIGTERM),
    ],
)
def test_the_commands_stop_within_seconds(in_app, command, told):
    env = {
        **os.environ,
        "PORTAL_DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "PORTAL_DATA_DIR": str(in_app.config["DATA_DIR"]),
    }
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([PORTAL, *command], env=env, **pipes) as process:
        assert process.stdout.readline().startswith((b"Working", b"Serving"))
        process.send_signal(told)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert b"Traceback" not in said
