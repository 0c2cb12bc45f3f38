"""Taking a file that someone brings: kept in the store, checked at once or by a job, and listed."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import current_actor
from portal.core.db import transaction
from portal.core.files.checking import Upload
from portal.core.files.queries import store_folder
from portal.core.files.services import KeptUpload, add_rows, forget, keep_table
from portal.core.files.store import path_of
from portal.imports.kinds import ImportKind, Request
from portal.imports.models import Import
from portal.imports.rules import CHECK_JOB, KEPT, SHORT_BYTES, state_after_check
from portal.imports.services.checking import Checked, check_file
from portal.imports.services.keeping import end, keep_findings, lock_import
from portal.jobs import services as jobs
from portal.jobs.registry import JobClaim
from portal.jobs.services.work import finish_in


class Brought(NamedTuple):
    """A file that lies in the store, what was said beside it, and what was found in it (None: long, so a job looks)."""

    project_code: str
    kind: str
    file: KeptUpload
    checked: Checked | None
    options: Mapping[str, str] = {}


def keep_and_check(kind: ImportKind, request: Request, upload: Upload) -> Brought:
    """Keep the file, and check it if it is short; raise InvalidInput if it is no table or too large.

    Call it before the transaction: it takes its time.
    """
    file = keep_table(upload, now=request.now, endings=kind.endings)
    short = file.original.size_bytes <= SHORT_BYTES
    path = path_of(store_folder(), file.original.sha256)
    checked = check_file(kind, request, path, file.name) if short else None
    return Brought(request.project_code, kind.name, file, checked, request.options)


def bring(brought: Brought, *, now: datetime) -> int:
    """List the file as an import, ready or refused if it has been checked, else with a job that checks it.

    Return the import's id; raise Conflict if the file is no longer in the store.
    """
    with transaction() as session:
        _forget_undecided(session, brought.project_code, now)
        add_rows(session, [brought.file], now=now)
        row = new_import(brought.project_code, brought.kind, brought.file.name, brought.file.original.sha256, now=now)
        row.sha256, row.options = row.content_sha256, dict(brought.options)
        session.add(row)
        session.flush()
        if brought.checked:
            _keep_check(session, row, brought.checked, now)
        else:
            row.job_id = jobs.enqueue(session, CHECK_JOB, {"import": row.id}, now=now, asked_by=current_actor().id)
        return row.id


def let_go(brought: Brought) -> None:
    """Let the store forget a file that is not to be listed, unless something else has the same content."""
    with transaction() as session:
        forget(session, brought.file.original.sha256)


def finish_check(import_id: int, checked: Checked, *, claim: JobClaim, now: datetime) -> None:
    """Keep what a job found in a file, unless it has been given up meanwhile; the job is done by that."""
    with transaction() as session:
        row = lock_import(session, import_id)
        finish_in(session, claim, now=now)
        if row.state == "checking":
            _keep_check(session, row, checked, now)


def new_import(project_code: str, kind: str, filename: str, sha256: str, *, now: datetime) -> Import:
    """The row of a file that whoever acts brings at this moment."""
    actor = current_actor()
    row = Import(project_code=project_code, kind=kind, filename=filename, content_sha256=sha256, state="checking")
    row.added_by, row.actor, row.added_at = actor.id, actor.label, now
    return row


def _keep_check(session: Session, row: Import, checked: Checked, now: datetime) -> None:
    keep_findings(row, checked)
    state = state_after_check(row.error_count, checked.counts)
    if state == "ready":
        row.state = state
    else:
        end(session, row, state, now=now)


def _forget_undecided(session: Session, project_code: str, now: datetime) -> None:
    """Discard the project's checked files about which nobody has decided for long: they may hold names."""
    old = select(Import).where(Import.project_code == project_code, Import.added_at < now - KEPT)
    for row in session.scalars(old.where(Import.state == "ready").with_for_update()):
        end(session, row, "discarded", now=now)
