"""What of budgets and expenditure keeps an organisation, a work package, an activity or a period in its project."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.budget.models import BudgetLine, Contract, Contribution, EvidenceBatch, ExpenditureItem
from portal.core.db import db
from portal.core.errors import Problem
from portal.projects.models import Activity, Organisation, WorkPackage
from portal.projects.rules.vocabulary import ASSOCIATED


def held_by_money(code: str, table: str, key: str) -> list[Problem]:
    """Why the row of the project's structure cannot be taken out: what of its money names it. Empty where nothing does.

    `table` and `key` are those of the project's rows; of the table ASSOCIATED, why it cannot become such a partner.
    """
    holding = _HOLDING.get(table)
    found = holding(code, key) if holding else []
    return [each for each in found if each.values["number"]]


def _by_organisation(code: str, key: str) -> list[Problem]:
    mine = select(Organisation.id).where(Organisation.project_code == code, Organisation.key == key).scalar_subquery()
    models: tuple[Any, ...] = (ExpenditureItem, Contract, BudgetLine, Contribution, EvidenceBatch)
    items, contracts, lines, contributions, batches = (_count(each, each.organisation_id == mine) for each in models)
    return [
        Problem("organisation-with-items", "", {"number": items}),
        Problem("organisation-with-contracts", "", {"number": contracts}),
        Problem("organisation-with-budget-lines", "", {"number": lines + contributions}),
        Problem("organisation-with-batches", "", {"number": batches}),
    ]


def _by_association(code: str, key: str) -> list[Problem]:
    mine = select(Organisation.id).where(Organisation.project_code == code, Organisation.key == key).scalar_subquery()
    lines = sum(_count(each, each.organisation_id == mine) for each in (BudgetLine, Contribution))
    return [Problem("associated-with-budget-lines", "", {"number": lines})]


def _by_work_package(code: str, key: str) -> list[Problem]:
    mine = select(WorkPackage.id).where(WorkPackage.project_code == code, WorkPackage.number == int(key))
    items = _count(ExpenditureItem, ExpenditureItem.work_package_id.in_(mine))
    lines = _count_lines(code, BudgetLine.work_package == int(key))
    return [
        Problem("work-package-with-items", "", {"number": items}),
        Problem("work-package-with-budget-lines", "", {"number": lines}),
    ]


def _by_activity(code: str, key: str) -> list[Problem]:
    mine = select(Activity.id).where(Activity.project_code == code, Activity.number == key)
    items = _count(ExpenditureItem, ExpenditureItem.activity_id.in_(mine))
    return [Problem("activity-with-items", "", {"number": items})]


def _by_period(code: str, key: str) -> list[Problem]:
    return [Problem("period-with-budget-lines", "", {"number": _count_lines(code, BudgetLine.period == int(key))})]


_HOLDING: Mapping[str, Callable[[str, str], list[Problem]]] = {
    "organisations": _by_organisation,
    ASSOCIATED: _by_association,
    "work_packages": _by_work_package,
    "activities": _by_activity,
    "periods": _by_period,
}


def _count_lines(code: str, condition: ColumnElement[bool]) -> int:
    mine = select(Organisation.id).where(Organisation.project_code == code)
    return _count(BudgetLine, BudgetLine.organisation_id.in_(mine), condition)


def _count(model: Any, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
