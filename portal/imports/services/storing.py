"""Storing a checked file: in one transaction with its counts and the audit, all of it or nothing."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.audit.services import current_actor, record
from portal.core.db import transaction
from portal.core.errors import Conflict, InvalidInput
from portal.core.files.checking import Upload, check_table
from portal.core.files.store import measure
from portal.core.tables.problems import RowProblem
from portal.imports.kinds import ImportKind, Request
from portal.imports.models import Import
from portal.imports.queries import file_size, find_import, get_kind
from portal.imports.rules import SHORT_BYTES, STORE_JOB, Count, check_storable
from portal.imports.services.bringing import new_import
from portal.imports.services.checking import Checked, check_again, check_file, refused
from portal.imports.services.keeping import end, import_columns, import_subject, keep_findings, lock_import
from portal.jobs import services as jobs
from portal.jobs.registry import JobClaim
from portal.jobs.services.work import finish_in


def prepare(import_id: int, request: Request) -> Checked | None:
    """Check the import's file against what is stored by now; None where it does not wait or a job will look.

    Call it before the transaction of `store`: it takes its time.
    """
    row = find_import(import_id)
    if row is None or row.state != "ready" or _is_long(row):
        return None
    return check_again(row, request)


def store(import_id: int, checked: Checked | None, *, now: datetime) -> str:
    """Store what the file holds as `prepare` found it, or let a job do so if it is long; return the import's state.

    Where the file has errors by now it is refused; where it would do something else than was shown, nothing is done
    and the new counts are kept. Raise Conflict if the import does not wait to be stored, or if what it was planned
    on has changed at this moment.
    """
    with transaction() as session:
        row = lock_import(session, import_id)
        check_storable(row.state)
        if _is_long(row):
            row.state = "storing"
            row.job_id = jobs.enqueue(session, STORE_JOB, {"import": row.id}, now=now, asked_by=current_actor().id)
        elif checked is None:
            raise Conflict("import-not-ready")
        elif not checked.plan.errors and checked.counts.changes and _counts(row) != checked.counts:
            # What was agreed to is not what would be done now: it is shown anew.
            keep_findings(row, checked)
        else:
            _store(session, row, checked, now)
        return row.state


def finish_store(import_id: int, checked: Checked, *, claim: JobClaim, now: datetime) -> None:
    """Store what a job has planned, unless it has been given up meanwhile; the job is done by that.

    Raise Conflict or InvalidInput if it can no longer be stored as it was planned: the import waits to be stored again.
    """
    is_latest = False
    try:
        with transaction() as session:
            row = lock_import(session, import_id)
            finish_in(session, claim, now=now)
            is_latest = True
            if row.state == "storing":
                _store(session, row, checked, now)
    except (Conflict, InvalidInput):
        if is_latest:
            _wait_again(import_id)
        raise


def _wait_again(import_id: int) -> None:
    with transaction() as session:
        row = lock_import(session, import_id)
        if row.state == "storing":
            row.state = "ready"


def import_file(kind: ImportKind, request: Request, path: Path, *, only_try: bool) -> Checked:
    """Check the file and store what it holds at once; return what was found.

    Nothing is stored, and no import listed, where it has errors, changes nothing or is only tried. Raise OSError if
    the file cannot be read, Conflict if what it was planned on has changed at this moment.
    """
    try:
        with path.open("rb") as stream:
            filename = check_table(Upload(path.name, stream), kind.endings).name
    except InvalidInput as refusal:
        return refused(*(RowProblem(0, "", problem) for problem in refusal.problems))
    content = measure(path)
    checked = check_file(kind, request, path, filename)
    if content and checked.counts.changes and not checked.plan.errors and not only_try:
        with transaction() as session:
            row = new_import(request.project_code, kind.name, filename, content.sha256, now=request.now)
            row.options = dict(request.options)
            session.add(row)
            session.flush()
            _store(session, row, checked, request.now)
    return checked


def _store(session: Session, row: Import, checked: Checked, now: datetime) -> None:
    keep_findings(row, checked)
    if row.error_count:
        end(session, row, "refused", now=now)
    elif not checked.counts.changes:
        end(session, row, "discarded", now=now)
    else:
        get_kind(row.kind).store(session, row.id, checked.plan, now)
        end(session, row, "stored", now=now)
        record(session, "import_stored", import_subject(row), now=now, after=import_columns(row))


def _counts(row: Import) -> Count:
    return Count(row.row_count, row.created, row.updated, row.unchanged)


def _is_long(row: Import) -> bool:
    """Whether storing the file takes longer than a person should wait for a page."""
    return file_size(row) > SHORT_BYTES
