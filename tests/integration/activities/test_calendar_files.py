"""Calendar files, read back: moments, names that last, changes that are counted, and nothing that was not meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import insert, update

from portal.accounts.rules import Role
from portal.activities.models import Event, RegistrationDesk
from portal.activities.services.events import move_event
from portal.core.db import transaction
from tests.conftest import NOW
from tests.integration.activities.visitors import make_open
from tests.integration.pages import links_of, send_form
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, sign_in_as, version_of

EVENTS = f"/projects/{PROJECT}/events"
FILE = f"{EVENTS}/1/event.ics"
ALL = f"{EVENTS}.ics"
PUBLIC = f"/public/{PROJECT}/events.ics"
HOUR = timedelta(hours=1)


@pytest.fixture
def member(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.PARTNER, "ols")


def put(app: Flask, **facts: Any) -> int:
    with app.app_context():
        return make_event(**facts)


def read(answer: Any) -> Any:
    """The calendar of an answer."""
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.data)


def entries(answer: Any) -> list[Any]:
    return read(answer).walk("VEVENT")


def moments(entry: Any) -> tuple[datetime, datetime]:
    return entry.decoded("dtstart").astimezone(UTC), entry.decoded("dtend").astimezone(UTC)


@pytest.mark.parametrize(("country", "zone", "winter"), [("LT", "Europe/Vilnius", 2), ("PL", "Europe/Warsaw", 1)])
def test_days_on_both_sides_of_both_changes_of_clocks_are_the_moments_that_were_meant(
    app, member, country, zone, winter
):
    for month, first in ((3, 28), (10, 24)):
        put(
            app,
            country=country,
            starts=datetime(2026, month, first, 10, 0),
            ends=datetime(2026, month, first + 1, 16, 0),
        )
    calendar = read(member.get(ALL))
    found = [moments(entry) for entry in calendar.walk("VEVENT")]
    summers = [0, 1, 1, 0]
    days = [(3, 28), (3, 29), (10, 24), (10, 25)]
    assert found == [
        tuple(datetime(2026, month, day, hour - winter - summer, tzinfo=UTC) for hour in (10, 16))
        for (month, day), summer in zip(days, summers, strict=True)
    ]
    assert {entry["dtstart"].params["TZID"] for entry in calendar.walk("VEVENT")} == {zone}


@pytest.mark.parametrize(("country", "winter"), [("LT", 2), ("PL", 1)])
def test_the_zone_s_rules_stand_in_the_file_and_say_what_the_clocks_do(app, member, country, winter):
    """The rules themselves are read, by whoever does not know the zone by its name."""
    put(app, country=country)
    (zone,) = read(member.get(FILE)).walk("VTIMEZONE")
    clock = zone.to_tz(lookup_tzid=False)
    for moment, summer in (
        (datetime(2026, 3, 29, 0, 59), 0),
        (datetime(2026, 3, 29, 1, 0), 1),
        (datetime(2026, 10, 25, 0, 59), 1),
        (datetime(2026, 10, 25, 1, 0), 0),
        (datetime(2030, 7, 1, 12, 0), 1),
    ):
        local = moment + (winter + summer) * HOUR
        fold = int(moment == datetime(2026, 10, 25, 1, 0))
        assert local.replace(tzinfo=clock, fold=fold).utcoffset() == (winter + summer) * HOUR
    rules = {part.name: part["rrule"].to_ical() for part in zone.subcomponents}
    assert rules == {
        "DAYLIGHT": b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "STANDARD": b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    }


def test_a_zone_whose_clocks_change_otherwise_is_written_out(app, member):
    put(app, country="US", time_zone="America/New_York")
    (zone,) = read(member.get(FILE)).walk("VTIMEZONE")
    assert all("rrule" not in part for part in zone.subcomponents)
    (entry,) = entries(member.get(FILE))
    assert moments(entry)[0] == datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


def test_an_entry_keeps_its_name_and_counts_its_changes(app, member):
    put(app)
    (before,) = entries(member.get(FILE))
    send_form(member, f"{EVENTS}/1/edit", starts="2026-03-11 10:00", ends="2026-03-11 16:00")
    (after,) = entries(member.get(FILE))
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert (before["status"], after["status"]) == ("CONFIRMED", "CONFIRMED")
    assert moments(after)[0] == datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
    assert [after.decoded(name).tzinfo is not None for name in ("dtstamp", "last-modified")] == [True, True]


def test_an_event_that_is_given_a_number_again_has_another_name(app, member):
    put(app)
    (before,) = entries(member.get(FILE))
    with app.app_context(), transaction() as session:
        session.execute(update(Event).values(created_at=NOW + HOUR))
    (after,) = entries(member.get(FILE))
    assert before["uid"] != after["uid"]


def test_a_day_keeps_its_name_when_days_are_first_written(app, member):
    put(app, ends=datetime(2026, 3, 11, 16, 0))
    before = [entry["uid"] for entry in entries(member.get(FILE))]
    send_form(member, f"{EVENTS}/1/sessions/2/edit", title_en="Practice")
    after = entries(member.get(FILE))
    assert [entry["uid"] for entry in after] == before
    assert len(set(before)) == 2
    assert [str(entry["summary"]) for entry in after] == ["Opening workshop: Day 1", "Opening workshop: Practice"]


def test_a_session_keeps_its_name_when_others_go_and_a_new_one_takes_over_none(app, member):
    put(app, ends=datetime(2026, 3, 12, 16, 0))
    before = {str(entry["dtstart"].dt.date()): entry["uid"] for entry in entries(member.get(FILE))}
    for position in (1, 2):
        send_form(member, f"{EVENTS}/1/sessions/{position}/remove")
    (left,) = entries(member.get(FILE))
    assert left["uid"] == before["2026-03-11"]
    send_form(member, f"{EVENTS}/1/sessions/new", starts="2026-03-12 10:00", ends="2026-03-12 11:00")
    send_form(member, f"{EVENTS}/1/sessions/days")
    after = {str(entry["dtstart"].dt.date()): entry["uid"] for entry in entries(member.get(FILE))}
    assert after["2026-03-11"] == before["2026-03-11"]
    assert len({*before.values(), *after.values()}) == 5


def test_the_file_of_a_cancelled_event_takes_it_out(app, member):
    put(app)
    (before,) = entries(member.get(FILE))
    with app.app_context():
        move_event(1, "cancelled", version=version_of(1), now=NOW)
    calendar = read(member.get(FILE))
    (entry,) = calendar.walk("VEVENT")
    assert (str(calendar["method"]), str(entry["status"])) == ("CANCEL", "CANCELLED")
    assert (entry["uid"], entry["sequence"]) == (before["uid"], 1)
    assert str(entry["organizer"]).startswith("mailto:")
    assert [str(each["status"]) for each in entries(member.get(ALL))] == ["CANCELLED"]


def test_titles_bring_no_lines_of_their_own_and_long_ones_are_folded(app, member):
    put(app)
    title = 'A; B, C\r\nSTATUS:CANCELLED\nEND:VEVENT\u2028X\x85Y\x07 "quoted" \\n ' + "ž" * 60
    with app.app_context(), transaction() as session:
        session.execute(update(Event).values(title={"en": title}, place="Alytus\nUID:1"))
    answer = member.get(FILE)
    (entry,) = entries(answer)
    assert str(entry["summary"]) == 'A; B, C STATUS:CANCELLED END:VEVENT X Y "quoted" \\n ' + "ž" * 60
    assert str(entry["location"]) == "Alytus UID:1, Lithuania"
    assert str(entry["status"]) == "CONFIRMED"
    lines = answer.data.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert sum(line.startswith(b"BEGIN:VEVENT") for line in lines) == 1


def test_titles_and_places_stand_in_the_language_of_the_page(app, member):
    put(app, title={"en": "Workshop", "lt": "Seminaras", "pl": "Warsztaty"}, place="Alytus")
    found = [
        (str(entry["summary"]), str(entry["location"]))
        for language in ("en", "lt", "pl")
        for entry in entries(member.get(f"{FILE}?lang={language}"))
    ]
    assert found == [
        ("Workshop", "Alytus, Lithuania"),
        ("Seminaras", "Alytus, Lietuva"),
        ("Warsztaty", "Alytus, Litwa"),
    ]


def test_the_public_subscribes_to_public_events_that_take_place(app, member):
    put(app, title={"en": "Closed"})
    put(app, title={"en": "Planned"}, is_public=True)
    put(app, title={"en": "Held"}, is_public=True, status="held")
    put(app, title={"en": "Off"}, is_public=True, status="cancelled")
    answer = app.test_client().get(PUBLIC)
    assert [str(entry["summary"]) for entry in entries(answer)] == ["Planned", "Held"]
    assert answer.headers["Cache-Control"] == "no-cache"
    again = app.test_client().get(PUBLIC, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert {str(entry["url"]) for entry in entries(answer)} == {f"http://127.0.0.1:5000/public/{PROJECT}"}


def test_the_address_to_subscribe_by_speaks_its_language_and_keeps_nothing_of_who_asks(app, member):
    put(app, title={"en": "Workshop", "lt": "Seminaras"}, is_public=True)
    answer = app.test_client().get(f"{PUBLIC}?language=lt", headers={"Accept-Language": "pl"})
    assert [str(entry["summary"]) for entry in entries(answer)] == ["Seminaras"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["ETag"]
    other = app.test_client().get(f"{PUBLIC}?language=xx", headers={"Accept-Language": "lt"})
    assert [str(entry["summary"]) for entry in entries(other)] == ["Seminaras"]


def test_an_entry_leads_to_where_the_public_registers_while_that_is_open(app, member):
    _, token = make_open(app, {"title": {"en": "Open"}, "is_public": True})
    make_open(app, {"ref": "W2", "title": {"en": "Later"}, "is_public": True}, opens=datetime(2026, 12, 1, 8))
    make_open(app, {"ref": "W3", "title": {"en": "Closed"}})
    project = f"http://127.0.0.1:5000/public/{PROJECT}"
    found = {str(entry["summary"]): str(entry["url"]) for entry in entries(app.test_client().get(PUBLIC))}
    assert found == {"Open": f"http://127.0.0.1:5000/register/{token}", "Later": project}


def test_calendars_hold_what_ended_within_the_last_year_and_what_comes(app, member):
    put(app, title={"en": "Old"}, is_public=True, starts=datetime(2025, 11, 18, 10), ends=datetime(2025, 11, 18, 12))
    put(app, title={"en": "Recent"}, is_public=True, starts=datetime(2025, 11, 22, 10), ends=datetime(2025, 11, 22, 12))
    put(app, title={"en": "Coming"}, is_public=True, starts=datetime(2027, 3, 1, 10), ends=datetime(2027, 3, 1, 12))
    for answer in (member.get(ALL), app.test_client().get(PUBLIC)):
        assert [str(entry["summary"]) for entry in entries(answer)] == ["Recent", "Coming"]


def test_a_project_without_events_has_an_empty_calendar(app, member):
    assert entries(member.get(ALL)) == []
    assert entries(app.test_client().get(PUBLIC)) == []


def test_members_see_all_events_of_their_project_and_no_others(app, member):
    put(app, title={"en": "Closed"})
    with app.app_context():
        make_other_project()
        make_event(project_code=OTHER_PROJECT, title={"en": "Foreign"})
    answer = member.get(ALL)
    assert [str(entry["summary"]) for entry in entries(answer)] == ["Closed"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert member.get(f"{EVENTS}/2/event.ics").status_code == 404
    assert app.test_client().get(FILE).status_code == 302
    assert sign_in_as(app, None).get(ALL).status_code == 404


def test_whoever_has_the_link_to_register_has_the_event(app, member):
    put(app)
    with app.app_context(), transaction() as session:
        opens = {"opens_at": NOW - HOUR, "closes_at": NOW + HOUR, "created_at": NOW, "updated_at": NOW}
        session.execute(insert(RegistrationDesk), {"event_id": 1, "token": "t" * 43, "consent": {"en": "Yes"}, **opens})
    visitor = app.test_client()
    (entry,) = entries(visitor.get(f"/register/{'t' * 43}/event.ics"))
    assert str(entry["summary"]) == "Opening workshop"
    assert str(entry["url"]) == f"http://127.0.0.1:5000/register/{'t' * 43}"
    assert visitor.get("/register/other/event.ics").status_code == 404
    assert links_of(visitor.get(f"/register/{'t' * 43}"))["Calendar file"] == f"/register/{'t' * 43}/event.ics"


def test_example_events_are_marked(app, member):
    put(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Event).values(is_example=True))
    (entry,) = entries(member.get(FILE))
    assert str(entry["summary"]) == "Example data: Opening workshop"


def test_pages_lead_to_the_files(app, member):
    put(app)
    assert links_of(member.get(f"{EVENTS}/1"))["Calendar file"] == FILE
    assert links_of(member.get(EVENTS))["Calendar file"] == ALL
    public = links_of(app.test_client().get(f"/public/{PROJECT}/events"))
    assert public["Subscribe in your calendar"] == f"{PUBLIC}?language=en"
