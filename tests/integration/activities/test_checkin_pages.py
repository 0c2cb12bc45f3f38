"""The helpers' link: who may use it and when, what it shows, and that each person is marked once."""

from datetime import datetime, timedelta

import pytest

from portal.accounts.rules import Role
from portal.activities.models import Event
from portal.activities.queries.marking import find_link, list_people
from portal.activities.services.checkin import end_link, make_link
from portal.activities.services.events import move_event
from portal.activities.services.marking import Mark, mark
from portal.core import clock
from portal.core.db import transaction
from portal.projects.queries import get_project
from tests.conftest import NOW
from tests.integration.pages import find_all, page_text, read_page, send_form, text_of
from tests.make import PROJECT, make_event, make_people, make_project, noted_queries, sign_in_as, version_of

EVENT = f"/projects/{PROJECT}/events/1"
LINK = f"{EVENT}/attendance/link"
JSON = {"Accept": "application/json"}
# The event lasts from 10:00 to 16:00 in Vilnius; the clock stands at 14:00 there.
STARTS = datetime(2026, 11, 20, 10, 0)


@pytest.fixture
def token(app):
    with app.app_context():
        make_project()
        make_event(starts=STARTS, ends=STARTS.replace(hour=16))
        make_people(1, ["ona@example.org"], name="Ona Onaitė", organisation="Prison 7", status="registered")
        make_people(1, ["jan.nowak@example.org"], status="registered")
        make_people(1, ["K001"], group="convicted_person", status="registered")
        made = make_link(1, now=NOW)
    yield made
    clock.stand_still(NOW)


def ids(app) -> list[str]:
    with app.app_context():
        return [each.ref for each in list_people(1, 1)]


def present(app) -> list[int]:
    with app.app_context():
        return [each.number for each in list_people(1, 1) if each.is_present]


def rows(page) -> list[str]:
    return [text_of(row) for each in find_all(read_page(page), "ul", class_="ticks") for row in find_all(each, "li")]


def test_the_page_shows_numbers_with_initials_or_codes_and_nothing_else_of_people(client, token):
    page = client.get(f"/checkin/{token}")
    assert [row.split(" ✓")[0] for row in rows(page)] == ["1 J. N.", "2 O. O.", "3 K001"]
    text = page.get_data(as_text=True)
    for secret in ("Ona", "Onait", "nowak", "example.org", "Prison 7", "convicted"):
        assert secret not in text


def test_the_page_may_be_kept_for_moments_by_the_phone_alone(client, token):
    page = client.get(f"/checkin/{token}")
    assert page.headers["Cache-Control"] == "private, max-age=20"
    assert "no-store" in client.get("/checkin/unknown").headers["Cache-Control"]


def test_the_address_is_told_to_no_other_site_and_listed_nowhere(client, token):
    for address in (f"/checkin/{token}", "/checkin/unknown"):
        headers = client.get(address).headers
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_page_asks_the_database_as_often_for_many_people_as_for_few(app, client, token):
    def asked() -> int:
        with noted_queries(app) as statements:
            assert client.get(f"/checkin/{token}").status_code == 200
        return len(statements)

    few = asked()
    with app.app_context():
        make_people(1, [f"p{number}@example.org" for number in range(10)], status="registered")
    assert asked() == few


def test_invented_events_are_marked(app, client, token):
    assert "Example data" not in page_text(client.get(f"/checkin/{token}"))
    with app.app_context(), transaction() as session:
        session.get_one(Event, 1).is_example = True
    assert "Example data" in page_text(client.get(f"/checkin/{token}"))


def test_a_tap_marks_once_and_says_since_when(app, client, token):
    first, *_ = ids(app)
    page = client.post(f"/checkin/{token}?session=1", data={"mark": first}, follow_redirects=True)
    assert "1 J. N.: marked at 14:00." in page_text(page)
    assert "Here 1 On the list 3" in page_text(page)
    clock.stand_still(NOW + timedelta(minutes=9))
    again = client.post(f"/checkin/{token}", data={"mark": first}, headers=JSON)
    assert again.json == {"said": "1 J. N.: already marked at 14:00.", "present": "1", "is_present": True}
    undone = client.post(f"/checkin/{token}", data={"undo": first}, follow_redirects=True)
    assert "1 J. N.: not marked any more." in page_text(undone)
    assert present(app) == []


def test_after_a_mark_the_page_has_an_address_that_no_phone_has_kept(app, client, token):
    first, *_ = ids(app)
    answers = [client.post(f"/checkin/{token}", data={name: first}).location for name in ("mark", "undo", "mark")]
    assert len(set(answers)) == 3


@pytest.mark.parametrize(
    ("typed", "found"), [("1", [1, 3]), ("2", [2]), ("oo", [2]), ("J. N.", [1]), ("k001", [3]), ("K", [3]), ("zz", [])]
)
def test_typed_letters_and_numbers_narrow_the_list(client, token, typed: str, found: list[int]):
    shown = rows(client.get(f"/checkin/{token}", query_string={"q": typed}))
    assert [int(row.split()[0]) for row in shown] == found


def test_a_name_is_not_searched_and_the_page_says_what_is(client, token):
    assert "This page knows no names: type the initials" in page_text(client.get(f"/checkin/{token}"))
    missed = client.get(f"/checkin/{token}", query_string={"q": "Nowak"})
    assert "Nobody on the list has these initials, this number or this code." in page_text(missed)


@pytest.mark.parametrize(
    ("minutes", "status", "says"),
    [
        (-14 * 60 - 1, 409, "This link works from its first day on, 2026-11-20."),
        (-14 * 60, 200, "Mark who comes"),
        (26 * 60 - 1, 200, "Mark who comes"),
        (26 * 60, 409, "The event is over, and its link with it."),
    ],
)
def test_the_link_works_from_the_first_midnight_until_a_day_after_the_end(app, client, token, minutes, status, says):
    clock.stand_still(NOW + timedelta(minutes=minutes))
    page = client.get(f"/checkin/{token}")
    assert page.status_code == status
    assert says in page_text(page)
    posted = client.post(f"/checkin/{token}", data={"mark": ids(app)[0]})
    assert posted.status_code == (302 if status == 200 else 409)
    assert present(app) == ([1] if status == 200 else [])


def test_links_that_are_unknown_ended_or_replaced_are_not_found(app, client, token):
    with app.app_context():
        new = make_link(1, now=NOW)
    assert client.get(f"/checkin/{token}").status_code == 404
    assert client.post(f"/checkin/{token}", data={"mark": "1"}).status_code == 404
    assert client.get(f"/checkin/{new}").status_code == 200
    with app.app_context():
        end_link(1, now=NOW)
        end_link(1, now=NOW)
    page = client.get(f"/checkin/{new}")
    assert page.status_code == 404
    assert "Ask them for the present one." in page_text(page)


def test_at_a_cancelled_event_and_in_a_closed_project_it_marks_nobody(app, client, token):
    with app.app_context():
        move_event(1, "cancelled", version=version_of(1), now=NOW)
    assert client.get(f"/checkin/{token}").status_code == 409
    with app.app_context():
        move_event(1, "planned", version=version_of(1), now=NOW)
        with transaction():
            get_project(PROJECT).status = "closed"
    assert client.get(f"/checkin/{token}").status_code == 409
    assert client.post(f"/checkin/{token}", data={"mark": ids(app)[0]}).status_code == 409


def test_people_of_another_event_cannot_be_marked_by_it(app, client, token):
    with app.app_context():
        other = make_event(ref="W2", starts=STARTS, ends=STARTS.replace(hour=16))
        make_people(other, ["foreign@example.org"], status="registered")
        foreign = list_people(other, 1)[0].ref
    for row in (foreign, ids(app)[0].partition("-")[0], "0-x", "0", "x", "", "99999999999-x"):
        assert client.post(f"/checkin/{token}", data={"mark": row}).status_code == 404
    for session in ("2", "0", "x"):
        assert client.get(f"/checkin/{token}?session={session}").status_code == 404
    with app.app_context():
        assert not list_people(other, 1)[0].is_present


def test_on_the_second_day_the_second_sheet_is_at_hand(app, client, token):
    with app.app_context(), transaction() as session:
        session.get_one(Event, 1).starts_at -= timedelta(days=1)
        session.get_one(Event, 1).counting_date -= timedelta(days=1)
    client.post(f"/checkin/{token}", data={"mark": ids(app)[0]})
    with app.app_context():
        assert [each.is_present for each in list_people(1, 1)] == [False] * 3
        assert [each.is_present for each in list_people(1, 2)] == [True, False, False]


def test_an_organiser_makes_renews_and_ends_the_link(app, client, token):
    partner = sign_in_as(app, Role.PARTNER, "ols")
    page = page_text(partner.get(LINK))
    assert f"/checkin/{token}" in page
    assert "It works until 21 November 2026, 16:00." in page
    send_form(partner, LINK, act="make")
    with app.app_context():
        new = find_link(1)
    assert new != token
    assert f"/checkin/{new}" in page_text(partner.get(LINK))
    send_form(partner, LINK, act="end")
    assert "There is no link yet." in page_text(partner.get(LINK))
    assert send_form(partner, LINK, act="other").status_code == 422


def test_no_link_is_made_for_an_event_that_is_over(app):
    with app.app_context():
        make_project()
        make_event()
    partner = sign_in_as(app, Role.PARTNER, "ols")
    page = partner.get(LINK)
    assert "a link is of no use any more" in page_text(page)
    assert partner.post(LINK, data={"act": "make"}).status_code == 409


def test_marks_of_helpers_are_kept_as_theirs_in_the_audit(app, client, token):
    client.post(f"/checkin/{token}", data={"mark": ids(app)[0]})
    manager = sign_in_as(app, Role.MANAGER)
    trail = page_text(manager.get(f"/projects/{PROJECT}/audit"))
    assert "Person marked as there" in trail
    assert "Link for helpers made" in trail
    with app.app_context():
        assert not mark(1, 1, Mark(int(ids(app)[0].partition("-")[0]), is_present=True), now=NOW, by=0)
