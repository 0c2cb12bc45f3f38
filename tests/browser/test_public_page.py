"""The public page as its readers have it: over a slow line, and on paper."""

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, Response
from pypdf import PdfReader

from tests.browser.test_story import assert_accessible
from tests.integration.test_outcome_vectors import make_year
from tests.make import PROJECT, make_demo, make_event

ADDRESS = f"/public/{PROJECT}"


@pytest.fixture
def year(app: Flask) -> None:
    """The year of outcomes, and as many public events held and to come as the page names."""
    with app.app_context():
        make_year()
        for number in range(5):
            for month, status in ((datetime(2026, 10, 1, 18), "held"), (datetime(2027, 3, 1, 18), "planned")):
                day = month + timedelta(days=number)
                title = {"en": f"An evening on what helps people to come back to their town, part {number}"}
                facts = {"title": title, "is_public": True, "kind": "other", "place": "Kultūros rūmai, Pravieniškės"}
                make_event(starts=day, ends=day + timedelta(hours=2), status=status, **facts)


@pytest.fixture
def demo(app: Flask) -> None:
    """What the demonstration loads."""
    with app.app_context():
        make_demo()


def printed(page: Page) -> list[str]:
    """The text of each page of paper."""
    return [each.extract_text() for each in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("facts", ["year", "demo"])
@pytest.mark.parametrize("language", ["en", "lt", "pl"])
def test_the_page_prints_on_two_pages(page: Page, facts: str, language: str, request: pytest.FixtureRequest):
    request.getfixturevalue(facts)
    page.goto(f"{ADDRESS}?lang={language}")
    paper = printed(page)
    assert len(paper) == 2
    assert "376" in paper[1]
    assert "Interreg" in paper[1]


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("year")
def test_all_that_the_page_loads_is_less_than_a_hundred_kilobytes(page: Page):
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(ADDRESS)
    page.wait_for_load_state("networkidle")
    assert len(answers) >= 3
    assert {answer.status for answer in answers} == {200}
    sizes = [answer.request.sizes() for answer in answers]
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) < 100_000


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("year")
def test_the_page_is_accessible_and_fits_a_narrow_phone(page: Page):
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(ADDRESS)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
