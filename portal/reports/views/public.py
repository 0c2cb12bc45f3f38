"""What everyone may read: the start page and each project's public page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import public
from portal.accounts.queries import manages_any_project
from portal.core import clock
from portal.projects import labels
from portal.projects.queries import (
    get_published_project,
    list_organisations,
    list_published_projects,
    list_work_packages,
)
from portal.reports.notes import outcome_notes
from portal.reports.queries.budget import budget_table
from portal.reports.queries.outcomes import outcome_table

bp = Blueprint("public", __name__)


@bp.route("/")
@public
def start() -> ResponseReturnValue:
    """Show the projects and where to sign in."""
    makes = current_user.is_authenticated and (current_user.is_admin or manages_any_project(current_user.id))
    return render_template("reports/start.html", projects=list_published_projects(), makes_projects=makes)


@bp.route("/public/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Show a project as it is published: purpose, plan, partners, budget, and the outcomes of today."""
    project = get_published_project(code)
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


@bp.route("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what the portal keeps about people."""
    return render_template("reports/privacy.html")


@bp.route("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say how the portal can be used and where it falls short."""
    return render_template("reports/accessibility.html")
