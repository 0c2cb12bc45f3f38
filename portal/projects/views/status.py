"""A project's status, and a new project with its structure."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.web.one_record import one_record
from portal.projects import wording
from portal.projects.forms.structure_new import CopyForm, MoveForm
from portal.projects.queries import get_project
from portal.projects.queries.structure import get_structure
from portal.projects.rules.contract import MOVES, gaps
from portal.projects.services.structure_new import copy_project
from portal.projects.services.structure_status import move_project

bp = Blueprint("status", __name__, url_prefix="/projects/<code>")


@bp.route("/status", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def move(code: str) -> ResponseReturnValue:
    """Say what the project's next status means, or give it."""
    form = MoveForm(data={"version": get_project(code).version})
    wanted, version = form.wanted.data, form.version.data
    if form.accepted(lambda: move_project(code, wanted, version=version, now=clock.now())):
        flash(_("Done: the project's status is “%(status)s” now.", status=wording.STATUSES[wanted]))
        return redirect(url_for("structure.index", code=code))
    structure = get_structure(code)
    project = structure.project
    form.version.reopen(project.version)
    return render_template(
        "projects/status.html",
        project=project,
        status=wording.STATUSES[project.status],
        act=wording.MOVES[project.status],
        wanted=MOVES[project.status][0],
        gaps=[wording.GAPS[gap] for gap in gaps(structure.rows)] if project.status == "preparation" else [],
        form=form,
    ), form.answer_status


@bp.route("/copy", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@one_record
def copy(code: str) -> ResponseReturnValue:
    """Show the form of a new project with this one's structure, or make it."""
    form, user_id = CopyForm(), current_user.id
    stated, budgets = form.stated(), form.keep_budgets.data
    if form.accepted(lambda: copy_project(code, stated, keep_budgets=budgets, user_id=user_id, now=clock.now())):
        flash(_("The project is made. It is in preparation, and you are its manager."))
        return redirect(url_for("structure.index", code=form.result))
    return render_template("projects/copy.html", project=get_project(code), form=form), form.answer_status
