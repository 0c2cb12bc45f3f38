"""What was found in files of budgets and expenditure, in the words of pages: out of values as they are kept."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from flask_babel import format_decimal

from portal.budget.rules.amounts import Amount
from portal.budget.rules.findings import SEVERITIES, Finding, finding_of
from portal.budget.wording import said
from portal.core.errors import Problem
from portal.core.money import Cents
from portal.core.sentences import sentence
from portal.imports.kinds import Mark

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AMOUNT: Final = re.compile(r"(-?[0-9]+)\.([0-9]{2}) ([A-Z]{3})")
# Values that people write themselves, so that none of them is taken for a day or an amount.
STATED: Final = frozenset({"references", "contract", "organisation"})
# What is said of a budget -> those of its values that are amounts.
SUMS: Final[Mapping[str, tuple[str, ...]]] = {
    "budget-difference": ("sum", "approved", "difference"),
    "budget-flat-differs": ("computed", "stated"),
}


def mark_item(problem: Problem) -> Mark | None:
    """How severe a warning about an item is, as its own page says; None where the register would not find it."""
    finding = _finding(problem)
    return Mark(finding.severity, said(finding).label) if finding else None


def say_item(problem: Problem) -> str:
    """What is wrong with a row of expenditure: what the register finds in it is said as on the pages of items."""
    finding = _finding(problem)
    return said(finding).message if finding else sentence(problem)


def say_line(problem: Problem) -> str:
    """What is wrong with a row of a budget, with its sums as the language writes them."""
    sums = {name: _number(problem.values[name]) for name in SUMS.get(problem.code, ()) if name in problem.values}
    return sentence(problem._replace(values={**problem.values, **sums}))


def _finding(problem: Problem) -> Finding | None:
    if problem.code not in SEVERITIES:
        return None
    values = {name: value if name in STATED else _read(value) for name, value in problem.values.items()}
    return finding_of(problem._replace(values=values))


def _read(value: object) -> object:
    """A day, an amount or several that were kept as a text; any other value as it is."""
    if not isinstance(value, str):
        return value
    if DAY.fullmatch(value):
        return date.fromisoformat(value)
    if found := AMOUNT.fullmatch(value):
        return Amount(Cents(int(found[1] + found[2])), found[3])
    parts = value.split(", ")
    return tuple(map(_read, parts)) if all(map(AMOUNT.fullmatch, parts)) else value


def _number(text: object) -> str:
    return str(format_decimal(Decimal(str(text)), "#,##0.00"))
