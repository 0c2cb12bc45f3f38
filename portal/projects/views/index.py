"""The list of projects, and new ones."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.guard import signed_in
from portal.accounts.queries import list_project_codes, manages_any_project
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.web.one_record import one_record
from portal.projects.forms.structure_new import NewProjectForm
from portal.projects.queries import list_projects
from portal.projects.services.structure_new import create_project

bp = Blueprint("projects", __name__, url_prefix="/projects")


@bp.route("/")
@signed_in
def index() -> ResponseReturnValue:
    """List the person's projects, or go straight to the only one."""
    codes = list_project_codes(current_user.id)
    if len(codes) == 1:
        return redirect(url_for("project.home", code=codes[0]))
    return render_template("projects/index.html", projects=list_projects(codes), may_create=_may_create())


@bp.route("/new", methods=["GET", "POST"])
@signed_in
@one_record
def new() -> ResponseReturnValue:
    """Show the form of a new project, or make it; for administrators and for whoever manages a project already."""
    if not _may_create():
        raise NotFound("not-open")
    form, user_id = NewProjectForm(), current_user.id
    form.offer()
    if form.accepted(lambda: create_project(form.stated(), user_id=user_id, now=clock.now())):
        flash(_("The project is made. It is in preparation, and you are its manager."))
        return redirect(url_for("structure.index", code=form.result))
    return render_template("projects/new.html", form=form), form.answer_status


def _may_create() -> bool:
    return bool(current_user.is_admin) or manages_any_project(current_user.id)
