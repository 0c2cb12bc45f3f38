"""The project's audit page and its export."""

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.accounts.services.accounts import set_active
from portal.activities.services.events import move_event
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_table
from tests.make import make_event, make_project, make_user, sign_in, version_of

AUDIT = "/projects/LTPL00388/audit"


@pytest.fixture
def auditor(app, client):
    with app.app_context():
        make_project()
        for ref in ("W1", "W2"):
            event_id = make_event(ref=ref)
        move_event(event_id, "held", version=version_of(event_id), now=NOW)
        user_id = make_user(Role.AUDITOR)
    return sign_in(client, user_id)


def test_the_auditor_filters_by_an_event_and_reads_before_and_after(auditor):
    rows = read_table(auditor.get(f"{AUDIT}?kind=event&subject_id=2"), "Changes")
    assert len(rows) == 3
    assert "State Planned → Held" in " ".join(" ".join(rows[1]).split())


def test_the_auditor_finds_an_event_by_its_reference_and_from_its_page(auditor):
    assert len(read_table(auditor.get(f"{AUDIT}?subject=w1"), "Changes")) == 2
    assert "Nothing fits this choice" in page_text(auditor.get(f"{AUDIT}?subject=w%25"))
    history = links_of(auditor.get("/projects/LTPL00388/events/2"))["History"]
    assert len(read_table(auditor.get(history), "Changes")) == 3


def test_the_export_has_a_row_for_each_changed_field(auditor, tmp_path):
    answer = auditor.get(f"{AUDIT}.xlsx?kind=event&subject_id=2")
    assert "attachment" in answer.headers["Content-Disposition"]
    path = tmp_path / "audit.xlsx"
    path.write_bytes(answer.data)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Audit").to_python()
    assert rows[-1][2:] == ["", "Event marked as held", "W2", "State", "Planned", "Held"]


@pytest.mark.parametrize("query", ["first_day=2026-02-30", "last_day=x", "subject_id=x", "subject_id=99999999999"])
def test_a_filter_that_cannot_be_read_is_refused_with_the_cure(auditor, query):
    answer = auditor.get(f"{AUDIT}?{query}")
    assert answer.status_code == 422
    assert "Write" in page_text(answer)


@pytest.mark.parametrize("role", [Role.PARTNER, Role.FINANCE, Role.CONTROLLER, Role.RESEARCHER, Role.VIEWER])
def test_who_may_not_read_the_audit_does_not_find_it(app, client, role):
    with app.app_context():
        make_project()
        user_id = make_user(role, "lps" if role in {Role.PARTNER, Role.FINANCE, Role.CONTROLLER} else "")
    browser = sign_in(client, user_id)
    assert browser.get(AUDIT).status_code == 404
    assert browser.get(f"{AUDIT}.xlsx").status_code == 404


def test_the_administrator_reads_what_belongs_to_no_project_and_whom_it_was_done_to(app, client):
    with app.app_context():
        admin_id = make_user(None, admin=True)
        set_active(make_user(None, email="other@example.org"), active=False, version=1, now=NOW)
    admin = sign_in(client, admin_id)
    row = read_table(admin.get("/admin/audit"), "Changes")[1]
    assert row[1:4] == ["command line", "Account disabled", "Someone (account 2)"]
    assert row[4] == "Open to sign-ins True → False"
    assert admin.get("/admin/audit.xlsx").status_code == 200
