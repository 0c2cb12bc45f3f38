"""Reading imports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.accounts.models import User
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.files import store
from portal.core.files.models import StoredFile
from portal.core.files.queries import store_folder
from portal.core.sentences import sentences
from portal.core.web.paging import PAGE_SIZE
from portal.imports.kinds import ImportKind, find_kind, import_kinds
from portal.imports.models import Import
from portal.imports.options import ORGANISATION, said_options
from portal.imports.rules import (
    IMPORT_STATES,
    LATER_KINDS,
    MOST_FINDINGS,
    WAITING,
    Count,
    Finding,
    count_faulty_rows,
)
from portal.imports.telling import Told, tell
from portal.jobs.models import Job

# How long a job may wait before people are told that it does; a worker begins within seconds.
PATIENCE = timedelta(minutes=1)

# What views may call it without knowing the models.
ImportRow = Import


class Sight(NamedTuple):
    """Which imports an account sees: those it brought, those of `whole_kinds`, and those of `parts`.

    `parts` is kind -> keys of organisations, for kinds of which each file holds the rows of one organisation.
    """

    account_id: int
    whole_kinds: Sequence[str]
    parts: Mapping[str, Collection[str]]

    def covers(self, row: Import) -> bool:
        """Whether the account sees the import."""
        if row.added_by == self.account_id or row.kind in self.whole_kinds:
            return True
        return row.options.get(ORGANISATION.name) in self.parts.get(row.kind, ())

    def condition(self) -> ColumnElement[bool]:
        """The same of rows in the database."""
        owner = Import.options[ORGANISATION.name].as_string()
        parts = (and_(Import.kind == kind, owner.in_(keys)) for kind, keys in self.parts.items())
        return or_(Import.added_by == self.account_id, Import.kind.in_(self.whole_kinds), *parts)


class ImportFilter(NamedTuple):
    """What a list of imports is narrowed to; '' is any."""

    kind: str = ""
    state: str = ""


class ImportPage(NamedTuple):
    """One page of imports, latest first; `number` counts from 1, `last` is the last page, `people` who brought them."""

    rows: list[Import]
    total: int
    number: int
    last: int
    people: dict[int, str]


class Work(NamedTuple):
    """How far the job of an import is.

    It is at work as long as it shows signs of life; one that nobody has begun for a while is `late`; what has neither
    ended nor lives must be given up or begun anew.
    """

    percent: int = 0
    waits: bool = False
    is_alive: bool = False
    is_late: bool = False


def get_kind(name: str) -> ImportKind:
    """The kind of file with this name; raise InvalidInput if there is none, or none yet."""
    kind = find_kind(name)
    if kind is not None:
        return kind
    allowed = [each.name for each in import_kinds()]
    code = "import-kind-later" if name in LATER_KINDS else "import-kind-unknown"
    raise InvalidInput(code, where="kind", kind=name, allowed=allowed)


def find_import(import_id: int) -> Import | None:
    """The import with this id."""
    return db.session.get(Import, import_id)


def get_import(code: str, import_id: int) -> Import:
    """The import of the project with this id; raise NotFound."""
    row = find_import(import_id)
    if row is None or row.project_code != code:
        raise NotFound("import-unknown")
    return row


def check_filter(chosen: ImportFilter) -> None:
    """Raise InvalidInput for a kind or a state that does not exist."""
    known = {"kind": [each.name for each in import_kinds()], "state": list(IMPORT_STATES)}
    for where, value in chosen._asdict().items():
        if value and value not in known[where]:
            raise InvalidInput("unknown-value", where=where, value=value, allowed=known[where])


def list_imports(code: str, sight: Sight, chosen: ImportFilter, page: int, size: int = PAGE_SIZE) -> ImportPage:
    """A page, of `size` rows, of those of the project's imports that are seen and chosen, latest first."""
    seen = select(Import).where(Import.project_code == code, sight.condition())
    for name, value in chosen._asdict().items():
        if value:
            seen = seen.where(getattr(Import, name) == value)
    total = db.session.scalar(select(func.count()).select_from(seen.subquery())) or 0
    last = max(1, -(-total // size))
    number = min(page, last)
    latest = seen.order_by(Import.id.desc()).limit(size).offset((number - 1) * size)
    rows = list(db.session.scalars(latest))
    return ImportPage(rows, total, number, last, _names({row.added_by for row in rows}))


def name_of(row: Import) -> str:
    """Who brought the file: the account's name, or what the audit calls it."""
    return _names({row.added_by}).get(row.added_by, row.actor)


def options_of(row: Import) -> list[tuple[Any, Any]]:
    """What was said beside the file, as (label, value) pairs."""
    kind = find_kind(row.kind)
    return said_options(kind, row.project_code, row.options) if kind else []


def count_of(row: Import) -> Count:
    """The counts of the import."""
    return Count(row.row_count, row.created, row.updated, row.unchanged)


def faulty_rows(row: Import) -> int:
    """In how many rows the errors stand; of a file with more errors than are kept, how many rows cannot be used."""
    errors = _findings(row, "error")
    kept = count_faulty_rows(errors)
    return kept if len(errors) < MOST_FINDINGS else max(kept, count_of(row).unusable)


def list_said(row: Import, severity: str) -> Told:
    """What is kept of the errors or warnings ("error", "warning"), each once in words."""
    total = row.error_count if severity == "error" else row.warning_count
    return tell(find_kind(row.kind), _findings(row, severity), total)


def list_obstacles(row: Import) -> list[str]:
    """What keeps a stored import from being undone at this moment, in words that say what to do."""
    try:
        get_kind(row.kind).check_undo(db.session(), row.id)
    except Conflict as refusal:
        return sentences(refusal)
    return []


def work_of(row: Import, *, now: datetime) -> Work | None:
    """How far the job is that the import waits for; None where it waits for none."""
    if row.state not in WAITING:
        return None
    job = db.session.get(Job, row.job_id) if row.job_id else None
    if job is None:
        return Work()
    if job.state == "waiting":
        late = job.due_at + PATIENCE < now
        return Work(waits=True, is_alive=not late, is_late=late)
    return Work(percent=job.progress, is_alive=job.state == "running" and job.due_at > now)


def file_of(row: Import) -> Path:
    """Where the file of an import that waits lies; raise NotFound if it is gone or no longer what was brought."""
    path = store.path_of(store_folder(), row.content_sha256)
    measured = store.measure(path)
    if measured is None or measured.sha256 != row.content_sha256:
        raise NotFound("file-damaged")
    return path


def file_size(row: Import) -> int:
    """How many bytes the file of an import that waits has."""
    file = db.session.get(StoredFile, row.sha256) if row.sha256 else None
    return file.size_bytes if file else 0


def _findings(row: Import, severity: str) -> list[Finding]:
    return [finding for finding in (Finding(**each) for each in row.findings) if finding.severity == severity]


def _names(ids: Collection[int]) -> dict[int, str]:
    people = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in people}
