"""The main job in the browser: a partner logs the volleyball tournament and the outcome table moves."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from portal.demo import DEMO_PASSWORD
from tests.make import make_demo_without_activity

INITIATIVES = "Active participation of community members and convicted persons in joint initiatives"
PUBLIC_EVENTS = "Jointly organised cross-border public events"
SUM = "Participations in joint cross-border actions"


@pytest.fixture
def project(app: Flask) -> None:
    """LTPL00388 with the demo accounts and without example activity."""
    with app.app_context():
        make_demo_without_activity()


def sign_in(page: Page, email: str) -> None:
    page.goto("/login?lang=en")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def figures(page: Page, name: str) -> list[str]:
    """Expected and achieved of the row that the page shows under this name."""
    row = page.get_by_role("row").filter(has_text=name)
    return [text.split()[0] for text in row.get_by_role("cell").all_inner_texts()[:2]]


def log_tournament(page: Page) -> None:
    page.get_by_role("link", name="Log an event").click()
    fill_tournament(page)
    page.get_by_role("button", name="Save the event").click()


def fill_tournament(page: Page) -> None:
    page.get_by_label("Title in English").fill("Volleyball tournament")
    page.get_by_label("Kind of event").select_option("tournament")
    page.get_by_label("Activity of the project").select_option("2.4")
    page.get_by_label("Regional Prison Inspectorate in Olsztyn").check()
    page.get_by_label("Starts").fill("2026-06-06T11:00")
    page.get_by_label("Ends").fill("2026-06-06T18:00")
    page.get_by_label("Country").select_option("LT")
    page.get_by_label("Public: open to everyone").check()


def enter_headcounts(page: Page) -> None:
    page.get_by_role("link", name="Enter headcounts").first.click()
    page.get_by_label("Community members").fill("40")
    page.get_by_label("Convicted persons").fill("16")
    page.get_by_role("button", name="Save the numbers").click()
    page.get_by_role("button", name="Mark as held").click()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.usefixtures("project")
def test_a_partner_logs_the_tournament_and_the_table_moves(page: Page, tmp_path: Path):
    sign_in(page, "lps@example.org")
    page.get_by_role("link", name="Outcomes").first.click()
    assert figures(page, INITIATIVES) == ["132", "–"]
    page.get_by_role("link", name="Home").first.click()
    log_tournament(page)
    expect(page.get_by_text("Joint, because organisers come from Lithuania and Poland.")).to_be_visible()
    enter_headcounts(page)
    expect(page.get_by_text("Counts 56")).to_be_visible()
    page.get_by_role("link", name="Outcomes").first.click()
    assert figures(page, INITIATIVES) == ["132", "56"]
    assert figures(page, PUBLIC_EVENTS) == ["2", "1"]
    assert figures(page, SUM) == ["348", "56"]
    assert_workbook_agrees(page, tmp_path)
    page.get_by_role("link", name="56").last.click()
    expect(page.get_by_role("link", name="Volleyball tournament")).to_be_visible()
    assert_public_page_agrees(page)


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("project")
def test_going_back_and_sending_the_form_again_makes_no_second_event(page: Page):
    sign_in(page, "lps@example.org")
    log_tournament(page)
    expect(page.get_by_text("The event is stored.")).to_be_visible()
    event = page.url
    page.go_back()
    expect(page.get_by_label("Title in English")).to_be_visible()
    fill_tournament(page)
    page.get_by_role("button", name="Save the event").click()
    expect(page).to_have_url(event)


def assert_workbook_agrees(page: Page, folder: Path) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as XLSX").click()
    download.value.save_as(folder / "outcomes.xlsx")
    rows = CalamineWorkbook.from_path(folder / "outcomes.xlsx").get_sheet_by_name("Outcomes").to_python()
    assert [row[1:3] for row in rows[1:4]] == [[348, 56], [216, ""], [132, 56]]


def assert_public_page_agrees(page: Page) -> None:
    for language, name in (("en", INITIATIVES), ("lt", "Aktyvus bendruomenės narių"), ("pl", "Aktywne uczestnictwo")):
        page.goto(f"/public/LTPL00388?lang={language}")
        assert figures(page, name) == ["132", "56"]


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("project")
def test_every_page_of_the_story_is_accessible(page: Page):
    sign_in(page, "lps@example.org")
    log_tournament(page)
    event = page.url
    enter_headcounts(page)
    project = "/projects/LTPL00388"
    pages = ["", "/plan", "/plan/activities/2.4", "/events", "/events/new", "/outcomes"]
    pages += ["/outcomes/initiatives", "/outcomes/organisations"]
    addresses = [f"{project}{path}" for path in [*pages, "/outcomes/joint_actions", "/partners"]]
    forms = ["/edit", "/headcounts", "/participants", "/participants/new", "/participants/new-code"]
    for address in ["/", "/public/LTPL00388", *addresses, event, *(f"{event}{path}" for path in forms)]:
        page.goto(address)
        assert_accessible(page)


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("project")
def test_the_keyboard_alone_signs_in(page: Page):
    page.goto("/login?lang=en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("E-mail").focus()
    page.keyboard.type("manager@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Networking towards")


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("project")
def test_no_page_scrolls_sideways_on_the_narrowest_phone(page: Page):
    page.set_viewport_size({"width": 320, "height": 800})
    sign_in(page, "manager@example.org")
    activity = "/plan/activities/2.4"
    for path in ("", "/plan", activity, f"{activity}/progress", "/events", "/events/new", "/outcomes", "/partners"):
        page.goto(f"/projects/LTPL00388{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("project")
def test_the_opened_menu_of_a_phone_is_a_place_of_its_own(page: Page):
    sign_in(page, "manager@example.org")
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_text("Menu", exact=True).click()
    menu = page.get_by_role("navigation", name="Menu", exact=True)
    expect(menu.get_by_role("link", name="Surveys")).to_be_visible()
    labels = [each.get_attribute("aria-label") for each in page.get_by_role("navigation").all()]
    assert len(labels) == len(set(labels))
    assert_accessible(page)
