"""Tables of attendance: an event's sessions, who was seen at each, helpers' links, certificates and series."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.activities.models.events import Event, Participation
from portal.core.db import Base, UtcDateTime


class EventSeries(Base):
    """Events that were made together by repeating one."""

    __tablename__ = "event_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"), index=True)
    # Every how many days, weeks or months: "7 days", "1 months".
    step: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EventSession(Base):
    """A part of an event with a sign-in sheet of its own: a day of it, or what the organiser made of the days."""

    __tablename__ = "event_sessions"
    __table_args__ = (
        UniqueConstraint("event_id", "position"),
        UniqueConstraint("event_id", "number"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("sheet_count >= 0", name="sheet_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    # From 1, in the order of time.
    position: Mapped[int]
    # What calendars know it by: its own for ever, whatever becomes of the others.
    number: Mapped[int]
    title: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Made by a person; the others are the event's days and follow its times.
    is_own: Mapped[bool] = mapped_column(default=False)
    # How many signatures the paper sheet has (NULL: nobody has said).
    sheet_count: Mapped[int | None]

    event: Mapped[Event] = relationship()


class AttendanceMark(Base):
    """That a person was or was not at a session, as somebody said at a moment; the latest mark holds, none changes."""

    __tablename__ = "attendance_marks"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("is_present OR minutes IS NULL", name="minutes_of_those_present"),
        Index("ix_attendance_marks_session_id_participation_id_id", "session_id", "participation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("event_sessions.id", ondelete="CASCADE"))
    participation_id: Mapped[int] = mapped_column(ForeignKey("participations.id", ondelete="CASCADE"), index=True)
    is_present: Mapped[bool]
    # How long the person was there (NULL: all the time).
    minutes: Mapped[int | None]
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The number of the account that said so (0: a helper by the event's link, or the command line).
    marked_by: Mapped[int] = mapped_column(default=0)
    by_link: Mapped[bool] = mapped_column(default=False)


class CheckinLink(Base):
    """The address by which a helper may mark who comes to an event; a new one shuts the old address."""

    __tablename__ = "checkin_links"
    __table_args__ = (UniqueConstraint("token"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(String(43))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Certificate(Base):
    """A certificate of attendance, made once and kept by its hash; whoever holds it can check it by its code."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("participation_id"),
        UniqueConstraint("code"),
        CheckConstraint("minutes > 0 AND minutes <= of_minutes", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participations.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(26))
    # Whom it names ('' once the name is no longer kept), and what it says of the event: `Certified.kept`.
    name: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # How long the person was there, of how long the event's sessions lasted.
    minutes: Mapped[int]
    of_minutes: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256", ondelete="RESTRICT"), index=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    participation: Mapped[Participation] = relationship()
