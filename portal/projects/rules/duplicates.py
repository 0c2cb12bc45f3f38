"""Two records of one organisation become one: what the record that stays takes over, and what forbids it.

What is agreed is only ever taken over whole: budgets are not added up, and the lead stays the lead.
"""

from collections.abc import Mapping
from typing import Any

from portal.core.errors import Problem
from portal.projects.rules.merging import Rows
from portal.projects.rules.organisations import plain_aliases

# Columns of an organisation as a project's rows have them; which column holds what is known by its name.
Columns = Mapping[str, Any]


def merge_problems(kept: Columns, gone: Columns) -> list[Problem]:
    """Why the organisation `gone` cannot be merged into `kept`."""
    problems = []
    if gone["role"] == "lead":
        problems.append(Problem("merge-lead"))
    if gone["budget_cents"] and kept["budget_cents"]:
        problems.append(Problem("merge-two-budgets"))
    elif gone["budget_cents"] and kept["role"] == "associated":
        problems.append(Problem("merge-associated"))
    return problems


def taken_spellings(kept: Columns, gone: Columns) -> tuple[str, ...]:
    """The names and other spellings of `gone` by which `kept` is not called yet, in order."""
    return plain_aliases([*_names(gone), *gone["aliases"]], [*_names(kept), *kept["aliases"]])


def takes_budget(kept: Columns, gone: Columns) -> bool:
    """Whether the budget goes over, with the flat rates by which it is spent."""
    return bool(gone["budget_cents"]) and not kept["budget_cents"]


def merge_rows(rows: Rows, *, kept: str, gone: str) -> Rows:
    """The project's rows after the organisation with the key `gone` has been merged into `kept`.

    The names of the one that is gone become other spellings of the one that stays, and the activities it answered for
    are answered for by that one. Everything else of the one that stays is as it was, but for a budget that it lacked.
    """
    organisations = rows["organisations"]
    stays: Columns = organisations[kept]
    goes: Columns = organisations[gone]
    merged = {**stays, "aliases": [*stays["aliases"], *taken_spellings(stays, goes)]}
    if takes_budget(stays, goes):
        merged |= {"budget_cents": goes["budget_cents"], "flat_rates": stays["flat_rates"] or goes["flat_rates"]}
    left = {key: row for key, row in organisations.items() if key != gone}
    activities = {
        number: {**row, "responsible": kept} if row["responsible"] == gone else row
        for number, row in rows["activities"].items()
    }
    return {**rows, "organisations": {**left, kept: merged}, "activities": activities}


def _names(row: Columns) -> list[str]:
    return [name for name in row["name"].values() if name]
