"""Signing in and out."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.forms import LoginForm
from portal.accounts.guard import begin_session, current_sign_in, end_session, public, signed_in, why_ended
from portal.accounts.rules.throttling import TooManyAttempts
from portal.accounts.services import sessions
from portal.core import clock
from portal.core.errors import InvalidInput

bp = Blueprint("accounts", __name__)

# The cookie by which a browser is known at the accounts that people have signed in to with it, the latest first.
KNOWN = "known"
KNOWN_FOR = timedelta(days=180)
MOST_KNOWN = 5


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Show the sign-in form, or sign in and go on to where the person wanted to be."""
    if current_user.is_authenticated:
        return redirect(_wanted())
    form = LoginForm()
    # Not `accepted`: what a sign-in results in is a secret, which the used keys of forms must not hold.
    if form.is_submitted():
        form.answer_status = InvalidInput.status
    headers = {}
    if form.validate_on_submit():
        try:
            return _begin(form)
        except TooManyAttempts as error:
            form.show_problems(error)
            form.answer_status, headers = error.status, {"Retry-After": str(error.seconds)}
        except InvalidInput as error:
            form.show_problems(error)
    return render_template("accounts/login.html", form=form, ended=why_ended()), form.answer_status, headers


@bp.route("/logout", methods=["POST"])
@signed_in
def logout() -> ResponseReturnValue:
    """End the sign-in."""
    sessions.sign_out(current_user.id, current_sign_in().id, now=clock.now())
    end_session()
    flash(_("You have signed out."))
    return redirect(url_for("public.start"))


def _begin(form: LoginForm) -> Response:
    known = [each for each in request.cookies.get(KNOWN, "").split(".") if each]
    signed_in = sessions.sign_in(
        form.email.data or "",
        form.password.data or "",
        address=request.remote_addr or "",
        production=current_app.config["PRODUCTION"],
        tokens=known,
        now=clock.now(),
    )
    begin_session(signed_in.token, session.get("language") or signed_in.language)
    answer = current_app.make_response(redirect(_wanted()))
    kept = [signed_in.browser, *(each for each in known if each != signed_in.browser)][:MOST_KNOWN]
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(
        KNOWN, ".".join(kept), max_age=KNOWN_FOR, path="/login", secure=secure, httponly=True, samesite="Lax"
    )
    return answer


def _wanted() -> str:
    """The page of this portal that `next` names, else the list of projects."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme:
        return wanted
    return url_for("projects.index")
