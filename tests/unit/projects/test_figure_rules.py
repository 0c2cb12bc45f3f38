"""What may be entered by hand, and when what was entered does not count."""

from datetime import date

import pytest

from portal.core.errors import Conflict, InvalidInputs
from portal.projects.rules.figures import FigureDraft, check_figure, check_manual, why_not_counted

DAYS = date(2026, 1, 1), date(2026, 12, 31)
TODAY = date(2026, 6, 15)
MANUAL, COUNTED = {"kind": "manual"}, {"kind": "participations"}


@pytest.mark.parametrize("day", [date(2026, 1, 1), TODAY])
@pytest.mark.parametrize("number", [0, 1_000_000_000])
def test_a_figure_within_the_days_is_taken(day: date, number: int):
    check_figure(FigureDraft(day, number, "Lists."), days=DAYS, today=TODAY)


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (FigureDraft(date(2025, 12, 31), 1, "Lists."), [("figure-day", "day")]),
        (FigureDraft(date(2027, 1, 1), 1, "Lists."), [("figure-day", "day")]),
        (FigureDraft(date(2026, 6, 16), 1, "Lists."), [("day-to-come", "day")]),
        (FigureDraft(TODAY, -1, "Lists."), [("number-out-of-range", "number")]),
        (FigureDraft(TODAY, 1_000_000_001, "Lists."), [("number-out-of-range", "number")]),
        (FigureDraft(TODAY, 1, " \n"), [("figure-reason-missing", "reason")]),
        (FigureDraft(TODAY, 1, "x" * 2_001), [("text-too-long", "reason")]),
        (FigureDraft(TODAY, 1, "a\x00b"), [("text-unprintable", "reason")]),
        (
            FigureDraft(date(2028, 1, 1), -5, ""),
            [("figure-day", "day"), ("number-out-of-range", "number"), ("figure-reason-missing", "reason")],
        ),
    ],
)
def test_all_that_is_wrong_with_a_figure_is_named_at_its_field(draft: FigureDraft, found: list[tuple[str, str]]):
    with pytest.raises(InvalidInputs) as refusal:
        check_figure(draft, days=DAYS, today=TODAY)
    assert [(problem.code, problem.where) for problem in refusal.value.problems] == found


def test_only_a_measure_by_hand_takes_figures():
    check_manual(MANUAL)
    with pytest.raises(Conflict) as refusal:
        check_manual(COUNTED)
    assert refusal.value.problem.code == "figure-not-manual"


@pytest.mark.parametrize(
    ("day", "measure", "why"),
    [
        (date(2026, 1, 1), MANUAL, ""),
        (date(2026, 12, 31), MANUAL, ""),
        (date(2025, 12, 31), MANUAL, "figure-outside-days"),
        (date(2027, 1, 1), MANUAL, "figure-outside-days"),
        (date(2026, 1, 1), COUNTED, "figure-not-manual"),
    ],
)
def test_why_a_figure_does_not_count(day: date, measure: dict[str, str], why: str):
    assert why_not_counted(day, measure=measure, days=DAYS) == why
