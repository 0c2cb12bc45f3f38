"""Ticking a paper list by keyboard, two windows at one sheet, and a helper's phone at the door."""

from collections.abc import Callable
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from portal.activities.queries.marking import list_people
from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.checkin import make_link
from portal.core.db import db
from portal.demo import DEMO_PASSWORD
from tests.conftest import NOW
from tests.make import make_demo, make_event, make_headcounts, make_people

pytestmark = pytest.mark.sqlite_only

FIRST_NAMES = ("Agata", "Bronius", "Celina", "Darius", "Ewa", "Feliksas", "Gabija", "Henryk", "Irena", "Jonas")
LAST_NAMES = ("Adamska", "Žukauskas", "Łukasik", "Nowak", "Petraitis")
PEOPLE = [f"{first} {last}" for last in LAST_NAMES for first in FIRST_NAMES]
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def event_id(app: Flask) -> int:
    """A workshop on the day of the clock with fifty people registered and twelve counted without names."""
    with app.app_context():
        make_demo()
        event_id = make_event(ref="TODAY", starts=datetime(2026, 11, 20, 10, 0), ends=datetime(2026, 11, 20, 16, 0))
        for number, name in enumerate(PEOPLE):
            make_people(event_id, [f"p{number}@example.org"], name=name, status="registered")
        make_headcounts(event_id, HeadcountDraft("unknown", 12))
        return event_id


def sign_in(page: Page, email: str = "ols@example.org") -> None:
    page.goto("/login?lang=en")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def open_sheet(page: Page, event_id: int) -> None:
    page.goto(f"/projects/LTPL00388/events/{event_id}")
    page.get_by_role("link", name="Record attendance").first.click()
    expect(page.get_by_role("heading", name="Record attendance")).to_be_visible()


def there(app: Flask, event_id: int) -> list[str]:
    with app.app_context():
        found = [person.label for person in list_people(event_id, 1) if person.is_present]
        db.session.remove()
        return found


def test_31_of_50_people_are_ticked_by_keyboard_alone(app: Flask, page: Page, event_id: int):
    sign_in(page)
    open_sheet(page, event_id)
    expect(page.get_by_label("Type two letters")).to_be_focused()
    keys = page.keyboard
    # In the order of the sheet: the first twenty one after the other, then every other one.
    for _ in range(20):
        keys.press("Enter")
    for _ in range(10):
        keys.press("ArrowDown")
        keys.press("Enter")
    expect(page.locator("#entered")).to_have_text("30")
    # And one by letters without their signs: Łukasik, Jonas is the last of his kind.
    keys.type("zukauskas")
    expect(page.locator("#jump-said")).to_contain_text("Žukauskas. Enter marks.")
    for _ in range(9):
        keys.press("Backspace")
    keys.type("50")
    keys.press("Enter")
    expect(page.locator("#entered")).to_have_text("31")
    assert len(there(app, event_id)) == 31
    page.get_by_label("Signatures on the sheet").fill("33")
    for name in ("Eva Late", "Tomas Later"):
        page.locator("#name").fill(name)
        keys.press("Enter")
        expect(page.locator(".ticks .who", has_text=name)).to_be_visible()
    tally = page.locator("#tally")
    expect(tally).to_contain_text("Entered 33")
    expect(tally).to_contain_text("Sheet says 33")
    expect(tally).to_contain_text("12 without names")
    expect(tally).to_contain_text("Both agree.")
    assert len(there(app, event_id)) == 33


def test_the_last_mark_is_undone_beside_the_list(app: Flask, page: Page, event_id: int):
    sign_in(page)
    open_sheet(page, event_id)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#entered")).to_have_text("2")
    page.locator("#latest").get_by_role("button").first.click()
    expect(page.locator("#entered")).to_have_text("1")
    assert there(app, event_id) == ["Agata Adamska"]


def test_two_windows_do_not_undo_each_other(app: Flask, open_window: Callable[[], Page], event_id: int):
    first, second = open_window(), open_window()
    sign_in(first)
    sign_in(second, "lps@example.org")
    for page in (first, second):
        open_sheet(page, event_id)
    first.get_by_role("checkbox", name="Agata Adamska").check()
    expect(first.locator("#entered")).to_have_text("1")
    second.get_by_role("checkbox", name="Bronius Adamska").check()
    expect(second.locator("#entered")).to_have_text("2")
    second.get_by_role("button", name="Save the sheet").click()
    expect(second.get_by_role("checkbox", name="Agata Adamska")).to_be_checked()
    assert there(app, event_id) == ["Agata Adamska", "Bronius Adamska"]


def test_a_tick_that_could_not_be_saved_goes_with_the_form(app: Flask, page: Page, event_id: int):
    sign_in(page)
    open_sheet(page, event_id)
    page.route("**/attendance/mark**", lambda route: route.abort())
    page.get_by_role("checkbox", name="Agata Adamska").check()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    assert there(app, event_id) == []
    page.get_by_role("button", name="Save the sheet").click()
    expect(page.get_by_text("The sheet is saved.")).to_be_visible()
    assert there(app, event_id) == ["Agata Adamska"]


def test_the_sheet_fits_a_phone_and_can_be_heard(page: Page, event_id: int):
    sign_in(page)
    page.set_viewport_size(PHONE)
    open_sheet(page, event_id)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_helpers_mark_by_tap_and_by_letters_on_two_phones(app: Flask, open_window: Callable[[], Page], event_id: int):
    with app.app_context():
        address = f"/checkin/{make_link(event_id, now=NOW)}?lang=en"
    first, second = open_window(), open_window()
    for phone in (first, second):
        phone.set_viewport_size(PHONE)
        phone.goto(address)
    results = Axe().run(first)
    assert results.violations_count == 0, results.generate_report()
    assert not first.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    first.get_by_role("button", name="Mark 1 A. A.").click()
    expect(first.locator("#said")).to_have_text("1 A. A.: marked at 14:00.")
    second.get_by_role("button", name="Mark 1 A. A.").click()
    expect(second.locator("#said")).to_have_text("1 A. A.: already marked at 14:00.")
    second.get_by_label("Number on the sheet").fill("50")
    second.keyboard.press("Enter")
    expect(second.locator("#present")).to_have_text("2")
    first.get_by_role("button", name="Undo 1 A. A.").click()
    expect(first.locator("#present")).to_have_text("1")
    # And again: each press counts, not only the first of its kind.
    first.get_by_role("button", name="Mark 1 A. A.").click()
    expect(first.locator("#present")).to_have_text("2")
    assert len(there(app, event_id)) == 2
