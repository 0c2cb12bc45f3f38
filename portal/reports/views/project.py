"""A project's home, and its partners with their budgets."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.guard import reach, requires
from portal.accounts.rules import Permission
from portal.activities.queries import count_open_questions, list_next, list_waiting
from portal.core import clock
from portal.projects import labels
from portal.projects.queries import get_project, list_organisations
from portal.reports.queries.budget import budget_table
from portal.reports.queries.outcomes import outcome_table

bp = Blueprint("project", __name__, url_prefix="/projects/<code>")


@bp.route("/")
@requires(Permission.READ_PROJECT)
def home(code: str) -> ResponseReturnValue:
    """Show what waits for the person, the outcomes so far, the budget and the next events."""
    project = get_project(code)
    today = clock.today(project.time_zone)
    return render_template(
        "reports/home.html",
        project=project,
        waiting=list_waiting(code, reach(Permission.EDIT_EVENTS), clock.now()),
        questions=count_open_questions(code, reach(Permission.EDIT_EVENTS)),
        table=outcome_table(code, today, today=today),
        budget=budget_table(code),
        upcoming=list_next(code, clock.now()),
        units=labels.UNITS,
    )


@bp.route("/partners")
@requires(Permission.READ_PROJECT)
def partners(code: str) -> ResponseReturnValue:
    """Show the organisations, and the partners' budgets as published."""
    return render_template(
        "reports/partners.html",
        project=get_project(code),
        organisations=list_organisations(code),
        budget=budget_table(code),
        roles=labels.ROLES,
    )
