"""The worker: takes from the queue, carries out jobs, delivers mails, and sweeps up what was not told.

It runs as threads of huey's consumer inside the command that starts it, which hands it its app and keeps the signals.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from flask import Flask
from huey import Huey, crontab
from huey.consumer import Consumer

from portal.core import clock, failures
from portal.core.db import empty_log
from portal.core.files.services import sweep as sweep_files
from portal.core.once import forget_keys
from portal.jobs.carrying import run_job
from portal.jobs.delivery import deliver
from portal.jobs.queries import list_due_work
from portal.jobs.queue import PRIORITIES, add_attending, opened_queue
from portal.jobs.registry import chores
from portal.jobs.services.outbox import purge_mails
from portal.jobs.services.work import purge_jobs, release_dead_jobs

THREADS = 3
# How long a stop waits for what is being done; a job asks far more often whether to end.
STOP_SECONDS = 4
# Where so much waits in the queue already, there is nothing to add.
FULL = 1_000
HOURLY = crontab(minute="7")
EVERY_MINUTE = crontab()

logger = logging.getLogger("portal.jobs")


class QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's consumer, which leaves the signals to the command it runs in and says when all its threads have begun."""

    def __init__(self, queue: Huey, **settings: float) -> None:
        super().__init__(queue, **settings)
        self.begun = Event()

    def _set_signal_handlers(self) -> None:
        # The last thing that starting does.
        self.begun.set()


@contextmanager
def working(app: Flask) -> Iterator[Thread]:
    """Let a worker run beside the block, in threads of this process; it stops within seconds when the block ends.

    A job that does not ask whether to end is left behind, and begun again by the next worker.
    """
    stop = Event()
    with app.app_context(), opened_queue(prepare=True) as queue:
        sweep = add_tasks(queue, app, stop)
        consumer = QuietConsumer(
            queue, workers=THREADS, max_delay=1.0, scheduler_interval=5, shutdown_timeout=STOP_SECONDS
        )
        thread = Thread(target=consumer.run, name="worker", daemon=True)
        try:
            thread.start()
            sweep()
            yield thread
        finally:
            stop.set()
            # What has not begun cannot be waited for.
            if consumer.begun.wait(STOP_SECONDS):
                consumer.stop(graceful=True)
                thread.join(STOP_SECONDS)


def add_tasks(queue: Huey, app: Flask, stop: Event) -> Huey:
    """Tell the queue what the worker does, each time in a context of its own; return the task that sweeps."""

    def attend(kind: str, number: int) -> None:
        with app.app_context():
            if kind == "job":
                run_job(number, stopping=stop, now=clock.now())
            else:
                deliver(number, now=clock.now())

    put = add_attending(queue, attend)

    def sweep() -> None:
        with app.app_context():
            release_dead_jobs(now=clock.now())
            if queue.storage.queue_size() < FULL:
                for work in list_due_work(now=clock.now(), with_mails=app.config["SMTP"] is not None):
                    put(work)

    def do_chores() -> None:
        for name, chore in chores().items():
            with app.app_context():
                try:
                    chore(clock.now())
                except Exception as error:  # noqa: BLE001  whatever it is, the other chores are done, and this one again
                    logger.error("the chore %s failed: %s", name, failures.described(error))

    def purge() -> None:
        with app.app_context():
            purge_mails(now=clock.now())
            purge_jobs(now=clock.now())
            forget_keys(now=clock.now())
            sweep_files(now=clock.now())
            empty_log()

    queue.periodic_task(HOURLY, name="purge")(purge)
    queue.periodic_task(EVERY_MINUTE, priority=PRIORITIES["chores"], name="chores")(do_chores)
    return queue.periodic_task(EVERY_MINUTE, name="sweep")(sweep)
