"""Sessions of an event: its days, what organisers make of them, and how they follow the event's times."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from portal.accounts.rules import Role
from portal.activities.models import AttendanceMark, EventSession
from portal.activities.queries import get_event
from portal.activities.queries.sessions import list_sessions
from portal.activities.services.events import lock_event
from portal.activities.services.sessions import ensure_sessions
from portal.core.db import db, transaction
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_errors, read_fields, read_summary, read_table, send_form
from tests.make import PROJECT, make_event, make_people, make_project, noted_queries, run_portal, sign_in_as

EVENT = f"/projects/{PROJECT}/events/1"
PAGE = f"{EVENT}/sessions"
# Three days in Lithuania, the clocks going forward in the night to the third.
SPRING = {"starts": datetime(2026, 3, 27, 10, 0), "ends": datetime(2026, 3, 29, 16, 0)}


@pytest.fixture
def partner(app):
    with app.app_context():
        make_project()
        make_event(**SPRING)
    return sign_in_as(app, Role.PARTNER, "ols")


def stored(app: Flask) -> list[tuple[int, str, str, bool]]:
    """Position, start, end (UTC) and whether it is the organiser's own, of the event's sessions."""
    with app.app_context():
        return [
            (row.position, f"{row.starts_at:%m-%d %H:%M}", f"{row.ends_at:%m-%d %H:%M}", row.is_own)
            for row in list_sessions(get_event(PROJECT, 1))
        ]


def mark(app: Flask, position: int) -> None:
    """Somebody was seen at the session."""
    with app.app_context():
        make_people(1, ["p1"])
        with transaction() as session:
            rows = ensure_sessions(session, lock_event(session, 1))
            facts: dict[str, Any] = {"participation_id": 1, "is_present": True, "marked_at": NOW}
            session.execute(insert(AttendanceMark), {"session_id": rows[position - 1].id, **facts})


DAYS = [
    (1, "03-27 08:00", "03-27 14:00", False),
    (2, "03-28 08:00", "03-28 14:00", False),
    (3, "03-29 07:00", "03-29 13:00", False),
]


def test_the_days_of_an_event_are_its_sessions_and_reading_them_stores_nothing(app, partner):
    rows = read_table(partner.get(PAGE), "Sessions")
    assert rows[1][:4] == ["Day 1", "27 March 2026, 10:00", "27 March 2026, 16:00", "360"]
    assert rows[3][:4] == ["Day 3", "29 March 2026, 10:00", "29 March 2026, 16:00", "360"]
    assert stored(app) == DAYS
    with app.app_context():
        assert db.session.scalars(select(EventSession)).all() == []


def test_days_are_written_once(app, partner):
    for _ in range(2):
        with app.app_context(), transaction() as session:
            rows = ensure_sessions(session, lock_event(session, 1))
            assert [row.position for row in rows] == [1, 2, 3]
    with app.app_context():
        assert len(db.session.scalars(select(EventSession)).all()) == 3


def test_a_day_that_gets_a_title_stays_the_event_s_day_and_follows_its_times(app, partner):
    sent = send_form(partner, f"{PAGE}/2/edit", title_en="Practice", title_lt="Praktika")
    assert sent.location == PAGE
    assert read_table(partner.get(f"{PAGE}?lang=lt"), "")[2][0] == "Praktika"
    assert send_form(partner, f"{EVENT}/edit", starts="2026-10-23 10:00", ends="2026-10-25 16:00").status_code == 302
    assert stored(app) == [
        (1, "10-23 07:00", "10-23 13:00", False),
        (2, "10-24 07:00", "10-24 13:00", False),
        (3, "10-25 08:00", "10-25 14:00", False),
    ]
    with app.app_context():
        assert list_sessions(get_event(PROJECT, 1))[1].title == {"en": "Practice", "lt": "Praktika"}


def test_sessions_are_divided_added_and_put_in_the_order_of_time(app, partner):
    assert send_form(partner, f"{PAGE}/1/edit", starts="2026-03-27 13:00").status_code == 302
    assert (
        send_form(
            partner, f"{PAGE}/new", starts="2026-03-27 10:00", ends="2026-03-27 12:00", title_en="Opening"
        ).status_code
        == 302
    )
    assert stored(app) == [
        (1, "03-27 08:00", "03-27 10:00", True),
        (2, "03-27 11:00", "03-27 14:00", True),
        (3, "03-28 08:00", "03-28 14:00", True),
        (4, "03-29 07:00", "03-29 13:00", True),
    ]
    assert [row[0] for row in read_table(partner.get(PAGE), "Sessions")[1:3]] == ["Opening", "Session 2"]


@pytest.mark.parametrize(
    ("starts", "ends", "field", "words"),
    [
        ("2026-03-28 15:00", "2026-03-28 17:00", "starts", "Another session is from 2026-03-28 10:00"),
        ("2026-03-26 10:00", "2026-03-26 12:00", "starts", "The event is from 2026-03-27 10:00 to 2026-03-29 16:00"),
        ("2026-03-28 18:00", "2026-03-28 17:00", "ends", "must end after it starts"),
        ("2026-03-29 03:30", "2026-03-29 05:00", "starts", "clocks go forward that night"),
        ("", "2026-03-28 17:00", "starts", "Fill this in."),
    ],
)
def test_what_cannot_be_a_session_is_explained_at_its_field(app, partner, starts, ends, field, words):
    refused = send_form(partner, f"{PAGE}/new", starts=starts, ends=ends, title_en="Kept")
    assert refused.status_code == 422
    assert words in read_errors(refused)[field]
    assert read_fields(refused)["title_en"] == "Kept"
    assert stored(app) == DAYS


def test_a_session_is_removed_after_a_page_that_says_so_and_the_others_are_numbered_anew(app, partner):
    assert "03-28" in str(stored(app))
    assert send_form(partner, f"{PAGE}/2/remove").location == PAGE
    assert stored(app) == [(1, "03-27 08:00", "03-27 14:00", True), (2, "03-29 07:00", "03-29 13:00", True)]


def test_a_session_with_marks_stays_and_says_so(app, partner):
    opened = read_fields(partner.get(f"{PAGE}/2/remove"))
    mark(app, 2)
    assert "People have been marked at this session, so it stays." in page_text(partner.get(f"{PAGE}/2/remove"))
    assert "Remove Day 2" not in str(partner.get(PAGE).data)
    with app.app_context():
        opened["version"] = str(get_event(PROJECT, 1).version)
    refused = partner.post(f"{PAGE}/2/remove", data=opened)
    assert refused.status_code == 409
    assert len(stored(app)) == 3


def test_the_last_session_stays(app, partner):
    for _ in range(2):
        send_form(partner, f"{PAGE}/1/remove")
    refused = send_form(partner, f"{PAGE}/1/remove")
    assert refused.status_code == 409
    assert "one session at least" in " ".join(read_summary(refused))
    assert len(stored(app)) == 1


def test_the_days_come_back_with_one_press(app, partner):
    send_form(partner, f"{PAGE}/2/remove")
    assert "Use the event's days again" in links_of(partner.get(PAGE))
    assert send_form(partner, f"{PAGE}/days").location == PAGE
    assert stored(app) == DAYS


def test_a_stale_form_keeps_what_was_typed(app, partner):
    opened = read_fields(partner.get(f"{PAGE}/2/edit"))
    send_form(partner, f"{PAGE}/1/edit", title_en="Opening")
    stale = partner.post(f"{PAGE}/2/edit", data={**opened, "title_en": "Practice"})
    assert stale.status_code == 409
    assert read_fields(stale)["title_en"] == "Practice"
    assert partner.post(f"{PAGE}/2/edit", data=read_fields(stale)).status_code == 302


def test_a_double_click_adds_one_session(app, partner):
    send_form(partner, f"{PAGE}/1/edit", starts="2026-03-27 13:00")
    page = partner.get(f"{PAGE}/new", follow_redirects=True)
    fields = {**read_fields(page), "starts": "2026-03-27 10:00", "ends": "2026-03-27 12:00"}
    for _ in range(2):
        assert partner.post(page.request.full_path, data=fields).status_code == 302
    assert len(stored(app)) == 4


def test_own_sessions_move_with_an_event_that_moves_by_days(app, partner):
    send_form(partner, f"{PAGE}/2/remove")
    assert send_form(partner, f"{EVENT}/edit", starts="2026-04-03 10:00", ends="2026-04-05 16:00").status_code == 302
    assert stored(app) == [(1, "04-03 07:00", "04-03 13:00", True), (2, "04-05 07:00", "04-05 13:00", True)]


@pytest.mark.parametrize(
    ("times", "field"),
    [({"ends": "2026-03-28 16:00"}, "ends"), ({"starts": "2026-03-27 11:00"}, "starts")],
    ids=["earlier end", "later start"],
)
def test_new_times_that_leave_an_own_session_out_are_refused_at_the_field(app, partner, times, field):
    send_form(partner, f"{PAGE}/2/remove")
    before = stored(app)
    refused = send_form(partner, f"{EVENT}/edit", **times)
    assert refused.status_code == 422
    assert "would lie outside the event" in read_errors(refused)[field]
    assert stored(app) == before


def test_a_day_with_marks_cannot_vanish_and_others_can(app, partner):
    mark(app, 3)
    refused = send_form(partner, f"{EVENT}/edit", ends="2026-03-28 16:00")
    assert refused.status_code == 422
    assert "People have been marked on the day from 2026-03-29 10:00" in read_errors(refused)["ends"]
    assert send_form(partner, f"{EVENT}/edit", starts="2026-03-28 10:00").status_code == 302
    assert stored(app) == [(1, "03-28 08:00", "03-28 14:00", False), (2, "03-29 07:00", "03-29 13:00", False)]
    with app.app_context():
        (found,) = db.session.scalars(select(AttendanceMark))
        assert db.session.get_one(EventSession, found.session_id).position == 2


def test_a_file_moves_the_sessions_along_or_is_refused_whole(app, partner, tmp_path):
    send_form(partner, f"{PAGE}/2/remove")
    file = tmp_path / "events.csv"
    head = "ref,title,kind,activity,start,end,country,organisers"
    for start, end, code in (("03-27", "03-28", 1), ("04-03", "04-05", 0)):
        row = f"E1,Opening workshop,workshop,1.1,2026-{start} 10:00,2026-{end} 16:00,LT,lps;ols"
        file.write_text(f"{head}\n{row}\n", encoding="utf-8")
        result = run_portal(app, "import", "events", file, "--project", PROJECT)
        assert result.exit_code == code
        assert ("would lie outside the event" in result.output) is bool(code)
    assert stored(app) == [(1, "04-03 07:00", "04-03 13:00", True), (2, "04-05 07:00", "04-05 13:00", True)]


def test_members_read_sessions_and_organisers_change_them(app, partner):
    viewer, other = sign_in_as(app, Role.VIEWER), sign_in_as(app, Role.PARTNER, "lpro")
    assert "Add a session" not in links_of(viewer.get(PAGE))
    assert [viewer.get(f"{PAGE}/1/edit").status_code, other.get(f"{PAGE}/1/edit").status_code] == [403, 403]
    assert partner.get(f"{PAGE}/9/edit").status_code == 404


def test_each_change_counts_for_calendars_and_stands_in_the_trail(app, partner):
    send_form(partner, f"{PAGE}/2/edit", title_en="Practice")
    send_form(partner, f"{PAGE}/2/remove")
    with app.app_context():
        assert get_event(PROJECT, 1).calendar_sequence == 2
    manager = sign_in_as(app, Role.MANAGER)
    trail = page_text(manager.get(f"/projects/{PROJECT}/audit?kind=event&subject_id=1"))
    assert "Session edited" in trail
    assert "Session removed" in trail


def test_one_day_at_the_place_is_one_session_though_it_is_two_in_utc(app, partner):
    with app.app_context():
        event_id = make_event(starts=datetime(2026, 6, 6, 1, 0), ends=datetime(2026, 6, 6, 23, 0))
        (row,) = list_sessions(get_event(PROJECT, event_id))
        assert (row.starts_at, row.minutes) == (datetime(2026, 6, 5, 22, 0, tzinfo=UTC), 22 * 60)


def test_a_page_asks_the_database_as_often_for_many_sessions_as_for_few(app, partner):
    def asked() -> int:
        with noted_queries(app) as statements:
            assert partner.get(PAGE).status_code == 200
        return len(statements)

    mark(app, 1)
    few = asked()
    for hour in range(17, 22):
        # The afternoon of the first day is over at 16 o'clock, and its night is still within the event.
        send_form(partner, f"{PAGE}/new", starts=f"2026-03-27 {hour}:00", ends=f"2026-03-27 {hour}:30")
    assert len(stored(app)) == 8
    assert asked() == few
