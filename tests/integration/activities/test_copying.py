"""Copying an event: the form of a new one, filled with the facts of another on a later day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.activities.models import Event
from portal.activities.queries import get_event
from portal.core.db import db
from portal.core.web.addresses import LARGEST_ROW
from tests.integration.pages import links_of, page_text, read_errors, read_fields, send_form
from tests.make import OTHER_PROJECT, PROJECT, make_event, make_other_project, make_project, make_tournament, sign_in_as

EVENTS = f"/projects/{PROJECT}/events"
COPY = f"{EVENTS}/new?copy=1"


@pytest.fixture
def manager(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.MANAGER)


def put(app: Flask, **facts: Any) -> None:
    """Event 1: with these facts."""
    with app.app_context():
        make_event(**facts)


def fields_of(browser, address: str = COPY) -> dict[str, Any]:
    return read_fields(browser.get(address, follow_redirects=True))


def count_events(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Event)) or 0


def test_a_copy_takes_the_facts_and_neither_attendance_nor_evidence_nor_reference(app, manager):
    with app.app_context():
        make_tournament(place="Alytus", capacity=80, planned_participants=60)
    assert links_of(manager.get(f"{EVENTS}/1"))["Copy the event"] == COPY
    assert send_form(manager, COPY).location == f"{EVENTS}/2"
    with app.app_context():
        old, new = get_event(PROJECT, 1), get_event(PROJECT, 2)
        for fact in ("title", "kind", "activity_id", "place", "country", "time_zone", "is_public", "capacity"):
            assert (fact, getattr(new, fact)) == (fact, getattr(old, fact))
        assert new.planned_participants == 60
        assert new.organiser_keys == old.organiser_keys == ["lps", "ols"]
        assert (new.ref, new.status, new.counting_date) == ("E2", "planned", date(2026, 6, 13))
        assert (new.starts_at, new.ends_at) == (
            datetime(2026, 6, 13, 8, 0, tzinfo=UTC),
            datetime(2026, 6, 13, 15, 0, tzinfo=UTC),
        )
        assert (new.headcounts, new.participations, new.evidence, new.is_example) == ([], [], [], False)
        assert (old.status, len(old.headcounts), old.ref) == ("held", 2, "V1")


def test_the_form_shows_what_will_be_stored_and_stores_nothing_by_itself(app, manager):
    put(app, title={"en": "Workshop", "pl": "Warsztaty"}, time_zone="Europe/Warsaw")
    fields = fields_of(manager)
    assert (fields["title_en"], fields["title_lt"], fields["title_pl"]) == ("Workshop", "", "Warsztaty")
    assert (fields["starts"], fields["ends"]) == ("2026-03-17T10:00", "2026-03-17T16:00")
    assert (fields["time_zone"], fields["ref"]) == ("Europe/Warsaw", "")
    assert "nothing is stored yet" in page_text(manager.get(COPY, follow_redirects=True))
    assert count_events(app) == 1


def test_a_new_first_day_moves_start_and_end_together(app, manager):
    put(app, starts=datetime(2026, 3, 10, 20, 0), ends=datetime(2026, 3, 12, 9, 0))
    fields = fields_of(manager, f"{COPY}&day=2026-05-01")
    assert (fields["starts"], fields["ends"]) == ("2026-05-01T20:00", "2026-05-03T09:00")


@pytest.mark.parametrize(("day", "status"), [("2026-02-30", 422), ("tomorrow", 422), ("9999-12-31", 422), ("", 200)])
def test_a_day_that_is_none_is_refused(app, manager, day, status):
    put(app)
    assert manager.get(f"{COPY}&day={day}", follow_redirects=True).status_code == status


def test_a_copy_over_the_change_of_clocks_keeps_its_hours(app, manager):
    """Clocks go back in the night to 25 October 2026: the day before, Vilnius is at +3 hours, then at +2."""
    put(app, starts=datetime(2026, 10, 20, 10, 0), ends=datetime(2026, 10, 20, 16, 0))
    assert send_form(manager, COPY).status_code == 302
    with app.app_context():
        old, new = get_event(PROJECT, 1), get_event(PROJECT, 2)
        assert old.starts_at == datetime(2026, 10, 20, 7, 0, tzinfo=UTC)
        assert (new.starts_at, new.ends_at) == (
            datetime(2026, 10, 27, 8, 0, tzinfo=UTC),
            datetime(2026, 10, 27, 14, 0, tzinfo=UTC),
        )


@pytest.mark.parametrize(("country", "zone", "twice"), [("LT", "Europe/Vilnius", True), ("PL", "Europe/Warsaw", False)])
def test_an_hour_that_exists_twice_in_one_of_the_countries_is_asked_about_there(app, manager, country, zone, twice):
    """03:30 on 25 October 2026 comes twice in Vilnius; in Warsaw that is 02:30, and 03:30 comes once."""
    put(app, country=country, starts=datetime(2026, 10, 18, 3, 30), ends=datetime(2026, 10, 18, 6, 0))
    sent = send_form(manager, COPY)
    assert count_events(app) == (1 if twice else 2)
    if twice:
        assert sent.status_code == 422
        assert "exists twice in Europe/Vilnius" in read_errors(sent)["starts"]
    else:
        with app.app_context():
            new = get_event(PROJECT, 2)
            assert (new.time_zone, new.starts_at) == (zone, datetime(2026, 10, 25, 2, 30, tzinfo=UTC))


def test_a_double_click_makes_one_copy(app, manager):
    put(app)
    page = manager.get(COPY, follow_redirects=True)
    fields, place = read_fields(page), page.request.full_path
    assert [manager.post(place, data=fields).location for _ in range(2)] == [f"{EVENTS}/2"] * 2
    assert count_events(app) == 2


def test_a_reference_of_ones_own_is_kept(app, manager):
    put(app, ref="W1")
    assert send_form(manager, COPY, ref="W2").status_code == 302
    refused = send_form(manager, COPY, ref="W1")
    assert refused.status_code == 422
    assert "W1" in read_errors(refused)["ref"]


def test_organisers_copy_their_event_and_others_are_not_offered_it(app, manager):
    put(app)
    organiser, other, viewer = (
        sign_in_as(app, Role.PARTNER, "ols"),
        sign_in_as(app, Role.PARTNER, "lpro"),
        sign_in_as(app, Role.VIEWER),
    )
    offered = ["Copy the event" in links_of(each.get(f"{EVENTS}/1")) for each in (organiser, other, viewer)]
    assert offered == [True, False, False]
    assert send_form(organiser, COPY).status_code == 302
    assert viewer.get(COPY).status_code == 403


def test_a_partner_who_copies_what_others_organise_joins_them(app, manager):
    put(app)
    partner = sign_in_as(app, Role.PARTNER, "lpro")
    assert set(fields_of(partner)["organisers"]) == {"lps", "ols", "lpro"}
    refused = send_form(partner, COPY, organisers=["lps", "ols"])
    assert refused.status_code == 422
    assert count_events(app) == 1


@pytest.mark.parametrize("text", ["2", "99", "x", "-1", "1.0", "²", str(LARGEST_ROW + 1), "9" * 5000])
def test_an_event_that_is_foreign_or_not_there_cannot_be_copied(app, manager, text):
    put(app)
    with app.app_context():
        make_other_project()
        make_event(ref="W2", project_code=OTHER_PROJECT)
    for send in (manager.get, manager.post):
        answer = send(f"{EVENTS}/new", query_string={"copy": text, "form": "k" * 32})
        assert answer.status_code == 404
    assert count_events(app) == 2
