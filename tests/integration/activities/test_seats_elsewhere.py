"""Seats stay right when the event or its list changes by other ways than the registration page."""

from datetime import datetime

import pytest

from portal.activities.models import Event, Registration, RegistrationDesk
from portal.activities.queries import get_event
from portal.activities.rules.drafts import EventDraft
from portal.activities.services.attendance import (
    ParticipationDraft,
    add_participation,
    remove_participation,
    update_participation,
)
from portal.activities.services.events import move_event, update_event
from portal.activities.services.registrations.answering import cancel_by_organiser, send_link_again
from portal.activities.services.registrations.chores import lapse_due, remind_due
from portal.activities.services.registrations.desks import change_desk, open_desk, renew_link
from portal.core.db import db
from portal.core.errors import Conflict, InvalidInput, InvalidInputs
from portal.reports.checks import list_violations
from tests.conftest import NOW
from tests.integration.activities.desks import (
    CONSENT,
    DESK,
    HOUR,
    START,
    come,
    come_each,
    go,
    mails,
    make_desk,
    nonce_of,
    row_of,
    seats_taken,
    statuses,
    take,
)
from tests.make import PROJECT, make_event, make_people, make_project, version_of


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()
    yield
    assert list_violations() == []


def change(event_id: int, *, now: datetime = NOW, **changes: object) -> None:
    """Store the event with the changes."""
    event = get_event(PROJECT, event_id)
    stated = {
        "title": event.title, "kind": event.kind, "activity": event.activity.number, "organisers": ["lps", "ols"],
        "country": event.country, "starts": datetime(2026, 12, 20, 10), "ends": datetime(2026, 12, 20, 16),
        "place": event.place, "capacity": event.capacity,
    }  # fmt: skip
    update_event(event_id, EventDraft(**{**stated, **changes}), version=event.version, now=now)


def sequence(event_id: int) -> int:
    db.session.expire_all()
    return db.session.get_one(Event, event_id).calendar_sequence


def person(name: str, status: str) -> ParticipationDraft:
    return ParticipationDraft(f"{name.lower()}@example.org", "unknown", name, status=status)


def test_fewer_seats_than_are_taken_are_refused_and_more_go_to_the_queue():
    event_id = make_desk(2)
    come_each(event_id, ["Ona", "Jan", "Ewa", "Adam"])
    with pytest.raises(InvalidInput, match="capacity-below-seats") as refused:
        change(event_id, capacity=1)
    assert (refused.value.problem.where, refused.value.problem.values) == ("capacity", {"taken": 2})
    change(event_id, capacity=3)
    assert list(statuses(event_id).values()) == ["unconfirmed", "unconfirmed", "offered", "waitlisted"]
    change(event_id, capacity=None)
    assert statuses(event_id)["Adam"] == "offered"
    assert sequence(event_id) == 0


def test_a_party_larger_than_the_event_has_become_holds_nobody_back():
    event_id = make_desk(3, largest_party=3)
    come(event_id, "Ona")
    come(event_id, "Jan", "Ewa*", "Adam*")
    come(event_id, "Rūta")
    change(event_id, capacity=2)
    assert statuses(event_id)["Jan"] == "waitlisted"
    assert statuses(event_id)["Rūta"] == "offered"


def test_a_moved_event_tells_those_on_its_list_and_registration_ends_before_it():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan"])
    change(event_id, starts=datetime(2026, 11, 30, 10), ends=datetime(2026, 11, 30, 16))
    assert mails("event_moved") == [("event_moved", "ona"), ("event_moved", "jan")]
    event, desk = db.session.get_one(Event, event_id), db.session.get_one(RegistrationDesk, event_id)
    assert desk.closes_at == event.starts_at
    assert sequence(event_id) == 1
    change(event_id, starts=datetime(2026, 11, 30, 10), ends=datetime(2026, 11, 30, 16), planned_participants=9)
    assert (sequence(event_id), len(mails("event_moved"))) == (1, 2)


def test_an_event_moved_before_registration_opens_leaves_nothing_open_after_its_start():
    event_id = make_desk(1, opens=datetime(2026, 12, 1, 9), closes=datetime(2026, 12, 19, 9))
    change(event_id, starts=datetime(2026, 11, 25, 10), ends=datetime(2026, 11, 25, 16))
    desk = db.session.get_one(RegistrationDesk, event_id)
    assert desk.opens_at < desk.closes_at == db.session.get_one(Event, event_id).starts_at


def test_a_cancelled_event_offers_nothing_and_asks_anew_once_it_is_planned_again():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan"])
    move_event(event_id, "cancelled", version=version_of(event_id), now=NOW)
    assert mails("event_called_off") == [("event_called_off", "ona"), ("event_called_off", "jan")]
    lapse_due(NOW + 100 * HOUR)
    go(event_id, "Ona")
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "waitlisted"}
    with pytest.raises(Conflict, match="registration-cancelled"):
        come(event_id, "Ewa")
    move_event(event_id, "planned", version=version_of(event_id), now=NOW + 100 * HOUR)
    assert statuses(event_id)["Jan"] == "offered"
    assert mails("event_moved") == [("event_moved", "jan")]
    assert sequence(event_id) == 2


def test_people_added_by_hand_take_seats_and_give_them_back():
    event_id = make_desk(1)
    add_participation(event_id, person("Ona", "registered"), now=NOW)
    come(event_id, "Jan")
    assert (seats_taken(event_id), statuses(event_id)["Jan"]) == (1, "waitlisted")
    with pytest.raises(Conflict, match="seats-beyond-capacity"):
        add_participation(event_id, person("Ewa", "registered"), now=NOW)
    with pytest.raises(InvalidInput, match="status-by-registration"):
        add_participation(event_id, person("Ewa", "waitlisted"), now=NOW)
    remove_participation(row_of(event_id, "Ona"), event_id=event_id, now=NOW)
    assert statuses(event_id) == {"Jan": "offered"}


def test_a_status_changed_by_hand_keeps_the_place_in_step():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan"])
    update_participation(row_of(event_id, "Ona"), person("Ona", "cancelled"), event_id=event_id, now=NOW)
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "offered"}
    with pytest.raises(Conflict, match="seats-beyond-capacity"):
        update_participation(row_of(event_id, "Ona"), person("Ona", "registered"), event_id=event_id, now=NOW)
    update_participation(row_of(event_id, "Jan"), person("Jan", "registered"), event_id=event_id, now=NOW)
    assert db.session.get_one(Registration, row_of(event_id, "Jan")).answer_until is None
    lapse_due(NOW + 100 * HOUR)
    assert statuses(event_id)["Jan"] == "registered"


def test_a_corrected_address_gets_a_new_link():
    event_id = make_desk(1)
    row = come(event_id, "Ona")
    old = nonce_of(row)
    changed = ParticipationDraft("onute@example.org", "unknown", "Ona", status="unconfirmed")
    update_participation(row, changed, event_id=event_id, now=NOW)
    assert nonce_of(row) != old
    assert mails("registration_link") == [("registration_link", "onute")]


def test_removing_who_registered_a_party_hands_it_to_the_next():
    event_id = make_desk(3, largest_party=3)
    ona = come(event_id, "Ona", "Jan*", "Ewa")
    remove_participation(ona, event_id=event_id, now=NOW)
    assert statuses(event_id) == {"Jan": "unconfirmed", "Ewa": "unconfirmed"}
    take(event_id, "Ewa")
    assert set(statuses(event_id).values()) == {"registered"}


def test_an_organiser_cancels_one_and_the_person_is_told():
    event_id = make_desk(1)
    come_each(event_id, ["Ona", "Jan"])
    cancel_by_organiser(event_id, row_of(event_id, "Ona"), now=NOW)
    cancel_by_organiser(event_id, row_of(event_id, "Ona"), now=NOW)
    assert statuses(event_id) == {"Ona": "cancelled", "Jan": "offered"}
    assert mails("registration_cancelled") == [("registration_cancelled", "ona")]


def test_a_link_is_sent_again_at_most_once_an_hour():
    event_id = make_desk(1)
    come(event_id, "Ona")
    for now in (NOW, NOW, NOW + HOUR, NOW + HOUR):
        send_link_again(event_id, "ona@example.org", now=now)
    send_link_again(event_id, "nobody@example.org", now=NOW)
    assert mails("registration_link") == [("registration_link", "ona")] * 2


def test_those_who_confirmed_are_reminded_once_before_the_start():
    event_id = make_desk(3, reminder_hours=24)
    come_each(event_id, ["Ona", "Jan"])
    take(event_id, "Ona")
    for now in (START - 25 * HOUR, START - 24 * HOUR, START - 23 * HOUR, START):
        remind_due(now)
    assert mails("event_reminder") == [("event_reminder", "ona")]
    change(event_id, starts=datetime(2026, 12, 22, 10), ends=datetime(2026, 12, 22, 16), now=NOW)
    remind_due(START + 25 * HOUR)
    assert len(mails("event_reminder")) == 2


def test_nobody_is_reminded_of_a_cancelled_event():
    event_id = make_desk(3)
    come(event_id, "Ona")
    take(event_id, "Ona")
    move_event(event_id, "cancelled", version=version_of(event_id), now=NOW)
    remind_due(START - HOUR)
    assert mails("event_reminder") == []


def test_opening_counts_those_on_the_list_and_refuses_too_many():
    times = {"starts": datetime(2026, 12, 20, 10), "ends": datetime(2026, 12, 20, 16)}
    event_id = make_event(capacity=1, **times)
    make_people(event_id, ["ona@example.org"], status="registered")
    make_people(event_id, ["jan@example.org"], status="attended")
    open_desk(event_id, DESK, now=NOW)
    assert seats_taken(event_id) == 1
    with pytest.raises(Conflict, match="desk-there"):
        open_desk(event_id, DESK, now=NOW)
    full = make_event(capacity=1, **times)
    make_people(full, ["ona@example.org", "jan@example.org"], status="registered")
    with pytest.raises(Conflict, match="seats-beyond-capacity"):
        open_desk(full, DESK, now=NOW)
    assert db.session.get(RegistrationDesk, full) is None


def test_past_and_cancelled_events_take_no_registration():
    with pytest.raises(Conflict, match="desk-event-begun"):
        open_desk(make_event(), DESK, now=NOW)
    event_id = make_event(status="cancelled", starts=datetime(2026, 12, 20, 10), ends=datetime(2026, 12, 20, 16))
    with pytest.raises(Conflict, match="desk-event-cancelled"):
        open_desk(event_id, DESK, now=NOW)


def test_a_changed_consent_is_another_version_and_the_rest_is_not():
    event_id = make_desk(1)
    change_desk(event_id, DESK._replace(offer_hours=5), version=1, now=NOW)
    with pytest.raises(Conflict, match="desk-stale"):
        change_desk(event_id, DESK, version=1, now=NOW)
    change_desk(event_id, DESK._replace(consent={**CONSENT, "pl": "Zgoda."}), version=2, now=NOW)
    with pytest.raises(Conflict, match="consent-changed"):
        come(event_id, "Ona")
    come(event_id, "Ona", version=2)


def test_everything_that_is_wrong_with_a_desk_is_said_at_once():
    with pytest.raises(InvalidInputs) as refused:
        make_desk(1, closes=datetime(2026, 12, 21), consent={"en": "Yes"}, offer_hours=0, group="convicted_person")
    found = [(each.code, each.where) for each in refused.value.problems]
    assert found == [
        ("closes-after-start", "closes"), ("number-out-of-range", "offer_hours"), ("unknown-value", "group"),
        ("consent-missing", "consent_lt"), ("consent-missing", "consent_pl"),
    ]  # fmt: skip


def test_a_renewed_link_is_another_address():
    event_id = make_desk(1)
    old = db.session.get_one(RegistrationDesk, event_id).token
    renew_link(event_id, now=NOW)
    db.session.expire_all()
    assert db.session.get_one(RegistrationDesk, event_id).token != old
