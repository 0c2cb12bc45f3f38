"""A training in Olsztyn: opened for registration, filled from phones, passed on, signed, entered, and counted."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.jobs import mail
from portal.jobs.models import Mail
from tests.browser.test_outcomes_story import WORKSHOPS, figures
from tests.browser.test_story import assert_accessible, sign_in
from tests.conftest import NOW
from tests.make import make_demo, make_event

pytestmark = pytest.mark.sqlite_only

PHONE = {"width": 390, "height": 800}
STARTS = datetime(2026, 11, 27, 10, 0)


@pytest.fixture
def event_page(app: Flask) -> Iterator[str]:
    """The page of a joint training in a week with two seats; the clock is the portal's again at the end."""
    with app.app_context():
        make_demo()
        ends = STARTS + timedelta(hours=6)
        event_id = make_event(
            ref="OLS", kind="training", organisers=["ols", "lps"], starts=STARTS, ends=ends, capacity=2, country="PL"
        )
    yield f"/projects/LTPL00388/events/{event_id}"
    clock.stand_still(NOW)


@pytest.fixture
def open_phone(open_window: Callable[[], Page]) -> Callable[[], Page]:
    """Opens windows as wide as a phone."""

    def open_one() -> Page:
        phone = open_window()
        phone.set_viewport_size(PHONE)
        return phone

    return open_one


def check_phone(page: Page) -> None:
    assert_accessible(page)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def open_registration(page: Page, event_page: str) -> str:
    """Open registration with what the form proposes; return the address that people are given."""
    page.goto(event_page)
    page.get_by_role("link", name="Open registration").first.click()
    check_phone(page)
    page.get_by_role("button", name="Open registration").click()
    check_phone(page)
    return page.get_by_label("Link to the registration page").input_value()


def register(page: Page, address: str, language: str, name: str) -> None:
    page.goto(f"{address}?lang={language}")
    check_phone(page)
    page.locator("#name").fill(name)
    page.locator("#email").fill(f"{name.split()[0].lower()}@example.org")
    page.locator("#consent").check()
    page.locator("main form button.btn-primary").click()
    check_phone(page)


def latest_mail(app: Flask, recipient: str) -> tuple[str, str]:
    """The language and the text of the latest mail to somebody."""
    with app.app_context():
        row = db.session.scalars(select(Mail).where(Mail.recipient == recipient).order_by(Mail.id.desc())).first()
        assert row is not None
        said = row.language, mail.render(row.kind, row.language, row.values).text
        db.session.remove()
    return said


def link_in(text: str) -> str:
    """The path of the personal link in a mail."""
    [address] = [word for word in text.split() if "/register/" in word and "key=" in word]
    return address[address.index("/register/") :]


def confirm(app: Flask, page: Page, recipient: str, button: str) -> None:
    page.goto(link_in(latest_mail(app, recipient)[1]))
    page.get_by_role("button", name=button).click()
    check_phone(page)


def test_from_open_registration_to_the_outcome_table(app: Flask, open_phone: Callable[[], Page], event_page: str):
    organiser, piotr, ona, ieva = (open_phone() for _ in range(4))
    sign_in(organiser, "ols@example.org")
    address = open_registration(organiser, event_page)
    address = address[address.index("/register/") :]

    register(piotr, address, "pl", "Piotr Łukasik")
    register(ona, address, "lt", "Ona Žukauskė")
    register(ieva, address, "lt", "Ieva Čiurlytė")
    expect(ieva.locator("h2#state")).to_have_text("Jūsų vieta eilėje – pirmoji.")
    confirm(app, piotr, "piotr@example.org", "Potwierdź")
    confirm(app, ona, "ona@example.org", "Patvirtinti")

    piotr.get_by_role("button", name="Zrezygnuj").click()
    language, _ = latest_mail(app, "ieva@example.org")
    assert language == "lt"
    confirm(app, ieva, "ieva@example.org", "Priimti")

    organiser.goto(f"{event_page}/registration/list")
    check_phone(organiser)
    for name in ("Piotr Łukasik", "Ona Žukauskė", "Ieva Čiurlytė"):
        expect(organiser.get_by_text(name)).to_be_visible()

    clock.stand_still(NOW + timedelta(days=7))
    sign_in(organiser, "ols@example.org")
    organiser.goto(event_page)
    organiser.get_by_role("link", name="Record attendance").first.click()
    check_phone(organiser)
    for _ in range(2):
        organiser.keyboard.press("Enter")
    organiser.get_by_label("Signatures on the sheet").fill("3")
    organiser.locator("#name").fill("Eva Late")
    organiser.keyboard.press("Enter")
    expect(organiser.locator("#tally")).to_contain_text("Both agree.")

    organiser.locator(".unnamed").get_by_label("Other").fill("12")
    organiser.get_by_role("button", name="Save the numbers").click()
    expect(organiser.locator("#tally")).to_contain_text("12 without names")
    organiser.goto("/projects/LTPL00388/outcomes")
    before = figures(organiser, WORKSHOPS)[1] or 0
    organiser.goto(event_page)
    organiser.get_by_role("button", name="Mark as held").first.click()
    organiser.goto("/projects/LTPL00388/outcomes")
    assert (figures(organiser, WORKSHOPS)[1] or 0) == before + 15
