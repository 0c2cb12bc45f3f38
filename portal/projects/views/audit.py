"""The project's audit: who changed what, when, from what to what; and its export."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.audit.labels import actions
from portal.audit.queries import AuditFilter, list_all_entries, list_entries, list_kinds
from portal.core.errors import InvalidInput
from portal.core.tables import XLSX, Column, Sheet, write_xlsx
from portal.core.web.days import asked_day
from portal.core.web.paging import page_number
from portal.projects.queries import get_project
from portal.projects.trail import audit_rows

bp = Blueprint("audit", __name__, url_prefix="/projects/<code>")


@bp.route("/audit")
@requires(Permission.READ_AUDIT)
def index(code: str) -> ResponseReturnValue:
    """List the project's audit entries, latest first, filtered by what the address says."""
    project = get_project(code)
    chosen = _filter()
    return render_template(
        "projects/audit.html",
        project=project,
        page=list_entries(code, chosen, zone=project.time_zone, page=page_number()),
        chosen=chosen,
        kinds=list_kinds(code),
        actions=actions(),
    )


@bp.route("/audit.xlsx")
@requires(Permission.READ_AUDIT)
def workbook(code: str) -> ResponseReturnValue:
    """The chosen entries as a workbook, one row for each changed field, in the order written."""
    project = get_project(code)
    said = (_("When"), _("Who"), _("Acting for"), _("What was done"), _("To what"))
    headers = (*said, _("Field"), _("Before"), _("After"))
    entries = list_all_entries(code, _filter(), zone=project.time_zone)
    rows = audit_rows(entries, project.time_zone)
    content = write_xlsx([Sheet("Audit", [Column(header, 24) for header in headers], rows)])
    file = Response(content, mimetype=XLSX)
    file.headers.set("Content-Disposition", "attachment", filename=f"{code}-audit.xlsx")
    return file


def _filter() -> AuditFilter:
    number = request.args.get("subject_id", "").strip()
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise InvalidInput("number-unreadable", where="subject_id", value=number)
    return AuditFilter(
        kind=request.args.get("kind", ""),
        subject_id=int(number) if number else None,
        actor=request.args.get("actor", "").strip().lower(),
        first_day=asked_day("first_day"),
        last_day=asked_day("last_day"),
    )
