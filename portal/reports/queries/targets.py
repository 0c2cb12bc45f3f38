"""Will the targets be reached? Each row of the outcome table beside what is planned."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.activities.queries import list_planned
from portal.projects.models import Indicator
from portal.projects.queries import get_project
from portal.reports.queries.outcomes import outcome_table
from portal.reports.rules.forecast import Forecast, forecast, leaves_groups_aside, look_ahead


class TargetRow(NamedTuple):
    """An indicator with a target, how it stands towards it, and whether the plan leaves its groups aside."""

    indicator: Indicator
    forecast: Forecast
    groups_aside: bool


def list_targets(code: str, now: datetime) -> list[TargetRow]:
    """The rows that have a target, in the table's order, as of now; raise NotFound for an unknown project."""
    project = get_project(code)
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    rows = outcome_table(code, today, today=today).rows
    outlook = look_ahead(
        list_planned(code, now),
        (project.first_day, project.last_day),
        roles={each.key: each.role for each in project.organisations},
        measures={row.indicator.key: row.measure for row in rows},
        counts={row.indicator.key: row.figures for row in rows},
    )
    return [
        TargetRow(
            indicator, forecast(indicator.key, indicator.target, outlook), leaves_groups_aside(indicator.key, outlook)
        )
        for indicator in (row.indicator for row in rows)
        if indicator.target is not None
    ]
