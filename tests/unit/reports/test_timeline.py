"""Where things lie on the timeline: 858 units from 90 to 948, for these tests over 858 or 429 days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reports.rules.timeline import LABELS, RIGHT, Bar, Drawn, Due, Mark, Scale, Tick, Today, bar, draw

FIRST = date(2026, 1, 1)
# One unit for each day: the 858th day of the project is its last.
DAYS = (FIRST, FIRST + timedelta(days=857))
SCALE = Scale(*DAYS)
NEVER = (None, None)


def day(number: int) -> date:
    """The project's day with this number; the first is 0."""
    return FIRST + timedelta(days=number)


def drawn(number: str = "1.1", **changes) -> Drawn:
    """A planned activity without days, with the changes."""
    return Drawn(
        **{"number": number, "planned": NEVER, "actual": NEVER, "is_running": False, "is_late": False, **changes}
    )


def only_row(activity: Drawn, today: date = FIRST):
    return draw([(1, [activity])], DAYS, today=today).groups[0].rows[0]


def test_a_day_lies_as_many_units_from_the_edge_as_days_from_the_first():
    assert [SCALE.x(each) for each in (day(0), day(100), day(857), day(858))] == [90, 190, 947, 948]


def test_half_as_many_days_get_twice_the_room():
    scale = Scale(FIRST, day(428))
    assert [scale.x(each) for each in (day(0), day(100), day(429))] == [90, 290, 948]


@pytest.mark.parametrize(
    ("first", "last", "drawn_as"),
    [
        (day(0), day(99), Bar(90, 100)),
        (day(100), day(199), Bar(190, 100)),
        (day(0), day(857), Bar(90, 858)),
        # Cut off at both edges.
        (day(-50), day(9), Bar(90, 10)),
        (day(848), day(900), Bar(938, 10)),
        # One day is still to be seen, also at the right edge.
        (day(100), day(100), Bar(190, 4)),
        (day(857), day(857), Bar(944, 4)),
        (day(100), None, Bar(190, 4)),
        (None, day(100), Bar(190, 4)),
        (day(-9), day(-1), None),
        (day(858), day(900), None),
        (None, None, None),
    ],
)
def test_a_bar_covers_its_days_as_far_as_they_are_shown(first, last, drawn_as):
    assert bar(first, last, SCALE) == drawn_as


def test_rows_lie_below_the_heading_of_their_work_package():
    timeline = draw([(1, [drawn("1.1"), drawn("1.2")]), (2, [drawn("2.1")]), (3, [])], DAYS, today=FIRST)
    assert [(group.number, group.y, [(row.number, row.y) for row in group.rows]) for group in timeline.groups] == [
        (1, 48, [("1.1", 78), ("1.2", 108)]),
        (2, 138, [("2.1", 168)]),
        (3, 198, []),
    ]
    assert timeline.height == 234


def test_what_runs_reaches_to_today_and_what_is_done_to_its_end():
    begun = {"planned": (day(0), day(299)), "actual": (day(10), None)}
    row = only_row(drawn(**begun, is_running=True), today=day(109))
    assert (row.planned, row.actual) == (Bar(90, 300), Bar(100, 100))
    done = only_row(drawn(planned=(day(0), day(299)), actual=(day(10), day(19))), today=day(109))
    assert done.actual == Bar(100, 10)


def test_a_deliverable_stands_where_it_is_due_and_once_delivered_where_it_was():
    due = [
        Due(day(10), None, False),
        Due(day(20), None, True),
        Due(day(30), day(50), False),
        Due(None, None, False),
        Due(day(900), None, False),
    ]
    row = only_row(drawn(deliverables=due))
    assert row.deliverables == [Mark(100, "due"), Mark(110, "overdue"), Mark(140, "delivered")]


def test_events_of_one_day_and_status_are_one_mark():
    events = [(day(10), "held"), (day(10), "held"), (day(10), "planned"), (day(900), "planned")]
    assert only_row(drawn(events=events)).events == [Mark(100, "held"), Mark(100, "planned")]


def test_a_plan_without_days_and_events_draws_nothing():
    assert draw([(1, [drawn()]), (2, [])], DAYS, today=FIRST).is_empty
    for something in (
        {"planned": (day(1), None)},
        {"events": [(day(1), "held")]},
        {"deliverables": [Due(day(1), None, False)]},
    ):
        assert not draw([(1, [drawn(**something)])], DAYS, today=FIRST).is_empty


@pytest.mark.parametrize(
    ("today", "line"),
    [(day(0), Today(90, False)), (day(857), Today(947, True)), (day(-1), None), (day(858), None)],
)
def test_today_is_drawn_while_the_project_lasts(today, line):
    assert draw([], DAYS, today=today).today == line


def test_two_years_are_ticked_by_month_and_named_by_quarter():
    ticks = draw([], (FIRST, date(2027, 12, 31)), today=FIRST).ticks
    assert len(ticks) == 24
    assert ticks[0] == Tick(90, FIRST, True)
    named = [tick.day for tick in ticks if tick.is_named]
    assert named == [date(year, month, 1) for year in (2026, 2027) for month in (1, 4, 7, 10)]


def test_a_month_that_began_before_the_project_is_not_ticked():
    ticks = draw([], (date(2026, 1, 15), date(2026, 4, 14)), today=FIRST).ticks
    assert [tick.day for tick in ticks] == [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]


@given(st.dates(date(1990, 1, 1), date(2190, 1, 1)), st.integers(0, 80_000), st.integers(-10, 80_010))
def test_every_length_of_a_project_fits_and_no_two_names_touch(first, length, after):
    last = min(first + timedelta(days=length), date(2199, 12, 31))
    some_day = first + timedelta(days=after)
    planned = drawn(planned=(some_day, some_day + timedelta(days=30)))
    timeline = draw([(1, [planned])], (first, last), today=some_day)
    found = timeline.groups[0].rows[0].planned
    if found:
        assert LABELS <= found.x < found.x + found.width <= RIGHT
    named = [tick.x for tick in timeline.ticks if tick.is_named]
    assert all(right - left >= 70 for left, right in pairwise(named))
    assert len(timeline.ticks) <= 60
