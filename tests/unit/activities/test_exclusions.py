"""Rules of exclusions: reasons, rows that events can be excluded from, and what follows for figures and sums."""

from datetime import date

import pytest

from portal.activities.rules.counting import count_events, count_organisations, count_participations
from portal.activities.rules.exclusions import check_excludable, check_reason, sums_above, with_decision
from portal.core.errors import Conflict, InvalidInput
from portal.projects.rules.measures import Measure
from tests.unit.activities.facts import EVENTS, PARTICIPATIONS, event, facts, people

ACTIVE = Measure("organisations", roles=frozenset({"lead", "partner"}), active=True)


def test_a_reason_is_kept_without_space_around_it():
    assert check_reason("  Counted elsewhere.\n") == "Counted elsewhere."
    assert len(check_reason("x" * 2000)) == 2000
    assert check_reason("Counted\n\tby the district.") == "Counted\n\tby the district."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "exclusion-reason-missing"),
        (" \n\t", "exclusion-reason-missing"),
        ("x" * 2001, "text-too-long"),
        ("a\x00b", "text-unprintable"),
        ("a\x1b[2Jb", "text-unprintable"),
    ],
)
def test_a_reason_is_needed_and_has_at_most_2000_printable_characters(text, code):
    with pytest.raises(InvalidInput) as error:
        check_reason(text)
    assert (error.value.problem.code, error.value.problem.where) == (code, "reason")


@pytest.mark.parametrize("measure", [PARTICIPATIONS, Measure("persons"), EVENTS, ACTIVE], ids=lambda each: each.kind)
def test_events_can_be_excluded_from_rows_that_they_add_to(measure):
    check_excludable(measure)


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        (Measure("sum", of=("a",)), "exclusion-of-sum"),
        (Measure("manual"), "exclusion-without-events"),
        (Measure("organisations", roles=frozenset({"lead"})), "exclusion-without-events"),
        (Measure("hours"), "exclusion-without-events"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_no_event_can_be_excluded_from_a_row_that_counts_none(measure, code):
    with pytest.raises(Conflict) as error:
        check_excludable(measure)
    assert error.value.problem.code == code


def test_an_excluded_event_adds_nothing_to_its_row_and_the_same_as_before_to_others():
    known = facts(event(1), event(2), E1=[people(20)], E2=[people(25)])
    decided = with_decision(known, 1, "workshops", excluded=True)
    assert count_participations(known, PARTICIPATIONS, row="workshops").achieved == 45
    assert count_participations(decided, PARTICIPATIONS, row="workshops").achieved == 25
    assert count_participations(decided, PARTICIPATIONS, row="other").achieved == 45
    again = with_decision(decided, 1, "workshops", excluded=False)
    assert count_participations(again, PARTICIPATIONS, row="workshops").achieved == 45


def test_a_row_whose_only_event_is_excluded_is_0_and_not_unreported():
    known = with_decision(facts(event(1), E1=[people(20)]), 1, "row", excluded=True)
    assert count_participations(known, PARTICIPATIONS, row="row").achieved == 0
    assert count_events(known, EVENTS, row="row").achieved == 0
    assert count_organisations(known, ACTIVE, {"lps": "lead"}, row="row").achieved == 0


def test_organisations_of_an_excluded_event_are_active_through_the_next_one():
    first = event(1, organisers=("lps", "ols"))
    second = event(2, counting_date=date(2026, 7, 1), organisers=("lps",), countries=("LT",))
    known = with_decision(facts(first, second), 1, "row", excluded=True)
    count = count_organisations(known, ACTIVE, {"lps": "lead", "ols": "partner"}, row="row")
    assert [(each.key, each.event.ref) for each in count.organisations] == [("lps", "E2")]


def test_a_row_is_in_the_sums_that_name_it_and_in_the_sums_of_these():
    measures = {
        "total": Measure("sum", of=("part", "other", "twice")),
        "part": Measure("sum", of=("row", "other")),
        "twice": Measure("sum", of=("part", "row")),
        "apart": Measure("sum", of=("other",)),
        "row": PARTICIPATIONS,
        "other": EVENTS,
    }
    assert sums_above(measures, "row") == {"total": 3, "part": 1, "twice": 2}
    assert sums_above(measures, "total") == {}
