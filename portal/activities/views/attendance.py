"""Pages of attendance: people one by one, and numbers of people without names."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import demand, demand_sight, requires
from portal.accounts.rules import Permission
from portal.activities import labels, queries
from portal.activities.forms import (
    CodedPersonForm,
    PersonForm,
    RemoveForm,
    division_form,
    division_values,
    headcounts_form,
    person_form,
)
from portal.activities.rules.headcounts import UNKNOWN, add_up
from portal.activities.rules.participants import participant_key
from portal.activities.services import attendance as services
from portal.core import clock
from portal.core.errors import Conflict, NotFound
from portal.core.forms import Form
from portal.core.web.paging import page_number, page_size
from portal.projects import labels as project_labels
from portal.projects.queries import get_project, list_countries
from portal.projects.rules.vocabulary import COUNTRIES, GROUPS

bp = Blueprint("attendance", __name__, url_prefix="/projects/<code>/events/<int:event_id>")


@bp.route("/headcounts", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def headcounts(code: str, event_id: int) -> ResponseReturnValue:
    """Show the numbers of people without names, or store them."""
    event = _own_event(code, event_id)
    form = headcounts_form(queries.list_headcounts(event_id), event.version, list_countries(code))
    opened = form.version.data
    if form.accepted(lambda: services.record_headcounts(event_id, form.drafts(), version=opened, now=clock.now())):
        flash(_("The numbers are saved."))
        sheet, session = "marking.show", request.args.get("session")
        return redirect(url_for(sheet if session else "events.show", code=code, event_id=event_id, session=session))
    stored = {name: box.draft.number or None for name, box in form.boxes.items()}
    stale = form.differences(stored) if form.answer_status == Conflict.status else []
    form.version.reopen(queries.get_event(code, event_id).version)
    return render_template(
        "activities/headcounts.html",
        project=get_project(code),
        event=event,
        form=form,
        stale=stale,
        sums=add_up(queries.list_headcounts(event_id)),
        labels=project_labels,
    ), form.answer_status


@bp.route("/headcounts/<group>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def division(code: str, event_id: int, group: str) -> ResponseReturnValue:
    """Show how many people of a group, and of the country in the address, are of each gender and age; or store it."""
    event, country = _own_event(code, event_id), request.args.get("country", "")
    if group not in GROUPS or country not in ("", *COUNTRIES):
        raise NotFound("group-unknown")
    form = division_form(queries.list_headcounts(event_id), (group, country), event.version)
    opened = form.version.data
    if form.accepted(lambda: services.record_headcounts(event_id, form.drafts(), version=opened, now=clock.now())):
        flash(_("The numbers are saved."))
        return redirect(url_for(".headcounts", code=code, event_id=event_id))
    rows = queries.list_headcounts(event_id)
    stored = division_values(rows, form.people)
    stale = form.differences(stored) if form.answer_status == Conflict.status else []
    form.version.reopen(queries.get_event(code, event_id).version)
    return render_template(
        "activities/headcounts_division.html",
        project=get_project(code),
        event=event,
        form=form,
        stale=stale,
        rest={
            row.gender: row.number for row in rows if (row.group, row.country, row.age_band) == (*form.people, UNKNOWN)
        },
        labels=project_labels,
    ), form.answer_status


@bp.route("/participants")
@requires(Permission.SEE_PARTICIPANTS)
def participants(code: str, event_id: int) -> ResponseReturnValue:
    """List the event's participants with what is known of each."""
    event = queries.get_event(code, event_id)
    demand_sight(Permission.SEE_PARTICIPANTS, event.organiser_keys)
    return render_template(
        "activities/participants.html",
        project=get_project(code),
        event=event,
        page=queries.list_participations(event_id, page_number(), page_size()),
        labels=project_labels,
        statuses=labels.PARTICIPATION_STATUSES,
    )


@bp.route("/participants/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def add_person(code: str, event_id: int) -> ResponseReturnValue:
    """Record a person by e-mail or code."""
    return _add(code, event_id, PersonForm())


@bp.route("/participants/new-code", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def add_coded_person(code: str, event_id: int) -> ResponseReturnValue:
    """Record a convicted person or family member under a code, without a field for anything that names them."""
    return _add(code, event_id, CodedPersonForm())


@bp.route("/participants/<int:participation_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def edit_person(code: str, event_id: int, participation_id: int) -> ResponseReturnValue:
    """Show what is known of a person at the event, or store it."""
    event = _own_event(code, event_id)
    row = queries.get_participation(event_id, participation_id)
    form = person_form(row, list_countries(code))
    if form.accepted(
        lambda: services.update_participation(participation_id, form.draft(), event_id=event_id, now=clock.now())
    ):
        flash(_("The participant is saved."))
        return redirect(url_for(".participants", code=code, event_id=event_id))
    return _person_page(event, form, participation_id)


@bp.route("/participants/<int:participation_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENTS)
def remove_person(code: str, event_id: int, participation_id: int) -> ResponseReturnValue:
    """Say what will be removed, or remove it."""
    event, form = _own_event(code, event_id), RemoveForm()
    if form.accepted(lambda: services.remove_participation(participation_id, event_id=event_id, now=clock.now())):
        flash(_("The participant is removed from the event."))
        return redirect(url_for(".participants", code=code, event_id=event_id))
    row = queries.get_participation(event_id, participation_id)
    page = render_template("activities/remove_person.html", project=get_project(code), event=event, row=row, form=form)
    return page, form.answer_status


def _own_event(code: str, event_id: int) -> queries.EventRow:
    event = queries.get_event(code, event_id)
    demand(Permission.EDIT_EVENTS, event.organiser_keys)
    return event


def _add(code: str, event_id: int, form: PersonForm | CodedPersonForm) -> ResponseReturnValue:
    event = _own_event(code, event_id)
    form.offer(list_countries(code))
    if form.accepted(lambda: _store(event_id, form)):
        flash(_("%(participant)s is recorded.", participant=form.result or participant_key(form.draft().participant)))
        return redirect(url_for(request.endpoint or ".participants", code=code, event_id=event_id))
    return _person_page(event, form, None)


def _store(event_id: int, form: PersonForm | CodedPersonForm) -> str:
    """Record the person; return the code of one who came under a code. An e-mail is not kept with the form's key."""
    participant = services.add_participation(event_id, form.draft(), now=clock.now())
    return participant if isinstance(form, CodedPersonForm) else ""


def _person_page(event: queries.EventRow, form: Form, participation_id: int | None) -> ResponseReturnValue:
    return render_template(
        "activities/person.html",
        project=get_project(event.project_code),
        event=event,
        form=form,
        participation_id=participation_id,
        coded=isinstance(form, CodedPersonForm),
    ), form.answer_status
