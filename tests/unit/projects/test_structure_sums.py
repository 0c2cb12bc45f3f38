"""Sums that an edit closes into a circle: named at the field of the indicator that is edited."""

from typing import Any

import pytest

from portal.core.errors import InvalidInputs, NotFound
from portal.projects.rules.structure_rows import changed_rows, check_rows

TITLE = {"name": {"en": "Row"}}
SURVEY = {"kind": "survey", "study": "trust", "scale": "trust", "wave": "endline", "statistic": "mean"}


def rows_with(**measures: dict[str, Any]) -> dict[str, Any]:
    """The rows of a project with these indicators in their order."""
    held = {
        key: {**TITLE, "code": "", "unit": "", "target": None, "note": {}, "position": place, "measure": measure}
        for place, (key, measure) in enumerate(measures.items(), start=1)
    }
    tables: dict[str, Any] = {"project": {"": {"currency": "EUR"}}, "indicators": held}
    empty = ("organisations", "periods", "work_packages", "activities", "deliverables")
    return {**{name: {} for name in empty}, **tables}


def a_sum(*of: str) -> dict[str, Any]:
    return {"kind": "sum", "of": list(of)}


EVENTS = {"kind": "events"}


def refused(rows: dict[str, Any], key: str, measure: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """What the change of the indicator's measure is refused with."""
    found, after = changed_rows(rows, "indicators", {**TITLE, "measure": measure}, key=key)
    with pytest.raises(InvalidInputs) as refusal:
        check_rows(after, "indicators", found.key)
    return [(problem.code, problem.where, dict(problem.values)) for problem in refusal.value.problems]


def test_the_edited_indicator_is_told_of_the_cycle_wherever_the_cycle_begins():
    rows = rows_with(first=a_sum("second"), second=EVENTS, third=EVENTS)
    cycle = {"cycle": "first → second → first"}
    assert refused(rows, "second", a_sum("first", "third")) == [("sum-cycle", "measure_of", cycle)]


def test_a_longer_cycle_is_named_with_all_its_members():
    rows = rows_with(a=a_sum("b"), b=a_sum("c"), c=EVENTS)
    assert refused(rows, "c", a_sum("a")) == [("sum-cycle", "measure_of", {"cycle": "a → b → c → a"})]


def test_a_sum_of_itself_has_a_sentence_of_its_own():
    rows = rows_with(a=EVENTS, b=EVENTS)
    assert refused(rows, "a", a_sum("a")) == [("sum-of-itself", "measure_of", {"key": "a"})]


def test_an_unknown_part_is_told_at_the_field():
    assert refused(rows_with(a=EVENTS), "a", a_sum("gone")) == [("unknown-indicator", "measure_of", {"key": "gone"})]


def test_what_is_summed_cannot_become_the_result_of_a_survey_and_the_sums_are_named():
    rows = rows_with(a=a_sum("b"), c=a_sum("b"), b=EVENTS)
    assert refused(rows, "b", SURVEY) == [("measure-summed", "", {"keys": ["a", "c"]})]


def test_a_row_that_is_gone_is_not_changed():
    with pytest.raises(NotFound):
        changed_rows(rows_with(a=EVENTS), "indicators", {"measure": EVENTS}, key="gone")
