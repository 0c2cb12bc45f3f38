"""One's own account: name, language, password, sign-ins, and how long the present one lasts."""

from typing import NamedTuple

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal.accounts import queries
from portal.accounts.forms import ChangePasswordForm, DetailsForm, PressForm
from portal.accounts.guard import current_sign_in, end_session, signed_in
from portal.accounts.rules.passwords import SHORTEST
from portal.accounts.rules.sessions import is_last_stretch, seconds_left
from portal.accounts.rules.throttling import Attempt, TooManyAttempts
from portal.accounts.services import accounts as services
from portal.accounts.services import sessions, throttling
from portal.core import clock

bp = Blueprint("account", __name__, url_prefix="/account")


class SignInLine(NamedTuple):
    """A sign-in as its owner reads of it: how long ago it began and was last used, and whether it is this one."""

    began: str
    used: str
    here: bool


@bp.route("", methods=["GET", "POST"])
@signed_in
def show() -> ResponseReturnValue:
    """Show one's account with its sign-ins, or store name and language."""
    form = DetailsForm(obj=current_user)
    user_id, opened, details = current_user.id, form.version.data, (form.name.data or "", form.language.data)

    def change() -> None:
        services.change_details(user_id, name=details[0], language=details[1], version=opened, now=clock.now())

    if form.accepted(change):
        session["language"] = details[1]
        flash(_("Your account is saved."))
        return redirect(url_for(".show"))
    form.version.reopen(current_user.version)
    return render_template(
        "accounts/account.html",
        form=form,
        press=PressForm(formdata=None),
        sign_ins=_sign_in_lines(user_id),
    ), form.answer_status


@bp.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Show the form for a new password, or store it; every sign-in ends with the old one."""
    form = ChangePasswordForm()
    user_id, current, new, headers = current_user.id, form.current.data or "", form.password.data or "", {}
    email, address = current_user.email, request.remote_addr or ""
    try:
        if form.is_submitted():
            # Counted apart from the change: an attempt that fails must stay counted.
            throttling.admit(Attempt.PASSWORD, email, address, now=clock.now())
        if form.accepted(lambda: services.change_password(user_id, current=current, new=new, now=clock.now())):
            end_session()
            flash(_("Your password is changed, and every sign-in has ended. Sign in with the new one."))
            return redirect(url_for("accounts.login"))
    except TooManyAttempts as error:
        form.show_problems(error)
        form.answer_status, headers = error.status, {"Retry-After": str(error.seconds)}
    return render_template("accounts/password.html", form=form, least=SHORTEST), form.answer_status, headers


@bp.route("/elsewhere", methods=["POST"])
@signed_in
def sign_out_elsewhere() -> ResponseReturnValue:
    """End every sign-in but this one."""
    form, user_id, here = PressForm(), current_user.id, current_sign_in().id
    if form.accepted(lambda: sessions.sign_out_elsewhere(user_id, here, now=clock.now())):
        flash(_("You are signed out everywhere else."))
    return redirect(url_for(".show"))


@bp.route("/time-left")
@signed_in
def time_left() -> ResponseReturnValue:
    """How long the sign-in lasts, asked by a page that lies open; asking does not make it longer."""
    return jsonify(_time_left())


@bp.route("/stay", methods=["POST"])
@signed_in
def stay() -> ResponseReturnValue:
    """Stay signed in: opening any page does that, and this is the smallest."""
    return jsonify(_time_left())


def _sign_in_lines(user_id: int) -> list[SignInLine]:
    now, here = clock.now(), current_sign_in().id
    return [
        SignInLine(
            format_timedelta(each.started_at - now, add_direction=True),
            format_timedelta(each.seen_at - now, add_direction=True),
            each.id == here,
        )
        for each in queries.list_sign_ins(user_id, now=now)
    ]


def _time_left() -> dict[str, object]:
    sign_in, now = current_sign_in(), clock.now()
    return {
        "person": current_user.id,
        "seconds": seconds_left(started_at=sign_in.started_at, seen_at=sign_in.seen_at, now=now),
        "last": is_last_stretch(started_at=sign_in.started_at, now=now),
        "csrf_token": generate_csrf(),
    }
