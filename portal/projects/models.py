"""Tables of projects: what the application form and the agreement state."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, CentsType, UtcDateTime, one_of
from portal.core.money import Cents
from portal.projects.rules.vocabulary import ACTIVITY_STATUSES, ORGANISATION_ROLES, PROJECT_STATUSES

Texts = dict[str, str]


class Project(Base):
    """A project; texts are kept per language, the cofinancing rate in basis points."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("cofinancing_rate_bp BETWEEN 0 AND 10000", name="cofinancing_rate"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("payment_grace_days >= 0", name="payment_grace_days"),
        one_of("flexibility_scope", ("", "category", "partner"), "flexibility_scope"),
        one_of("status", PROJECT_STATUSES, "status"),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    programme: Mapped[str] = mapped_column(String(200))
    programme_website: Mapped[str] = mapped_column(String(200), default="")
    fund: Mapped[str] = mapped_column(String(100))
    cofinancing_rate_bp: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    agreement_signed: Mapped[date | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    time_zone: Mapped[str] = mapped_column(String(64))
    title: Mapped[Texts] = mapped_column(JSON)
    title_aliases: Mapped[list[str]] = mapped_column(JSON)
    funding_statement: Mapped[Texts] = mapped_column(JSON)
    summary: Mapped[Texts] = mapped_column(JSON)
    reporting_assumed: Mapped[bool] = mapped_column(default=False)
    partner_report_due_days: Mapped[int | None]
    control_due_days: Mapped[int | None]
    project_report_due_days: Mapped[int | None]
    flexibility_scope: Mapped[str] = mapped_column(String(20), default="")
    flexibility_percent_bp: Mapped[int | None]
    payment_grace_days: Mapped[int] = mapped_column(default=0)
    # Which facts are the team's reading rather than the programme's word; pages mark them.
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)
    # In preparation everything may be changed; while it runs what is contractual takes a reason; closed, nothing.
    status: Mapped[str] = mapped_column(String(20), default="running")
    # Counts the changes of the project and of all its plan: forms opened before the last one are stale.
    version: Mapped[int] = mapped_column(default=1)
    # The rows of the project file as last loaded: what has changed in the portal since is not overwritten.
    loaded: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    organisations: Mapped[list["Organisation"]] = relationship(
        back_populates="project", order_by="Organisation.position, Organisation.id", cascade="all, delete-orphan"
    )
    work_packages: Mapped[list["WorkPackage"]] = relationship(
        back_populates="project", order_by="WorkPackage.number", cascade="all, delete-orphan"
    )
    indicators: Mapped[list["Indicator"]] = relationship(
        back_populates="project", order_by="Indicator.position, Indicator.id", cascade="all, delete-orphan"
    )
    periods: Mapped[list["ReportingPeriod"]] = relationship(
        back_populates="project", order_by="ReportingPeriod.number", cascade="all, delete-orphan"
    )


class Organisation(Base):
    """A partner of one project; an associated one has no budget (NULL, not zero)."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("project_code", "key"),
        CheckConstraint("role <> 'associated' OR budget_cents IS NULL", name="associated_without_budget"),
        CheckConstraint("budget_cents >= 0", name="budget"),
        one_of("role", ORGANISATION_ROLES, "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2))
    # What it spends in; budgets and reports are in the project's currency.
    currency: Mapped[str] = mapped_column(String(3))
    budget_cents: Mapped[Cents | None] = mapped_column(CentsType)
    name: Mapped[Texts] = mapped_column(JSON)
    aliases: Mapped[list[str]] = mapped_column(JSON)
    flat_rates: Mapped[dict[str, int]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(300), default="")

    project: Mapped[Project] = relationship(back_populates="organisations")
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="organisation", order_by="Contact.id", cascade="all, delete-orphan"
    )


class Contact(Base):
    """A person to ask at an organisation, as it names them itself; seen by members of the project only."""

    __tablename__ = "contacts"
    __table_args__ = (CheckConstraint("name <> ''", name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    # What they do there: project coordinator, accountant ...
    duty: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="contacts")


class WorkPackage(Base):
    """A numbered part of the project's plan."""

    __tablename__ = "work_packages"
    __table_args__ = (UniqueConstraint("project_code", "number"), CheckConstraint("number > 0", name="number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[Texts] = mapped_column(JSON)

    project: Mapped[Project] = relationship(back_populates="work_packages")
    activities: Mapped[list["Activity"]] = relationship(
        back_populates="work_package", order_by="Activity.position, Activity.id", cascade="all, delete-orphan"
    )


class Activity(Base):
    """What a work package does; `number` is written like 2.4 and is unique in the project."""

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("project_code", "number"),
        CheckConstraint("planned_first_day <= planned_last_day", name="planned_days"),
        CheckConstraint("actual_first_day <= actual_last_day", name="actual_days"),
        one_of("status", ACTIVITY_STATUSES, "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    work_package_id: Mapped[int] = mapped_column(ForeignKey("work_packages.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[Texts] = mapped_column(JSON)
    # The partner who answers for it (NULL: not decided yet).
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"), index=True)
    planned_first_day: Mapped[date | None]
    planned_last_day: Mapped[date | None]
    actual_first_day: Mapped[date | None]
    actual_last_day: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="planned")
    note: Mapped[str] = mapped_column(String(2000), default="")

    work_package: Mapped[WorkPackage] = relationship(back_populates="activities")
    responsible: Mapped[Organisation | None] = relationship()
    deliverables: Mapped[list["Deliverable"]] = relationship(
        back_populates="activity", order_by="Deliverable.position, Deliverable.id", cascade="all, delete-orphan"
    )


class Deliverable(Base):
    """What an activity hands over; `number` is written like D2.4.1 and is unique in the project."""

    __tablename__ = "deliverables"
    __table_args__ = (UniqueConstraint("project_code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[Texts] = mapped_column(JSON)
    due_day: Mapped[date | None]
    delivered_day: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(2000), default="")

    activity: Mapped[Activity] = relationship(back_populates="deliverables")


class Indicator(Base):
    """A row of the outcome table; `measure` is the canonical form that `rules.measures` reads."""

    __tablename__ = "indicators"
    __table_args__ = (UniqueConstraint("project_code", "key"), CheckConstraint("target >= 0", name="target"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[str] = mapped_column(String(40), default="")
    target: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[Texts] = mapped_column(JSON)
    measure: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[Texts] = mapped_column(JSON)

    project: Mapped[Project] = relationship(back_populates="indicators")


class ManualFigure(Base):
    """A figure entered by hand towards an indicator: so many achieved on a day, for a reason, proven or not."""

    __tablename__ = "manual_figures"
    __table_args__ = (CheckConstraint("number >= 0", name="number"), CheckConstraint("reason <> ''", name="reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id", ondelete="RESTRICT"), index=True)
    day: Mapped[date]
    number: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(2000))
    # The file that proves it (NULL: none yet), and the name it came with.
    sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256", ondelete="RESTRICT"), index=True)
    filename: Mapped[str] = mapped_column(String(255), default="")
    # Who entered it, as the audit knows them.
    actor: Mapped[str] = mapped_column(String(254))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    indicator: Mapped[Indicator] = relationship()


class ReportingPeriod(Base):
    """A stretch of days that one report covers; both days belong to it."""

    __tablename__ = "reporting_periods"
    __table_args__ = (UniqueConstraint("project_code", "number"), CheckConstraint("first_day <= last_day", name="days"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    number: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]

    project: Mapped[Project] = relationship(back_populates="periods")


class ProjectVersion(Base):
    """What was agreed from a day on: all the project's rows after a contractual change, with its reason."""

    __tablename__ = "project_versions"
    __table_args__ = (UniqueConstraint("project_code", "number"), CheckConstraint("reason <> ''", name="reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    # 1 is what was agreed when the project began to run.
    number: Mapped[int]
    valid_from: Mapped[date]
    reason: Mapped[str] = mapped_column(String(2000))
    # Who made it, as the audit knows them.
    actor: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Table -> key -> column -> value, as a project file is loaded.
    rows: Mapped[dict[str, Any]] = mapped_column(JSON)
