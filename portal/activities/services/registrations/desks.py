"""Opening registration for an event, and changing what its page says and asks."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import Event, Registration, RegistrationDesk, RegistrationQuestion
from portal.activities.rules.desks import DeskDraft, KnownQuestion, QuestionDraft, check_desk, stated_texts
from portal.activities.rules.events import EventStatus
from portal.activities.services.events import lock_event
from portal.activities.services.registrations.seats import recount_seats
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import Conflict, NotFound

# What a draft says as it is stored.
PLAIN = ("confirm_hours", "offer_hours", "reminder_hours", "largest_party", "group")
# Out of the way while the questions change places.
ASIDE = 1_000


def open_desk(event_id: int, draft: DeskDraft, *, now: datetime) -> None:
    """Let people register for the event as the draft says; whoever is on its list with a seat keeps it.

    Raise InvalidInputs with everything that is wrong, Conflict if registration is open already, if the event is not
    planned or has begun, or if more people have a seat than there are.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        _check_event(event, now)
        if session.get(RegistrationDesk, event_id) is not None:
            raise Conflict("desk-there")
        times = check_desk(draft, zone=event.time_zone, starts_at=event.starts_at)
        desk = RegistrationDesk(
            event_id=event_id,
            token=secrets.token_urlsafe(32),
            opens_at=times.opens_at,
            closes_at=times.closes_at,
            consent=stated_texts(draft.consent),
            version=1,
            created_at=now,
            updated_at=now,
            **{name: getattr(draft, name) for name in PLAIN},
        )
        session.add(desk)
        _set_questions(session, desk, draft.questions)
        recount_seats(session, event)
        record(session, "registration_opened", event_subject(event), now=now, after=_columns(desk))


def change_desk(event_id: int, draft: DeskDraft, *, version: int, now: datetime) -> None:
    """Store what the draft says of the event's registration page; another consent text counts as another version.

    Raise InvalidInputs with everything that is wrong, NotFound if there is no such page, Conflict if someone has
    changed it since `version`, if the event is not planned or if it has begun.
    """
    with transaction() as session:
        event = lock_event(session, event_id)
        desk = _get_desk(session, event_id)
        if desk.version != version:
            raise Conflict("desk-stale")
        _check_event(event, now)
        known = _known_questions(session, desk)
        times = check_desk(draft, zone=event.time_zone, starts_at=event.starts_at, known=known)
        before = _columns(desk)
        desk.opens_at, desk.closes_at = times
        for name in PLAIN:
            setattr(desk, name, getattr(draft, name))
        consent = stated_texts(draft.consent)
        if consent != desk.consent:
            desk.consent, desk.consent_version = consent, desk.consent_version + 1
        _set_questions(session, desk, draft.questions)
        desk.version, desk.updated_at = desk.version + 1, now
        record(session, "registration_changed", event_subject(event), now=now, before=before, after=_columns(desk))


def renew_link(event_id: int, *, now: datetime) -> None:
    """Give the registration page another address; the old one leads nowhere. Raise NotFound if there is no page."""
    with transaction() as session:
        event = lock_event(session, event_id)
        desk = _get_desk(session, event_id)
        desk.token, desk.updated_at = secrets.token_urlsafe(32), now
        desk.version += 1
        record(session, "registration_link_renewed", event_subject(event), now=now)


def _get_desk(session: Session, event_id: int) -> RegistrationDesk:
    desk = session.get(RegistrationDesk, event_id)
    if desk is None:
        raise NotFound("registration-unknown")
    return desk


def _check_event(event: Event, now: datetime) -> None:
    if event.status == EventStatus.CANCELLED:
        raise Conflict("desk-event-cancelled")
    if event.status == EventStatus.HELD or now >= event.starts_at:
        raise Conflict("desk-event-begun")


def _known_questions(session: Session, desk: RegistrationDesk) -> dict[int, KnownQuestion]:
    given = select(Registration.answers).where(Registration.event_id == desk.event_id)
    answered = {number for answers in session.scalars(given) for number in answers}
    return {each.id: KnownQuestion(each.kind, len(each.choices), str(each.id) in answered) for each in desk.questions}


def _set_questions(session: Session, desk: RegistrationDesk, drafts: Sequence[QuestionDraft]) -> None:
    """Let the page ask what the drafts say, in their order."""
    known = {each.id: each for each in desk.questions}
    for each in desk.questions:
        each.position += ASIDE
    # The database keeps positions apart at every moment.
    session.flush()
    rows = []
    for position, draft in enumerate(drafts, start=1):
        row = known.get(draft.id or 0) or RegistrationQuestion()
        row.position, row.kind, row.is_required = position, draft.kind, draft.is_required
        row.text, row.choices = stated_texts(draft.text), [stated_texts(choice) for choice in draft.choices]
        rows.append(row)
    desk.questions = rows
    session.flush()


def _columns(desk: RegistrationDesk) -> dict[str, Any]:
    """The page's facts as the audit compares them; never its address, which opens it."""
    return {
        "opens_at": desk.opens_at,
        "closes_at": desk.closes_at,
        **{name: getattr(desk, name) for name in PLAIN},
        "consent": dict(desk.consent),
        "consent_version": desk.consent_version,
        "questions": [" / ".join(each.text.values()) for each in desk.questions],
    }
