"""The outcome table, what is behind each of its figures, and its workbook."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.activities.labels import OBSTACLES
from portal.activities.queries import event_titles_of
from portal.activities.rules.breakdowns import DIMENSIONS, Selection
from portal.core import clock
from portal.core.errors import InvalidInput, Problem
from portal.core.sentences import sentence
from portal.core.tables import XLSX
from portal.core.web.attachments import attachment
from portal.core.web.days import asked_day
from portal.core.web.language import current_language
from portal.core.web.paging import ListPage, cut_page
from portal.projects import labels
from portal.projects.queries import get_project
from portal.reports import breakdown_words
from portal.reports.drilldown import look_behind
from portal.reports.notes import outcome_notes
from portal.reports.pivots import pivot_table
from portal.reports.queries.outcomes import OutcomeTable, outcome_table
from portal.reports.queries.targets import list_prospects
from portal.reports.survey_words import sample_words
from portal.reports.workbook import outcome_workbook

bp = Blueprint("outcomes", __name__, url_prefix="/projects/<code>")
bp.add_app_template_filter(sample_words, "sample")


class Asked(NamedTuple):
    """The table as the address asks for it; `day` is the one it names, None without one or where it was refused."""

    table: OutcomeTable
    day: date | None
    problems: list[Problem]


@bp.route("/outcomes")
@requires(Permission.READ_PROJECT)
def index(code: str) -> ResponseReturnValue:
    """Show the outcome table as of the day and broken down as the address asks; say what is wrong with either."""
    table, day, problems = _asked_table(code)
    by = request.args.get("by", "")
    if by and by not in DIMENSIONS:
        problems.append(Problem("unknown-value", "by", {"value": by, "allowed": DIMENSIONS}))
        by = ""
    return render_template(
        "reports/outcomes.html",
        project=table.project,
        table=table,
        day=day,
        by=by,
        pivot=pivot_table(table, by) if by else None,
        prospects=list_prospects(table, clock.now()),
        notes=outcome_notes(table),
        dimensions=breakdown_words.DIMENSIONS,
        units=labels.UNITS,
        problems=_at_fields(problems),
    ), _status(problems)


@bp.route("/outcomes/<key>")
@requires(Permission.READ_PROJECT)
def show(code: str, key: str) -> ResponseReturnValue:
    """Show what is behind one figure, or the part of it that the address selects: what counts, what does not, why."""
    table, day, problems = _asked_table(code)
    asked = Selection(*(request.args.get(name, "") for name in Selection._fields))
    behind, more = look_behind(table, key, asked, today=clock.today(table.project.time_zone), day=day)
    problems += more
    counting, ignored = cut_page(behind.counting), cut_page(behind.ignored, "other_page")
    return render_template(
        "reports/outcome.html",
        project=table.project,
        table=table,
        day=day,
        behind=behind,
        counting=counting,
        ignored=ignored,
        titles=event_titles_of(_events(counting, ignored)),
        prospect=list_prospects(table, clock.now())[key],
        organisations={each.key: each for each in table.project.organisations},
        obstacles=OBSTACLES,
        dimensions=breakdown_words.DIMENSIONS,
        labels=labels,
        problems=_at_fields(problems),
    ), _status(problems)


@bp.route("/outcomes.xlsx")
@requires(Permission.READ_PROJECT)
def workbook(code: str) -> ResponseReturnValue:
    """The table as a workbook in the language of the page."""
    today = clock.today(get_project(code).time_zone)
    table = outcome_table(code, asked_day("as_of") or today, today=today)
    language = current_language()
    name = f"{table.project.code}-outcomes-{table.as_of.isoformat()}-{language}.xlsx"
    return attachment(outcome_workbook(table, language), name=name, media_type=XLSX)


def _asked_table(code: str) -> Asked:
    """The table as of the day that the address names, of today without one or with one that is refused, and why."""
    today = clock.today(get_project(code).time_zone)
    try:
        day = asked_day("as_of")
        return Asked(outcome_table(code, day or today, today=today), day, [])
    except InvalidInput as error:
        return Asked(outcome_table(code, today, today=today), None, list(error.problems))


def _events(*pages: ListPage[Any]) -> set[int]:
    """The ids of the events that these pages of lists name."""
    return {each.event.id for page in pages for each in page.rows if each.event is not None}


def _at_fields(problems: Iterable[Problem]) -> dict[str, str]:
    return {problem.where: sentence(problem) for problem in problems}


def _status(problems: Iterable[Problem]) -> int:
    return InvalidInput.status if problems else 200
