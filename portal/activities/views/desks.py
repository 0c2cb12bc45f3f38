"""The organiser's pages of registration: how people register, and who has."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import demand, demand_sight, note_acting, requires
from portal.accounts.rules import Permission
from portal.activities import labels
from portal.activities.forms.desks import DeskForm, PressForm, desk_form, desk_values
from portal.activities.queries import EventRow, count_by_status, get_event
from portal.activities.queries import registrations as queries
from portal.activities.queries.places import LEAVING
from portal.activities.queries.retention import kept_days
from portal.activities.rules.desks import DeskDraft
from portal.activities.rules.events import EventStatus
from portal.activities.services.registrations import answering
from portal.activities.services.registrations import desks as services
from portal.core import clock
from portal.core.errors import Conflict, Problem
from portal.core.web.paging import page_number, page_size
from portal.projects.queries import get_project
from portal.projects.rules.closing import check_open

bp = Blueprint("desks", __name__, url_prefix="/projects/<code>/events/<int:event_id>/registration")


@bp.route("")
@requires(Permission.SEE_PARTICIPANTS)
def show(code: str, event_id: int) -> ResponseReturnValue:
    """Show whether people can register, how many have, and the link they register by."""
    event = _seen_event(code, event_id)
    note_acting(Permission.EDIT_EVENTS, event.organiser_keys)
    standing = queries.find_standing(event_id, clock.now())
    return render_template(
        "activities/desks_show.html",
        project=get_project(code),
        event=event,
        standing=standing,
        wanted=queries.wanted_together(standing) if standing else 0,
        can_change=_can_change(event),
        states=labels.DESK_STATES,
        people=count_by_status(event_id),
        statuses=labels.PARTICIPATION_STATUSES,
    )


@bp.route("/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def edit(code: str, event_id: int) -> ResponseReturnValue:
    """Show the form of the registration page, or open or change it; a stale form keeps what was typed."""
    event = _own_event(code, event_id)
    if request.method != "POST":
        check_open(get_project(code).status)
        if not _can_change(event):
            return redirect(url_for(".show", code=code, event_id=event_id))
    days, desk = kept_days(code).unattended_days, queries.find_desk(event_id)
    form = desk_form(event, desk, now=clock.now(), days=days)
    version = form.version.data if desk else None
    if form.is_submitted() and form.wants_more:
        return _form_page(event, form)
    if form.accepted(lambda: _store(event_id, form.draft(), version)):
        flash(_("The registration page is saved.") if desk else _("Registration is set up. Send the link to people."))
        return redirect(url_for(".show", code=code, event_id=event_id))
    return _form_page(get_event(code, event_id), form)


@bp.route("/link", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def renew(code: str, event_id: int) -> ResponseReturnValue:
    """Say what a new link means, or make it."""
    event, form = _own_event(code, event_id), PressForm()
    queries.get_event_desk(event_id)
    if form.accepted(lambda: services.renew_link(event_id, now=clock.now())):
        flash(_("The link is new. Send it to those who shall register."))
        return redirect(url_for(".show", code=code, event_id=event_id))
    page = render_template("activities/desks_renew.html", project=get_project(code), event=event, form=form)
    return page, form.answer_status


@bp.route("/list")
@requires(Permission.SEE_PARTICIPANTS)
def people(code: str, event_id: int) -> ResponseReturnValue:
    """List who has registered, by the status that the address asks for, with how many have which status."""
    event, desk = _seen_event(code, event_id), queries.find_desk(event_id)
    status, statuses = request.args.get("status", ""), count_by_status(event_id)
    queries.check_status(status)
    return render_template(
        "activities/desks_people.html",
        project=get_project(code),
        event=event,
        desk=desk,
        page=queries.list_registered(event_id, statuses, status, page_number(), page_size()),
        people=statuses,
        chosen=status,
        written_answers=queries.written_answers,
        statuses=labels.PARTICIPATION_STATUSES,
        leaving=LEAVING,
    )


@bp.route("/list/<int:participation_id>/cancel", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def cancel(code: str, event_id: int, participation_id: int) -> ResponseReturnValue:
    """Say what cancelling a person's place means, or do it."""
    event, form = _own_event(code, event_id), PressForm()
    queries.get_registered(event_id, participation_id)
    if form.accepted(lambda: answering.cancel_by_organiser(event_id, participation_id, now=clock.now())):
        flash(_("The place is cancelled."))
        return redirect(url_for(".people", code=code, event_id=event_id))
    person = queries.get_registered(event_id, participation_id)
    page = render_template(
        "activities/desks_cancel.html",
        project=get_project(code),
        event=event,
        person=person,
        form=form,
        statuses=labels.PARTICIPATION_STATUSES,
    )
    return page, form.answer_status


def _own_event(code: str, event_id: int) -> EventRow:
    event = get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    return event


def _seen_event(code: str, event_id: int) -> EventRow:
    event = get_event(code, event_id)
    demand_sight(Permission.SEE_PARTICIPANTS, event.organiser_keys)
    return event


def _can_change(event: EventRow) -> bool:
    """Whether the registration page can be opened or changed at this moment, by whoever may."""
    return event.status == EventStatus.PLANNED and event.starts_at > clock.now()


def _store(event_id: int, draft: DeskDraft, version: int | None) -> None:
    if version is None:
        services.open_desk(event_id, draft, now=clock.now())
    else:
        services.change_desk(event_id, draft, version=version, now=clock.now())


def _form_page(event: EventRow, form: DeskForm) -> ResponseReturnValue:
    desk = queries.find_desk(event.id)
    stale = []
    if desk is not None and form.answer_status == Conflict.status:
        stored = {name: value for name, value in desk_values(desk).items() if name in form}
        stale = form.stale_over(stored, Problem("desk-stale"))
    page = render_template(
        "activities/desks_edit.html",
        project=get_project(event.project_code),
        event=event,
        desk=desk,
        form=form,
        stale=stale,
    )
    return page, form.answer_status
