"""What of a project's money waits for whoever enters expenditure, as its home tells it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from portal.budget.queries.waiting import Unfinished, find_unfinished
from portal.reports.queries.budget import BudgetRow, BudgetTable


class MoneyWaiting(NamedTuple):
    """What items lack, and the partners whose budget lines differ from the approved budget."""

    unfinished: Unfinished
    differing: Sequence[BudgetRow]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (any(self.unfinished) or self.differing)


def find_money_waiting(table: BudgetTable, own: Collection[str] | None, today: date) -> MoneyWaiting | None:
    """What waits for someone who enters the expenditure of the organisations `own` (None: of all).

    None where that is nobody's or the project is closed.
    """
    if table.project.status == "closed" or (own is not None and not own):
        return None
    differing = [row for row in table.rows if row.difference and (own is None or row.organisation.key in own)]
    return MoneyWaiting(find_unfinished(table.project.code, own, today), differing)
