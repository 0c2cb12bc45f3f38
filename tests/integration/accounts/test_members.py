"""The members of a project: everyone reads the list, the manager invites, gives and takes, one manager stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership, User
from portal.accounts.queries import find_user_by_email, list_holdings
from portal.accounts.rules import Holding, Role
from portal.accounts.services.accounts import PersonDraft
from portal.accounts.services.memberships import RoleDraft, invite, remove_membership
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict
from tests.conftest import NOW
from tests.integration.accounts.people import PASSWORD, last_link, list_mails, sign_in
from tests.integration.pages import page_text, read_errors, read_summary, read_table, send_form
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, make_user, sign_in_as

MEMBERS = f"/projects/{PROJECT}/members"
JONAS = {"email": "Jonas@Example.LT", "name": "Jonas Petraitis", "language": "pl"}


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.MANAGER)


def list_changes(app) -> list[tuple[str, str, str, dict]]:
    with app.app_context():
        ours = select(AuditEntry).where(AuditEntry.subject_kind == "membership").order_by(AuditEntry.id)
        return [(each.action, each.actor, each.subject, each.changes) for each in db.session.scalars(ours)]


@pytest.mark.parametrize("role", Role)
def test_every_member_reads_who_plays_which_part_and_only_the_manager_reads_addresses(app, manager, role):
    own = "ols" if role in ("partner", "finance", "controller") else ""
    member = manager if role == Role.MANAGER else sign_in_as(app, role, own)
    page = member.get(MEMBERS)
    rows = read_table(page, "Members")
    assert ["Someone", "Project manager", "The whole project"] in [row[:3] for row in rows]
    assert ("manager-@example.org" in page_text(page)) is (role == Role.MANAGER)
    assert ("Invite a member" in page_text(page)) is (role == Role.MANAGER)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_but_the_manager_changes_members(app, manager, role):
    own = "ols" if role in ("partner", "finance", "controller") else ""
    member = sign_in_as(app, role, own)
    for address in ("/new", "/1/more", "/1/remove"):
        assert member.get(f"{MEMBERS}{address}").status_code == 403
        assert member.post(f"{MEMBERS}{address}", data={**JONAS, "role": "manager"}).status_code == 403
    assert list_changes(app) == []


def test_a_stranger_finds_no_members(app, manager):
    stranger = sign_in_as(app, None)
    for address in ("", "/new", "/1/more", "/1/remove"):
        assert stranger.get(f"{MEMBERS}{address}").status_code == 404


def test_an_invited_partner_chooses_a_password_and_opens_the_project(app, manager, client):
    sent = send_form(manager, f"{MEMBERS}/new", **JONAS, role="partner", organisation="lpro")
    assert (sent.status_code, sent.location) == (302, MEMBERS)
    assert "Invited" in page_text(manager.get(MEMBERS))
    assert client.post(last_link(app), data={"password": PASSWORD}).status_code == 302
    assert sign_in(client, "jonas@example.lt").status_code == 302
    assert client.get(f"/projects/{PROJECT}/").status_code == 200
    given = {"role": [None, "partner"], "organisation": [None, "lpro"]}
    assert list_changes(app) == [("membership_added", "manager-@example.org", "account 2", given)]


def test_whoever_has_an_account_gets_the_role_and_keeps_name_and_password(app, manager):
    with app.app_context():
        make_user(None, email="jonas@example.lt")
    send_form(manager, f"{MEMBERS}/new", **JONAS, role="viewer", organisation="")
    with app.app_context():
        user = find_user_by_email("jonas@example.lt")
        assert user is not None
        assert (user.name, user.password_hash, user.language) == ("Someone", "none", "en")
        assert list_holdings(user.id, PROJECT) == [Holding(Role.VIEWER)]
    assert [kind for kind, _, _ in list_mails(app)] == ["account_membership"]
    assert "link" not in list_mails(app)[0][2]


def test_a_person_may_hold_several_roles(app, manager):
    send_form(manager, f"{MEMBERS}/new", **JONAS, role="partner", organisation="lpro")
    for role, organisation in (("finance", "lpro"), ("partner", "ols"), ("viewer", "")):
        assert send_form(manager, f"{MEMBERS}/2/more", role=role, organisation=organisation).status_code == 302
    with app.app_context():
        assert list_holdings(2, PROJECT) == [
            Holding(Role.PARTNER, "lpro"),
            Holding(Role.FINANCE, "lpro"),
            Holding(Role.PARTNER, "ols"),
            Holding(Role.VIEWER),
        ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "jonas"}, "email"),
        ({"email": "a@x.lt\r\nBcc: b@x.lt"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"language": "ru"}, "language"),
        ({"role": ""}, "role"),
        ({"role": "boss"}, "role"),
        ({"role": "partner"}, "organisation"),
        ({"role": "manager", "organisation": "ols"}, "organisation"),
        ({"role": "partner", "organisation": "nato"}, "organisation"),
    ],
    ids=str,
)
def test_an_invitation_that_cannot_be_is_refused_at_its_field_and_nothing_is_stored(app, manager, changes, field):
    refused = send_form(manager, f"{MEMBERS}/new", **{**JONAS, "role": "viewer", "organisation": "", **changes})
    assert refused.status_code == 422
    assert field in read_errors(refused)
    assert list_mails(app) == []
    with app.app_context():
        assert db.session.scalars(select(User.id)).all() == [1]


def test_a_closed_account_is_not_invited(app, manager):
    with app.app_context():
        make_user(None, email="jonas@example.lt")
        db.session.get_one(User, 2).is_active = False
        db.session.commit()
    refused = send_form(manager, f"{MEMBERS}/new", **JONAS, role="viewer", organisation="")
    assert refused.status_code == 409
    assert "Ask the administrator to enable it" in read_summary(refused)[0]


def test_taking_a_role_is_said_first_ends_sign_ins_and_is_in_the_audit(app, manager):
    partner = sign_in_as(app, Role.PARTNER, "ols")
    assert "loses this role and is signed out" in page_text(manager.get(f"{MEMBERS}/2/remove"))
    assert partner.get(MEMBERS).status_code == 200
    assert send_form(manager, f"{MEMBERS}/2/remove").status_code == 302
    assert partner.get("/account").status_code == 302
    taken = {"role": ["partner", None], "organisation": ["ols", None]}
    assert list_changes(app) == [("membership_removed", "manager-@example.org", "account 2", taken)]
    assert manager.get(f"{MEMBERS}/2/remove").status_code == 404


def test_the_last_manager_stays(app, manager):
    refused = send_form(manager, f"{MEMBERS}/1/remove")
    assert refused.status_code == 409
    assert read_summary(refused) == ["This is the last manager of LTPL00388. Make someone else a manager there first."]
    assert manager.get(MEMBERS).status_code == 200


def test_a_manager_whose_account_is_closed_does_not_count_as_one(app, manager):
    with app.app_context():
        make_user(Role.MANAGER, email="closed@example.org")
        db.session.get_one(User, 2).is_active = False
        db.session.commit()
    assert send_form(manager, f"{MEMBERS}/1/remove").status_code == 409
    assert send_form(manager, f"{MEMBERS}/2/remove").status_code == 302


def test_two_managers_who_remove_each_other_at_the_same_moment_leave_one(app, manager):
    with app.app_context():
        make_user(Role.MANAGER, email="second@example.org")

    def remove(membership_id: int) -> bool:
        with app.app_context():
            try:
                remove_membership(membership_id, project_code=PROJECT, now=NOW)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, [1, 2])) == [False, True]
    with app.app_context():
        assert len(db.session.scalars(select(Membership.id)).all()) == 1


def test_a_role_of_another_project_is_not_there(app, manager):
    with app.app_context():
        make_other_project()
        db.session.add(Membership(user_id=1, project_code=OTHER_PROJECT, role="viewer"))
        db.session.commit()
    assert manager.get(f"{MEMBERS}/2/remove").status_code == 404
    assert manager.post(f"{MEMBERS}/2/remove", data={}).status_code == 404
    assert manager.post(f"{MEMBERS}/2/more", data={"role": "viewer"}).status_code == 404
    assert list_changes(app) == []


def test_what_a_manager_does_in_a_partners_own_matter_is_kept_as_done_for_the_partner(app, manager):
    partner = sign_in_as(app, Role.PARTNER, "ols")
    with app.app_context():
        make_event(organisers=["ols"])
    said = "What you do here is kept as done for Regional Prison Inspectorate in Olsztyn."
    pages = [page_text(browser.get(f"/projects/{PROJECT}/events/1")) for browser in (manager, partner)]
    assert [said in page for page in pages] == [True, False]
    for number, browser in enumerate((manager, partner), start=1):
        title = f"Changed {number}"
        assert send_form(browser, f"/projects/{PROJECT}/events/1/edit", title_en=title).status_code == 302
    with app.app_context():
        changed = select(AuditEntry).where(AuditEntry.action == "event_changed").order_by(AuditEntry.id)
        found = [(each.actor, each.acting_for) for each in db.session.scalars(changed)]
    assert found == [("manager-@example.org", "ols"), ("partner-ols@example.org", "")]


def test_an_event_that_a_manager_creates_is_kept_as_done_for_its_first_organiser(app, manager):
    stated = {"title_en": "Training", "kind": "training", "activity": "1.1", "country": "PL", "organisers": ["ols"]}
    times = {"starts": "2026-12-01T10:00", "ends": "2026-12-01T12:00"}
    assert send_form(manager, f"/projects/{PROJECT}/events/new", **stated, **times).status_code == 302
    with app.app_context():
        created = select(AuditEntry.acting_for).where(AuditEntry.action == "event_created")
        assert db.session.scalars(created).all() == ["ols"]


def test_a_manager_sends_an_invitation_again_and_hears_when_nothing_is_new(app, manager):
    jonas = {"email": "jonas@example.org", "name": "Jonas P.", "role": "viewer", "organisation": ""}
    send_form(manager, f"{MEMBERS}/new", **jonas)
    assert len(list_mails(app)) == 1
    answer = manager.post(f"{MEMBERS}/2/invitation", data={}, follow_redirects=True)
    assert "The invitation is on its way again." in page_text(answer)
    assert len(list_mails(app)) == 2
    manager.post(last_link(app), data={"password": PASSWORD})
    assert send_form(manager, f"{MEMBERS}/new", **jonas).status_code == 302
    assert "holds this role already. Nothing was changed or sent." in page_text(manager.get(MEMBERS))


def test_two_who_invite_the_same_new_person_at_once_make_one_account(app, manager):
    person = PersonDraft("twice@example.org", "Twice Invited")

    def press(number: int) -> str:
        with app.app_context():
            try:
                invite(person, [RoleDraft(PROJECT, "viewer")], inviter="Ona", now=NOW)
            except Conflict as refusal:
                return refusal.problem.code
            return "done"

    with ThreadPoolExecutor(4) as presses:
        results = list(presses.map(press, range(4)))
    assert "done" in results
    assert set(results) <= {"done", "account-just-made"}
    with app.app_context():
        assert len(list_holdings(find_user_by_email(person.email).id, PROJECT)) == 1
