"""What an import can become, and what is kept of what was found in its file."""

from datetime import date
from decimal import Decimal

import pytest

from portal.core.errors import Conflict, Problem
from portal.imports.rules import (
    IMPORT_STATES,
    MOST_FINDINGS,
    Count,
    Finding,
    check_storable,
    check_undoable,
    count_faulty_rows,
    first_findings,
    make_finding,
    put_together,
    row_ranges,
    state_after_check,
    state_given_up,
)


@pytest.mark.parametrize(
    ("errors", "count", "state"),
    [
        (0, Count(3, 2, 1, 0), "ready"),
        (0, Count(3, 0, 1, 2), "ready"),
        (0, Count(3, 0, 0, 3), "discarded"),
        (1, Count(3, 2, 0, 0), "refused"),
        (1, Count(), "refused"),
    ],
)
def test_a_checked_file_waits_only_where_it_would_change_something(errors, count, state):
    assert state_after_check(errors, count) == state


def test_only_what_is_ready_can_be_stored_and_only_what_is_stored_undone():
    for state in IMPORT_STATES:
        for check, allowed in ((check_storable, "ready"), (check_undoable, "stored")):
            if state == allowed:
                check(state)
            else:
                with pytest.raises(Conflict):
                    check(state)


@pytest.mark.parametrize(("state", "after"), [("checking", "discarded"), ("ready", "discarded"), ("storing", "ready")])
def test_what_is_under_way_can_be_given_up(state, after):
    assert state_given_up(state) == after


@pytest.mark.parametrize("state", ["stored", "refused", "discarded", "undone"])
def test_what_has_ended_cannot_be_given_up(state):
    with pytest.raises(Conflict, match="import-ended"):
        state_given_up(state)


def test_the_values_of_a_finding_are_kept_as_its_sentence_prints_them():
    values = {"day": date(2026, 3, 1), "allowed": ("a", "b"), "amount": Decimal("1.50"), "row": 7}
    finding = make_finding(3, "day", Problem("late", "", values), is_warning=True)
    kept = {"day": "2026-03-01", "allowed": "a, b", "amount": "1.50", "row": 7}
    assert finding == Finding(3, "day", "late", kept, "warning")


def test_of_a_personal_cell_only_numbers_are_kept():
    values = {"value": "Ona", "length": 203, "allowed": ("a", "b")}
    finding = make_finding(3, "name", Problem("long", "", values), is_warning=False, without_texts=True)
    assert finding.values == {"value": "…", "length": 203, "allowed": "a, b"}


def found(row: int, severity: str = "error", **values: int) -> Finding:
    return Finding(row, "", "late", values, severity)


def test_what_is_said_of_many_rows_is_kept_once_with_all_of_them():
    many = [found(row, "warning") for row in range(2, 302)]
    kept = first_findings([*many, found(7, "warning", days=3), found(0, "warning")])
    assert [(each.row, each.values, each.rows) for each in kept] == [
        (0, {}, [[0, 0]]),
        (2, {}, [[2, 301]]),
        (7, {"days": 3}, [[7, 7]]),
    ]
    assert [each.size for each in kept] == [1, 300, 1]
    assert [Finding(**each._asdict()) for each in kept] == kept


def test_what_was_kept_of_one_row_before_is_of_that_row():
    old = [found(3), found(4), found(9)]
    assert old[0].stretches == [(3, 3)]
    assert [(each.row, each.rows) for each in put_together(old)] == [(3, [[3, 4], [9, 9]])]


def test_warnings_do_not_push_out_errors_and_the_first_rows_are_kept():
    warnings = [found(row, "warning", day=row) for row in range(1, 300)]
    kept = first_findings([*warnings, *(found(row, day=row) for row in range(900, 400, -1))])
    assert [each.row for each in kept if each.severity == "error"] == list(range(401, 401 + MOST_FINDINGS))
    assert [each.row for each in kept if each.severity == "warning"] == list(range(1, MOST_FINDINGS + 1))


def test_what_is_said_in_many_words_does_not_push_out_another_matter_and_what_is_grave_is_kept_first():
    many = [found(row, "warning", day=row) for row in range(1, 300)]
    common = [Finding(row, "", "common", {}, "warning") for row in range(1, 300)]
    kept = first_findings([*many, *common])
    assert len(kept) == MOST_FINDINGS
    assert [each.rows for each in kept if each.code == "common"] == [[[1, 299]]]
    kept = first_findings([*many, *common], lambda finding: finding.values.get("day", 0) > 250)
    assert [each.row for each in kept if each.row > 250] == list(range(251, 300))


def test_rows_one_after_the_other_are_one_stretch():
    assert row_ranges([5, 2, 3, 4, 3, 9]) == [(2, 5), (9, 9)]


def test_a_row_with_two_errors_is_one_row_and_the_file_as_a_whole_is_none():
    assert count_faulty_rows([found(0), found(3), found(3), found(5), found(6, "warning")]) == 2
    assert count_faulty_rows(first_findings([found(0), *(found(row) for row in range(3, 503)), found(9, day=1)])) == 500
