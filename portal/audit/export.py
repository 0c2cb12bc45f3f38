"""The audit as a workbook."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.audit.labels import action_label, field_label, value_label
from portal.audit.rules import Entry
from portal.core.tables import Cell, Column, Sheet, write_xlsx


def audit_workbook(entries: Iterable[Entry], zone: str) -> bytes:
    """The entries as XLSX: a row for each changed field, or one for an entry without any; times are those of `zone`."""
    said = (_("When"), _("Who"), _("Acting for"), _("What was done"), _("To what"))
    headers = (*said, _("Field"), _("Before"), _("After"))
    return write_xlsx([Sheet("Audit", [Column(header, 24) for header in headers], _rows(entries, zone))])


def _rows(entries: Iterable[Entry], zone: str) -> Iterator[list[Cell]]:
    for entry in entries:
        when = f"{entry.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
        facts: list[Cell] = [when, entry.actor, entry.acting_for, action_label(entry.action), entry.subject]
        for field, (before, after) in (entry.changes or {"": [None, None]}).items():
            yield [*facts, field_label(field), _plain(field, before), _plain(field, after)]


def _plain(field: str, value: object) -> str | None:
    return None if value is None else str(value_label(field, value))
