"""Storing responses that files bring, and taking them back: of a single one nothing enters the audit."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.activities.services.events import lock_project
from portal.core.errors import Conflict
from portal.imports.kinds import Plan
from portal.imports.services.changes import keep_before, known_imports
from portal.imports.services.rows import chunks, written_by
from portal.surveys.models import Response, Wave
from portal.surveys.queries.responses import COLUMNS
from portal.surveys.rules.answers import FILE
from portal.surveys.rules.responses import Changes, ResponseState, StoredResponse, columns_of, state_of

ID_BYTES = 16
Columns = dict[str, Any]


def store_responses(session: Session, import_id: int, plan: Plan, now: datetime) -> None:
    """Write the responses of a plan without errors.

    Raise Conflict if the wave, its instrument or one of its responses has changed since the file was checked.
    """
    changes: Changes = plan.changes
    lock_project(session, changes.project_code)
    _hold(session, changes)
    layout = changes.layout
    for some in chunks(changes.created):
        _check_new(session, changes.wave_id, some)
        session.execute(insert(Response), [_new(changes, state, import_id) for state in some])
    kept = 0
    for changed in chunks(changes.updated):
        # Responses have no numbers: how they were is kept under their place in the file's changes.
        keep_before(session, import_id, dict(enumerate(_before(session, changes, changed), start=kept)))
        kept += len(changed)
        rows = [{"id": stored.id, **columns_of(state, layout), "import_id": import_id} for stored, state in changed]
        session.execute(update(Response), rows)


def undo_responses(session: Session, import_id: int, now: datetime) -> None:
    """Delete the responses that the import made, and let those it changed be as they were.

    Raise Conflict if any of them has been changed or removed since, or if the project is closed.
    """
    written = written_by(session, Response, import_id)
    lock_project(session, written.project_code)
    changed = {str(columns["id"]): columns for columns in written.changed.values()}
    bearing = session.scalars(select(Response.id).where(Response.import_id == import_id))
    for some in chunks([id_ for id_ in bearing if id_ not in changed]):
        session.execute(delete(Response).where(Response.id.in_(some)).execution_options(synchronize_session=False))
    _restore(session, changed)


def check_undo_of_responses(session: Session, import_id: int) -> None:
    """Raise Conflict as undoing the import would at this moment."""
    written_by(session, Response, import_id)


def _hold(session: Session, changes: Changes) -> None:
    """Hold the wave against other writers; raise Conflict if it asks something else by now, or is gone."""
    held = select(Wave.instrument_id).where(Wave.id == changes.wave_id).with_for_update()
    if session.scalar(held) != changes.instrument_id:
        raise Conflict("import-stale")


def _new(changes: Changes, state: ResponseState, import_id: int) -> Columns:
    return {
        **columns_of(state, changes.layout),
        "id": secrets.token_hex(ID_BYTES),
        "wave_id": changes.wave_id,
        "source": FILE,
        "day": None,
        "import_id": import_id,
    }


def _check_new(session: Session, wave_id: int, states: Sequence[ResponseState]) -> None:
    keys = [state.row_key for state in states]
    present = select(Response.id).where(Response.wave_id == wave_id, Response.row_key.in_(keys)).limit(1)
    if session.scalar(present) is not None:
        raise Conflict("import-stale")


def _before(session: Session, changes: Changes, some: Sequence[tuple[StoredResponse, ResponseState]]) -> list[Columns]:
    """What is stored of these responses; raise Conflict where one is not as it was when the file was checked."""
    ids = [stored.id for stored, _ in some]
    rows = session.execute(select(Response.id, Response.import_id, *COLUMNS).where(Response.id.in_(ids))).mappings()
    found = {row["id"]: dict(row) for row in rows}
    for stored, _ in some:
        if stored.id not in found or state_of(found[stored.id], changes.layout) != stored.state:
            raise Conflict("import-stale")
    return [found[id_] for id_ in ids]


def _restore(session: Session, before: Mapping[str, Columns]) -> None:
    earlier = known_imports(session, {columns["import_id"] for columns in before.values()} - {None})
    rows = [
        {**columns, "import_id": columns["import_id"] if columns["import_id"] in earlier else None}
        for columns in before.values()
    ]
    for some in chunks(rows):
        session.execute(update(Response), list(some))
