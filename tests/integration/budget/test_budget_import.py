"""Files of budgets: what is taken, what is refused, what is said about it, and what undoing takes back."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.budget.models import BudgetLine, BudgetVersion
from portal.budget.queries.budgets import category_budgets, load_rows
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.imports.services.ending import undo
from portal.imports.services.storing import import_file
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.activities.files import counts, exported, found, kind, plan, request, take_back
from tests.integration.budget.budgets import set_flat_rates, store_lines
from tests.make import PROJECT, make_project

STAFF = {"organisation": "lps", "category": "staff", "amount": "170 000,00"}
TRAVEL = {"organisation": "lps", "category": "travel", "work_package": 1, "period": 2, "amount": "9,460.00"}


@pytest.fixture(autouse=True)
def _project(in_app) -> None:
    make_project()


def bring(folder: Path, *rows: dict[str, Any]) -> int:
    """Import these rows, warnings or not, and return the import's id."""
    path = folder / "budget.csv"
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [";".join(columns), *(";".join(str(row.get(column, "")) for column in columns) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    checked = import_file(kind("budget"), request(), path, only_try=False)
    assert checked.plan.errors == []
    return max([each.import_id or 0 for each in lines_stored()], default=0)


def lines_stored() -> list[Any]:
    return list(db.session.scalars(select(BudgetLine).order_by(BudgetLine.id)))


def lines() -> list[tuple[Any, ...]]:
    return [tuple(each) for each in load_rows(PROJECT).lines]


def versions() -> list[tuple[int, str, str]]:
    rows = db.session.scalars(select(BudgetVersion).order_by(BudgetVersion.number))
    return [(each.number, each.valid_from.isoformat(), each.reason) for each in rows]


def test_a_file_is_stored_makes_a_version_and_the_same_file_again_changes_nothing(tmp_path):
    result = plan("budget", STAFF, TRAVEL)
    assert (counts(result), found(result)) == ((2, 0, 0), [])
    bring(tmp_path, STAFF, TRAVEL)
    assert lines() == [("lps", "staff", 0, 0, 17000000), ("lps", "travel", 1, 2, 946000)]
    assert versions() == [(1, "2026-11-20", "imported-file")]
    assert counts(plan("budget", TRAVEL, STAFF)) == (0, 0, 2)
    assert exported("budget") == [
        {"organisation": "lps", "category": "staff", "work_package": None, "period": None, "amount": 170000},
        {"organisation": "lps", "category": "travel", "work_package": 1, "period": 2, "amount": 9460},
    ]
    assert counts(plan("budget", *exported("budget"))) == (0, 0, 2)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "budget_changed")).one()
    assert entry.changes["lps.travel.work_package 1.period 2"] == [None, "9460.00"]


def test_a_file_changes_what_it_names_leaves_the_rest_and_keeps_a_zero(tmp_path):
    store_lines("lps", {("staff",): 100, ("office",): 200})
    result = plan("budget", {**STAFF, "amount": 0}, {**STAFF, "category": "equipment", "amount": "0"})
    assert counts(result) == (1, 1, 0)
    bring(tmp_path, {**STAFF, "amount": 0}, {**STAFF, "category": "equipment", "amount": "0"})
    assert [(category, cents) for _, category, _, _, cents in lines()] == [
        ("staff", 0),
        ("office", 200),
        ("equipment", 0),
    ]


def test_a_sum_other_than_the_approved_budget_is_a_warning_at_the_last_row_of_the_partner():
    result = plan("budget", STAFF, {**STAFF, "organisation": "lpro", "amount": "83521.12"}, {**TRAVEL, "amount": "1"})
    assert found(result) == [(4, "amount", "budget-difference")]
    assert result.errors == []
    assert result.problems[0].problem.values == {
        "organisation": "lps",
        "currency": "EUR",
        "sum": "170001.00",
        "approved": "179460.00",
        "difference": "9459.00",
    }


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"organisation": None}, "organisation", "import-cell-empty"),
        ({"organisation": "nobody"}, "organisation", "import-organisation-unknown"),
        ({"organisation": "alytus"}, "organisation", "budget-associated"),
        ({"category": "wages"}, "category", "cell-choice"),
        ({"category": "other"}, "category", "budget-other"),
        ({"work_package": 9}, "work_package", "budget-work-package"),
        ({"work_package": "one"}, "work_package", "cell-not-whole"),
        ({"period": 99}, "period", "budget-period"),
        ({"amount": None}, "amount", "import-cell-empty"),
        ({"amount": "1,234"}, "amount", "amount-ambiguous"),
        ({"amount": "-5"}, "amount", "budget-below-zero"),
        ({"amount": "1e3"}, "amount", "amount-unreadable"),
    ],
)
def test_what_is_wrong_is_said_at_its_row_and_column(change, column, code):
    assert found(plan("budget", {**TRAVEL, **change})) == [(2, column, code)]


def test_the_same_line_twice_is_refused():
    assert found(plan("budget", STAFF, TRAVEL, {**STAFF, "amount": 5})) == [(4, "category", "import-row-twice")]


def test_flat_rows_that_add_up_to_what_is_computed_are_unchanged_and_others_are_refused():
    set_flat_rates("lps", office_on_staff=15)
    staff = {**STAFF, "amount": "1000.01"}
    office = {"organisation": "lps", "category": "office", "work_package": 1, "amount": "100.00"}
    rest = {**office, "work_package": 2, "amount": "50.00"}
    assert counts(plan("budget", staff, office, rest)) == (1, 0, 2)
    result = plan("budget", office, staff, {**rest, "amount": "50.01"})
    assert [(each.row, each.column, each.problem.code) for each in result.errors] == [
        (4, "amount", "budget-flat-differs")
    ]
    assert result.errors[0].problem.values == {"stated": "150.01", "computed": "150.00", "currency": "EUR"}


def test_flat_amounts_follow_from_what_is_stored_too(tmp_path):
    set_flat_rates("lpro", other_on_staff=40)
    bring(tmp_path, {"organisation": "lpro", "category": "staff", "amount": "100.00"})
    other = {"organisation": "lpro", "category": "other", "amount": "40.00"}
    assert counts(plan("budget", other)) == (0, 0, 1)
    assert category_budgets(PROJECT)["lpro"]["other"] == 4000
    assert set(category_budgets(PROJECT)) == {"lpro"}
    travel = {"organisation": "lpro", "category": "travel", "amount": "1"}
    assert [each.problem.code for each in plan("budget", travel).errors] == ["budget-flat-differs"]


def test_undoing_lets_everything_be_as_it_was_and_makes_a_version(tmp_path):
    store_lines("lps", {("staff",): 100})
    number = bring(tmp_path, STAFF, TRAVEL)
    take_back(number)
    assert lines() == [("lps", "staff", 0, 0, 100)]
    assert [reason for *_, reason in versions()][1:] == ["imported-file", "import-undone"]


def test_nothing_is_undone_that_a_person_has_changed_since(tmp_path):
    number = bring(tmp_path, STAFF, TRAVEL)
    store_lines("lps", {("staff",): 5})
    for refused in (lambda: kind("budget").check_undo(db.session(), number), lambda: undo(number, now=NOW)):
        with pytest.raises(Conflict) as refusal:
            refused()
        assert refusal.value.problem.code == "import-rows-changed"


def test_what_was_planned_on_another_budget_is_not_stored(tmp_path):
    result = plan("budget", STAFF)
    store_lines("lpro", {("staff",): 5})
    with pytest.raises(Conflict) as refusal, transaction() as session:
        kind("budget").store(session, 1, result, NOW)
    assert refusal.value.problem.code == "import-stale"
    assert [organisation for organisation, *_ in lines()] == ["lpro"]


def test_a_closed_project_takes_no_file(tmp_path):
    move_project(PROJECT, "closed", version=1, now=NOW)
    with pytest.raises(Conflict) as refusal:
        bring(tmp_path, STAFF)
    assert refusal.value.problem.code == "project-closed"


def test_the_template_offers_what_the_project_has():
    offered = {column.name: column.choices(PROJECT) for column in kind("budget").columns if column.choices}
    assert list(offered["organisation"]) == ["lps", "lpro", "ols"]
    assert list(offered["work_package"]) == ["1", "2"]
    assert offered["period"][0] == "1"
