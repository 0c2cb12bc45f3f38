"""Reading the audit."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from portal.audit.hiding import hide
from portal.audit.models import AuditEntry
from portal.audit.rules import Act, Entry
from portal.core.db import db

PAGE_SIZE = 50
# The number of no account: the reader from whom most is kept.
NOBODY = 0

COLUMNS = tuple(getattr(AuditEntry, name) for name in Entry._fields)


class AuditFilter(NamedTuple):
    """Which entries a list shows; '' and None select all. Days are those of `zone`, both included."""

    kind: str = ""
    subject_id: int | None = None
    # What the thing is called, or a part of it.
    subject: str = ""
    actor: str = ""
    first_day: date | None = None
    last_day: date | None = None


class AuditPage(NamedTuple):
    """One page of entries, latest first; `number` counts from 1."""

    entries: list[Entry]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


def list_entries(
    project_code: str, chosen: AuditFilter, *, zone: str, page: int = 1, reader: int = NOBODY
) -> AuditPage:
    """A page of the project's entries, latest first, as the account with the number `reader` may see them."""
    mine = _chosen(project_code, chosen, zone)
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    rows = mine.order_by(AuditEntry.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return AuditPage(_read(project_code, rows, reader), total, page)


def list_all_entries(project_code: str, chosen: AuditFilter, *, zone: str, reader: int = NOBODY) -> list[Entry]:
    """Every chosen entry of the project in the order written, for export, as `reader` may see it."""
    return _read(project_code, _chosen(project_code, chosen, zone).order_by(AuditEntry.id), reader)


def list_latest(project_code: str, actions: Collection[str], *, among: int) -> list[Act]:
    """Those of the project's last `among` entries that are one of the actions, latest first.

    Looking no further back keeps this quick, however long ago such an action was the last time.
    """
    last = select(AuditEntry.id).where(AuditEntry.project_code == project_code).order_by(AuditEntry.id.desc())
    columns = (getattr(AuditEntry, name) for name in Act._fields)
    latest = select(*columns).where(AuditEntry.id.in_(last.limit(among)), AuditEntry.action.in_(actions))
    return [Act(*row) for row in db.session.execute(latest.order_by(AuditEntry.id.desc()))]


def list_kinds(project_code: str) -> list[str]:
    """The kinds of things that the project's audit speaks of, in order."""
    kinds = select(AuditEntry.subject_kind).where(AuditEntry.project_code == project_code).distinct()
    return list(db.session.scalars(kinds.order_by(AuditEntry.subject_kind)))


def _read(project_code: str, rows: Select[Any], reader: int) -> list[Entry]:
    return hide(project_code, map(Entry._make, db.session.execute(rows)), reader)


def _chosen(project_code: str, chosen: AuditFilter, zone: str) -> Select[Any]:
    mine = select(*COLUMNS).where(AuditEntry.project_code == project_code)
    if chosen.kind:
        mine = mine.where(AuditEntry.subject_kind == chosen.kind)
    if chosen.subject_id is not None:
        mine = mine.where(AuditEntry.subject_id == chosen.subject_id)
    if chosen.subject:
        mine = mine.where(AuditEntry.subject.icontains(chosen.subject, autoescape=True))
    if chosen.actor:
        mine = mine.where(AuditEntry.actor == chosen.actor)
    if chosen.first_day:
        mine = mine.where(AuditEntry.at >= _midnight(chosen.first_day, zone))
    if chosen.last_day:
        mine = mine.where(AuditEntry.at < _midnight(chosen.last_day + timedelta(days=1), zone))
    return mine


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
