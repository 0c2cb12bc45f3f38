"""Drafts of events: the times of a good one, and every refusal with its code, its place and the allowed values."""

from datetime import UTC, datetime

import pytest

from portal.activities.rules.drafts import EventDraft, EventTimes, check_draft, next_ref
from portal.core.errors import InvalidInputs, Problem

KINDS = [
    "workshop",
    "training",
    "public_space_renewal",
    "creative",
    "support_group",
    "tournament",
    "survey_fieldwork",
    "meeting",
    "other",
]
ACTIVITIES = ["1.1", "2.4"]
ORGANISATIONS = ["lps", "ols"]

GOOD = EventDraft(
    title={"en": "Volleyball tournament"},
    kind="tournament",
    activity="2.4",
    organisers=["lps", "ols"],
    country="LT",
    starts=datetime(2026, 6, 6, 11, 0),
    ends=datetime(2026, 6, 6, 18, 0),
)


def check(draft: EventDraft) -> EventTimes:
    return check_draft(draft, activities=ACTIVITIES, organisations=ORGANISATIONS, taken_refs={"V1", "V2"})


def problems_of(draft: EventDraft) -> list[Problem]:
    with pytest.raises(InvalidInputs) as refusal:
        check(draft)
    return list(refusal.value.problems)


@pytest.mark.parametrize(
    ("country", "time_zone", "hour_utc", "zone"),
    [
        ("LT", "", 8, "Europe/Vilnius"),
        ("PL", "", 9, "Europe/Warsaw"),
        ("PL", "Europe/Vilnius", 8, "Europe/Vilnius"),
        ("US", "America/New_York", 15, "America/New_York"),
    ],
)
def test_the_times_are_read_in_the_stated_zone_or_the_countrys_own(country, time_zone, hour_utc, zone):
    times = check(GOOD._replace(country=country, time_zone=time_zone))
    assert times.starts_at == datetime(2026, 6, 6, hour_utc, 0, tzinfo=UTC)
    assert times.time_zone == zone


def test_an_event_may_go_on_for_days():
    times = check(GOOD._replace(ends=datetime(2026, 6, 8, 15, 0)))
    assert times.ends_at == datetime(2026, 6, 8, 12, 0, tzinfo=UTC)


def test_the_limits_themselves_are_allowed():
    check(GOOD._replace(ref="x" * 40, place="x" * 200, title={"lt": "x" * 200}))
    check(GOOD._replace(capacity=1, planned_participants=0))
    check(GOOD._replace(capacity=1_000_000, planned_participants=1_000_000))


@pytest.mark.parametrize("title", [{"lt": "Turnyras"}, {"en": "", "pl": "Turniej"}])
def test_a_title_in_one_language_is_enough(title):
    check(GOOD._replace(title=title))


MOST = 1_000_000
REFUSALS = [
    ({"kind": "party"}, "unknown-value", "kind", {"value": "party", "allowed": KINDS}),
    ({"kind": "Workshop"}, "unknown-value", "kind", {"value": "Workshop", "allowed": KINDS}),
    ({"activity": "3.1"}, "unknown-value", "activity", {"value": "3.1", "allowed": ACTIVITIES}),
    ({"organisers": ["nato"]}, "unknown-value", "organisers", {"value": "nato", "allowed": ORGANISATIONS}),
    ({"organisers": []}, "organisers-missing", "organisers", {}),
    ({"title": {}}, "title-missing", "title_en", {}),
    ({"title": {"en": " ", "lt": ""}}, "title-missing", "title_en", {}),
    ({"title": {"lt": "x" * 201}}, "text-too-long", "title_lt", {"limit": 200}),
    ({"place": "x" * 201}, "text-too-long", "place", {"limit": 200}),
    ({"ref": "x" * 41}, "text-too-long", "ref", {"limit": 40}),
    ({"capacity": 0}, "number-out-of-range", "capacity", {"least": 1, "most": MOST}),
    ({"capacity": MOST + 1}, "number-out-of-range", "capacity", {"least": 1, "most": MOST}),
    ({"planned_participants": -1}, "number-out-of-range", "planned_participants", {"least": 0, "most": MOST}),
    ({"country": "lt", "time_zone": "Europe/Vilnius"}, "unknown-country", "country", {"value": "lt"}),
    ({"time_zone": "Europe/Kaunas"}, "unknown-time-zone", "time_zone", {"value": "Europe/Kaunas"}),
    ({"country": "XX"}, "unknown-country", "country", {"value": "XX"}),
    ({"country": "US"}, "time-zone-needed", "time_zone", {"country": "US"}),
    ({"ref": "V1"}, "event-ref-taken", "ref", {"value": "V1"}),
    ({"ends": GOOD.starts}, "ends-before-start", "ends", {}),
    ({"ends": datetime(2026, 6, 5, 18, 0)}, "ends-before-start", "ends", {}),
    (
        {"starts": datetime(2026, 3, 29, 3, 30)},
        "time-skipped",
        "starts",
        {"time": "2026-03-29 03:30", "zone": "Europe/Vilnius", "hour": "04:00"},
    ),
    (
        {"ends": datetime(2026, 10, 25, 3, 30)},
        "time-twice",
        "ends",
        {"time": "2026-10-25 03:30", "zone": "Europe/Vilnius", "hour": "04:00"},
    ),
]


@pytest.mark.parametrize(
    ("change", "code", "where", "values"), REFUSALS, ids=[f"{code} {where}" for _, code, where, _ in REFUSALS]
)
def test_one_fault_is_named_with_its_place_and_what_is_allowed(change, code, where, values):
    assert problems_of(GOOD._replace(**change)) == [Problem(code, where, values)]


def test_everything_that_is_wrong_is_named_at_once():
    hopeless = EventDraft(
        title={"en": "", "pl": "x" * 201},
        kind="party",
        activity="9.9",
        organisers=["nato", "lps", "un"],
        country="XX",
        starts=datetime(2026, 3, 29, 2, 30),
        ends=datetime(2026, 10, 25, 2, 30),
        ref="x" * 41,
        time_zone="Europe/Warsaw",
        place="x" * 201,
        capacity=0,
        planned_participants=-1,
    )
    assert sorted((problem.where, problem.code) for problem in problems_of(hopeless)) == [
        ("activity", "unknown-value"),
        ("capacity", "number-out-of-range"),
        ("country", "unknown-country"),
        ("ends", "time-twice"),
        ("kind", "unknown-value"),
        ("organisers", "unknown-value"),
        ("organisers", "unknown-value"),
        ("place", "text-too-long"),
        ("planned_participants", "number-out-of-range"),
        ("ref", "text-too-long"),
        ("starts", "time-skipped"),
        ("title_pl", "text-too-long"),
    ]


def test_one_unknown_organiser_among_known_ones_is_the_one_named():
    [problem] = problems_of(GOOD._replace(organisers=["lps", "nato", "ols"]))
    assert problem.values["value"] == "nato"


@pytest.mark.parametrize(
    ("taken", "ref"), [([], "E1"), (["E1"], "E2"), (["V1", "V2"], "E3"), (["E3", "V1"], "E4"), (["E2"], "E3")], ids=str
)
def test_an_event_without_a_reference_is_given_a_free_one(taken, ref):
    assert next_ref(taken) == ref
