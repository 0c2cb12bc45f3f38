"""The page of an organisation, its other spellings and its contacts: read by every member, changed by the manager."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict
from portal.projects.models import Contact, Organisation, Project
from portal.projects.queries import find_organisation
from portal.projects.rules.organisations import ContactDraft, OrganisationDetails
from portal.projects.services.organisations import add_contact, change_details
from tests.conftest import NOW
from tests.integration.pages import (
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_summary,
    read_table,
    read_tables,
    send_form,
)
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_project,
    make_tournament,
    make_user,
    noted_queries,
    sign_in,
    sign_in_as,
)

OLS = f"/projects/{PROJECT}/organisations/ols"
PERSON = {
    "name": "A. Contact",
    "duty": "Project coordinator",
    "email": "A.Contact@example.org",
    "phone": "+48  89 000 00 00",
}
MINE = [OLS, f"{OLS}/details", f"{OLS}/contacts/new", f"{OLS}/contacts/1", f"{OLS}/contacts/1/remove"]


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.MANAGER)


def save(browser, place: str, changes: dict[str, str]):
    """Open the form at the place of the organisation, fill in the changes, and send it."""
    page = browser.get(f"{OLS}/{place}", follow_redirects=True)
    return browser.post(page.request.full_path, data={**read_fields(page), **changes})


def version(app) -> int:
    with app.app_context():
        return db.session.get_one(Project, PROJECT).version


def list_changes(app) -> list[tuple[str, str, dict]]:
    with app.app_context():
        ours = select(AuditEntry).where(AuditEntry.subject_kind == "organisation").order_by(AuditEntry.id)
        return [(each.action, each.subject, each.changes) for each in db.session.scalars(ours)]


def list_contacts(app) -> list[tuple[str, ...]]:
    with app.app_context():
        rows = db.session.scalars(select(Contact).order_by(Contact.id))
        return [(each.name, each.duty, each.email, each.phone) for each in rows]


@pytest.mark.parametrize("role", Role)
def test_every_member_reads_the_organisation_and_only_the_manager_is_offered_to_change_it(app, manager, role):
    send_form(manager, f"{OLS}/contacts/new", **PERSON)
    own = "lps" if role in ("partner", "finance", "controller") else ""
    member = manager if role == Role.MANAGER else sign_in_as(app, role, own)
    page = member.get(OLS)
    text = page_text(page)
    for said in ("Regional Prison Inspectorate in Olsztyn", "Olštyno apygardos kalėjimų inspekcija", "Project partner"):
        assert said in text
    assert "Regional Inspectorate of the Prison Service in Olsztyn" in text
    assert read_table(page, "Whom to ask there")[1][:2] == ["A. Contact", "Project coordinator"]
    for offer in ("Edit spellings and address", "Merge with a duplicate", "Add a contact"):
        assert (offer in links_of(page)) is (role == Role.MANAGER)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_but_the_manager_changes_an_organisation(app, manager, role):
    send_form(manager, f"{OLS}/contacts/new", **PERSON)
    own = "ols" if role in ("partner", "finance", "controller") else ""
    member = sign_in_as(app, role, own)
    before = list_changes(app), list_contacts(app)
    for address in MINE[1:]:
        assert member.get(address).status_code == 403
        assert member.post(address, data={**PERSON, "aliases": "X", "version": "1"}).status_code == 403
    assert (list_changes(app), list_contacts(app)) == before


def test_a_member_of_another_project_and_a_visitor_find_nothing(app, manager, client):
    send_form(manager, f"{OLS}/contacts/new", **PERSON)
    with app.app_context():
        make_other_project()
        user_id = make_user(None, email="other@example.org")
        db.session.add(Membership(user_id=user_id, project_code=OTHER_PROJECT, role="manager"))
        db.session.commit()
    other = sign_in(app.test_client(), user_id)
    for address in MINE:
        assert other.get(address).status_code == 404
        assert client.get(address).status_code == 302
    for address in MINE[1:]:
        assert other.post(address, data=PERSON).status_code == 404
    # Under their own code, our contact is not there.
    theirs = OLS.replace(PROJECT, OTHER_PROJECT)
    assert other.get(theirs).status_code == 200
    for address in (f"{theirs}/contacts/1", f"{theirs}/contacts/1/remove"):
        assert other.get(address).status_code == 404
        assert other.post(address, data=PERSON).status_code == 404
    assert len(list_contacts(app)) == 1


def test_what_the_project_lacks_is_not_found(app, manager):
    send_form(manager, f"{OLS}/contacts/new", **PERSON)
    lpro = OLS.replace("ols", "lpro")
    for address in (OLS.replace("ols", "nato"), f"{OLS}/contacts/2", f"{lpro}/contacts/1", f"{lpro}/contacts/1/remove"):
        assert manager.get(address).status_code == 404


def test_the_page_shows_its_events_its_activities_and_how_many_people_play_a_part_for_it(app, manager):
    with app.app_context():
        make_tournament()
        make_event(ref="L1", organisers=["lps"])
        make_user(Role.PARTNER, "ols", email="one@example.org")
        make_user(Role.PARTNER, "lps", email="two@example.org")
        activity = db.session.scalars(select(Organisation).where(Organisation.key == "ols")).one()
        activity.project.work_packages[0].activities[1].responsible = activity
        db.session.commit()
    page = manager.get(OLS)
    assert [row[0] for row in read_table(page, "Its events")[1:]] == ["Volleyball tournament V1"]
    assert "1 person plays a part for it" in page_text(page)
    assert "Activities it answers for 1.2" in page_text(page)
    links = links_of(page)
    assert links["1 event in the list of events"] == f"/projects/{PROJECT}/events?organisation=ols"
    assert links_of(manager.get(f"/projects/{PROJECT}/partners"))["Regional Prison Inspectorate in Olsztyn"] == OLS


def test_only_the_latest_twenty_events_are_shown_and_queries_do_not_grow(app, manager):
    counts = []
    for batch in (1, 21):
        with app.app_context():
            for number in range(batch):
                make_event(ref=f"B{batch}-{number}", organisers=["ols"])
        with noted_queries(app) as statements:
            page = manager.get(OLS)
        counts.append(len(statements))
    assert len(read_table(page, "Its events")) == 21
    assert "All 22 events in the list of events" in links_of(page)
    assert counts[0] == counts[1]


def test_spellings_and_address_are_stored_with_their_trail(app, manager):
    before = version(app)
    assert read_fields(manager.get(f"{OLS}/details"))["version"] == str(before)
    stated = {"aliases": " OISW  Olsztyn \r\n\r\nOISW Olsztyn\r\nOls", "address": "ul. Przykładowa 1\r\n10-000 Olsztyn"}
    sent = save(manager, "details", stated)
    assert (sent.status_code, sent.location) == (302, OLS)
    text = page_text(manager.get(OLS))
    assert "OISW Olsztyn; Ols" in text
    assert "ul. Przykładowa 1 10-000 Olsztyn" in text
    assert version(app) == before + 1
    alias = "Regional Inspectorate of the Prison Service in Olsztyn"
    changes = {
        "aliases": [[alias], ["OISW Olsztyn", "Ols"]],
        "address": ["", "ul. Przykładowa 1\n10-000 Olsztyn"],
    }
    assert list_changes(app) == [("organisation_details_changed", "ols", changes)]


def test_storing_what_is_there_already_changes_nothing(app, manager):
    before = version(app)
    assert send_form(manager, f"{OLS}/details").status_code == 302
    assert (version(app), list_changes(app)) == (before, [])


def test_a_spelling_that_is_a_name_of_the_organisation_is_left_out(app, manager):
    send_form(manager, f"{OLS}/details", aliases="Regional Prison Inspectorate in Olsztyn\nOISW")
    with app.app_context():
        assert db.session.scalars(select(Organisation).where(Organisation.key == "ols")).one().aliases == ["OISW"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"aliases": "x" * 501}, "aliases"),
        ({"aliases": "\n".join(map(str, range(101)))}, "aliases"),
        ({"aliases": "bell\x07"}, "aliases"),
        ({"address": "x" * 301}, "address"),
    ],
    ids=["long alias", "many aliases", "control character", "long address"],
)
def test_details_that_cannot_be_kept_are_refused_at_their_field(app, manager, changes, field):
    refused = save(manager, "details", changes)
    assert refused.status_code == 422
    assert list(read_errors(refused)) == [field]
    assert list_changes(app) == []


def test_a_stale_form_keeps_what_was_typed_and_shows_what_is_stored(app, manager):
    opened = read_fields(manager.get(f"{OLS}/details"))
    save(manager, "details", {"address": "Theirs"})
    stale = manager.post(f"{OLS}/details", data={**opened, "address": "Mine"})
    assert stale.status_code == 409
    assert ["Address", "Theirs", "Mine"] in read_table(stale, "What differs")
    assert "Mine" in stale.text
    again = manager.post(f"{OLS}/details", data={**read_fields(stale), "aliases": "", "address": "Mine"})
    assert again.status_code == 302
    assert "Mine" in page_text(manager.get(OLS))


def test_a_contact_is_added_edited_and_removed_and_the_audit_names_nobody(app, manager):
    before = version(app)
    assert send_form(manager, f"{OLS}/contacts/new", **PERSON).status_code == 302
    stored = ("A. Contact", "Project coordinator", "a.contact@example.org", "+48 89 000 00 00")
    assert list_contacts(app) == [stored]
    assert send_form(manager, f"{OLS}/contacts/1", name="B. Contact", phone="").status_code == 302
    assert list_contacts(app) == [("B. Contact", "Project coordinator", "a.contact@example.org", "")]
    assert "Name, e-mail and phone of B. Contact are deleted" in page_text(manager.get(f"{OLS}/contacts/1/remove"))
    assert send_form(manager, f"{OLS}/contacts/1/remove").status_code == 302
    assert list_contacts(app) == []
    assert "No contact is stored yet." in page_text(manager.get(OLS))
    assert version(app) == before + 3
    personal = {key: ["changed", "changed"] for key in ("person", "duty", "email", "phone")}
    assert list_changes(app) == [
        ("contact_added", "ols", {"contact": [None, 1], **personal}),
        ("contact_changed", "ols", {name: personal[name] for name in ("person", "phone")}),
        (
            "contact_removed",
            "ols",
            {"contact": [1, None], **personal},
        ),
    ]
    assert "Contact" not in str(list_changes(app))
    assert "example.org" not in str(list_changes(app))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"duty": "x" * 201}, "duty"),
        ({"email": "contact"}, "email"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "email"),
        ({"phone": "none"}, "phone"),
        ({"phone": "1" * 41}, "phone"),
    ],
    ids=str,
)
def test_a_contact_that_cannot_be_reached_is_refused_at_its_field(app, manager, changes, field):
    refused = send_form(manager, f"{OLS}/contacts/new", **{**PERSON, **changes})
    assert refused.status_code == 422
    assert list(read_errors(refused)) == [field]
    assert list_contacts(app) == []


def test_a_contact_changed_meanwhile_is_not_overwritten(app, manager):
    send_form(manager, f"{OLS}/contacts/new", **PERSON)
    opened = read_fields(manager.get(f"{OLS}/contacts/1"))
    send_form(manager, f"{OLS}/contacts/1", phone="123 456")
    stale = manager.post(f"{OLS}/contacts/1", data={**opened, "phone": "654 321"})
    assert stale.status_code == 409
    assert ["Phone", "123 456", "654 321"] in read_table(stale, "What differs")


def test_contacts_and_address_are_not_on_the_public_page(app, manager, client):
    send_form(manager, f"{OLS}/contacts/new", **PERSON)
    save(manager, "details", {"address": "ul. Przykładowa 1"})
    page = client.get(f"/public/{PROJECT}")
    assert "Regional Prison Inspectorate in Olsztyn" in page.text
    for hidden in ("A. Contact", "a.contact@example.org", "Przykładowa"):
        assert hidden not in page.text


def test_in_a_closed_project_only_a_contact_can_still_be_removed(app, manager):
    send_form(manager, f"{OLS}/contacts/new", **PERSON)
    with app.app_context():
        db.session.get_one(Project, PROJECT).status = "closed"
        db.session.commit()
    for address, changes in (("details", {"address": "New"}), ("contacts/new", PERSON), ("contacts/1", PERSON)):
        refused = save(manager, address, changes)
        assert refused.status_code == 409
        assert "The project is closed" in read_summary(refused)[0]
    assert send_form(manager, f"{OLS}/contacts/1/remove").status_code == 302
    assert list_contacts(app) == []


def test_an_organisation_is_found_by_its_key_any_name_and_any_spelling(in_app):
    make_project()
    for text in (
        "ols",
        "Regional Prison Inspectorate in Olsztyn",
        "regional inspectorate of the  prison service in OLSZTYN",
        "Okregowy Inspektorat Sluzby Wieziennej w Olsztynie",
    ):
        found = find_organisation(PROJECT, text)
        assert found is not None
        assert found.key == "ols"
    for text in ("OLS", "Olsztyn", "", "nato"):
        assert find_organisation(PROJECT, text) is None


def test_a_spelling_that_two_organisations_share_names_neither(in_app):
    make_project()
    for number, key in enumerate(("ols", "lpro")):
        details = OrganisationDetails(("Inspectorate",), "")
        change_details(PROJECT, key, details, version=db.session.get_one(Project, PROJECT).version, now=NOW)
        assert (find_organisation(PROJECT, "inspectorate") is None) is bool(number)


def test_a_service_called_with_an_old_version_stores_nothing(in_app):
    make_project()
    opened = db.session.get_one(Project, PROJECT).version
    add_contact(PROJECT, "ols", ContactDraft("A. Contact"), version=opened, now=NOW)
    with pytest.raises(Conflict):
        add_contact(PROJECT, "ols", ContactDraft("B. Contact"), version=opened, now=NOW)
    assert [each.name for each in db.session.scalars(select(Contact))] == ["A. Contact"]


def test_a_double_click_makes_one_contact(app, manager):
    page = manager.get(f"{OLS}/contacts/new", follow_redirects=True)
    address, sent = page.request.full_path, {**read_fields(page), **PERSON}
    assert [manager.post(address, data=sent).status_code for _ in range(2)] == [302, 302]
    assert len(list_contacts(app)) == 1
    assert read_tables(manager.get(OLS))
