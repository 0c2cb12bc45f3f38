"""Storing headcounts that files bring, and taking them back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import Headcount
from portal.activities.queries.imports import NUMBER_COLUMNS, load_numbers
from portal.activities.rules.imports import Changes, NumberState
from portal.activities.services.imports.rows import Held, hold_as_planned, hold_written, touch_events
from portal.audit.services import Subject, record
from portal.imports.kinds import Plan
from portal.imports.services.rows import remove_rows, restore_rows, store_rows, written_by

# What may change of a headcount; all else is the row's key.
FACTS = NUMBER_COLUMNS[-1:]

# Event id -> which people, as the audit names them -> how many.
Numbers = dict[int, dict[str, int]]


def store_headcounts(session: Session, import_id: int, plan: Plan, now: datetime) -> None:
    """Write the numbers of a plan without errors; raise Conflict if one of their events has changed since."""
    changes: Changes = plan.changes
    held = hold_as_planned(session, changes.project_code, changes.versions)
    stored = load_numbers(changes.project_code)
    before = _numbers(row._replace(number=stored[row[:-1]][1]) for _, row in changes.updated if row[:-1] in stored)
    after = _numbers([*changes.created, *(row for _, row in changes.updated)])
    store_rows(session, Headcount, import_id, changes, FACTS)
    touch_events(session, held, now)
    _record(session, "headcounts_imported", changes.project_code, held, before, after, now)


def undo_headcounts(session: Session, import_id: int, now: datetime) -> None:
    """Take the import's numbers away again, and let those it changed be as they were.

    Raise Conflict if any of them has been changed or removed since.
    """
    held = hold_written(session, Headcount, import_id)
    written = written_by(session, Headcount, import_id)
    rows = session.execute(select(Headcount.id, *NUMBER_COLUMNS).where(Headcount.import_id == import_id))
    present = {id_: NumberState(*columns) for id_, *columns in rows}
    remove_rows(session, Headcount, written.created)
    restore_rows(session, Headcount, written.changed)
    touch_events(session, held, now)
    again = (present[id_]._replace(number=columns["number"]) for id_, columns in written.changed.items())
    before, after = _numbers(present.values()), _numbers(again)
    _record(session, "headcounts_import_undone", written.project_code, held, before, after, now)


def check_undo_of_headcounts(session: Session, import_id: int) -> None:
    """Raise Conflict as undoing the import would at this moment."""
    written_by(session, Headcount, import_id)


def _numbers(rows: Iterable[NumberState]) -> Numbers:
    found: Numbers = defaultdict(dict)
    for row in rows:
        found[row.event_id][", ".join(filter(None, (row.group, row.country, row.gender, row.age_band)))] = row.number
    return found


def _record(
    session: Session, action: str, code: str, held: dict[int, Held], before: Numbers, after: Numbers, now: datetime
) -> None:
    for id_, event in held.items():
        subject = Subject("event", id_, event.ref, code)
        record(session, action, subject, now=now, before=before.get(id_, {}), after=after.get(id_, {}))
