"""The administrator's pages of accounts. They show who may open what, and nothing of any project."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts import queries
from portal.accounts.forms import PersonForm, PressForm
from portal.accounts.guard import admin_only
from portal.accounts.labels import ROLES
from portal.accounts.services import accounts as services
from portal.accounts.services import memberships
from portal.accounts.services.accounts import PersonDraft
from portal.core import clock
from portal.core.web.paging import page_number

bp = Blueprint("admin_accounts", __name__, url_prefix="/admin/accounts")


@bp.route("")
@admin_only
def index() -> ResponseReturnValue:
    """List the accounts, those that hold what is searched for."""
    search = request.args.get("search", "").strip()
    return render_template(
        "accounts/index.html", page=queries.list_accounts(search, page_number()), search=search, roles=ROLES
    )


@bp.route("/new", methods=["GET", "POST"])
@admin_only
def invite() -> ResponseReturnValue:
    """Show the form for a new account, or make it and mail the invitation."""
    form = PersonForm(data={"language": current_user.language})
    person = PersonDraft(form.email.data or "", form.name.data or "", form.language.data)
    inviter = current_user.name
    if form.accepted(lambda: memberships.invite(person, [], inviter=inviter, now=clock.now())):
        flash(_("The account is there. Whoever has no password yet gets a link by mail. Next: give it a role."))
        user_id, _mailed = form.result
        return redirect(url_for(".show", user_id=user_id))
    return render_template("accounts/invite.html", form=form), form.answer_status


@bp.route("/<int:user_id>")
@admin_only
def show(user_id: int) -> ResponseReturnValue:
    """Show one account: its state and its roles, and what can be done with it."""
    account = queries.get_account(user_id)
    press = PressForm(formdata=None, data={"version": account.version})
    return render_template("accounts/show.html", account=account, press=press, roles=ROLES)


@bp.route("/<int:user_id>/disable", methods=["GET", "POST"])
@admin_only
def disable(user_id: int) -> ResponseReturnValue:
    """Say what disabling the account does, or do it."""
    form = _press(user_id)
    opened = form.version.data
    if form.accepted(lambda: services.set_active(user_id, active=False, version=opened, now=clock.now())):
        flash(_("The account is disabled and signed out everywhere."))
        return redirect(url_for(".show", user_id=user_id))
    return render_template("accounts/disable.html", account=_reopen(form, user_id), form=form), form.answer_status


@bp.route("/<int:user_id>/enable", methods=["GET", "POST"])
@admin_only
def enable(user_id: int) -> ResponseReturnValue:
    """Say what enabling the account does, or do it."""
    form = _press(user_id)
    opened = form.version.data
    if form.accepted(lambda: services.set_active(user_id, active=True, version=opened, now=clock.now())):
        flash(_("The account is enabled."))
        return redirect(url_for(".show", user_id=user_id))
    return render_template("accounts/enable.html", account=_reopen(form, user_id), form=form), form.answer_status


@bp.route("/<int:user_id>/administrator", methods=["GET", "POST"])
@admin_only
def administrator(user_id: int) -> ResponseReturnValue:
    """Say what it means that the person becomes an administrator or stops being one, or store it."""
    form = _press(user_id)
    opened, wanted = form.version.data, not queries.get_account(user_id).is_admin
    if form.accepted(lambda: services.set_admin(user_id, admin=wanted, version=opened, now=clock.now())):
        done = _("This person is an administrator now."), _("This person is no longer an administrator.")
        flash(done[0] if form.result else done[1])
        return redirect(url_for(".show", user_id=user_id))
    return render_template("accounts/administrator.html", account=_reopen(form, user_id), form=form), form.answer_status


@bp.route("/<int:user_id>/invitation", methods=["POST"])
@admin_only
def invitation(user_id: int) -> ResponseReturnValue:
    """Mail the invitation again."""
    form, inviter = PressForm(), current_user.name
    if form.accepted(lambda: memberships.resend_invitation(user_id, inviter=inviter, now=clock.now())):
        flash(_("The invitation is on its way again."))
    for error in form.all_errors():
        flash(error, "error")
    return redirect(url_for(".show", user_id=user_id))


def _press(user_id: int) -> PressForm:
    return PressForm(data={"version": queries.get_account(user_id).version})


def _reopen(form: PressForm, user_id: int) -> object:
    """The account as it is now, for which the form may be sent again."""
    account = queries.get_account(user_id)
    form.version.reopen(account.version)
    return account
