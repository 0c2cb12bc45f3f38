"""People who register, as the tests of what becomes of their data need them. Each needs an app context."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from portal.activities.models import Participation, Registration
from portal.activities.rules.desks import DeskDraft, QuestionDraft
from portal.activities.rules.registering import PersonDraft, RegistrationDraft
from portal.activities.services.registrations.answering import confirm
from portal.activities.services.registrations.desks import open_desk
from portal.activities.services.registrations.registering import register
from portal.core.db import db
from tests.make import make_event

# The workshop of 10 March 2026 is still to come, and people register for it.
EARLY = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
CONSENT = {"en": "I agree.", "lt": "Sutinku.", "pl": "Zgadzam się."}
QUESTIONS = (
    QuestionDraft(None, "text", {"en": "What do you eat?", "lt": "Ką valgote?", "pl": "Co Pan(i) je?"}),
    QuestionDraft(
        None,
        "choice",
        {"en": "Which day?", "lt": "Kuri diena?", "pl": "Który dzień?"},
        (
            {"en": "Monday", "lt": "Pirmadienis", "pl": "Poniedziałek"},
            {"en": "Friday", "lt": "Penktadienis", "pl": "Piątek"},
        ),
    ),
)


def make_open_event(**changes: Any) -> int:
    """The workshop of 10 March 2026 with an open registration page that asks two questions; return its id."""
    event_id = make_event(now=EARLY, **changes)
    times = {"opens": datetime(2026, 1, 10, 9, 0), "closes": datetime(2026, 3, 9, 18, 0)}
    open_desk(event_id, DeskDraft(**times, consent=CONSENT, largest_party=3, questions=QUESTIONS), now=EARLY)
    return event_id


def make_registration(event_id: int, email: str, *others: PersonDraft, name: str = "Ona Onaitė", **facts: Any) -> int:
    """Somebody registers by the page, with others; return the id of their row."""
    answers = facts.pop("answers", {})
    people = (PersonDraft(name, email, facts.pop("organisation", "Library of Alytus"), "LT"), *others)
    nonce = register(event_id, RegistrationDraft(people, "lt", 1, answers), now=facts.pop("now", EARLY))
    return db.session.scalars(select(Registration.participation_id).where(Registration.nonce == nonce)).one()


def make_seat(event_id: int, email: str, **facts: Any) -> int:
    """Somebody registers and confirms the seat; return the id of their row."""
    row_id = make_registration(event_id, email, **facts)
    confirm(event_id, registration_of(row_id).nonce, now=EARLY)
    return row_id


def registration_of(row_id: int) -> Registration:
    """The registration as stored."""
    return db.session.get_one(Registration, row_id)


def row_of(row_id: int) -> Participation:
    """The row as stored."""
    return db.session.scalars(select(Participation).where(Participation.id == row_id)).one()
