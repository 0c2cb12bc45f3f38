"""A project's rows with one row put in, moved, renumbered or taken out; the rows given are left as they are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.core.errors import InvalidInputs, NotFound, Problem
from portal.projects.rules.merged_rows import merged_problems
from portal.projects.rules.merging import Row, Rows, Value
from portal.projects.rules.structure import (
    IDENTITY,
    PLACED,
    RENUMBERED,
    StatedRow,
    StoredRows,
    at_fields,
    completed,
    read_row,
)


def changed_rows(rows: Rows, name: str, stated: Mapping[str, Any], *, key: str = "") -> tuple[StatedRow, StoredRows]:
    """The row that a page states in a project file's words, and the rows with it; `key` is what it is stored by.

    Raise InvalidInputs with everything that is wrong with it alone, NotFound if there is no row with this key any more.
    """
    if key and key not in rows[name]:
        raise NotFound("row-gone")
    kept = {} if not key or name in RENUMBERED else {IDENTITY[name]: _identity(name, key)}
    found = read_row(name, {**stated, **kept}, rows, key=key)
    return found, with_row(rows, name, found, key=key)


def check_rows(rows: Rows, table: str = "", key: str = "") -> None:
    """Raise InvalidInputs if the rows contradict each other; what is wrong with the row named stands at its fields."""
    problems = merged_problems(rows)
    if table == "indicators":
        problems = list(_sum_problems(problems, key))
    if problems:
        raise InvalidInputs(at_fields(problems, {f"{table}.{key}.": ""} if table else None))


def with_row(rows: Rows, name: str, stated: StatedRow, *, key: str = "") -> StoredRows:
    """The rows with this one in the table `name`, instead of the one stored by `key` where one is named."""
    after = completed(rows)
    keyed = after[name]
    if key and key != stated.key:
        after[name] = keyed = {stated.key if each == key else each: row for each, row in keyed.items()}
        _follow(after, name, key, stated.key)
    is_new = stated.key not in keyed
    keyed[stated.key] = dict(stated.columns)
    if name in PLACED:
        after[name] = _placed(keyed, stated)
    elif is_new or key != stated.key:
        after[name] = _by_number(keyed, stated.key)
    return after


def without_row(rows: Rows, name: str, key: str) -> StoredRows:
    """The rows without this one; places after it move up."""
    after = completed(rows)
    after[name] = {each: row for each, row in after[name].items() if each != key}
    if name in PLACED:
        for position, row in enumerate(after[name].values(), start=1):
            row["position"] = position
    return after


def obstacles(rows: Rows, name: str, key: str) -> list[Problem]:
    """Why this row cannot be taken out: what else in the project names it. Empty where nothing does."""
    activities, indicators = rows["activities"], rows["indicators"]
    if name == "organisations":
        named = [number for number, row in activities.items() if row["responsible"] == key]
        return [Problem("organisation-responsible", "", {"numbers": named})] if named else []
    if name == "activities":
        named = [number for number, row in rows["deliverables"].items() if row["activity"] == key]
        return [Problem("activity-with-deliverables", "", {"numbers": named})] if named else []
    if name == "indicators":
        named = [each for each, row in indicators.items() if key in (_measure(row).get("of") or ())]
        return [Problem("indicator-summed", "", {"keys": named})] if named else []
    return _package_obstacles(activities, indicators, key) if name == "work_packages" else []


def next_number(rows: Rows, name: str, parent: str = "") -> str:
    """A free number for a new row: the next period or work package, 2.5 in package 2, D2.4.3 in activity 2.4."""
    before = {"activities": f"{parent}.", "deliverables": f"D{parent}."}.get(name, "")
    number = 1
    while f"{before}{number}" in rows[name]:
        number += 1
    return f"{before}{number}"


def _sum_problems(problems: Iterable[Problem], key: str) -> Iterator[Problem]:
    """The problems as those of the indicator that changes: it closed the cycle, or is what other sums cannot add up."""
    here, summed = f"indicators.{key}.measure.of", []
    for problem in problems:
        if problem.code == "sum-cycle":
            alone = problem.values["cycle"] == f"{key} → {key}"
            yield Problem("sum-of-itself", here, {"key": key}) if alone else problem._replace(where=here)
        elif problem.code == "sum-of-survey" and problem.values["key"] == key:
            summed.append(problem.where.split(".")[1])
        else:
            yield problem
    if summed:
        yield Problem("measure-summed", "", {"keys": summed})


def _identity(name: str, key: str) -> str | int:
    return int(key) if name in ("periods", "work_packages") else key


def _package_obstacles(activities: Mapping[str, Row], indicators: Mapping[str, Row], key: str) -> list[Problem]:
    problems = []
    inside = [number for number, row in activities.items() if str(row["work_package"]) == key]
    if inside:
        problems.append(Problem("work-package-with-activities", "", {"numbers": inside}))
    measured = [each for each, row in indicators.items() if str(_measure(row).get("work_package")) == key]
    if measured:
        problems.append(Problem("work-package-measured", "", {"keys": measured}))
    return problems


def _measure(row: Row) -> Mapping[str, Any]:
    measure = row["measure"]
    return measure if isinstance(measure, dict) else {}


def _follow(rows: StoredRows, name: str, before: str, after: str) -> None:
    """Let the deliverables of a renumbered activity name it by its new number."""
    if name == "activities":
        for row in rows["deliverables"].values():
            if row["activity"] == before:
                row["activity"] = after


def _placed(keyed: dict[str, dict[str, Value]], stated: StatedRow) -> dict[str, dict[str, Value]]:
    """The rows with the stated one at its place, and their positions counted from 1."""
    if stated.place is None:
        return keyed
    order = [key for key in keyed if key != stated.key]
    order.insert(max(stated.place, 1) - 1, stated.key)
    return {key: {**keyed[key], "position": position} for position, key in enumerate(order, start=1)}


def _by_number(keyed: dict[str, dict[str, Value]], key: str) -> dict[str, dict[str, Value]]:
    """The rows with this one before the first that has a higher number."""
    order = [each for each in keyed if each != key]
    higher = (index for index, each in enumerate(order) if _rank(each) > _rank(key))
    order.insert(next(higher, len(order)), key)
    return {each: keyed[each] for each in order}


def _rank(number: str) -> list[tuple[int, int, str]]:
    """2.10 after 2.9: digits count as numbers, and come before letters."""
    parts = re.findall(r"[0-9]+|[^0-9]+", number)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
