"""Obstacles: why an event does not count towards a row, one reason at a time and all together."""

from datetime import date

import pytest

from portal.activities.rules.facts import ExclusionFact
from portal.activities.rules.standing import could_count, counting_events, obstacles, of_group, reasons
from portal.projects.rules.measures import Measure
from tests.unit.activities.facts import DAYS, EVENTS, PARTICIPATIONS, event, facts

TOURNAMENTS = Measure("participations", event_kinds=frozenset({"tournament"}))
JOINT = Measure("events", joint=True)
NOT_JOINT = Measure("events", joint=False)
PUBLIC = Measure("events", public=True)
CLOSED = Measure("events", public=False)
SECOND_PACKAGE = Measure("participations", work_package=2)

ALONE = {"organisers": ("lps", "lpro"), "countries": ("LT", "LT")}


@pytest.mark.parametrize(
    ("measure", "changes", "code"),
    [
        (PARTICIPATIONS, {"status": "planned"}, "planned"),
        (PARTICIPATIONS, {"status": "cancelled"}, "cancelled"),
        (PARTICIPATIONS, {"counting_date": date(2025, 12, 31)}, "outside-days"),
        (PARTICIPATIONS, {"counting_date": date(2028, 1, 1)}, "outside-days"),
        (PARTICIPATIONS, {"kind": "meeting"}, "meeting"),
        (EVENTS, {"kind": "meeting"}, "meeting"),
        (TOURNAMENTS, {"kind": "meeting"}, "meeting"),
        (Measure("events", event_kinds=frozenset({"meeting"})), {"kind": "meeting"}, "meeting"),
        (TOURNAMENTS, {}, "other-kind"),
        (JOINT, ALONE, "not-joint"),
        (NOT_JOINT, {}, "joint"),
        (PUBLIC, {}, "not-public"),
        (CLOSED, {"is_public": True}, "public"),
        (SECOND_PACKAGE, {}, "other-work-package"),
    ],
)
def test_each_obstacle_is_named_by_its_code(measure, changes, code):
    assert obstacles(event(**changes), measure, DAYS) == [code]


@pytest.mark.parametrize(
    ("measure", "changes"),
    [
        (PARTICIPATIONS, {}),
        (PARTICIPATIONS, {"is_public": True, **ALONE}),
        (PARTICIPATIONS, {"counting_date": date(2026, 1, 1)}),
        (PARTICIPATIONS, {"counting_date": date(2027, 12, 31)}),
        (TOURNAMENTS, {"kind": "tournament"}),
        (JOINT, {}),
        (NOT_JOINT, ALONE),
        (PUBLIC, {"is_public": True}),
        (CLOSED, {}),
        (SECOND_PACKAGE, {"work_package": 2}),
        # A held meeting makes its organisers active.
        (Measure("organisations", active=True), {"kind": "meeting"}),
    ],
)
def test_an_event_that_passes_every_filter_has_no_obstacle(measure, changes):
    assert obstacles(event(**changes), measure, DAYS) == []


def test_all_obstacles_are_named_together():
    everything_wrong = event(
        status="planned", counting_date=date(2025, 12, 30), is_public=False, work_package=1, kind="workshop", **ALONE
    )
    demanding = Measure(
        "participations", joint=True, public=True, event_kinds=frozenset({"tournament"}), work_package=2
    )
    assert obstacles(everything_wrong, demanding, DAYS) == [
        "planned",
        "outside-days",
        "other-kind",
        "not-joint",
        "not-public",
        "other-work-package",
    ]


def test_only_events_without_an_obstacle_count_in_the_order_they_are_given():
    known = facts(event(1), event(2, status="planned"), event(3))
    assert [each.ref for each in counting_events(known, PARTICIPATIONS)] == ["E1", "E3"]


@pytest.mark.parametrize(
    ("measure", "changes", "could"),
    [
        (PARTICIPATIONS, {}, True),
        (PARTICIPATIONS, {"status": "planned"}, False),
        (PARTICIPATIONS, {"status": "cancelled"}, False),
        (PARTICIPATIONS, {"counting_date": date(2025, 12, 31)}, False),
        (PARTICIPATIONS, {"counting_date": date(2028, 1, 1)}, False),
        (PARTICIPATIONS, {"kind": "meeting"}, False),
        (TOURNAMENTS, {}, False),
        (TOURNAMENTS, {"kind": "tournament"}, True),
        (Measure("events", event_kinds=frozenset({"meeting"})), {"kind": "meeting"}, False),
        # The other filters do not matter: something of the right kind has happened, so the figure is 0.
        (JOINT, ALONE, True),
        (PUBLIC, {}, True),
        (SECOND_PACKAGE, {}, True),
    ],
)
def test_what_could_count_is_held_within_the_days_and_of_a_kind_the_measure_names(measure, changes, could):
    assert could_count(event(**changes), measure, DAYS) is could


@pytest.mark.parametrize(
    ("measure", "group", "passes"),
    [
        (Measure("participations"), "spectator", True),
        (Measure("participations", groups=frozenset({"staff"})), "staff", True),
        (Measure("participations", groups=frozenset({"staff"})), "unknown", False),
        (Measure("participations", exclude_groups=frozenset({"spectator"})), "spectator", False),
        (Measure("participations", exclude_groups=frozenset({"spectator"})), "unknown", True),
        (
            Measure("participations", groups=frozenset({"staff"}), exclude_groups=frozenset({"staff"})),
            "staff",
            False,
        ),
    ],
)
def test_a_group_passes_if_it_is_selected_and_not_excluded(measure, group, passes):
    assert of_group(group, measure) is passes


EXCLUDED = {"exclusions": (ExclusionFact("initiatives", "no attendance list"), ExclusionFact("public_events", "rain"))}


@pytest.mark.parametrize("row", ["initiatives", "public_events"])
def test_an_event_does_not_count_towards_the_rows_that_it_is_excluded_from(row):
    assert obstacles(event(**EXCLUDED), PARTICIPATIONS, DAYS, row=row) == ["excluded"]


@pytest.mark.parametrize("row", ["workshops", ""])
def test_an_excluded_event_counts_towards_every_other_row(row):
    assert obstacles(event(**EXCLUDED), PARTICIPATIONS, DAYS, row=row) == []


def test_being_excluded_is_named_after_every_other_obstacle():
    planned = event(status="planned", kind="meeting", **EXCLUDED)
    assert obstacles(planned, PARTICIPATIONS, DAYS, row="initiatives") == ["planned", "meeting", "excluded"]


def test_an_excluded_event_could_count_all_the_same():
    assert could_count(event(**EXCLUDED), PARTICIPATIONS, DAYS)


def test_the_decision_on_a_row_is_found_by_the_rows_key():
    assert event(**EXCLUDED).excluded_from("public_events") == ExclusionFact("public_events", "rain")
    assert event(**EXCLUDED).excluded_from("workshops") is None


def test_counting_events_leaves_out_what_is_excluded_from_the_row_that_is_counted():
    known = facts(event(1, **EXCLUDED), event(2))
    assert [each.ref for each in counting_events(known, PARTICIPATIONS, row="initiatives")] == ["E2"]
    assert [each.ref for each in counting_events(known, PARTICIPATIONS, row="workshops")] == ["E1", "E2"]


@pytest.mark.parametrize(
    ("measure", "codes"),
    [
        (PARTICIPATIONS, ["held"]),
        (TOURNAMENTS, ["held", "kind"]),
        (JOINT, ["held", "joint"]),
        (NOT_JOINT, ["held", "not-joint"]),
        (PUBLIC, ["held", "public"]),
        (CLOSED, ["held", "not-public"]),
        (SECOND_PACKAGE, ["held", "work-package"]),
        (
            Measure("events", joint=True, public=True, event_kinds=frozenset({"tournament"}), work_package=1),
            ["held", "kind", "joint", "public", "work-package"],
        ),
    ],
)
def test_the_reasons_are_the_filters_that_the_measure_states(measure, codes):
    assert reasons(event(), measure) == codes
