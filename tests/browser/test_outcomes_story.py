"""“How did you get 45?”: a manager opens the figure, proves it, leaves a tournament out; the public reads the rest."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_story import INITIATIVES, SUM, assert_accessible, sign_in
from tests.files import pdf
from tests.integration.test_outcome_vectors import VECTORS
from tests.make import make_demo_without_activity, run_portal

PROJECT = "/projects/LTPL00388"
WORKSHOPS = "Participation in workshops and training activities"
REASON = "The sports events are reported as public events."


@pytest.fixture
def year(app: Flask, tmp_path: Path) -> None:
    """LTPL00388 with the demo accounts and the year of the acceptance cases, of which W1 and V1 are evidenced."""
    with app.app_context():
        make_demo_without_activity()
    for kind in ("events", "participations", "headcounts"):
        file = VECTORS / f"outcomes-{kind}.csv"
        assert run_portal(app, "import", kind, file, "--project", "LTPL00388").exit_code == 0
    for ref, kind in (("W1", "attendance_list"), ("V1", "tally_sheet")):
        proof = tmp_path / f"{ref}.pdf"
        proof.write_bytes(pdf(ref))
        command = ("evidence", "add", proof, "--project", "LTPL00388", "--event", ref, "--kind", kind)
        assert run_portal(app, *command).exit_code == 0


def figures(page: Page, name: str) -> list[int | None]:
    """Expected, achieved and evidenced of the row that the table shows under this name."""
    row = page.locator("table.outcomes tbody tr").filter(has_text=name)
    expected, achieved, _, evidenced, *_ = row.get_by_role("cell").all_inner_texts()
    texts = [text.split()[0] for text in (expected, achieved, evidenced)]
    return [None if text == "–" else int(text) for text in texts]


def prove_the_training(page: Page) -> None:
    """Attach the attendance list of W2, beginning at the list of what counts."""
    page.get_by_role("link", name="Add evidence to W2").click()
    page.get_by_label("What it is").select_option("attendance_list")
    page.locator("#files").set_input_files({"name": "list.pdf", "mimeType": "application/pdf", "buffer": pdf("W2")})
    page.get_by_role("button", name="Attach the files").click()
    page.goto(f"{PROJECT}/outcomes")
    assert figures(page, WORKSHOPS) == [216, 45, 45]


def leave_the_tournament_out(page: Page) -> None:
    """Exclude V1 from the initiatives, at first without saying why."""
    page.goto(f"{PROJECT}/outcomes/initiatives")
    page.get_by_role("link", name="Exclude V1 from this row").click()
    button = page.get_by_role("button", name="Exclude the event from this row")
    button.click()
    expect(page.locator(".field-error")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("textbox").last.fill(REASON)
    button.click()
    page.goto(f"{PROJECT}/outcomes")
    assert (figures(page, INITIATIVES)[1], figures(page, SUM)[1]) == (22, 67)
    page.goto(f"{PROJECT}/outcomes/initiatives")
    expect(page.get_by_text(REASON).first).to_be_visible()


@pytest.mark.usefixtures("year")
def test_the_manager_opens_a_figure_proves_it_and_leaves_an_event_out(page: Page):
    sign_in(page, "manager@example.org")
    page.goto(f"{PROJECT}/outcomes")
    assert figures(page, WORKSHOPS) == [216, 45, 20]
    assert_accessible(page)
    page.locator("table.outcomes").get_by_role("link", name=f"45 of {WORKSHOPS}").click()
    counts = page.locator("#counts")
    expect(counts).to_contain_text("W1")
    expect(counts).to_contain_text("W2")
    for ref in ("W0", "S1", "M1"):
        expect(page.locator("#others")).to_contain_text(ref)
    assert_accessible(page)
    prove_the_training(page)
    leave_the_tournament_out(page)
    page.goto(f"{PROJECT}/outcomes?as_of=2026-01-31")
    assert figures(page, WORKSHOPS) == [216, None, None]


@pytest.mark.usefixtures("year")
def test_the_breakdowns_live_in_the_address_and_open_their_part(page: Page):
    sign_in(page, "viewer@example.org")
    for dimension in ("period", "country", "partner", "group", "work_package"):
        page.goto(f"{PROJECT}/outcomes?by={dimension}")
        assert_accessible(page)
    page.goto(f"{PROJECT}/outcomes?by=period")
    page.get_by_role("link", name=f"25 of {WORKSHOPS}").first.click()
    expect(page.locator("#counts")).to_contain_text("W2")
    expect(page.locator("#counts")).not_to_contain_text("W1")


@pytest.mark.usefixtures("year")
def test_the_public_page_shows_the_same_figures_without_a_sign_in(page: Page):
    page.goto("/public/LTPL00388?lang=en")
    row = page.locator("table.outcomes tbody tr").filter(has_text=WORKSHOPS)
    expect(row).to_contain_text("45")
    assert_accessible(page)
