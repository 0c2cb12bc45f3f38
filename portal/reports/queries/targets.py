"""Will the targets be reached? Each row of the outcome table beside what is planned."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.activities.queries import list_planned
from portal.projects.models import Indicator
from portal.projects.queries import get_project
from portal.projects.rules.measures import Measure
from portal.reports.queries.outcomes import OutcomeTable, outcome_table
from portal.reports.rules.forecast import Forecast, forecast, leaves_groups_aside, look_ahead
from portal.reports.rules.pace import at_present_pace


class TargetRow(NamedTuple):
    """An indicator with a target, how it stands towards it, and whether the plan leaves its groups aside."""

    indicator: Indicator
    forecast: Forecast
    groups_aside: bool


class Prospect(NamedTuple):
    """What a row may come to: at the present pace (None: not told), and with what is planned (None: not told)."""

    pace: int | None
    target: TargetRow | None


def list_prospects(table: OutcomeTable, now: datetime) -> dict[str, Prospect]:
    """Key -> what the row may come to by the project's last day; what is planned is told of today's table only.

    Organisations do not grow with time: there is no pace of theirs, nor of sums that they are a part of.
    """
    project = table.project
    measures = {row.indicator.key: row.measure for row in table.rows}
    is_of_today = table.as_of == now.astimezone(ZoneInfo(project.time_zone)).date()
    targets = {each.indicator.key: each for each in (list_targets(project.code, now, table) if is_of_today else ())}
    days = (project.first_day, project.last_day)
    return {
        row.indicator.key: Prospect(
            at_present_pace(row.figures.achieved, days, table.as_of) if _grows(row.measure, measures) else None,
            targets.get(row.indicator.key),
        )
        for row in table.rows
    }


def _grows(measure: Measure, measures: Mapping[str, Measure]) -> bool:
    return measure.kind != "organisations" and all(_grows(measures[part], measures) for part in measure.of)


def list_targets(code: str, now: datetime, table: OutcomeTable | None = None) -> list[TargetRow]:
    """The rows that have a target, in the table's order, as of now; raise NotFound for an unknown project.

    Nothing can be planned of what a survey will say.

    `table` is today's outcome table, where it has been counted already.
    """
    project = get_project(code)
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    rows = (table or outcome_table(code, today, today=today)).rows
    measures = {row.indicator.key: row.measure for row in rows}
    outlook = look_ahead(
        list_planned(code, now),
        (project.first_day, project.last_day),
        roles={each.key: each.role for each in project.organisations},
        measures=measures,
        counts={row.indicator.key: row.figures for row in rows},
    )
    return [
        TargetRow(
            indicator, forecast(indicator.key, indicator.target, outlook), leaves_groups_aside(indicator.key, outlook)
        )
        for indicator in (row.indicator for row in rows)
        if indicator.target is not None and measures[indicator.key].kind != "survey"
    ]
