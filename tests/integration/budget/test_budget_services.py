"""Storing budget lines and contributions: versions, reasons, the trail, and what holds the plan."""

import tomllib
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.budget.models import BudgetVersion
from portal.budget.queries.budget_versions import get_budget_version, last_number
from portal.budget.queries.budgets import category_budgets, load_budget, load_rows
from portal.budget.rules.lines import Place
from portal.budget.services.lines import change_contributions, change_lines
from portal.core.db import db, transaction
from portal.core.errors import Conflict, InvalidInputs, NotFound
from portal.core.money import Cents
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.rules.contract import Reason
from portal.projects.rules.project_file import read_project_file
from portal.projects.services import load_project
from portal.projects.services.structure import Edit, remove_row, save_row
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.integration.budget.budgets import WHY, opened, set_flat_rates, store_contributions, store_lines
from tests.make import PROJECT, PROJECT_FILE, make_item, make_project

STAFF = Place("staff")


@pytest.fixture(autouse=True)
def _project(in_app) -> None:
    make_project()


def structure() -> Edit:
    return Edit(get_project(PROJECT).version, Reason("The plan has changed.", date(2026, 11, 1)))


def refused(table: str, key: str) -> list[str]:
    with pytest.raises(Conflict) as refusal:
        remove_row(PROJECT, table, key, edit=structure(), now=NOW)
    return [each.code for each in refusal.value.problems]


def test_every_change_makes_a_version_and_no_change_makes_none():
    store_lines("lps", {("staff",): 100})
    store_lines("lps", {("staff",): 100})
    store_contributions("lps", own=("City", 20))
    versions = db.session.scalars(select(BudgetVersion).order_by(BudgetVersion.number)).all()
    assert [(each.number, each.valid_from, each.reason) for each in versions] == [
        (1, date(2026, 11, 1), WHY.text),
        (2, date(2026, 11, 1), WHY.text),
    ]
    assert versions[1].rows == {"lines": [["lps", "staff", 0, 0, 100]], "contributions": [["lps", "own", "City", 20]]}
    changed = select(AuditEntry).where(AuditEntry.action == "budget_changed").order_by(AuditEntry.id)
    entries = db.session.scalars(changed).all()
    assert [(each.subject_kind, each.changes["version"]) for each in entries] == [
        ("budget", [None, 1]),
        ("budget", [None, 2]),
    ]
    assert entries[0].changes["lps.staff"] == [None, "1.00"]
    assert "lps.staff" not in entries[1].changes
    assert entries[1].changes["lps.own"] == [None, "0.20 City"]


def test_in_preparation_nobody_asks_for_a_reason():
    with transaction() as session:
        session.get_one(Project, PROJECT).status = "preparation"
    change_lines(PROJECT, "lps", {STAFF: Cents(5)}, edit=Edit(0), now=NOW)
    version = get_budget_version(PROJECT, 1).version
    assert (version.reason, version.valid_from) == ("as-entered", date(2026, 11, 20))


def test_a_running_project_takes_a_reason_and_a_day():
    with pytest.raises(InvalidInputs) as refusal:
        change_lines(PROJECT, "lps", {STAFF: Cents(5)}, edit=Edit(0), now=NOW)
    assert [each.code for each in refusal.value.problems] == ["reason-missing", "valid-from-missing"]
    with pytest.raises(InvalidInputs):
        change_contributions(PROJECT, "lps", {"own": ("", Cents(5))}, edit=Edit(0), now=NOW)
    assert load_rows(PROJECT) == ((), ())
    assert last_number(PROJECT) == 0


def test_whoever_comes_too_late_is_told():
    store_lines("lps", {("staff",): 100})
    for change in (
        lambda: change_lines(PROJECT, "lpro", {STAFF: Cents(5)}, edit=opened(0), now=NOW),
        lambda: change_contributions(PROJECT, "lpro", {"own": ("", Cents(5))}, edit=opened(0), now=NOW),
    ):
        with pytest.raises(Conflict) as refusal:
            change()
        assert refusal.value.problem.code == "budget-stale"


def test_what_is_not_there_is_not_found_and_an_associated_partner_has_no_budget():
    for code, key, error in (
        ("NONE", "lps", NotFound),
        (PROJECT, "nobody", NotFound),
        (PROJECT, "alytus", Conflict),
    ):
        with pytest.raises(error):
            change_lines(code, key, {STAFF: Cents(5)}, edit=opened(), now=NOW)
    with pytest.raises(NotFound):
        get_budget_version(PROJECT, 1)


def test_the_budget_of_each_partner_is_compared_with_what_is_approved():
    store_lines("lpro", {("staff", 1): 1000_09, ("office",): 7})
    set_flat_rates("lpro", office_on_staff=10)
    store_contributions("lpro", own=("", 16000_00), private=("Company", 704_23))
    partner = next(each for each in load_budget(PROJECT).partners if each.organisation.key == "lpro")
    assert (partner.summary.total, partner.summary.difference) == (1100_09, 82421_03)
    assert (partner.contributed, partner.due, partner.open) == (16704_23, 16704_23, 0)
    # A category without a line is absent.
    assert category_budgets(PROJECT) == {"lpro": {"staff": 1000_09, "office": 100_00}}


def test_what_the_budget_names_stays_in_the_plan():
    store_lines("ols", {("staff", 2, 3): 100})
    assert refused("work_packages", "2")[-1] == "work-package-with-budget-lines"
    assert refused("periods", "3") == ["period-with-budget-lines"]
    assert refused("organisations", "ols") == ["organisation-with-budget-lines"]
    store_lines("ols", {("staff", 2, 3): None})
    remove_row(PROJECT, "periods", "3", edit=structure(), now=NOW)


def test_what_expenditure_names_stays_in_the_plan():
    make_item("lps", "K-1", activity="2.3")
    make_item("lps", "K-2", work_package=1)
    assert refused("activities", "2.3") == ["activity-with-items"]
    assert "work-package-with-items" in refused("work_packages", "1")
    assert refused("organisations", "lps") == ["organisation-with-items"]


def test_the_check_finds_lines_that_name_what_is_not_there():
    store_lines("lps", {("staff", 1, 2): 100})
    assert [each for each in list_violations() if each.invariant.startswith("budget")] == []
    with transaction() as session:
        for column in ("work_package", "period"):
            session.connection().exec_driver_sql(f"UPDATE budget_lines SET {column} = 77")
    assert [(each.invariant, each.subject) for each in list_violations()] == [
        ("budget-work-package", f"{PROJECT} lps staff 77"),
        ("budget-period", f"{PROJECT} lps staff 77"),
    ]


def test_an_organisation_with_budget_lines_becomes_no_associated_partner():
    store_lines("lpro", {("staff",): 100})
    stated = {"key": "lpro", "name": {"en": "Probation"}, "country": "LT", "role": "associated", "currency": "EUR"}
    with pytest.raises(InvalidInputs) as refusal:
        save_row(PROJECT, "organisations", stated, edit=structure(), now=NOW, key="lpro")
    assert [each[:2] for each in refusal.value.problems] == [("associated-with-budget-lines", "role")]
    with pytest.raises(InvalidInputs) as refusal:
        load_project(read_project_file(file_without_budget("lpro")), now=NOW)
    assert [each[:2] for each in refusal.value.problems] == [
        ("associated-with-budget-lines", "organisations.lpro.role")
    ]
    store_lines("lpro", {("staff",): None})
    save_row(PROJECT, "organisations", stated, edit=structure(), now=NOW, key="lpro")
    assert "lpro" not in [each.organisation.key for each in load_budget(PROJECT).partners]


def file_without_budget(key: str) -> dict[str, Any]:
    """The project file with the organisation as an associated partner."""
    stated = tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))
    for total in ("total_budget", "fund_total"):
        stated["project"].pop(total)
    for organisation in stated["organisations"]:
        if organisation["key"] == key:
            organisation["role"] = "associated"
            del organisation["budget"]
    return stated
