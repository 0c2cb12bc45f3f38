"""The structure of one project as that of a new one."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from portal.core.periods import LAST_YEAR
from portal.projects.rules.merging import Rows, Value
from portal.projects.rules.structure import StoredRows, completed

MONTHS: Final = 12

TAKEN: Final = (
    "code",
    "title",
    "title_aliases",
    "first_day",
    "last_day",
    "agreement_signed",
    "summary",
)
"""The project's own columns that the new project states itself; it takes over the others."""


def copied_rows(rows: Rows, project: Mapping[str, Value], *, keep_budgets: bool) -> StoredRows:
    """The rows of a new project with the structure of `rows`; `project` are the new one's own columns.

    Planned days and due days move with the first day. Reporting periods stay behind, and budgets unless they are kept.
    """
    after = completed(rows)
    own = after["project"][""]
    before, first_day = own["first_day"], project["first_day"]
    own |= {name: project[name] for name in TAKEN}
    after["periods"] = {}
    for row in after["organisations"].values():
        row["budget_cents"] = row["budget_cents"] if keep_budgets else None
    for row in after["activities"].values():
        row |= {name: _moved(row[name], before, first_day) for name in ("planned_first_day", "planned_last_day")}
    for row in after["deliverables"].values():
        row["due_day"] = _moved(row["due_day"], before, first_day)
    return after


def shifted_day(day: date, before: date, after: date) -> date:
    """`day` as far from `after` as it was from `before`: in whole months where both are the same day of a month.

    The last day of a month stays the last day of a month then. Never after the last day the portal keeps.
    """
    if before.day != after.day:
        return min(date(LAST_YEAR, MONTHS, 31), day + timedelta(days=(after - before).days))
    months = MONTHS * (after.year - before.year) + after.month - before.month
    year, month = divmod(MONTHS * day.year + day.month - 1 + months, MONTHS)
    if year > LAST_YEAR:
        return date(LAST_YEAR, MONTHS, 31)
    ends = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, ends if is_last else min(day.day, ends))


def _moved(day: Value, before: Value, after: Value) -> Value:
    if isinstance(day, date) and isinstance(before, date) and isinstance(after, date):
        return shifted_day(day, before, after)
    return day
