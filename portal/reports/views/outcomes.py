"""The outcome table, what is behind each of its figures, and its files."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.activities.labels import OBSTACLES
from portal.activities.queries import event_titles, list_ignored
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.sentences import sentence
from portal.core.tables import XLSX
from portal.core.web.days import asked_day
from portal.core.web.language import current_language
from portal.projects import labels
from portal.projects.queries import get_project
from portal.reports.notes import outcome_notes
from portal.reports.queries.outcomes import OutcomeTable, get_row, outcome_table
from portal.reports.workbook import outcome_workbook

bp = Blueprint("outcomes", __name__, url_prefix="/projects/<code>")


@bp.route("/outcomes")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show the outcome table as of the day that the address names, today without one; say what is wrong with a day."""
    problem = ""
    try:
        table = _table(code)
    except InvalidInput as error:
        problem = sentence(error.problem)
        today = clock.today(get_project(code).time_zone)
        table = outcome_table(code, today, today=today)
    return render_template(
        "reports/outcomes.html",
        project=table.project,
        table=table,
        notes=outcome_notes(table),
        units=labels.UNITS,
        problem=problem,
    ), 422 if problem else 200


@bp.route("/outcomes/<key>")
@requires(Permission.READ_PROJECT)
def show(code: str, key: str) -> ResponseReturnValue:
    """Show what is behind one figure: what counts, what does not, and why."""
    table = _table(code)
    row = get_row(table, key)
    return render_template(
        "reports/outcome.html",
        project=table.project,
        table=table,
        row=row,
        parts=[get_row(table, part) for part in row.measure.of],
        titles=event_titles(code),
        ignored=list_ignored(table.project, row.measure, table.as_of),
        obstacles=OBSTACLES,
        organisations={each.key: each for each in table.project.organisations},
        labels=labels,
    )


@bp.route("/outcomes.xlsx")
@requires(Permission.READ_PROJECT)
def workbook(code: str) -> ResponseReturnValue:
    """The table as a workbook in the language of the page."""
    table = _table(code)
    language = current_language()
    name = f"{table.project.code}-outcomes-{table.as_of.isoformat()}-{language}.xlsx"
    file = Response(outcome_workbook(table, language), mimetype=XLSX)
    file.headers.set("Content-Disposition", "attachment", filename=name)
    return file


def _table(code: str) -> OutcomeTable:
    today = clock.today(get_project(code).time_zone)
    return outcome_table(code, asked_day("as_of") or today, today=today)
