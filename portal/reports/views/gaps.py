"""Which evidence the held events and the figures entered by hand still lack, by period."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.activities.labels import EVIDENCE_KINDS
from portal.core import clock
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.language import current_language
from portal.core.web.paging import cut_page
from portal.projects.labels import EVENT_KINDS
from portal.projects.queries import get_project
from portal.reports.gaps_workbook import gaps_workbook
from portal.reports.labels import NEEDS
from portal.reports.queries.gaps import GapFilter, Gaps, by_period, list_gaps

bp = Blueprint("gaps", __name__, url_prefix="/projects/<code>")


@bp.route("/evidence")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show how complete the evidence of each period is, and what is missing, filtered by what the address says."""
    chosen = _chosen()
    gaps = _gaps(code, chosen)
    page = cut_page(gaps.found)
    return render_template(
        "reports/gaps.html",
        project=gaps.project,
        gaps=gaps,
        page=page,
        sections=by_period(page.rows),
        chosen=chosen,
        organisations={each.key: each for each in gaps.project.organisations},
        needs=NEEDS,
        kinds=EVENT_KINDS,
        evidence_kinds=EVIDENCE_KINDS,
    )


@bp.route("/evidence.xlsx")
@requires(Permission.READ_PROJECT)
def workbook(code: str) -> ResponseReturnValue:
    """The same as a workbook in the language of the page, with all that the filter leaves."""
    content = gaps_workbook(_gaps(code, _chosen()), current_language())
    return attachment(content, name=f"{code}-evidence-{current_language()}.xlsx", media_type=XLSX)


def _chosen() -> GapFilter:
    return GapFilter(*(request.args.get(name, "") for name in GapFilter._fields))


def _gaps(code: str, chosen: GapFilter) -> Gaps:
    return list_gaps(code, chosen, clock.today(get_project(code).time_zone))
