"""What forbids a merge, what has changed since its preview, and who may not ask for one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from portal.accounts.models import Membership
from portal.accounts.queries import list_holdings
from portal.accounts.rules import Holding, Role
from portal.accounts.services.memberships import add_membership
from portal.activities.models import Event
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, InvalidInputs
from portal.projects.models import Contact, Organisation, ProjectVersion
from portal.projects.queries import get_organisation
from portal.projects.rules.contract import Reason
from portal.projects.services.structure import Edit
from portal.reports.queries.merging import preview_merge
from portal.reports.services.merging import merge_organisations
from tests.conftest import NOW
from tests.integration.pages import page_text, read_errors, read_fields, read_summary
from tests.integration.reports.duplicates import (
    DOUBLE,
    MERGE,
    TODAY,
    WHY,
    entries,
    make_doubled,
    organisers,
    press,
    set_project,
)
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_user,
    sign_in,
    sign_in_as,
)

ASSOCIATED = {"role": "associated", "budget_cents": None}


@pytest.fixture
def doubled(app):
    make_doubled(app)
    return app


@pytest.fixture
def manager(doubled):
    return sign_in_as(doubled, Role.MANAGER)


def test_a_running_project_takes_a_reason_and_keeps_a_version(doubled, manager):
    refused = press(manager, reason="", valid_from="")
    assert refused.status_code == 422
    assert list(read_errors(refused)) == ["reason", "valid_from"]
    assert organisers(doubled)["ALONE"] == ["double"]
    assert press(manager).status_code == 302
    with doubled.app_context():
        kept = list(db.session.scalars(select(ProjectVersion).order_by(ProjectVersion.number)))
        assert [("double" in each.rows["organisations"]) for each in kept] == [True, False]
        assert (kept[1].reason, kept[1].valid_from) == ("It was recorded twice.", date(2026, 11, 20))


def test_in_preparation_no_reason_is_asked_and_no_version_kept(doubled, manager):
    set_project(doubled, status="preparation")
    assert "Reason" not in page_text(manager.get(DOUBLE))
    assert manager.post(DOUBLE, data=read_fields(manager.get(DOUBLE))).status_code == 302
    with doubled.app_context():
        assert db.session.scalars(select(ProjectVersion.id)).all() == []


def test_a_closed_project_is_left_alone(doubled, manager):
    opened = read_fields(manager.get(DOUBLE))
    set_project(doubled, status="closed")
    assert "The project is closed" in page_text(manager.get(DOUBLE))
    assert manager.post(DOUBLE, data={**opened, **WHY}).status_code == 409
    assert organisers(doubled)["ALONE"] == ["double"]


@pytest.mark.parametrize(
    ("kept", "gone", "said"),
    [
        ({}, {"role": "lead"}, "The record that would go is the lead partner."),
        ({}, {"role": "partner", "budget_cents": 100}, "Both records have a budget"),
        (ASSOCIATED, {"role": "partner", "budget_cents": 100}, "Keep the record with the budget"),
    ],
    ids=["lead", "two budgets", "associated"],
)
def test_what_is_agreed_forbids_some_merges_and_the_page_says_what_to_do(doubled, manager, kept, gone, said):
    opened = {**read_fields(manager.get(DOUBLE)), **WHY}
    with doubled.app_context():
        rows = {each.key: each for each in db.session.scalars(select(Organisation))}
        rows["lps"].role = "partner"
        for key, changes in (("ols", kept), ("double", gone)):
            for name, value in changes.items():
                setattr(rows[key], name, value)
        db.session.commit()
    page = manager.get(DOUBLE)
    assert said in page_text(page)
    assert "Merge the two records" not in page_text(page)
    refused = manager.post(DOUBLE, data=opened)
    assert refused.status_code == 422
    assert said in read_summary(refused)[0]
    assert organisers(doubled)["ALONE"] == ["double"]


def change_events(app):
    make_event(ref="NEW", organisers=["double"])


def change_roles(app):
    make_user(Role.FINANCE, "double", email="new@example.org")


def change_contacts(app):
    db.session.add(Contact(organisation=get_organisation(PROJECT, "double"), name="B. Contact"))
    db.session.commit()


@pytest.mark.parametrize("change", [change_events, change_roles, change_contacts])
def test_what_has_changed_since_the_preview_is_shown_before_it_is_merged(doubled, manager, change):
    opened = read_fields(manager.get(DOUBLE))
    with doubled.app_context():
        change(doubled)
    stale = manager.post(DOUBLE, data={**opened, **WHY})
    assert stale.status_code == 409
    assert "has changed since this page was shown" in read_summary(stale)[0]
    assert "It was recorded twice." in stale.text
    assert organisers(doubled)["ALONE"] == ["double"]
    assert manager.post(DOUBLE, data={**read_fields(stale), **WHY}).status_code == 302


def test_a_project_changed_since_the_preview_is_stale_too(doubled, manager):
    opened = read_fields(manager.get(DOUBLE))
    set_project(doubled, version=77)
    assert manager.post(DOUBLE, data={**opened, **WHY}).status_code == 409
    assert organisers(doubled)["ALONE"] == ["double"]


def test_a_double_click_merges_once(doubled, manager):
    sent = {**read_fields(manager.get(DOUBLE)), **WHY}
    assert [manager.post(DOUBLE, data=sent).status_code for _ in range(2)] == [302, 302]
    assert len(entries(doubled, "organisations_merged")) == 1


def test_an_event_form_opened_before_is_stale_afterwards(doubled, manager):
    with doubled.app_context():
        before = db.session.get_one(Event, 2).version
    press(manager)
    with doubled.app_context():
        assert db.session.get_one(Event, 2).version == before + 1


def test_an_organisation_is_not_merged_with_itself_and_what_is_not_there_is_not_found(manager):
    assert manager.get(f"{MERGE}/ols").status_code == 422
    assert manager.post(f"{MERGE}/ols", data=WHY).status_code == 422
    assert manager.get(f"{MERGE}/nato").status_code == 404
    assert manager.get(DOUBLE.replace("/ols/", "/nato/")).status_code == 404
    assert "The record that goes" in page_text(manager.get(MERGE))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_but_the_manager_merges(doubled, role):
    member = sign_in_as(doubled, role, "ols" if role in ("partner", "finance", "controller") else "")
    for address in (MERGE, DOUBLE):
        assert member.get(address).status_code == 403
    assert member.post(DOUBLE, data=WHY).status_code == 403
    assert organisers(doubled)["ALONE"] == ["double"]


def test_a_manager_of_another_project_neither_sees_nor_merges_ours(doubled, client):
    with doubled.app_context():
        make_other_project()
        user_id = make_user(None, email="other@example.org")
        db.session.add(Membership(user_id=user_id, project_code=OTHER_PROJECT, role="manager"))
        db.session.commit()
    other = sign_in(doubled.test_client(), user_id)
    for address in (MERGE, DOUBLE, DOUBLE.replace(PROJECT, OTHER_PROJECT)):
        assert other.get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert other.post(DOUBLE, data=WHY).status_code == 404
    assert other.post(DOUBLE.replace(PROJECT, OTHER_PROJECT), data=WHY).status_code == 404
    assert "OISW" not in other.get(MERGE.replace(PROJECT, OTHER_PROJECT)).text


def test_a_failure_in_the_middle_leaves_everything_as_it_was(doubled):
    with doubled.app_context():
        merge = preview_merge(PROJECT, "ols", "double")
        edit = Edit(merge.project.version, Reason("", None))
        with pytest.raises(InvalidInputs):
            merge_organisations(PROJECT, kept="ols", gone="double", seen=merge.seal, edit=edit, now=NOW)
        assert get_organisation(PROJECT, "double").address == "ul. Przykładowa 1"
        assert list_holdings(1, PROJECT) == [Holding(Role.PARTNER, "double")]
    assert organisers(doubled)["BOTH"] == ["ols", "double"]
    assert entries(doubled, "membership_moved") == []


def create_event_of_double() -> None:
    make_event(ref="NEW", organisers=["double"])


def give_role_for_double() -> None:
    add_membership(3, project_code=PROJECT, role="finance", organisation="double", now=NOW)


@pytest.mark.parametrize("rival", [create_event_of_double, give_role_for_double])
def test_what_comes_at_the_same_moment_is_either_seen_or_refused_and_never_lost(doubled, rival):
    with doubled.app_context():
        make_user(None, email="rival@example.org")
        merge = preview_merge(PROJECT, "ols", "double")
        seal, edit = merge.seal, Edit(merge.project.version, Reason("Recorded twice", TODAY))

    def attempt(act) -> bool:
        with doubled.app_context():
            try:
                act()
            except (Conflict, InvalidInput):
                return False
            return True

    def merge_them() -> None:
        merge_organisations(PROJECT, kept="ols", gone="double", seen=seal, edit=edit, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, [merge_them, rival])) == [False, True]
