"""What everyone may read: the start page, each project's public page, and its outcomes for programs."""

import json

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import public
from portal.accounts.queries import manages_any_project
from portal.activities import labels as activity_labels
from portal.core import clock
from portal.core.errors import PortalError
from portal.core.sentences import sentence
from portal.core.web.headers import same_for_all
from portal.core.web.language import current_language
from portal.core.web.paging import page_number, page_size
from portal.projects import labels
from portal.projects.queries import (
    get_published_project,
    list_organisations,
    list_published_projects,
    list_work_packages,
)
from portal.reports.notes import outcome_notes
from portal.reports.queries.budget import approved_budget
from portal.reports.queries.public import FEW, coming_events, public_events, public_table
from portal.reports.queries.public_surveys import list_public_surveys
from portal.reports.shapes import public_shape

bp = Blueprint("public", __name__)


@bp.route("/")
@public
def start() -> ResponseReturnValue:
    """Show the projects and where to sign in."""
    makes = current_user.is_authenticated and (current_user.is_admin or manages_any_project(current_user.id))
    return render_template("reports/start.html", projects=list_published_projects(), makes_projects=makes)


@bp.route("/public/<code>")
@public
@same_for_all
def show(code: str) -> ResponseReturnValue:
    """Show a project as it is published: purpose, outcomes of today, events, plan, partners and budget."""
    project = get_published_project(code)
    today = clock.today(project.time_zone)
    table = public_table(code, None, today=today)
    return render_template(
        "reports/public.html",
        project=project,
        packages=list_work_packages(code),
        organisations=list_organisations(code),
        budget=approved_budget(code),
        table=table,
        few=FEW,
        events=public_events(code, clock.now()),
        surveys=list_public_surveys(code, today),
        notes=outcome_notes(table.outcomes, public=True),
        roles=labels.ROLES,
        units=labels.UNITS,
    )


@bp.route("/public/<code>/events")
@public
@same_for_all
def events(code: str) -> ResponseReturnValue:
    """List the project's next public events, with the way to register for them."""
    project = get_published_project(code)
    coming = coming_events(code, clock.now(), page_number(), page_size())
    return render_template(
        "reports/public_events.html", project=project, coming=coming, states=activity_labels.DESK_STATES
    )


@bp.route("/public/<code>/outcomes.json")
@public
@same_for_all
def outcomes(code: str) -> ResponseReturnValue:
    """The outcome table as everyone may read it, as of today or of the last day of a period, for programs."""
    try:
        project = get_published_project(code)
        today = clock.today(project.time_zone)
        shape = public_shape(public_table(code, request.args.get("as_of"), today=today), current_language())
    except PortalError as error:
        return _json({"error": {"code": error.problem.code, "message": sentence(error.problem)}}, error.status)
    return _json(shape)


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


def _json(content: object, status: int = 200) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status, mimetype="application/json")
