"""Pages of figures entered by hand: who may, what a refused or stale form keeps, and how files are handed out."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.rules import Role
from portal.projects.queries import get_project, list_figures
from portal.projects.services.figures import add_figure, change_figure
from portal.projects.services.structure_status import move_project
from tests.conftest import NOW
from tests.files import HTML, as_form, pdf
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_summary, read_table
from tests.integration.projects.figures import DRAFT, LEAFLETS, keep, make_indicator
from tests.make import PROJECT, make_project, sign_in_as

FIGURES = f"/projects/{PROJECT}/outcomes/{LEAFLETS}/figures"
TYPED = {"day": "2026-03-10", "number": "300", "reason": "The receipts of the libraries."}
OTHERS = [(role, "lps" if role in (Role.PARTNER, Role.FINANCE, Role.CONTROLLER) else "") for role in Role]
OTHERS = [pair for pair in OTHERS if pair[0] != Role.MANAGER]


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """The browser of the manager of LTPL00388, which has one indicator that is entered by hand."""
    with app.app_context():
        make_project()
        make_indicator()
    return sign_in_as(app, Role.MANAGER)


def send(browser: FlaskClient, address: str, *files: tuple[str, bytes], **changes: Any) -> TestResponse:
    """Open the form, fill in the changes and the files, and send it as a browser does."""
    page = browser.get(address, follow_redirects=True)
    fields = {name: value for name, value in read_fields(page).items() if name != "files"}
    return browser.post(page.request.full_path.rstrip("?"), **as_form({**fields, **changes}, files=files))


def stored(app: Flask) -> list[tuple[str, int, str, str]]:
    with app.app_context():
        return [(str(row.day), row.number, row.reason, row.filename) for _, row in list_figures(PROJECT)]


def enter(app: Flask, *, with_file: bool = True) -> int:
    with app.app_context():
        return add_figure(PROJECT, LEAFLETS, DRAFT, file=keep() if with_file else None, now=NOW)


def test_a_manager_enters_edits_and_removes_a_figure(app: Flask, manager: FlaskClient):
    answer = send(manager, f"{FIGURES}/new", ("receipts.pdf", pdf()), **TYPED)
    assert (answer.status_code, answer.location) == (302, f"/projects/{PROJECT}/outcomes/{LEAFLETS}")
    assert stored(app) == [("2026-03-10", 300, "The receipts of the libraries.", "receipts.pdf")]
    rows = read_table(manager.get(FIGURES), "Figures entered by hand")
    assert rows[1][:4] == ["10 March 2026", "300", "The receipts of the libraries.", "receipts.pdf"]
    assert send(manager, f"{FIGURES}/1/edit", number="310").status_code == 302
    assert stored(app)[0][1:] == (310, "The receipts of the libraries.", "receipts.pdf")
    assert send(manager, f"{FIGURES}/1/edit", ("later.pdf", pdf("later"))).status_code == 302
    assert stored(app)[0][3] == "later.pdf"
    page = manager.get(f"{FIGURES}/1/remove")
    assert "310" in page_text(page)
    assert send(manager, f"{FIGURES}/1/remove").status_code == 302
    assert stored(app) == []
    assert "No figure has been entered yet." in page_text(manager.get(FIGURES))


def test_the_form_sent_twice_makes_one_figure(app: Flask, manager: FlaskClient):
    page = manager.get(f"{FIGURES}/new", follow_redirects=True)
    fields = {**{name: value for name, value in read_fields(page).items() if name != "files"}, **TYPED}
    for _ in range(2):
        assert manager.post(page.request.full_path, **as_form(fields)).status_code == 302
    assert len(stored(app)) == 1


def test_the_page_says_what_a_figure_without_a_file_means(manager: FlaskClient):
    page = manager.get(f"{FIGURES}/new", follow_redirects=True)
    assert "Without one the figure counts as not evidenced" in page_text(page)
    assert send(manager, f"{FIGURES}/new", **TYPED).status_code == 302
    assert read_table(manager.get(FIGURES), "Figures entered by hand")[1][3] == "Missing"
    assert manager.get(f"{FIGURES}/1/file").status_code == 404


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"day": "2026-11-21"}, {"day": "2026-11-21 is still to come. Choose 2026-11-20 or an earlier day."}),
        (
            {"day": "2025-01-01"},
            {
                "day": "2025-01-01 is outside the project's days. Choose a day from 2026-01-01 to 2027-12-31, or "
                "change the project's days first."
            },
        ),
        ({"day": "soon"}, {"day": "Enter a day that exists, for example 2026-06-06."}),
        ({"number": "1000000001"}, {"number": "Enter a number from 0 to 1000000000."}),
        ({"number": "-1"}, {"number": "Enter a whole number, in digits."}),
        ({"number": ""}, {"number": "Fill this in."}),
        ({"reason": " "}, {"reason": "Fill this in."}),
        ({"reason": "x" * 2_001}, {"reason": "Shorten this to 2000 characters."}),
    ],
)
def test_bad_input_is_refused_at_its_field_and_keeps_what_was_typed(
    app: Flask, manager: FlaskClient, changes: dict[str, str], errors: dict[str, str]
):
    answer = send(manager, f"{FIGURES}/new", ("receipts.pdf", pdf()), **{**TYPED, **changes})
    assert (answer.status_code, read_errors(answer)) == (422, errors)
    typed = {name: value.strip() for name, value in {**TYPED, **changes}.items()}
    assert {name: read_fields(answer)[name] for name in typed} == typed
    assert "Choose the file again" in page_text(answer)
    assert stored(app) == []


def test_a_file_that_is_not_taken_and_two_files_are_refused(app: Flask, manager: FlaskClient):
    answer = send(manager, f"{FIGURES}/new", ("list.pdf", HTML), **TYPED)
    assert (answer.status_code, list(read_errors(answer))) == (415, ["files"])
    answer = send(manager, f"{FIGURES}/new", ("a.pdf", pdf("a")), ("b.pdf", pdf("b")), **TYPED)
    assert (answer.status_code, read_errors(answer)) == (422, {"files": "Choose one file."})
    assert stored(app) == []


def test_a_figure_of_none_may_be_entered(app: Flask, manager: FlaskClient):
    assert send(manager, f"{FIGURES}/new", **{**TYPED, "number": "0"}).status_code == 302
    assert stored(app)[0][1] == 0


def test_a_stale_form_keeps_what_was_typed_and_can_be_sent_again(app: Flask, manager: FlaskClient):
    enter(app)
    page = manager.get(f"{FIGURES}/1/edit")
    with app.app_context():
        change_figure((PROJECT, LEAFLETS, 1), DRAFT._replace(number=290), file=None, version=1, now=NOW)
    fields = {name: value for name, value in read_fields(page).items() if name != "files"}
    answer = manager.post(f"{FIGURES}/1/edit", **as_form({**fields, "number": "310"}))
    assert answer.status_code == 409
    assert read_table(answer, "What differs")[1:] == [["Number", "290", "310"]]
    assert stored(app)[0][1] == 290
    again = {name: value for name, value in read_fields(answer).items() if name != "files"}
    assert again["number"] == "310"
    # What is refused for another reason does not hide that it came too late.
    assert manager.post(f"{FIGURES}/1/edit", **as_form({**fields, "number": "x"})).status_code == 422
    assert manager.post(f"{FIGURES}/1/edit", **as_form(again)).status_code == 302
    assert stored(app)[0][1] == 310


def test_a_figure_that_changed_meanwhile_is_shown_again_before_it_is_removed(app: Flask, manager: FlaskClient):
    enter(app)
    page = manager.get(f"{FIGURES}/1/remove")
    with app.app_context():
        change_figure((PROJECT, LEAFLETS, 1), DRAFT._replace(number=290), file=None, version=1, now=NOW)
    answer = manager.post(f"{FIGURES}/1/remove", data=read_fields(page))
    assert (answer.status_code, "290" in page_text(answer)) == (409, True)
    assert manager.post(f"{FIGURES}/1/remove", data=read_fields(answer)).status_code == 302
    assert stored(app) == []


def test_an_indicator_counted_from_records_says_so(app: Flask, manager: FlaskClient):
    counted = f"/projects/{PROJECT}/outcomes/workshops/figures"
    answer = manager.get(f"{counted}/new", follow_redirects=True)
    assert answer.status_code == 409
    assert "change its measure to “Entered by hand” in the project's structure first" in page_text(answer)
    assert manager.post(f"{counted}/new", data=TYPED).status_code == 409
    assert "no figure is entered by hand" in page_text(manager.get(counted))
    enter(app)
    with app.app_context():
        make_indicator(measure={"kind": "events"}, stored=True)
    assert "This figure does not count" in page_text(manager.get(f"{FIGURES}/1/edit"))
    assert send(manager, f"{FIGURES}/1/edit", number="1").status_code == 409
    assert "Enter a figure" not in links_of(manager.get(FIGURES))
    assert send(manager, f"{FIGURES}/1/remove").status_code == 302
    assert stored(app) == []


def test_why_an_indicator_with_figures_stays_is_said_with_the_way_to_them(app: Flask, manager: FlaskClient):
    enter(app)
    reason = {"reason": "Not needed.", "valid_from": "2026-12-01"}
    answer = send(manager, f"/projects/{PROJECT}/structure/indicators/{LEAFLETS}/remove", **reason)
    assert answer.status_code == 409
    [said] = read_summary(answer)
    assert said.startswith("Figures were entered by hand for this indicator: 1. They would be lost. Remove them first")
    assert links_of(answer)["Figures entered by hand"] == FIGURES


def test_a_closed_project_refuses_and_offers_nothing(app: Flask, manager: FlaskClient):
    enter(app)
    changes = {f"{FIGURES}/new": TYPED, f"{FIGURES}/1/edit": {"number": "1"}, f"{FIGURES}/1/remove": {}}
    opened = {}
    for address, typed in changes.items():
        page = manager.get(address, follow_redirects=True)
        kept = {name: value for name, value in read_fields(page).items() if name != "files"}
        opened[page.request.full_path.rstrip("?")] = {**kept, **typed}
    with app.app_context():
        move_project(PROJECT, "closed", version=get_project(PROJECT).version, now=NOW)
    for address, fields in opened.items():
        # Nobody fills in a form that is then refused.
        for answer in (manager.get(address), manager.post(address, **as_form(fields))):
            assert (answer.status_code, "The project is closed" in page_text(answer)) == (409, True)
    assert "Enter a figure" not in links_of(manager.get(FIGURES))
    assert stored(app)[0][1] == 300


@pytest.mark.parametrize(("role", "organisation"), OTHERS, ids=lambda value: str(value))
def test_members_read_figures_and_only_the_manager_changes_them(
    app: Flask, manager: FlaskClient, role: Role, organisation: str
):
    enter(app)
    browser = sign_in_as(app, role, organisation)
    page = browser.get(FIGURES)
    assert read_table(page, "Figures entered by hand")[1][:3] == ["10 March 2026", "300", DRAFT.reason]
    for address in (f"{FIGURES}/new", f"{FIGURES}/1/edit", f"{FIGURES}/1/remove"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, data=TYPED).status_code == 403
    opens = role in (Role.PROGRAMME, Role.AUDITOR)
    assert browser.get(f"{FIGURES}/1/file").status_code == (200 if opens else 404)
    # What a file is called may name people.
    assert ("receipts.pdf" in page_text(page)) is opens


def test_the_file_is_handed_out_to_be_saved(app: Flask, manager: FlaskClient):
    enter(app)
    answer = manager.get(f"{FIGURES}/1/file")
    assert (answer.data, answer.mimetype) == (pdf("receipts"), "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=receipts.pdf"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert manager.get(f"/projects/{PROJECT}/outcomes/workshops/figures/1/file").status_code == 404
    assert sign_in_as(app, None).get(f"{FIGURES}/1/file").status_code == 404
    assert app.test_client().get(f"{FIGURES}/1/file").status_code == 302
