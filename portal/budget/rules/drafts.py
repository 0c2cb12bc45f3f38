"""An item of expenditure as someone states it, on a page or in a file, and what of that cannot be stored.

Only what cannot be read or is not known is refused; whatever else is wrong with an item is a finding.
"""

import unicodedata
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from portal.budget.rules.items import EDITABLE_STATES, LARGEST_ITEM, invoice_key, name_key, order_key, tax_key
from portal.budget.rules.masking import SALARIES
from portal.core.errors import Conflict, InvalidInputs, Problem
from portal.core.money import Cents, decimal_text
from portal.core.periods import FIRST_YEAR, LAST_YEAR
from portal.projects.rules.vocabulary import CURRENCIES, REAL_COST_CATEGORIES

# How long the texts of an item may be.
LONGEST: Final[Mapping[str, int]] = {
    "internal_reference": 60,
    "supplier": 300,
    "supplier_tax_number": 40,
    "invoice_number": 100,
    "description": 2000,
}

# What an item of staff has none of, as nobody sends an invoice for a salary: columns of a file, which are fields of the
# form, and what each is called in a draft. Source: rules of the domain 2.
NOT_OF_STAFF: Final[Mapping[str, str]] = {
    "supplier": "supplier",
    "supplier_tax_number": "supplier_tax_number",
    "invoice_number": "invoice_number",
    "invoice_date": "invoice_date",
    "vat": "vat_cents",
    "contract": "contract_id",
}


class ItemDraft(NamedTuple):
    """What is stated of an item: its columns in the order of the table; '' and None are not stated."""

    internal_reference: str
    category: str
    work_package_id: int | None
    activity_id: int | None
    event_id: int | None
    contract_id: int | None
    supplier: str
    supplier_tax_number: str
    invoice_number: str
    invoice_date: date | None
    payment_date: date | None
    description: str
    invoice_total_cents: Cents | None
    vat_cents: Cents | None
    declared_cents: Cents
    currency: str
    corrects_id: int | None


class Keys(NamedTuple):
    """What the database compares items by."""

    order_key: str
    tax_key: str
    name_key: str
    invoice_key: str


class Known(NamedTuple):
    """What a draft may name, by ids: the project's work packages, activities and events, the organisation's contracts
    and those of its items that may be corrected.

    `activities` is activity -> work package, `events` is event -> activity.
    """

    work_packages: Container[int]
    activities: Mapping[int, int]
    events: Mapping[int, int]
    contracts: Container[int]
    corrigible: Container[int]


def keys_of(draft: ItemDraft) -> Keys:
    """The keys of the item: where it stands among others, and what tells its supplier and its invoice from others."""
    return Keys(
        order_key(draft.internal_reference, draft.invoice_date, draft.payment_date),
        tax_key(draft.supplier_tax_number),
        name_key(draft.supplier),
        invoice_key(draft.invoice_number),
    )


def check_draft(
    draft: ItemDraft, known: Known, *, taken: Container[str] = (), stored: ItemDraft | None = None
) -> ItemDraft:
    """The draft as it is stored: with the activity of its event, no work package beside an activity, and without what
    its category has not.

    `taken` are the references of the organisation's other items. `stored` is how the item was before: places that stay
    as they were are not held against each other, since a plan changes around what is stored. Raise InvalidInputs with
    everything that is wrong; each problem stands at the column of an import file.
    """
    draft = fitted(draft)
    problems = [*draft_problems(draft), *place_problems(draft, known, stored)]
    if draft.internal_reference in taken:
        problems.insert(0, reference_taken(draft.internal_reference))
    if problems:
        raise InvalidInputs(problems)
    activity_id = draft.activity_id or (known.events[draft.event_id] if draft.event_id else None)
    work_package_id = None if activity_id else draft.work_package_id
    return draft._replace(activity_id=activity_id, work_package_id=work_package_id)


def fitted(draft: ItemDraft) -> ItemDraft:
    """The draft without what items of its category have none of, whatever is stated there."""
    if draft.category != SALARIES:
        return draft
    nothing: dict[str, Any] = {name: "" if name in LONGEST else None for name in NOT_OF_STAFF.values()}
    return draft._replace(**nothing)


def check_editable(state: str, reference: str) -> None:
    """Raise Conflict if an item in this state has been submitted to the controller."""
    if state not in EDITABLE_STATES:
        raise Conflict("item-fixed", reference=reference)


def check_corrigible(state: str, reference: str) -> None:
    """Raise Conflict if an item in this state is not certified, so that nothing corrects it."""
    if state != "certified":
        raise Conflict("item-correction-early", reference=reference)


def reference_taken(reference: str) -> Problem:
    """That another item of the organisation has the reference."""
    return Problem("item-reference-taken", "internal_reference", {"value": reference})


def draft_problems(draft: ItemDraft) -> Iterator[Problem]:
    """What is wrong with the draft whatever the project, in the order of the columns."""
    yield from _reference_problems(draft.internal_reference)
    if draft.category not in REAL_COST_CATEGORIES:
        yield Problem("unknown-value", "category", {"value": draft.category, "allowed": REAL_COST_CATEGORIES})
    for where in ("supplier", "supplier_tax_number", "invoice_number"):
        yield from _text_problems(where, getattr(draft, where))
    for where in ("invoice_date", "payment_date"):
        yield from _day_problems(where, getattr(draft, where))
    yield from _description_problems(draft.description)
    amounts = {"invoice_total": draft.invoice_total_cents, "vat": draft.vat_cents}
    for where, amount in {**amounts, "declared_amount": draft.declared_cents}.items():
        if amount is not None and abs(amount) > LARGEST_ITEM:
            yield Problem("item-amount-too-large", where, {"most": decimal_text(Cents(LARGEST_ITEM))})
    if draft.currency not in CURRENCIES:
        allowed = sorted(CURRENCIES)
        yield Problem("unknown-currency", "currency", {"value": draft.currency, "allowed": allowed})


def place_problems(draft: ItemDraft, known: Known, stored: ItemDraft | None = None) -> Iterator[Problem]:
    """What the draft names that is not there, or, unless it is `stored` so, that does not belong together."""
    if draft.work_package_id is not None and draft.work_package_id not in known.work_packages:
        yield Problem("item-work-package-unknown", "work_package")
    if draft.activity_id is not None and draft.activity_id not in known.activities:
        yield Problem("item-activity-unknown", "activity")
    if draft.event_id is not None and draft.event_id not in known.events:
        yield Problem("item-event-unknown", "event")
    if draft.contract_id is not None and draft.contract_id not in known.contracts:
        yield Problem("item-contract-unknown", "contract")
    if draft.corrects_id is not None and draft.corrects_id not in known.corrigible:
        yield Problem("item-corrects", "corrects")
    if stored is None or _places(draft) != _places(stored):
        yield from _fit_problems(draft, known)


def _places(draft: ItemDraft) -> tuple[int | None, int | None, int | None]:
    return draft.work_package_id, draft.activity_id, draft.event_id


def _fit_problems(draft: ItemDraft, known: Known) -> Iterator[Problem]:
    """Where the event, the activity and the work package contradict each other."""
    of_event = known.events.get(draft.event_id) if draft.event_id else None
    if of_event and draft.activity_id in known.activities and draft.activity_id != of_event:
        yield Problem("item-event-of-another-activity", "event")
        return
    activity_id = draft.activity_id or of_event
    package_id = known.activities.get(activity_id) if activity_id else None
    if package_id and draft.work_package_id is not None and draft.work_package_id != package_id:
        yield Problem("item-activity-of-another-package", "activity" if draft.activity_id else "event")


def _reference_problems(reference: str) -> Iterator[Problem]:
    if not reference.strip():
        yield Problem("item-reference-missing", "internal_reference")
    yield from _text_problems("internal_reference", reference)


def _description_problems(text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem("item-description-missing", "description")
    # It may have several lines.
    yield from _text_problems("description", text, also="\n\t")


def _text_problems(where: str, text: str, also: str = "") -> Iterator[Problem]:
    if len(text) > LONGEST[where]:
        yield Problem("text-too-long", where, {"limit": LONGEST[where]})
    # Nearly every text is printable, and that is quickly seen.
    if not text.isprintable() and any(unicodedata.category(each) == "Cc" and each not in also for each in text):
        yield Problem("text-unprintable", where)


def _day_problems(where: str, day: date | None) -> Iterator[Problem]:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield Problem("date-out-of-range", where, {"first": FIRST_YEAR, "last": LAST_YEAR})
