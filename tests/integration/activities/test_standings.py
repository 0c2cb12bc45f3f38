"""What an event counts towards, and why: each row by itself, on the event's page in whole sentences."""

from datetime import datetime

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.activities.queries import get_event, list_standings
from portal.activities.queries.standing import Standing
from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.exclusions import exclude_event
from portal.core.db import transaction
from portal.projects.models import Indicator
from portal.reports.queries.outcomes import get_row, outcome_table
from tests.conftest import NOW
from tests.integration.pages import page_text
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

WORKSHOPS = "Participation in workshops and training activities"
INITIATIVES = "Active participation of community members and convicted persons in joint initiatives"
SUM = "Participations in joint cross-border actions"
ORGANISATIONS = "Cross-border partner organizations"
PUBLIC = "Jointly organised cross-border public events"
LPS, OLS = "Lithuanian Prison Service", "Regional Prison Inspectorate in Olsztyn"


@pytest.fixture
def viewer(app):
    with app.app_context():
        make_project()
    return sign_in_as(app, Role.VIEWER)


def use_measure(key: str, **measure) -> None:
    with transaction() as session:
        mine = select(Indicator).where(Indicator.project_code == PROJECT, Indicator.key == key)
        session.scalars(mine).one().measure = measure


def standing(event_id: int, key: str) -> Standing:
    return next(each for each in list_standings(get_event(PROJECT, event_id)) if each.indicator.key == key)


def later(**changes) -> int:
    return make_event(status="held", starts=datetime(2026, 4, 1, 9), ends=datetime(2026, 4, 1, 12), **changes)


def said(browser, event_id: int) -> str:
    return page_text(browser.get(f"/projects/{PROJECT}/events/{event_id}"))


def test_a_held_event_says_what_it_adds_and_every_reason(app, viewer):
    with app.app_context():
        event_id = make_tournament()
        make_headcounts(event_id, HeadcountDraft("spectator", 300))
    page = said(viewer, event_id)
    assert (
        f"Counts 56 {INITIATIVES} Because: held on 6 June 2026; kind of event: Tournament; "
        "joint, with organisers from: Lithuania and Poland. 300 people of groups that this row does not count are left "
        f"out. And so it counts towards: {SUM} ."
    ) in page
    assert f"Does not count {WORKSHOPS} : this row counts other kinds of events" in page
    assert f"Counts 2 {ORGANISATIONS} Because: held on 6 June 2026. Makes active: {LPS}; {OLS}." in page
    assert (
        f"Counts 1 {PUBLIC} Because: held on 6 June 2026; joint, with organisers from: Lithuania and Poland; "
        "public event."
    ) in page


def test_a_planned_event_says_what_it_will_count_towards_and_what_not(app, viewer):
    with app.app_context():
        event_id = make_event(ref="W1")
    page = said(viewer, event_id)
    assert (
        f"Will count {WORKSHOPS} Counts towards this row once it is marked as held. Because: kind of event: Workshop; "
        f"joint, with organisers from: Lithuania and Poland. And so it counts towards: {SUM} ."
    ) in page
    assert f"Does not count {PUBLIC} : it is not marked as held; it is not a public event" in page
    assert f"Will count {ORGANISATIONS} Counts towards this row once it is marked as held." in page


def test_the_filters_of_every_kind_have_their_words(app, viewer):
    with app.app_context():
        event_id = make_event(ref="W1", status="held", organisers=["lps"])
        use_measure("workshops", kind="participations", joint=False, public=False, work_package=1)
    assert (
        f"Counts 0 {WORKSHOPS} Because: held on 10 March 2026; not joint, with organisers from: Lithuania; "
        "closed event; work package 1."
    ) in said(viewer, event_id)


def test_organisations_are_made_active_by_their_first_event_and_were_active_in_the_next(app, viewer):
    with app.app_context():
        first = make_event(ref="W1", status="held", organisers=["lps", "ols"])
        second = later(ref="W2", kind="meeting", organisers=["ols", "alytus"])
        assert standing(first, "organisations").share.made_active == ("lps", "ols")
        share = standing(second, "organisations").share
        assert (share.counts, share.made_active, share.active_before) == (1, ("alytus",), ("ols",))
    assert f"Makes active: Alytus City Municipality. Active already through an earlier event: {OLS}." in (
        said(viewer, second)
    )


def test_an_event_that_was_excluded_makes_nobody_active_and_the_next_one_does(app, viewer):
    with app.app_context():
        first = make_event(ref="W1", status="held")
        second = later(ref="W2")
        exclude_event(first, "organisations", "A courtesy visit only.", now=NOW)
        assert (standing(first, "organisations").counts, standing(first, "organisations").obstacles) == (
            0,
            ["excluded"],
        )
        assert standing(second, "organisations").share.made_active == ("lps", "ols")
        # Towards the other rows it counts as before.
        assert standing(first, "workshops").obstacles == []
    assert f"Does not count {ORGANISATIONS} : the manager excluded it from this row" in said(viewer, first)
    assert "because: A courtesy visit only." in said(viewer, first)


def test_persons_count_where_they_were_first_seen(app, viewer):
    with app.app_context():
        use_measure("workshops", kind="persons", exclude_groups=["spectator"])
        first, second = make_event(ref="W1", status="held"), later(ref="W2")
        make_people(first, ["p01", "p02"])
        make_people(second, ["p02", "p03"])
        make_headcounts(second, HeadcountDraft("staff", 5), HeadcountDraft("spectator", 7))
        share = standing(second, "workshops").share
        assert (share.counts, share.seen_before, share.left_out) == (6, 1, 7)
        assert standing(first, "workshops").counts == 2
    assert (
        f"Counts 6 {WORKSHOPS} Because: held on 1 April 2026. 1 person counts already through an earlier event. "
        "7 people of groups that this row does not count are left out."
    ) in said(viewer, second)


def test_persons_of_the_same_day_and_of_other_groups_and_events_are_new_where_they_were_counted_first(app, viewer):
    with app.app_context():
        use_measure("workshops", kind="persons", exclude_groups=["staff"], event_kinds=["workshop"])
        first, second, meeting = (
            make_event(ref="W1", status="held"),
            make_event(ref="W2", status="held"),
            make_event(ref="M1", status="held", kind="meeting"),
        )
        third, fourth = later(ref="W3"), later(ref="W4", organisers=["lps"])
        make_people(first, ["p01", "p02"])
        make_people(first, ["p03"], group="staff")
        make_people(meeting, ["p05"])
        make_people(second, ["p01", "p03", "p05"])
        make_people(second, ["p06"], status="absent")
        make_people(third, ["p01", "p05", "p06", "p07"])
        make_people(fourth, ["p07", "p08"])
        exclude_event(fourth, "workshops", "Counted elsewhere.", now=NOW)
        shares = [standing(event_id, "workshops").share for event_id in (first, second, third, fourth)]
        # W1 and W2 began at the same time: the one that was entered first is the first.
        assert [(share.counts, share.seen_before) for share in shares] == [(2, 0), (2, 1), (2, 2), (0, 0)]
        table = outcome_table(PROJECT, NOW.date(), today=NOW.date())
        figures = get_row(table, "workshops").figures
        assert [(each.event.id, each.counts) for each in figures.events] == [(first, 2), (second, 2), (third, 2)]


def test_who_came_to_the_other_events_is_not_read(app, viewer):
    with app.app_context():
        use_measure("workshops", kind="persons")
        first, second = make_event(ref="W1", status="held"), later(ref="W2")
        make_people(first, ["p01", "p02"])
        make_people(second, ["p02", "p03"])
    with noted_queries(app) as asked:
        assert "1 person counts already through an earlier event." in said(viewer, second)
    assert not [each for each in asked if "(participations.participant," in each]


def test_a_project_whose_rows_count_no_events_says_so(app, viewer):
    with app.app_context():
        event_id = make_event()
        for key in ("workshops", "initiatives", "organisations", "public_events"):
            use_measure(key, kind="manual")
    assert "No row of the outcome table counts events." in said(viewer, event_id)


def test_the_page_asks_the_same_number_of_questions_however_many_events_there_are(app, viewer):
    with app.app_context():
        first = make_event(ref="W1", status="held")
    with noted_queries(app) as few:
        said(viewer, first)
    with app.app_context():
        for number in range(2, 12):
            last = later(ref=f"W{number}")
        exclude_event(last, "workshops", "Why", now=NOW)
    with noted_queries(app) as many:
        said(viewer, last)
    assert len(many) <= len(few) + 1
