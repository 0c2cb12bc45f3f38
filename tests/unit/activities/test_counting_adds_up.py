"""Whatever happened: what stands behind a figure adds up to it, and no more is evidenced than achieved."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.activities.rules.breakdowns import (
    DIMENSIONS,
    OF_PEOPLE,
    REPEATING,
    Selection,
    break_down,
    history,
    selected,
)
from portal.activities.rules.counting import (
    Count,
    count_events,
    count_figures,
    count_organisations,
    count_participations,
    count_persons,
    count_sum,
    first_seen,
)
from portal.activities.rules.facts import Attendance, EventFacts, ExclusionFact, Facts
from portal.activities.rules.standing import of_group
from portal.projects.rules.measures import Measure
from tests.unit.activities.facts import DAYS, PERIODS, event, facts, figure, people

# The key of the row that is counted.
ROW = "row"
KINDS = ["workshop", "training", "tournament", "meeting"]
GROUPS = ["professional", "community_member", "convicted_person", "spectator", "unknown"]
COUNTRIES = {"lps": "LT", "lpro": "LT", "ols": "PL", "kaunas": "LT"}
ROLES = {"lps": "lead", "lpro": "partner", "ols": "partner", "kaunas": "associated", "alytus": "associated"}

# Days before, inside and after the project, inside and outside its periods.
SOME_DAYS = st.dates(date(2025, 11, 1), date(2028, 2, 28))


@st.composite
def some_people(draw: st.DrawFn) -> list[Attendance]:
    """Up to five rows; each person stands in one of them, and may be at other events, too."""
    rows, first = [], draw(st.integers(1, 20))
    for _ in range(draw(st.integers(0, 5))):
        group, country = draw(st.sampled_from(GROUPS)), draw(st.sampled_from(["LT", "PL", ""]))
        rows.append(people(draw(st.integers(1, 30)), group, country, named=draw(st.booleans()), first=first))
        first += rows[-1].number
    return rows


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
        exclusions=draw(st.sampled_from([(), (), (ExclusionFact(ROW, "counted twice"),)])),
    )


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    as_of = draw(SOME_DAYS)
    events = [draw(some_event(number, as_of)) for number in range(1, draw(st.integers(0, 6)) + 1)]
    events.sort(key=lambda each: (each.counting_date, each.id))
    present = {each.ref: draw(some_people()) for each in events}
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
        **(people_options if kind != "events" else {}),
    )


def counted(known: Facts, measure: Measure) -> Count:
    """The row `ROW` with this measure."""
    if measure.kind == "events":
        return count_events(known, measure, row=ROW)
    if measure.kind == "persons":
        return count_persons(known, measure, first_seen(known, measure, row=ROW), row=ROW)
    return count_participations(known, measure, row=ROW)


def assert_adds_up(count: Count) -> None:
    if count.achieved is None:
        assert count == Count()
        return
    assert sum(piece.number for piece in count.pieces) == count.achieved
    assert sum(piece.number for piece in count.pieces if piece.evidenced) == count.evidenced
    assert count.evidenced <= count.achieved
    assert sum((count.by_period or {}).values()) == count.achieved
    assert [point.total for point in history(count.pieces)][-1:] in ([count.achieved], [])
    assert_breaks_down(count)


def assert_breaks_down(count: Count) -> None:
    for dimension in DIMENSIONS:
        parts = break_down(count, dimension, PERIODS)
        if parts is None:
            assert dimension in OF_PEOPLE
        elif dimension not in REPEATING:
            assert sum(parts.values()) == count.achieved
        for value, number in (parts or {}).items():
            chosen = selected(count.pieces, Selection(**{dimension: value}), PERIODS)
            assert sum(piece.number for piece in chosen) == number


ANY_MEASURE = st.one_of(some_measure("participations"), some_measure("persons"), some_measure("events"))


@given(some_facts(), ANY_MEASURE)
def test_a_row_adds_up_in_every_breakdown_by_event_and_over_time(known, measure):
    count = counted(known, measure)
    assert_adds_up(count)
    assert sum(share.counts for share in count.events) == (count.achieved or 0)
    if count.of_people:
        assert break_down(count, "country", PERIODS) == count.by_country
        assert 0 <= count.unnamed <= count.persons <= count.achieved


@given(some_facts(), ANY_MEASURE)
def test_under_a_partner_stands_what_the_partner_organised(known, measure):
    count = counted(known, measure)
    by_partner = {
        key: sum(share.counts for share in count.events if key in share.event.organisers) for key in COUNTRIES
    }
    parts = break_down(count, "partner", PERIODS) or {}
    assert {key: number for key, number in by_partner.items() if number} == {
        key: number for key, number in parts.items() if number
    }


@given(some_facts(), some_measure("persons"))
def test_persons_are_the_different_keys_and_the_headcounts(known, measure):
    count = counted(known, measure)
    keys, unnamed = set(), 0
    for share in count.events:
        for row in known.attendance.get(share.event.id, ()):
            if of_group(row.group, measure):
                keys |= set(row.participants.split("\n")) - {""}
                unnamed += 0 if row.named else row.number
    assert (count.achieved or 0) == len(keys) + unnamed
    assert count.persons == count_participations(known, measure, row=ROW).persons


@given(some_facts(), ANY_MEASURE, SOME_DAYS)
def test_as_of_an_earlier_day_no_more_had_been_achieved(known, measure, day):
    earlier = known._replace(
        as_of=min(day, known.as_of), events=[each for each in known.events if each.counting_date <= day]
    )
    before, now = counted(earlier, measure), counted(known, measure)
    assert (before.achieved or 0) <= (now.achieved or 0)
    assert (before.evidenced or 0) <= (now.evidenced or 0)
    if before.achieved is not None:
        # The history of today says what had been achieved by then: persons, too, are counted where first seen.
        totals = [point.total for point in history(now.pieces) if point.day <= day]
        assert before.achieved == (totals[-1] if totals else 0)


@given(some_facts(), ANY_MEASURE)
def test_the_history_never_falls(known, measure):
    points = history(counted(known, measure).pieces)
    assert points == sorted(points)
    assert [point.total for point in points] == sorted(point.total for point in points)


@given(some_facts(), ANY_MEASURE)
def test_an_exclusion_never_makes_a_row_unreported_and_never_adds_to_it(known, measure):
    without = known._replace(events=[each._replace(exclusions=()) for each in known.events])
    left, all_of_it = counted(known, measure), counted(without, measure)
    assert (left.achieved is None) is (all_of_it.achieved is None)
    assert (left.achieved or 0) <= (all_of_it.achieved or 0)


@given(st.lists(st.builds(figure, st.integers(0, 999), SOME_DAYS, evidenced=st.booleans())), SOME_DAYS)
def test_figures_by_hand_add_up(figures, as_of):
    count = count_figures(facts(as_of=as_of), figures)
    assert_adds_up(count)
    assert (count.achieved or 0) == sum(each.number for each in figures if DAYS[0] <= each.day <= min(DAYS[1], as_of))


@given(some_facts(), st.frozensets(st.sampled_from(["lead", "partner", "associated"])), st.booleans())
def test_organisations_add_up_one_by_one_and_by_period(known, roles, active):
    count = count_organisations(known, Measure("organisations", roles=roles, active=active), ROLES, row=ROW)
    assert_adds_up(count)
    assert len({share.key for share in count.organisations}) == (count.achieved or 0)


@given(some_facts(), ANY_MEASURE, ANY_MEASURE)
def test_a_sum_adds_up_and_is_the_sum_of_its_parts_in_every_breakdown(known, one, other):
    parts = [counted(known, measure) for measure in (one, other)]
    total = count_sum([*parts, count_sum(parts)])
    assert_adds_up(total)
    assert (total.achieved or 0) == 2 * sum(part.achieved or 0 for part in parts)
    for dimension in DIMENSIONS:
        added = break_down(total, dimension, PERIODS)
        if added is not None:
            single = sum((Counter(break_down(part, dimension, PERIODS) or {}) for part in parts), Counter())
            assert Counter(added) == single + single


@given(some_facts(), some_measure("participations"))
def test_more_filters_never_count_more(known, measure):
    everything = count_participations(known, Measure("participations"))
    assert (count_participations(known, measure).achieved or 0) <= (everything.achieved or 0)
