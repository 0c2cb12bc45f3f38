"""Pages of the budget beside what was spent: by partner, category, work package and period."""

from datetime import date
from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.guard import reach, requires
from portal.accounts.rules import Permission
from portal.budget.labels import COST_CATEGORIES
from portal.core import clock
from portal.core.errors import InvalidInput, NotFound, Problem
from portal.core.sentences import sentence
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.days import asked_day
from portal.core.web.language import current_language, text_in
from portal.reports import budget_words
from portal.reports.budget_workbook import budget_workbook
from portal.reports.queries.budget import BudgetTable, budget_table
from portal.reports.queries.spending import BREAKDOWNS, break_down
from portal.reports.rules.elapsed import elapsed
from portal.reports.showing import budget_concerns

bp = Blueprint("budget", __name__, url_prefix="/projects/<code>")
# The navigation asks for it too.
bp.add_app_template_global(budget_concerns)


class Asked(NamedTuple):
    """What the address asks for, without what was refused: the whole table, what is shown of it, and how.

    `seen` are the keys of the partners whose expenditure the person may see; `day` is None without one.
    """

    whole: BudgetTable
    table: BudgetTable
    day: date | None
    organisation: str
    by: str
    seen: frozenset[str]
    problems: list[Problem]


@bp.route("/budget")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show budget, declared, reported, certified and remaining by partner, broken down as the address asks."""
    asked = _asked(code)
    table, project = asked.table, asked.table.project
    shown = {row.organisation.key for row in table.rows}
    return render_template(
        "reports/budget.html",
        project=project,
        table=table,
        names=[(row.organisation.key, text_in(row.organisation.name)) for row in asked.whole.rows],
        day=asked.day,
        organisation=asked.organisation,
        by=asked.by,
        seen=asked.seen,
        breakdown=break_down(table, asked.by) if asked.by else None,
        sees_all=shown <= asked.seen,
        notes=budget_words.budget_notes(table, asked.seen),
        time=elapsed(project.first_day, project.last_day, clock.today(project.time_zone)),
        words=budget_words,
        categories=COST_CATEGORIES,
        problems={problem.where: sentence(problem) for problem in asked.problems},
    ), InvalidInput.status if asked.problems else 200


@bp.route("/budget.xlsx")
@requires(Permission.READ_PROJECT)
def workbook(code: str) -> ResponseReturnValue:
    """The same as a workbook in the language of the page."""
    table = _table(code, asked_day("as_of"))
    language = current_language()
    name = f"{code}-budget-{table.as_of.isoformat()}-{language}.xlsx"
    return attachment(budget_workbook(table, language, seen=_seen(table)), name=name, media_type=XLSX)


def _table(code: str, day: date | None, *, places: bool = True) -> BudgetTable:
    """The table as of the day, which is exact for what the person may see; raise NotFound if it does not concern them.

    Two days compared would tell the single items of a partner.
    """
    table = budget_table(code, day, places=places, exact=reach(Permission.SEE_EXPENDITURE))
    if not budget_concerns(table.project):
        raise NotFound("not-open")
    return table


def _asked(code: str) -> Asked:
    by, key = (request.args.get(name, "") for name in ("by", "organisation"))
    problems: list[Problem] = []
    day = None
    try:
        day = asked_day("as_of")
        table = _table(code, day, places=by in BREAKDOWNS)
    except InvalidInput as error:
        day, problems = None, list(error.problems)
        table = _table(code, None, places=by in BREAKDOWNS)
    keys = [row.organisation.key for row in table.rows]
    problems += [
        Problem("unknown-value", name, {"value": value, "allowed": allowed})
        for name, value, allowed in (("by", by, BREAKDOWNS), ("organisation", key, keys))
        if value and value not in allowed
    ]
    organisation = key if key in keys else ""
    rows = [row for row in table.rows if organisation in ("", row.organisation.key)]
    chosen = by if by in BREAKDOWNS else ""
    return Asked(table, table._replace(rows=rows), day, organisation, chosen, _seen(table), problems)


def _seen(table: BudgetTable) -> frozenset[str]:
    """The keys of the organisations whose expenditure the person may see."""
    own = reach(Permission.SEE_EXPENDITURE)
    return frozenset(each.key for each in table.project.organisations if own is None or each.key in own)
