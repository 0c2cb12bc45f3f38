"""Changing a project's rows one at a time: what a page states is read by the same readers as a project file.

A problem's `where` is the name of the field: the dotted path in the row, its dots as underscores.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.merging import Rows, Value
from portal.projects.rules.project_file import indicator_columns, organisation_columns
from portal.projects.rules.project_rows import (
    ACTIVITY_NUMBER,
    read_indicator,
    read_organisation,
    read_period,
    read_work_package,
)
from portal.projects.rules.readers import Reader, Table, listed, table, texts, value
from portal.projects.rules.values import LARGEST_NUMBER, read_day, read_key, read_text, read_whole

TABLES: Final = ("organisations", "periods", "work_packages", "activities", "deliverables", "indicators")
IDENTITY: Final[Mapping[str, str]] = {**dict.fromkeys(TABLES, "number"), "organisations": "key", "indicators": "key"}
"""Table → what its rows call themselves by."""
RENUMBERED: Final = frozenset({"activities", "deliverables"})
"""The tables whose rows may get another number later; other keys are kept for good."""
PLACED: Final = frozenset({"organisations", "indicators"})
"""The tables whose order people choose; the others stand by their number."""

_DELIVERABLE_NUMBER: Final = re.compile(r"[A-Za-z]{0,4}[0-9][0-9A-Za-z.-]{0,15}")
_NOT_PLANNED: Final[Mapping[str, Value]] = {"responsible": "", "planned_first_day": None, "planned_last_day": None}

StoredRows = dict[str, dict[str, dict[str, Value]]]

_ACTIVITY: Final = table(
    {
        "number": value(read_text, limit=20),
        "work_package": value(read_whole, least=1, most=LARGEST_NUMBER),
        "title": texts(),
        "responsible": value(read_key),
        "planned_first_day": value(read_day),
        "planned_last_day": value(read_day),
    },
    required=("number", "work_package"),
)

_DELIVERABLE: Final = table(
    {
        "number": value(read_text, limit=20),
        "activity": value(read_text),
        "title": texts(),
        "due_day": value(read_day),
    },
    required=("number", "activity"),
)

_READERS: Final[Mapping[str, Reader]] = {
    "organisations": read_organisation,
    "periods": read_period,
    "work_packages": read_work_package,
    "activities": _ACTIVITY,
    "deliverables": _DELIVERABLE,
    "indicators": read_indicator,
}

read_aliases: Final = listed(value(read_text), may_be_empty=True)


class StatedRow(NamedTuple):
    """A row as a page states it: its key, its columns, and its place among the others (None: where it stands)."""

    key: str
    columns: dict[str, Value]
    place: int | None = None


def completed(rows: Rows) -> StoredRows:
    """The rows with what a project file cannot state: plans not made yet, and no deliverables."""
    stated = {name: {key: dict(row) for key, row in keyed.items()} for name, keyed in rows.items()}
    stated["activities"] = {number: {**_NOT_PLANNED, **row} for number, row in stated["activities"].items()}
    return {**stated, "deliverables": stated.get("deliverables", {})}


def read_row(name: str, stated: Mapping[str, Any], rows: Rows, *, key: str = "") -> StatedRow:
    """The row of the table `name` that `stated` describes in a project file's words; `key` is what it is stored by.

    Raise InvalidInputs with everything that is wrong with it, alone and beside the other rows.
    """
    problems: list[Problem] = []
    place = stated.get("place")
    described = {word: part for word, part in stated.items() if word != "place"}
    read: Table = _READERS[name](described, "", problems) or {}
    found = str(read.get(IDENTITY[name]) or "")
    if found and found != key and found in rows[name]:
        problems.append(Problem("duplicate-key", IDENTITY[name], {"key": found}))
    if name == "activities":
        problems += _activity_problems(read, rows)
    if name == "deliverables":
        problems += _deliverable_problems(read, rows)
    if problems:
        raise InvalidInputs(at_fields(problems))
    return StatedRow(found, _columns(name, read, rows, key), place if isinstance(place, int) else None)


def at_fields(problems: list[Problem], prefixes: Mapping[str, str] | None = None) -> list[Problem]:
    """The problems with the names of fields as `where`; `prefixes` are beginnings of paths -> of names."""
    found = []
    for problem in problems:
        where = problem.where
        path = next((path for path in prefixes or {} if where.startswith(path)), "")
        if prefixes and path:
            where = prefixes[path] + where.removeprefix(path)
        parts = [part for part in where.split(".") if not part.startswith("#")]
        found.append(problem._replace(where="_".join(parts)))
    return found


def _activity_problems(read: Table, rows: Rows) -> list[Problem]:
    problems = []
    package, number, responsible = read.get("work_package"), read.get("number"), read.get("responsible")
    if package and str(package) not in rows["work_packages"]:
        problems.append(Problem("unknown-work-package", "work_package", {"number": package}))
    elif package and number and not (ACTIVITY_NUMBER.fullmatch(number) and number.startswith(f"{package}.")):
        problems.append(Problem("activity-number", "number", {"value": number, "work_package": package}))
    if responsible and responsible not in rows["organisations"]:
        allowed = list(rows["organisations"])
        problems.append(Problem("unknown-value", "responsible", {"value": responsible, "allowed": allowed}))
    first, last = read.get("planned_first_day"), read.get("planned_last_day")
    if first and last and last < first:
        values = {"start": first, "last_day": last}
        problems.append(Problem("last-day-before-start", "planned_last_day", values))
    return problems


def _deliverable_problems(read: Table, rows: Rows) -> list[Problem]:
    problems = []
    number, activity = read.get("number"), read.get("activity")
    if number and not _DELIVERABLE_NUMBER.fullmatch(number):
        problems.append(Problem("deliverable-number", "number", {"value": number}))
    if activity and activity not in rows["activities"]:
        problems.append(Problem("activity-unknown", "activity", {"number": activity}))
    return problems


def _columns(name: str, read: Table, rows: Rows, key: str) -> dict[str, Value]:
    stored = rows[name].get(key, {})
    if name in PLACED:
        held = stored.get("position")
        position = held if isinstance(held, int) else len(rows[name]) + 1
        if name == "indicators":
            return indicator_columns(read, position=position)
        currency = str(rows["project"][""]["currency"])
        # Other spellings have a page of their own.
        spellings = {"aliases": stored.get("aliases", [])}
        return {**organisation_columns(read, position=position, currency=currency), **spellings}
    if name == "periods":
        return {"first_day": read["start"], "last_day": read["last_day"]}
    if name == "work_packages":
        return {"title": read.get("title", {})}
    if name == "deliverables":
        return {"activity": read["activity"], "title": read.get("title", {}), "due_day": read.get("due_day")}
    plan = {column: read.get(column, empty) for column, empty in _NOT_PLANNED.items()}
    return {"work_package": read["work_package"], "title": read.get("title", {}), **plan}
