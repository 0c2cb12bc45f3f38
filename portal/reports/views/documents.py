"""The documents that the project hands to others, as PDF."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core import clock
from portal.core.web.attachments import attachment
from portal.core.web.days import asked_day
from portal.core.web.language import current_language
from portal.projects.queries import get_project
from portal.reports.documents.outcomes import outcome_pdf
from portal.reports.queries.outcomes import outcome_table

bp = Blueprint("documents", __name__, url_prefix="/projects/<code>")


@bp.route("/outcomes.pdf")
@requires(Permission.READ_PROJECT)
def outcomes(code: str) -> ResponseReturnValue:
    """The outcome table in the language of the page, as of the day that the address names, today without one."""
    today = clock.today(get_project(code).time_zone)
    table = outcome_table(code, asked_day("as_of") or today, today=today)
    language = current_language()
    name = f"{table.project.code}-outcomes-{table.as_of.isoformat()}-{language}.pdf"
    return attachment(outcome_pdf(table, language, now=clock.now()), name=name, media_type="application/pdf")
