"""What of an organisation's budget and expenditure goes over to another record of it, and what forbids that."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from portal.budget.models import BudgetLine, Contract, Contribution, EvidenceBatch, ExpenditureItem
from portal.budget.queries.budget_versions import last_number
from portal.core.db import db
from portal.core.errors import Problem
from portal.projects.models import Organisation


class MovedMoney(NamedTuple):
    """How many rows of each kind change their organisation; `problems` says why that cannot be.

    `version` is the number of the budget's latest version: what was shown rests on it.
    """

    items: int
    contracts: int
    lines: int
    contributions: int
    batches: int
    version: int
    problems: list[Problem]

    @property
    def is_any(self) -> bool:
        """Whether anything of it is there at all."""
        return any(self[:5])


def find_moved_money(kept: Organisation, gone: Organisation) -> MovedMoney:
    """What merging `gone` into `kept`, organisations of one project, moves."""
    models: tuple[Any, ...] = (ExpenditureItem, Contract, BudgetLine, Contribution, EvidenceBatch)
    items, contracts, lines, contributions, batches = (_count(each, each.organisation_id == gone.id) for each in models)
    has_money = any((items, contracts, lines, contributions))
    problems = [Problem("merge-money-associated")] if has_money and kept.role == "associated" else []
    problems += _twice(kept, gone) if has_money else []
    version = last_number(kept.project_code)
    return MovedMoney(items, contracts, lines, contributions, batches, version, problems)


def _twice(kept: Organisation, gone: Organisation) -> list[Problem]:
    """What both have, or call by the same reference, so that it cannot become one organisation's."""
    reported = ExpenditureItem.organisation_id == gone.id, ExpenditureItem.report_number.is_not(None)
    clashing = _count_same(ExpenditureItem, ExpenditureItem.internal_reference, kept, gone)
    problems = [
        Problem("merge-reported", "", {"number": _count(ExpenditureItem, *reported)}),
        Problem("merge-items-clash", "", {"number": clashing}),
        Problem("merge-contracts-clash", "", {"number": _count_same(Contract, Contract.reference, kept, gone)}),
        Problem("merge-two-line-budgets", "", {"number": _count_both(BudgetLine, kept, gone)}),
        Problem("merge-two-contributions", "", {"number": _count_both(Contribution, kept, gone)}),
    ]
    return [each for each in problems if each.values["number"]]


def _count_same(model: Any, reference: Any, kept: Organisation, gone: Organisation) -> int:
    theirs = select(reference).where(model.organisation_id == gone.id)
    return _count(model, model.organisation_id == kept.id, reference.in_(theirs))


def _count_both(model: Any, kept: Organisation, gone: Organisation) -> int:
    counts = [_count(model, model.organisation_id == each.id) for each in (kept, gone)]
    return sum(counts) if all(counts) else 0


def _count(model: Any, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
