"""The page of an activity, and the forms of progress: who may open them, what they store, what they refuse."""

from datetime import date

import pytest

from portal.accounts.rules import Role
from portal.projects.queries.plan import get_activity, get_deliverable
from tests.integration.pages import (
    links_of,
    page_text,
    read_errors,
    read_fields,
    read_summary,
    read_table,
    send_form,
)
from tests.integration.reports.plans import set_status, state_activity, state_deliverable
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, sign_in_as

PLAN = f"/projects/{PROJECT}/plan"
ACTIVITY = f"{PLAN}/activities/1.1"
PROGRESS = f"{ACTIVITY}/progress"
DELIVERY = f"{PLAN}/deliverables/D1.1.1/progress"


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
        state_activity("1.1", "lps", planned_first_day=date(2026, 2, 1), planned_last_day=date(2027, 6, 30))
        state_deliverable("D1.1.1", "1.1", due_day=date(2026, 6, 30))
    return sign_in_as(app, Role.MANAGER)


def stored(app) -> tuple[str, date | None, date | None, str]:
    with app.app_context():
        activity = get_activity(PROJECT, "1.1")
        return activity.status, activity.actual_first_day, activity.actual_last_day, activity.note


def test_an_activity_shows_its_facts_deliverables_and_events(app, manager):
    with app.app_context():
        event_id = make_event(planned_participants=24)
    answer = manager.get(ACTIVITY)
    page = page_text(answer)
    assert "Work package 1: Strengthening the Networking" in page
    assert "Responsible partner Lithuanian Prison Service" in page
    assert "Planned days 1 February 2026 – 30 June 2027" in page
    assert "Planned Late: not begun" in page
    assert read_table(answer, "Deliverables")[1][:4] == [
        "D1.1.1 The deliverable D1.1.1",
        "30 June 2026",
        "–",
        "Overdue",
    ]
    assert read_table(answer, "Events")[1] == ["Opening workshop E1", "10 March 2026", "Planned", "24", "0"]
    links = links_of(answer)
    assert links["Opening workshop"] == f"/projects/{PROJECT}/events/{event_id}"
    assert manager.get(links["Edit the activity"]).status_code == 200


def test_the_events_of_an_activity_come_in_pages(app, manager):
    with app.app_context():
        for number in range(51):
            make_event(title={"en": f"Workshop {number}"})
    first = manager.get(ACTIVITY)
    assert len(read_table(first, "Events")) == 51
    second = manager.get(links_of(first)["Next page →"])
    assert [row[0] for row in read_table(second, "Events")[1:]] == ["Workshop 0 E1"]


@pytest.mark.parametrize("path", ["activities/9.9", "activities/9.9/progress", "deliverables/D9/progress"])
def test_what_is_not_in_the_plan_is_not_found(manager, path):
    assert manager.get(f"{PLAN}/{path}").status_code == 404
    assert manager.post(f"{PLAN}/{path}", data={"status": "done"}).status_code in (404, 405)


def test_an_activity_is_only_found_in_its_own_project(app, manager):
    with app.app_context():
        make_other_project()
    assert manager.get(f"/projects/{OTHER_PROJECT}/plan").status_code == 404
    assert manager.get(f"/projects/{OTHER_PROJECT}/plan/deliverables/D1.1.1/progress").status_code == 404


def test_an_activity_without_events_says_so(manager):
    page = manager.get(f"{PLAN}/activities/2.2")
    assert "No event belongs to this activity yet." in page_text(page)
    assert links_of(page)["Log an event"] == f"/projects/{PROJECT}/events/new"


def test_the_manager_records_that_an_activity_runs_and_that_it_is_done(app, manager):
    note = "The first room is rented.\nThe second is asked for."
    # As browsers send it.
    sent = f"{note}\n ".replace("\n", "\r\n")
    answer = send_form(manager, PROGRESS, status="running", actual_first_day="2026-03-02", note=sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, ACTIVITY)
    assert stored(app) == ("running", date(2026, 3, 2), None, note)
    assert "The progress is saved." in page_text(manager.get(ACTIVITY))
    send_form(manager, PROGRESS, status="done", actual_last_day="30.06.2026")
    assert stored(app) == ("done", date(2026, 3, 2), date(2026, 6, 30), note)


def test_the_form_opens_with_what_is_stored(app, manager):
    with app.app_context():
        state_activity("1.1", status="running", actual_first_day=date(2026, 3, 2), note="Line one\nline two")
    fields = read_fields(manager.get(PROGRESS))
    assert {name: fields[name] for name in ("status", "actual_first_day", "actual_last_day", "note")} == {
        "status": "running",
        "actual_first_day": "2026-03-02",
        "actual_last_day": "",
        "note": "Line one\nline two",
    }


def test_the_manager_records_a_delivery_and_takes_it_back(app, manager):
    answer = send_form(manager, DELIVERY, delivered_day="2026-07-02", note="On the project's page")
    assert (answer.status_code, answer.headers["Location"]) == (302, ACTIVITY)
    assert "Delivered" in read_table(manager.get(ACTIVITY), "Deliverables")[1]
    send_form(manager, DELIVERY, delivered_day="")
    with app.app_context():
        deliverable = get_deliverable(PROJECT, "D1.1.1")
        assert (deliverable.delivered_day, deliverable.note) == (None, "On the project's page")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"status": "done"}, "actual_first_day", "Say on which day the activity began."),
        (
            {"status": "done", "actual_first_day": "2026-06-30", "actual_last_day": "2026-03-02"},
            "actual_last_day",
            "The last day is before the first, 2026-06-30. Correct one of the two.",
        ),
        (
            {"status": "running", "actual_first_day": "2026-11-21"},
            "actual_first_day",
            "2026-11-21 is still to come. Choose 2026-11-20 or an earlier day.",
        ),
        (
            {"status": "running", "actual_first_day": "31.02.2026"},
            "actual_first_day",
            "Enter a day that exists, for example 2026-06-06.",
        ),
        (
            {"actual_first_day": "2026-03-02"},
            "status",
            "An activity with actual days has begun. Choose another status, or empty the days.",
        ),
        (
            {"status": "late"},
            "status",
            "Choose one of those offered: planned, running, done, cancelled.",
        ),
        ({"note": "x" * 2001}, "note", "Shorten this to 2000 characters."),
        ({"note": "bell \x07"}, "note", "This text holds a control character. Type the text again without it."),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field_with_the_text_kept(app, manager, changes, field, words):
    answer = send_form(manager, PROGRESS, **{"note": "Kept text", **changes})
    assert answer.status_code == 422
    assert read_errors(answer)[field] == words
    assert any(words in line for line in read_summary(answer))
    kept = read_fields(answer)
    assert {name: kept[name] for name in changes if name != "status"} == {
        name: value for name, value in changes.items() if name != "status"
    }
    assert stored(app) == ("planned", None, None, "")


def test_a_delivery_still_to_come_is_refused(manager):
    answer = send_form(manager, DELIVERY, delivered_day="2026-11-21")
    assert answer.status_code == 422
    assert read_errors(answer)["delivered_day"].startswith("2026-11-21 is still to come.")


def test_a_stale_form_is_shown_again_with_its_text_and_what_differs(app, manager):
    opened = read_fields(manager.get(PROGRESS))
    send_form(manager, PROGRESS, status="running", actual_first_day="2026-03-02", note="Theirs")
    mine = {**opened, "status": "running", "actual_first_day": "2026-03-09", "note": "Mine"}
    answer = manager.post(PROGRESS, data=mine)
    assert answer.status_code == 409
    assert "Someone else has changed the plan since you opened it." in page_text(answer)
    assert read_table(answer, "What differs")[1:] == [
        ["Began on", "2026-03-02", "2026-03-09"],
        ["Note", "Theirs", "Mine"],
    ]
    assert stored(app)[3] == "Theirs"
    manager.post(PROGRESS, data=read_fields(answer))
    assert stored(app) == ("running", date(2026, 3, 9), None, "Mine")


def test_a_stale_delivery_keeps_its_text(app, manager):
    opened = read_fields(manager.get(DELIVERY))
    send_form(manager, DELIVERY, delivered_day="2026-07-02")
    answer = manager.post(DELIVERY, data={**opened, "delivered_day": "2026-07-03"})
    assert answer.status_code == 409
    assert read_fields(answer)["delivered_day"] == "2026-07-03"
    manager.post(DELIVERY, data=read_fields(answer))
    with app.app_context():
        assert get_deliverable(PROJECT, "D1.1.1").delivered_day == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("address", "changes"),
    [(PROGRESS, {"status": "running", "actual_first_day": "2026-03-02"}), (DELIVERY, {"delivered_day": "2026-07-02"})],
)
def test_a_closed_project_takes_no_progress_and_offers_none(app, manager, address, changes):
    with app.app_context():
        set_status("closed")
    answer = send_form(manager, address, **changes)
    assert answer.status_code == 409
    assert "The project is closed: its plan, events and figures change no more." in page_text(answer)
    assert stored(app)[0] == "planned"
    assert "What differs" not in page_text(answer)
    assert not {"Record the progress", "Record the delivery", "Edit the activity"} & set(
        links_of(manager.get(ACTIVITY))
    )


@pytest.mark.parametrize(
    ("role", "organisation"), [(Role.PARTNER, "lps"), (Role.VIEWER, ""), (Role.PROGRAMME, ""), (Role.AUDITOR, "")]
)
def test_others_read_the_plan_and_do_not_change_it(app, manager, role, organisation):
    someone = sign_in_as(app, role, organisation)
    assert someone.get(PLAN).status_code == 200
    page = someone.get(ACTIVITY)
    assert page.status_code == 200
    assert not {"Record the progress", "Record the delivery", "Edit the activity"} & set(links_of(page))
    for address in (PROGRESS, DELIVERY):
        assert someone.get(address).status_code == 403
        assert someone.post(address, data={"status": "done"}).status_code == 403


def test_strangers_do_not_learn_that_there_is_a_plan(app, manager):
    stranger = sign_in_as(app, None)
    for address in (PLAN, ACTIVITY, PROGRESS, DELIVERY):
        assert stranger.get(address).status_code == 404
