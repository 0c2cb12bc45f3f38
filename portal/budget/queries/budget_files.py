"""Reading what files of budgets are compared with, and what goes into such files."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import select

from portal.budget.models import BudgetLine
from portal.budget.queries.budgets import load_axes, load_rows
from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.lines import Line, LineState
from portal.core.db import db
from portal.projects.models import Organisation
from portal.projects.queries import list_organisations

LINE_COLUMNS = tuple(getattr(BudgetLine, name) for name in LineState._fields)


class StoredLine(NamedTuple):
    """A line of the project, with the row's id."""

    id: int
    state: LineState


def load_lines(code: str) -> list[StoredLine]:
    """Every line of the project, by its id."""
    rows = select(BudgetLine.id, *LINE_COLUMNS).join(Organisation, BudgetLine.organisation_id == Organisation.id)
    mine = rows.where(Organisation.project_code == code).order_by(BudgetLine.id)
    return [StoredLine(id_, LineState(*columns)) for id_, *columns in db.session.execute(mine)]


def export_lines(code: str, reach: Collection[str] | None) -> Iterator[Line]:
    """Every line that the reach covers, in order, but for those of categories that are a flat rate by now."""
    flat = {each.key: flat_categories(each.flat_rates) for each in list_organisations(code)}
    for line in load_rows(code).lines:
        if (reach is None or line.organisation in reach) and line.category not in flat[line.organisation]:
            yield line


def list_package_numbers(code: str) -> list[str]:
    """The numbers of the project's work packages, in order."""
    return [str(number) for number in load_axes(code).work_packages]


def list_period_numbers(code: str) -> list[str]:
    """The numbers of the project's reporting periods, in order."""
    return [str(number) for number in load_axes(code).periods]
