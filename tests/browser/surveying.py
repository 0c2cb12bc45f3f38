"""What browsers do with a survey: write it, answer it on a phone, and type in its paper forms."""

from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_story import assert_accessible

PHONE = {"width": 390, "height": 800}
DESK = {"width": 1280, "height": 900}
# What a thumb hits without looking, in pixels.
BIG_ENOUGH = 44
SURVEYS = "/projects/LTPL00388/surveys"


def check(page: Page) -> None:
    """The page is accessible and does not scroll sideways."""
    assert_accessible(page)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), page.url


def check_answering(page: Page) -> None:
    """The page can be answered with a thumb too."""
    check(page)
    for option in page.locator(".survey-option, .survey-buttons .btn").all():
        box = option.bounding_box()
        assert box is not None
        assert box["height"] >= BIG_ENOUGH


def go_on(page: Page) -> None:
    page.locator("main form button.btn-primary").click()


def choose(page: Page, name: str, value: str) -> None:
    """Tap on this answer to what the form calls `name`."""
    page.locator(f'[name="a.{name}"][value="{value}"]').check()


def type_in(page: Page, key: str) -> Locator:
    """The box into which the answer is typed."""
    return page.locator(f'textarea[name="a.{key}"], input.survey-line[name="a.{key}"]')


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def fill(page: Page, values: Mapping[str, str]) -> None:
    """Fill in the fields by their labels; the words that say what may stay empty do not count."""
    for label, value in values.items():
        page.get_by_label(label).first.fill(value)


def add_statement(page: Page, key: str, text: str) -> None:
    """Add a statement to agree with on five steps, from the page of the questionnaire."""
    page.locator("main").get_by_role("link", name="Add a question").first.click()
    follow(page, "Agreement on a scale")
    fill(page, {"Question or statement": text, "Key": key, "Lowest step": "1", "Highest step": "5"})
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_text(text).first).to_be_visible()


def translate(page: Page, study: str, language: str, texts: Mapping[str, str]) -> None:
    """Put the texts beside those in English, each found by what it translates."""
    page.goto(f"{SURVEYS}/{study}/texts/{language}")
    while True:
        for pair in page.locator(".translation").all():
            written = pair.locator('[lang="en"]').first.inner_text()
            box = pair.locator("textarea, input").first
            assert written in texts, written
            box.fill(texts[written])
        further = page.locator('button[name="further"]')
        if not further.count():
            break
        further.click()
    check(page)
    press(page, "Save the texts")
