"""Tables of events, of the people at them, and of what is said of them."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.activities.rules.events import EVENT_STATUSES
from portal.activities.rules.evidence import EVIDENCE_KINDS
from portal.activities.rules.participants import PARTICIPATION_STATUSES
from portal.core.db import Base, UtcDateTime, one_of
from portal.projects.models import Activity, Indicator, Organisation
from portal.projects.rules.vocabulary import AGE_BANDS, EVENT_KINDS, GENDERS, GROUPS

# The code of a person of a sensitive group, `SENSITIVE_CODE` in SQL that both databases understand.
DIGITS = "ltrim(participant, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')"
CODE = (
    f"length({DIGITS}) BETWEEN 2 AND 8 AND ltrim({DIGITS}, '0123456789') = '' "
    f"AND length(participant) - length({DIGITS}) <= 3"
)

event_organisers = Table(
    "event_organisers",
    Base.metadata,
    Column("event_id", Integer, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "organisation_id", Integer, ForeignKey("organisations.id", ondelete="RESTRICT"), primary_key=True, index=True
    ),
)


class Event(Base):
    """Something that happens at a place and a time; `counting_date` is its local start date."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("project_code", "ref"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("planned_participants >= 0", name="planned_participants"),
        # Never more seats than there are, whoever takes them at the same moment.
        CheckConstraint("seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)", name="seats_taken"),
        one_of("kind", EVENT_KINDS, "kind"),
        one_of("status", EVENT_STATUSES, "status"),
        Index("ix_events_project_code_counting_date", "project_code", "counting_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(40))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="RESTRICT"), index=True)
    place: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counting_date: Mapped[date]
    is_public: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(20), default="planned")
    capacity: Mapped[int | None]
    planned_participants: Mapped[int | None]
    # How many seats are given: `holds_seat` of the people on its list, kept so that no two can take the last one.
    seats_taken: Mapped[int] = mapped_column(default=0)
    # The series that the event was made in (NULL: none).
    series_id: Mapped[int | None] = mapped_column(ForeignKey("event_series.id", ondelete="SET NULL"), index=True)
    # How often its time, its place or whether it takes place has changed, for the calendars that hold it.
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    # The highest number that any of its sessions has ever had.
    last_session: Mapped[int] = mapped_column(default=0)
    # Invented, to show how the portal works; marked wherever it is seen and removed with one command.
    is_example: Mapped[bool] = mapped_column(default=False)
    # The import that wrote the row last; NULL once a person has.
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    activity: Mapped[Activity] = relationship()
    organisers: Mapped[list[Organisation]] = relationship(
        secondary=event_organisers, order_by="Organisation.position, Organisation.id"
    )
    participations: Mapped[list["Participation"]] = relationship(
        back_populates="event", order_by="Participation.id", cascade="all, delete-orphan"
    )
    headcounts: Mapped[list["Headcount"]] = relationship(
        back_populates="event", order_by="Headcount.id", cascade="all, delete-orphan"
    )
    evidence: Mapped[list["EventEvidence"]] = relationship(
        back_populates="event", order_by="EventEvidence.id", cascade="all, delete-orphan"
    )

    @property
    def organiser_keys(self) -> list[str]:
        """The keys of the organising organisations, in the project's order."""
        return [organisation.key for organisation in self.organisers]

    @property
    def organiser_countries(self) -> list[str]:
        """The organisers' countries, each once, in order."""
        return sorted({organisation.country for organisation in self.organisers})


class EventEvidence(Base):
    """A file that proves something about an event."""

    __tablename__ = "event_evidence"
    __table_args__ = (UniqueConstraint("event_id", "sha256", "kind"), one_of("kind", EVIDENCE_KINDS, "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256", ondelete="RESTRICT"), index=True)
    # The same picture without what the camera wrote into it, for sharing; the original stays.
    shared_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("stored_files.sha256", ondelete="RESTRICT"), index=True
    )
    filename: Mapped[str] = mapped_column(String(255))
    # The number of the account that brought it (0: the command line).
    added_by: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship(back_populates="evidence")


class Exclusion(Base):
    """A manager's decision, with its reason, that the event does not count towards one indicator."""

    __tablename__ = "exclusions"
    __table_args__ = (UniqueConstraint("event_id", "indicator_id"), CheckConstraint("reason <> ''", name="reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id", ondelete="RESTRICT"), index=True)
    reason: Mapped[str] = mapped_column(String(2000))
    # Who decided it, as the audit knows them.
    actor: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    indicator: Mapped[Indicator] = relationship()


class Participation(Base):
    """One person at one event, known by an e-mail or a code; convicted persons and family members by a code only."""

    __tablename__ = "participations"
    __table_args__ = (
        UniqueConstraint("event_id", "participant"),
        CheckConstraint("participant <> '' AND participant = trim(participant)", name="participant"),
        # Being listed in these groups is criminal-conviction data (GDPR art. 10): no name, no contact.
        CheckConstraint(
            f"\"group\" NOT IN ('convicted_person', 'family_member') OR (name = '' AND organisation = '' AND {CODE})",
            name="sensitive_without_name",
        ),
        one_of("group", GROUPS, "group"),
        one_of("gender", GENDERS, "gender"),
        one_of("age_band", AGE_BANDS, "age_band"),
        one_of("status", PARTICIPATION_STATUSES, "status"),
        one_of("status_before", ("", *PARTICIPATION_STATUSES), "status_before"),
        Index("ix_participations_participant", "participant"),
        # What outcomes are counted from, so that counting reads the index alone.
        Index("ix_participations_counting", "event_id", "status", "group", "country", "participant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    participant: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    # '' where it is not known.
    country: Mapped[str] = mapped_column(String(2), default="")
    group: Mapped[str] = mapped_column(String(20), default="unknown")
    gender: Mapped[str] = mapped_column(String(10), default="unknown")
    age_band: Mapped[str] = mapped_column(String(10), default="unknown")
    status: Mapped[str] = mapped_column(String(20), default="attended")
    # What the person was before somebody said whether they came, while that is said; '' where it was nothing else.
    status_before: Mapped[str] = mapped_column(String(20), default="", server_default="")
    # When all that named the person was taken out (NULL: it was not).
    anonymised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The import that wrote the row last; NULL once a person has.
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)

    event: Mapped[Event] = relationship(back_populates="participations")


class Headcount(Base):
    """A number of unnamed people at an event; counts like that many people who attended."""

    __tablename__ = "headcounts"
    __table_args__ = (
        UniqueConstraint("event_id", "group", "country", "gender", "age_band"),
        CheckConstraint("number > 0", name="number"),
        one_of("group", GROUPS, "group"),
        one_of("gender", GENDERS, "gender"),
        one_of("age_band", AGE_BANDS, "age_band"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    group: Mapped[str] = mapped_column(String(20), default="unknown")
    country: Mapped[str] = mapped_column(String(2), default="")
    gender: Mapped[str] = mapped_column(String(10), default="unknown")
    age_band: Mapped[str] = mapped_column(String(10), default="unknown")
    number: Mapped[int]
    # The import that wrote the row last; NULL once a person has.
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)

    event: Mapped[Event] = relationship(back_populates="headcounts")


class Comment(Base):
    """A question on an activity or an event, or an answer to one; a question is done once someone says so."""

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("(activity_id IS NULL) <> (event_id IS NULL)", name="one_subject"),
        CheckConstraint("question_id IS NULL OR done_at IS NULL", name="only_questions_are_done"),
        CheckConstraint("text <> ''", name="text"),
        Index("ix_comments_project_code_id", "project_code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    # The question that this answers (NULL: it is a question).
    question_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(4000))
    # The number of the account that wrote it, and the name it had then.
    author_id: Mapped[int]
    author: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str] = mapped_column(String(200), default="")
