"""Storing exchange rates that files bring, and taking them back; items keep the rates that they are frozen at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit.services import Subject, current_actor, record
from portal.budget.models import ExchangeRate
from portal.budget.rules.rates import RateDraft
from portal.budget.services.holding import hold_open_project
from portal.core.errors import Conflict
from portal.core.money import RateMicros, rate_text
from portal.imports.kinds import Plan
from portal.imports.models import Import
from portal.imports.services.rows import chunks, remove_rows, restore_rows, store_rows, written_by

# What may change of a rate; all else is the row's key.
FACTS = (ExchangeRate.rate_micros, ExchangeRate.source, ExchangeRate.actor, ExchangeRate.entered_at)


class RateChanges(NamedTuple):
    """What a list of rates changes in a project: rates to make, and rates to change with their ids.

    `versions` are those of the rates to change, as they were when the list was compared.
    """

    project_code: str
    created: list[RateDraft]
    updated: list[tuple[int, RateDraft]]
    versions: dict[int, int]


class RateState(NamedTuple):
    """A rate's columns as an import writes them."""

    project_code: str
    currency: str
    month: str
    rate_micros: RateMicros
    source: str
    actor: str
    entered_at: datetime
    version: int


class RateStates(NamedTuple):
    """Rates to make, and rates to change with their ids."""

    created: Sequence[RateState]
    updated: Sequence[tuple[int, RateState]]

    def as_texts(self) -> dict[str, str]:
        """Currency and month -> the rate, of all of them, as the audit compares them."""
        states = [*self.created, *(state for _, state in self.updated)]
        return {f"{each.currency} {each.month}": rate_text(each.rate_micros) for each in states}


def store_rates(session: Session, import_id: int, plan: Plan, now: datetime) -> None:
    """Write the rates of a plan without errors; raise Conflict if the project's rates have changed since."""
    changes: RateChanges = plan.changes
    before = check_current(session, changes)
    states = rate_states(changes, "file", now)
    store_rows(session, ExchangeRate, import_id, states, FACTS)
    after = {**before, **states.as_texts()}
    record_rates(session, "rates_imported", changes.project_code, before, after, now=now)


def undo_rates(session: Session, import_id: int, now: datetime) -> None:
    """Take the import's rates away again, and let those it changed be as they were.

    Raise Conflict if any of them has been changed or removed since. What is frozen stays as it is.
    """
    code = session.get_one(Import, import_id).project_code
    hold_open_project(session, code)
    written = written_by(session, ExchangeRate, import_id)
    before = _stored(session, code)
    remove_rows(session, ExchangeRate, written.created)
    restore_rows(session, ExchangeRate, written.changed)
    for some in chunks(sorted(written.changed)):
        counted = update(ExchangeRate).where(ExchangeRate.id.in_(some)).values(version=ExchangeRate.version + 1)
        session.execute(counted.execution_options(synchronize_session=False))
    record_rates(session, "rates_import_undone", code, before, _stored(session, code), now=now)


def check_undo_of_rates(session: Session, import_id: int) -> None:
    """Raise Conflict as undoing the import would at this moment."""
    written_by(session, ExchangeRate, import_id)


def check_current(session: Session, changes: RateChanges) -> dict[str, str]:
    """Hold the project, and return its rates by currency and month; raise Conflict if they are not as compared."""
    hold_open_project(session, changes.project_code)
    columns = (ExchangeRate.id, ExchangeRate.version, ExchangeRate.currency, ExchangeRate.month)
    rows = session.execute(select(*columns).where(ExchangeRate.project_code == changes.project_code)).all()
    versions = {row.id: row.version for row in rows}
    taken = {(row.currency, row.month) for row in rows}
    if not changes.versions.items() <= versions.items() or taken & {each[:2] for each in changes.created}:
        raise Conflict("import-stale")
    return _stored(session, changes.project_code)


def rate_states(changes: RateChanges, source: str, now: datetime) -> RateStates:
    """The changes as rows of the table, entered now by whoever acts."""
    marks: dict[str, Any] = {"source": source, "actor": current_actor().label, "entered_at": now}

    def state(draft: RateDraft, version: int) -> RateState:
        currency, month, rate = draft
        return RateState(changes.project_code, currency, month, rate, version=version, **marks)

    updated = [(id_, state(draft, changes.versions[id_] + 1)) for id_, draft in changes.updated]
    return RateStates([state(draft, 1) for draft in changes.created], updated)


def _stored(session: Session, code: str) -> dict[str, str]:
    columns = (ExchangeRate.currency, ExchangeRate.month, ExchangeRate.rate_micros)
    rows = session.execute(select(*columns).where(ExchangeRate.project_code == code).order_by(*columns[:2]))
    return {f"{currency} {month}": rate_text(rate) for currency, month, rate in rows}


def record_rates(
    session: Session, action: str, code: str, before: Mapping[str, str], after: Mapping[str, str], *, now: datetime
) -> None:
    """Say in the audit which rates are others than before, in one entry about all of them."""
    fields = sorted(each for each in before.keys() | after.keys() if before.get(each) != after.get(each))
    old, new = ({each: rates.get(each) for each in fields} for rates in (before, after))
    record(session, action, Subject("rate", 0, code, code), now=now, before=old, after=new)
