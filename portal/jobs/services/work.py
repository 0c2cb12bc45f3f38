"""What becomes of jobs: one attempt at a time, signs of life, its end. Only who holds the latest attempt is heard."""

from datetime import datetime

from sqlalchemy import Update, delete, update
from sqlalchemy.orm import Session

from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs.models import Job
from portal.jobs.registry import JobClaim
from portal.jobs.rules import KEPT, MOST_ATTEMPTS, SILENCE

ALONE = {"synchronize_session": False}


def claim_job(job_id: int, *, now: datetime) -> JobClaim | None:
    """Begin an attempt at a job that waits and is due; None if there is nothing to do, or someone else does it."""
    due = update(Job).where(Job.id == job_id, Job.state == "waiting", Job.due_at <= now)
    begun = due.values(
        state="running", attempts=Job.attempts + 1, progress=0, error="", started_at=now, due_at=now + SILENCE
    ).returning(Job.kind, Job.payload, Job.asked_by, Job.attempts)
    with transaction() as session:
        row = session.execute(begun, execution_options=ALONE).one_or_none()
        return JobClaim(job_id, *row) if row else None


def keep_alive(claim: JobClaim, percent: int, *, now: datetime) -> bool:
    """Keep how far the attempt is and that it is alive; return whether it should end now."""
    alive = _mine(claim).values(progress=percent, due_at=now + SILENCE).returning(Job.cancel_asked)
    with transaction() as session:
        asked = session.execute(alive, execution_options=ALONE).scalar_one_or_none()
        # None: the attempt is no longer the latest one, so what it does is for nothing.
        return asked is None or asked


def finish_in(session: Session, claim: JobClaim, *, now: datetime) -> None:
    """Keep that the job is done in the same transaction as its work, so that it is done once.

    Raise Conflict, which undoes the work, if another attempt has been begun meanwhile.
    """
    done = _mine(claim).values(state="done", progress=100, ended_at=now).returning(Job.id)
    if session.execute(done, execution_options=ALONE).one_or_none() is None:
        raise Conflict("job-taken-over")


def end_job(claim: JobClaim, *, now: datetime) -> None:
    """Keep that the attempt did all there was to do."""
    _end(_mine(claim).values(state="done", progress=100, ended_at=now))


def fail_job(claim: JobClaim, error: str, *, now: datetime) -> None:
    """Keep why the attempt failed; it is not repeated by itself."""
    _end(_mine(claim).values(state="failed", error=error[:500], ended_at=now))


def stop_job(claim: JobClaim, *, now: datetime) -> None:
    """Keep that the attempt ended early: cancelled if a person asked for that, else waiting for the next worker."""
    _end(_mine(claim).where(Job.cancel_asked).values(state="cancelled", ended_at=now))
    # The worker's own end is no fault of the job, so the attempt does not count.
    _end(_mine(claim).values(state="waiting", due_at=now, attempts=Job.attempts - 1))


def release_dead_jobs(*, now: datetime) -> None:
    """Let jobs whose worker has gone silent wait for another; what too many workers did not survive has failed."""
    silent = update(Job).where(Job.state == "running", Job.due_at <= now)
    with transaction():
        _end(silent.where(Job.cancel_asked).values(state="cancelled", ended_at=now))
        _end(silent.where(Job.attempts >= MOST_ATTEMPTS).values(state="failed", error="worker-died", ended_at=now))
        _end(silent.values(state="waiting", due_at=now))


def cancel_job(session: Session, job_id: int, *, now: datetime) -> Job:
    """Cancel a job that waits, or ask one that runs to end early; return it.

    Raise NotFound if there is none, Conflict if it has ended already.
    """
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise NotFound("job-unknown")
    if job.state not in ("waiting", "running"):
        raise Conflict("job-ended")
    job.cancel_asked = True
    if job.state == "waiting":
        job.state, job.ended_at = "cancelled", now
    return job


def purge_jobs(*, now: datetime) -> None:
    """Forget jobs that were done or cancelled longer ago than they are kept."""
    with transaction() as session:
        session.execute(delete(Job).where(Job.state.in_(("done", "cancelled")), Job.ended_at < now - KEPT))


def _mine(claim: JobClaim) -> Update:
    """What changes the job only as long as this attempt is the latest and runs."""
    return update(Job).where(Job.id == claim.id, Job.state == "running", Job.attempts == claim.attempt)


def _end(statement: Update) -> None:
    with transaction() as session:
        session.execute(statement, execution_options=ALONE)
