"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from portal.accounts import services
from portal.accounts.forms import LoginForm
from portal.accounts.guard import public, signed_in

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Show the sign-in form, or sign in and go on to where the person wanted to be."""
    if current_user.is_authenticated:
        return redirect(_wanted())
    form = LoginForm()
    if form.validate_on_submit():
        production = current_app.config["PRODUCTION"]
        user = services.authenticate(form.email.data or "", form.password.data or "", production=production)
        if user is not None:
            chosen = session.get("language") or user.language
            session.clear()
            session["language"] = chosen
            login_user(user)
            return redirect(_wanted())
        form.refuse(_("The e-mail or the password is not right. Check both and try again."))
    return render_template("accounts/login.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/logout", methods=["POST"])
@signed_in
def logout() -> ResponseReturnValue:
    """End the sign-in."""
    logout_user()
    session.clear()
    flash(_("You have signed out."))
    return redirect(url_for("public.start"))


def _wanted() -> str:
    """The page of this portal that `next` names, else the list of projects."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme:
        return wanted
    return url_for("projects.index")
