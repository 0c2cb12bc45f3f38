"""Whatever happened: what stands behind a figure adds up to it, and no more is evidenced than achieved."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.counting import (
    Count,
    EventFacts,
    Facts,
    count_events,
    count_organisations,
    count_participations,
    count_sum,
)
from portal.projects.rules.measures import Measure
from tests.unit.activities.facts import event, facts, people

KINDS = ["workshop", "training", "tournament", "meeting"]
GROUPS = ["professional", "community_member", "convicted_person", "spectator", "unknown"]
COUNTRIES = {"lps": "LT", "lpro": "LT", "ols": "PL", "kaunas": "LT"}
ROLES = {"lps": "lead", "lpro": "partner", "ols": "partner", "kaunas": "associated", "alytus": "associated"}

# Days before, inside and after the project, inside and outside its periods.
SOME_DAYS = st.dates(date(2025, 11, 1), date(2028, 2, 28))

ATTENDANCE = st.lists(
    st.builds(
        people,
        st.integers(1, 400),
        st.sampled_from(GROUPS),
        st.sampled_from(["LT", "PL", ""]),
        named=st.booleans(),
    ),
    max_size=5,
)


@st.composite
def some_event(draw: st.DrawFn, number: int, last_day: date) -> EventFacts:
    organisers = draw(st.lists(st.sampled_from(sorted(COUNTRIES)), min_size=1, max_size=3, unique=True))
    return event(
        number,
        kind=draw(st.sampled_from(KINDS)),
        status=draw(st.sampled_from(["planned", "held", "held", "held", "cancelled"])),
        is_public=draw(st.booleans()),
        counting_date=draw(st.dates(date(2025, 11, 1), last_day)),
        work_package=draw(st.integers(1, 2)),
        organisers=tuple(organisers),
        countries=tuple(COUNTRIES[key] for key in organisers),
        evidenced=draw(st.booleans()),
    )


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    as_of = draw(SOME_DAYS)
    events = [draw(some_event(number, as_of)) for number in range(1, draw(st.integers(0, 6)) + 1)]
    events.sort(key=lambda each: (each.counting_date, each.id))
    present = {each.ref: draw(ATTENDANCE) for each in events}
    return facts(*events, as_of=as_of, **present)


def some_measure(kind: str) -> st.SearchStrategy[Measure]:
    either = st.sampled_from([None, True, False])
    people_options = {
        "groups": st.frozensets(st.sampled_from(GROUPS), max_size=3),
        "exclude_groups": st.frozensets(st.sampled_from(GROUPS), max_size=2),
        "work_package": st.sampled_from([None, 1, 2]),
    }
    return st.builds(
        Measure,
        st.just(kind),
        joint=either,
        public=either,
        event_kinds=st.frozensets(st.sampled_from(KINDS), max_size=2),
        **(people_options if kind == "participations" else {}),
    )


def assert_adds_up(count: Count) -> None:
    if count.achieved is None:
        assert count == Count()
        return
    assert count.by_period is not None
    assert sum(count.by_period.values()) == count.achieved
    assert count.evidenced is not None
    assert 0 <= count.evidenced <= count.achieved


@given(some_facts(), some_measure("participations"))
def test_participations_add_up_by_event_by_period_and_by_country(known, measure):
    count = count_participations(known, measure)
    assert_adds_up(count)
    assert sum(share.counts for share in count.events) == (count.achieved or 0)
    assert sum((count.by_country or {}).values()) == (count.achieved or 0)
    assert 0 <= count.unnamed <= (count.achieved or 0)


@given(some_facts(), some_measure("events"))
def test_events_add_up_by_event_and_by_period(known, measure):
    count = count_events(known, measure)
    assert_adds_up(count)
    assert sum(share.counts for share in count.events) == (count.achieved or 0)


@given(some_facts(), st.frozensets(st.sampled_from(["lead", "partner", "associated"])), st.booleans())
def test_organisations_add_up_one_by_one_and_by_period(known, roles, active):
    count = count_organisations(known, Measure("organisations", roles=roles, active=active), ROLES)
    assert_adds_up(count)
    assert len({share.key for share in count.organisations}) == (count.achieved or 0)


@given(some_facts(), some_measure("participations"), some_measure("participations"))
def test_a_sum_adds_up_and_is_the_sum_of_its_parts(known, one, other):
    parts = [count_participations(known, measure) for measure in (one, other)]
    total = count_sum(parts)
    assert_adds_up(total)
    assert (total.achieved or 0) == sum(part.achieved or 0 for part in parts)
    assert sum((total.by_country or {}).values()) == (total.achieved or 0)


@given(some_facts(), some_measure("participations"))
def test_more_filters_never_count_more(known, measure):
    everything = count_participations(known, Measure("participations"))
    assert (count_participations(known, measure).achieved or 0) <= (everything.achieved or 0)
