"""Pages of what is wrong with expenditure."""

from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.guard import reach, requires
from portal.accounts.rules import Permission
from portal.budget import labels
from portal.budget.queries.finding_list import FindingFilter, finding_choices, list_findings
from portal.budget.rules.facts import ItemFacts
from portal.budget.wording import SEVERITIES, TITLES, SaidFinding, said
from portal.core import clock
from portal.core.choosing import without_refused
from portal.core.errors import InvalidInput
from portal.core.sentences import sentence
from portal.core.web.language import text_in
from portal.core.web.paging import cut_page
from portal.projects.queries import get_project

bp = Blueprint("findings", __name__, url_prefix="/projects/<code>/expenditure/findings")


class SaidItem(NamedTuple):
    """An item and one of the things that are wrong with it, in words."""

    item: ItemFacts
    said: SaidFinding


@bp.route("")
@requires(Permission.SEE_EXPENDITURE)
def index(code: str) -> ResponseReturnValue:
    """Show what is wrong with the expenditure that the person may see, filtered by what the address says."""
    mine, project = reach(Permission.SEE_EXPENDITURE), get_project(code)
    keys = [each.key for each in project.organisations if mine is None or each.key in mine]
    asked = FindingFilter(*(request.args.get(name, "") for name in FindingFilter._fields))
    chosen, problems = without_refused(asked, finding_choices(keys))
    found = list_findings(code, mine, chosen, clock.today(project.time_zone))
    page = cut_page(found.found)
    sections = found.grouped(page.rows)
    return render_template(
        "budget/findings.html",
        project=found.project,
        found=found,
        page=page,
        sections=[(group, [SaidItem(each.item, said(each.finding)) for each in rows]) for group, rows in sections],
        chosen=chosen,
        everything=FindingFilter(),
        organisations={each.key: each for each in found.organisations},
        names=[(each.key, text_in(each.name)) for each in found.organisations],
        titles=TITLES,
        severities=SEVERITIES,
        labels=labels,
        problems={each.where: sentence(each) for each in problems},
    ), InvalidInput.status if problems else 200
