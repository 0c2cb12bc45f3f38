"""Keeping an event out of a row of the outcome table, with a reason, and letting it back in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import demand, requires
from portal.accounts.rules import Permission
from portal.activities import queries
from portal.activities.forms.exclusions import ExcludeForm, IncludeForm
from portal.activities.queries.exclusions import find_exclusion, get_excludable, get_exclusion
from portal.activities.rules.breakdowns import Selection
from portal.activities.services import exclusions as services
from portal.core import clock
from portal.core.errors import Conflict
from portal.projects.queries import get_indicator, get_project
from portal.projects.rules.closing import check_open
from portal.reports.queries.exclusions import preview_exclusion

bp = Blueprint("exclusions", __name__, url_prefix="/projects/<code>/outcomes/<key>/exclusions")


@bp.route("/<int:event_id>/add", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def add(code: str, key: str, event_id: int) -> ResponseReturnValue:
    """Say what excluding the event from the row does and ask why, or exclude it."""
    project, event, indicator = get_project(code), _own_event(code, event_id), get_excludable(code, key)
    form = ExcludeForm()
    reason = form.reason.data or ""
    if form.accepted(lambda: services.exclude_event(event_id, key, reason, now=clock.now())):
        flash(_("The event does not count towards this row any more."))
        return redirect(_back(code, key, event_id))
    if not form.is_submitted():
        check_open(project.status)
        if find_exclusion(event_id, indicator.id) is not None:
            raise Conflict("exclusion-there")
    page = render_template(
        "reports/exclusions_add.html",
        project=project,
        event=event,
        indicator=indicator,
        effect=preview_exclusion(project, event_id, key, clock.today(project.time_zone), excluded=True),
        form=form,
        back=_back(code, key, event_id),
    )
    return page, form.answer_status


@bp.route("/<int:event_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def remove(code: str, key: str, event_id: int) -> ResponseReturnValue:
    """Show why the event is excluded from the row and what taking that back does, or let it count again."""
    project, event, indicator = get_project(code), _own_event(code, event_id), get_indicator(code, key)
    form = IncludeForm()
    if form.accepted(lambda: services.include_event(event_id, key, now=clock.now())):
        flash(_("The event counts towards this row again, as far as the row's rules say."))
        return redirect(_back(code, key, event_id))
    if not form.is_submitted():
        check_open(project.status)
    page = render_template(
        "reports/exclusions_remove.html",
        project=project,
        event=event,
        indicator=indicator,
        exclusion=get_exclusion(event_id, indicator.id),
        effect=preview_exclusion(project, event_id, key, clock.today(project.time_zone), excluded=False),
        form=form,
        back=_back(code, key, event_id),
    )
    return page, form.answer_status


def _own_event(code: str, event_id: int) -> queries.EventRow:
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_PROJECT, event.organiser_keys)
    return event


def _back(code: str, key: str, event_id: int) -> str:
    """Where the person came from: the event's page if the address says so, otherwise the part of the row it selects."""
    if request.args.get("back") == "event":
        return url_for("events.show", code=code, event_id=event_id, _anchor="counting")
    part: dict[str, Any] = {name: request.args[name] for name in ("as_of", *Selection._fields) if name in request.args}
    return url_for("outcomes.show", code=code, key=key, **part)
