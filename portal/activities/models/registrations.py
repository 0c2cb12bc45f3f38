"""Tables of registration: what an event's registration page asks, and who came onto its list by it."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.activities.models.events import Event, Participation
from portal.activities.rules.registrations import MOST_HOURS, MOST_IN_PARTY, QUESTION_KINDS, REGISTRANT_GROUPS
from portal.core.db import Base, UtcDateTime, one_of


class RegistrationDesk(Base):
    """How people register for one event; the seats are the event's capacity, without limit where it has none."""

    __tablename__ = "registration_desks"
    __table_args__ = (
        UniqueConstraint("token"),
        CheckConstraint("opens_at < closes_at", name="times"),
        CheckConstraint(f"confirm_hours BETWEEN 1 AND {MOST_HOURS}", name="confirm_hours"),
        CheckConstraint(f"offer_hours BETWEEN 1 AND {MOST_HOURS}", name="offer_hours"),
        CheckConstraint(f"reminder_hours BETWEEN 0 AND {MOST_HOURS}", name="reminder_hours"),
        CheckConstraint(f"largest_party BETWEEN 1 AND {MOST_IN_PARTY}", name="largest_party"),
        one_of("group", REGISTRANT_GROUPS, "group"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    # What the address of the registration page ends with; a new one shuts the old address.
    token: Mapped[str] = mapped_column(String(43))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # How long a seat waits for the person's confirmation, and an offer for its answer.
    confirm_hours: Mapped[int] = mapped_column(default=48)
    offer_hours: Mapped[int] = mapped_column(default=24)
    # How long before the start people are reminded (0: not at all).
    reminder_hours: Mapped[int] = mapped_column(default=24)
    # How many people one person may register at once.
    largest_party: Mapped[int] = mapped_column(default=1)
    # The group of everyone who registers; never one that tells of a conviction.
    group: Mapped[str] = mapped_column(String(20), default="unknown")
    # What people consent to, by language; its version counts what changed since people gave theirs.
    consent: Mapped[dict[str, str]] = mapped_column(JSON)
    consent_version: Mapped[int] = mapped_column(default=1)
    # The latest place in the order of arrival that was given.
    last_place: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship()
    questions: Mapped[list["RegistrationQuestion"]] = relationship(
        back_populates="desk", order_by="RegistrationQuestion.position", cascade="all, delete-orphan"
    )


class RegistrationQuestion(Base):
    """Something that the organiser asks besides; a text to write or one of several choices."""

    __tablename__ = "registration_questions"
    __table_args__ = (UniqueConstraint("event_id", "position"), one_of("kind", QUESTION_KINDS, "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("registration_desks.event_id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[dict[str, str]] = mapped_column(JSON)
    # What can be chosen, each by language; empty for a text.
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    is_required: Mapped[bool] = mapped_column(default=False)

    desk: Mapped[RegistrationDesk] = relationship(back_populates="questions")


class Registration(Base):
    """How a person came onto an event's list by its registration page; `place` is theirs in the order of arrival."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "place"),
        UniqueConstraint("nonce"),
        Index("ix_registrations_answer_until", "answer_until"),
    )

    participation_id: Mapped[int] = mapped_column(ForeignKey("participations.id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    place: Mapped[int]
    # The participation of whoever registered this person together with others: one's own where one came alone.
    leader_id: Mapped[int] = mapped_column(ForeignKey("participations.id", ondelete="CASCADE"), index=True)
    # What the personal link is made from, together with the portal's key; it is in no table itself.
    nonce: Mapped[str] = mapped_column(String(16))
    # Where mails go; '' where somebody else registered the person, and once the person is anonymous.
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(2))
    consent_version: Mapped[int]
    # The number of a question -> what was written, or which choice (from 0) was taken.
    answers: Mapped[dict[str, str | int]] = mapped_column(JSON, default=dict)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Until when an unconfirmed seat waits for its confirmation, or an offer for its answer (NULL: nothing waits).
    answer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the person cancelled or the seat expired.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    participation: Mapped[Participation] = relationship(foreign_keys=[participation_id])


class RegistrationAttempt(Base):
    """That someone sent a registration; only a keyed digest of the network is kept, and only for an hour."""

    __tablename__ = "registration_attempts"
    __table_args__ = (Index("ix_registration_attempts_address_hash_at", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RetentionRule(Base):
    """How long a project keeps what names people; without a row the usual days hold."""

    __tablename__ = "retention_rules"
    __table_args__ = (
        CheckConstraint("unattended_days >= 0", name="unattended_days"),
        CheckConstraint("attended_days >= 0", name="attended_days"),
    )

    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"), primary_key=True)
    # After the event, of those who cancelled, were absent or never had a seat.
    unattended_days: Mapped[int] = mapped_column(default=90)
    # After the project's last day, of those who attended (NULL: kept until somebody decides).
    attended_days: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
