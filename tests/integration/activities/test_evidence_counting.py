"""What is evidenced: events with a file that proves their attendance, on pages, in JSON and in the workbook."""

import io
import json

import pytest
from python_calamine import CalamineWorkbook

from portal.accounts.rules import Role
from portal.activities.queries import event_facts, get_event, list_evidence
from portal.activities.rules.facts import EventFacts
from portal.activities.services.evidence import add_evidence, remove_evidence
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from tests.conftest import NOW
from tests.files import pdf
from tests.integration.pages import page_text, read_table
from tests.make import (
    PROJECT,
    make_event,
    make_people,
    make_project,
    make_tournament,
    noted_queries,
    run_portal,
    sign_in_as,
)

OUTCOMES = f"/projects/{PROJECT}/outcomes"


@pytest.fixture
def workshops(app) -> None:
    """W1 with three people and W2 with two, both held."""
    with app.app_context():
        make_project()
        make_people(make_event(ref="W1", status="held"), ["p1", "p2", "p3"])
        make_people(make_event(ref="W2", status="held"), ["p1", "p4"])


def attach(app, event_id: int, kind: str, *, no_names: bool = False) -> None:
    with app.app_context():
        kept = keep_uploads([Upload("a.pdf", io.BytesIO(pdf(kind)))], now=NOW)
        add_evidence(event_id, kind, kept, now=NOW, no_names=no_names)


def facts(app, event_id: int) -> EventFacts:
    with app.app_context():
        return event_facts(get_event(PROJECT, event_id))


def rows(app) -> dict[str, dict]:
    result = run_portal(app, "outcomes", PROJECT, "--format", "json")
    return {row["key"]: row for row in json.loads(result.stdout)["rows"]}


@pytest.mark.usefixtures("workshops")
@pytest.mark.parametrize(
    ("kind", "evidenced"), [("attendance_list", 3), ("tally_sheet", 3), ("agenda", 0), ("photos", 0), ("other", 0)]
)
def test_a_row_says_how_much_of_it_comes_from_events_whose_attendance_is_proven(app, kind, evidenced):
    attach(app, 1, kind)
    row = rows(app)["workshops"]
    assert (row["achieved"], row["evidenced"]) == (5, evidenced)
    assert [event["evidenced"] for event in row["events"]] == [bool(evidenced), False]
    assert facts(app, 1).evidenced is bool(evidenced)


@pytest.mark.usefixtures("workshops")
def test_an_organisation_is_evidenced_through_an_event_of_its_own(app):
    assert rows(app)["organisations"]["evidenced"] == 0
    attach(app, 1, "attendance_list")
    assert (rows(app)["organisations"]["achieved"], rows(app)["organisations"]["evidenced"]) == (2, 2)


@pytest.mark.usefixtures("workshops")
def test_two_files_prove_it_once_and_it_is_proven_until_both_are_taken_off(app):
    attach(app, 1, "attendance_list")
    attach(app, 1, "tally_sheet")
    assert rows(app)["workshops"]["evidenced"] == 3
    for left in (3, 0):
        with app.app_context():
            remove_evidence(list_evidence(1)[0].row.id, event_id=1, now=NOW)
        assert rows(app)["workshops"]["evidenced"] == left


@pytest.mark.usefixtures("workshops")
def test_the_page_behind_a_figure_says_of_each_event_whether_it_is_evidenced(app):
    attach(app, 2, "attendance_list")
    page = sign_in_as(app, Role.VIEWER).get(f"{OUTCOMES}/workshops")
    head, *events, _ = read_table(page, "Counts")
    place = head.index("Evidenced")
    assert {row[0].split()[0]: row[place] for row in events} == {"W1": "no", "W2": "yes"}


@pytest.mark.usefixtures("workshops")
def test_the_workbook_says_it_too(app, tmp_path):
    attach(app, 1, "attendance_list")
    target = tmp_path / "outcomes.xlsx"
    run_portal(app, "outcomes", PROJECT, "--format", "xlsx", "-o", target)
    book = CalamineWorkbook.from_path(target)
    assert [row[4] for row in book.get_sheet_by_name("Outcomes").to_python()[1:3]] == [3, 3]
    events = book.get_sheet_by_name("Events").to_python()
    assert {row[0]: row[5] for row in events[1:]} == {"W1": "yes", "W2": "no"}


def test_the_next_step_of_an_event_leads_from_attendance_over_evidence_to_held(app):
    with app.app_context():
        make_project()
        event_id = make_event()
    client, address = sign_in_as(app, Role.MANAGER), f"/projects/{PROJECT}/events/{event_id}"

    def says() -> str:
        return page_text(client.get(address))

    assert "Next: say who was there." in says()
    with app.app_context():
        make_people(event_id, ["p1"])
    assert "1 person was there. Next: add the evidence of it, then mark the event as held." in says()
    attach(app, event_id, "attendance_list")
    assert "Next: mark the event as held, so that it counts." in says()


def test_a_held_event_asks_for_its_evidence_and_then_for_nothing(app):
    with app.app_context():
        make_project()
        event_id = make_tournament()
    client, address = sign_in_as(app, Role.MANAGER), f"/projects/{PROJECT}/events/{event_id}"
    assert "nothing proves the attendance yet" in page_text(client.get(address))
    attach(app, event_id, "tally_sheet", no_names=True)
    assert "Nothing waits here." in page_text(client.get(address))


@pytest.mark.usefixtures("workshops")
def test_an_event_asks_the_database_as_often_for_many_files_as_for_one(app):
    client, numbers = sign_in_as(app, Role.MANAGER), []
    for kind in ("agenda", "photos", "publicity", "invoice"):
        attach(app, 1, kind)
        with noted_queries(app) as queries:
            client.get(f"/projects/{PROJECT}/events/1")
        numbers.append(len(queries))
    assert len(set(numbers)) == 1
