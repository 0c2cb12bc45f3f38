"""Tables of budgets, expenditure, contracts and exchange rates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.activities.models import Event
from portal.budget.rules.items import ITEM_EVIDENCE_KINDS, ITEM_STATES, LARGEST_ITEM
from portal.budget.rules.lines import CONTRIBUTION_SOURCES
from portal.budget.rules.rates import RATE_SOURCES
from portal.core.db import Base, CentsType, UtcDateTime, one_of
from portal.core.money import Cents, RateMicros
from portal.projects.models import Activity, Organisation, WorkPackage
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

# Compared character by character on every database, whatever language it was set up for.
BY_CHARACTER = String(80).with_variant(String(80, collation="C"), "postgresql")


class BudgetLine(Base):
    """What an organisation may spend in a category, of a work package and in a period where those are stated (0: not).

    Amounts are in the project's currency. A category that is claimed as a flat rate has no lines.
    """

    __tablename__ = "budget_lines"
    __table_args__ = (
        UniqueConstraint("organisation_id", "category", "work_package", "period"),
        one_of("category", REAL_COST_CATEGORIES, "category"),
        CheckConstraint("work_package >= 0 AND period >= 0", name="numbers"),
        CheckConstraint("amount_cents >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"))
    category: Mapped[str] = mapped_column(String(20))
    work_package: Mapped[int] = mapped_column(default=0)
    period: Mapped[int] = mapped_column(default=0)
    amount_cents: Mapped[Cents] = mapped_column(CentsType)
    # The import that wrote the row last; NULL once a person has.
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)

    organisation: Mapped[Organisation] = relationship()


class Contribution(Base):
    """Where an organisation's own part of its budget comes from: so much of its own, national or private money."""

    __tablename__ = "contributions"
    __table_args__ = (
        UniqueConstraint("organisation_id", "source"),
        one_of("source", CONTRIBUTION_SOURCES, "source"),
        CheckConstraint("amount_cents >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"))
    source: Mapped[str] = mapped_column(String(20))
    # Who gives it, in the giver's own words.
    name: Mapped[str] = mapped_column(String(200), default="")
    amount_cents: Mapped[Cents] = mapped_column(CentsType)

    organisation: Mapped[Organisation] = relationship()


class BudgetVersion(Base):
    """The project's budget lines and contributions as they were from a day on, with the reason of the change."""

    __tablename__ = "budget_versions"
    __table_args__ = (UniqueConstraint("project_code", "number"), CheckConstraint("reason <> ''", name="reason"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    number: Mapped[int]
    valid_from: Mapped[date]
    reason: Mapped[str] = mapped_column(String(2000))
    # Who made it, as the audit knows them.
    actor: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The "lines" (organisation key, category, work package, period, cents) and the "contributions" (organisation key,
    # source, name, cents), as lists in the order of the tables.
    rows: Mapped[dict[str, Any]] = mapped_column(JSON)


class ExchangeRate(Base):
    """The Commission's accounting rate of a month: units of the currency for one euro, in millionths."""

    __tablename__ = "exchange_rates"
    __table_args__ = (
        UniqueConstraint("project_code", "currency", "month"),
        CheckConstraint("rate_micros > 0", name="rate"),
        CheckConstraint("length(month) = 7", name="month"),
        one_of("source", RATE_SOURCES, "source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    currency: Mapped[str] = mapped_column(String(3))
    # Written like 2026-07.
    month: Mapped[str] = mapped_column(String(7))
    rate_micros: Mapped[RateMicros] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(20))
    # Who entered it, as the audit knows them.
    actor: Mapped[str] = mapped_column(String(254), default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1)


class Contract(Base):
    """What an organisation has agreed with a supplier; items of expenditure name it by its reference."""

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "reference"),
        CheckConstraint("reference <> ''", name="reference"),
        CheckConstraint("amount_cents >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"))
    reference: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300))
    signed_on: Mapped[date | None]
    amount_cents: Mapped[Cents] = mapped_column(CentsType)
    currency: Mapped[str] = mapped_column(String(3))
    supplier: Mapped[str] = mapped_column(String(300), default="")
    vat_number: Mapped[str] = mapped_column(String(40), default="")
    # One to a line, as the programme asks for them.
    beneficial_owners: Mapped[str] = mapped_column(String(2000), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    files: Mapped[list["ContractFile"]] = relationship(
        back_populates="contract", order_by="ContractFile.id", cascade="all, delete-orphan"
    )


class ContractFile(Base):
    """A file that belongs to a contract."""

    __tablename__ = "contract_files"
    __table_args__ = (UniqueConstraint("contract_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256", ondelete="RESTRICT"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    # The number of the account that brought it (0: the command line).
    added_by: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = relationship(back_populates="files")


class ExpenditureItem(Base):
    """A cost that an organisation declares; amounts are in the item's currency, `eur_cents` once its rate is frozen."""

    __tablename__ = "expenditure_items"
    __table_args__ = (
        UniqueConstraint("organisation_id", "internal_reference"),
        CheckConstraint("internal_reference <> ''", name="internal_reference"),
        one_of("category", REAL_COST_CATEGORIES, "category"),
        one_of("state", ITEM_STATES, "state"),
        CheckConstraint("activity_id IS NULL OR work_package_id IS NULL", name="one_place"),
        CheckConstraint("(state = 'open') = (report_number IS NULL) OR state = 'parked'", name="report"),
        CheckConstraint("state NOT IN ('submitted', 'certified') OR eur_cents IS NOT NULL", name="frozen"),
        CheckConstraint("corrects_id <> id", name="corrects_another"),
        CheckConstraint(f"declared_cents BETWEEN -{LARGEST_ITEM} AND {LARGEST_ITEM}", name="declared"),
        Index("ix_expenditure_items_order", "organisation_id", "order_key"),
        # What sums are taken from, so that adding up reads the index alone.
        Index(
            "ix_expenditure_items_sums",
            "organisation_id", "state", "category", "currency", "order_key", "declared_cents", "eur_cents",
        ),
        # How many items are frozen at a rate is counted from the index alone.
        Index("ix_expenditure_items_rates", "organisation_id", "rate_month", "currency"),
        Index("ix_expenditure_items_invoice", "project_code", "invoice_key"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    project_code: Mapped[str] = mapped_column(ForeignKey("projects.code", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"))
    internal_reference: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(20))
    # Stated only where no activity is: an activity has its work package.
    work_package_id: Mapped[int | None] = mapped_column(ForeignKey("work_packages.id", ondelete="RESTRICT"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id", ondelete="RESTRICT"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id", ondelete="RESTRICT"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id", ondelete="RESTRICT"), index=True)
    supplier: Mapped[str] = mapped_column(String(300), default="")
    supplier_tax_number: Mapped[str] = mapped_column(String(40), default="")
    invoice_number: Mapped[str] = mapped_column(String(100), default="")
    invoice_date: Mapped[date | None]
    payment_date: Mapped[date | None]
    description: Mapped[str] = mapped_column(String(2000))
    invoice_total_cents: Mapped[Cents | None] = mapped_column(CentsType)
    vat_cents: Mapped[Cents | None] = mapped_column(CentsType)
    declared_cents: Mapped[Cents] = mapped_column(CentsType)
    currency: Mapped[str] = mapped_column(String(3))
    # The certified item that this one corrects.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("expenditure_items.id", ondelete="RESTRICT"), index=True)
    # What `rules.items` makes of the columns above, so that the database can compare.
    order_key: Mapped[str] = mapped_column(BY_CHARACTER)
    tax_key: Mapped[str] = mapped_column(String(310), default="")
    name_key: Mapped[str] = mapped_column(String(310), default="")
    invoice_key: Mapped[str] = mapped_column(String(310), default="")
    # What its report has made of it, set when that is submitted, controlled and certified.
    state: Mapped[str] = mapped_column(String(20), default="open")
    report_number: Mapped[int | None]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rate_micros: Mapped[RateMicros | None] = mapped_column(BigInteger)
    rate_month: Mapped[str] = mapped_column(String(7), default="")
    rate_source: Mapped[str] = mapped_column(String(20), default="")
    eur_cents: Mapped[Cents | None] = mapped_column(CentsType)
    certified_cents: Mapped[Cents | None] = mapped_column(CentsType)
    # The number of the account that entered it (0: the command line): it never controls the item.
    entered_by: Mapped[int] = mapped_column(default=0)
    # The import that wrote the row last; NULL once a person has.
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    work_package: Mapped[WorkPackage | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    event: Mapped[Event | None] = relationship()
    contract: Mapped[Contract | None] = relationship()
    corrects: Mapped["ExpenditureItem | None"] = relationship(remote_side="ExpenditureItem.id")
    evidence: Mapped[list["ItemEvidence"]] = relationship(
        back_populates="item", order_by="ItemEvidence.id", cascade="all, delete-orphan"
    )


class ItemEvidence(Base):
    """A file that proves an item of expenditure."""

    __tablename__ = "item_evidence"
    __table_args__ = (UniqueConstraint("item_id", "sha256"), one_of("kind", ITEM_EVIDENCE_KINDS, "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("expenditure_items.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256", ondelete="RESTRICT"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    # The number of the account that brought it (0: the command line).
    added_by: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[ExpenditureItem] = relationship(back_populates="evidence")


class EvidenceBatch(Base):
    """Files that were dropped at once for an organisation's items, and what became of each."""

    __tablename__ = "evidence_batches"
    __table_args__ = (Index("ix_evidence_batches_organisation_id_id", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="RESTRICT"))
    added_by: Mapped[int] = mapped_column(default=0)
    actor: Mapped[str] = mapped_column(String(254), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # [{"name", "reference" (null: none fits), "outcome"}], in the order of the files.
    outcomes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    organisation: Mapped[Organisation] = relationship()
