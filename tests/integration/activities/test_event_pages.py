"""Pages of events: logging, changing, holding and cancelling one, and what the page then says."""

from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.activities.models import Event
from portal.activities.queries import get_event
from portal.core.db import db
from tests.integration.pages import page_text, read_errors, read_fields, read_page, read_summary, send_form
from tests.make import PROJECT, make_event, make_project, make_tournament, sign_in_as, version_of

EVENTS = f"/projects/{PROJECT}/events"

TOURNAMENT = {
    "title_en": "Volleyball tournament",
    "title_lt": "Tinklinio turnyras",
    "kind": "tournament",
    "activity": "2.4",
    "organisers": ["lps", "ols"],
    "audience": "public",
    "starts": "2026-06-06T11:00",
    "ends": "2026-06-06 18:00",
    "country": "LT",
    "place": "Alytus",
    "planned_participants": "120",
    "ref": "V1",
}


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.MANAGER)


def stored(app, event_id: int = 1, *names: str) -> list[Any]:
    with app.app_context():
        event = get_event(PROJECT, event_id)
        return [getattr(event, name) for name in names]


def count_events(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Event)) or 0


def test_a_logged_event_is_stored_and_its_page_says_what_it_counts_towards_and_what_comes_next(app, manager):
    response = send_form(manager, f"{EVENTS}/new", **TOURNAMENT)
    assert (response.status_code, response.location) == (302, f"{EVENTS}/1")
    page = page_text(manager.get(response.location))
    assert "Joint, because organisers come from Lithuania and Poland." in page
    assert "Next: say who was there." in page
    assert stored(app, 1, "ref", "is_public", "planned_participants", "status") == ["V1", True, 120, "planned"]
    assert stored(app, 1, "title") == [{"en": "Volleyball tournament", "lt": "Tinklinio turnyras"}]


def test_a_partner_logs_an_event_with_the_own_organisation_chosen_already(app, manager):
    partner = sign_in_as(app, Role.PARTNER, "lps")
    assert read_fields(partner.get(f"{EVENTS}/new", follow_redirects=True))["organisers"] == ["lps"]
    assert send_form(partner, f"{EVENTS}/new", **TOURNAMENT).status_code == 302


def test_a_partner_keeps_the_own_organisation_among_the_organisers(app, manager):
    partner = sign_in_as(app, Role.PARTNER, "lpro")
    refused = send_form(partner, f"{EVENTS}/new", **TOURNAMENT)
    assert refused.status_code == 422
    assert "own organisation" in read_errors(refused)["organisers"]
    assert count_events(app) == 0


def test_a_partner_cannot_hand_the_own_event_over(app, manager):
    with app.app_context():
        make_event(organisers=["lps", "ols"])
    refused = send_form(sign_in_as(app, Role.PARTNER, "ols"), f"{EVENTS}/1/edit", organisers=["lps", "lpro"])
    assert refused.status_code == 422
    assert "organisers" in read_errors(refused)


def test_an_empty_form_names_every_field_that_must_be_filled_in(app, manager):
    empty = {name: "" for name in TOURNAMENT if name not in ("organisers", "audience")}
    refused = send_form(manager, f"{EVENTS}/new", **empty)
    assert refused.status_code == 422
    errors = read_errors(refused)
    assert {"kind", "activity", "organisers", "starts", "ends", "country"} <= set(errors)
    assert len(read_summary(refused)) >= len(errors)
    assert count_events(app) == 0


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"title_en": "", "title_lt": ""}, "title_en", "title"),
        ({"title_en": "x" * 201}, "title_en", "200"),
        ({"place": "x" * 201}, "place", "200"),
        ({"ref": "x" * 41}, "ref", "40"),
        ({"kind": "party"}, "kind", ""),
        ({"activity": "3.1"}, "activity", ""),
        ({"organisers": ["nato"]}, "organisers", ""),
        ({"country": "XX"}, "country", ""),
        ({"time_zone": "Europe/Kaunas"}, "time_zone", ""),
        ({"audience": "some"}, "audience", ""),
        ({"starts": "2026-02-30T11:00"}, "starts", "2026-06-06 11:00"),
        ({"starts": "tomorrow"}, "starts", "2026-06-06 11:00"),
        ({"starts": "2026-06-06"}, "starts", "2026-06-06 11:00"),
        ({"starts": "2026-03-29T03:30"}, "starts", "does not exist"),
        ({"ends": "2026-10-25T03:30"}, "ends", "exists twice"),
        ({"ends": "2026-06-06T11:00"}, "ends", "after it starts"),
        ({"starts": "0001-01-01T00:00"}, "starts", ""),
        ({"ends": "9999-12-31T23:59", "time_zone": "Atlantic/Azores"}, "ends", ""),
        ({"capacity": "0"}, "capacity", "1"),
        ({"capacity": "many"}, "capacity", "whole number"),
        ({"planned_participants": "-5"}, "planned_participants", "whole number"),
        ({"planned_participants": "1000001"}, "planned_participants", "1000000"),
        ({"planned_participants": "9" * 5000}, "planned_participants", ""),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_fault_is_explained_at_its_field_and_on_top_and_everything_typed_is_kept(app, manager, change, field, words):
    sent = {**TOURNAMENT, "time_zone": "", "capacity": "", **change}
    refused = send_form(manager, f"{EVENTS}/new", **sent)
    assert refused.status_code == 422
    errors = read_errors(refused)
    assert list(errors) == [field]
    assert words in errors[field].replace("\xa0", "").replace(",", "")
    assert len(read_summary(refused)) == 1
    typed = ("title_en", "title_lt", "starts", "ends", "place", "planned_participants", "capacity", "ref")
    kept = read_fields(refused)
    assert {name: kept[name] for name in typed} == {name: sent[name] for name in typed}
    assert count_events(app) == 0


def test_a_reference_that_is_taken_is_explained_at_its_field(app, manager):
    with app.app_context():
        make_event(ref="V1")
    refused = send_form(manager, f"{EVENTS}/new", **TOURNAMENT)
    assert refused.status_code == 422
    assert "V1" in read_errors(refused)["ref"]
    assert count_events(app) == 1


def test_the_form_of_a_stored_event_shows_what_is_stored(app, manager):
    send_form(manager, f"{EVENTS}/new", **TOURNAMENT)
    fields = read_fields(manager.get(f"{EVENTS}/1/edit"))
    shown = {**TOURNAMENT, "ends": "2026-06-06T18:00", "time_zone": "", "version": "1"}
    assert {name: fields[name] for name in shown} == shown


def test_a_change_is_stored_and_shown(app, manager):
    with app.app_context():
        make_event()
    response = send_form(manager, f"{EVENTS}/1/edit", place="Kaunas", organisers=["lps", "lpro"])
    assert response.location == f"{EVENTS}/1"
    page = page_text(manager.get(response.location))
    assert "Not joint, because all organisers come from Lithuania." in page
    assert stored(app, 1, "place", "version", "organiser_keys") == ["Kaunas", 2, ["lps", "lpro"]]


def test_a_stale_form_is_answered_with_a_conflict_keeps_what_was_typed_and_can_be_sent_again(app, manager):
    with app.app_context():
        make_event()
    opened = read_fields(manager.get(f"{EVENTS}/1/edit"))
    send_form(manager, f"{EVENTS}/1/edit", place="Kaunas")
    stale = manager.post(f"{EVENTS}/1/edit", data={**opened, "place": "Alytus", "title_en": "Our workshop"})
    assert stale.status_code == 409
    assert "Someone else has changed this event" in " ".join(read_summary(stale))
    kept = read_fields(stale)
    assert (kept["place"], kept["title_en"], kept["version"]) == ("Alytus", "Our workshop", "2")
    assert stored(app, 1, "place", "version") == ["Kaunas", 2]
    assert manager.post(f"{EVENTS}/1/edit", data=kept).status_code == 302
    assert stored(app, 1, "place", "version") == ["Alytus", 3]


@pytest.mark.parametrize("version", ["", "-1", "2x", "9" * 30])
def test_a_version_that_was_tampered_with_is_a_conflict(app, manager, version):
    with app.app_context():
        make_event()
    assert send_form(manager, f"{EVENTS}/1/edit", version=version).status_code == 409


def test_a_held_event_cannot_be_put_into_the_future_by_its_form(app, manager):
    with app.app_context():
        make_event(status="held")
    refused = send_form(manager, f"{EVENTS}/1/edit", starts="2026-11-21T10:00", ends="2026-11-21T12:00")
    assert refused.status_code == 422
    assert "future" in read_errors(refused)["starts"]
    assert stored(app, 1, "version") == [2]


def move(client, wanted: str, version: int = 1):
    return client.post(f"{EVENTS}/1/status", data={"wanted": wanted, "version": version})


def test_an_event_is_held_and_planned_again_by_one_press_each(app, manager):
    with app.app_context():
        make_event()
    assert move(manager, "held").location == f"{EVENTS}/1"
    assert "Mark as planned again" in page_text(manager.get(f"{EVENTS}/1"))
    assert move(manager, "planned", 2).status_code == 302
    assert stored(app, 1, "status", "version") == ["planned", 3]


@pytest.mark.parametrize(
    ("wanted", "version", "words"),
    [("held", 7, "Someone else has changed this event"), ("planned", 1, "does not allow")],
    ids=["stale", "illegal"],
)
def test_a_stale_or_illegal_press_is_a_conflict_that_says_why(app, manager, wanted, version, words):
    with app.app_context():
        make_event()
    refused = move(manager, wanted, version)
    assert refused.status_code == 409
    assert words in page_text(refused)
    assert stored(app, 1, "status", "version") == ["planned", 1]


def test_a_state_that_does_not_exist_is_refused(app, manager):
    with app.app_context():
        make_event()
    assert move(manager, "done").status_code == 422
    assert stored(app, 1, "status") == ["planned"]


def test_an_event_in_the_future_cannot_be_held_and_its_page_says_so(app, manager):
    send_form(manager, f"{EVENTS}/new", **{**TOURNAMENT, "starts": "2027-06-05T11:00", "ends": "2027-06-05T18:00"})
    assert "It can be marked as held once it has begun" in page_text(manager.get(f"{EVENTS}/1"))
    refused = move(manager, "held")
    assert refused.status_code == 409
    assert "has not begun" in page_text(refused)
    assert stored(app, 1, "status") == ["planned"]


def test_an_event_outside_the_projects_days_is_accepted_and_its_page_says_why_it_does_not_count(app, manager):
    early = {**TOURNAMENT, "starts": "2025-12-30T11:00", "ends": "2025-12-30T18:00"}
    assert send_form(manager, f"{EVENTS}/new", **early).status_code == 302
    move(manager, "held")
    page = page_text(manager.get(f"{EVENTS}/1"))
    assert "Does not count" in page
    assert "outside the project's days" in page


def test_the_same_form_sent_twice_by_a_double_click_is_one_event(app, manager):
    page = manager.get(f"{EVENTS}/new", follow_redirects=True)
    fields = {**read_fields(page), **TOURNAMENT, "ref": ""}
    for _click in range(2):
        manager.post(page.request.full_path, data=fields)
    assert count_events(app) == 1


def test_going_back_to_a_form_that_was_sent_makes_a_second_event_only_when_asked(app, manager):
    address = manager.get(f"{EVENTS}/new").location
    fields = {**TOURNAMENT, "ref": ""}
    first = manager.post(address, data={**read_fields(manager.get(address)), **fields})
    again = manager.post(address, data={**read_fields(manager.get(address)), **fields})
    assert again.location == first.location
    changed = {**fields, "title_en": "Another title"}
    refused = manager.post(address, data={**read_fields(manager.get(address)), **changed})
    assert refused.status_code == 409
    assert "This form has been sent before" in page_text(refused)
    assert count_events(app) == 1
    assert manager.post(address, data=read_fields(refused)).location != first.location
    assert count_events(app) == 2


def test_the_page_of_a_held_event_says_what_it_adds_to_each_row(app, manager):
    with app.app_context():
        event_id = make_tournament()
        assert version_of(event_id) == 3
    page = page_text(manager.get(f"{EVENTS}/{event_id}"))
    assert "Counts 56 Active participation of community members and convicted persons in joint initiatives" in page
    assert "Counts 1 Jointly organised cross-border public events" in page
    assert "Participation in workshops and training activities : this row counts other kinds of events" in page
    assert "56 people in all" in page


def test_what_people_type_is_shown_as_text_and_never_as_markup(app, manager):
    send_form(manager, f"{EVENTS}/new", **{**TOURNAMENT, "title_en": "<script>alert(1)</script>", "place": "<b>x</b>"})
    for address in (EVENTS, f"{EVENTS}/1", f"{EVENTS}/1/edit"):
        answer = manager.get(address)
        assert "<script>alert" not in answer.text
        assert "<b>x</b>" not in answer.text
        assert read_page(answer)
