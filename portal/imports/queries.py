"""Reading imports."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select

from portal.accounts.models import User
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, NotFound, Problem
from portal.core.files import store
from portal.core.files.models import StoredFile
from portal.core.files.queries import store_folder
from portal.core.sentences import known_codes, sentence, sentences
from portal.imports.kinds import ImportKind, find_kind, import_kinds
from portal.imports.models import Import
from portal.imports.rules import LATER_KINDS, MOST_FINDINGS, WAITING, Count, Finding, count_faulty_rows
from portal.jobs.models import Job

PAGE_SIZE = 50
# How long a job may wait before people are told that it does; a worker begins within seconds.
PATIENCE = timedelta(minutes=1)

# What views may call it without knowing the models.
ImportRow = Import


class ImportPage(NamedTuple):
    """One page of imports, latest first; `number` counts from 1, `people` says who brought them."""

    rows: list[Import]
    total: int
    number: int
    people: dict[int, str]

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


class Work(NamedTuple):
    """How far the job of an import is.

    It is at work as long as it shows signs of life; one that nobody has begun for a while is `late`; what has neither
    ended nor lives must be given up or begun anew.
    """

    percent: int = 0
    waits: bool = False
    is_alive: bool = False
    is_late: bool = False


class Said(NamedTuple):
    """What is wrong with a row, in words."""

    row: int
    column: str
    message: str


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


def list_imports(code: str, *, brought_by: int, whole_kinds: Collection[str], page: int) -> ImportPage:
    """A page of the project's imports, latest first: those this account brought, and those of `whole_kinds`."""
    mine = select(Import).where(Import.project_code == code)
    seen = mine.where(or_(Import.added_by == brought_by, Import.kind.in_(whole_kinds)))
    total = db.session.scalar(select(func.count()).select_from(seen.subquery())) or 0
    number = min(page, max(1, -(-total // PAGE_SIZE)))
    rows = _one_page(seen, number)
    return ImportPage(rows, total, number, _names({row.added_by for row in rows}))


def name_of(row: Import) -> str:
    """Who brought the file: the account's name, or what the audit calls it."""
    return _names({row.added_by}).get(row.added_by, row.actor)


def count_of(row: Import) -> Count:
    """The counts of the import."""
    return Count(row.row_count, row.created, row.updated, row.unchanged)


def faulty_rows(row: Import) -> int:
    """In how many rows the errors stand; of a file with more errors than are kept, how many rows cannot be used."""
    kept = count_faulty_rows(_findings(row))
    return kept if row.error_count <= MOST_FINDINGS else max(kept, count_of(row).unusable)


def list_said(row: Import, severity: str) -> list[Said]:
    """What is kept of the errors or the warnings ("error", "warning"), in words, by row."""
    return [_said(each) for each in _findings(row) if each.severity == severity]


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


def _findings(row: Import) -> list[Finding]:
    return [Finding(**each) for each in row.findings]


def _said(finding: Finding) -> Said:
    """The finding in the language of the moment; its code where a version before this one found it."""
    problem = Problem(finding.code, finding.column, finding.values)
    message = sentence(problem) if finding.code in known_codes() else finding.code
    return Said(finding.row, finding.column, message)


def _one_page(rows: Select[Import], number: int) -> list[Import]:
    latest = rows.order_by(Import.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return list(db.session.scalars(latest))


def _names(ids: Collection[int]) -> dict[int, str]:
    people = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in people}
