"""Reading events: pages of a list, what waits for someone, and how one event stands towards the rows."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.activities.queries import (
    EventFilter,
    attended_at,
    check_filter,
    count_by_status,
    get_event,
    get_participation,
    list_events,
    list_next,
    list_participations,
    list_standings,
    list_waiting,
)
from portal.activities.services.attendance import HeadcountDraft
from portal.core.errors import InvalidInput, NotFound
from tests.conftest import NOW
from tests.make import (
    OTHER_PROJECT,
    PROJECT,
    make_event,
    make_headcounts,
    make_other_project,
    make_people,
    make_project,
    make_tournament,
)

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def on(day: int, **changes: Any) -> int:
    starts = datetime(2026, 3, day, 10, 0)
    return make_event(ref=f"D{day}", starts=starts, ends=starts + timedelta(hours=2), **changes)


def refs(page: int = 1, **chosen: str) -> list[str]:
    return [event.ref for event in list_events(PROJECT, EventFilter(**chosen), page).events]


def test_the_latest_event_stands_first():
    for day in (2, 9, 5):
        on(day)
    assert refs() == ["D9", "D5", "D2"]


def test_the_list_is_filtered_by_state_kind_and_organiser():
    on(1, status="held")
    on(2, kind="meeting")
    on(3, organisers=["kaunas"])
    assert refs(status="held") == ["D1"]
    assert refs(kind="meeting") == ["D2"]
    assert refs(organisation="kaunas") == ["D3"]
    assert refs(status="planned", organisation="ols") == ["D2"]
    assert refs(status="sometime") == []


def test_a_page_has_fifty_events_and_the_last_page_the_rest():
    for number in range(51):
        make_event(ref=f"N{number}")
    first, second = (list_events(PROJECT, EventFilter(), page) for page in (1, 2))
    assert (len(first.events), first.total, first.last) == (50, 51, 2)
    assert len(second.events) == 1
    assert {event.ref for event in [*first.events, *second.events]} == {f"N{number}" for number in range(51)}


def test_a_page_after_the_last_is_the_last():
    on(1)
    page = list_events(PROJECT, EventFilter(), 9)
    assert (page.number, [event.ref for event in page.events]) == (1, ["D1"])


@pytest.mark.parametrize(
    ("chosen", "where", "known"),
    [
        ({"status": "done"}, "status", "held"),
        ({"kind": "party"}, "kind", "workshop"),
        ({"organisation": "nato"}, "organisation", "lps"),
    ],
)
def test_a_filter_value_that_does_not_exist_is_refused_with_those_that_do(chosen, where, known):
    with pytest.raises(InvalidInput) as refusal:
        check_filter(EventFilter(**chosen), ["lps", "ols"])
    problem = refusal.value.problem
    assert (problem.code, problem.where, problem.values["value"]) == ("unknown-value", where, chosen[where])
    assert known in problem.values["allowed"]


def test_an_empty_filter_and_known_values_are_taken():
    check_filter(EventFilter(), [])
    check_filter(EventFilter("held", "workshop", "lps"), ["lps", "ols"])


def test_an_empty_list_has_one_page():
    page = list_events(PROJECT, EventFilter())
    assert (page.events, page.total, page.last) == ([], 0, 1)


def test_people_there_are_those_who_attended_and_the_headcounts():
    event_id = on(1)
    make_people(event_id, ["p01", "p02"])
    make_people(event_id, ["p03"], status="registered")
    make_headcounts(event_id, HeadcountDraft("spectator", 30), HeadcountDraft("staff", 4, "PL"))
    assert list_events(PROJECT, EventFilter()).attended == {event_id: 36}
    assert attended_at(event_id) == 36
    assert count_by_status(event_id) == {"attended": 2, "registered": 1}


def test_an_event_of_another_project_is_not_found():
    event_id = on(1)
    make_other_project()
    with pytest.raises(NotFound):
        get_event(OTHER_PROJECT, event_id)
    assert list_events(OTHER_PROJECT, EventFilter()).total == 0


def test_a_participation_of_another_event_is_not_found():
    event_id, other = on(1), on(2)
    make_people(event_id, ["p01"])
    [row] = list_participations(event_id).rows
    assert get_participation(event_id, row.id) is row
    with pytest.raises(NotFound) as refusal:
        get_participation(other, row.id)
    assert refusal.value.problem.code == "participation-unknown"


def test_planned_events_that_have_ended_wait_for_their_organisers_oldest_first():
    on(9)
    on(2, organisers=["lpro"])
    on(3, status="held")
    on(4, status="cancelled")
    make_event(ref="F1", starts=datetime(2026, 12, 1, 10), ends=datetime(2026, 12, 1, 12))
    assert [event.ref for event in list_waiting(PROJECT, None, NOW)] == ["D2", "D9"]
    assert [event.ref for event in list_waiting(PROJECT, frozenset({"lpro"}), NOW)] == ["D2"]
    assert list_waiting(PROJECT, frozenset(), NOW) == []


def test_the_next_five_planned_events_stand_soonest_first():
    on(1)
    for day in (9, 4, 2, 7, 5, 8):
        make_event(ref=f"F{day}", starts=datetime(2026, 12, day, 10), ends=datetime(2026, 12, day, 12))
    assert [event.ref for event in list_next(PROJECT, NOW)] == ["F2", "F4", "F5", "F7", "F8"]


def test_a_tournament_counts_towards_its_rows_and_says_why_not_towards_the_others():
    event = get_event(PROJECT, make_tournament())
    assert [(each.indicator.key, each.counts, each.obstacles) for each in list_standings(event)] == [
        ("workshops", 0, ["other-kind"]),
        ("initiatives", 56, []),
        ("organisations", 2, []),
        ("public_events", 1, []),
    ]
