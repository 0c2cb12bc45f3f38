"""The report of a survey as PDF, and as DOCX for those who write further."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.web.attachments import attachment
from portal.core.web.language import LANGUAGES, current_language
from portal.reports.documents.survey_report import survey_report_pdf
from portal.reports.documents.survey_report_docx import survey_report_docx
from portal.reports.queries.survey_report import survey_report

bp = Blueprint("survey_report", __name__, url_prefix="/projects/<code>/surveys/<key>")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.route("/report.pdf")
@requires(Permission.READ_PROJECT)
def pdf(code: str, key: str) -> ResponseReturnValue:
    """The report in the language that the address names, of the page without one."""
    report, language = survey_report(code, key), _asked_language()
    content = survey_report_pdf(report, language, now=clock.now())
    return attachment(content, name=f"{code}-{key}-report-{language}.pdf", media_type="application/pdf")


@bp.route("/report.docx")
@requires(Permission.READ_PROJECT)
def docx(code: str, key: str) -> ResponseReturnValue:
    """The same to be edited further."""
    report, language = survey_report(code, key), _asked_language()
    content = survey_report_docx(report, language, now=clock.now())
    return attachment(content, name=f"{code}-{key}-report-{language}.docx", media_type=DOCX)


def _asked_language() -> str:
    asked = request.args.get("language") or current_language()
    if asked not in LANGUAGES:
        raise InvalidInput("unknown-value", where="language", value=asked[:20], allowed=list(LANGUAGES))
    return asked
