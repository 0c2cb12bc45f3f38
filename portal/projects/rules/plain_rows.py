"""A project's rows as JSON keeps them: days as ISO texts."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from portal.projects.rules.merging import Row, Rows, Value
from portal.projects.rules.targets import SURVEY, expected_number

DAYS: Final = frozenset(
    {"agreement_signed", "first_day", "last_day", "planned_first_day", "planned_last_day", "due_day"}
)
"""The columns that hold days."""


def plain_rows(rows: Rows) -> dict[str, Any]:
    """The rows as JSON keeps them."""
    return {
        table: {
            key: {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
            for key, row in keyed.items()
        }
        for table, keyed in rows.items()
    }


def read_plain_rows(plain: Mapping[str, Any]) -> Rows:
    """The rows that `plain_rows` made into JSON."""
    return {
        table: {
            key: {name: date.fromisoformat(value) if name in DAYS and value else value for name, value in row.items()}
            for key, row in keyed.items()
        }
        for table, keyed in plain.items()
    }


def flat_rows(rows: Rows) -> dict[str, Value]:
    """The rows as "table.key.column" -> value, as the audit compares them: what a survey is to come to as a number."""
    return {
        ".".join(filter(None, (table, key, column))): as_number(value, row) if column == "target" else value
        for table, keyed in rows.items()
        for key, row in keyed.items()
        for column, value in row.items()
    }


def as_number(target: Value, row: Row) -> Value:
    """The target of a row as people know it: of a survey's result with its decimals."""
    measure = row.get("measure")
    if isinstance(target, int) and isinstance(measure, dict) and measure.get("kind") == SURVEY:
        return str(expected_number(target, SURVEY))
    return target
