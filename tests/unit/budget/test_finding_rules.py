"""What is found in an item by itself: every row of the table of findings, and what it excepts."""

from datetime import date
from typing import Any

import pytest

from portal.budget.rules.facts import LatestRate
from portal.budget.rules.findings import AT_SUBMISSION, SEVERITIES, judge
from tests.unit.budget.registers import codes, make_item, make_partner, make_register


def found_in(partner: Any = None, **changes: Any) -> list[str]:
    return codes([make_item(**changes)], *([partner] if partner else []))[1]


def test_an_ordinary_item_has_nothing_wrong():
    assert codes([make_item()]) == {1: []}


@pytest.mark.parametrize(
    ("stated", "case", "column", "day", "limit"),
    [
        ({"invoice_date": date(2025, 12, 31)}, "invoice_early", "invoice_date", "2025-12-31", "2026-01-01"),
        ({"payment_date": date(2025, 12, 31)}, "payment_early", "payment_date", "2025-12-31", "2026-01-01"),
        ({"invoice_date": date(2027, 1, 1)}, "invoice_late", "invoice_date", "2027-01-01", "2026-12-31"),
        ({"payment_date": date(2027, 1, 31)}, "payment_late", "payment_date", "2027-01-31", "2027-01-30"),
        (
            {"category": "staff", "payment_date": date(2025, 12, 1)},
            "payment_early",
            "payment_date",
            "2025-12-01",
            "2026-01-01",
        ),
    ],
)
def test_a_day_outside_the_project_is_named_with_its_limit(stated, case, column, day, limit):
    register = make_register([make_item(**stated)], today=date(2027, 6, 1))
    outside = next(each for each in judge(register)[1] if each.code == "outside-window")
    assert (outside.severity, outside.column) == ("blocks", column)
    assert outside.values["case"] == case
    assert (str(outside.values["day"]), str(outside.values["limit"])) == (day, limit)


@pytest.mark.parametrize(
    "stated",
    [
        {"invoice_date": date(2026, 1, 1), "payment_date": date(2026, 1, 1)},
        {"invoice_date": date(2026, 12, 31), "payment_date": date(2027, 1, 30)},
        {"category": "staff", "invoice_date": date(2025, 12, 31), "payment_date": date(2026, 1, 5)},
        {"category": "staff", "invoice_date": date(2027, 1, 5), "payment_date": date(2027, 1, 30)},
    ],
)
def test_the_first_and_the_last_day_and_the_days_of_grace_are_within_and_of_staff_the_payment_decides(stated):
    later = codes([make_item(**stated)], today=date(2027, 6, 1))
    assert later == {1: []}


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ({"payment_date": date(2026, 3, 9)}, ["paid-before-invoice"]),
        ({"payment_date": date(2026, 3, 10)}, []),
        ({"payment_date": None}, ["unpaid"]),
        ({"payment_date": date(2026, 11, 20)}, []),
        ({"payment_date": date(2026, 11, 21)}, ["future-date"]),
        ({"invoice_date": date(2026, 11, 21), "payment_date": date(2026, 11, 22)}, ["future-date"]),
        ({"declared": 100_01}, ["declared-above-invoice"]),
        ({"declared": -100_01, "invoice_total": -100_00}, ["declared-above-invoice"]),
        ({"declared": -100_00, "invoice_total": -100_00}, []),
        ({"declared": -100_00, "invoice_total": 50_00}, []),
        ({"declared": 1, "invoice_total": 0}, ["declared-above-invoice"]),
        ({"invoice_total": None}, []),
        ({"has_evidence": False}, ["no-evidence"]),
        ({"has_evidence": False, "category": "staff"}, ["no-evidence"]),
        ({"currency": "SEK", "eur": 9_00, "is_frozen": True}, ["currency"]),
        ({"currency": "SEK", "eur": None}, ["currency", "missing-rate"]),
        ({"organisation": "ols", "currency": "PLN", "eur": 23_49}, []),
        ({"organisation": "ols", "currency": "EUR"}, []),
    ],
)
def test_each_fact_of_an_item_is_held_against_its_rule(stated: dict[str, Any], found: list[str]):
    assert found_in(**stated) == found


def test_an_associated_partner_declares_nothing():
    assert found_in(make_partner(is_associated=True, budget=None)) == ["not-associated"]


@pytest.mark.parametrize(
    ("categories", "found"),
    [
        ({}, []),
        ({"external": 1_000_00}, []),
        ({"travel": 1_000_00}, ["category-not-budgeted"]),
        ({"travel": 1_000_00, "external": 0}, ["over-category"]),
    ],
)
def test_a_category_without_budget_is_named_only_where_there_are_lines(categories, found):
    assert found_in(make_partner(categories=categories)) == found


@pytest.mark.parametrize(
    ("rates", "category", "found"),
    [
        ({"office_on_staff": 15}, "office", ["flat-rate-category"]),
        ({"office_on_staff": 15}, "travel", ["over-category"]),
        ({"office_on_staff": 15}, "external", ["category-not-budgeted"]),
        ({"other_on_staff": 40}, "travel", ["flat-rate-category"]),
        ({"other_on_staff": 40}, "staff", []),
    ],
)
def test_a_flat_category_takes_no_real_cost_and_nothing_else_is_said_of_its_budget(rates, category, found):
    partner = make_partner(flat_rates=rates, categories={"staff": 900_00, "office": 100_00, "travel": 0})
    assert found_in(partner, category=category) == found


@pytest.mark.parametrize(
    ("rates", "frozen", "case"),
    [
        ({}, False, "none"),
        ({"PLN": LatestRate("2026-07", 4_000_000)}, False, "month"),
        ({"PLN": LatestRate("2026-11", 4_000_000)}, False, None),
        ({}, True, None),
    ],
)
def test_the_rate_of_the_month_is_missing_until_the_rate_of_the_item_is_frozen(rates, frozen, case):
    item = make_item(organisation="ols", currency="PLN", eur=23_49, is_frozen=frozen)
    found = judge(make_register([item], rates=rates))[1]
    assert [(each.code, each.values["case"], each.blocks_submission) for each in found] == (
        [("missing-rate", case, True)] if case else []
    )
    if case == "month":
        assert (found[0].values["month"], found[0].values["latest"]) == ("2026-11", "2026-07")


def test_of_staff_another_file_is_missing():
    cases = [
        judge(make_register([make_item(category=category, has_evidence=False)]))[1][0].values.get("case")
        for category in ("staff", "travel")
    ]
    assert cases == ["staff", None]


def test_what_is_worst_comes_first_and_what_blocks_later_before_what_only_warns():
    item = make_item(
        payment_date=None, invoice_date=date(2025, 12, 1), has_evidence=False, category="travel", declared=200_00
    )
    found = judge(make_register([item], make_partner(categories={"external": 1})))[1]
    assert [(each.code, each.severity, each.blocks_submission) for each in found] == [
        ("outside-window", "blocks", False),
        ("declared-above-invoice", "blocks", False),
        ("unpaid", "warns", True),
        ("no-evidence", "warns", True),
        ("category-not-budgeted", "warns", False),
    ]


def test_severities_are_those_of_the_table():
    warns = {
        "paid-before-invoice",
        "unpaid",
        "category-not-budgeted",
        "over-category",
        "no-evidence",
        "missing-rate",
        "contract-overrun",
    }
    assert {code for code, severity in SEVERITIES.items() if severity == "warns"} == warns
    assert sorted(AT_SUBMISSION) == ["missing-rate", "no-evidence", "unpaid"]


def test_only_those_asked_for_are_judged_but_all_are_looked_at():
    items = [make_item(1, number="A-1"), make_item(2, number="a 01"), make_item(3)]
    found = judge(make_register(items, rates={"PLN": LatestRate("2026-10", 4_000_000)}), only={2, 3})
    assert {key: [each.code for each in findings] for key, findings in found.items()} == {
        2: ["duplicate-invoice"],
        3: [],
    }
