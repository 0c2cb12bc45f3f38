"""A project's home, and its partners with their budgets."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import allows, reach, requires
from portal.accounts.rules import Permission
from portal.activities.labels import EVIDENCE_KINDS
from portal.activities.queries import list_next
from portal.activities.queries.comments import count_asked
from portal.core import clock
from portal.projects import labels
from portal.projects.queries import get_project, list_organisations
from portal.projects.wording import STATUSES
from portal.reports.queries.budget import approved_budget, budget_table
from portal.reports.queries.home import Someone, find_waiting, list_changes
from portal.reports.queries.home_money import find_money_waiting
from portal.reports.queries.outcomes import outcome_table
from portal.reports.rules.elapsed import elapsed

bp = Blueprint("project", __name__, url_prefix="/projects/<code>")


@bp.route("/")
@requires(Permission.READ_PROJECT)
def home(code: str) -> ResponseReturnValue:
    """Show what waits for the person, the outcomes so far, the budget, the next events and the latest changes."""
    project, now = get_project(code), clock.now()
    today = clock.today(project.time_zone)
    edits = allows(Permission.EDIT_EVENTS)
    someone = Someone(current_user.id, reach(Permission.EDIT_EVENTS), allows(Permission.EDIT_PROJECT))
    budget = budget_table(code)
    sees = reach(Permission.SEE_EXPENDITURE)
    return render_template(
        "reports/home.html",
        project=project,
        someone=someone,
        waiting=find_waiting(project, someone, now) if edits else None,
        asked=0 if edits else count_asked(code, current_user.id),
        table=outcome_table(code, today, today=today),
        budget=budget,
        seen=[each.key for each in project.organisations if sees is None or each.key in sees],
        money_waiting=find_money_waiting(budget, reach(Permission.ENTER_EXPENDITURE), today),
        upcoming=list_next(code, now),
        changes=list_changes(project),
        time=elapsed(project.first_day, project.last_day, today),
        units=labels.UNITS,
        statuses=STATUSES,
        evidence_kinds=EVIDENCE_KINDS,
    )


@bp.route("/partners")
@requires(Permission.READ_PROJECT)
def partners(code: str) -> ResponseReturnValue:
    """Show the organisations, and the partners' budgets as published."""
    return render_template(
        "reports/partners.html",
        project=get_project(code),
        organisations=list_organisations(code),
        budget=approved_budget(code),
        roles=labels.ROLES,
    )
