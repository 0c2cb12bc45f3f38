"""Storing budget lines that files bring, and taking them back; both make a version of the budget."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.budget.models import BudgetLine
from portal.budget.queries.budget_versions import last_number
from portal.budget.queries.budgets import load_rows
from portal.budget.rules.lines import FROM_IMPORT, IMPORT_UNDONE, LineChanges
from portal.budget.services.lines import hold_budget, keep_budget, today_in
from portal.core.errors import Conflict
from portal.imports.kinds import Plan
from portal.imports.models import Import
from portal.imports.services.rows import remove_rows, restore_rows, store_rows, written_by
from portal.projects.rules.contract import Reason

# What may change of a line; all else is the row's key.
FACTS = (BudgetLine.amount_cents,)


def store_budget(session: Session, import_id: int, plan: Plan, now: datetime) -> None:
    """Write the lines of a plan without errors; raise Conflict if the project or its budget has changed since."""
    changes: LineChanges = plan.changes
    project = hold_budget(session, changes.project_code)
    versions = project.version, last_number(project.code)
    if versions != (changes.project_version, changes.budget_version):
        raise Conflict("import-stale")
    before = load_rows(project.code)
    store_rows(session, BudgetLine, import_id, changes, FACTS)
    reason = _reason(session.get_one(Import, import_id).options, today=today_in(project, now))
    keep_budget(session, project, before=before, reason=reason, now=now)


def undo_budget(session: Session, import_id: int, now: datetime) -> None:
    """Take the import's lines away again, and let those it changed be as they were.

    Raise Conflict if any of them has been changed or removed since, or the project is closed.
    """
    project = hold_budget(session, session.get_one(Import, import_id).project_code)
    before = load_rows(project.code)
    written = written_by(session, BudgetLine, import_id)
    remove_rows(session, BudgetLine, written.created)
    restore_rows(session, BudgetLine, written.changed)
    keep_budget(session, project, before=before, reason=Reason(IMPORT_UNDONE, today_in(project, now)), now=now)


def check_undo_of_budget(session: Session, import_id: int) -> None:
    """Raise Conflict as undoing the import would at this moment."""
    written_by(session, BudgetLine, import_id)


def _reason(options: Mapping[str, str], *, today: date) -> Reason:
    """Why the budget changes and from which day on, as was said beside the file; what was left open is filled in."""
    stated = options.get("valid_from")
    return Reason(options.get("reason") or FROM_IMPORT, date.fromisoformat(stated) if stated else today)
