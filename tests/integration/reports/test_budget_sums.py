"""What was spent beside the budget: at frozen and preview rates, with flat rates, as of a day, on SQL alone."""

import json
from datetime import date

import pytest

from portal.budget.models import BudgetLine, ExchangeRate, ExpenditureItem
from portal.budget.queries.sums import list_entered
from portal.budget.rules.facts import LatestRate
from portal.core.db import db, transaction
from portal.core.errors import InvalidInput
from portal.core.money import FundSplit
from portal.projects.models import Organisation
from portal.reports.queries.budget import budget_table
from portal.reports.queries.spending import break_down
from tests.conftest import NOW
from tests.make import OTHER_PROJECT, PROJECT, make_item, make_other_project, make_project, noted_queries, run_portal

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _project(app):
    with app.app_context():
        make_project()


def make_rate(month: str, rate: int, project_code: str = PROJECT) -> None:
    with transaction() as session:
        session.add(
            ExchangeRate(
                project_code=project_code, currency="PLN", month=month, rate_micros=rate, source="hand", entered_at=NOW
            )
        )


def set_flat(organisation: str, **rates: int) -> None:
    with transaction() as session:
        session.query(Organisation).where(
            Organisation.project_code == PROJECT, Organisation.key == organisation
        ).one().flat_rates = rates


def make_line(organisation: str, category: str, amount: int, **place: int) -> None:
    with transaction() as session:
        owner = session.query(Organisation).where(
            Organisation.project_code == PROJECT, Organisation.key == organisation
        )
        session.add(BudgetLine(organisation=owner.one(), category=category, amount_cents=amount, **place))


def make_reported(organisation: str, reference: str, report: int, cents: int, **changes: object) -> int:
    """An item in EUR that was submitted in a report."""
    stated = {"state": "submitted", "report_number": report, "declared_cents": cents, "eur_cents": cents}
    return make_item(organisation, reference, currency="EUR", **{**stated, **changes})


def row_of(key: str, **asked):
    return next(row for row in budget_table(PROJECT, **asked).rows if row.organisation.key == key)


def test_declared_is_all_that_was_entered_and_reported_what_was_submitted(in_app):
    make_item("lps", "K-1", declared_cents=100_00)
    make_item("lps", "K-2", declared_cents=50_00, state="in_report", report_number=2)
    make_item("lps", "K-3", declared_cents=7_00, eur_cents=7_00, state="parked")
    make_reported("lps", "K-4", 1, 30_00)
    make_reported("lps", "K-5", 1, 20_00, state="certified", certified_cents=15_00)
    row = row_of("lps")
    assert row.sums.spent == (207_00, 50_00, 15_00)
    assert row.figures.remaining == 179_460_00 - 50_00
    assert row.figures.undeclared == 179_460_00 - 207_00
    assert budget_table(PROJECT).figures.spent == (207_00, 50_00, 15_00)


def test_items_of_other_projects_and_of_organisations_without_a_budget_are_not_counted(in_app):
    make_other_project()
    make_item("lps", "K-1", project_code=OTHER_PROJECT)
    make_item("alytus", "K-1")
    table = budget_table(PROJECT)
    assert table.figures.spent == (0, 0, 0)
    assert table.uncounted == {"alytus": 1}


def test_other_currencies_count_at_the_latest_known_rate_until_they_are_frozen(in_app):
    make_rate("2026-06", 4_000_000)
    make_rate("2026-07", 4_256_300)
    make_rate("2026-12", 5_000_000)
    make_item("ols", "K-1", declared_cents=1_000_00)
    make_item("ols", "K-2", declared_cents=1_000_00, state="submitted", report_number=1, eur_cents=250_00)
    make_item("ols", "K-3", declared_cents=10_00, currency="EUR")
    table = budget_table(PROJECT)
    # PLN 1,000.00 at 4.2563; December has not begun on 20 November.
    assert row_of("ols").rates == {"PLN": LatestRate("2026-07", 4_256_300)}
    assert table.figures.spent == (234_95 + 250_00 + 10_00, 250_00, 0)
    assert row_of("ols").sums.previewed == {"PLN"}
    assert row_of("ols", as_of=date(2026, 6, 30)).sums.spent.declared == 250_00 + 250_00 + 10_00


def test_amounts_without_any_rate_are_left_out_and_told(in_app):
    make_item("ols", "K-1", declared_cents=1_000_00)
    make_item("ols", "K-2", declared_cents=-1_00)
    make_item("ols", "K-3", declared_cents=10_00, currency="EUR")
    sums = row_of("ols").sums
    assert sums.spent.declared == 10_00
    assert sums.unrated == {"PLN": (2, 999_00)}


def test_the_database_adds_up_converted_amounts_as_they_are_rounded_one_by_one(in_app):
    make_rate("2026-07", 4_256_300)
    # 0.01 comes to nothing, and so do three of them; 0.03 in one would be 0.01.
    for number in range(3):
        make_item("ols", f"K-{number}", declared_cents=1)
    make_item("ols", "K-9", declared_cents=-1_000_00)
    assert row_of("ols").sums.spent.declared == -234_95


def test_as_of_a_day_later_items_are_left_out_and_those_without_a_date_stay(in_app):
    make_item("lps", "K-1", declared_cents=1_00, invoice_date=date(2026, 3, 10), payment_date=date(2026, 5, 1))
    make_item("lps", "K-2", declared_cents=2_00, invoice_date=None, payment_date=date(2026, 3, 11))
    make_item("lps", "K-3", declared_cents=4_00, invoice_date=None, payment_date=None)
    make_item("lps", "K-4", declared_cents=8_00, invoice_date=date(2027, 1, 1), payment_date=None)
    declared = [
        row_of("lps", as_of=day).sums.spent.declared for day in (date(2026, 3, 9), date(2026, 3, 10), TODAY, None)
    ]
    assert declared == [4_00, 5_00, 7_00, 15_00]
    with pytest.raises(InvalidInput) as refusal:
        budget_table(PROJECT, date(2026, 11, 21))
    assert refusal.value.problem.code == "as-of-future"


def test_each_report_takes_its_flat_rates_and_its_fund_share_on_its_own(in_app):
    set_flat("lpro", office_on_staff=15)
    make_reported("lpro", "K-1", 1, 33, category="staff")
    make_reported("lpro", "K-2", 2, 33, category="staff")
    make_item("lpro", "K-3", category="staff", declared_cents=33)
    make_item("lpro", "K-4", category="office", declared_cents=500_00)
    row = row_of("lpro")
    # 15 % of 0.33 is 0.04 three times, not 0.14 of 0.99.
    assert row.sums.categories["office"] == (12, 8, 0)
    assert row.sums.spent == (111, 74, 0)
    # 80 % of 0.37 is 0.29 twice.
    assert row.shares.reported == FundSplit(58, 16)
    assert row.sums.blocked == {"office": (1, 500_00)}


def test_the_json_has_the_categories_with_their_budgets(app):
    with app.app_context():
        set_flat("lpro", office_on_staff=15)
        make_line("lpro", "staff", 1_000_00)
        make_item("lpro", "K-1", category="staff", declared_cents=100_00)
        set_flat("ols", other_on_staff=40)
        make_item("ols", "K-1", category="staff", declared_cents=100_00, currency="EUR")
    shape = json.loads(run_portal(app, "budget", PROJECT, "--format", "json").stdout)
    lps, lpro, ols = shape["partners"]
    zero = {"reported": "0.00", "certified": "0.00"}
    assert lpro["categories"][:3] == [
        {"category": "staff", "budget": "1000.00", "declared": "100.00", **zero},
        {"category": "office", "budget": "150.00", "declared": "15.00", **zero},
        {"category": "travel", "budget": None, "declared": "0.00", **zero},
    ]
    assert ols["categories"][-1] == {"category": "other", "budget": None, "declared": "40.00", **zero}
    assert [each["category"] for each in lps["categories"]][-1] == "infrastructure"
    assert (lpro["declared"], ols["declared"], shape["total"]["declared"]) == ("115.00", "140.00", "255.00")
    assert shape["total"]["remaining"] == "376876.12"


def test_budgets_in_another_currency_are_not_compared_with_euro(in_app):
    with transaction():
        budget_table(PROJECT).project.currency = "PLN"
    make_item("lps", "K-1", currency="EUR", declared_cents=100_00)
    table = budget_table(PROJECT)
    assert table.figures.spent.declared == 100_00
    assert (table.figures.remaining, table.figures.reported_share, table.figures.bar) == (None, None, None)


def test_breakdowns_add_up_and_keep_flat_rates_apart(in_app):
    set_flat("lpro", office_on_staff=15)
    make_line("lpro", "staff", 1_000_00, work_package=1, period=1)
    make_line("lpro", "travel", 300_00, work_package=2, period=2)
    make_line("lpro", "travel", 20_00)
    make_item("lpro", "K-1", category="staff", declared_cents=100_00, work_package=1)
    make_item("lpro", "K-2", category="travel", declared_cents=40_00, activity="2.4", payment_date=date(2026, 9, 1))
    make_item("lpro", "K-3", category="travel", declared_cents=5_00, invoice_date=None, payment_date=None)
    table = budget_table(PROJECT, places=True)
    packages, periods = (
        {part.key: (part.budget, part.spent.declared) for part in break_down(table, by).rows}
        for by in ("work_package", "period")
    )
    assert packages["1"] == (1_000_00, 100_00)
    assert packages["2"] == (300_00, 40_00)
    assert packages["none"] == (20_00, 5_00)
    assert packages["flat"] == periods["flat"] == (150_00, 15_00)
    # 10 March lies in the first period, 1 September in the second.
    assert (periods["1"], periods["2"], periods["none"]) == ((1_000_00, 100_00), (300_00, 40_00), (20_00, 5_00))
    for by in ("category", "work_package", "period"):
        total = break_down(table, by).total
        assert (total.budget, total.spent) == (1_470_00, (160_00, 0, 0))


def test_the_number_of_statements_does_not_grow_with_the_items(app):
    counts = []
    for size in (1, 30):
        with app.app_context():
            for number in range(size):
                make_item("ols", f"K-{size}-{number}")
                make_reported("lps", f"K-{size}-{number}", number + 1, 5_00)
            with noted_queries(app) as queries:
                budget_table(PROJECT, places=True)
            counts.append(len(queries))
            db.session.remove()
    assert counts[0] == counts[1] <= 12


@pytest.mark.sqlite_only
def test_open_items_are_added_up_from_the_index_alone(in_app):
    with noted_queries(in_app) as statements:
        list_entered(PROJECT, today=TODAY, as_of=TODAY)
    opened = next(each for each in statements if "count(*)" in each and "report_number" not in each)
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {opened}", ("x",) * opened.count("?"))
    assert any("USING COVERING INDEX ix_expenditure_items_sums" in row[3] for row in plan)


def test_portal_check_finds_what_does_not_add_up(app):
    with app.app_context():
        make_rate("2026-07", 4_256_300)
        frozen = {"state": "submitted", "report_number": 1, "rate_micros": 4_256_300, "rate_month": "2026-07"}
        make_item("ols", "K-1", declared_cents=1_000_00, eur_cents=234_95, **frozen)
        make_reported("lps", "K-2", 1, 10_00, state="certified", certified_cents=10_00)
    assert run_portal(app, "check").exit_code == 0
    with app.app_context():
        with transaction() as session:
            item = session.query(ExpenditureItem).where(ExpenditureItem.internal_reference == "K-1").one()
            item.eur_cents, item.order_key = 234_96, "2020-01-01 K-1"
            certified = session.query(ExpenditureItem).where(ExpenditureItem.internal_reference == "K-2").one()
            certified.certified_cents = 11_00
            certified.corrects_id = item.id
        db.session.remove()
    answer = run_portal(app, "check")
    assert answer.exit_code == 1
    for found in ("frozen-amount", "item-order", "certified-amount", "foreign-parts"):
        assert found in answer.output
