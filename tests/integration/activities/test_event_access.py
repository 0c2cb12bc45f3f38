"""Who may open which page of events: members read, organisers and the manager change, strangers see nothing."""

import pytest
from sqlalchemy import select, update

from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.accounts.services import add_membership
from portal.activities.queries import get_event, list_participations
from portal.core.db import db
from tests.integration.pages import links_of, page_text
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_other_project,
    make_people,
    make_project,
    make_user,
    sign_in,
    sign_in_as,
)

EVENTS = f"/projects/{PROJECT}/events"

# The people of these tests: what each holds, and for which organisation. The event is organised by lps and ols.
PEOPLE = {
    "manager": (Role.MANAGER, ""),
    "organiser": (Role.PARTNER, "ols"),
    "other partner": (Role.PARTNER, "lpro"),
    "finance of an organiser": (Role.FINANCE, "ols"),
    "controller of an organiser": (Role.CONTROLLER, "ols"),
    "other controller": (Role.CONTROLLER, "lpro"),
    "programme": (Role.PROGRAMME, ""),
    "researcher": (Role.RESEARCHER, ""),
    "auditor": (Role.AUDITOR, ""),
    "viewer": (Role.VIEWER, ""),
    "stranger": (None, ""),
}

# What everyone may open, what only those who may change events, and what only those who see names. The first
# letter of a word is the answer: r(ead 200), f(orbidden 403), h(idden 404).
ANSWERS = {"r": 200, "f": 403, "h": 404}
PAGES = {
    "": "r r r r r r r r r r h",
    "/new": "r r r f f f f f f f h",
    "/{event}": "r r r r r r r r r r h",
    "/{event}/edit": "r r f f f f f f f f h",
    "/{event}/headcounts": "r r f f f f f f f f h",
    "/{event}/participants": "r r h h r h h h h h h",
    "/{event}/participants/new": "r r f f f f f f f f h",
    "/{event}/participants/new-code": "r r f f f f f f f f h",
    "/{event}/participants/{person}": "r r f f f f f f f f h",
    "/{event}/participants/{person}/remove": "r r f f f f f f f f h",
}


@pytest.fixture
def ids(app) -> dict[str, int]:
    with app.app_context():
        make_project()
        event_id = make_event()
        make_people(event_id, ["ona@example.lt"], name="Ona Onaitė")
        return {"event": event_id, "person": list_participations(event_id).rows[0].id}


@pytest.mark.parametrize(("person", "number"), [(person, number) for number, person in enumerate(PEOPLE)])
def test_each_page_opens_to_whom_the_agreed_table_says(app, ids, person, number):
    client = sign_in_as(app, *PEOPLE[person])
    answers = {page: client.get(EVENTS + page.format(**ids), follow_redirects=True).status_code for page in PAGES}
    assert answers == {page: ANSWERS[letters.split()[number]] for page, letters in PAGES.items()}


def test_whoever_has_not_signed_in_is_sent_to_sign_in_and_back(client, ids):
    for page in PAGES:
        response = client.get(EVENTS + page.format(**ids))
        assert response.status_code == 302
        assert response.location.startswith("/login?next=")
    assert client.post(EVENTS + "/new").location == "/login"


@pytest.mark.parametrize("person", ["other partner", "controller of an organiser", "viewer", "stranger"])
def test_whoever_may_not_change_an_event_changes_nothing_by_sending_a_form(app, ids, person):
    client = sign_in_as(app, *PEOPLE[person])
    refused = 404 if person == "stranger" else 403
    for address in ("/{event}/status", "/{event}/edit", "/{event}/headcounts", "/{event}/participants/{person}/remove"):
        answer = client.post(EVENTS + address.format(**ids), data={"wanted": "held", "version": "2"})
        assert answer.status_code == refused
    with app.app_context():
        event = get_event(PROJECT, ids["event"])
        assert (event.status, event.version, len(event.participations)) == ("planned", 2, 1)


def test_an_event_of_another_project_is_not_there(app, ids):
    client = sign_in_as(app, Role.MANAGER)
    with app.app_context():
        make_other_project()
        [manager] = db.session.scalars(select(User.id))
        add_membership(manager, project_code=OTHER_PROJECT, role=Role.MANAGER)
    assert client.get(f"/projects/{OTHER_PROJECT}/events").status_code == 200
    for page in PAGES:
        if "{event}" in page:
            address = f"/projects/{OTHER_PROJECT}/events" + page.format(**ids)
            assert (page, client.get(address).status_code) == (page, 404)


def test_a_person_of_another_event_is_not_there(app, ids):
    with app.app_context():
        other = make_event()
    client = sign_in_as(app, Role.MANAGER)
    for page in ("participants/{person}", "participants/{person}/remove"):
        assert client.get(EVENTS + f"/{other}/" + page.format(**ids)).status_code == 404


@pytest.mark.parametrize(
    ("person", "offered"), [("manager", True), ("organiser", True), ("other partner", False), ("viewer", False)]
)
def test_the_page_offers_only_what_the_person_may_do(app, ids, person, offered):
    page = sign_in_as(app, *PEOPLE[person]).get(f"{EVENTS}/{ids['event']}")
    assert ("Edit the event" in links_of(page)) is offered
    assert ("Mark as held" in page_text(page)) is offered
    assert "Ona" not in page_text(page)


def test_a_controller_of_an_organiser_reads_the_names_and_is_offered_no_change(app, ids):
    page = sign_in_as(app, Role.CONTROLLER, "lps").get(EVENTS + f"/{ids['event']}/participants")
    assert "Ona Onaitė" in page_text(page)
    assert "Add a participant" not in page_text(page)
    assert "Remove" not in links_of(page)


def test_a_role_in_one_project_opens_nothing_in_another(app, ids):
    with app.app_context():
        make_other_project()
    client = sign_in_as(app, Role.MANAGER)
    assert client.get(f"/projects/{OTHER_PROJECT}/").status_code == 404
    assert client.get("/projects/NOWHERE/").status_code == 404


def test_an_account_that_was_closed_is_signed_out(app, ids):
    with app.app_context():
        user_id = make_user(Role.MANAGER)
    client = sign_in(app.test_client(), user_id)
    assert client.get(EVENTS).status_code == 200
    with app.app_context():
        db.session.execute(update(User).values(is_active=False))
        db.session.commit()
    assert client.get(EVENTS).location.startswith("/login")
