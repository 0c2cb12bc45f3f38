"""A project made with the mouse alone, from nothing until it runs and is closed."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.projects.queries.structure import get_structure
from portal.projects.queries.versions import list_versions
from tests.integration.pages import links_of, page_text, read_errors, read_table
from tests.integration.projects.typing import NEW, file_tables, fill, send, type_project
from tests.make import PROJECT, make_project, make_user, sign_in

CODE = "LTPL00777"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """The browser of an administrator who is a member of nothing."""
    with app.app_context():
        user_id = make_user(None, email="admin@example.org", admin=True)
    return sign_in(app.test_client(), user_id)


def test_a_project_typed_in_by_pages_equals_the_same_loaded_from_its_file(app: Flask, admin: FlaskClient):
    type_project(admin, file_tables(), CODE)
    with app.app_context():
        make_project()
        typed, loaded = get_structure(CODE).rows, get_structure(PROJECT).rows
    # What no page of the structure holds: other spellings of organisations.
    loaded["organisations"]["ols"]["aliases"] = []
    loaded["project"][""]["code"] = CODE
    assert typed == loaded
    assert [list(typed[table]) for table in typed] == [list(loaded[table]) for table in loaded]


SMALL = "/projects/SMALL-1"
PLACE = f"{SMALL}/structure"
REASON = {"reason": "The programme asked for more.", "valid_from": "2027-02-01"}


def begin_small_project(browser: FlaskClient) -> None:
    """Make the project with its lead partner, and look at what is missing."""
    assert links_of(browser.get("/projects/"))["New project"] == NEW
    page = fill(
        browser,
        NEW,
        code="SMALL-1",
        title_en="Two towns, one river",
        programme="Interreg VI-A Lithuania-Poland",
        fund="ERDF",
        cofinancing_rate="80",
        start="2027-01-01",
        last_day="2028-12-31",
        lead_key="town",
        lead_name_en="Town of Upper River",
        lead_country="LT",
    )
    assert page.request.path == PLACE
    assert "Status: In preparation" in page_text(page)
    assert "There are no activities." in page_text(page)


def plan_small_project(browser: FlaskClient) -> TestResponse:
    """Add the partner, a period, an activity with its deliverable, and an indicator; return the project's page."""
    fill(browser, f"{PLACE}/organisations/town/edit", budget="100 000,00")
    village = {"key": "village", "name_en": "Village of Lower River", "role": "partner", "country": "PL"}
    fill(browser, f"{PLACE}/organisations/new", **village, currency="PLN", budget="50,000.50")
    fill(browser, f"{PLACE}/periods/new", start="2027-01-01", last_day="2027-06-30")
    fill(browser, f"{PLACE}/work_packages/new", title_en="Cleaning the river")
    days = {"planned_first_day": "2027-03-01", "planned_last_day": "2027-05-31"}
    fill(browser, f"{PLACE}/activities/new?in=1", title_en="Joint cleaning days", responsible="village", **days)
    fill(browser, f"{PLACE}/deliverables/new?in=1.1", title_en="Report on the river", due_day="2027-06-15")
    people = {"key": "people", "name_en": "Participations in cleaning days", "target": "400"}
    return fill(browser, f"{PLACE}/indicators/new?kind=participations", **people, measure_joint="yes")


def test_a_small_project_is_planned_with_the_mouse_alone(app: Flask, admin: FlaskClient):
    begin_small_project(admin)
    page = plan_small_project(admin)
    assert read_table(page, "Organisations")[1:] == [
        ["Town of Upper River town", "Lead partner", "Lithuania", "€100,000.00", "Edit · Remove"],
        ["Village of Lower River village", "Project partner", "Poland", "€50,000.50", "Edit · Remove"],
    ]
    assert read_table(page, "Indicators")[1][1:3] == ["400", "Participations; Only joint events"]
    said = page_text(page)
    assert "1.1 Joint cleaning days Village of Lower River · 1 March 2027 – 31 May 2027" in said
    assert "D1.1.1 Report on the river, due on 15 June 2027" in said
    with app.app_context():
        rows = get_structure("SMALL-1").rows
    assert rows["activities"]["1.1"]["responsible"] == "village"
    assert rows["activities"]["1.1"]["planned_first_day"] == date(2027, 3, 1)
    assert rows["deliverables"]["D1.1.1"]["activity"] == "1.1"


def test_a_small_project_runs_changes_with_a_reason_and_is_closed(app: Flask, admin: FlaskClient):
    begin_small_project(admin)
    plan_small_project(admin)
    assert "Start the project" in page_text(admin.get(f"{SMALL}/status"))
    assert "Status: Running" in page_text(fill(admin, f"{SMALL}/status"))
    fill(admin, f"{PLACE}/activities/1.1/edit", title_lt="Bendros upės tvarkymo dienos")
    with app.app_context():
        assert [version.number for version in list_versions("SMALL-1")] == [1]

    refused = send(admin, f"{PLACE}/indicators/people/edit", target="500")
    assert (refused.status_code, list(read_errors(refused))) == (422, ["reason"])
    fill(admin, f"{PLACE}/indicators/people/edit", target="500", **REASON)
    page = admin.get(f"{SMALL}/versions/2")
    assert read_table(page, "What is agreed anew")[1:] == [
        ["Indicator Participations in cleaning days: Target", "400", "500"]
    ]
    assert read_table(page, "Changed freely since the version before")[1:] == [
        ["Activity 1.1: Title", "–", "Lietuvių: Bendros upės tvarkymo dienos"]
    ]
    assert "The programme asked for more." in page_text(admin.get(f"{SMALL}/versions"))

    fill(admin, f"{SMALL}/status")
    assert send(admin, f"{PLACE}/indicators/people/edit", code="RCO81").status_code == 409
    assert "Edit" not in links_of(admin.get(PLACE))
