"""Findings read from the database: some items by themselves say what they say in the whole register."""

from datetime import date
from random import Random

import pytest
from flask_babel import force_locale

from portal.budget.models import BudgetLine, Contract, ExchangeRate
from portal.budget.queries.budgets import category_budgets
from portal.budget.queries.contracts import OVERRUN, ContractFilter, list_contracts, read_contract
from portal.budget.queries.findings import findings_of, load_register
from portal.budget.queries.items import get_item, list_parts
from portal.budget.queries.waiting import find_unfinished
from portal.budget.rules.findings import Finding, judge
from portal.budget.wording import said
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.projects.queries import get_project
from portal.reports.queries.budget import budget_table
from portal.reports.shapes import budget_shape
from tests.conftest import NOW
from tests.integration.budget.findings import fill_register
from tests.make import PROJECT, make_item, make_other_project, make_project, noted_queries

TODAY = NOW.date()


@pytest.mark.parametrize("seed", range(12))
def test_some_items_say_by_themselves_what_they_say_in_the_whole_register(in_app, seed: int):
    random = Random(seed)
    make_project()
    ids = fill_register(random, random.choice([5, 60, 200]))
    whole = judge(load_register(PROJECT, TODAY))
    assert whole.keys() == set(ids)
    for size in (1, 1, 1, 2, 30, 100):
        some = random.sample(ids, min(size, len(ids)))
        assert findings_of(PROJECT, some, TODAY) == {key: whole[key] for key in some}


def test_the_random_registers_hold_every_finding_that_looks_at_other_items(in_app):
    make_project()
    fill_register(Random(2), 200)
    found = {each.code for findings in judge(load_register(PROJECT, TODAY)).values() for each in findings}
    assert found >= {"over-category", "over-partner", "contract-overrun", "duplicate-invoice"}


def test_the_register_is_read_with_places_evidence_and_euro(in_app):
    make_project()
    first = make_item("ols", "K-1", activity="2.4", declared_cents=1_000_00)
    second = make_item("lps", "K-2", work_package=1)
    register = load_register(PROJECT, TODAY)
    assert [each.key for each in register.items] == [first, second]
    place = [(each.organisation, each.work_package, each.activity, each.eur) for each in register.items]
    assert place == [("ols", 2, "2.4", None), ("lps", 1, "", 100_00)]
    assert (register.flexibility_scope, register.flexibility, register.is_assumed) == ("category", 20_00, True)
    assert (register.first_day, register.last_day) == (date(2026, 1, 1), date(2027, 12, 31))


def test_items_of_another_project_are_neither_found_nor_compared(in_app):
    make_project()
    other = make_other_project()
    theirs = make_item("lps", "K-1", project_code=other)
    ours = make_item("lps", "K-1")
    assert findings_of(PROJECT, [theirs], TODAY) == {}
    assert "duplicate-invoice" not in {each.code for each in findings_of(PROJECT, [ours], TODAY)[ours]}
    with pytest.raises(NotFound):
        findings_of("LTPL00000", [ours], TODAY)


@pytest.mark.parametrize("asked", [1, 100])
def test_the_number_of_statements_stays_the_same(app, asked: int):
    counts = []
    for items in (100, 200):
        with app.app_context():
            if items == 100:
                make_project()
                ids = fill_register(Random(3), items)
            else:
                ids += [make_item("ols", f"N-{number}", contract_id=1) for number in range(items)]
        with noted_queries(app) as statements, app.app_context():
            findings_of(PROJECT, ids[:asked], TODAY)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 15


def test_a_contract_is_exceeded_alike_in_the_list_on_its_page_and_in_the_findings(in_app):
    make_project()
    with transaction() as session:
        partner = next(each for each in get_project(PROJECT).organisations if each.key == "lps")
        stated = {"organisation": partner, "name": "Catering", "created_at": NOW, "updated_at": NOW}
        contracts = [
            Contract(reference=reference, amount_cents=cents, currency=currency, **stated)
            for reference, cents, currency in [("A", 99_99, "EUR"), ("B", 100_00, "EUR"), ("C", 99_99, "SEK")]
        ]
        session.add_all(contracts)
        session.flush()
        ids = {each.reference: each.id for each in contracts}
    # EUR 100.00 of A and B, SEK 100.00 of C; and of each something at a rate that nobody knows.
    for reference, currency, other in [("A", "EUR", "SEK"), ("B", "EUR", "SEK"), ("C", "SEK", "PLN")]:
        named = {"contract_id": ids[reference], "invoice_number": ""}
        make_item("lps", f"{reference}-1", currency=currency, **named)
        make_item("lps", f"{reference}-2", currency=other, **named)
    register = load_register(PROJECT, TODAY)
    judged = judge(register)
    found = {each.reference[0] for each in register.items if "contract-overrun" in codes(judged[each.key])}
    listed = list_contracts(PROJECT, None, ContractFilter(state=OVERRUN), TODAY)
    assert {each.row.reference for each in listed} == found == {"A", "C"}
    keys = [each.key for each in register.items]
    assert findings_of(PROJECT, keys, TODAY) == judged
    assert read_contract(listed[0].row, TODAY).standing.is_overrun


def test_the_rate_of_the_month_is_missing_alike_in_the_findings_and_in_what_waits(in_app):
    make_project()
    item_id = make_item("ols")
    for month, case in [("2026-07", "month"), (f"{TODAY:%Y-%m}", None)]:
        with transaction() as session:
            rate = {"currency": "PLN", "month": month, "rate_micros": 4_256_300, "source": "hand", "entered_at": NOW}
            session.add(ExchangeRate(project_code=PROJECT, **rate))
        findings = [each for each in findings_of(PROJECT, [item_id], TODAY)[item_id] if each.code == "missing-rate"]
        assert [each.values["case"] for each in findings] == ([case] if case else [])
        assert find_unfinished(PROJECT, None, TODAY).unrated == (("PLN",) if case else ())
        if case:
            with force_locale("en"):
                assert said(findings[0]).message == (
                    "The exchange rate of PLN for November 2026 is not known yet; amounts in euro are shown at that of "
                    "July 2026. Import it before the report is submitted."
                )


def test_a_category_has_a_budget_where_it_has_a_line_if_only_of_nothing(in_app):
    make_project()
    with transaction() as session:
        partner = next(each for each in get_project(PROJECT).organisations if each.key == "lps")
        partner.flat_rates = {"office_on_staff": 15}
        for category, cents in [("staff", 100_00), ("travel", 0), ("office", 7_00)]:
            session.add(BudgetLine(organisation=partner, category=category, amount_cents=cents))
    assert category_budgets(PROJECT) == {"lps": {"staff": 100_00, "office": 15_00, "travel": 0}}
    shape = next(each for each in budget_shape(budget_table(PROJECT))["partners"] if each["organisation"] == "lps")
    assert {each["category"]: each["budget"] for each in shape["categories"]} == {
        "staff": "100.00", "office": "15.00", "travel": "0.00",
        "external": None, "equipment": None, "infrastructure": None,
    }  # fmt: skip
    items = [make_item("lps", f"K-{place}", category=each) for place, each in enumerate(["travel", "external"])]
    found = findings_of(PROJECT, items, TODAY)
    assert [codes(found[each]) & {"over-category", "category-not-budgeted"} for each in items] == [
        {"over-category"},
        {"category-not-budgeted"},
    ]


def test_the_same_invoice_with_and_without_a_tax_number_is_shown_as_parts_of_it(in_app):
    make_project()
    invoice = {"supplier": "Caterer", "invoice_number": "FV 1"}
    first = make_item("lps", "K-1", supplier_tax_number="LT 1", **invoice)
    second = make_item("lps", "K-2", supplier_tax_number="", **invoice)
    third = make_item("lps", "K-3", supplier_tax_number="LT2", **invoice)
    parts = {each: [part.id for part in list_parts(get_item(PROJECT, each))] for each in (first, second, third)}
    assert parts == {first: [second], second: [first, third], third: [second]}
    assert all("duplicate-invoice" in codes(some) for some in findings_of(PROJECT, [first, third], TODAY).values())


def codes(findings: list[Finding]) -> set[str]:
    return {each.code for each in findings}
