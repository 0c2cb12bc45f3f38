"""Files of expenditure: what is taken, what is refused, what is only warned of, and what is left alone."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from portal.accounts.rules import Role
from portal.audit.services import Actor, acting_as
from portal.core.db import transaction
from portal.core.errors import Conflict, NotAllowed
from portal.core.money import decimal_text, to_decimal
from portal.core.sentences import sentence
from portal.core.tables import Cell
from portal.imports.queries import get_kind
from portal.imports.services.checking import check_file
from portal.projects.models import Project
from portal.projects.queries import get_project
from tests.integration.budget.spending import (
    TRAVEL,
    VECTORS,
    Row,
    bring,
    check,
    counts,
    exported,
    faults,
    item,
    references,
    request,
    warnings,
    write_csv,
    write_xlsx,
)
from tests.make import PROJECT, make_event, make_item, make_project, make_user


@pytest.fixture(autouse=True)
def project(in_app) -> None:
    make_project()


def test_every_column_is_stored_as_it_is_meant(tmp_path):
    make_event(ref="W1")
    bring(tmp_path, {**TRAVEL, "event": "W1", "declared_amount": "1 234,56", "invoice_total": "1.234,56", "vat": ""})
    row = item()
    assert (row.organisation.key, row.category, row.activity.number, row.event.ref) == ("ols", "travel", "1.1", "W1")
    assert (row.supplier, row.supplier_tax_number, row.invoice_number) == (
        "Bus and Rail",
        "PL 525-000-00-01",
        "FV 001/2026",
    )
    assert (row.invoice_date, row.payment_date) == (date(2026, 3, 10), date(2026, 3, 20))
    assert (row.invoice_total_cents, row.vat_cents, row.declared_cents, row.currency) == (123456, None, 123456, "EUR")
    assert (row.state, row.version, row.work_package_id, row.entered_by) == ("open", 1, None, 0)
    assert (row.order_key, row.tax_key, row.invoice_key) == ("2026-03-10 K-1", "pl5250000001", "fv-1-2026")


def test_only_four_columns_must_be_there_and_the_currency_is_euro_unless_stated(tmp_path):
    bring(tmp_path, {"internal_reference": "1", "category": "TRAVEL", "description": "Bus", "declared_amount": "5"})
    assert (item("1").category, item("1").currency, item("1").payment_date) == ("travel", "EUR", None)


@pytest.mark.parametrize(("text", "amount"), VECTORS["accepted"])
def test_amounts_are_read_as_people_type_them(tmp_path, text, amount):
    assert faults(check(write_csv(tmp_path / "a.csv", [{**TRAVEL, "declared_amount": text}]))) == []
    assert decimal_text(item().declared_cents) == amount
    workbook = write_xlsx(tmp_path / "a.xlsx", [{**TRAVEL, "declared_amount": text}])
    assert counts(check(workbook)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *(("declared_amount", text) for text in VECTORS["refused"]),
        # An empty total is none.
        *(("invoice_total", text) for text in VECTORS["refused"] if text),
    ],
)
def test_amounts_that_may_mean_two_things_or_nothing_are_refused_with_their_cell(tmp_path, column, text):
    plan = check(write_csv(tmp_path / "a.csv", [TRAVEL, {**TRAVEL, "internal_reference": "K-2", column: text}]))
    (row, where, code) = faults(plan)[0]
    assert (row, where) == (3, column)
    assert code in {"amount-ambiguous", "amount-decimals", "amount-unreadable", "import-cell-empty"}
    assert references() == []


@pytest.mark.parametrize(
    ("number", "cents"), [(1234, 123400), (1234.5, 123450), (0.1 + 0.2, 30), (-12.3, -1230), (1234.5600001, 123456)]
)
def test_a_number_of_a_spreadsheet_is_the_amount(tmp_path, number, cents):
    check(write_xlsx(tmp_path / "a.xlsx", [{**TRAVEL, "invoice_total": None, "declared_amount": number}]))
    assert item().declared_cents == cents


@pytest.mark.parametrize("number", [1.234, 0.005, 1e15])
def test_a_number_with_more_than_cents_or_beyond_all_items_is_refused(tmp_path, number):
    plan = check(write_xlsx(tmp_path / "a.xlsx", [{**TRAVEL, "declared_amount": number}]))
    assert [(row, column) for row, column, _ in faults(plan)] == [(2, "declared_amount")]


def test_a_thousand_good_rows_and_a_bad_one_are_refused_together_and_the_bad_one_is_named(tmp_path):
    rows = [{**TRAVEL, "internal_reference": f"K-{number}", "invoice_number": f"{number}"} for number in range(1001)]
    rows[700]["declared_amount"] = "1,234"
    plan = check(write_csv(tmp_path / "items.csv", rows))
    assert faults(plan) == [(702, "declared_amount", "amount-ambiguous")]
    assert "“1,234” may mean thousands or decimals" in sentence(plan.errors[0].problem)
    assert references() == []


@pytest.mark.parametrize("day", ["1899-12-31", "1989-12-31", "2200-01-01", "0206-03-10", "9999-12-31"])
def test_days_of_other_centuries_are_refused_plainly(tmp_path, day):
    plan = check(write_csv(tmp_path / "items.csv", [{**TRAVEL, "invoice_date": day}]))
    assert faults(plan) == [(2, "invoice_date", "date-out-of-range")]
    assert "1990" in sentence(plan.errors[0].problem)


def test_a_day_may_be_a_real_day_of_a_spreadsheet(tmp_path):
    check(write_xlsx(tmp_path / "a.xlsx", [{**TRAVEL, "invoice_date": datetime(2026, 3, 10)}]))
    assert item().invoice_date == date(2026, 3, 10)


def test_a_third_currency_is_stored_with_a_finding_and_one_that_does_not_exist_is_refused(tmp_path):
    plan = check(write_csv(tmp_path / "items.csv", [{**TRAVEL, "currency": "usd"}]))
    assert (2, "currency", "currency") in warnings(plan)
    assert item().currency == "USD"
    assert faults(check(write_csv(tmp_path / "items.csv", [{**TRAVEL, "currency": "ZZZ"}]))) == [
        (2, "currency", "unknown-currency")
    ]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("category", "other", "cell-choice"),
        ("category", "food", "cell-choice"),
        ("work_package", "9", "item-work-package-unknown"),
        ("work_package", "one", "cell-not-whole"),
        ("activity", "9.9", "item-activity-unknown"),
        ("event", "W9", "item-event-unknown"),
        ("contract", "C-9", "item-contract-unknown"),
        ("corrects", "K-9", "item-corrects-unknown"),
        ("corrects", "K-1", "item-corrects-itself"),
        ("invoice_date", "2026-02-30", "cell-no-such-day"),
        ("invoice_date", "03/10/2026", "cell-ambiguous-day"),
        ("description", "", "item-description-missing"),
        ("internal_reference", "", "import-cell-empty"),
        ("category", "", "import-cell-empty"),
        ("work_package", "2", "item-activity-of-another-package"),
        ("declared_amount", "10000000000.01", "item-amount-too-large"),
    ],
)
def test_what_is_not_known_or_cannot_be_read_is_refused_with_its_cell(tmp_path, column, value, code):
    plan = check(write_csv(tmp_path / "items.csv", [{**TRAVEL, column: value}]))
    where = "activity" if code == "item-activity-of-another-package" else column
    assert faults(plan) == [(2, where, code)]
    assert references() == []


def test_a_reference_stated_twice_is_refused(tmp_path):
    plan = check(write_csv(tmp_path / "items.csv", [TRAVEL, {**TRAVEL, "invoice_number": "2"}]))
    assert faults(plan) == [(3, "internal_reference", "import-row-twice")]


def test_the_same_file_reordered_or_saved_in_another_format_changes_nothing(tmp_path):
    rows: list[Row] = [
        {**TRAVEL, "internal_reference": f"K-{number}", "invoice_number": f"{number}", "declared_amount": amount}
        for number, amount in enumerate(["1 234,56", "1.234,50", "-12,30", "0", "5"])
    ]
    assert counts(check(write_csv(tmp_path / "a.csv", rows))) == (5, 0, 0)
    assert counts(check(write_csv(tmp_path / "b.csv", rows))) == (0, 0, 5)
    turned = [dict(reversed(row.items())) for row in reversed(rows)]
    assert counts(check(write_xlsx(tmp_path / "c.xlsx", turned))) == (0, 0, 5)
    numbers = ["1234.56", "1234.5", "-12.3", "0", "5"]
    saved = [
        {**row, "declared_amount": float(number), "invoice_date": date(2026, 3, 10), "invoice_total": 1000}
        for row, number in zip(rows, numbers, strict=True)
    ]
    assert counts(check(write_xlsx(tmp_path / "d.xlsx", saved))) == (0, 0, 5)
    back = [{name: _typed(value) for name, value in row.items()} for row in exported()]
    assert counts(check(write_xlsx(tmp_path / "e.xlsx", back))) == (0, 0, 5)


def _typed(value: Cell) -> object:
    return float(value) if isinstance(value, Decimal) else value


def test_columns_that_a_file_lacks_leave_what_is_stored(tmp_path):
    bring(tmp_path, TRAVEL)
    short = {name: TRAVEL[name] for name in ("internal_reference", "category", "description")}
    plan = check(write_csv(tmp_path / "items.csv", [{**short, "declared_amount": "900"}]))
    assert counts(plan) == (0, 1, 0)
    row = item()
    assert (row.declared_cents, row.supplier, row.invoice_total_cents, row.version) == (
        90000,
        "Bus and Rail",
        100000,
        2,
    )


def test_an_event_brings_its_activity_and_another_event_another_one(tmp_path):
    make_event(ref="W1", activity="1.1")
    make_event(ref="W2", activity="2.4")
    stated = {name: value for name, value in TRAVEL.items() if name != "activity"}
    bring(tmp_path, {**stated, "event": "W1"})
    assert item().activity.number == "1.1"
    bring(tmp_path, {**stated, "event": "W2"})
    assert item().activity.number == "2.4"
    plan = check(write_csv(tmp_path / "items.csv", [{**TRAVEL, "event": "W2"}]))
    assert faults(plan) == [(2, "event", "item-event-of-another-activity")]


def test_items_of_another_organisation_may_have_the_same_reference(tmp_path):
    bring(tmp_path, TRAVEL)
    plan = check(write_csv(tmp_path / "items.csv", [TRAVEL]), organisation="lpro")
    assert counts(plan) == (1, 0, 0)
    assert warnings(plan) == [(2, "invoice_number", "duplicate-invoice")]
    assert references() == ["K-1", "K-1"]


def test_an_organisation_beyond_the_reach_is_refused_whole(tmp_path):
    with pytest.raises(NotAllowed):
        check(write_csv(tmp_path / "items.csv", [TRAVEL]), organisation="lps", reach=["ols"])


def test_rows_of_an_associated_organisation_are_stored_with_a_finding(tmp_path):
    plan = check(write_csv(tmp_path / "items.csv", [TRAVEL]), organisation="alytus")
    assert counts(plan) == (1, 0, 0)
    assert (2, "", "not-associated") in warnings(plan)


def test_staff_keep_nothing_of_an_invoice_and_the_cells_say_so(tmp_path):
    plan = check(write_csv(tmp_path / "items.csv", [{**TRAVEL, "category": "staff", "description": "J. D., March"}]))
    names = ("supplier", "supplier_tax_number", "invoice_number", "invoice_date", "vat")
    assert warnings(plan) == [(2, name, "item-not-of-staff") for name in names]
    assert (item().supplier, item().supplier_tax_number, item().invoice_number) == ("", "", "")
    assert (item().invoice_date, item().vat_cents, item().contract_id) == (None, None, None)
    assert counts(check(tmp_path / "items.csv")) == (0, 0, 1)


def test_an_amount_that_names_another_currency_than_its_row_is_stored_with_a_warning(tmp_path):
    plan = check(write_csv(tmp_path / "items.csv", [{**TRAVEL, "vat": "", "declared_amount": "100 zł"}]))
    assert warnings(plan) == [(2, "declared_amount", "item-amount-currency")]
    assert item().declared_cents == 10000


def test_findings_are_warnings_at_the_cell_they_are_about_worst_first_and_evidence_last(tmp_path):
    bad = {**TRAVEL, "payment_date": "", "invoice_date": "2025-12-31", "declared_amount": "1000.01"}
    plan = check(write_csv(tmp_path / "items.csv", [TRAVEL, bad | {"internal_reference": "K-2"}]))
    found = [(each.row, each.column, each.problem.code) for each in plan.problems]
    assert found == [
        (2, "invoice_number", "duplicate-invoice"),
        (2, "", "no-evidence"),
        (3, "invoice_date", "outside-window"),
        (3, "declared_amount", "declared-above-invoice"),
        (3, "invoice_number", "duplicate-invoice"),
        (3, "payment_date", "unpaid"),
        (3, "", "no-evidence"),
    ]


def test_a_file_is_judged_together_with_what_is_stored_and_with_what_it_changes(tmp_path):
    bring(tmp_path, TRAVEL)
    twin = {**TRAVEL, "internal_reference": "K-2", "invoice_number": "fv-1-2026"}
    assert (2, "invoice_number", "duplicate-invoice") in warnings(check(write_csv(tmp_path / "b.csv", [twin])))
    mended = [{**TRAVEL, "invoice_number": "2"}, twin]
    assert warnings(check(write_csv(tmp_path / "c.csv", mended))) == []


def test_ten_small_items_that_jointly_overrun_are_found_whatever_their_order(tmp_path):
    # The partner has 113 895.00: nine of 11 389.60 are within it, the tenth is not.
    rows = [
        {**TRAVEL, "internal_reference": f"K-{number}", "invoice_number": f"{number}", "invoice_total": ""}
        | {"declared_amount": "11389.60", "invoice_date": f"2026-03-{10 + number}", "payment_date": "2026-03-25"}
        for number in range(10)
    ]
    expected = [(11, "declared_amount", "over-partner")]
    assert warnings(check(write_csv(tmp_path / "a.csv", rows), only_try=True)) == expected
    turned = check(write_csv(tmp_path / "b.csv", rows[::-1]))
    assert warnings(turned) == [(2, "declared_amount", "over-partner")]


@pytest.mark.parametrize("state", ["submitted", "certified", "parked"])
def test_submitted_items_stay_as_they_are(tmp_path, state):
    make_item("ols", state=state, report_number=1, eur_cents=10000, activity="1.1")
    stated = {name: value for name, value in exported()[0].items() if value not in (None, "")}
    stated = {name: str(value) for name, value in stated.items()}
    assert counts(check(write_csv(tmp_path / "a.csv", [stated]))) == (0, 0, 1)
    plan = check(write_csv(tmp_path / "b.csv", [{**stated, "declared_amount": "99"}]))
    assert faults(plan) == [(2, "internal_reference", "item-fixed")]


def test_an_item_that_changed_after_the_file_was_compared_is_not_overwritten(tmp_path):
    bring(tmp_path, TRAVEL)
    path = write_csv(tmp_path / "a.csv", [{**TRAVEL, "declared_amount": "900"}])
    plan = check_file(get_kind("expenditure"), request(), path, "a.csv").plan
    bring(tmp_path, {**TRAVEL, "declared_amount": "800"})
    with pytest.raises(Conflict) as caught, transaction() as session:
        get_kind("expenditure").store(session, 1, plan, request().now)
    assert caught.value.problem.code == "import-stale"
    assert item().declared_cents == 80000


def test_a_closed_project_takes_no_files(tmp_path):
    with transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    with pytest.raises(Conflict) as caught:
        check(write_csv(tmp_path / "a.csv", [TRAVEL]))
    assert caught.value.problem.code == "project-closed"
    assert get_project(PROJECT).status == "closed"


def test_the_export_holds_numbers_and_days(tmp_path):
    bring(tmp_path, {**TRAVEL, "declared_amount": "1 234,50"})
    row = exported()[0]
    assert (row["declared_amount"], row["invoice_date"]) == (to_decimal(item().declared_cents), date(2026, 3, 10))
    assert exported(["lps"]) == []


def test_salary_details_are_kept_from_managers_who_may_add_staff_but_not_change_them(tmp_path):
    salary = {"internal_reference": "S-1", "category": "staff", "description": "J. D., March"}
    salary |= {"payment_date": "2026-03-31", "declared_amount": "2000", "currency": "EUR"}
    bring(tmp_path, salary)
    manager = Actor(make_user(Role.MANAGER), "someone@example.org")
    finance = Actor(make_user(Role.FINANCE, "ols", "finance@example.org"), "finance@example.org")
    with acting_as(manager):
        assert exported()[0]["description"] == ""
        back = [{name: str(value or "") for name, value in exported()[0].items()}]
        assert counts(check(write_csv(tmp_path / "a.csv", back))) == (0, 0, 1)
        guess = check(write_csv(tmp_path / "b.csv", [{**salary, "description": "A guess"}]))
        assert counts(guess) == (0, 0, 1)
        changed = check(write_csv(tmp_path / "c.csv", [{**salary, "declared_amount": "1"}]))
        assert faults(changed) == [(2, "internal_reference", "item-salary-hidden")]
        assert counts(check(write_csv(tmp_path / "d.csv", [{**salary, "internal_reference": "S-2"}]))) == (1, 0, 0)
    with acting_as(finance):
        assert exported()[0]["description"] == "J. D., March"
        assert counts(check(write_csv(tmp_path / "e.csv", [{**salary, "declared_amount": "1"}]))) == (0, 1, 0)
