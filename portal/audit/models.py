"""The audit's one table. Triggers of both databases refuse to update or delete its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, UtcDateTime


class AuditEntry(Base):
    """One change of one thing. Nothing refers to it and it refers to nothing, so it outlives what it is about."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_project_code_id", "project_code", "id"),
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Who: the account's number (0: no account), and its e-mail, "command line" or "portal" as it was then.
    actor_id: Mapped[int]
    actor: Mapped[str] = mapped_column(String(254))
    # The key of the organisation that a manager acted for; '' for oneself.
    acting_for: Mapped[str] = mapped_column(String(40), default="")
    # '' for what belongs to no project.
    project_code: Mapped[str] = mapped_column(String(40), default="")
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    # How people know it: an event's reference, an account's name.
    subject: Mapped[str] = mapped_column(String(300))
    # Field -> [before, after]; personal fields only as "changed".
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
