"""A survey before and after: written, translated, published, answered on phones and on paper, analysed and told."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from docx import Document
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.jobs.carrying import run_job
from portal.jobs.models import Job
from portal.surveys.models import Response, Study
from tests.browser.surveying import (
    DESK,
    PHONE,
    SURVEYS,
    add_statement,
    check,
    check_answering,
    choose,
    fill,
    follow,
    go_on,
    press,
    translate,
)
from tests.browser.test_story import sign_in
from tests.conftest import NOW
from tests.integration.reports.printed import text_of_pdf
from tests.integration.surveys.studies import answer, wave_of
from tests.make import make_demo_without_activity

pytestmark = pytest.mark.sqlite_only

STUDY = f"{SURVEYS}/chance"
BASELINE, ENDLINE = f"{STUDY}/waves/baseline", f"{STUDY}/waves/endline"
PUBLIC = "/public/LTPL00388/surveys/chance"
SECOND = datetime(2027, 11, 20, 12, 0, tzinfo=UTC)
# The statements by key; those in REVERSED are marked as reversed, "hire" by mistake.
STATEMENTS = {
    "neighbour": "I would accept such a person as a neighbour.",
    "colleague": "I would gladly work beside such a person.",
    "hire": "An employer should give such a person a chance.",
    "fear": "I would be afraid of such a person.",
    "trouble": "Such a person brings nothing but trouble.",
    "support": "Help to find work is money well spent.",
}
REVERSED = ("hire", "fear", "trouble")
AGAINST = ("fear", "trouble")
COUNTRIES = {"LT": "Lithuania", "PL": "Poland"}
ROLES = {"resident": "Resident", "official": "Official", "volunteer": "Volunteer"}
LANGUAGES = ("en", "lt", "pl")
AGREE = {"en": "I agree to take part.", "lt": "Sutinku dalyvauti.", "pl": "Zgadzam się na udział."}


def written() -> list[str]:
    """Every text of the questionnaire in English."""
    asked = ["Where do you live?", *COUNTRIES.values(), "What are you here as?", *ROLES.values()]
    return ["A second chance", AGREE["en"], "Not validated.", *asked, *STATEMENTS.values(), "Openness"]


def texts_in(language: str) -> dict[str, str]:
    """The English texts and what stands for them in another language."""
    return {text: f"{text} ({language}) ąčęłńśźżū" for text in written()} | {AGREE["en"]: AGREE[language]}


def write(page: Page) -> None:
    """Begin an empty questionnaire and put all into it in English."""
    page.goto(SURVEYS)
    follow(page, "Begin with an empty questionnaire")
    fill(page, {"Title": "A second chance", "Key": "chance"})
    for language in LANGUAGES:
        page.locator(f'[name="languages"][value="{language}"]').check()
    press(page, "Begin the survey")
    page.goto(f"{STUDY}/questionnaire/facts")
    fill(page, {"Consent": AGREE["en"], "Note for readers of the results": "Not validated."})
    press(page, "Save")
    page.goto(f"{STUDY}/questionnaire")
    for key, text in STATEMENTS.items():
        add_statement(page, key, text)
    for key, text, levels in (
        ("country", "Where do you live?", COUNTRIES),
        ("role", "What are you here as?", ROLES),
    ):
        page.goto(f"{STUDY}/questionnaire/groups/new")
        lines = "\n".join(f"{level} = {words}" for level, words in levels.items())
        fill(page, {"Question": text, "Key": key, "Answers to choose from": lines})
        press(page, "Add a question about groups")


def make_scale(page: Page) -> None:
    """Group the statements in a scale and mark the reversed ones, among them one by mistake."""
    page.goto(f"{STUDY}/questionnaire")
    follow(page, "Add a scale")
    fill(page, {"Title": "Openness", "Key": "openness"})
    for name, keys in (("items", STATEMENTS), ("reverse", REVERSED)):
        for key in keys:
            page.locator(f'[name="{name}"][value="{key}"]').check()
    check(page)
    press(page, "Add a scale")
    check(page)
    expect(page.get_by_text("Reversed in its scale")).to_have_count(len(REVERSED))
    page.goto(f"{STUDY}/questionnaire/items/fear/edit")
    check(page)


def publish(page: Page) -> str:
    """Translate until nothing is missing, look at the preview, and publish; return the fingerprint."""
    page.goto(f"{STUDY}/versions/publish")
    expect(page.get_by_role("button", name="Publish the questionnaire")).to_have_count(0)
    translate(page, "chance", "lt", texts_in("lt"))
    translate(page, "chance", "pl", texts_in("pl"))
    page.goto(f"{STUDY}/preview?language=pl&screen=3")
    expect(page.get_by_text(texts_in("pl")[STATEMENTS["fear"]]).first).to_be_visible()
    page.goto(f"{STUDY}/versions/publish")
    check(page)
    shown = page.locator("main code").first.inner_text()
    press(page, "Publish the questionnaire")
    expect(page.get_by_text(shown).first).to_be_visible()
    assert re.fullmatch("[0-9a-f]{64}", shown)
    return shown


def add_wave(page: Page, key: str, opens_on: str, last_day: str) -> None:
    page.goto(STUDY)
    page.locator("main").get_by_role("link", name="Add a wave").first.click()
    fill(page, {"Key": key, "First day": opens_on, "Last day": last_day})
    press(page, "Add the wave")


def collect(page: Page, folder: Path) -> str:
    """Add the waves and fetch the poster of the first; return the path of the open link, as it stands on it."""
    add_wave(page, "baseline", "2026-11-20", "2026-12-31")
    add_wave(page, "endline", "2027-11-01", "2027-12-31")
    check_at(page, STUDY)
    check_at(page, BASELINE)
    link = page.get_by_role("link", name="/survey/").inner_text().strip()
    page.goto(f"{BASELINE}/papers")
    said = download(page, page.get_by_role("button", name="Download the poster"), folder)
    # What is typed from paper may be written in blocks.
    printed = re.search("/survey/" + "-?".join(link.rpartition("/")[2]), text_of_pdf(said))
    assert printed is not None
    return printed[0]


def check_at(page: Page, address: str) -> None:
    page.goto(address)
    check(page)


def download(page: Page, offer: Locator, folder: Path) -> bytes:
    """The file that comes when this is pressed."""
    with page.expect_download() as waiting:
        offer.click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target.read_bytes()


def on_phone(page: Page, link: str, language: str, country: str, step: int, checked: Callable[[Page], None]) -> None:
    """A resident answers everything with `step`, or the step opposite to it where a statement is against people."""
    page.goto(f"{link}?lang={language}")
    expect(page.get_by_text(AGREE[language])).to_be_visible()
    checked(page)
    go_on(page)
    choose(page, "country", country)
    choose(page, "role", "resident")
    checked(page)
    go_on(page)
    for key, value in answers_of(step).items():
        choose(page, key, str(value))
    checked(page)
    go_on(page)
    checked(page)
    go_on(page)
    assert page.url.split("?")[0].endswith("/thanks")
    checked(page)


def answers_of(step: int) -> dict[str, int]:
    """What somebody answers who is as open as `step`, from 1 to 5."""
    return {key: 6 - step if key in AGAINST else step for key in STATEMENTS}


def type_sheet(page: Page, wave: str, **changes: str) -> None:
    """Type in paper 17: a Polish official, as open as 2, with these changes."""
    page.goto(f"{wave}/paper?number=17&language=pl")
    if page.get_by_role("button", name="Keep the typing").count() == 0:
        press(page, "Type in the paper form")
    typed = {"group_country": "PL", "group_role": "official"}
    typed |= {f"answer_{key}": str(value) for key, value in answers_of(2).items()} | changes
    for name, value in typed.items():
        page.locator(f'[name="{name}"]').select_option(value)
    page.get_by_label("The consent on the form is given").check()
    check(page)
    press(page, "Keep the typing")


def settle(first: Page, second: Page) -> None:
    """Two people type the same paper, differ in one answer, and one of them looks at the paper again."""
    second.set_viewport_size(PHONE)
    type_sheet(first, BASELINE)
    type_sheet(second, BASELINE, answer_fear="1")
    second.goto(f"{BASELINE}/paper")
    check(second)
    expect(second.get_by_text("Typings differ").last).to_be_visible()
    second.set_viewport_size(DESK)
    second.get_by_role("link", name="Settle the differences of form 17").click()
    check(second)
    expect(second.locator("main form fieldset")).to_have_count(1)
    second.get_by_label("First typing: 4").check()
    press(second, "Store the answers")
    expect(second.get_by_text("Settled").last).to_be_visible()


def store(app: Flask, wave: str, risen: int) -> None:
    """Answers of 56 people of both countries, nine of them volunteers, each as open as before or `risen` more."""
    with app.app_context():
        study_id = db.session.scalars(select(Study.id).where(Study.key == "chance")).one()
        for number in range(56):
            country = "LT" if number % 2 else "PL"
            role = "volunteer" if number < 9 else "official" if number < 25 else "resident"
            step = 1 + number // 2 % 3 + (risen if country == "PL" or number % 4 == 1 else 0)
            groups = {"country": country, "role": role}
            answer(study_id, wave, [answers_of(min(step, 5))], groups=groups, language=country.lower())
        db.session.remove()


def count_answers(app: Flask, wave: str) -> int:
    with app.app_context():
        study_id = db.session.scalars(select(Study.id).where(Study.key == "chance")).one()
        found = len(db.session.scalars(select(Response.id).where(Response.wave_id == wave_of(study_id, wave))).all())
        db.session.remove()
    return found


def analyse(app: Flask, page: Page) -> None:
    """Ask for the analysis and let the worker do it."""
    page.goto(f"{STUDY}/results")
    press(page, "Analyse the answers")
    expect(page.get_by_text("The answers are being analysed.").first).to_be_visible()
    with app.app_context():
        for job_id in list(db.session.scalars(select(Job.id).where(Job.state == "waiting"))):
            run_job(job_id, stopping=Event(), now=clock.now())
        db.session.remove()
    follow(page, "Look again")


def rows_of(page: Page, name: str) -> list[str]:
    """What stands in the rows of tables that begin with this name."""
    rows = page.locator("main tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))
    return [" ".join(text.split()) for text in rows.all_inner_texts()]


def unfold(page: Page) -> str:
    """What the page says with everything unfolded."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")
    return " ".join(page.locator("main").inner_text().split())


def read_results(page: Page) -> None:
    """The page tells the change, its test and why, for both countries too, and which item looks wrongly reversed."""
    check(page)
    said = unfold(page)
    assert "the average rose from" in said
    assert "compared as different people" in said
    assert "Welch's t-test" in said
    warning = page.locator("main li").filter(has_text="against the rest of the scale “Openness”")
    expect(warning).to_contain_text(STATEMENTS["hire"])
    assert "The survey does not show why this is so" in said
    for whom in ("Everybody", *COUNTRIES.values()):
        changed = [row for row in rows_of(page, whom) if "Hedges" in row]
        assert len(changed) == 1, rows_of(page, whom)
        assert re.search(r"[+]\d[.]\d\d [+]\d[.]\d\d to [+]\d[.]\d\d Hedges' g \d", changed[0]), changed
        assert [row for row in rows_of(page, whom) if "Baseline" in row]
    assert "60" in rows_of(page, "Everybody")[0]
    page.set_viewport_size(PHONE)
    page.reload()
    check(page)
    page.set_viewport_size(DESK)


def assert_nine_are_nowhere(said: str, volunteer: str, withheld: str) -> None:
    """What stands beside the nine volunteers is that their figures are withheld."""
    found = said.split(volunteer)
    assert len(found) > 1
    assert not [after[:80] for after in found[1:] if not after.lstrip(" \n\t:").startswith(withheld)]


def read_report(page: Page, folder: Path) -> None:
    """The report in Lithuanian says the same, as PDF and DOCX."""
    page.goto(f"{STUDY}/results?lang=lt")
    paragraph = " ".join(page.locator("section.result-section p").first.inner_text().split())
    withheld = "neskelbiama"
    pdf, docx = (
        download(page, page.locator(f'main a[href*="report.{kind}"]').first, folder) for kind in ("pdf", "docx")
    )
    read = Document(io.BytesIO(docx))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    in_docx = " ".join([*(each.text for each in read.paragraphs), *cells])
    for said in (text_of_pdf(pdf), " ".join(in_docx.split())):
        assert paragraph[:60] in said
        assert_nine_are_nowhere(said, texts_in("lt")["Volunteer"], withheld)
    page.goto(f"{STUDY}/results?lang=en")


def read_as_others(viewer: Page, manager: Page) -> None:
    """A viewer reads the results and is offered nothing to change; the manager may analyse and edit."""
    sign_in(viewer, "viewer@example.org")
    check_at(viewer, f"{STUDY}/results")
    expect(viewer.get_by_text("the average rose from").first).to_be_visible()
    for address in (STUDY, f"{STUDY}/questionnaire", f"{STUDY}/results", BASELINE):
        viewer.goto(address)
        assert viewer.locator("main form button").count() == 0, address
        assert viewer.locator("main").get_by_role("link", name=re.compile("Edit|Add|Publish|Remove")).count() == 0
    sign_in(manager, "manager@example.org")
    check_at(manager, f"{STUDY}/results")
    check_at(manager, f"{STUDY}/data")
    check_at(manager, f"{STUDY}/planning")


def read_in_public(page: Page) -> None:
    """Everyone reads how often each answer was given, with no numbers of the nine."""
    page.goto(f"{PUBLIC}?lang=en")
    check(page)
    assert page.locator("main table").count() >= len(STATEMENTS)
    columns = page.get_by_role("columnheader", name="Volunteer").count()
    cells = page.locator('td[data-label="Volunteer"]').all_inner_texts()
    assert columns == 0 or {text.strip() for text in cells} == {"Withheld"}


def ask_again(app: Flask, page: Page) -> None:
    """A year later others answer, more open by one step in Poland and half of Lithuania; the wave is closed by hand."""
    clock.stand_still(SECOND)
    sign_in(page, "researcher@example.org")
    store(app, "endline", 1)
    page.goto(ENDLINE)
    press(page, "Close the wave now")
    expect(page.get_by_text("Takes no more answers").first).to_be_visible()


@pytest.fixture
def project(app: Flask) -> Iterator[None]:
    """LTPL00388 with the demo accounts; the clock is the portal's again at the end."""
    with app.app_context():
        make_demo_without_activity()
    yield
    clock.stand_still(NOW)


@pytest.fixture
def plain_phone(browser: Browser, address: str) -> Iterator[Page]:
    """A phone that runs no scripts."""
    context = browser.new_context(base_url=address, viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.usefixtures("project")
def test_a_survey_from_the_first_question_to_the_sentence_about_the_change(
    app: Flask, open_window: Callable[[], Page], plain_phone: Page, tmp_path: Path
):
    researcher, officer, phone = open_window(), open_window(), open_window()
    researcher.set_viewport_size(DESK)
    phone.set_viewport_size(PHONE)
    sign_in(researcher, "researcher@example.org")
    write(researcher)
    make_scale(researcher)
    publish(researcher)
    link = collect(researcher, tmp_path)
    on_phone(phone, link, "lt", "LT", 2, check_answering)
    on_phone(phone, link, "pl", "PL", 3, lambda page: None)
    on_phone(plain_phone, link, "en", "LT", 2, lambda page: None)
    sign_in(officer, "ols@example.org")
    settle(researcher, officer)
    store(app, "baseline", 0)
    assert count_answers(app, "baseline") == 60
    ask_again(app, researcher)
    analyse(app, researcher)
    read_results(researcher)
    assert_nine_are_nowhere(unfold(researcher), "Volunteer", "withheld")
    read_report(researcher, tmp_path)
    read_as_others(open_window(), open_window())
    read_in_public(phone)
