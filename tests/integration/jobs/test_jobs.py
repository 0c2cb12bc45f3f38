"""A job is carried out after the commit by one worker, reports, ends when asked, and survives its worker's death."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.jobs import carrying, registry
from portal.jobs.models import Job
from portal.jobs.queries import get_job, list_due_work
from portal.jobs.queue import Work
from portal.jobs.registry import JobClaim
from portal.jobs.rules import KEPT, MOST_ATTEMPTS, SILENCE
from portal.jobs.services import enqueue
from portal.jobs.services.work import cancel_job, claim_job, finish_in, purge_jobs, release_dead_jobs
from tests.conftest import NOW

SECOND = timedelta(seconds=1)
LATER = NOW + SILENCE


@pytest.fixture(autouse=True)
def inside(in_app, carried_out, monkeypatch) -> Flask:
    """The app with its context, whose jobs show signs of life a hundred times as often."""
    monkeypatch.setattr(carrying, "PULSE_SECONDS", 0.02)
    return in_app


def put_job(kind: str = "note", now=NOW, **changes) -> int:
    with transaction() as session:
        return enqueue(session, kind, {"event": 7}, now=now, **changes)


def run(job_id: int, *, now=NOW, stopping: Event | None = None) -> Job:
    """Carry the job out if it is due at `now`, and return it as stored."""
    carrying.run_job(job_id, stopping=stopping or Event(), now=now)
    db.session.rollback()
    return get_job(job_id)


def cancel(job_id: int) -> None:
    with transaction() as session:
        cancel_job(session, job_id, now=NOW)


def finish(claim: JobClaim, *, then: str) -> None:
    """Finish the job together with a change that it makes."""
    with transaction() as session:
        finish_in(session, claim, now=NOW)
        session.add(Job(kind=then, payload={}, created_at=NOW, due_at=NOW))


def can(monkeypatch, function, kind: str = "test") -> str:
    monkeypatch.setitem(registry._functions, kind, function)
    return kind


def test_a_job_is_carried_out_once(carried_out):
    job_id = put_job(asked_by=3)
    for _again in range(2):
        job = run(job_id)
    assert (job.state, job.progress, job.attempts, job.asked_by, job.started_at) == ("done", 100, 1, 3, NOW)
    assert carried_out == [{"event": 7}]


def put_job_and_fail() -> None:
    with transaction():
        put_job()
        raise InvalidInput("amount-missing")


def test_a_job_that_is_undone_with_its_transaction_does_not_exist():
    with pytest.raises(InvalidInput):
        put_job_and_fail()
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_job_waits_for_its_time(carried_out):
    job_id = put_job(due_at=NOW + SECOND)
    assert run(job_id).state == "waiting"
    assert list_due_work(now=NOW, with_mails=True) == []
    assert list_due_work(now=NOW + SECOND, with_mails=True) == [Work("job", job_id)]
    assert run(job_id, now=NOW + SECOND).state == "done"


def test_of_two_workers_one_has_the_job(carried_out, inside):
    job_id = put_job()

    def work(_worker: int) -> None:
        with inside.app_context():
            carrying.run_job(job_id, stopping=Event(), now=NOW)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(8)))
    assert len(carried_out) == 1


def test_progress_is_kept_while_the_job_runs(monkeypatch):
    seen = []

    def work(context, payload):
        context.progress(40)
        while not seen or seen[-1] == 0:
            with transaction() as session:
                seen.append(session.get_one(Job, context.claim.id).progress)
            time.sleep(0.01)

    run(put_job(can(monkeypatch, work)))
    assert seen[-1] == 40


def test_a_job_ends_early_when_a_person_cancels_it(monkeypatch):
    def work(context, payload):
        cancel(context.claim.id)
        assert context.stop.wait(5)
        assert context.cancelled()

    job = run(put_job(can(monkeypatch, work)))
    assert (job.state, job.ended_at) == ("cancelled", NOW)


def test_a_job_that_finishes_before_it_hears_of_its_end_is_done(monkeypatch):
    def work(context, payload):
        cancel(context.claim.id)

    assert run(put_job(can(monkeypatch, work))).state == "done"


def test_a_job_whose_worker_stops_waits_for_the_next_one(monkeypatch):
    stopping = Event()

    def work(context, payload):
        stopping.set()
        assert context.stop.wait(5)
        assert context.cancelled()

    job = run(put_job(can(monkeypatch, work)), stopping=stopping)
    assert (job.state, job.attempts, job.due_at) == ("waiting", 0, NOW)


@pytest.mark.parametrize(
    ("error", "kept"), [(InvalidInput("amount-missing"), "amount-missing"), (KeyError("Jonas"), "KeyError")]
)
def test_a_job_that_fails_says_why_without_values(monkeypatch, error, kept):
    def work(context, payload):
        raise error

    job = run(put_job(can(monkeypatch, work)))
    assert (job.state, job.error) == ("failed", kept)


def test_a_job_whose_kind_is_gone_has_failed(monkeypatch):
    job_id = put_job()
    monkeypatch.delitem(registry._functions, "note")
    assert run(job_id).error == "KeyError"


def test_a_silent_job_is_begun_again_until_it_has_cost_too_many_workers():
    job_id, moment = put_job(), NOW
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert claim_job(job_id, now=moment).attempt == attempt
        release_dead_jobs(now=moment + SILENCE - SECOND)
        assert get_job(job_id).state == "running"
        moment += SILENCE
        release_dead_jobs(now=moment)
    db.session.rollback()
    assert (get_job(job_id).state, get_job(job_id).error) == ("failed", "worker-died")


def test_an_attempt_that_was_given_up_changes_nothing_any_more():
    job_id = put_job()
    lost = claim_job(job_id, now=NOW)
    release_dead_jobs(now=LATER)
    current = claim_job(job_id, now=LATER)
    with pytest.raises(Conflict, match="job-taken-over"):
        finish(lost, then="note")
    assert carrying.work.keep_alive(lost, 90, now=LATER) is True
    carrying.work.fail_job(lost, "late", now=LATER)
    assert carrying.work.keep_alive(current, 10, now=LATER) is False
    assert (get_job(job_id).state, get_job(job_id).progress) == ("running", 10)


def test_a_job_and_its_work_are_finished_together(monkeypatch):
    def work(context, payload):
        finish(context.claim, then="note")

    assert run(put_job(can(monkeypatch, work))).state == "done"
    assert db.session.scalar(select(func.count()).select_from(Job)) == 2


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_not_at_all(carried_out):
    job_id = put_job()
    cancel(job_id)
    assert run(job_id).state == "cancelled"
    with pytest.raises(Conflict, match="job-ended"):
        cancel(job_id)
    with pytest.raises(NotFound, match="job-unknown"):
        cancel(99)
    assert carried_out == []


def test_ended_jobs_are_forgotten_after_their_time_and_others_kept(monkeypatch):
    def fail(context, payload):
        raise InvalidInput("amount-missing")

    done, failed, waiting = put_job(), put_job(can(monkeypatch, fail)), put_job()
    for job_id in (done, failed):
        run(job_id)
    purge_jobs(now=NOW + KEPT)
    assert db.session.scalar(select(func.count()).select_from(Job)) == 3
    purge_jobs(now=NOW + KEPT + SECOND)
    assert list(db.session.scalars(select(Job.id).order_by(Job.id))) == [failed, waiting]


# A worker in a process of its own that says when it is in the middle of the job, and never ends it.
HELD = """
import sys, time
from threading import Event
from portal import create_app
from portal.config import Config
from portal.core import clock
from portal.jobs import carrying, registry

def hold(context, payload):
    print("in the middle", flush=True)
    time.sleep(60)

registry.register("note", hold)
with create_app(Config.from_env()).app_context():
    carrying.run_job(int(sys.argv[1]), stopping=Event(), now=clock.now())
"""


def test_a_job_whose_worker_is_killed_is_carried_out_by_another(carried_out, inside):
    job_id = put_job()
    address = db.engine.url.render_as_string(hide_password=False)
    env = {**os.environ, "PORTAL_DATABASE_URL": address, "PORTAL_DATA_DIR": str(inside.config["DATA_DIR"])}
    with subprocess.Popen([sys.executable, "-c", HELD, str(job_id)], env=env, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"in the middle\n"
        assert run(job_id).state == "running"
        worker.send_signal(signal.SIGKILL)
    assert run(job_id).state == "running"
    release_dead_jobs(now=LATER)
    job = run(job_id, now=LATER)
    assert (job.state, job.attempts, carried_out) == ("done", 2, [{"event": 7}])
