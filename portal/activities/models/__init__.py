"""The tables of events, of registration and of attendance."""

from portal.activities.models.attendance import AttendanceMark, Certificate, CheckinLink, EventSeries, EventSession
from portal.activities.models.events import (
    Comment,
    Event,
    EventEvidence,
    Exclusion,
    Headcount,
    Participation,
    event_organisers,
)
from portal.activities.models.registrations import (
    Registration,
    RegistrationAttempt,
    RegistrationDesk,
    RegistrationQuestion,
    RetentionRule,
)

__all__ = [
    "AttendanceMark",
    "Certificate",
    "CheckinLink",
    "Comment",
    "Event",
    "EventEvidence",
    "EventSeries",
    "EventSession",
    "Exclusion",
    "Headcount",
    "Participation",
    "Registration",
    "RegistrationAttempt",
    "RegistrationDesk",
    "RegistrationQuestion",
    "RetentionRule",
    "event_organisers",
]
