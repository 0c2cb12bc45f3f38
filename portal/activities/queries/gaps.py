"""Reading what evidence held events lack: all of a project's at once, in a number of statements that stays the same."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.sql import ColumnExpressionArgument

from portal.activities.models import Event, EventEvidence, event_organisers
from portal.activities.queries.evidence import has_people, has_sensitive
from portal.activities.rules.events import EventStatus
from portal.activities.rules.evidence import ATTENDANCE_KINDS, Need, missing_kinds, next_need
from portal.core.db import db
from portal.projects.models import Organisation


class HeldEvent(NamedTuple):
    """A held event and the kinds of its checklist that are `missing`, attendance first; `organisers` are keys.

    `is_evidenced` says that a file proves the attendance, so that what the event adds counts as evidenced: a list of
    names does, even where it should be a tally sheet.
    """

    id: int
    ref: str
    title: dict[str, str]
    kind: str
    counting_date: date
    organisers: tuple[str, ...]
    has_people: bool
    is_evidenced: bool
    missing: tuple[str, ...]

    @property
    def need(self) -> Need | None:
        """What the event needs next; None if its evidence is complete."""
        return next_need(has_people=self.has_people, missing=self.missing)

    @property
    def attendance(self) -> str:
        """The kind that has to prove the attendance and is missing; '' if it is there or there is nothing to prove."""
        lacking = self.missing[:1] if self.has_people else ()
        return next((kind for kind in lacking if kind in ATTENDANCE_KINDS), "")

    @property
    def others(self) -> list[str]:
        """The missing kinds that prove no attendance."""
        return [kind for kind in self.missing if kind not in ATTENDANCE_KINDS]


def list_held(code: str, own: Iterable[str] | None = None) -> list[HeldEvent]:
    """The project's held events by day, with what their evidence lacks.

    Only those organised by one of the organisations with the keys `own` (None: all).
    """
    held: list[ColumnExpressionArgument[bool]] = [Event.project_code == code, Event.status == EventStatus.HELD]
    if own is not None:
        held.append(Event.organisers.any(Organisation.key.in_(own)))
    organisers, present = _organisers(held), _kinds_present(held)
    columns = Event.id, Event.ref, Event.title, Event.kind, Event.counting_date, Event.is_public
    rows = db.session.execute(
        select(*columns, has_people().label("has_people"), has_sensitive().label("sensitive"))
        .where(*held)
        .order_by(Event.counting_date, Event.starts_at, Event.id)
    )
    return [
        HeldEvent(
            *row[:5],
            tuple(organisers[row.id]),
            bool(row.has_people),
            not ATTENDANCE_KINDS.isdisjoint(present[row.id]),
            missing_kinds(row.kind, is_public=row.is_public, sensitive=row.sensitive, present=present[row.id]),
        )
        for row in rows
    ]


def _organisers(held: list[ColumnExpressionArgument[bool]]) -> dict[int, list[str]]:
    """Event id -> the keys of its organisers, in the project's order."""
    pairs = (
        select(event_organisers.c.event_id, Organisation.key)
        .join(Organisation, event_organisers.c.organisation_id == Organisation.id)
        .join(Event, event_organisers.c.event_id == Event.id)
        .where(*held)
        .order_by(Organisation.position, Organisation.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for event_id, key in db.session.execute(pairs):
        found[event_id].append(key)
    return found


def _kinds_present(held: list[ColumnExpressionArgument[bool]]) -> dict[int, set[str]]:
    """Event id -> the kinds of its evidence."""
    pairs = select(EventEvidence.event_id, EventEvidence.kind).join(Event, EventEvidence.event_id == Event.id)
    found: dict[int, set[str]] = defaultdict(set)
    for event_id, kind in db.session.execute(pairs.where(*held)):
        found[event_id].add(kind)
    return found
