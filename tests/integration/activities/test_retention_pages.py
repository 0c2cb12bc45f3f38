"""The page of how long names are kept: the days, whose names are due, and the press that takes them out."""

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.models import Participation
from portal.activities.queries.retention import kept_days
from portal.activities.services.retention import CHORE, anonymise_daily
from portal.core.db import db
from portal.projects.models import Project
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_table, send_form
from tests.make import PROJECT, make_event, make_people, make_project, noted_queries, sign_in_as

PAGE = f"/projects/{PROJECT}/retention"


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
        make_people(make_event(ref="W1"), ["ona@example.org", "jan@example.org"], status="absent", name="Ona Onaitė")
        make_people(make_event(ref="W2"), ["eva@example.org"], status="registered")
        make_people(make_event(ref="W3", status="held"), ["tom@example.org"])
    return sign_in_as(app, Role.MANAGER)


def names(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Participation.name).where(Participation.name != "")))


def test_the_page_says_in_numbers_whose_names_are_due(manager):
    page = manager.get(PAGE)
    assert read_table(page, "People by event")[1:] == [["W1 Opening workshop", "2", "0"]]
    text = page_text(page)
    assert "How long names are kept assumed" in text
    assert "1 person is registered for an event that is over" in text
    assert "1 row of somebody who attended is kept until somebody decides" in text
    assert "Ona" not in text
    assert "@example.org" not in text.replace("manager-@example.org", "")
    assert links_of(page)["Anonymise 2 people"] == f"{PAGE}/anonymise"
    assert links_of(manager.get(f"/projects/{PROJECT}/"))["Personal data"] == PAGE


def test_the_names_go_with_one_confirmed_press(app, manager):
    asked = manager.get(f"{PAGE}/anonymise")
    assert "This cannot be undone" in page_text(asked)
    assert len(names(app)) == 2
    done = send_form(manager, f"{PAGE}/anonymise")
    assert (done.status_code, done.location) == (302, PAGE)
    page = manager.get(PAGE)
    assert "2 people are anonymous now." in page_text(page)
    assert read_table(page, "Latest first")[1][1:] == [
        "manager-@example.org",
        "Names taken out after their time",
        "2",
        "1",
    ]
    assert names(app) == []
    assert "Nobody's name is due today" in page_text(manager.get(f"{PAGE}/anonymise"))


def test_what_the_portal_did_by_itself_is_said_to_be_its_own(app, manager):
    with app.app_context():
        anonymise_daily(NOW)
        app.extensions.pop(CHORE, None)
    who, what = "the portal by itself", "Names taken out after their time"
    head, row = read_table(manager.get(PAGE), "Latest first")
    assert (head[1:3], row[1:3]) == (["Who did it", "What was done"], [who, what])
    assert any(row[1:3] == [who, what] for row in read_table(manager.get(f"/projects/{PROJECT}/audit"), "Changes"))


def test_the_days_are_saved_and_no_longer_assumed(app, manager):
    done = send_form(manager, PAGE, unattended_days="0", attended_days="1825")
    assert (done.status_code, done.location) == (302, PAGE)
    with app.app_context():
        assert kept_days(PROJECT) == (0, 1825, 1, False)
    page = manager.get(PAGE)
    assert "How long names are kept assumed" not in page_text(page)
    assert "rows of people who attended" not in page_text(page)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("unattended_days", "", "Fill this in."),
        ("unattended_days", "soon", "Enter a whole number, in digits."),
        ("attended_days", "40000", "Enter a number from 0 to 36500."),
    ],
)
def test_days_that_are_none_are_refused_at_their_field(manager, field, typed, said):
    answer = send_form(manager, PAGE, **{field: typed})
    assert answer.status_code == 422
    assert read_errors(answer) == {field: said}
    assert read_fields(answer)[field] == typed


def test_a_stale_form_shows_what_differs_and_can_be_sent_again(manager):
    form = read_fields(manager.get(PAGE))
    send_form(manager, PAGE, unattended_days="30")
    answer = manager.post(PAGE, data={**form, "unattended_days": "60"})
    assert answer.status_code == 409
    assert read_table(answer, "What differs")[1][1:] == ["30", "60"]
    again = manager.post(PAGE, data={**read_fields(answer), "unattended_days": "60"})
    assert again.status_code == 302


@pytest.mark.parametrize("role", [Role.PARTNER, Role.VIEWER, Role.PROGRAMME, Role.CONTROLLER])
@pytest.mark.parametrize("path", ["", "/anonymise", "/person", "/person/withdraw"])
def test_only_the_manager_may(app, manager, role, path):
    organisation = "ols" if role in (Role.PARTNER, Role.CONTROLLER) else ""
    assert sign_in_as(app, role, organisation).get(PAGE + path).status_code == 403


def test_names_of_a_closed_project_go_too(app, manager):
    with app.app_context():
        db.session.get_one(Project, PROJECT).status = "closed"
        db.session.commit()
    assert send_form(manager, f"{PAGE}/anonymise").status_code == 302
    assert names(app) == []


def test_a_page_asks_the_database_as_often_for_many_events_as_for_few(app, manager):
    def asked() -> int:
        with noted_queries(app) as statements:
            assert manager.get(PAGE).status_code == 200
        return len(statements)

    few = asked()
    with app.app_context():
        for number in range(4, 10):
            make_people(make_event(ref=f"W{number}"), [f"p{number}@example.org"], status="absent")
    assert asked() == few
    assert len(read_table(manager.get(PAGE), "People by event")[1:]) == 7
