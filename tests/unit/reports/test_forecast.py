"""Will the targets be reached? Held events count as they did, planned ones as if they were held as planned."""

from datetime import date

import pytest

from portal.activities.rules.counting import (
    NOT_REPORTED,
    Count,
    count_events,
    count_organisations,
    count_participations,
)
from portal.activities.rules.planning import PlannedEvent
from portal.projects.rules.measures import Measure
from portal.reports.rules.forecast import Forecast, Outlook, Planned, forecast, leaves_groups_aside, look_ahead
from tests.unit.activities.facts import DAYS, event, facts, people

WORKSHOPS = Measure(
    "participations", joint=True, event_kinds=frozenset({"workshop"}), exclude_groups=frozenset({"spectator"})
)
INITIATIVES = Measure("participations", joint=True, event_kinds=frozenset({"creative"}), groups=frozenset({"staff"}))
PUBLIC = Measure("events", joint=True, public=True)
ACTIVE = Measure("organisations", roles=frozenset({"lead", "partner"}), active=True)
ROLES = {"lps": "lead", "ols": "partner", "lpro": "partner", "kaunas": "associated"}


def planned(number: int, participants: int | None = 20, *, is_over: bool = False, **changes) -> PlannedEvent:
    """A planned joint workshop on 10 March 2027, with the changes."""
    stated = {"status": "planned", "counting_date": date(2027, 3, 10), **changes}
    return PlannedEvent(event(number, **stated), participants, is_over)


def outlook(*events: PlannedEvent, counts: dict[str, Count] | None = None, **measures: Measure) -> Outlook:
    """What is planned, for rows of these measures; nothing was held unless `counts` says so."""
    so_far = dict.fromkeys(measures, NOT_REPORTED) | (counts or {})
    return look_ahead(events, DAYS, roles=ROLES, measures=measures, counts=so_far)


def refs(events) -> list[str]:
    return [each.ref for each in events]


def test_planned_participants_of_matching_events_are_added_up():
    ahead = outlook(
        planned(1, 50),
        planned(2, 70),
        planned(3, 1000, kind="tournament"),
        planned(4, 1000, countries=("LT", "LT")),
        planned(5, 1000, counting_date=date(2028, 1, 1)),
        workshops=WORKSHOPS,
        counts={"workshops": Count(achieved=45)},
    )
    found = forecast("workshops", 216, ahead)
    assert found == Forecast(216, 45, Planned(120))
    assert (found.missing, found.verdict) == (51, "short")


def test_an_event_counts_when_it_is_planned_just_as_when_it_is_held():
    """The forecast of a planned event is what counting finds once it is held with the planned number of people."""
    for kind in ("workshop", "meeting", "creative"):
        for countries in (("LT", "PL"), ("LT", "LT")):
            for public in (True, False):
                facet = {"kind": kind, "countries": countries, "is_public": public}
                ahead = outlook(planned(1, 30, **facet), workshops=WORKSHOPS, public=PUBLIC, active=ACTIVE)
                held = facts(event(1, counting_date=date(2027, 3, 10), **facet), as_of=DAYS[1], E1=[people(30)])
                counted = {
                    "workshops": count_participations(held, WORKSHOPS),
                    "public": count_events(held, PUBLIC),
                    "active": count_organisations(held, ACTIVE, ROLES),
                }
                for key, count in counted.items():
                    found = forecast(key, 1, ahead).planned
                    assert found == Planned(count.achieved or 0), (key, facet)


def test_events_that_state_no_participants_are_named_and_add_nothing():
    ahead = outlook(planned(1, None), planned(2, 0), planned(3, None, kind="tournament"), workshops=WORKSHOPS)
    found = forecast("workshops", 10, ahead).planned
    assert found is not None
    assert (found.number, refs(found.silent)) == (0, ["E1"])


def test_events_that_are_over_and_not_marked_add_nothing_and_are_named():
    ahead = outlook(
        planned(1, 30), planned(2, 40, is_over=True), planned(3, 40, is_over=True, kind="tournament"), row=WORKSHOPS
    )
    found = forecast("row", 70, ahead).planned
    assert found is not None
    assert (found.number, refs(found.over)) == (30, ["E2"])


def test_groups_are_left_aside_and_that_is_known():
    ahead = outlook(
        planned(1, 25, kind="creative"),
        initiatives=INITIATIVES,
        workshops=WORKSHOPS,
        events=PUBLIC,
        anyone=Measure("participations"),
        sum=Measure("sum", of=("events", "initiatives")),
    )
    assert forecast("initiatives", 132, ahead).planned == Planned(25)
    aside = [key for key in ahead.measures if leaves_groups_aside(key, ahead)]
    assert aside == ["initiatives", "workshops", "sum"]


def test_each_matching_event_counts_once_towards_a_row_of_events():
    ahead = outlook(planned(1, None, is_public=True), planned(2, is_public=True), planned(3), public=PUBLIC)
    assert forecast("public", 2, ahead).planned == Planned(2)


def test_organisations_that_are_not_active_yet_are_added_once():
    held = count_organisations(facts(event(9, organisers=("lps",), countries=("LT",))), ACTIVE, ROLES)
    ahead = outlook(
        planned(1, organisers=("lps", "ols")),
        planned(2, organisers=("ols", "kaunas")),
        planned(3, is_over=True, organisers=("lpro",)),
        active=ACTIVE,
        counts={"active": held},
    )
    found = forecast("active", 3, ahead)
    assert found.achieved == 1
    assert found.planned is not None
    assert (found.planned.number, refs(found.planned.over)) == (1, ["E3"])
    assert (found.missing, found.verdict) == (1, "short")


def test_partners_that_count_by_being_partners_are_added_before_the_project_begins():
    ahead = outlook(partners=Measure("organisations", roles=frozenset({"lead", "partner"})))
    assert forecast("partners", 3, ahead) == Forecast(3, None, Planned(3))


def test_a_sum_adds_its_parts_and_names_an_event_once():
    measures = {
        "both": Measure("sum", of=("workshops", "all", "poll")),
        "workshops": WORKSHOPS,
        "all": Measure("participations"),
        "poll": Measure("manual"),
    }
    ahead = outlook(planned(1, 50), planned(2, None), counts={"both": Count(achieved=7)}, **measures)
    found = forecast("both", 200, ahead)
    assert found.planned is not None
    assert (found.achieved, found.planned.number, refs(found.planned.silent)) == (7, 100, ["E2"])
    assert found.missing == 93


def test_rows_that_events_say_nothing_of_are_not_forecast():
    ahead = outlook(planned(1), poll=Measure("manual"), both=Measure("sum", of=("poll",)))
    assert forecast("poll", 10, ahead) == Forecast(10, None, None)
    assert forecast("both", 10, ahead).verdict == "untold"
    assert forecast("both", 10, ahead).missing == 10


@pytest.mark.parametrize(
    ("achieved", "number", "missing", "verdict"),
    [
        (45, 120, 51, "short"),
        (45, 171, 0, "enough"),
        (45, 500, 0, "enough"),
        (216, 0, 0, "reached"),
        (300, 0, 0, "reached"),
        (None, 0, 216, "short"),
        (None, 216, 0, "enough"),
    ],
)
def test_the_verdict_follows_from_the_figures(achieved, number, missing, verdict):
    found = Forecast(216, achieved, Planned(number))
    assert (found.missing, found.verdict) == (missing, verdict)
