"""The example activity: loaded once, marked wherever it is seen, and gone with one command."""

import json

from portal.accounts.models import User
from portal.activities.queries import EventFilter, list_events
from portal.core.db import db
from portal.projects.queries import find_project
from tests.integration.pages import page_text, read_table
from tests.make import PROJECT, make_event, make_project, run_portal, sign_in

PAGES = ["/", "/events", "/outcomes", "/outcomes/workshops", "/plan", "/partners"]


def sign_in_demo(app, email: str):
    with app.app_context():
        user_id = db.session.query(User).where(User.email == email).one().id
    return sign_in(app.test_client(), user_id)


def example_mark(client, address: str) -> bool:
    return "Example data" in page_text(client.get(address))


def achieved(client) -> list[str]:
    return [row[2] for row in read_table(client.get(f"/projects/{PROJECT}/outcomes"), "Expected")[1:]]


def test_the_example_is_loaded_once_and_an_existing_project_is_left_as_it_is(app):
    assert run_portal(app, "demo", "load").exit_code == 0
    with app.app_context():
        total = list_events(PROJECT, EventFilter()).total
        make_event(ref="OWN")
    again = run_portal(app, "demo", "load")
    assert (again.exit_code, again.stdout) == (0, "LTPL00388 is there already.\n")
    with app.app_context():
        assert list_events(PROJECT, EventFilter()).total == total + 1


def test_the_example_is_refused_in_production(app):
    safe = {
        "PORTAL_MODE": "production",
        "PORTAL_BASE_URL": "https://portal.example.org",
        "PORTAL_TRUSTED_HOSTS": "portal.example.org",
        "PORTAL_SECRET_KEY": "k9!Zp2#vQ7xW4mT8rL1nB6cY3dF5hJ0g",
    }
    result = run_portal(app, "demo", "load", **safe)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "production" in result.stderr
    with app.app_context():
        assert find_project(PROJECT) is None


def test_the_example_shows_figures_in_every_kind_of_row_and_is_marked_on_every_page_and_in_the_json(app):
    run_portal(app, "demo", "load")
    manager = sign_in_demo(app, "manager@example.org")
    assert all(example_mark(manager, f"/projects/{PROJECT}{page}") for page in PAGES)
    assert example_mark(app.test_client(), f"/public/{PROJECT}")
    assert "–" not in achieved(manager)
    assert json.loads(run_portal(app, "outcomes", PROJECT, "--format", "json").stdout)["example_data"] is True
    assert "Example data" in run_portal(app, "outcomes", PROJECT).stdout
    assert run_portal(app, "check").exit_code == 0


def test_removing_the_example_leaves_the_project_with_a_dash_in_every_row_and_no_mark(app):
    run_portal(app, "demo", "load")
    removed = run_portal(app, "demo", "remove", PROJECT)
    assert (removed.exit_code, removed.stderr) == (0, "")
    manager = sign_in_demo(app, "manager@example.org")
    assert achieved(manager) == ["–"] * 5
    assert not any(example_mark(manager, f"/projects/{PROJECT}{page}") for page in PAGES)
    assert json.loads(run_portal(app, "outcomes", PROJECT, "--format", "json").stdout)["example_data"] is False
    assert len(read_table(manager.get(f"/projects/{PROJECT}/partners"), "Organisations")) == 7
    assert "0 example events" in run_portal(app, "demo", "remove", PROJECT).stdout


def test_removing_the_example_leaves_what_people_logged_themselves(app):
    run_portal(app, "demo", "load")
    with app.app_context():
        own = make_event(ref="OWN", status="held")
    run_portal(app, "demo", "remove", PROJECT)
    with app.app_context():
        assert [event.id for event in list_events(PROJECT, EventFilter()).events] == [own]


def test_there_is_a_manager_and_one_partner_for_each_organisation(app):
    run_portal(app, "demo", "load")
    with app.app_context():
        users = db.session.query(User).order_by(User.id).all()
        roles = sorted((row.role, row.organisation_key or "") for user in users for row in user.memberships)
        assert all(user.is_demo for user in users)
    assert ("manager", "") in roles
    assert [key for role, key in roles if role == "partner"] == [
        "alytus",
        "kaisiadorys",
        "kaunas",
        "lpro",
        "lps",
        "ols",
    ]


def test_the_example_of_a_project_that_is_not_there_cannot_be_removed(app):
    result = run_portal(app, "demo", "remove", "NOWHERE")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "NOWHERE" in result.stderr


def test_a_project_without_example_activity_is_not_marked(app):
    with app.app_context():
        make_project()
    assert not example_mark(app.test_client(), f"/public/{PROJECT}")
