"""Changing several items of the register at once: shown before, all or none, never over someone else's change."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.budget.queries.items import draft_of, get_item
from portal.budget.services.items import change_item, change_items
from portal.projects.queries import get_project, list_work_packages
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_fields, read_summary
from tests.make import PROJECT, make_item, make_other_project, make_project, noted_queries, sign_in_as

REGISTER = f"/projects/{PROJECT}/expenditure"
CHANGE = f"{REGISTER}/change"


@pytest.fixture
def register(app: Flask) -> Flask:
    """Two open items of lpro, one of ols, one of lpro that is submitted, and the salary of somebody at lpro."""
    with app.app_context():
        make_project()
        make_item("lpro", "L-1", invoice_number="L 1")
        make_item("lpro", "L-2", invoice_number="L 2", payment_date=None)
        make_item("ols", "O-1")
        make_item("lpro", "L-3", state="submitted", report_number=1, eur_cents=100_00)
        make_item("lpro", "L-4", category="staff", supplier="", invoice_number="", invoice_date=None)
    return app


def show(browser: FlaskClient, *items: int, **changes: Any) -> dict[str, Any]:
    """The fields of the page that shows what would change."""
    page = browser.get(CHANGE, query_string={"item": items})
    answer = browser.post(CHANGE, data={**read_fields(page), "item": list(items), **changes})
    assert answer.status_code == 200, read_summary(answer)
    return {**read_fields(answer), "item": list(items)}


def confirm(browser: FlaskClient, fields: dict[str, Any]) -> Any:
    return browser.post(CHANGE, data={**fields, "confirm": "yes"})


def stored(app: Flask, *items: int) -> list[tuple[str, date | None, int]]:
    """Category, payment date and version of these items."""
    with app.app_context():
        found = [get_item(PROJECT, each) for each in items]
        return [(each.category, each.payment_date, each.version) for each in found]


def test_what_will_change_is_shown_and_then_done(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    fields = show(browser, 1, 2, category="travel", payment_date="2026-04-02")
    assert stored(register, 1)[0][0] == "external"
    answer = confirm(browser, fields)
    assert (answer.status_code, answer.location) == (302, REGISTER)
    paid = date(2026, 4, 2)
    assert [each[:2] for each in stored(register, 1, 2)] == [("travel", paid), ("travel", paid)]
    assert "2 items are changed." in page_text(browser.get(REGISTER))


@pytest.mark.parametrize(("language", "day"), [("en", "2 April 2026"), ("lt", "2026-04-02"), ("pl", "02.04.2026")])
def test_what_will_change_is_said_as_the_language_of_the_page_writes_it(register: Flask, language: str, day: str):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    fields = read_fields(browser.get(f"{CHANGE}?lang={language}&item=1"))
    with register.app_context():
        package = get_project(PROJECT).work_packages[0]
    changes = {"item": [1], "payment_date": "2026-04-02", "place": f"package-{package.id}"}
    text = page_text(browser.post(CHANGE, data={**fields, **changes}))
    assert day in text
    if language == "en":
        assert "Work package 1: " in text


@pytest.mark.parametrize("items", [[9999999999], [2147483648], [1, 2147483648], [1, 999]])
def test_an_item_that_there_is_not_is_said_rather_than_left_out(register: Flask, items: list[int]):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    answer = browser.get(CHANGE, query_string={"item": items})
    assert (answer.status_code, "There is no such item of expenditure" in page_text(answer)) == (404, True)


def test_a_change_of_many_items_takes_no_more_statements_than_of_a_few(app: Flask):
    with app.app_context():
        make_project()
        items = [make_item("lpro", f"N-{each}", activity="1.1") for each in range(40)]

    def change(some: list[int], category: str, number: str) -> int:
        with app.app_context():
            packages = list_work_packages(PROJECT)
            wanted = next(each.id for package in packages for each in package.activities if each.number == number)
            versions = {each: get_item(PROJECT, each).version for each in some}
        with noted_queries(app) as statements, app.app_context():
            change_items(PROJECT, versions, {"category": category, "activity_id": wanted}, now=NOW)
        return len(statements)

    assert change(items, "travel", "2.4") <= change(items[:2], "external", "1.1") + 3


def test_what_is_left_as_it_is_stays(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    confirm(browser, show(browser, 1, 2, category="travel"))
    assert [each[:2] for each in stored(register, 1, 2)] == [("travel", date(2026, 3, 20)), ("travel", None)]


def test_items_get_an_activity_and_lose_it_again(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    with register.app_context():
        make_item("lpro", "L-9", invoice_number="L 9", activity="2.1")
        activity_id = get_item(PROJECT, 6).activity_id
    confirm(browser, show(browser, 1, 3, place=f"activity-{activity_id}"))
    with register.app_context():
        assert [get_item(PROJECT, each).activity_id for each in (1, 3)] == [activity_id, activity_id]
        package_id = get_item(PROJECT, 1).activity.work_package_id
    confirm(browser, show(browser, 1, place=f"package-{package_id}"))
    confirm(browser, show(browser, 3, place="none"))
    with register.app_context():
        items = [get_item(PROJECT, each) for each in (1, 3)]
        found = [(each.activity_id, each.work_package_id) for each in items]
    assert found == [(None, package_id), (None, None)]


CLEARED = "Items of staff keep no supplier, tax number, invoice number, invoice date, VAT and contract"


def test_what_becomes_a_salary_loses_supplier_and_invoice_and_the_page_says_so(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    page = browser.get(CHANGE, query_string={"item": [1, 2]})
    asked = {**read_fields(page), "item": [1, 2]}
    assert CLEARED in page_text(browser.post(CHANGE, data={**asked, "category": "staff"}))
    assert CLEARED not in page_text(browser.post(CHANGE, data={**asked, "category": "travel"}))
    assert confirm(browser, show(browser, 1, 2, category="staff")).status_code == 302
    with register.app_context():
        for item in (get_item(PROJECT, 1), get_item(PROJECT, 2)):
            assert (item.category, item.description) == ("staff", "Catering")
            assert (item.supplier, item.supplier_tax_number, item.invoice_number) == ("", "", "")
            assert (item.invoice_date, item.vat_cents, item.contract_id) == (None, None, None)
    manager = sign_in_as(register, Role.MANAGER)
    assert "Catering and Sons" not in manager.get(f"{REGISTER}?category=staff").text


def test_the_choice_can_be_gone_back_to(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    fields = show(browser, 1, category="travel")
    answer = browser.post(CHANGE, data={**fields, "again": "yes"})
    assert (answer.status_code, read_fields(answer)["category"]) == (200, "travel")
    assert stored(register, 1)[0][0] == "external"


def test_an_item_that_someone_else_has_changed_meanwhile_stops_all_and_is_named(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    fields = show(browser, 1, 2, category="travel")
    with register.app_context():
        draft = draft_of(get_item(PROJECT, 2))
        change_item(PROJECT, 2, draft._replace(description="Other"), version=1, now=NOW)
    answer = confirm(browser, fields)
    assert answer.status_code == 409
    assert "L-2" in " ".join(read_summary(answer))
    assert [each[0] for each in stored(register, 1, 2)] == ["external", "external"]
    # What was chosen is still there, and can be sent over the items as they are now.
    again = {**read_fields(answer), "item": [1, 2]}
    assert again["category"] == "travel"
    assert confirm(browser, again).status_code == 302
    assert [each[0] for each in stored(register, 1, 2)] == ["travel", "travel"]


def test_a_submitted_item_stops_all(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    answer = confirm(browser, show(browser, 1, 4, category="travel"))
    assert answer.status_code == 409
    assert "L-3" in " ".join(read_summary(answer))
    assert stored(register, 1)[0][0] == "external"


def test_nothing_to_change_is_said(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    page = browser.get(f"{CHANGE}?item=1")
    answer = browser.post(CHANGE, data={**read_fields(page), "item": 1})
    assert answer.status_code == 422
    assert read_summary(answer) == ["Nothing is to be changed yet. Choose what shall become of the items."]


def test_items_of_others_and_salaries_that_are_kept_from_one_are_not_changed(register: Flask):
    officer, manager = sign_in_as(register, Role.FINANCE, "lpro"), sign_in_as(register, Role.MANAGER)
    assert officer.get(f"{CHANGE}?item=1&item=3").status_code == 404
    assert manager.get(f"{CHANGE}?item=1&item=5").status_code == 403
    assert officer.get(f"{CHANGE}?item=1&item=5").status_code == 200
    assert sign_in_as(register, Role.AUDITOR).get(f"{CHANGE}?item=1").status_code == 403


def test_versions_of_items_that_are_not_named_change_nothing(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    fields = show(browser, 1, category="travel")
    assert confirm(browser, {**fields, "versions": "1:1,3:1"}).status_code == 302
    assert [each[0] for each in stored(register, 1, 3)] == ["travel", "external"]


def test_where_nothing_is_ticked_the_list_says_so(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    answer = browser.get(CHANGE, query_string={"back": "state=open&ticked=all"})
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}?state=open")
    assert "No item is ticked." in page_text(browser.get(answer.location))


@pytest.mark.parametrize("asked", ["?item=x", "?item=-1", "?item=" + "9" * 30])
def test_no_item_is_a_plain_message(register: Flask, asked: str):
    answer = sign_in_as(register, Role.MANAGER).get(CHANGE + asked)
    assert answer.status_code == 422
    assert "No item is chosen." in page_text(answer)


def test_more_than_a_hundred_items_are_refused(register: Flask):
    answer = sign_in_as(register, Role.MANAGER).get(CHANGE, query_string={"item": list(range(1, 102))})
    assert answer.status_code == 422
    assert "No more than 100 items can be changed at once." in page_text(answer)


def test_another_projects_items_are_not_found(register: Flask):
    with register.app_context():
        foreign = make_item("lpro", "X-1", project_code=make_other_project())
    assert sign_in_as(register, Role.MANAGER).get(f"{CHANGE}?item={foreign}").status_code == 404


def test_one_comes_back_to_the_list_as_it_was_filtered(register: Flask):
    browser = sign_in_as(register, Role.FINANCE, "lpro")
    page = browser.get(f"{CHANGE}?item=1&back=state%3Dopen%26page%3D1%26_external%3D1")
    assert links_of(page)["← Expenditure"] == f"{REGISTER}?state=open&page=1"


def test_contracts_are_offered_for_items_of_one_organisation(register: Flask):
    browser = sign_in_as(register, Role.MANAGER)
    assert read_fields(browser.get(f"{CHANGE}?item=1&item=2"))["contract"] == ""


def test_a_closed_project_shows_no_form(register: Flask):
    with register.app_context():
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    assert sign_in_as(register, Role.MANAGER).get(f"{CHANGE}?item=1").status_code == 409
