"""People, permissions and the trail in the browser: invited, editing at once, kept apart, and accounted for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.services.accounts import set_account
from portal.core.files.queries import store_folder
from portal.core.files.store import list_stored
from portal.jobs.queries import list_mails
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.files import pdf
from tests.make import make_event, make_people, make_project

Open = Callable[[], Page]
PASSWORD = "trys dangaus skliautai 41"
PROJECT = "/projects/LTPL00388"


@pytest.fixture
def portal_with_admin(app: Flask) -> Flask:
    """A project with a joint event, and an administrator."""
    with app.app_context():
        make_project()
        make_people(make_event(ref="W1", organisers=["lpro", "ols"]), ["ona@example.org"], name="Ona Example")
        make_event(ref="S1", kind="support_group", activity="2.3", organisers=["lpro"])
        set_account("admin@example.org", name="Administrator", password=PASSWORD, admin=True, now=NOW)
    return app


def sign_in(page: Page, email: str) -> None:
    page.goto("/login?lang=en")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def accept_invitation(app: Flask, page: Page, email: str) -> None:
    """Follow the link of the mail in the outbox, choose a password and sign in."""
    with app.app_context():
        [mail] = [each for each in list_mails().rows if each.recipient == email]
        path = str(mail.values["path"])
    page.goto(f"{path}?lang=en")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    sign_in(page, email)


def status_of(page: Page, path: str) -> int:
    """With which status the page answers."""
    answer = page.goto(path)
    assert answer is not None
    return answer.status


def invite(page: Page, email: str, role: str, organisation: str = "") -> None:
    page.goto(f"{PROJECT}/members/new")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Name").fill("Someone")
    page.get_by_label("Role").select_option(role)
    page.get_by_label("Organisation").select_option(organisation)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"{email} is a member now")).to_be_visible()


def test_people_are_invited_edit_at_once_are_kept_apart_and_leave_a_trail(portal_with_admin: Flask, open_window: Open):
    app = portal_with_admin
    administer(app, admin := open_window())
    manager, probation, olsztyn, auditor = (open_window() for _person in range(4))
    accept_invitation(app, manager, "manager@example.org")
    for email, role, organisation, window in (
        ("probation@example.org", "partner", "lpro", probation),
        ("finance@example.org", "finance", "lpro", None),
        ("controller@example.org", "controller", "lpro", None),
        ("olsztyn@example.org", "partner", "ols", olsztyn),
        ("auditor@example.org", "auditor", "", auditor),
    ):
        invite(manager, email, role, organisation)
        if window:
            accept_invitation(app, window, email)
    edit_at_once(probation, olsztyn)
    assert status_of(olsztyn, f"{PROJECT}/events/2/participants") == 404
    read_trail(auditor)
    attach_list(app, probation)
    assert status_of(admin, f"{PROJECT}/") == 404


def administer(app: Flask, admin: Page) -> None:
    """The administrator makes the first member of the project, who gets a mail."""
    sign_in(admin, "admin@example.org")
    admin.goto("/admin/accounts/new")
    admin.get_by_label("E-mail").fill("manager@example.org")
    admin.get_by_label("Name").fill("Manager")
    admin.get_by_role("button", name="Send the invitation").click()
    admin.get_by_role("link", name="Give a role").click()
    admin.get_by_label("Project and organisation").select_option("LTPL00388/")
    admin.get_by_label("Role", exact=True).select_option("manager")
    admin.get_by_role("button", name="Give the role").click()


def edit_at_once(first: Page, second: Page) -> None:
    """Both open the joint event's form; one saves, the other gets her text back with what differs."""
    for window in (first, second):
        window.goto(f"{PROJECT}/events/1/edit")
    first.get_by_label("Place").fill("Kaunas")
    first.get_by_role("button", name="Save the event").click()
    expect(first.get_by_text("The event is saved.")).to_be_visible()
    second.get_by_label("Place").fill("Olsztyn")
    second.get_by_role("button", name="Save the event").click()
    expect(second.get_by_text("Someone else has changed this event")).to_be_visible()
    expect(second.get_by_label("Place")).to_have_value("Olsztyn")
    expect(second.get_by_role("row", name="Place Kaunas Olsztyn")).to_be_visible()


def read_trail(auditor: Page) -> None:
    """The auditor filters by the event and reads who changed what."""
    auditor.goto(f"{PROJECT}/audit")
    auditor.get_by_label("Kind of thing").select_option("event")
    auditor.get_by_label("Its name or reference").fill("W1")
    auditor.get_by_role("button", name="Filter").click()
    row = auditor.get_by_role("row").filter(has_text="Event edited")
    expect(row).to_contain_text("probation@example.org")
    expect(row).to_contain_text("– → Kaunas")
    expect(auditor.get_by_text("Ona Example")).to_have_count(0)


def attach_list(app: Flask, page: Page) -> None:
    """The scanned list is attached; one flipped byte on the disk is named."""
    page.goto(f"{PROJECT}/events/1/evidence/new")
    page.get_by_label("What it is").select_option("attendance_list")
    page.get_by_label("Files", exact=False).first.set_input_files(
        {"name": "Žaliūkas–Łódź.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    page.get_by_role("button", name="Attach the files").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Žaliūkas–Łódź.pdf", exact=True).click()
    assert download.value.suggested_filename == "Žaliūkas–Łódź.pdf"
    with app.app_context():
        assert list_violations() == []
        [path] = list_stored(store_folder())
        flip_a_byte(path)
        assert [path.name[:12] in violation.subject for violation in list_violations()] == [True]


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
