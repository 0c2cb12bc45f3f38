"""Pages of the evidence of one item: attaching files, handing them out, taking them off."""

import pytest
from flask.testing import FlaskClient

from portal.accounts.rules import Role
from portal.budget.models import ExpenditureItem
from portal.core.db import transaction
from portal.core.files.queries import list_files
from portal.core.files.services import sweep
from portal.projects.queries import get_project
from tests.conftest import NOW
from tests.files import HTML, as_form, jpeg, pdf
from tests.integration.budget.evidence import EXPENDITURE, attached, entries, send
from tests.integration.pages import page_text, read_fields, read_summary, read_table
from tests.make import make_item, make_other_project, make_project, sign_in_as

NEW = f"{EXPENDITURE}/1/evidence/new"
STAFF_NEW = f"{EXPENDITURE}/2/evidence/new"


@pytest.fixture
def officer(app) -> FlaskClient:
    """Olsztyn's finance officer, with an invoice, 1, and a salary, 2."""
    with app.app_context():
        make_project()
        make_item("ols", "K-1")
        make_item("ols", "S-1", category="staff", description="Salary of March", supplier="", invoice_number="")
    return sign_in_as(app, Role.FINANCE, "ols")


def put(app, item_id: int, state: str) -> None:
    """Let the item be in the state, as its report would."""
    with app.app_context(), transaction() as session:
        item = session.get_one(ExpenditureItem, item_id)
        item.state, item.report_number, item.eur_cents = state, 1, item.declared_cents


def close(app) -> None:
    with app.app_context(), transaction():
        get_project("LTPL00388").status = "closed"


def test_files_are_attached_and_the_item_says_so(app, officer):
    answer = send(officer, NEW, ("Faktūra.pdf", pdf()), ("photo.jpg", jpeg()))
    assert (answer.status_code, answer.location) == (302, f"{EXPENDITURE}/1#evidence")
    assert attached(app) == [("K-1", "invoice", "Faktūra.pdf"), ("K-1", "invoice", "photo.jpg")]
    page = officer.get(f"{EXPENDITURE}/1")
    assert "2 new files are attached." in page_text(page)
    assert [row[:3] for row in read_table(page, "Files")[1:]] == [
        ["Faktūra.pdf", "Invoice", "1 kB"],
        ["photo.jpg", "Invoice", "1 kB"],
    ]


def test_the_same_file_again_changes_nothing_whatever_its_kind(app, officer):
    send(officer, NEW, ("a.pdf", pdf()))
    send(officer, NEW, ("b.pdf", pdf()), kind="payment")
    assert attached(app) == [("K-1", "invoice", "a.pdf")]
    assert "0 new files are attached." in page_text(officer.get(f"{EXPENDITURE}/1"))


def test_what_is_handed_out_is_what_was_sent(officer):
    send(officer, NEW, ("Žaliūkas.pdf", pdf()))
    answer = officer.get(f"{EXPENDITURE}/1/evidence/1")
    assert (answer.status_code, answer.data, answer.content_type) == (200, pdf(), "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_refused_file_keeps_all_of_them_out(app, officer):
    answer = send(officer, NEW, ("a.pdf", pdf()), ("b.pdf", HTML))
    assert (answer.status_code, attached(app)) == (415, [])
    assert "“b.pdf” does not hold what its name says" in read_summary(answer)[0]
    nothing = send(officer, NEW)
    assert (nothing.status_code, read_summary(nothing)) == (422, ["Files: Choose at least one file."])


def test_a_file_is_taken_off_and_swept_once_nothing_uses_it(app, officer):
    send(officer, NEW, ("a.pdf", pdf()))
    send(officer, STAFF_NEW, ("b.pdf", pdf()))
    for address in (f"{EXPENDITURE}/1/evidence/1/remove", f"{EXPENDITURE}/2/evidence/2/remove"):
        with app.app_context():
            sweep(now=NOW.replace(year=2028))
            assert len(list_files()) == 1
        assert "a.pdf" in page_text(officer.get(address)) or "b.pdf" in page_text(officer.get(address))
        assert officer.post(address, data=read_fields(officer.get(address))).status_code == 302
    assert attached(app) == []
    with app.app_context():
        assert list_files() == []


def test_the_audit_keeps_the_act_and_no_name_of_a_file(app, officer):
    send(officer, NEW, ("Jonas.pdf", pdf()))
    officer.post(
        f"{EXPENDITURE}/1/evidence/1/remove", data=read_fields(officer.get(f"{EXPENDITURE}/1/evidence/1/remove"))
    )
    added, removed = entries(app, "item_evidence_added", "item_evidence_removed")
    short = added["file"][1]
    assert added == {"subject": "ols K-1", "for": "", "kind": [None, "invoice"], "file": [None, short]}
    assert removed == {"subject": "ols K-1", "for": "", "kind": ["invoice", None], "file": [short, None]}
    assert len(short) == 12


def test_who_acts_for_a_partner_is_traced(app, officer):
    manager = sign_in_as(app, Role.MANAGER)
    send(manager, NEW, ("a.pdf", pdf()))
    assert [each["for"] for each in entries(app, "item_evidence_added")] == ["ols"]


@pytest.mark.parametrize(
    ("role", "organisation", "seen", "salary", "form"),
    [
        (Role.MANAGER, "", 200, 404, 200),
        (Role.FINANCE, "ols", 200, 200, 200),
        (Role.FINANCE, "lps", 404, 404, 404),
        (Role.CONTROLLER, "ols", 200, 200, 403),
        (Role.CONTROLLER, "lps", 404, 404, 404),
        (Role.PROGRAMME, "", 200, 404, 403),
        (Role.AUDITOR, "", 200, 404, 403),
        (Role.PARTNER, "ols", 404, 404, 404),
        (Role.VIEWER, "", 404, 404, 404),
    ],
)
def test_who_may_read_a_file_a_salary_and_attach_one(app, officer, role, organisation, seen, salary, form):
    send(officer, NEW, ("a.pdf", pdf()))
    send(officer, STAFF_NEW, ("payroll.pdf", pdf("payroll")))
    if (role, organisation) != (Role.FINANCE, "ols"):
        officer = sign_in_as(app, role, organisation)
    assert officer.get(f"{EXPENDITURE}/1/evidence/1").status_code == seen
    assert officer.get(f"{EXPENDITURE}/2/evidence/2").status_code == salary
    assert officer.get(NEW).status_code == form


def test_a_salary_is_named_to_none_but_its_officers_and_controller(app, officer):
    send(officer, STAFF_NEW, ("Jonas Jonaitis.pdf", pdf()))
    assert "Jonas" in page_text(officer.get(f"{EXPENDITURE}/2"))
    manager = sign_in_as(app, Role.MANAGER)
    for address in (f"{EXPENDITURE}/2", STAFF_NEW, f"{EXPENDITURE}/2/evidence/1/remove"):
        assert "Jonas" not in manager.get(address).text
    assert manager.get(f"{EXPENDITURE}/2/evidence/1/remove").status_code == 403
    assert manager.post(f"{EXPENDITURE}/2/evidence/1/remove", data={}).status_code == 403
    assert len(attached(app)) == 1


def test_a_file_of_another_item_or_project_is_not_found(app, officer):
    send(officer, NEW, ("a.pdf", pdf()))
    with app.app_context():
        make_other_project()
        make_item("ols", "K-9", project_code="LTPL00999")
    for address in (
        f"{EXPENDITURE}/2/evidence/1",
        f"{EXPENDITURE}/2/evidence/1/remove",
        f"{EXPENDITURE}/3/evidence/new",
    ):
        assert officer.get(address).status_code == 404
    assert officer.post(f"{EXPENDITURE}/3/evidence/new", data={}).status_code == 404


@pytest.mark.parametrize(
    ("state", "added", "removed"),
    [("in_report", 302, 302), ("submitted", 302, 409), ("parked", 302, 409), ("certified", 409, 409)],
)
def test_what_has_been_submitted_keeps_its_evidence_and_what_is_certified_takes_no_more(
    app, officer, state, added, removed
):
    send(officer, NEW, ("a.pdf", pdf()))
    taking_off = f"{EXPENDITURE}/1/evidence/1/remove"
    shown, fields = read_fields(officer.get(taking_off)), read_fields(officer.get(NEW))
    put(app, 1, state)
    typed = {name: value for name, value in fields.items() if name not in ("files", "photo")}
    answer = officer.post(NEW, **as_form(typed, files=[("b.pdf", pdf("b"))]))
    assert answer.status_code == added
    assert officer.post(taking_off, data=shown).status_code == removed
    assert officer.get(NEW).status_code == (200 if added == 302 else 409)
    if removed == 409:
        assert officer.get(taking_off).status_code == 409
    assert len(attached(app)) == 1 + (added == 302) - (removed == 302)


def test_a_closed_project_takes_and_gives_nothing(app, officer):
    send(officer, NEW, ("a.pdf", pdf()))
    form = read_fields(officer.get(f"{EXPENDITURE}/1/evidence/1/remove"))
    close(app)
    assert [officer.get(address).status_code for address in (NEW, f"{EXPENDITURE}/1/evidence/1/remove")] == [409, 409]
    assert officer.post(f"{EXPENDITURE}/1/evidence/1/remove", data=form).status_code == 409
    assert officer.get(f"{EXPENDITURE}/1/evidence/1").status_code == 200
    assert len(attached(app)) == 1
