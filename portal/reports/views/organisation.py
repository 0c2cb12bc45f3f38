"""The page of one organisation: what it is, whom to ask, and what it does in the project."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.queries import count_members
from portal.accounts.rules import Permission
from portal.activities.labels import EVENT_STATUSES
from portal.activities.queries import EventFilter, list_events
from portal.projects import labels
from portal.projects.queries import get_organisation, get_project, list_responsibilities

bp = Blueprint("organisation", __name__, url_prefix="/projects/<code>/organisations")

MOST_EVENTS = 20


@bp.route("/<organisation_key>")
@requires(Permission.READ_PROJECT)
def show(code: str, organisation_key: str) -> ResponseReturnValue:
    """Show the organisation with its contacts, its latest events and the activities it answers for."""
    organisation = get_organisation(code, organisation_key)
    page = list_events(code, EventFilter(organisation=organisation_key))
    return render_template(
        "reports/organisation.html",
        project=get_project(code),
        organisation=organisation,
        events=page.events[:MOST_EVENTS],
        total=page.total,
        activities=list_responsibilities(organisation),
        members=count_members(code, organisation_key),
        roles=labels.ROLES,
        kinds=labels.EVENT_KINDS,
        statuses=EVENT_STATUSES,
    )
