"""The list of events: its filters and pages live in the address, and it asks the database as often for 40 as for 1."""

from datetime import datetime, timedelta

import pytest

from portal.accounts.rules import Role
from portal.activities.services.attendance import HeadcountDraft
from tests.integration.pages import find_all, links_of, page_text, read_page, read_table
from tests.make import (
    PROJECT,
    make_event,
    make_headcounts,
    make_people,
    make_project,
    make_tournament,
    noted_queries,
    sign_in_as,
)

EVENTS = f"/projects/{PROJECT}/events"


@pytest.fixture
def viewer(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.VIEWER)


def make_days(app, number: int) -> None:
    with app.app_context():
        for day in range(number):
            starts = datetime(2026, 2, 1, 10, 0) + timedelta(days=day)
            event_id = make_event(title={"en": f"Day {day}"}, starts=starts, ends=starts + timedelta(hours=2))
            make_people(event_id, ["p01"])
            make_headcounts(event_id, HeadcountDraft("staff", 2))


def test_an_empty_list_explains_what_belongs_there(app, viewer):
    page = page_text(viewer.get(EVENTS))
    assert "0 events" in page
    assert "Workshops, tournaments, public-space renewals and all other events belong here." in page
    assert "Log an event" not in page
    assert "Log an event" in page_text(sign_in_as(app, Role.PARTNER, "lps").get(EVENTS))


def test_a_row_says_what_when_by_whom_and_how_many(app, viewer):
    with app.app_context():
        make_tournament()
    assert read_table(viewer.get(EVENTS), "Events, latest first")[1] == [
        "Volleyball tournament V1",
        "Tournament",
        "6 June 2026",
        "Lithuanian Prison Service, Regional Prison Inspectorate in Olsztyn",
        "Held",
        "Not proven",
        "56",
    ]


def test_the_filters_of_the_address_are_applied_and_shown_as_chosen(app, viewer):
    make_days(app, 2)
    with app.app_context():
        make_tournament(organisers=["ols", "kaunas"])
    for query in ("status=held", "kind=tournament", "organisation=kaunas", "status=held&kind=tournament"):
        answer = viewer.get(f"{EVENTS}?{query}")
        assert len(read_table(answer, "Events")) == 2
        chosen = [each.attributes["value"] for each in find_all(read_page(answer), "option", selected="")]
        assert chosen == [part.partition("=")[2] for part in query.split("&")]
    assert "No event fits this choice yet." in page_text(viewer.get(f"{EVENTS}?status=cancelled"))


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=x", "page=99999999999", "page=7"],
)
def test_an_address_that_makes_no_sense_shows_a_page_and_never_fails(app, viewer, query):
    make_days(app, 1)
    assert viewer.get(f"{EVENTS}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["status=x", "kind=%27", "organisation=%3Cb%3E"])
def test_a_filter_value_that_does_not_exist_is_refused_with_those_that_do(app, viewer, query):
    make_days(app, 1)
    answer = viewer.get(f"{EVENTS}?{query}")
    assert answer.status_code == 422
    assert "is not known here. Use one of:" in page_text(answer)


def test_the_second_page_is_reached_by_a_link_that_keeps_the_filters(app, viewer):
    make_days(app, 51)
    first = viewer.get(f"{EVENTS}?status=planned")
    assert "51 events" in page_text(first)
    assert len(read_table(first, "Events")) == 51
    second = viewer.get(links_of(first)["Next page →"])
    assert "status=planned" in second.request.url
    assert [row[0] for row in read_table(second, "Events")[1:]] == ["Day 0 E1"]
    assert links_of(second)["← Previous page"]


def test_the_list_asks_the_database_as_often_for_forty_events_as_for_one(app, viewer):
    numbers = []
    for more in (1, 39):
        make_days(app, more)
        with noted_queries(app) as queries:
            assert viewer.get(EVENTS).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_the_page_of_an_event_asks_as_often_for_forty_people_as_for_one(app, viewer):
    with app.app_context():
        event_id = make_event(organisers=["lps"])
        make_people(event_id, ["p00"])
    few = counted(app, viewer, f"{EVENTS}/{event_id}")
    with app.app_context():
        make_people(event_id, [f"q{number:02d}" for number in range(39)])
    assert counted(app, viewer, f"{EVENTS}/{event_id}") == few


def counted(app, client, address: str) -> int:
    with noted_queries(app) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
