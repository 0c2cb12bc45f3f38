"""The list of projects."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import signed_in
from portal.accounts.queries import list_project_codes
from portal.projects.queries import list_projects

bp = Blueprint("projects", __name__, url_prefix="/projects")


@bp.route("/")
@signed_in
def index() -> ResponseReturnValue:
    """List the person's projects, or go straight to the only one."""
    codes = list_project_codes(current_user.id)
    if len(codes) == 1:
        return redirect(url_for("project.home", code=codes[0]))
    return render_template("projects/index.html", projects=list_projects(codes))
