"""Marking who was at an event's sessions. A mark is a fact that stays; what undoes it is a further one.

Everything happens under the event's lock, so two people at one sheet, or two phones, make one mark of one person.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import AttendanceMark, Event, EventSession, Participation, Registration
from portal.activities.queries.marking import latest_marks, tag_of
from portal.activities.queries.sessions import span_of
from portal.activities.rules.marking import NOT_SEEN, Seen, check_begun, check_markable, check_minutes, presence
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import HOLDING
from portal.activities.rules.sheets import is_on_sheet
from portal.activities.services.attendance import change_status
from portal.activities.services.events import lock_event
from portal.activities.services.registrations.following import follow_list
from portal.activities.services.sessions import ensure_sessions
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import NotFound


class Mark(NamedTuple):
    """That a person was or was not at a session; `minutes` is None for all the time.

    Only where `is_timed`, or where they are given, are the minutes stated; otherwise those of somebody who is marked
    already stay. `tag` is what stood beside the number of the row on the page; None where no page said it.
    """

    participation_id: int
    is_present: bool
    minutes: int | None = None
    tag: str | None = None
    is_timed: bool = False


class Act(NamedTuple):
    """Who says something at which of the event's sessions, and when."""

    event: Event
    sessions: list[EventSession]
    here: EventSession
    now: datetime
    by: int
    by_link: bool


def mark(
    event_id: int,
    position: int,
    stated: Mark,
    *,
    now: datetime,
    by: int,
    by_link: bool = False,
) -> bool:
    """Say that the person was or was not at the event's session; return False if that was said already.

    A helper's link marks those on the sheet alone. Raise Conflict if nobody can be marked at the event now,
    InvalidInput for more minutes than the session has, NotFound.
    """
    with transaction() as session:
        act = begin(session, event_id, position, now=now, by=by, by_link=by_link)
        row = session.get(Participation, stated.participation_id)
        if row is None or row.event_id != event_id or not _is_meant(row, stated):
            raise NotFound("participation-unknown")
        if by_link and not _is_on_sheet(session, act.event, row):
            raise NotFound("participation-unknown")
        before = row.status
        if not say(session, act, row, latest_marks(event_id, row.id).get(row.id, {}), stated):
            return False
        follow_list(session, act.event, now=now, changed=[row.id])
        facts = {"participation": row.id, "session": position, "minutes": stated.minutes, "status": row.status}
        action = "attendance_marked" if stated.is_present else "attendance_unmarked"
        record(session, action, event_subject(act.event), now=now, before={"status": before}, after=facts)
        return True


def mark_all(event_id: int, position: int, marks: Sequence[Mark], *, now: datetime, by: int) -> dict[str, int]:
    """Say all this of the people at the session; return how many were `changed` and how many are `gone` by now.

    Raise as `mark`, but for people who are no longer on the event's list: what is said of the others is stored.
    """
    with transaction() as session:
        act = begin(session, event_id, position, now=now, by=by)
        listed = session.scalars(select(Participation).where(Participation.event_id == event_id)).all()
        rows = {row.id: row for row in listed}
        known = [each for each in marks if (row := rows.get(each.participation_id)) and _is_meant(row, each)]
        latest = latest_marks(event_id)
        changed = [
            each
            for each in known
            if say(session, act, rows[each.participation_id], latest.get(each.participation_id, {}), each)
        ]
        if changed:
            follow_list(session, act.event, now=now, changed=[each.participation_id for each in changed])
            present = sum(each.is_present for each in changed)
            after = {"session": position, "marked": present, "unmarked": len(changed) - present}
            record(session, "attendance_saved", event_subject(act.event), now=now, after=after)
        return {"changed": len(changed), "gone": len(marks) - len(known)}


def mark_rest_absent(event_id: int, *, now: datetime, version: int | None = None) -> int:
    """Say of everyone who has a seat and was marked at no session that they did not come; return how many they are.

    Raise Conflict as `mark`, if the event has not begun, and if it or its list has changed since `version`.
    """
    with transaction() as session:
        event = _markable(session, event_id, now, version)
        check_begun(event.starts_at, now=now)
        mine = select(Participation).where(Participation.event_id == event_id, Participation.status.in_(HOLDING))
        missed = session.scalars(mine.order_by(Participation.id)).all()
        for row in missed:
            change_status(row, ParticipationStatus.ABSENT)
            row.import_id = None
        if missed:
            follow_list(session, event, now=now, changed=[row.id for row in missed])
            record(session, "rest_absent", event_subject(event), now=now, after={"people": len(missed)})
        return len(missed)


def begin(session: Session, event_id: int, position: int, *, now: datetime, by: int, by_link: bool = False) -> Act:
    """Lock the event and find the session; raise Conflict if nobody can be marked at the event now, NotFound."""
    event = _markable(session, event_id, now)
    sessions = ensure_sessions(session, event)
    here = next((each for each in sessions if each.position == position), None)
    if here is None:
        raise NotFound("session-unknown")
    return Act(event, sessions, here, now, by, by_link)


def _markable(session: Session, event_id: int, now: datetime, version: int | None = None) -> Event:
    event = lock_event(session, event_id, version)
    check_markable(event.status, counting_date=event.counting_date, zone=event.time_zone, now=now)
    return event


def _is_meant(row: Participation, stated: Mark) -> bool:
    """Whether the row is still that of the person whom the page showed."""
    return stated.tag is None or stated.tag == tag_of(row.id, row.participant)


def _is_on_sheet(session: Session, event: Event, row: Participation) -> bool:
    registration = session.get(Registration, row.id)
    ended_at = registration.ended_at if registration else None
    return is_on_sheet(row.status, ended_at=ended_at, starts_at=event.starts_at)


def say(session: Session, act: Act, row: Participation, marks: dict[int, Seen], stated: Mark) -> bool:
    """Write what is stated of the person, if it is not so already; return whether anything was written.

    What was only said of the event as a whole is written down for each session first, so that it holds on.
    """
    were = presence(row.status, marks, [each.id for each in act.sessions])
    where = f"minutes-{row.id}"
    minutes = check_minutes(stated.minutes, span_of(act.here).minutes, where=where) if stated.is_present else None
    seen = were[act.here.id]
    is_timed = stated.is_timed or stated.minutes is not None
    is_same_time = not is_timed or not stated.is_present or seen.minutes == minutes
    if seen.is_present == stated.is_present and is_same_time:
        return False
    become = {**were, act.here.id: Seen(stated.is_present, minutes)}
    for session_id, wanted in become.items():
        known = marks.get(session_id, NOT_SEEN)
        if session_id == act.here.id or known[:2] != wanted[:2]:
            session.add(
                AttendanceMark(
                    session_id=session_id,
                    participation_id=row.id,
                    is_present=wanted.is_present,
                    minutes=wanted.minutes,
                    marked_at=act.now,
                    marked_by=act.by,
                    by_link=act.by_link,
                )
            )
    _settle(session, row, was_there=any(seen.is_present for seen in become.values()))
    session.flush()
    return True


def _settle(session: Session, row: Participation, *, was_there: bool) -> None:
    """Let the person's status follow from whether they were at any session; who was at none is what they were."""
    if was_there:
        change_status(row, ParticipationStatus.ATTENDED)
    elif row.status == ParticipationStatus.ATTENDED:
        registration = session.get(Registration, row.id)
        has_seat = registration is not None and registration.ended_at is None
        known = row.status_before or _usual_status(is_registered=registration is not None, has_seat=has_seat)
        change_status(row, ParticipationStatus.REGISTERED if known in HOLDING else known)
    # Someone has made the row theirs.
    row.import_id = None


def _usual_status(*, is_registered: bool, has_seat: bool) -> str:
    """What somebody is who was at no session, where it is not kept what they were before."""
    if not is_registered:
        return ParticipationStatus.ABSENT
    return ParticipationStatus.REGISTERED if has_seat else ParticipationStatus.EXPIRED
