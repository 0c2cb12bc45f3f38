"""What everyone may read: the start page and each project's public page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.guard import public
from portal.core import clock
from portal.projects import labels
from portal.projects.queries import get_project, list_organisations, list_projects, list_work_packages
from portal.reports.notes import outcome_notes
from portal.reports.queries.budget import budget_table
from portal.reports.queries.outcomes import outcome_table

bp = Blueprint("public", __name__)


@bp.route("/")
@public
def start() -> ResponseReturnValue:
    """Show the projects and where to sign in."""
    return render_template("reports/start.html", projects=list_projects())


@bp.route("/public/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Show a project as it is published: purpose, plan, partners, budget, and the outcomes of today."""
    project = get_project(code)
    today = clock.today(project.time_zone)
    table = outcome_table(code, today, today=today)
    return render_template(
        "reports/public.html",
        project=project,
        packages=list_work_packages(code),
        organisations=list_organisations(code),
        budget=budget_table(code),
        table=table,
        notes=outcome_notes(table),
        roles=labels.ROLES,
        units=labels.UNITS,
    )
