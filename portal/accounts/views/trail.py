"""What was done in the portal outside of every project: sign-ins, accounts, mails, jobs."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import admin_only
from portal.accounts.queries import name_accounts
from portal.audit.export import audit_workbook
from portal.audit.forms import asked_filter
from portal.audit.queries import list_all_entries, list_entries, list_kinds
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.paging import page_number

bp = Blueprint("admin_audit", __name__, url_prefix="/admin")

# Entries that belong to no project, whose people may sit anywhere.
OUTSIDE, ZONE = "", "UTC"


@bp.route("/audit")
@admin_only
def index() -> ResponseReturnValue:
    """List the entries, latest first, filtered by what the address says."""
    chosen = asked_filter()
    page = list_entries(OUTSIDE, chosen, zone=ZONE, page=page_number(), reader=current_user.id)
    return render_template(
        "accounts/audit.html",
        page=page,
        chosen=chosen,
        kinds=list_kinds(OUTSIDE),
        names=name_accounts(entry.subject for entry in page.entries),
    )


@bp.route("/audit.xlsx")
@admin_only
def workbook() -> ResponseReturnValue:
    """The chosen entries as a workbook, in the order written."""
    content = audit_workbook(list_all_entries(OUTSIDE, asked_filter(), zone=ZONE, reader=current_user.id), ZONE)
    return attachment(content, name="portal-audit.xlsx", media_type=XLSX)
