"""Giving up an import that is under way, and taking back one that is stored."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.imports.models import Import, ImportedChange
from portal.imports.queries import get_kind
from portal.imports.rules import WAITING, check_undoable, state_given_up
from portal.imports.services.keeping import end, import_columns, import_subject, lock_import
from portal.jobs.services.work import cancel_job


def give_up(import_id: int, *, now: datetime) -> str:
    """Discard an import that is checked or being checked, or let one that is being stored wait again.

    Its job, if it has one, ends at its next step. Return the import's state; raise Conflict if it has ended already.
    """
    with transaction() as session:
        row = lock_import(session, import_id)
        state = state_given_up(row.state)
        if row.state in WAITING:
            _cancel_job(session, row, now)
        if state == "ready":
            row.state = state
        else:
            end(session, row, state, now=now)
        return row.state


def undo(import_id: int, *, now: datetime) -> None:
    """Take back what the import wrote, and nothing else.

    Raise Conflict if it is not stored, or if something depends on what it wrote.
    """
    with transaction() as session:
        row = lock_import(session, import_id)
        check_undoable(row.state)
        get_kind(row.kind).undo(session, row.id, now)
        # How the rows were before is told by the rows themselves again.
        session.execute(delete(ImportedChange).where(ImportedChange.import_id == row.id))
        row.state, row.undone_at = "undone", now
        record(session, "import_undone", import_subject(row), now=now, before=import_columns(row))


def _cancel_job(session: Session, row: Import, now: datetime) -> None:
    """End the import's job; one that has ended already, or is gone, is no obstacle."""
    if row.job_id is None:
        return
    try:
        cancel_job(session, row.job_id, now=now)
    except PortalError:
        return
