"""Budget and expenditure of an organisation that turns out to be another one."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.audit.services import record
from portal.budget.models import BudgetLine, Contract, Contribution, EvidenceBatch, ExpenditureItem
from portal.budget.queries.budgets import load_rows
from portal.budget.queries.merging import find_moved_money
from portal.budget.rules.lines import MERGED
from portal.budget.services.lines import keep_budget, today_in
from portal.core.errors import InvalidInputs
from portal.projects.models import Organisation, Project
from portal.projects.rules.contract import Reason
from portal.projects.services.organisations import organisation_subject
from portal.projects.services.structure import Edit


def move_money(
    session: Session, project: Project, *, gone: Organisation, kept: Organisation, edit: Edit, now: datetime
) -> None:
    """Let all items, contracts, budget lines, contributions and batches of evidence of `gone` be those of `kept`.

    Both are held by the caller against other writers, as the project is. A change of the budget makes a version.
    Raise InvalidInputs where both have what only one organisation can have.
    """
    money = find_moved_money(kept, gone)
    if money.problems:
        raise InvalidInputs(money.problems)
    before = load_rows(project.code)
    # A person has moved them: undoing an import leaves them alone.
    counted: dict[str, Any] = {"import_id": None, "version": ExpenditureItem.version + 1, "updated_at": now}
    _move(session, ExpenditureItem, gone, kept, **counted)
    _move(session, Contract, gone, kept, version=Contract.version + 1, updated_at=now)
    _move(session, BudgetLine, gone, kept, import_id=None)
    _move(session, Contribution, gone, kept)
    _move(session, EvidenceBatch, gone, kept)
    moved = {name: number for name in ("items", "contracts") if (number := getattr(money, name))}
    if moved:
        after = {"merged": gone.key, **moved}
        record(session, "expenditure_moved", organisation_subject(kept), now=now, before={}, after=after)
    reason = Reason(MERGED, edit.reason.valid_from or today_in(project, now))
    keep_budget(session, project, before=before, reason=reason, now=now)


def _move(session: Session, model: Any, gone: Organisation, kept: Organisation, **also: Any) -> None:
    rows = update(model).where(model.organisation_id == gone.id).values(organisation_id=kept.id, **also)
    session.execute(rows.execution_options(synchronize_session=False))
