"""The administrator's pages: whom they open to, what they do, and what they never show."""

import pytest

from portal.accounts.queries import get_account, list_holdings
from portal.accounts.rules import Holding, Role
from portal.accounts.services import accounts, add_membership
from portal.core.errors import Conflict
from tests.conftest import NOW
from tests.integration.accounts.people import list_actions, list_mails
from tests.integration.pages import links_of, page_text, read_fields, read_summary, read_table, send_form
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_project,
    make_user,
    noted_queries,
    sign_in,
    sign_in_as,
)

ADDRESSES = ["", "/new", "/2", "/2/disable", "/2/enable", "/2/administrator", "/2/roles/new", "/2/roles/1/remove"]
ADMIN = "admin@example.org"


@pytest.fixture
def admin(app):
    """A browser of an administrator (account 1); account 2 is a partner of ols."""
    with app.app_context():
        make_project()
        make_user(None, email=ADMIN, admin=True)
        make_user(Role.PARTNER, "ols", email="partner@example.org")
    return sign_in(app.test_client(), 1)


@pytest.mark.parametrize("address", ADDRESSES)
def test_they_are_not_there_for_anyone_else(app, admin, client, address):
    manager = sign_in_as(app, Role.MANAGER)
    for method in ("GET", "POST"):
        assert manager.open(f"/admin/accounts{address}", method=method).status_code in (404, 405)
        assert client.open(f"/admin/accounts{address}", method=method).status_code in (302, 405)
        assert admin.get(f"/admin/accounts{address}").status_code == 200
    assert list_actions(app) == []


def test_an_administrator_sees_no_project_by_that(app, admin):
    with app.app_context():
        make_event()
    for address in ("/", "/events", "/events/1", "/members", "/outcomes", "/partners"):
        assert admin.get(f"/projects/{PROJECT}{address}").status_code == 404
    page = page_text(admin.get("/admin/accounts/2"))
    assert "Opening workshop" not in page


def test_accounts_are_listed_with_their_roles_and_found_by_name_or_e_mail(app, admin):
    rows = read_table(admin.get("/admin/accounts"), "Accounts")
    assert [row[1] for row in rows[1:]] == [ADMIN, "partner@example.org"]
    assert rows[2][2] == "LTPL00388: Partner (ols)"
    found = read_table(admin.get("/admin/accounts?search=PARTNER@"), "Accounts")
    assert [row[1] for row in found[1:]] == ["partner@example.org"]
    assert "No account has this" in page_text(admin.get("/admin/accounts?search=%25%25"))


def test_the_list_asks_the_database_equally_often_however_many_there_are(app, admin):
    def count() -> int:
        with noted_queries(app) as statements:
            admin.get("/admin/accounts")
        return len(statements)

    few = count()
    with app.app_context():
        for number in range(20):
            make_user(Role.VIEWER, email=f"v{number}@example.org")
    assert count() == few


def test_inviting_makes_an_account_without_password_and_mails_a_link(app, admin):
    sent = send_form(admin, "/admin/accounts/new", email="Jonas@Example.LT", name="Jonas", language="pl")
    assert (sent.status_code, sent.location) == (302, "/admin/accounts/3")
    assert "Invited, no password yet" in page_text(admin.get(sent.location))
    assert [mail[:2] for mail in list_mails(app)] == [("account_invitation", "jonas@example.lt")]
    assert list_actions(app) == [("account_invited", ADMIN, "account 3")]
    again = send_form(admin, "/admin/accounts/3", form_key="x")
    assert again.status_code == 405
    assert admin.post("/admin/accounts/3/invitation", data={}).status_code == 302
    assert len(list_mails(app)) == 2


@pytest.mark.parametrize("email", ["", "jonas", "a@x.lt\nBcc: b@x.lt", "x" * 255])
def test_an_invitation_needs_an_e_mail(app, admin, email):
    refused = send_form(admin, "/admin/accounts/new", email=email, name="Jonas", language="pl")
    assert refused.status_code == 422
    assert list_mails(app) == []


def test_disabling_is_said_first_ends_sign_ins_and_can_be_undone(app, admin):
    partner = sign_in(app.test_client(), 2)
    assert "signed out at once" in page_text(admin.get("/admin/accounts/2/disable"))
    assert partner.get("/account").status_code == 200
    assert send_form(admin, "/admin/accounts/2/disable").status_code == 302
    assert partner.get("/account").status_code == 302
    assert "Disabled" in page_text(admin.get("/admin/accounts/2"))
    assert send_form(admin, "/admin/accounts/2/enable").status_code == 302
    assert partner.get("/account").status_code == 302
    assert [entry[0] for entry in list_actions(app)] == ["account_disabled", "account_enabled"]


def test_an_administrator_is_made_and_unmade(app, admin):
    assert send_form(admin, "/admin/accounts/2/administrator").status_code == 302
    second = sign_in(app.test_client(), 2)
    assert second.get("/admin/accounts").status_code == 200
    assert send_form(admin, "/admin/accounts/2/administrator").status_code == 302
    assert second.get("/admin/accounts").status_code == 302
    assert [entry[0] for entry in list_actions(app)] == ["admin_given", "admin_taken"]


@pytest.mark.parametrize("act", ["disable", "administrator"])
def test_the_last_administrator_stays(app, admin, act):
    refused = send_form(admin, f"/admin/accounts/1/{act}")
    assert refused.status_code == 409
    assert read_summary(refused) == ["This is the last administrator. Make someone else an administrator first."]
    assert admin.get("/admin/accounts").status_code == 200


@pytest.mark.parametrize("act", ["disable", "roles/2/remove"])
def test_the_last_manager_of_a_project_stays_until_someone_else_is_one(app, admin, act):
    with app.app_context():
        make_other_project()
        make_user(Role.MANAGER, email="first@example.org")
        add_membership(3, project_code=OTHER_PROJECT, role=Role.VIEWER)
        closed = make_user(Role.MANAGER, email="closed@example.org")
        accounts.set_active(closed, active=False, version=1, now=NOW)
    refused = send_form(admin, f"/admin/accounts/3/{act}")
    assert refused.status_code == 409
    assert read_summary(refused) == ["This is the last manager of LTPL00388. Make someone else a manager there first."]
    with app.app_context():
        assert get_account(3).is_active
        assert list_holdings(3, PROJECT) == [Holding(Role.MANAGER)]
        add_membership(2, project_code=PROJECT, role=Role.MANAGER)
    assert send_form(admin, f"/admin/accounts/3/{act}").status_code == 302


def test_every_project_that_would_be_without_a_manager_is_named(app, admin):
    with app.app_context():
        make_other_project()
        make_user(Role.MANAGER, email="first@example.org")
        add_membership(3, project_code=OTHER_PROJECT, role=Role.MANAGER)
    [said] = read_summary(send_form(admin, "/admin/accounts/3/disable"))
    assert "the last manager of LTPL00388, LTPL00999." in said


@pytest.mark.parametrize("act", ["disable", "administrator"])
def test_what_someone_else_has_changed_meanwhile_is_asked_again(app, admin, act):
    fields = read_fields(admin.get(f"/admin/accounts/2/{act}"))
    with app.app_context():
        accounts.change_details(2, name="New name", language="en", version=1, now=NOW)
    refused = admin.post(f"/admin/accounts/2/{act}", data=fields)
    assert refused.status_code == 409
    with app.app_context():
        account = get_account(2)
        assert (account.is_active, account.is_admin) == (True, False)


def test_roles_are_given_and_taken_and_taking_signs_out(app, admin):
    fields = {"place": f"{PROJECT}/lps", "role": "finance"}
    assert send_form(admin, "/admin/accounts/2/roles/new", **fields).status_code == 302
    rows = read_table(admin.get("/admin/accounts/2"), "Roles")
    assert [row[:3] for row in rows[1:]] == [[PROJECT, "Partner", "ols"], [PROJECT, "Finance officer", "lps"]]
    partner = sign_in(app.test_client(), 2)
    assert send_form(admin, "/admin/accounts/2/roles/1/remove").status_code == 302
    assert partner.get("/account").status_code == 302
    assert list_actions(app) == [
        ("membership_added", ADMIN, "account 2"),
        ("membership_removed", ADMIN, "account 2"),
    ]


@pytest.mark.parametrize(
    ("place", "role", "status"),
    [(f"{PROJECT}/", "finance", 422), (f"{PROJECT}/ols", "manager", 422), ("NOWHERE/", "viewer", 422), ("", "", 422)],
)
def test_a_role_that_cannot_be_is_refused(admin, place, role, status):
    assert send_form(admin, "/admin/accounts/2/roles/new", place=place, role=role).status_code == status


def test_a_role_of_someone_else_is_not_taken_through_this_account(app, admin):
    assert admin.post("/admin/accounts/1/roles/1/remove", data={}).status_code == 404
    assert admin.get("/admin/accounts/999").status_code == 404
    assert list_actions(app) == []


def test_administration_is_linked_for_administrators_only(app, admin):
    assert links_of(admin.get("/account"))["Administration"] == "/admin/accounts"
    assert "Administration" not in links_of(sign_in_as(app, Role.VIEWER).get("/account"))


def test_the_database_holds_both_administrators_so_that_one_stays(app, admin):
    with app.app_context():
        accounts.set_admin(2, admin=True, version=1, now=NOW)
        accounts.set_active(1, active=False, version=1, now=NOW)
        with pytest.raises(Conflict):
            accounts.set_admin(2, admin=False, version=2, now=NOW)
