"""The plan page: what is late, work packages, activities and deliverables, what is to be reached; and progress."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.activities.labels import EVENT_STATUSES
from portal.activities.queries import activity_topic, list_comments
from portal.core import clock
from portal.core.errors import Conflict
from portal.core.forms import Form
from portal.core.web.paging import page_number
from portal.projects import labels
from portal.projects.forms.progress import (
    ActivityProgressForm,
    DeliverableProgressForm,
    activity_values,
    deliverable_values,
)
from portal.projects.queries import get_project
from portal.projects.queries.plan import get_activity, get_deliverable
from portal.projects.services import progress as services
from portal.reports.queries.plan import activity_events, activity_row, get_plan
from portal.reports.queries.targets import list_targets

bp = Blueprint("plan", __name__, url_prefix="/projects/<code>")

ACTIVITY = "/plan/activities/<activity_number>"
DELIVERABLE = "/plan/deliverables/<deliverable_number>"


@bp.route("/plan")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show what is late, the work packages with their timeline, and whether the targets will be reached."""
    now = clock.now()
    return render_template(
        "reports/plan.html",
        project=get_project(code),
        plan=get_plan(code, now),
        targets=list_targets(code, now),
        statuses=labels.ACTIVITY_STATUSES,
        units=labels.UNITS,
    )


@bp.route(ACTIVITY)
@requires(Permission.READ_PROJECT)
def activity(code: str, activity_number: str) -> ResponseReturnValue:
    """Show one activity: its facts, deliverables and events, and what was asked about it."""
    project, found = get_project(code), get_activity(code, activity_number)
    return render_template(
        "reports/plan_activity.html",
        project=project,
        row=activity_row(found, {}, clock.today(project.time_zone)),
        page=activity_events(found, page_number()),
        talk=list_comments(activity_topic(found)),
        statuses=labels.ACTIVITY_STATUSES,
        event_statuses=EVENT_STATUSES,
    )


@bp.route(f"{ACTIVITY}/progress", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def activity_progress(code: str, activity_number: str) -> ResponseReturnValue:
    """Show the form of how far an activity is, or store it; a stale form is shown again with its text kept."""
    values = activity_values(get_activity(code, activity_number), get_project(code).version)
    form = ActivityProgressForm(data=values)
    progress, opened = form.progress(), form.version.data
    if form.accepted(
        lambda: services.record_activity_progress(code, activity_number, progress, version=opened, now=clock.now())
    ):
        flash(_("The progress is saved."))
        return redirect(url_for(".activity", code=code, activity_number=activity_number))
    project, found = get_project(code), get_activity(code, activity_number)
    stored = activity_values(found, project.version)
    stale = form.differences(stored) if _is_stale(form, project.status) else []
    form.version.reopen(project.version)
    return render_template(
        "reports/plan_activity_progress.html", project=project, activity=found, form=form, stale=stale
    ), form.answer_status


@bp.route(f"{DELIVERABLE}/progress", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def deliverable_progress(code: str, deliverable_number: str) -> ResponseReturnValue:
    """Show the form of when a deliverable was handed over, or store it; a stale form keeps its text."""
    values = deliverable_values(get_deliverable(code, deliverable_number), get_project(code).version)
    form = DeliverableProgressForm(data=values)
    progress, opened = form.progress(), form.version.data
    if form.accepted(
        lambda: services.record_deliverable_progress(
            code, deliverable_number, progress, version=opened, now=clock.now()
        )
    ):
        flash(_("The progress is saved."))
        number = get_deliverable(code, deliverable_number).activity.number
        return redirect(url_for(".activity", code=code, activity_number=number))
    project, found = get_project(code), get_deliverable(code, deliverable_number)
    stored = deliverable_values(found, project.version)
    stale = form.differences(stored) if _is_stale(form, project.status) else []
    form.version.reopen(project.version)
    return render_template(
        "reports/plan_deliverable_progress.html", project=project, deliverable=found, form=form, stale=stale
    ), form.answer_status


def _is_stale(form: Form, project_status: str) -> bool:
    """Whether the form may be sent again over what is stored by now; over a closed project it may not."""
    return form.answer_status == Conflict.status and project_status != "closed"
