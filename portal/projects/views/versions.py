"""What was agreed: the project's versions, and what each changed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.projects import queries, wording
from portal.projects.queries.versions import get_version, list_versions

bp = Blueprint("versions", __name__, url_prefix="/projects/<code>/versions")


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """List the versions, the latest first."""
    project, versions = queries.get_project(code), list_versions(code)
    return render_template("projects/versions.html", project=project, versions=versions, words=wording)


@bp.route("/<int:number>")
@requires(Permission.READ_PROJECT)
def show(code: str, number: int) -> ResponseReturnValue:
    """Show what a version changed against the one before."""
    project, page = queries.get_project(code), get_version(code, number)
    earlier = page.earlier or {}
    agreed, others = (
        wording.tell_changes([each for each in page.changes if each.is_contractual is wanted], earlier, page.rows)
        for wanted in (True, False)
    )
    return render_template(
        "projects/version.html", project=project, page=page, agreed=agreed, others=others, words=wording
    )
