"""Changing a project's budget lines and contributions; every change is kept as a version, with its trail."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.audit.services import Subject, current_actor, record
from portal.budget.models import BudgetLine, BudgetVersion, Contribution
from portal.budget.queries.budget_versions import last_number
from portal.budget.queries.budgets import load_axes, load_rows
from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.lines import (
    AS_ENTERED,
    BudgetRows,
    Place,
    Share,
    check_contributions,
    check_lines,
    flat_facts,
    plain_rows,
)
from portal.budget.services.holding import WHOLE, hold_open_project
from portal.core.db import transaction
from portal.core.errors import Conflict
from portal.core.money import Cents
from portal.projects.models import Organisation, Project
from portal.projects.queries import get_organisation
from portal.projects.rules.contract import Reason, check_reason
from portal.projects.services.structure import Edit


def change_lines(code: str, key: str, wanted: Mapping[Place, Cents | None], *, edit: Edit, now: datetime) -> None:
    """Store these lines of the organisation with this key; None takes a line away, places not named stay as they are.

    Raise InvalidInputs for lines it cannot have, and without a reason and a day while the project runs; Conflict if
    the budget has changed since `edit.version`, the project is closed or the organisation takes part without a budget;
    NotFound.
    """
    with transaction() as session:
        project = hold_budget(session, code, edit.version)
        organisation = _partner(code, key)
        check_lines(wanted, load_axes(code), flat_categories(organisation.flat_rates))
        before = load_rows(code)
        _write_lines(session, organisation, wanted)
        _keep(session, project, before, edit.reason, now)


def change_contributions(
    code: str, key: str, wanted: Mapping[str, tuple[str, Cents | None]], *, edit: Edit, now: datetime
) -> None:
    """Store by source what the organisation's contribution takes from it: who gives it, and how much (None: nothing).

    Raise as `change_lines` does.
    """
    with transaction() as session:
        project = hold_budget(session, code, edit.version)
        organisation = _partner(code, key)
        check_contributions(wanted)
        stated = [Share(key, source, name, cents) for source, (name, cents) in wanted.items() if cents is not None]
        before = load_rows(code)
        _write_contributions(session, organisation, wanted, stated)
        _keep(session, project, before, edit.reason, now)


def hold_budget(session: Session, code: str, version: int | None = None) -> Project:
    """The project, held so that its budget, plan and organisations stay as they are.

    Raise NotFound, Conflict if it is closed or its budget has changed since `version` (None: whatever it is).
    """
    project = hold_open_project(session, code, WHOLE)
    if version is not None and last_number(code) != version:
        raise Conflict("budget-stale")
    return project


def keep_budget(session: Session, project: Project, *, before: BudgetRows, reason: Reason, now: datetime) -> None:
    """Keep the budget as it is now as a version, with its trail, if it differs from `before`.

    The project is held by the caller, so no two versions get the same number.
    """
    session.flush()
    after = load_rows(project.code)
    if after == before:
        return
    number = last_number(project.code) + 1
    made = BudgetVersion(
        project_code=project.code,
        number=number,
        valid_from=reason.valid_from,
        reason=reason.text,
        actor=current_actor().label,
        made_at=now,
        rows=plain_rows(after),
    )
    session.add(made)
    session.flush()
    facts = {"version": number, "reason": reason.text, "valid_from": reason.valid_from}
    subject = Subject("budget", made.id, project.code, project.code)
    record(session, "budget_changed", subject, now=now, before=flat_facts(before), after=flat_facts(after) | facts)


def today_in(project: Project, now: datetime) -> date:
    """The day it is where the project is."""
    return now.astimezone(ZoneInfo(project.time_zone)).date()


def _keep(session: Session, project: Project, before: BudgetRows, reason: Reason, now: datetime) -> None:
    """Keep the change of a person, who says why while the project runs; in preparation nobody asks."""
    session.flush()
    if load_rows(project.code) == before:
        return
    if project.status == "preparation":
        reason = Reason(AS_ENTERED, today_in(project, now))
    else:
        check_reason(reason)
    keep_budget(session, project, before=before, reason=reason, now=now)


def _partner(code: str, key: str) -> Organisation:
    organisation = get_organisation(code, key)
    if organisation.role == "associated":
        raise Conflict("budget-associated", organisation=key)
    return organisation


def _write_lines(session: Session, organisation: Organisation, wanted: Mapping[Place, Cents | None]) -> None:
    mine = select(BudgetLine).where(BudgetLine.organisation_id == organisation.id)
    stored = {Place(each.category, each.work_package, each.period): each for each in session.scalars(mine)}
    for place, cents in wanted.items():
        row = stored.get(place)
        if cents is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(BudgetLine(organisation_id=organisation.id, **place._asdict(), amount_cents=cents))
        elif row.amount_cents != cents:
            # A person has changed it: undoing an import leaves it alone.
            row.amount_cents, row.import_id = cents, None


def _write_contributions(
    session: Session, organisation: Organisation, wanted: Mapping[str, object], stated: list[Share]
) -> None:
    mine = select(Contribution).where(Contribution.organisation_id == organisation.id)
    stored = {each.source: each for each in session.scalars(mine)}
    for share in stated:
        row = stored.get(share.source) or Contribution(organisation_id=organisation.id, source=share.source)
        row.name, row.amount_cents = share.name, share.cents
        session.add(row)
    gone = set(wanted) - {share.source for share in stated}
    session.execute(
        delete(Contribution).where(Contribution.organisation_id == organisation.id, Contribution.source.in_(gone))
    )
