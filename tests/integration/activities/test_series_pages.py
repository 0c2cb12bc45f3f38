"""Repeating an event: a preview that stores nothing, and a series that is made whole or not at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.models import Event, EventSeries
from portal.activities.queries import get_event
from portal.activities.queries.sessions import list_sessions
from portal.core.db import db, transaction
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_summary, read_table, send_form
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, sign_in_as

EVENTS = f"/projects/{PROJECT}/events"
REPEAT = f"{EVENTS}/1/repeat"
# Tuesday in the week before the clocks go forward.
TUESDAY = {"starts": datetime(2026, 3, 24, 10, 0), "ends": datetime(2026, 3, 24, 16, 0)}


@pytest.fixture
def partner(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.PARTNER, "ols")


def put(app: Flask, **facts: Any) -> None:
    with app.app_context():
        make_event(**{**TUESDAY, **facts})


def events(app: Flask) -> list[Event]:
    with app.app_context():
        return list(db.session.scalars(select(Event).order_by(Event.starts_at, Event.id)))


def press(browser, button: str, **changes: Any) -> Any:
    """Open the form, fill it in and press one of its two buttons."""
    return send_form(browser, REPEAT, **{"unit": "weeks", **changes, button: "1"})


def test_the_preview_lists_the_dates_with_local_times_and_stores_nothing(app, partner):
    put(app)
    assert links_of(partner.get(f"{EVENTS}/1"))["Repeat the event"] == REPEAT
    page = press(partner, "show", times="2")
    assert page.status_code == 200
    assert [row[:3] for row in read_table(page, "These events")[1:]] == [
        ["31 March 2026", "10:00", "16:00"],
        ["7 April 2026", "10:00", "16:00"],
    ]
    assert len(events(app)) == 1


def test_the_events_have_the_facts_the_hours_the_organisers_and_references_of_their_own(app, partner):
    put(app, ref="V1", place="Alytus", capacity=50, planned_participants=40, is_public=True)
    sent = press(partner, "make", times="2")
    assert sent.location == f"{EVENTS}?series=1"
    first, *others = events(app)
    # Vilnius is at +2 hours before 29 March and at +3 after.
    assert [each.starts_at for each in (first, *others)] == [
        datetime(2026, 3, 24, 8, 0, tzinfo=UTC),
        datetime(2026, 3, 31, 7, 0, tzinfo=UTC),
        datetime(2026, 4, 7, 7, 0, tzinfo=UTC),
    ]
    assert [each.ref for each in others] == ["E2", "E3"]
    with app.app_context():
        for each in (get_event(PROJECT, 2), get_event(PROJECT, 3)):
            assert (each.place, each.capacity, each.planned_participants, each.is_public) == ("Alytus", 50, 40, True)
            assert (each.organiser_keys, each.status, each.seats_taken) == (["lps", "ols"], "planned", 0)
        assert {each.series_id for each in db.session.scalars(select(Event))} == {1}
        assert db.session.scalars(select(EventSeries.step)).all() == ["1 weeks"]


def test_the_pages_of_the_events_say_their_place_and_lead_to_the_next(app, partner):
    put(app)
    press(partner, "make", times="7")
    second = links_of(partner.get(f"{EVENTS}/2"))
    assert second["2 of 8 in a series"] == f"{EVENTS}?series=1"
    assert (second["← Previous event"], second["Next event →"]) == (f"{EVENTS}/1", f"{EVENTS}/3")
    assert "← Previous event" not in links_of(partner.get(f"{EVENTS}/1"))
    put(app)
    listed = partner.get(f"{EVENTS}?series=1")
    assert len(read_table(listed, "Events")) == 1 + 8
    assert "Only the events of one series are shown." in page_text(listed)
    assert "in a series" not in page_text(partner.get(f"{EVENTS}/9"))


@pytest.mark.parametrize("text", ["x", "1.0", "²", "9" * 50])
def test_what_is_no_series_is_not_found(app, partner, text):
    put(app)
    assert partner.get(f"{EVENTS}?series={text}").status_code == 404


def test_a_series_of_another_project_shows_nothing_here(app, partner):
    with app.app_context():
        make_other_project()
        make_event(project_code=OTHER_PROJECT, **TUESDAY)
    assert "No event fits this choice yet." in page_text(partner.get(f"{EVENTS}?series=1"))
    assert partner.get(REPEAT, follow_redirects=True).status_code == 404


def test_a_month_without_that_day_is_named_and_left_out(app, partner):
    put(app, starts=datetime(2026, 1, 31, 10, 0), ends=datetime(2026, 1, 31, 12, 0))
    page = press(partner, "show", unit="months", until="2026-03-31")
    assert read_table(page, "These events")[1:] == [
        ["Feb 2026", "This month has no such day: no event."],
        ["31 March 2026", "10:00", "12:00", ""],
    ]
    press(partner, "make", unit="months", until="2026-03-31")
    assert [f"{each.counting_date}" for each in events(app)] == ["2026-01-31", "2026-03-31"]


def test_a_time_that_the_spring_skips_is_said_at_its_row_and_can_be_left_out(app, partner):
    put(app, starts=datetime(2026, 3, 22, 3, 30), ends=datetime(2026, 3, 22, 8, 0))
    page = press(partner, "show", times="2")
    rows = read_table(page, "These events")
    assert "2026-03-29 03:30 does not exist in Europe/Vilnius" in rows[1][2]
    assert "does not exist" not in rows[2][2]
    refused = press(partner, "make", times="2")
    assert refused.status_code == 422
    assert "2026-03-29 cannot be made" in " ".join(read_summary(refused))
    assert len(events(app)) == 1
    assert press(partner, "make", times="2", left_out=["2026-03-29"]).status_code == 302
    assert [f"{each.counting_date}" for each in events(app)] == ["2026-03-22", "2026-04-05"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "times"),
        ({"times": "2", "until": "2026-05-01"}, "times"),
        ({"times": "53"}, "times"),
        ({"times": "0"}, "times"),
        ({"times": "many"}, "times"),
        ({"times": "2", "every": "0"}, "every"),
        ({"times": "2", "every": ""}, "every"),
        ({"until": "2026-03-25"}, "until"),
        ({"until": "2999-03-25", "every": "366"}, "until"),
        ({"until": "2026-02-30"}, "until"),
        ({"until": "2028-03-25"}, "until"),
        ({"times": "2", "unit": "years"}, "unit"),
    ],
    ids=str,
)
@pytest.mark.parametrize("button", ["show", "make"])
def test_what_makes_no_series_is_explained_at_its_field(app, partner, button, sent, field):
    put(app)
    refused = press(partner, button, **sent)
    assert refused.status_code == 422
    assert field in read_errors(refused)
    assert len(events(app)) == 1


@pytest.mark.parametrize(("every", "said"), [("0", "Enter a number from 1 to 366."), ("", "Fill this in.")])
def test_the_step_is_needed(app, partner, every, said):
    put(app)
    assert "Every (optional)" not in page_text(partner.get(REPEAT, follow_redirects=True))
    assert read_errors(press(partner, "show", times="2", every=every))["every"] == said


def test_a_double_click_makes_one_series(app, partner):
    put(app)
    page = partner.get(REPEAT, follow_redirects=True)
    fields = {**read_fields(page), "unit": "weeks", "times": "3", "make": "1"}
    answers = [partner.post(page.request.full_path, data=fields) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"{EVENTS}?series=1"] * 2
    assert len(events(app)) == 4


def test_a_stale_form_makes_nothing(app, partner):
    put(app)
    page = partner.get(REPEAT, follow_redirects=True)
    fields = {**read_fields(page), "unit": "weeks", "times": "3", "make": "1"}
    send_form(partner, f"{EVENTS}/1/edit", place="Alytus")
    assert partner.post(page.request.full_path, data=fields).status_code == 409
    assert len(events(app)) == 1


def test_repeating_an_event_of_a_series_goes_on_with_it(app, partner):
    put(app)
    press(partner, "make", times="1")
    send_form(partner, f"{EVENTS}/2/repeat", unit="weeks", times="1", make="1")
    assert "3 of 3 in a series" in links_of(partner.get(f"{EVENTS}/3"))


def test_days_on_which_the_series_has_an_event_at_that_time_are_named_and_left_out(app, partner):
    put(app)
    press(partner, "make", times="2")
    page = press(partner, "show", times="3")
    assert read_table(page, "These events")[1:] == [
        ["31 March 2026", "The series already has an event at that time: none is made."],
        ["7 April 2026", "The series already has an event at that time: none is made."],
        ["14 April 2026", "10:00", "16:00", ""],
    ]
    assert press(partner, "make", times="3").status_code == 302
    days = ["2026-03-24", "2026-03-31", "2026-04-07", "2026-04-14"]
    assert [f"{each.counting_date}" for each in events(app)] == days


@pytest.mark.parametrize("button", ["show", "make"])
def test_the_same_series_is_not_made_twice(app, partner, button):
    put(app)
    press(partner, "make", times="2")
    refused = press(partner, button, times="2")
    assert refused.status_code == 422
    assert "already has an event at that time on each of these days: 2026-03-31, 2026-04-07" in page_text(refused)
    assert len(events(app)) == 3


def test_another_hour_and_a_day_that_was_called_off_can_be_made(app, partner):
    put(app)
    press(partner, "make", times="2")
    with app.app_context(), transaction() as session:
        session.get_one(Event, 2).status = "cancelled"
        session.get_one(Event, 3).starts_at += timedelta(hours=1)
    assert press(partner, "make", times="2").status_code == 302
    assert len(events(app)) == 5


def test_sessions_that_people_made_come_along_at_the_same_hours(app, partner):
    put(app, ends=datetime(2026, 3, 25, 16, 0))
    send_form(partner, f"{EVENTS}/1/sessions/2/edit", starts="2026-03-25 12:00", title_en="Practice")
    press(partner, "make", times="1")
    with app.app_context():
        rows = list_sessions(get_event(PROJECT, 2))
        assert [(f"{row.starts_at:%m-%d %H:%M}", row.is_own, row.title) for row in rows] == [
            ("03-31 07:00", True, {}),
            ("04-01 09:00", True, {"en": "Practice"}),
        ]


def test_only_organisers_repeat_an_event(app, partner):
    put(app)
    other, viewer = sign_in_as(app, Role.PARTNER, "lpro"), sign_in_as(app, Role.VIEWER)
    assert other.get(REPEAT, follow_redirects=True).status_code == 403
    assert viewer.get(REPEAT).status_code == 403
    assert "Repeat the event" not in links_of(viewer.get(f"{EVENTS}/1"))
