"""Answering a survey on a phone, in each language, without JavaScript: from the consent to the thanks."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from portal.core.db import db
from portal.surveys.models import Response, Sitting
from tests.browser.surveying import PHONE, check_answering, choose, go_on, type_in
from tests.integration.surveys.studies import LANGUAGES, make_study
from tests.make import make_project

pytestmark = pytest.mark.sqlite_only

LINK = "/survey/trust-baseline-token"


@pytest.fixture
def survey(app: Flask) -> None:
    """A published survey in three languages whose first wave is open."""
    with app.app_context():
        make_project()
        make_study()


@pytest.fixture
def phone(open_window: Callable[[], Page]) -> Page:
    """A window as wide as a phone."""
    page = open_window()
    page.set_viewport_size(PHONE)
    return page


@pytest.fixture
def plain_phone(browser: Browser, address: str, phone: Page) -> Iterator[Page]:
    """A phone that runs no scripts, beside one that does."""
    context = browser.new_context(base_url=address, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        assert db.session.scalars(select(Sitting)).all() == []
        rows = list(db.session.scalars(select(Response)))
        db.session.expunge_all()
        db.session.remove()
    return rows


def answer(page: Page, language: str, checked: Callable[[Page], None]) -> None:
    """Answer the survey from its first page in this language."""
    page.goto(f"{LINK}?lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    checked(page)
    go_on(page)
    checked(page)
    choose(page, "country", "LT")
    go_on(page)
    checked(page)
    type_in(page, "c1").fill("ž")
    go_on(page)
    expect(page.get_by_text(f"People deserve a second chance. ({language})").first).to_be_visible()
    checked(page)
    for key in ("q1", "q2", "q3"):
        choose(page, key, "4")
    go_on(page)
    choose(page, "met", "yes")
    go_on(page)
    # The answer has led to another question on the same page.
    choose(page, "where", "work")
    checked(page)
    type_in(page, "why").fill("Ačiū, żółw.")
    go_on(page)
    checked(page)
    go_on(page)
    expect(page.locator("h1")).to_be_visible()
    assert page.url.endswith(f"{LINK}/thanks")
    checked(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_answers_on_a_phone(app: Flask, phone: Page, survey: None, language: str):
    answer(phone, language, check_answering)
    [row] = stored(app)
    assert row.language == language
    assert row.groups == {"country": "LT"}
    assert row.answers["where"] == ["work"]
    assert row.answers["why"] == "Ačiū, żółw."
    assert "survey" not in {each["name"] for each in phone.context.cookies()}


def test_nothing_needs_a_script(app: Flask, plain_phone: Page, survey: None):
    answer(plain_phone, "en", lambda page: None)
    assert len(stored(app)) == 1


def test_looking_back_and_changing_the_language_lose_nothing(phone: Page, survey: None):
    phone.goto(f"{LINK}/promise?lang=en")
    check_answering(phone)
    phone.goto(f"{LINK}?lang=en")
    go_on(phone)
    go_on(phone)
    go_on(phone)
    choose(phone, "q1", "5")
    phone.locator('main form button[value="lt"]').click()
    expect(phone.locator("html")).to_have_attribute("lang", "lt")
    expect(phone.locator('[name="a.q1"][value="5"]')).to_be_checked()
    phone.locator('main form button[value="back"]').click()
    go_on(phone)
    expect(phone.locator('[name="a.q1"][value="5"]')).to_be_checked()


def test_what_is_wrong_stands_at_its_question(phone: Page, survey: None):
    phone.goto(f"{LINK}?lang=en")
    for _screen in range(4):
        go_on(phone)
    type_in(phone, "years").fill("many")
    type_in(phone, "why").fill("It is fair.")
    go_on(phone)
    expect(phone.locator('[id="a.years-error"]')).to_be_visible()
    expect(type_in(phone, "why")).to_have_value("It is fair.")
    check_answering(phone)
