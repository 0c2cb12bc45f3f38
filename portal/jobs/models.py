"""Tables of work to be done after commit."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, UtcDateTime, one_of

JOB_STATES = ("waiting", "running", "done", "failed", "cancelled")
MAIL_STATES = ("waiting", "sent", "failed")


class Job(Base):
    """A piece of long work, written in the transaction that asks for it and carried out by the worker after commit."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", JOB_STATES, "state"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        Index("ix_jobs_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    # What the kind's function is called with: ids, never texts of people.
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    progress: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    # Why it failed, without values of people.
    error: Mapped[str] = mapped_column(String(500), default="")
    # The number of the account that asked (0: none).
    asked_by: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Mail(Base):
    """A mail to one person; its text is rendered from `values` when it is sent, and `values` are emptied after."""

    __tablename__ = "mails"
    __table_args__ = (one_of("state", MAIL_STATES, "state"), Index("ix_mails_state_due_at", "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
