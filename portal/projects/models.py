"""Tables of projects: what the application form and the agreement state."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, CentsType, one_of
from portal.core.money import Cents
from portal.projects.rules.vocabulary import ORGANISATION_ROLES

Texts = dict[str, str]


class Project(Base):
    """A project; texts are kept per language, the cofinancing rate in basis points."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("cofinancing_rate_bp BETWEEN 0 AND 10000", name="cofinancing_rate"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("payment_grace_days >= 0", name="payment_grace_days"),
        one_of("flexibility_scope", ("", "category", "partner"), "flexibility_scope"),
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

    project: Mapped[Project] = relationship(back_populates="organisations")


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
    __table_args__ = (UniqueConstraint("project_code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    work_package_id: Mapped[int] = mapped_column(ForeignKey("work_packages.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[Texts] = mapped_column(JSON)

    work_package: Mapped[WorkPackage] = relationship(back_populates="activities")


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
