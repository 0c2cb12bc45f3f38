"""Pages of exclusions: who may decide, what the page says before, and what stands on the event's page after."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.activities.models import Exclusion
from portal.activities.services.exclusions import exclude_event
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_summary, send_form
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_project,
    make_tournament,
    sign_in_as,
)

BASE = f"/projects/{PROJECT}"
EVENT = f"{BASE}/events/1"
ROW = f"{BASE}/outcomes/initiatives"
ADD, REMOVE = f"{ROW}/exclusions/1/add", f"{ROW}/exclusions/1/remove"
WHY = "The municipality counts it in its own project."

OTHERS = [
    (Role.PARTNER, "ols"),
    (Role.FINANCE, "ols"),
    (Role.CONTROLLER, "ols"),
    (Role.PROGRAMME, ""),
    (Role.RESEARCHER, ""),
    (Role.AUDITOR, ""),
    (Role.VIEWER, ""),
]


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
        make_tournament()
    return sign_in_as(app, Role.MANAGER)


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Exclusion)) or 0


def exclude(app: Flask, key: str = "initiatives") -> None:
    with app.app_context():
        exclude_event(1, key, WHY, now=NOW)


def test_the_page_says_what_will_happen_and_pressing_does_it(app, manager):
    page = page_text(manager.get(ADD))
    for said in (
        "V1 Volleyball tournament, 6 June 2026",
        "This row falls by 56: from 56 to 0 as of today.",
        "It is part of a sum, which falls by 56: Participations in joint cross-border actions.",
        "You can let the event count again at any time.",
    ):
        assert said in page
    done = send_form(manager, ADD, reason=WHY)
    assert (done.status_code, done.location) == (302, ROW)
    assert count(app) == 1


def test_the_page_of_taking_back_shows_the_reason_and_pressing_lets_it_count_again(app, manager):
    send_form(manager, ADD, reason=f"{WHY}\n<b>Really</b>")
    page = manager.get(REMOVE)
    assert "This row rises by 56: from 0 to 56 as of today." in page_text(page)
    assert f"Excluded by manager-@example.org on 20 November 2026, 14:00, because: {WHY} <b>Really</b>" in page_text(
        page
    )
    done = send_form(manager, REMOVE)
    assert (done.status_code, done.location, count(app)) == (302, ROW, 0)


def test_from_the_events_page_there_and_back(app, manager):
    links = links_of(manager.get(EVENT))
    assert links["Exclude it from this row"].endswith("?back=event")
    there = f"{ADD}?back=event"
    done = send_form(manager, there, reason=WHY)
    assert done.location == f"{EVENT}#counting"
    page = manager.get(EVENT)
    assert (
        "Does not count Active participation of community members and convicted persons in joint initiatives : "
        "the manager excluded it from this row Excluded by manager-@example.org on 20 November 2026, 14:00, because: "
        f"{WHY} Let it count again"
    ) in page_text(page)
    back = links_of(page)["Let it count again"]
    assert send_form(manager, back).location == f"{EVENT}#counting"
    assert "Let it count again" not in links_of(manager.get(EVENT))


@pytest.mark.parametrize("reason", ["", " \r\n\t ", "x" * 2001])
def test_without_a_usable_reason_the_page_says_so_at_the_field_and_keeps_what_was_written(app, manager, reason):
    refused = send_form(manager, ADD, reason=reason)
    assert refused.status_code == 422
    assert list(read_errors(refused)) == ["reason"]
    assert len(read_summary(refused)) == 1
    assert read_fields(refused)["reason"] == reason.strip()
    assert "This row falls by 56" in page_text(refused)
    assert count(app) == 0


def test_a_double_click_is_one_exclusion(app, manager):
    fields = {**read_fields(manager.get(ADD)), "reason": WHY}
    assert [manager.post(ADD, data=fields).status_code for _click in range(2)] == [302, 302]
    assert count(app) == 1


def test_who_comes_second_is_told_and_keeps_the_own_words(app, manager):
    fields = {**read_fields(manager.get(ADD)), "reason": "Mine"}
    exclude(app)
    refused = manager.post(ADD, data=fields)
    assert refused.status_code == 409
    assert "The event is excluded from this row already." in read_summary(refused)[0]
    assert read_fields(refused)["reason"] == "Mine"
    again = manager.get(ADD)
    assert again.status_code == 409
    assert "The event is excluded from this row already." in page_text(again)
    assert count(app) == 1


def test_a_sum_and_what_counts_no_events_say_why_nothing_can_be_excluded(app, manager):
    for method in (manager.get, manager.post):
        refused = method(f"{BASE}/outcomes/joint_actions/exclusions/1/add")
        assert refused.status_code == 409
        assert "This row is a sum: exclude the event from one of its parts." in page_text(refused)


def test_what_is_not_there_is_not_found(app, manager):
    with app.app_context():
        make_other_project()
        make_event(project_code=OTHER_PROJECT)
    for address in (
        f"{ROW}/exclusions/2/add",
        f"{ROW}/exclusions/2/remove",
        f"{ROW}/exclusions/99/add",
        f"{BASE}/outcomes/gone/exclusions/1/add",
        f"{BASE}/outcomes/gone/exclusions/1/remove",
        f"/projects/{OTHER_PROJECT}/outcomes/initiatives/exclusions/2/add",
        REMOVE,
    ):
        for method in (manager.get, manager.post):
            assert (address, method(address, data={"reason": WHY}).status_code) == (address, 404)
    assert count(app) == 0


@pytest.mark.parametrize(("role", "organisation"), [*OTHERS, (None, "")])
def test_only_the_manager_decides_and_every_member_reads_the_reason(app, manager, role, organisation):
    exclude(app)
    browser = sign_in_as(app, role, organisation)
    status = 404 if role is None else 403
    for address in (REMOVE, f"{BASE}/outcomes/public_events/exclusions/1/add"):
        assert [browser.get(address).status_code, browser.post(address, data={"reason": WHY}).status_code] == [
            status
        ] * 2
    assert count(app) == 1
    page = browser.get(EVENT)
    assert (WHY in page_text(page)) is (role is not None)
    assert not {"Exclude it from this row", "Let it count again"} & set(links_of(page))


def test_in_a_closed_project_the_page_offers_nothing_and_the_form_is_refused(app, manager):
    exclude(app)
    fields = read_fields(manager.get(REMOVE))
    with app.app_context():
        db.session.execute(db.text(f"UPDATE projects SET status = 'closed' WHERE code = '{PROJECT}'"))
        db.session.commit()
    assert not {"Exclude it from this row", "Let it count again"} & set(links_of(manager.get(EVENT)))
    refused = manager.post(REMOVE, data=fields)
    assert refused.status_code == 409
    assert "The project is closed" in read_summary(refused)[0]
    assert count(app) == 1
    # Nobody writes a reason that is then refused.
    for address in (REMOVE, f"{BASE}/outcomes/public_events/exclusions/1/add"):
        again = manager.get(address)
        assert (again.status_code, "The project is closed" in page_text(again)) == (409, True)


def test_the_history_says_it_in_words(app, manager):
    send_form(manager, ADD, reason=WHY)
    send_form(manager, REMOVE)
    page = page_text(manager.get(f"{BASE}/audit?kind=event&subject_id=1"))
    for said in (
        "Event excluded from a row of the outcome table",
        "Event counted again in a row of the outcome table",
        "Row of the outcome table",
        "initiatives",
        WHY,
    ):
        assert said in page


def test_an_event_to_come_can_be_excluded_and_the_page_says_what_that_means(app, manager):
    with app.app_context():
        make_event(ref="W1")
    address = f"{BASE}/outcomes/workshops/exclusions/2/add"
    page = page_text(manager.get(address))
    assert "Once it is marked as held it does not count towards this row either." in page
    assert "The figure of this row stays as it is today: –." in page
    assert send_form(manager, address, reason=WHY).status_code == 302


def test_a_copy_of_an_excluded_event_is_not_excluded(app, manager):
    exclude(app)
    copy = send_form(manager, f"{BASE}/events/new?copy=1").location
    assert copy == f"{BASE}/events/2"
    assert WHY not in page_text(manager.get(copy))
    assert count(app) == 1
