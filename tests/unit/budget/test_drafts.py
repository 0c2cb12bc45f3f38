"""What of an item of expenditure cannot be stored, and how the rest is."""

from datetime import date
from typing import Any

import pytest

from portal.budget.rules.drafts import ItemDraft, Known, check_draft, check_editable
from portal.budget.rules.items import ITEM_STATES, LARGEST_ITEM
from portal.core.errors import Conflict, InvalidInputs
from portal.core.money import Cents

DRAFT = ItemDraft(
    internal_reference="K-1",
    category="external",
    work_package_id=None,
    activity_id=None,
    event_id=None,
    contract_id=None,
    supplier="Catering and Sons",
    supplier_tax_number="",
    invoice_number="",
    invoice_date=None,
    payment_date=None,
    description="Catering",
    invoice_total_cents=None,
    vat_cents=None,
    declared_cents=Cents(100_00),
    currency="EUR",
    corrects_id=None,
)
# Work packages 1 and 2; activity 11 of the first, 21 and 22 of the second; event 5 of activity 21.
KNOWN = Known({1, 2}, {11: 1, 21: 2, 22: 2}, {5: 21}, {7}, {9})


def refused(**changes: Any) -> list[tuple[str, str]]:
    """Code and field of what is wrong with the draft after the changes."""
    with pytest.raises(InvalidInputs) as error:
        check_draft(DRAFT._replace(**changes), KNOWN, taken=["K-2"])
    return [(each.code, each.where) for each in error.value.problems]


def placed(**changes: Any) -> tuple[int | None, int | None, int | None]:
    """Work package, activity and event of the draft as it is stored."""
    return check_draft(DRAFT._replace(**changes), KNOWN)[2:5]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"internal_reference": ""}, "item-reference-missing", "internal_reference"),
        ({"internal_reference": "  "}, "item-reference-missing", "internal_reference"),
        ({"internal_reference": "x" * 61}, "text-too-long", "internal_reference"),
        ({"internal_reference": "K\x00"}, "text-unprintable", "internal_reference"),
        ({"internal_reference": "K-2"}, "item-reference-taken", "internal_reference"),
        ({"category": "other"}, "unknown-value", "category"),
        ({"category": ""}, "unknown-value", "category"),
        ({"supplier": "x" * 301}, "text-too-long", "supplier"),
        ({"supplier_tax_number": "x" * 41}, "text-too-long", "supplier_tax_number"),
        ({"invoice_number": "x" * 101}, "text-too-long", "invoice_number"),
        ({"invoice_number": "1\n2"}, "text-unprintable", "invoice_number"),
        ({"description": " "}, "item-description-missing", "description"),
        ({"description": "x" * 2001}, "text-too-long", "description"),
        ({"invoice_date": date(1989, 12, 31)}, "date-out-of-range", "invoice_date"),
        ({"payment_date": date(2200, 1, 1)}, "date-out-of-range", "payment_date"),
        ({"declared_cents": LARGEST_ITEM + 1}, "item-amount-too-large", "declared_amount"),
        ({"declared_cents": -LARGEST_ITEM - 1}, "item-amount-too-large", "declared_amount"),
        ({"invoice_total_cents": LARGEST_ITEM + 1}, "item-amount-too-large", "invoice_total"),
        ({"vat_cents": LARGEST_ITEM + 1}, "item-amount-too-large", "vat"),
        ({"currency": "XXX"}, "unknown-currency", "currency"),
        ({"work_package_id": 3}, "item-work-package-unknown", "work_package"),
        ({"activity_id": 99}, "item-activity-unknown", "activity"),
        ({"event_id": 6}, "item-event-unknown", "event"),
        ({"contract_id": 8}, "item-contract-unknown", "contract"),
        ({"corrects_id": 10}, "item-corrects", "corrects"),
        ({"event_id": 5, "activity_id": 22}, "item-event-of-another-activity", "event"),
        ({"work_package_id": 1, "activity_id": 21}, "item-activity-of-another-package", "activity"),
        ({"work_package_id": 1, "event_id": 5}, "item-activity-of-another-package", "event"),
    ],
)
def test_what_cannot_be_read_or_is_not_known_is_refused_at_its_column(changes: dict[str, Any], code: str, where: str):
    assert refused(**changes) == [(code, where)]


def test_everything_that_is_wrong_is_said_at_once():
    found = refused(internal_reference="", category="x", description="", currency="", event_id=6)
    assert [where for _, where in found] == ["internal_reference", "category", "description", "currency", "event"]


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"declared_cents": Cents(0)},
        {"declared_cents": Cents(-LARGEST_ITEM)},
        {"invoice_total_cents": Cents(1), "vat_cents": Cents(2)},
        {"invoice_date": date(1990, 1, 1), "payment_date": date(2199, 12, 31)},
        {"payment_date": date(2026, 1, 1), "invoice_date": date(2026, 2, 1)},
        {"category": "staff", "supplier": ""},
        {"internal_reference": "x" * 60, "description": "One\nTwo\tThree\u00a0four"},
        {"corrects_id": 9, "contract_id": 7},
    ],
)
def test_what_is_wrong_but_readable_is_stored_for_the_findings(changes: dict[str, Any]):
    assert check_draft(DRAFT._replace(**changes), KNOWN) == DRAFT._replace(**changes)


def test_staff_keep_nothing_of_an_invoice_and_none_of_it_is_refused():
    stated = {"supplier": "x" * 301, "supplier_tax_number": "LT 1", "invoice_number": "\n", "contract_id": 8}
    stated |= {"invoice_date": date(1989, 1, 1), "vat_cents": Cents(21), "invoice_total_cents": Cents(121)}
    kept = check_draft(DRAFT._replace(**stated, category="staff"), KNOWN)
    assert kept == DRAFT._replace(category="staff", supplier="", invoice_total_cents=121)
    assert refused(**{**stated, "category": "travel", "supplier": ""}) == [
        ("text-unprintable", "invoice_number"),
        ("date-out-of-range", "invoice_date"),
        ("item-contract-unknown", "contract"),
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, (None, None, None)),
        ({"work_package_id": 1}, (1, None, None)),
        ({"activity_id": 11}, (None, 11, None)),
        ({"work_package_id": 1, "activity_id": 11}, (None, 11, None)),
        ({"event_id": 5}, (None, 21, 5)),
        ({"event_id": 5, "activity_id": 21}, (None, 21, 5)),
        ({"event_id": 5, "work_package_id": 2}, (None, 21, 5)),
    ],
)
def test_an_event_brings_its_activity_and_an_activity_its_work_package(
    changes: dict[str, Any], place: tuple[int | None, ...]
):
    assert placed(**changes) == place


def test_what_has_been_submitted_changes_no_more():
    fixed = set()
    for state in ITEM_STATES:
        try:
            check_editable(state, "K-1")
        except Conflict:
            fixed.add(state)
    assert fixed == {"submitted", "certified", "parked"}
