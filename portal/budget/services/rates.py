"""Entering exchange rates by hand, mending and removing them, asking for them, and storing those that were fetched.

Nothing here touches an item that is frozen: it holds the rate itself.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.audit.services import Subject, current_actor, record
from portal.budget.models import ExchangeRate
from portal.budget.queries.rates import FETCH_JOB, find_fetch, get_rate
from portal.budget.rules.rates import RateDraft, check_rate, read_month
from portal.budget.services.holding import hold_open_project
from portal.budget.services.imports.rates import RateChanges, check_current, rate_states, record_rates
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput
from portal.core.money import RateMicros, rate_text
from portal.jobs import services as jobs
from portal.jobs.registry import JobClaim
from portal.jobs.services.work import finish_in
from portal.projects.rules.vocabulary import CURRENCIES


def add_rate(code: str, draft: RateDraft, *, now: datetime) -> int:
    """Store a rate entered by hand and return its id.

    Raise InvalidInputs for what cannot be stored, InvalidInput (rate-there) if the month has its rate already, Conflict
    if the project is closed.
    """
    with transaction() as session:
        hold_open_project(session, code)
        check_rate(draft, currencies=CURRENCIES)
        taken = select(ExchangeRate.id).where(
            ExchangeRate.project_code == code,
            ExchangeRate.currency == draft.currency,
            ExchangeRate.month == draft.month,
        )
        if session.scalar(taken) is not None:
            raise InvalidInput("rate-there", where="month", currency=draft.currency, month=draft.month)
        row = ExchangeRate(project_code=code, currency=draft.currency, month=draft.month)
        _write(row, draft.rate, now)
        session.add(row)
        session.flush()
        record(session, "rate_added", _subject(row), now=now, after=_columns(row))
        return row.id


def change_rate(code: str, rate_id: int, rate: RateMicros, *, version: int, now: datetime) -> None:
    """Let the rate be this one; its currency and month stay.

    Raise InvalidInputs for what is no rate, Conflict if it has been changed since `version` or the project is closed,
    NotFound.
    """
    with transaction() as session:
        row = _held(session, code, rate_id, version)
        check_rate(RateDraft(row.currency, row.month, rate), currencies=CURRENCIES)
        if row.rate_micros == rate:
            return
        before = _columns(row)
        _write(row, rate, now)
        row.import_id = None
        row.version += 1
        record(session, "rate_changed", _subject(row), now=now, before=before, after=_columns(row))


def remove_rate(code: str, rate_id: int, *, version: int, now: datetime) -> None:
    """Take the rate away; raise Conflict if it has been changed since or the project is closed, NotFound."""
    with transaction() as session:
        row = _held(session, code, rate_id, version)
        record(session, "rate_removed", _subject(row), now=now, before=_columns(row))
        session.delete(row)


def ask_to_fetch(code: str, month: str, *, now: datetime) -> int:
    """Let a job fetch the month's rates, and return its id.

    Raise InvalidInput for what is no month, Conflict if they are being fetched or the project is closed.
    """
    with transaction() as session:
        hold_open_project(session, code)
        wanted = read_month(month)
        last = find_fetch(code)
        if last and last.state in ("waiting", "running"):
            raise Conflict("rates-fetch-under-way")
        payload = {"project": code, "month": wanted}
        return jobs.enqueue(session, FETCH_JOB, payload, now=now, asked_by=current_actor().id)


def store_fetched(changes: RateChanges, *, now: datetime, claim: JobClaim | None = None) -> None:
    """Write the rates that were fetched; the job that fetched them, if one did, is done by that.

    Raise Conflict if the project's rates have changed since, or it is closed.
    """
    with transaction() as session:
        if claim is not None:
            finish_in(session, claim, now=now)
        before = check_current(session, changes)
        states = rate_states(changes, "fetched", now)
        own: dict[str, Any] = {"import_id": None}
        if states.created:
            session.execute(insert(ExchangeRate), [{**state._asdict(), **own} for state in states.created])
        if states.updated:
            session.execute(update(ExchangeRate), [{"id": id_, **row._asdict(), **own} for id_, row in states.updated])
        after = {**before, **states.as_texts()}
        record_rates(session, "rates_fetched", changes.project_code, before, after, now=now)


def _held(session: Session, code: str, rate_id: int, version: int) -> ExchangeRate:
    hold_open_project(session, code)
    row = get_rate(code, rate_id)
    session.refresh(row, with_for_update=True)
    if row.version != version:
        raise Conflict("rate-stale")
    return row


def _write(row: ExchangeRate, rate: RateMicros, now: datetime) -> None:
    row.rate_micros, row.source = rate, "hand"
    row.actor, row.entered_at = current_actor().label, now


def _subject(row: ExchangeRate) -> Subject:
    return Subject("rate", row.id, f"{row.currency} {row.month}", row.project_code)


def _columns(row: ExchangeRate) -> dict[str, Any]:
    return {"currency": row.currency, "month": row.month, "rate": rate_text(row.rate_micros)}
