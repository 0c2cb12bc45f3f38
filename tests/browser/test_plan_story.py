"""A project made with the mouse alone, and a year of events brought from spreadsheets, in the browser."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from portal.core.tables import Column, Sheet, write_xlsx
from tests.browser.test_story import assert_accessible, figures, sign_in
from tests.make import make_demo_without_activity

PROJECT = "/projects/LTPL00388"
WORKSHOPS = "Participation in workshops and training activities"
EVENTS, PEOPLE = 40, 30


@pytest.fixture
def project(app: Flask) -> None:
    """LTPL00388 with the demo accounts and without example activity."""
    with app.app_context():
        make_demo_without_activity()


def header_of(page: Page, kind: str, folder: Path) -> list[str]:
    """The columns of the template that the page hands out."""
    with page.expect_download() as download:
        page.get_by_role("link", name=f"{kind}: template").click()
    download.value.save_as(folder / "template.xlsx")
    return [
        str(name) for name in CalamineWorkbook.from_path(folder / "template.xlsx").get_sheet_by_index(0).to_python()[0]
    ]


def workbook(header: Sequence[str], rows: Sequence[dict[str, str]]) -> io.BytesIO:
    """A file with these columns and rows, as a person fills it in."""
    cells = [[row.get(name, "") for name in header] for row in rows]
    return io.BytesIO(write_xlsx([Sheet("Data", [Column(name) for name in header], cells)]))


def event_rows() -> list[dict[str, str]]:
    """Forty joint workshops, one a day, from 2 March 2026 on."""
    return [
        {
            "ref": f"W{number:02}",
            "title": f"Workshop {number}",
            "kind": "workshop",
            "activity": "1.1",
            "start": f"2026-{3 + number // 20:02}-{2 + number % 20:02} 10:00",
            "end": f"2026-{3 + number // 20:02}-{2 + number % 20:02} 15:00",
            "country": "LT",
            "organisers": "lps;ols",
            "status": "held",
        }
        for number in range(EVENTS)
    ]


def people_rows() -> list[dict[str, str]]:
    """Thirty professionals at each of the forty workshops."""
    return [
        {"event": f"W{number:02}", "participant": f"P{person:02}", "country": "LT", "group": "professional"}
        for number in range(EVENTS)
        for person in range(PEOPLE)
    ]


def upload(page: Page, kind: str, name: str, content: io.BytesIO) -> None:
    page.goto(f"{PROJECT}/imports/new")
    page.get_by_role("link", name=f"{kind}: upload a file", exact=True).click()
    page.get_by_label("File").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content.getvalue()}
    )
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.usefixtures("project")
def test_a_partner_brings_a_year_of_events_mends_three_rows_and_undoes_the_attendance(page: Page, tmp_path: Path):
    sign_in(page, "lps@example.org")
    page.goto(f"{PROJECT}/imports/new")
    header = header_of(page, "Events", tmp_path)
    rows = event_rows()
    wrong = [dict(row) for row in rows]
    wrong[4]["kind"], wrong[11]["start"], wrong[29]["organisers"] = "wrkshop", "31.02.2026 10:00", "lps;oslo"
    upload(page, "Events", "events.xlsx", workbook(header, wrong))
    expect(page.get_by_role("row")).to_have_count(4)
    for row, column in ((6, "kind"), (13, "start"), (31, "organisers")):
        expect(page.get_by_role("row").filter(has_text=f"Row {row}")).to_contain_text(column)
    assert_accessible(page)
    page.get_by_role("link", name="Upload the corrected file").click()
    upload(page, "Events", "events.xlsx", workbook(header, rows))
    page.get_by_role("button", name="Import 40 rows").click()
    expect(page.get_by_role("link", name="Undo the import")).to_be_visible()
    bring_and_undo_attendance(page, tmp_path)


def bring_and_undo_attendance(page: Page, folder: Path) -> None:
    """1,200 rows of attendance are imported, imported again without effect, and taken away again."""
    page.goto(f"{PROJECT}/imports/new")
    attendance = workbook(header_of(page, "Participants", folder), people_rows())
    upload(page, "Participants", "attendance.xlsx", attendance)
    page.get_by_role("button", name="Import 1200 rows").click()
    expect(page.get_by_role("link", name="Undo the import")).to_be_visible()
    stored = page.url
    page.goto(f"{PROJECT}/outcomes")
    assert figures(page, WORKSHOPS) == ["216", "1,200"]
    upload(page, "Participants", "attendance.xlsx", attendance)
    expect(page.get_by_text("Everything in the file is stored already")).to_be_visible()
    page.goto(stored)
    page.get_by_role("link", name="Undo the import").click()
    page.get_by_role("button", name="Undo the import").click()
    page.goto(f"{PROJECT}/outcomes")
    assert figures(page, WORKSHOPS) == ["216", "0"]
    page.goto(f"{PROJECT}/events")
    expect(page.get_by_text("40 events")).to_be_visible()


def fill_in(page: Page, **values: str) -> None:
    """Fill the fields of the page's form with these names, and press its button."""
    form = page.locator("main form").filter(has=page.locator(f"[name={next(iter(values))}]"))
    for name, value in values.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    form.get_by_role("button").first.click()


@pytest.mark.usefixtures("project")
def test_a_manager_makes_the_next_project_with_the_mouse_alone(page: Page):
    sign_in(page, "manager@example.org")
    page.goto("/projects/")
    page.goto("/projects/new")
    facts = {"code": "NEXT-1", "title_en": "Two towns, one river", "programme": "Interreg", "fund": "ERDF"}
    days = {"cofinancing_rate": "80", "start": "2027-01-01", "last_day": "2028-12-31"}
    fill_in(page, **facts, **days, lead_key="town", lead_name_en="Town of Upper River", lead_country="LT")
    expect(page.get_by_text("In preparation").first).to_be_visible()
    for button, values in (
        (
            "Add an organisation",
            {"key": "village", "name_en": "Village of Lower River", "role": "partner", "country": "PL"},
        ),
        ("Add a period", {"start": "2027-01-01", "last_day": "2027-06-30"}),
        ("Add a work package", {"title_en": "Cleaning the river"}),
        ("Add an activity", {"title_en": "Cleaning days", "responsible": "village", "planned_first_day": "2027-03-01"}),
        ("Add a deliverable", {"title_en": "Report on the river", "due_day": "2027-06-15"}),
    ):
        page.get_by_role("link", name=button).first.click()
        fill_in(page, **values)
        expect(page.get_by_text("Added.")).to_be_visible()
    page.get_by_role("link", name="Add an indicator").click()
    page.get_by_role("link", name="Participations").first.click()
    fill_in(page, key="people", name_en="Participations in cleaning days", target="400")
    page.get_by_role("link", name="Start the project").first.click()
    page.get_by_role("button", name="Start the project").click()
    page.goto("/projects/NEXT-1/plan")
    expect(page.get_by_role("row", name="1.1 Cleaning days")).to_contain_text("Village of Lower River")
    expect(page.get_by_role("row").filter(has_text="Participations in cleaning days")).to_contain_text("400")
    assert_accessible(page)
