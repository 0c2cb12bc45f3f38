"""How items of expenditure enter the audit: their facts, and of what staff are paid for only that it changed."""

from typing import Any, NamedTuple

from portal.audit.services import Subject
from portal.budget.models import ExpenditureItem
from portal.budget.rules.drafts import ItemDraft
from portal.budget.rules.masking import SALARIES, naming_of
from portal.core.money import Cents, decimal_text


class Named(NamedTuple):
    """The names of what an item belongs to and refers to; None where it does not."""

    organisation: str
    work_package: int | None
    activity: str | None
    event: str | None
    contract: str | None
    corrects: str | None


def item_subject(item: ExpenditureItem) -> Subject:
    """The item as the audit knows it: references are unique in an organisation only."""
    label = f"{item.organisation.key} {item.internal_reference}"
    return Subject("item", item.id, label, item.project_code)


def item_columns(item: ExpenditureItem, *, sensitive: bool = False) -> dict[str, Any]:
    """The item's facts as the audit compares them; `sensitive` as in `stated_columns`."""
    named = Named(
        item.organisation.key,
        item.work_package.number if item.work_package else None,
        item.activity.number if item.activity else None,
        item.event.ref if item.event else None,
        item.contract.reference if item.contract else None,
        item.corrects.internal_reference if item.corrects else None,
    )
    return stated_columns(item, named, sensitive=sensitive)


def stated_columns(item: ExpenditureItem | ItemDraft, named: Named, *, sensitive: bool = False) -> dict[str, Any]:
    """What is stated of the item, with the names of what it refers to, as the audit compares it.

    What may name a person stands under one name that the audit keeps no values of, for items of staff and where
    `sensitive` says so: an item that was of staff before a change, or is after it.
    """
    facts = {
        "internal_reference": item.internal_reference,
        "organisation": named.organisation,
        "category": item.category,
        "work_package": named.work_package,
        "activity": named.activity,
        "event": named.event,
        "contract": named.contract,
        "invoice_date": item.invoice_date,
        "payment_date": item.payment_date,
        "invoice_total": _amount(item.invoice_total_cents),
        "vat": _amount(item.vat_cents),
        "declared_amount": _amount(item.declared_cents),
        "currency": item.currency,
        "corrects": named.corrects,
    }
    naming = {name: value or None for name, value in naming_of(item)._asdict().items()}
    if sensitive or item.category == SALARIES:
        return {**facts, "salary_details": naming if any(naming.values()) else None}
    return {**facts, **naming}


def _amount(cents: Cents | None) -> str | None:
    return None if cents is None else decimal_text(cents)
