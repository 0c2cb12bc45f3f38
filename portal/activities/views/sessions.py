"""The pages of an event's sessions, and of repeating an event."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import demand, requires
from portal.accounts.rules import Permission
from portal.activities import queries
from portal.activities.forms.series import RepeatForm
from portal.activities.forms.sessions import SessionForm, SessionsForm, session_values
from portal.activities.queries.sessions import get_session, list_sessions, marked_positions
from portal.activities.services import dividing, series
from portal.activities.wording import session_name
from portal.core import clock
from portal.core.errors import Conflict
from portal.core.sentences import sentence
from portal.core.web.one_record import one_record
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open

bp = Blueprint("sessions", __name__, url_prefix="/projects/<code>/events/<int:event_id>")
bp.add_app_template_filter(session_name, "session_name")


@bp.route("/sessions")
@requires(Permission.READ_PROJECT)
def index(code: str, event_id: int) -> ResponseReturnValue:
    """Show the event's sessions: its days, or what the organiser made of them."""
    event = queries.get_event(code, event_id)
    return render_template(
        "activities/sessions_index.html", **_near(event), rows=list_sessions(event), marked=marked_positions(event)
    )


@bp.route("/sessions/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
@one_record
def add(code: str, event_id: int) -> ResponseReturnValue:
    """Show the form of a further session, or store it."""
    event = _own_event(code, event_id)
    form = SessionForm(data={"version": event.version})
    opened = form.version.data or 0
    if form.accepted(lambda: dividing.add_session(event_id, form.draft(), version=opened, now=clock.now())):
        flash(_("The session is stored."))
        return redirect(url_for(".index", code=code, event_id=event_id))
    event = queries.get_event(code, event_id)
    form.version.reopen(event.version)
    return render_template("activities/sessions_add.html", **_near(event), form=form), form.answer_status


@bp.route("/sessions/<int:position>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def edit(code: str, event_id: int, position: int) -> ResponseReturnValue:
    """Show the form of a session, or store what it says; a stale form keeps what was typed."""
    event = _own_event(code, event_id)
    form = SessionForm(data=session_values(get_session(event, position), event.time_zone, event.version))
    opened = form.version.data or 0
    if form.accepted(
        lambda: dividing.change_session(event_id, position, form.draft(), version=opened, now=clock.now())
    ):
        flash(_("The session is saved."))
        return redirect(url_for(".index", code=code, event_id=event_id))
    event = queries.get_event(code, event_id)
    row = get_session(event, position)
    stored = session_values(row, event.time_zone, event.version)
    stale = form.differences(stored) if form.answer_status == Conflict.status else []
    form.version.reopen(event.version)
    return render_template(
        "activities/sessions_edit.html", **_near(event), form=form, row=row, stale=stale
    ), form.answer_status


@bp.route("/sessions/<int:position>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def remove(code: str, event_id: int, position: int) -> ResponseReturnValue:
    """Say what is removed, or remove it; a session at which people were marked stays."""
    event = _own_event(code, event_id)
    get_session(event, position)
    form = SessionsForm(data={"version": event.version})
    opened = form.version.data or 0
    if form.accepted(lambda: dividing.remove_session(event_id, position, version=opened, now=clock.now())):
        flash(_("The session is removed."))
        return redirect(url_for(".index", code=code, event_id=event_id))
    event = queries.get_event(code, event_id)
    row = get_session(event, position)
    form.version.reopen(event.version)
    is_marked = position in marked_positions(event)
    return render_template(
        "activities/sessions_remove.html", **_near(event), form=form, row=row, is_marked=is_marked
    ), form.answer_status


@bp.route("/sessions/days", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def reset(code: str, event_id: int) -> ResponseReturnValue:
    """Say that the event's days would be its sessions again, or do it."""
    event = _own_event(code, event_id)
    form = SessionsForm(data={"version": event.version})
    opened = form.version.data or 0
    if form.accepted(lambda: dividing.reset_sessions(event_id, version=opened, now=clock.now())):
        flash(_("The sessions are the event's days again."))
        return redirect(url_for(".index", code=code, event_id=event_id))
    event = queries.get_event(code, event_id)
    form.version.reopen(event.version)
    return render_template(
        "activities/sessions_reset.html", **_near(event), form=form, rows=list_sessions(event)
    ), form.answer_status


@bp.route("/repeat", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
@one_record
def repeat(code: str, event_id: int) -> ResponseReturnValue:
    """Show how often the event is repeated and which dates that gives, or make the events."""
    event = _own_event(code, event_id)
    form, dates = RepeatForm(data={"version": event.version}), []
    opened = form.version.data or 0
    if form.is_submitted():
        dates = form.offer_dates(event)
    if "show" in request.form:
        form.tried(lambda: form.check_dates(event, dates))
    elif form.accepted(lambda: series.repeat_event(event_id, form.plan(), version=opened, now=clock.now())):
        flash(_("The events of the series are stored."))
        return redirect(url_for("events.index", code=code, series=form.result))
    event = queries.get_event(code, event_id)
    form.version.reopen(event.version)
    problems = {each.day: sentence(each.problem) for each in dates if each.problem}
    page = render_template("activities/sessions_repeat.html", **_near(event), form=form, dates=dates, problems=problems)
    return page, form.answer_status


def _own_event(code: str, event_id: int) -> queries.EventRow:
    """The event, for those who may change it; a closed project shows no form that it would refuse."""
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    if request.method != "POST":
        check_open(get_project(code).status)
    return event


def _near(event: queries.EventRow) -> dict[str, object]:
    """What every page here shows."""
    return {"project": get_project(event.project_code), "event": event}
