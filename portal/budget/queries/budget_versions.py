"""Reading the versions of a budget, and what changed from one to the next."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from portal.budget.models import BudgetVersion
from portal.budget.rules.lines import BudgetRows, read_plain_rows
from portal.budget.rules.versions import Comparison, compare
from portal.core.db import db
from portal.core.errors import NotFound


class VersionPage(NamedTuple):
    """A version, whether it is the first, and all in which it differs from the one before."""

    version: BudgetVersion
    is_first: bool
    comparison: Comparison


def last_number(code: str) -> int:
    """The number of the latest version of the project's budget; 0 where there is none yet."""
    return db.session.scalar(select(func.max(BudgetVersion.number)).where(BudgetVersion.project_code == code)) or 0


def list_budget_versions(code: str) -> list[BudgetVersion]:
    """The versions of the project's budget, the latest first, without their rows."""
    mine = select(BudgetVersion).where(BudgetVersion.project_code == code).options(defer(BudgetVersion.rows))
    return list(db.session.scalars(mine.order_by(BudgetVersion.number.desc())))


def get_budget_version(code: str, number: int) -> VersionPage:
    """One version beside the one before; raise NotFound."""
    near = BudgetVersion.project_code == code, BudgetVersion.number.in_([number - 1, number])
    found = {each.number: each for each in db.session.scalars(select(BudgetVersion).where(*near))}
    if number not in found:
        raise NotFound("budget-version-unknown", number=number)
    earlier = read_plain_rows(found[number - 1].rows) if number - 1 in found else BudgetRows()
    return VersionPage(found[number], number == 1, compare(earlier, read_plain_rows(found[number].rows)))
