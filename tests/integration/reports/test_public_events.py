"""The next public events that everyone may read of, and the way to register for them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.activities.models import Event
from portal.core.db import transaction
from tests.conftest import NOW
from tests.integration.accounts.people import time_at
from tests.integration.activities.visitors import make_open, register
from tests.integration.pages import links_of, page_text, read_table
from tests.make import PROJECT, make_event, make_project, noted_queries

PAGE = f"/public/{PROJECT}/events"


@pytest.fixture
def project(app: Flask) -> Flask:
    with app.app_context():
        make_project()
    return app


def listed(client: FlaskClient) -> dict[str, str]:
    """Title of each event -> what is said of registration."""
    rows = read_table(client.get(PAGE), "Next public events")
    return {
        row[0].removesuffix(" Lithuanian Prison Service, Regional Prison Inspectorate in Olsztyn"): row[3]
        for row in rows[1:]
    }


def test_each_public_event_says_how_one_registers(project: Flask, client: FlaskClient):
    def public(title: str) -> dict[str, object]:
        return {"ref": title[:2], "title": {"en": title}, "is_public": True}

    _, free = make_open(project, public("Free"))
    _, full = make_open(project, {**public("Waiting"), "capacity": 1})
    make_open(project, public("Later"), opens=datetime(2026, 12, 1, 8))
    make_open(project, {**public("Hidden"), "is_public": False})
    with project.app_context():
        spring = datetime(2027, 4, 10, 18)
        make_event(**public("Open air"), starts=spring, ends=spring + timedelta(hours=2))
    for name in ("ann", "ben"):
        register(client, full, email=f"{name}@example.org")
    closing = "Registration closes on 9 December 2026, 12:00 (Europe/Vilnius)."
    assert listed(client) == {
        "Free": f"Register 2 seats are free. {closing}",
        "Waiting": f"Register All seats are taken. The next place is in the queue: 1 person is before you. {closing}",
        "Later": "Registration opens on 1 December 2026, 08:00 (Europe/Vilnius).",
        "Open air": "Without registration",
    }
    assert f"/register/{free}" in client.get(f"/public/{PROJECT}").text
    with time_at(NOW + timedelta(days=19)):
        assert listed(client)["Free"] == "Registration is closed."
        assert "/register/" not in client.get(f"/public/{PROJECT}").text


def test_without_events_the_page_says_so(project: Flask, client: FlaskClient):
    assert "No public event is announced at present." in page_text(client.get(PAGE))
    assert client.get("/public/NONE/events").status_code == 404


def test_the_project_page_leads_there(project: Flask, client: FlaskClient):
    make_open(project, {"is_public": True})
    assert links_of(client.get(f"/public/{PROJECT}"))["All coming public events"] == PAGE


def test_a_longer_list_asks_the_database_as_often(project: Flask, client: FlaskClient):
    def asked() -> int:
        with noted_queries(project) as statements:
            assert client.get(PAGE).status_code == 200
        return len(statements)

    make_open(project, {"is_public": True})
    few = asked()
    for number in range(4):
        make_open(project, {"is_public": True, "ref": f"X{number}"})
    assert asked() == few


def test_invented_events_are_marked_where_the_public_reads_of_them(project: Flask, client: FlaskClient):
    event_id, token = make_open(project, {"is_public": True})
    own = register(client, token).location
    addresses = (PAGE, f"/register/{token}", own)
    assert [text for text in map(page_text, map(client.get, addresses)) if "Example data" in text] == []
    with project.app_context(), transaction() as session:
        session.get_one(Event, event_id).is_example = True
    assert all("Example data" in page_text(client.get(address)) for address in addresses)


def test_a_place_leads_to_the_calendar_file_as_the_page_of_registration_does(project: Flask, client: FlaskClient):
    _, token = make_open(project)
    own = register(client, token).location
    pages = [links_of(client.get(address))["Calendar file"] for address in (own, f"/register/{token}")]
    assert pages == [f"/register/{token}/event.ics"] * 2
