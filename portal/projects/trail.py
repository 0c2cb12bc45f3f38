"""The audit as rows of a file."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from portal.audit.labels import action_label
from portal.audit.models import AuditEntry
from portal.core.tables import Cell


def audit_rows(entries: Iterable[AuditEntry], zone: str) -> Iterator[list[Cell]]:
    """One row for each changed field, or one for an entry without any; instants as clocks in `zone` show them."""
    for entry in entries:
        when = f"{entry.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
        facts: list[Cell] = [when, entry.actor, entry.acting_for, action_label(entry.action), entry.subject]
        for field, (before, after) in (entry.changes or {"": [None, None]}).items():
            yield [*facts, field, _plain(before), _plain(after)]


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
