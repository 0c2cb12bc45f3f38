"""The project's audit: who changed what, when, from what to what; and its export."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import requires
from portal.accounts.queries import name_accounts
from portal.accounts.rules import Permission
from portal.audit.export import audit_workbook
from portal.audit.forms import asked_filter
from portal.audit.queries import list_all_entries, list_entries, list_kinds
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.paging import page_number
from portal.projects.queries import get_project

bp = Blueprint("audit", __name__, url_prefix="/projects/<code>")


@bp.route("/audit")
@requires(Permission.READ_AUDIT)
def index(code: str) -> ResponseReturnValue:
    """List the project's audit entries, latest first, filtered by what the address says."""
    project, chosen = get_project(code), asked_filter()
    page = list_entries(code, chosen, zone=project.time_zone, page=page_number(), reader=current_user.id)
    return render_template(
        "projects/audit.html",
        project=project,
        page=page,
        chosen=chosen,
        kinds=list_kinds(code),
        names=name_accounts(entry.subject for entry in page.entries),
    )


@bp.route("/audit.xlsx")
@requires(Permission.READ_AUDIT)
def workbook(code: str) -> ResponseReturnValue:
    """The chosen entries as a workbook, one row for each changed field, in the order written."""
    zone = get_project(code).time_zone
    content = audit_workbook(list_all_entries(code, asked_filter(), zone=zone, reader=current_user.id), zone)
    return attachment(content, name=f"{code}-audit.xlsx", media_type=XLSX)
