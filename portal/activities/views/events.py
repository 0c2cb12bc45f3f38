"""Pages of events: the list, one event through its life, and its form."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accounts.guard import demand, note_acting, reach, requires
from portal.accounts.rules import Permission
from portal.activities import labels, queries
from portal.activities.forms import EventForm, StatusForm, copied_values, event_values
from portal.activities.queries.registrations import find_standing
from portal.activities.queries.series import series_place
from portal.activities.rules.drafts import EventDraft
from portal.activities.rules.events import is_joint
from portal.activities.services import events as services
from portal.core import clock
from portal.core.errors import Conflict, NotFound
from portal.core.web.addresses import LARGEST_ROW
from portal.core.web.days import asked_day
from portal.core.web.one_record import one_record
from portal.core.web.paging import page_number, page_size
from portal.projects import labels as project_labels
from portal.projects.queries import get_project, list_organisations, list_work_packages

bp = Blueprint("events", __name__, url_prefix="/projects/<code>/events")

DONE = {
    "held": _l("The event is marked as held."),
    "cancelled": _l("The event is cancelled."),
    "planned": _l("The event is planned again."),
}


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """List the project's events, filtered by what the address says."""
    chosen = queries.EventFilter(*(request.args.get(name, "") for name in queries.EventFilter._fields))
    organisations = list_organisations(code)
    queries.check_filter(chosen, [each.key for each in organisations])
    return render_template(
        "activities/index.html",
        project=get_project(code),
        page=queries.list_events(code, chosen, page_number(), page_size()),
        chosen=chosen,
        organisations=organisations,
        kinds=project_labels.EVENT_KINDS,
        statuses=labels.EVENT_STATUSES,
    )


@bp.route("/<int:event_id>")
@requires(Permission.READ_PROJECT)
def show(code: str, event_id: int) -> ResponseReturnValue:
    """Show one event: its facts, what it counts towards and why, and what to do next."""
    return _page(code, event_id, StatusForm())


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
@one_record
def create(code: str) -> ResponseReturnValue:
    """Show an empty event form, or that of a copy of the event that the address names; or store a new event."""
    mine, source = reach(Permission.EDIT_EVENTS), _source(code)
    form = EventForm(
        data=copied_values(source, asked_day("day"), mine) if source else {"organisers": sorted(mine or ())}
    )
    form.offer(list_work_packages(code), list_organisations(code), mine)
    if form.accepted(lambda: _create(code, form.draft())):
        flash(_("The event is stored. This page always says what comes next."))
        return redirect(url_for(".show", code=code, event_id=form.result))
    page = render_template("activities/form.html", project=get_project(code), form=form, event=None, source=source)
    return page, form.answer_status


@bp.route("/<int:event_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def edit(code: str, event_id: int) -> ResponseReturnValue:
    """Show the event's form, or store what it says; a stale form is shown again with its text kept."""
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    form = EventForm(data=event_values(event))
    form.offer(list_work_packages(code), list_organisations(code), reach(Permission.EDIT_EVENTS))
    opened = form.version.data
    if form.accepted(lambda: services.update_event(event_id, form.draft(), version=opened, now=clock.now())):
        flash(_("The event is saved."))
        return redirect(url_for(".show", code=code, event_id=event_id))
    event = queries.get_event(code, event_id)
    stale = form.differences(event_values(event)) if form.answer_status == Conflict.status else []
    form.version.reopen(event.version)
    page = render_template("activities/form.html", project=get_project(code), form=form, event=event, stale=stale)
    return page, form.answer_status


@bp.route("/<int:event_id>/status", methods=["POST"])
@requires(Permission.EDIT_EVENTS)
def move(code: str, event_id: int) -> ResponseReturnValue:
    """Mark the event as held, cancelled or planned again; say on its page why not, where it cannot be done."""
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    form = StatusForm()
    wanted = form.wanted.data
    if form.accepted(lambda: services.move_event(event_id, wanted, version=form.version.data, now=clock.now())):
        flash(DONE[wanted])
        return redirect(url_for(".show", code=code, event_id=event_id))
    return _page(code, event_id, form)


def _source(code: str) -> queries.EventRow | None:
    """The event that is to be copied, None where the address names none; raise NotFound."""
    text = request.args.get("copy", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ROW)) and int(text) <= LARGEST_ROW):
        raise NotFound("event-unknown")
    return queries.get_event(code, int(text))


def _create(code: str, draft: EventDraft) -> int:
    demand(Permission.EDIT_EVENTS, draft.organisers)
    return services.create_event(code, draft, now=clock.now())


def _page(code: str, event_id: int, form: StatusForm) -> ResponseReturnValue:
    event = queries.get_event(code, event_id)
    note_acting(Permission.EDIT_EVENTS, event.organiser_keys)
    form.version.reopen(event.version)
    return render_template(
        "activities/show.html",
        project=get_project(code),
        event=event,
        joint=is_joint([each.country for each in event.organisers]),
        standings=queries.list_standings(event),
        headcounts=queries.list_headcounts(event_id),
        participations=queries.count_by_status(event_id),
        attended=queries.attended_at(event_id),
        proof=queries.event_proof(event),
        desk=find_standing(event_id, clock.now()),
        desk_states=labels.DESK_STATES,
        talk=queries.list_comments(queries.event_topic(event)),
        evidence_kinds=labels.EVIDENCE_KINDS,
        series=series_place(event),
        begun=event.starts_at <= clock.now(),
        obstacles=labels.OBSTACLES,
        statuses=labels.EVENT_STATUSES,
        labels=project_labels,
        attendance_labels=labels.PARTICIPATION_STATUSES,
        form=form,
    ), form.answer_status
