"""The pages of those who register: an event's registration page, and each person's own page.

The address of either is a secret: no page it leads to is told of it, and nobody keeps or lists it.
"""

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import public
from portal.accounts.rules.throttling import TooManyAttempts
from portal.activities import labels
from portal.activities.forms.registration import ConfirmForm, LeaveForm, LinkForm, RegistrationForm, registration_form
from portal.activities.queries import registrations as queries
from portal.activities.queries.places import get_party
from portal.activities.rules.links import nonce_of, personal_secret, was_mailed
from portal.activities.rules.registering import RegistrationDraft
from portal.activities.rules.retention import person_key
from portal.activities.services.registrations import answering
from portal.activities.services.registrations import registering as services
from portal.activities.services.registrations.throttling import admit, admit_request
from portal.activities.views.private import keep_private
from portal.core import clock
from portal.core.errors import Conflict, NotFound
from portal.core.forms import Form
from portal.projects.queries import get_project

bp = Blueprint("registration", __name__, url_prefix="/register/<token>")
bp.after_request(keep_private)


@bp.route("", methods=["GET", "POST"])
@public
def register(token: str) -> ResponseReturnValue:
    """Show the event and its form, or take the registration and go on to the person's own page."""
    desk = queries.get_desk(token)
    form, event_id = registration_form(desk, desk.event.organiser_countries), desk.event_id
    if not form.is_submitted() or form.wants_more:
        return _register_page(desk, form)
    headers = {}
    try:
        if form.accepted(lambda: _register(event_id, form.draft())):
            return redirect(url_for(".place", token=token, secret=personal_secret(_key(), form.result)), 303)
        if form.answer_status == Conflict.status:
            # What was refused may have told who is registered: it counts, though nothing of it was stored.
            admit(request.remote_addr or "", now=clock.now())
    except TooManyAttempts as error:
        headers = _refuse(form, error)
    # Read again: what was refused may have found the desk changed, and its text is agreed to anew.
    return _register_page(queries.get_desk(token), form, headers)


@bp.route("/link", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Ask for the address that the personal link is sent to once more, or send it, whoever asks."""
    event_id, form, headers = queries.get_desk(token).event_id, LinkForm(), {}
    try:
        if form.accepted(lambda: _send_link(event_id, form.email.data or "")):
            flash(_("If this address is registered for the event, a mail with the link is on its way."))
            return redirect(url_for(".register", token=token), 303)
    except TooManyAttempts as error:
        headers = _refuse(form, error)
    desk = queries.get_desk(token)
    project = get_project(desk.event.project_code)
    page = render_template(
        "activities/registration_link.html", project=project, event=desk.event, form=form, token=token
    )
    return page, form.answer_status, headers


@bp.route("/<secret>", methods=["GET", "POST"])
@public
def place(token: str, secret: str) -> ResponseReturnValue:
    """Show what has become of the person's place, or give it up."""
    nonce, form = _nonce(secret), LeaveForm()
    desk, person = queries.get_desk_of(token, nonce), form.person()
    event_id = desk.event_id
    if not form.is_submitted():
        return _place_page(desk, secret, form)
    if form.accepted(lambda: answering.cancel(event_id, nonce, only=person, now=clock.now())):
        flash(_("The place is given up."))
        own = url_for(".place", token=token, secret=secret, key=request.args.get("key"))
        return redirect(own, 303)
    return _place_page(queries.get_desk_of(token, nonce), secret, form)


@bp.route("/<secret>/confirm", methods=["POST"])
@public
def confirm(token: str, secret: str) -> ResponseReturnValue:
    """Make the seat the person's own: its key shows that the mail has reached them."""
    nonce, form = _nonce(secret), ConfirmForm()
    event_id = queries.get_desk_of(token, nonce).event_id
    if not was_mailed(_key(), nonce, form.key.data or ""):
        raise NotFound("registration-unknown")
    if form.accepted(lambda: answering.confirm(event_id, nonce, now=clock.now())):
        flash(_("The seat is yours."))
        return redirect(url_for(".place", token=token, secret=secret), 303)
    return _place_page(queries.get_desk_of(token, nonce), secret, form)


def _register(event_id: int, draft: RegistrationDraft) -> str:
    """Register and return the nonce, both counted and stored in the transaction in which the form's key is used.

    A form that comes again is given the same nonce: it leads to the place that it made, or nowhere.
    """
    admit(request.remote_addr or "", now=clock.now())
    return services.register(event_id, draft, now=clock.now())


def _send_link(event_id: int, email: str) -> None:
    """Send the link; what is no address is refused and not counted, whoever is registered."""
    address = person_key(email)
    admit_request(request.remote_addr or "", event_id, now=clock.now())
    answering.send_link_again(event_id, address, now=clock.now())


def _refuse(form: Form, error: TooManyAttempts) -> dict[str, str]:
    """Say at the form that it came too soon, and return the headers that say when it may come again."""
    form.show_problems(error)
    form.answer_status = error.status
    return {"Retry-After": str(error.seconds)}


def _register_page(
    desk: queries.DeskRow, form: RegistrationForm, headers: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    standing = queries.desk_standing(desk, clock.now())
    page = render_template(
        "activities/registration_register.html",
        project=standing.project,
        standing=standing,
        form=form,
        token=desk.token,
    )
    return page, form.answer_status, headers or {}


def _place_page(desk: queries.DeskRow, secret: str, form: Form) -> ResponseReturnValue:
    nonce, now = _nonce(secret), clock.now()
    standing, key = queries.desk_standing(desk, now), request.values.get("key", "")
    page = render_template(
        "activities/registration_place.html",
        project=standing.project,
        standing=standing,
        party=get_party(desk.event_id, nonce),
        key=key if was_mailed(_key(), nonce, key) else "",
        form=form,
        token=desk.token,
        secret=secret,
        now=now,
        statuses=labels.PARTICIPATION_STATUSES,
    )
    return page, form.answer_status


def _nonce(secret: str) -> str:
    nonce = nonce_of(_key(), secret)
    if nonce is None:
        raise NotFound("registration-unknown")
    return nonce


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key
