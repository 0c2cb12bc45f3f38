"""Studies, the versions of what they ask, their waves, and what was made of the answers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, UtcDateTime, one_of
from portal.surveys.rules.waves import BY_HAND


class Study(Base):
    """A survey of a project: its instrument in versions, and its waves."""

    __tablename__ = "studies"
    __table_args__ = (UniqueConstraint("project_code", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    # By language, as the latest version of the instrument says it.
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    # What keyed hashes of pairing codes are made with, together with the portal's own secret.
    salt: Mapped[str] = mapped_column(String(64))
    # Group -> the known shares of its levels in the population, as rules/margins.py writes them.
    margins: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    instruments: Mapped[list["Instrument"]] = relationship(
        back_populates="study", order_by="Instrument.number", cascade="all, delete-orphan"
    )
    waves: Mapped[list["Wave"]] = relationship(
        back_populates="study", order_by="Wave.position", cascade="all, delete-orphan"
    )


class Instrument(Base):
    """One version of what a study asks; a published one is frozen and known by its hash."""

    __tablename__ = "instruments"
    __table_args__ = (
        UniqueConstraint("study_id", "number"),
        CheckConstraint("(content_hash = '') = (published_at IS NULL)", name="frozen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    number: Mapped[int]
    # As rules/documents.py writes it.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    # SHA-256 of the content in its canonical form; '' of a draft.
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Key of an item of the version before -> its key here; '' where nothing here measures the same.
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Place of a text -> language -> what the text said when it was translated, where it says something else by now.
    outdated: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    study: Mapped[Study] = relationship(back_populates="instruments")


class Wave(Base):
    """A time at which a study is asked, with one version of its instrument."""

    __tablename__ = "waves"
    __table_args__ = (
        UniqueConstraint("study_id", "key"),
        UniqueConstraint("study_id", "position"),
        UniqueConstraint("token"),
        CheckConstraint("opens_on <= last_day", name="days"),
        one_of("by_hand", BY_HAND, "by_hand"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    # None until the study is published.
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instruments.id"))
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    # Days in the project's zone, both included; None: by hand.
    opens_on: Mapped[date | None]
    last_day: Mapped[date | None]
    # "open" or "closed" where somebody has decided it; '' where the days do.
    by_hand: Mapped[str] = mapped_column(String(10), default="")
    # What the address of the wave ends with. Without an open link it leads nobody in who has no token of their own.
    token: Mapped[str] = mapped_column(String(43))
    has_open_link: Mapped[bool] = mapped_column(default=True)
    tokens_issued: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    study: Mapped[Study] = relationship(back_populates="waves")
    instrument: Mapped[Instrument | None] = relationship()


class FieldworkNote(Base):
    """What was done in the field on a day: where, how, and how many forms went out and came back."""

    __tablename__ = "fieldwork_notes"
    __table_args__ = (CheckConstraint("handed_out >= 0 AND returned >= 0", name="numbers"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    handed_out: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    actor: Mapped[str] = mapped_column(String(254))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Analysis(Base):
    """What was computed of a study's answers as they were; kept until they change."""

    __tablename__ = "analyses"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True)
    # Tells the answers and the instruments that it was made of from any others.
    fingerprint: Mapped[str] = mapped_column(String(64))
    # As interfaces.md 4 writes it, with what pages say besides.
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
