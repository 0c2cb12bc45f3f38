"""What becomes of an import's row: how it is found, what of its check is kept, and when its file goes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.services import Subject
from portal.core.errors import NotFound
from portal.core.files.rules import HASH_SHOWN
from portal.core.files.services import forget
from portal.core.tables.problems import RowProblem
from portal.imports.kinds import FileColumn
from portal.imports.models import Import
from portal.imports.options import list_columns
from portal.imports.queries import get_kind
from portal.imports.rules import Finding, first_findings, make_finding
from portal.imports.services.checking import Checked
from portal.imports.telling import is_grave


def lock_import(session: Session, import_id: int) -> Import:
    """The import, held against other writers until the transaction ends; raise NotFound."""
    row = session.scalar(select(Import).where(Import.id == import_id).with_for_update())
    if row is None:
        raise NotFound("import-unknown")
    return row


def import_subject(row: Import) -> Subject:
    """The import as the audit knows it: by its file's hash, as the file's name may be a person's."""
    return Subject("import", row.id, f"{row.kind} {row.content_sha256[:HASH_SHOWN]}", row.project_code)


def import_columns(row: Import) -> dict[str, Any]:
    """What the audit keeps of an import: its file's hash, what was said beside it, and its counts."""
    counts = {"rows": row.row_count, "created": row.created, "updated": row.updated}
    return {"file": row.content_sha256[:HASH_SHOWN], **row.options, **counts}


def keep_findings(row: Import, checked: Checked) -> None:
    """Keep what was found in the file: the counts, and of what is wrong the first of many."""
    plan = checked.plan
    row.guessed_encoding = checked.guessed_encoding
    row.row_count, row.created, row.updated, row.unchanged = checked.counts
    row.error_count = len(plan.errors)
    row.warning_count = len(plan.problems) - row.error_count
    kind = get_kind(row.kind)
    columns = list_columns(kind, row.project_code, row.options)
    kept = first_findings(_findings(columns, plan.problems), lambda finding: is_grave(kind, finding))
    row.findings = [each._asdict() for each in kept]


def _findings(columns: Sequence[FileColumn], problems: Sequence[RowProblem]) -> Iterator[Finding]:
    """What is wrong, as it is kept: it outlives the file, so without what stands in people's own cells."""
    personal = {each.name for each in columns if each.is_personal}
    missing = {each.column for each in problems if each.problem.code == "column-missing"}
    # Where every required name is missing, the first row names no columns: it is about the first person.
    required = {each.name for each in columns if each.is_required}
    headless = bool(personal) and bool(required) and missing >= required
    for each in problems:
        is_cell = headless and each.problem.code == "column-unknown"
        yield make_finding(
            each.row,
            "" if is_cell else each.column,
            each.problem,
            is_warning=each.is_warning,
            without_texts=is_cell or each.is_private or each.column in personal,
        )


def end(session: Session, row: Import, state: str, *, now: datetime) -> None:
    """Let the import have ended in this state; its file goes from the store with the commit."""
    row.state, row.ended_at = state, now
    sha256, row.sha256 = row.sha256, None
    if sha256:
        forget(session, sha256)
