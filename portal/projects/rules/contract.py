"""What of a project is agreed by contract, how two states of its rows differ, and the moves of a project's status."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from portal.core.errors import Conflict, InvalidInputs, Problem
from portal.core.periods import FIRST_YEAR, LAST_YEAR
from portal.projects.rules.merging import Rows, Value

LONGEST_REASON: Final = 2_000

CONTRACTUAL: Final[Mapping[str, frozenset[str]]] = {
    "project": frozenset(
        {
            "fund",
            "cofinancing_rate_bp",
            "currency",
            "first_day",
            "last_day",
            "flexibility_scope",
            "flexibility_percent_bp",
            "payment_grace_days",
        }
    ),
    "organisations": frozenset({"role", "country", "currency", "budget_cents", "flat_rates"}),
    "work_packages": frozenset(),
    "activities": frozenset({"work_package", "responsible", "planned_first_day", "planned_last_day"}),
    "deliverables": frozenset({"activity", "due_day"}),
    "indicators": frozenset({"target", "measure"}),
    "periods": frozenset({"first_day", "last_day"}),
}
"""Table → the columns that take a reason while the project runs; that a row is there at all is always agreed.

Texts, translations, codes, units, due days of reports and the marks of what is assumed are not.
"""

MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "preparation": ("running",),
    "running": ("closed",),
    "closed": ("running",),
}
"""Status → the statuses a project may take next; nothing leads back into preparation, where no reason is asked."""


class Change(NamedTuple):
    """One cell that differs; in a row that was added or removed, each of its cells."""

    table: str
    key: str
    column: str
    before: Value
    after: Value
    # Whether the row was there before, and is there after.
    was_there: bool = True
    is_there: bool = True

    @property
    def is_contractual(self) -> bool:
        """Whether the change takes a reason."""
        return not (self.was_there and self.is_there) or self.column in CONTRACTUAL[self.table]


class Reason(NamedTuple):
    """Why what is agreed changes, and from which day on."""

    text: str = ""
    valid_from: date | None = None


def changes_between(before: Rows, after: Rows) -> list[Change]:
    """Every cell in which two states of a project's rows differ, by table, then as the rows stand."""
    found = []
    for table in CONTRACTUAL:
        old_rows, new_rows = before.get(table, {}), after.get(table, {})
        for key in _both(old_rows, new_rows):
            old, new = old_rows.get(key), new_rows.get(key)
            for column in _both(old or {}, new or {}):
                was, becomes = (old or {}).get(column), (new or {}).get(column)
                if was != becomes or (old is None) != (new is None):
                    found.append(Change(table, key, column, was, becomes, old is not None, new is not None))
    return found


def check_reason(reason: Reason) -> None:
    """Raise InvalidInputs unless there is a text, and a day in the years the portal keeps."""
    problems = []
    if not reason.text.strip():
        problems.append(Problem("reason-missing", "reason"))
    elif len(reason.text) > LONGEST_REASON:
        problems.append(Problem("text-too-long", "reason", {"limit": LONGEST_REASON}))
    if reason.valid_from is None:
        problems.append(Problem("valid-from-missing", "valid_from"))
    elif not FIRST_YEAR <= reason.valid_from.year <= LAST_YEAR:
        problems.append(Problem("date-out-of-range", "valid_from", {"first": FIRST_YEAR, "last": LAST_YEAR}))
    if problems:
        raise InvalidInputs(problems)


def check_move(status: str, wanted: str) -> None:
    """Raise Conflict if a project with this status cannot take the wanted one next."""
    if wanted not in MOVES[status]:
        raise Conflict("project-move")


def gaps(rows: Rows) -> list[str]:
    """What a project lacks that it should have when it begins to run; it may begin all the same."""
    organisations, activities = rows["organisations"].values(), rows["activities"].values()
    lacking = {
        "lead": not any(row["role"] == "lead" for row in organisations),
        "budget": not any(row["budget_cents"] for row in organisations),
        "periods": not rows["periods"],
        "activities": not activities,
        "responsible": not all(row["responsible"] for row in activities),
        "indicators": not rows["indicators"],
    }
    return [name for name, lacks in lacking.items() if lacks]


def _both(one: Iterable[str], other: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*one, *other]))
