"""Links by mail: asking for a new password, and choosing one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.forms import ChoosePasswordForm, ForgottenForm
from portal.accounts.guard import public
from portal.accounts.queries import get_link_state
from portal.accounts.rules.links import LinkState
from portal.accounts.rules.passwords import SHORTEST
from portal.accounts.rules.throttling import TooManyAttempts
from portal.accounts.services import links as services
from portal.core import clock
from portal.core.errors import Conflict, NotFound

bp = Blueprint("links", __name__)

STATUS = {
    LinkState.OPEN: 200,
    LinkState.USED: Conflict.status,
    LinkState.EXPIRED: Conflict.status,
    LinkState.UNKNOWN: NotFound.status,
}


@bp.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link by mail; the answer is the same whether or not the e-mail has an account."""
    form = ForgottenForm()
    email, address, headers = form.email.data or "", request.remote_addr or "", {}
    try:
        if form.accepted(lambda: services.request_reset(email, address=address, now=clock.now())):
            flash(_("If there is an account for this e-mail, a link is on its way. It works for two hours."))
            return redirect(url_for("accounts.login"))
    except TooManyAttempts as error:
        form.show_problems(error)
        form.answer_status, headers = error.status, {"Retry-After": str(error.seconds)}
    return render_template("accounts/forgotten.html", form=form), form.answer_status, headers


@bp.route("/link/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Show the form that the link opens, which uses nothing up, or store the chosen password."""
    form = ChoosePasswordForm()
    chosen = form.password.data or ""
    try:
        if form.accepted(lambda: services.use_link(token, password=chosen, now=clock.now())):
            flash(_("Your password is set. Sign in with it."))
            return redirect(url_for("accounts.login"))
    except NotFound:
        # The page says it, with the way to a new link.
        form.answer_status = NotFound.status
    state = get_link_state(token, now=clock.now())
    status = form.answer_status if state is LinkState.OPEN else STATUS[state]
    return render_template("accounts/link.html", form=form, state=state, least=SHORTEST), status
