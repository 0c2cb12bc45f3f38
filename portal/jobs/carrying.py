"""Carrying out a job: its function runs, and beside it a thread that keeps its progress and its signs of life."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock, failures
from portal.core.errors import PortalError
from portal.jobs.patience import insist
from portal.jobs.registry import JobContext, job_function
from portal.jobs.services import work

PULSE_SECONDS = 2.0

logger = logging.getLogger("portal.jobs")


def run_job(job_id: int, *, stopping: Event, now: datetime) -> None:
    """Carry out the job if it waits, is due and nobody else has it; `stopping` asks its function to end early."""
    claim = work.claim_job(job_id, now=now)
    if claim is None:
        return
    context = JobContext(claim, Event())
    try:
        function = job_function(claim.kind)
        with _pulse(context, stopping):
            function(context, claim.payload)
    except Exception as error:  # noqa: BLE001  whatever it is, the job has failed and says so
        logger.error("job %s (%s) failed: %s", claim.id, claim.kind, failures.described(error))
        reason = described(error)
        insist(lambda: work.fail_job(claim, reason, now=clock.now()))
    else:
        end = work.stop_job if context.was_told else work.end_job
        insist(lambda: end(claim, now=clock.now()))


def described(error: Exception) -> str:
    """What went wrong, without values: the codes of a refusal, the kind of any other error."""
    if isinstance(error, PortalError):
        return ", ".join(dict.fromkeys(problem.code for problem in error.problems))
    return type(error).__name__


@contextmanager
def _pulse(context: JobContext, stopping: Event) -> Iterator[None]:
    """Keep the job's progress and that it is alive while the block runs, and tell it when to end early."""
    ended = Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's own way
    thread = Thread(target=_beat, args=(app, context, stopping, ended), name=f"pulse-{context.claim.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(app: Flask, context: JobContext, stopping: Event, ended: Event) -> None:
    while not ended.wait(PULSE_SECONDS):
        try:
            with app.app_context():
                end_now = work.keep_alive(context.claim, context.percent, now=clock.now())
        except SQLAlchemyError as error:
            # The next beat comes long before the job counts as dead.
            logger.warning("the progress of job %s was not kept: %s", context.claim.id, type(error).__name__)
            end_now = False
        if end_now or stopping.is_set():
            context.stop.set()
