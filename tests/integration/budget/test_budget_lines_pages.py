"""Pages of budget lines: what each shows, who may, and what a refused or stale form keeps."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.budget.queries.budgets import load_rows
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.budget.budgets import set_flat_rates, store_contributions, store_lines
from tests.integration.pages import (
    page_text,
    read_errors,
    read_fields,
    read_summary,
    read_table,
    read_tables,
    send_form,
)
from tests.make import PROJECT, make_project, sign_in_as

BUDGET = f"/projects/{PROJECT}/budget"
LPS = f"{BUDGET}/lines/lps/edit"
WHY = {"reason": "Approved on 1 November.", "valid_from": "2026-11-01"}
ASSOCIATED = "alytus"


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """The browser of the manager of LTPL00388, whose partners have approved budgets and no lines."""
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.MANAGER)


def lines(app: Flask) -> list[tuple[object, ...]]:
    with app.app_context():
        return [tuple(each) for each in load_rows(PROJECT).lines]


def test_a_manager_enters_lines_and_sees_what_is_not_spread_yet(app: Flask, manager: FlaskClient):
    assert "No budget lines are stored yet" in page_text(manager.get(f"{BUDGET}/lines"))
    answer = send_form(manager, LPS, line_staff_0_0="100 000,00", line_travel_0_0="€ 78,260.00", **WHY)
    assert (answer.status_code, answer.location) == (302, f"{BUDGET}/lines#lps")
    assert lines(app) == [("lps", "staff", 0, 0, 10000000), ("lps", "travel", 0, 0, 7826000)]
    page = manager.get(f"{BUDGET}/lines")
    rows = {row[0]: row[-1] for row in read_table(page, "Budget of Lithuanian Prison Service")}
    assert rows["Staff costs"] == "€100,000.00"
    assert (rows["Total"], rows["Approved budget"], rows["Difference"]) == ("€178,260.00", "€179,460.00", "+€1,200.00")
    assert "€1,200.00 of the approved budget is not yet spread over categories." in page_text(page)


def test_lines_by_work_package_and_period_add_up_in_every_layout(app: Flask, manager: FlaskClient):
    values = {"line_staff_1_1": "10", "line_staff_1_2": "20", "line_staff_2_2": "30", "line_travel_2_0": "5"}
    assert send_form(manager, f"{LPS}?by=both", **values, **WHY).status_code == 302
    by_package = read_table(manager.get(f"{BUDGET}/lines?by=work_package"), "Budget of Lithuanian Prison Service")
    assert by_package[0] == ["Cost category", "Work package 1", "Work package 2", "Sum"]
    assert by_package[1] == ["Staff costs", "€30.00", "€30.00", "€60.00"]
    assert by_package[7] == ["Total", "€30.00", "€35.00", "€65.00"]
    by_period = read_table(manager.get(f"{BUDGET}/lines?by=period"), "Budget of Lithuanian Prison Service")
    assert by_period[0] == ["Cost category", "Not assigned", "Period 1", "Period 2", "Sum"]
    assert by_period[1] == ["Staff costs", "–", "€10.00", "€50.00", "€60.00"]
    both = read_table(manager.get(f"{BUDGET}/lines"), "Budget of Lithuanian Prison Service")
    assert both[0] == ["Cost category", "Work package", "Not assigned", "Period 1", "Period 2", "Sum"]
    assert both[1:3] == [
        ["Staff costs", "1", "–", "€10.00", "€20.00", "€30.00"],
        ["Staff costs", "2", "–", "–", "€30.00", "€30.00"],
    ]


def test_a_flat_rate_is_computed_takes_no_amounts_and_says_why(app: Flask, manager: FlaskClient):
    with app.app_context():
        set_flat_rates("lps", office_on_staff=15)
        store_lines("lps", {("staff", 1, 0): 1000001})
    page = manager.get(f"{BUDGET}/lines")
    rows = read_table(page, "Budget of Lithuanian Prison Service")
    flat = next(row for row in rows if row[0].startswith("Office"))
    assert flat == ["Office and administration Flat rate: 15.00 % of staff costs (at most 15.00 %)", "–", "€1,500.00"]
    form = manager.get(LPS)
    assert not any("office" in name for name in read_fields(form))
    assert "Computed, no amounts are entered: 15.00 % of staff costs; €1,500.00" in page_text(form)


def test_every_flat_rate_names_what_it_is_taken_of(app: Flask, manager: FlaskClient):
    with app.app_context():
        store_lines("lps", {("external", 1, 0): 1000})
        store_lines("lpro", {("external", 1, 0): 1000})
        set_flat_rates("lps", staff=20, office_on_direct=7)
        set_flat_rates("lpro", staff=20, travel=15)
    lines = page_text(manager.get(f"{BUDGET}/lines"))
    overview = page_text(manager.get(f"{BUDGET}?by=category"))
    for text in (
        "20.00 % of travel, external expertise, equipment and works",
        "7.00 % of staff, travel, external expertise, equipment and works",
        "20.00 % of external expertise, equipment and works",
        "15.00 % of staff costs",
    ):
        assert text in lines
        assert text in overview


def test_a_line_entered_before_its_category_became_a_flat_rate_does_not_count(app: Flask, manager: FlaskClient):
    with app.app_context():
        store_lines("lps", {("office",): 5000, ("staff",): 10000})
        set_flat_rates("lps", office_on_staff=10)
    page = manager.get(f"{BUDGET}/lines")
    rows = {row[0]: row[-1] for row in read_table(page, "Budget of Lithuanian Prison Service")}
    assert rows["Total"] == "€110.00"
    assert "Amounts that were entered for categories which are a flat rate by now do not count." in page_text(page)


def test_refused_amounts_stand_at_their_boxes_and_nothing_is_stored(app: Flask, manager: FlaskClient):
    answer = send_form(manager, LPS, line_staff_0_0="1,234", line_travel_0_0="-5", line_external_0_0="12", **WHY)
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {"line_staff_0_0"}
    assert read_fields(answer)["line_staff_0_0"] == "1,234"
    answer = send_form(manager, LPS, line_travel_0_0="-5", **WHY)
    assert answer.status_code == 422
    below = "Travel and accommodation: A budget is not below zero. Enter zero or more, or leave it empty."
    assert read_summary(answer) == [below]
    assert lines(app) == []


def test_a_running_project_asks_why_and_from_when(app: Flask, manager: FlaskClient):
    answer = send_form(manager, LPS, line_staff_0_0="5", valid_from="")
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {"reason", "valid_from"}
    assert lines(app) == []


def test_an_empty_box_takes_the_line_away_and_other_layouts_are_kept(app: Flask, manager: FlaskClient):
    with app.app_context():
        store_lines("lps", {("staff", 1, 0): 100, ("staff", 0, 0): 200})
    page = manager.get(f"{LPS}?by=total")
    assert "Staff costs, work package 1: €1.00" in page_text(page)
    assert send_form(manager, f"{LPS}?by=total", line_staff_0_0="", **WHY).status_code == 302
    assert lines(app) == [("lps", "staff", 1, 0, 100)]


def test_a_stale_form_keeps_what_was_typed_and_says_what_differs(app: Flask, manager: FlaskClient):
    fields = {**read_fields(manager.get(LPS)), "line_staff_0_0": "7", **WHY}
    with app.app_context():
        store_lines("lpro", {("travel",): 300})
        store_lines("lps", {("staff",): 900})
    answer = manager.post(LPS, data=fields)
    assert answer.status_code == 409
    assert read_table(answer, "What differs")[1] == ["Staff costs", "9.00", "7.00"]
    assert read_fields(answer)["line_staff_0_0"] == "7.00"
    again = manager.post(LPS, data={**read_fields(answer), **WHY})
    assert again.status_code == 302
    assert ("lps", "staff", 0, 0, 700) in lines(app)


def test_contributions_are_compared_with_the_partner_contribution(app: Flask, manager: FlaskClient):
    address = f"{BUDGET}/contributions/lpro/edit"
    answer = send_form(manager, address, own_amount="16 000", national_amount="500", national_name="Ministry", **WHY)
    assert answer.status_code == 302
    rows = read_table(manager.get(f"{BUDGET}/lines"), "Where the partner contribution of Lithuanian Probation")
    assert rows[1:3] == [["Own money", "–", "€16,000.00"], ["National co-financing", "Ministry", "€500.00"]]
    assert rows[3:] == [["Sum", "€16,500.00"], ["Partner contribution", "€16,704.23"], ["Difference", "+€204.23"]]
    answer = send_form(manager, address, national_amount="", **WHY)
    assert answer.status_code == 422
    assert set(read_errors(answer)) == {"national_amount"}


def test_versions_show_only_what_differs_with_its_sums(app: Flask, manager: FlaskClient):
    assert "The first change makes the first version." in page_text(manager.get(f"{BUDGET}/versions"))
    with app.app_context():
        store_lines("lps", {("staff",): 10000, ("travel", 1): 5000})
        store_lines("lps", {("staff",): 8000, ("travel", 1): None, ("external", 2): 500})
        store_contributions("lps", own=("", 100))
    rows = read_table(manager.get(f"{BUDGET}/versions"), "Versions, latest first")
    assert [row[0] for row in rows[1:]] == ["Version 3", "Version 2", "Version 1"]
    assert rows[1][1:3] == ["1 November 2026", "The programme has approved the change."]
    changed = read_table(manager.get(f"{BUDGET}/versions/2"), "Budget lines that differ")
    assert [row[1:] for row in changed[1:4]] == [
        ["Staff costs", "–", "–", "€100.00", "€80.00", "-€20.00"],
        ["Travel and accommodation", "1", "–", "€50.00", "–", "-€50.00"],
        ["External expertise and services", "2", "–", "–", "€5.00", "+€5.00"],
    ]
    assert changed[-2:] == [
        ["Lithuanian Prison Service", "€150.00", "€85.00", "-€65.00"],
        ["Sum", "€150.00", "€85.00", "-€65.00"],
    ]
    third = dict(read_tables(manager.get(f"{BUDGET}/versions/3")))
    assert list(third) == ["Contributions that differ, in EUR"]
    assert manager.get(f"{BUDGET}/versions/4").status_code == 404


@pytest.mark.parametrize("path", ["lines", "versions", "versions/1"])
def test_members_read_the_budget_but_associated_partners_do_not(app: Flask, manager: FlaskClient, path: str):
    with app.app_context():
        store_lines("lps", {("staff",): 10000})
    assert sign_in_as(app, Role.VIEWER).get(f"{BUDGET}/{path}").status_code == 200
    assert sign_in_as(app, Role.PARTNER, "lpro").get(f"{BUDGET}/{path}").status_code == 200
    assert sign_in_as(app, Role.PARTNER, ASSOCIATED).get(f"{BUDGET}/{path}").status_code == 404


def test_only_managers_edit_and_nobody_an_associated_partner_or_a_closed_project(app: Flask, manager: FlaskClient):
    assert sign_in_as(app, Role.FINANCE, "lps").get(LPS).status_code == 403
    assert manager.get(f"{BUDGET}/lines/{ASSOCIATED}/edit").status_code == 409
    assert manager.get(f"{BUDGET}/lines/nobody/edit").status_code == 404
    assert manager.get(f"{LPS}?by=week").status_code == 422
    fields = {**read_fields(manager.get(LPS)), "line_staff_0_0": "7", **WHY}
    with app.app_context():
        move_project(PROJECT, "closed", version=1, now=NOW)
    assert manager.get(LPS).status_code == 409
    answer = manager.post(LPS, data=fields)
    assert answer.status_code == 409
    assert read_fields(answer)["line_staff_0_0"] == "7.00"
    assert "Enter budget lines" not in page_text(manager.get(f"{BUDGET}/lines"))
