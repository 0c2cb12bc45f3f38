"""What the page of an item of expenditure shows besides its facts."""

from datetime import date
from typing import NamedTuple

from portal.activities.queries import list_evidence
from portal.activities.rules.evidence import ATTENDANCE_KINDS
from portal.audit.queries import AuditFilter, list_entries
from portal.audit.rules import Entry
from portal.budget.queries.items import ItemRow, list_corrections, list_parts
from portal.budget.queries.preview import applied_rate, eur_of, latest_rates
from portal.budget.rules.items import EDITABLE_STATES
from portal.core.money import Cents, RateMicros


class Euro(NamedTuple):
    """What an item comes to in euro cents (None: no rate is known), at which rate of which month's first day.

    `rate` is None for what is in euro; `is_frozen` once the item's report has been submitted.
    """

    amount: Cents | None
    rate: RateMicros | None
    month: date | None
    is_frozen: bool


class Parts(NamedTuple):
    """The other items of the same invoice, and what they come to with this one; None in several currencies."""

    others: list[ItemRow]
    total: Cents | None


class ItemPage(NamedTuple):
    """An item with what belongs to it; `history` is the latest of its `history_total` entries, latest first."""

    row: ItemRow
    is_editable: bool
    euro: Euro
    parts: Parts
    corrections: list[ItemRow]
    is_event_proven: bool
    history: list[Entry]
    history_total: int


def read_item(row: ItemRow, *, zone: str, today: date, reader: int) -> ItemPage:
    """The item's page, as of today and for the account `reader`; times of its history are those of `zone`."""
    others = list_parts(row)
    same = all(each.currency == row.currency for each in others)
    total = Cents(row.declared_cents + sum(each.declared_cents for each in others)) if same else None
    event = list_evidence(row.event_id) if row.event_id else []
    history = list_entries(row.project_code, AuditFilter(kind="item", subject_id=row.id), zone=zone, reader=reader)
    return ItemPage(
        row=row,
        is_editable=row.state in EDITABLE_STATES,
        euro=_euro(row, today),
        parts=Parts(others, total),
        corrections=list_corrections(row.id),
        is_event_proven=any(each.row.kind in ATTENDANCE_KINDS for each in event),
        history=history.entries,
        history_total=history.total,
    )


def _euro(row: ItemRow, today: date) -> Euro:
    """Frozen as it was, else a preview at the latest rate of a month that has begun."""
    rates = latest_rates(row.project_code, today) if row.eur_cents is None else {}
    applied = applied_rate(row.currency, row.eur_cents, (row.rate_micros, row.rate_month), rates)
    amount = eur_of(row.declared_cents, row.currency, row.eur_cents, rates)
    return Euro(amount, applied.rate, _first_day(applied.month), is_frozen=row.eur_cents is not None)


def _first_day(month: str) -> date | None:
    return date.fromisoformat(f"{month}-01") if month else None
