"""The report of an event as PDF."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.accounts.guard import allows, requires
from portal.accounts.rules import Permission
from portal.activities import queries
from portal.core import clock
from portal.core.web.attachments import attachment
from portal.core.web.language import current_language
from portal.reports.documents.event_report import event_report_pdf
from portal.reports.queries.event_report import event_report

bp = Blueprint("event_report", __name__, url_prefix="/projects/<code>/events/<int:event_id>")


@bp.route("/report.pdf")
@requires(Permission.READ_PROJECT)
def download(code: str, event_id: int) -> ResponseReturnValue:
    """The report in the language of the page; the names of evidence files only for those who may open them."""
    event = queries.get_event(code, event_id)
    sees = allows(Permission.SEE_PARTICIPANTS, event.organiser_keys)
    report = event_report(event, with_evidence=sees, is_evidenced=queries.event_proof(event).is_evidenced)
    language = current_language()
    name = f"{code}-{event.ref}-report-{language}.pdf"
    return attachment(event_report_pdf(report, language, now=clock.now()), name=name, media_type="application/pdf")
