"""The members of a project: who plays which part, inviting people, giving and taking roles.

The administrator's pages of an account's roles know the names of projects and organisations, and nothing else of them.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.accounts import queries
from portal.accounts.guard import admin_only, requires
from portal.accounts.labels import ROLES
from portal.accounts.rules import Permission
from portal.accounts.services import memberships as services
from portal.core import clock
from portal.core.web.language import current_language
from portal.projects.forms import AnyRoleForm, InviteForm, PressForm, RoleForm
from portal.projects.queries import get_project, list_organisations, list_projects

bp = Blueprint("members", __name__)

# What was mailed -> what the manager is told.
INVITED = {
    "link": _l("{email} is a member now, and a link for choosing a password is on its way."),
    "membership": _l("{email} is a member now, and a mail is on its way."),
    "": _l("{email} holds this role already. Nothing was changed or sent."),
}

MEMBERS = "/projects/<code>/members"
ROLES_OF = "/admin/accounts/<int:user_id>/roles"


@bp.route(MEMBERS)
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """List who plays which part in the project."""
    return render_template(
        "projects/members.html",
        project=get_project(code),
        members=queries.list_members(code),
        organisations={each.key: each for each in list_organisations(code)},
        roles=ROLES,
        press=PressForm(formdata=None),
    )


@bp.route(f"{MEMBERS}/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def invite(code: str) -> ResponseReturnValue:
    """Show the form for a new member, or invite them by mail."""
    form = InviteForm(data={"language": current_language()})
    form.offer(list_organisations(code))
    person, role, inviter = form.person(), form.draft(code), current_user.name
    if form.accepted(lambda: services.invite(person, [role], inviter=inviter, now=clock.now())):
        _user_id, mailed = form.result
        flash(INVITED[mailed].format(email=person.email.strip()))
        return redirect(url_for(".index", code=code))
    return render_template("projects/members_invite.html", project=get_project(code), form=form), form.answer_status


@bp.route(f"{MEMBERS}/<int:membership_id>/more", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def give(code: str, membership_id: int) -> ResponseReturnValue:
    """Show the form for a further role of a member, or store it."""
    member = queries.get_member(code, membership_id)
    form = RoleForm()
    form.offer(list_organisations(code))
    role = form.draft(code)
    if form.accepted(lambda: services.add_membership(member.user_id, **role._asdict(), now=clock.now())):
        flash(_("%(name)s has the role now.", name=member.name))
        return redirect(url_for(".index", code=code))
    return render_template(
        "projects/members_give.html", project=get_project(code), member=member, form=form
    ), form.answer_status


@bp.route(f"{MEMBERS}/<int:membership_id>/invitation", methods=["POST"])
@requires(Permission.EDIT_PROJECT)
def resend(code: str, membership_id: int) -> ResponseReturnValue:
    """Mail the invitation of a member again who has not chosen a password yet."""
    member, form, inviter = queries.get_member(code, membership_id), PressForm(), current_user.name
    if form.accepted(lambda: services.resend_invitation(member.user_id, inviter=inviter, now=clock.now())):
        flash(_("The invitation is on its way again."))
    for error in form.all_errors():
        flash(error, "error")
    return redirect(url_for(".index", code=code))


@bp.route(f"{MEMBERS}/<int:membership_id>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def remove(code: str, membership_id: int) -> ResponseReturnValue:
    """Say what taking the role means, or take it."""
    form = PressForm()
    if form.accepted(lambda: services.remove_membership(membership_id, project_code=code, now=clock.now())):
        flash(_("The role is removed, and whoever held it is signed out."))
        return redirect(url_for(".index", code=code))
    return render_template(
        "projects/members_remove.html",
        project=get_project(code),
        member=queries.get_member(code, membership_id),
        organisations={each.key: each for each in list_organisations(code)},
        roles=ROLES,
        form=form,
    ), form.answer_status


@bp.route(f"{ROLES_OF}/new", methods=["GET", "POST"])
@admin_only
def admin_give(user_id: int) -> ResponseReturnValue:
    """Show the form for a further role of an account, or store it."""
    account = queries.get_account(user_id)
    form = AnyRoleForm()
    form.offer({project.code: list_organisations(project.code) for project in list_projects()})
    role = form.draft()
    if form.accepted(lambda: services.add_membership(user_id, **role._asdict(), now=clock.now())):
        flash(_("The role is given."))
        return redirect(url_for("admin_accounts.show", user_id=user_id))
    return render_template("projects/members_admin_give.html", account=account, form=form), form.answer_status


@bp.route(f"{ROLES_OF}/<int:membership_id>/remove", methods=["GET", "POST"])
@admin_only
def admin_take(user_id: int, membership_id: int) -> ResponseReturnValue:
    """Say what taking the role from an account means, or take it."""
    form = PressForm()
    if form.accepted(lambda: _take(user_id, membership_id)):
        flash(_("The role is removed, and whoever held it is signed out."))
        return redirect(url_for("admin_accounts.show", user_id=user_id))
    return render_template(
        "projects/members_admin_take.html",
        account=queries.get_account(user_id),
        role=queries.get_role(user_id, membership_id),
        roles=ROLES,
        form=form,
    ), form.answer_status


def _take(user_id: int, membership_id: int) -> None:
    role = queries.get_role(user_id, membership_id)
    services.remove_membership(membership_id, project_code=role.project_code, now=clock.now())
