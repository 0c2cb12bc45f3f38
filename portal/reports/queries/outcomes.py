"""The outcome table: one row computed in one place; page, public page, JSON, CSV and workbook all call it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from portal.activities.queries import has_examples, load_facts
from portal.activities.rules.counting import (
    NOT_REPORTED,
    Count,
    count_events,
    count_figures,
    count_organisations,
    count_participations,
    count_persons,
    count_sum,
    first_seen,
)
from portal.activities.rules.facts import Facts, FigureFacts
from portal.core.errors import InvalidInput, NotFound, Problem
from portal.core.money import BasisPoints, percentage
from portal.core.periods import Period
from portal.projects.models import Indicator, Project
from portal.projects.queries import get_measure, get_project, list_figures
from portal.projects.rules.measures import Measure, measure_to_json
from portal.projects.rules.targets import HUNDRED, SURVEY, expected_number
from portal.reports.rules.charts import Bar, draw_bar
from portal.surveys.queries.measuring import SurveyFigure, measure_problems, survey_figure, survey_silence
from portal.surveys.queries.surveyed import Surveys


class OutcomeRow(NamedTuple):
    """A row of the table: what was expected, what was counted, and the share in basis points (None: not reported).

    `survey` is what a survey says where that is what the row looks at; nothing is counted then. `missing` is what such
    a row names that is not there.
    """

    indicator: Indicator
    measure: Measure
    figures: Count
    percent: BasisPoints | None
    survey: SurveyFigure | None = None
    missing: Sequence[Problem] = ()

    @property
    def expected(self) -> int | Decimal | None:
        """What is expected; with two decimals of a survey's result and of money."""
        return expected_number(self.indicator.target, self.measure.kind)

    @property
    def achieved(self) -> int | Decimal | None:
        """What was counted, or what the survey says; None where nothing is reported."""
        return self.survey.value if self.survey else self.figures.achieved

    @property
    def bar(self) -> Bar | None:
        """The bar of what was achieved, the evidenced part of it told apart; the answers to a survey are evidence."""
        if self.survey and self.indicator.target is not None:
            reached = max(0, int(self.survey.value * HUNDRED))
            return draw_bar(reached, reached, self.indicator.target)
        return draw_bar(self.figures.achieved, self.figures.evidenced, self.indicator.target)


class OutcomeTable(NamedTuple):
    """The project's rows as of a day; `example_data` says that invented events are among what was counted.

    `surveys` are what the rows of surveys look at, with what was read of them for the rows.
    """

    project: Project
    as_of: date
    example_data: bool
    periods: Sequence[Period]
    rows: list[OutcomeRow]
    surveys: Surveys


class Source(NamedTuple):
    """What a project's rows are counted from: `roles` is organisation key -> role, `figures` those entered by hand."""

    facts: Facts
    roles: Mapping[str, str]
    surveys: Surveys
    figures: Sequence[FigureFacts] = ()


class _Rows(NamedTuple):
    """The rows that are counted, by key, what from, and those that have been: sums count no row again."""

    source: Source
    measures: Mapping[str, Measure]
    counted: dict[str, Count]


def outcome_table(code: str, as_of: date, *, today: date) -> OutcomeTable:
    """The outcome table from today's facts about events dated `as_of` or earlier.

    Raise InvalidInput for a day still to come, NotFound for an unknown project.
    """
    check_as_of(as_of, today)
    project = get_project(code)
    source = load_source(project, as_of)
    rows = count_rows(project, source)
    return OutcomeTable(project, as_of, has_examples(code), source.facts.periods, rows, source.surveys)


def load_source(project: Project, as_of: date) -> Source:
    """All that the project's rows are counted from, as of the day."""
    roles = {organisation.key: organisation.role for organisation in project.organisations}
    figures = [
        FigureFacts(row.id, key, row.day, row.number, row.reason, row.sha256 is not None)
        for key, row in list_figures(project.code)
    ]
    return Source(load_facts(project, as_of), roles, Surveys(project.code), figures)


def count_rows(project: Project, source: Source) -> list[OutcomeRow]:
    """The rows of the project's table as counted from this source."""
    measures = {indicator.key: get_measure(indicator) for indicator in project.indicators}
    counts = count_measures(measures, source)
    return [_row(indicator, measures[indicator.key], counts[indicator.key], source) for indicator in project.indicators]


def count_measures(measures: Mapping[str, Measure], source: Source) -> dict[str, Count]:
    """Key -> the figures of the row with this measure; sums refer to the others by their keys."""
    rows = _Rows(source, measures, {})
    return {key: _count(key, rows) for key in measures}


def check_as_of(as_of: date, today: date) -> None:
    """Raise InvalidInput if the day is still to come."""
    if as_of > today:
        raise InvalidInput("as-of-future", where="as_of", value=as_of, today=today)


def get_row(table: OutcomeTable, key: str) -> OutcomeRow:
    """The table's row with this key; raise NotFound."""
    for row in table.rows:
        if row.indicator.key == key:
            return row
    raise NotFound("indicator-unknown", key=key)


def _row(indicator: Indicator, measure: Measure, count: Count, source: Source) -> OutcomeRow:
    if measure.kind == SURVEY:
        return _survey_row(indicator, measure, source)
    known = count.achieved is not None and indicator.target is not None
    share = percentage(count.achieved or 0, indicator.target or 0) if known else None
    return OutcomeRow(indicator, measure, count, share)


def _survey_row(indicator: Indicator, measure: Measure, source: Source) -> OutcomeRow:
    """The row of what a survey says; not reported where too few have answered, or what it names is not there."""
    found = survey_says(source.surveys, measure, source.facts.as_of)
    missing = measure_problems(source.surveys, measure_to_json(measure)) if found is None else ()
    return OutcomeRow(indicator, measure, NOT_REPORTED, survey_share(found, indicator.target), found, missing)


def survey_says(surveys: Surveys, measure: Measure, as_of: date) -> SurveyFigure | None:
    """What the one of these surveys that the measure looks at says as of the day; None where nothing is reported."""
    return survey_figure(
        surveys,
        measure.study,
        wave=measure.wave,
        scale=measure.scale,
        item=measure.item,
        statistic=measure.statistic,
        as_of=as_of,
    )


def why_silent(surveys: Surveys, row: OutcomeRow, as_of: date) -> Problem:
    """Why nothing is reported as of the day of a row whose survey has what it looks at."""
    asked = row.measure
    return survey_silence(surveys, asked.study, wave=asked.wave, scale=asked.scale, item=asked.item, as_of=as_of)


def survey_share(found: SurveyFigure | None, target: int | None) -> BasisPoints | None:
    """How much of the target, in hundredths, the survey's figure is; None where one of them is not there."""
    return None if found is None or target is None else percentage(int(found.value * HUNDRED), target)


def _count(key: str, rows: _Rows) -> Count:
    if key not in rows.counted:
        rows.counted[key] = COUNTED_BY.get(rows.measures[key].kind, _nothing_kept)(key, rows)
    return rows.counted[key]


def _participations(key: str, rows: _Rows) -> Count:
    return count_participations(rows.source.facts, rows.measures[key], row=key)


def _persons(key: str, rows: _Rows) -> Count:
    measure, facts = rows.measures[key], rows.source.facts
    return count_persons(facts, measure, first_seen(facts, measure, row=key), row=key)


def _events(key: str, rows: _Rows) -> Count:
    return count_events(rows.source.facts, rows.measures[key], row=key)


def _organisations(key: str, rows: _Rows) -> Count:
    return count_organisations(rows.source.facts, rows.measures[key], rows.source.roles, row=key)


def _manual(key: str, rows: _Rows) -> Count:
    return count_figures(rows.source.facts, [each for each in rows.source.figures if each.indicator == key])


def _sum(key: str, rows: _Rows) -> Count:
    return count_sum([_count(part, rows) for part in rows.measures[key].of])


def _nothing_kept(key: str, rows: _Rows) -> Count:
    """Not counted: the portal keeps nothing yet from which it could be, or a survey says it."""
    return NOT_REPORTED


COUNTED_BY: dict[str, Callable[[str, _Rows], Count]] = {
    "participations": _participations,
    "persons": _persons,
    "events": _events,
    "organisations": _organisations,
    "manual": _manual,
    "sum": _sum,
}
