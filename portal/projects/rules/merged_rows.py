"""What must hold of a project's rows together, once a file has been merged into what the portal holds."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from portal.core.errors import Problem
from portal.projects.rules.measures import Measure, read_measure, sum_problems


def merged_problems(rows: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[Problem]:
    """Every contradiction between values kept in the portal and values of the file; empty where they fit together."""
    return [
        *_organisations(rows["organisations"]),
        *_activities(rows["work_packages"], rows["activities"]),
        *_indicators(rows["indicators"], rows["work_packages"]),
        *_periods(rows["periods"]),
    ]


def _organisations(organisations: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    leads = [key for key, row in organisations.items() if row["role"] == "lead"]
    for lead, other in pairwise(leads):
        yield Problem("two-leads", f"organisations.{other}.role", {"lead": lead})
    for key, row in organisations.items():
        if row["role"] == "associated" and row["budget_cents"] is not None:
            yield Problem("associated-with-budget", f"organisations.{key}.budget")


def _activities(packages: Mapping[str, Any], activities: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for number, row in activities.items():
        if str(row["work_package"]) not in packages:
            where = f"work_packages.{row['work_package']}.activities.{number}"
            yield Problem("unknown-work-package", where, {"number": row["work_package"]})


def _indicators(indicators: Mapping[str, Mapping[str, Any]], packages: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    measures: dict[str, Measure] = {}
    for key, row in indicators.items():
        measure = read_measure(row["measure"], f"indicators.{key}.measure", problems)
        if measure is not None:
            measures[key] = measure
    for key, measure in measures.items():
        if measure.work_package is not None and str(measure.work_package) not in packages:
            where = f"indicators.{key}.measure.work_package"
            problems.append(Problem("unknown-work-package", where, {"number": measure.work_package}))
    return problems + sum_problems(measures)


def _periods(periods: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    dated = sorted(periods.items(), key=lambda item: (item[1]["first_day"], item[1]["last_day"]))
    for (number, row), (other, later) in pairwise(dated):
        if later["first_day"] <= row["last_day"]:
            yield Problem("periods-overlap", f"reporting.periods.{other}", {"period": other, "other": number})
