"""Reading the outbox and the jobs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Select, func, select

from portal.core.db import db
from portal.core.errors import InvalidInput, NotFound
from portal.jobs.models import JOB_STATES, MAIL_STATES, Job, Mail
from portal.jobs.queue import Work

PAGE_SIZE = 50
# How many of each the sweep tells the worker of at once.
SWEPT = 200

Row = TypeVar("Row", Job, Mail)

# What views may call them without knowing the models.
MailRow = Mail
JobRow = Job


class Page(NamedTuple, Generic[Row]):
    """One page of mails or jobs, latest first; `number` counts from 1."""

    rows: list[Row]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


def get_mail(mail_id: int) -> Mail:
    """The mail with this id; raise NotFound if there is none."""
    mail = db.session.get(Mail, mail_id)
    if mail is None:
        raise NotFound("mail-unknown")
    return mail


def get_job(job_id: int) -> Job:
    """The job with this id; raise NotFound if there is none."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise NotFound("job-unknown")
    return job


def list_mails(state: str = "", page: int = 1) -> Page[Mail]:
    """A page of the outbox, latest first; '' is every state. Raise InvalidInput for a state there is not."""
    _check(state, MAIL_STATES)
    mails = select(Mail).where(Mail.state == state) if state else select(Mail)
    return _page(mails.order_by(Mail.id.desc()), page)


def list_jobs(state: str = "", page: int = 1) -> Page[Job]:
    """A page of the jobs, latest first; '' is every state. Raise InvalidInput for a state there is not."""
    _check(state, JOB_STATES)
    jobs = select(Job).where(Job.state == state) if state else select(Job)
    return _page(jobs.order_by(Job.id.desc()), page)


def list_due_work(*, now: datetime, with_mails: bool) -> list[Work]:
    """What waits and is due, the longest waiting first, at most SWEPT of each kind."""
    return [
        *(_due(Mail, "mail", now) if with_mails else ()),
        *_due(Job, "job", now),
    ]


def _due(model: type[Job] | type[Mail], kind: str, now: datetime) -> list[Work]:
    waiting = select(model.id).where(model.state == "waiting", model.due_at <= now)
    return [Work(kind, row) for row in db.session.scalars(waiting.order_by(model.due_at, model.id).limit(SWEPT))]


def _check(state: str, states: Sequence[str]) -> None:
    if state and state not in states:
        raise InvalidInput("unknown-value", where="state", value=state, allowed=list(states))


def _page(rows: Select[Any], number: int) -> Page[Any]:
    total = db.session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    return Page(list(db.session.scalars(rows.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))), total, number)
