"""What the tables of a project file must agree on with each other; what could not be read is not compared."""

from portal.core.errors import Problem
from portal.core.money import Cents, decimal_text, split_total
from portal.core.periods import Period, overlaps
from portal.projects.rules.measures import Measure, sum_problems
from portal.projects.rules.readers import Table, join
from portal.projects.rules.vocabulary import ZONE_BY_COUNTRY


def cross_problems(file: Table) -> list[Problem]:
    """Everything on which the tables of `file` (as its readers left them) contradict each other."""
    return [
        *_lead_problems(rows_in(file, "organisations")),
        *_time_zone_problems(file),
        *_total_problems(file),
        *_period_problems(rows_in(file, "reporting", "periods")),
        *_measure_problems(file),
    ]


def rows_in(file: Table, *path: str) -> dict[str, Table]:
    """The rows of the list at `path`, by their label; none if the list is not there or could not be read."""
    found = file
    for key in path:
        found = found.get(key) or {}
    return found


def lead_country(file: Table) -> str | None:
    """The country of the lead organisation; None if no lead is stated, or its country could not be read."""
    leads = (row for row in rows_in(file, "organisations").values() if row.get("role") == "lead")
    return next((row.get("country") for row in leads), None)


def _unreadable(file: Table, key: str) -> bool:
    return key in file and file[key] is None


def _lead_problems(organisations: dict[str, Table]) -> list[Problem]:
    leads = [label for label, row in organisations.items() if row.get("role") == "lead"]
    return [Problem("two-leads", join("organisations", label, "role"), {"lead": leads[0]}) for label in leads[1:]]


def _time_zone_problems(file: Table) -> list[Problem]:
    """The time zone is stated, or that of the lead's capital."""
    project = file.get("project")
    if project is None or "time_zone" in project or _unreadable(file, "organisations"):
        return []
    unreadable = any(
        row.get(key, "") is None for row in rows_in(file, "organisations").values() for key in ("role", "country")
    )
    if unreadable or lead_country(file) in ZONE_BY_COUNTRY:
        return []
    return [Problem("time-zone-missing", "project.time_zone")]


def _total_problems(file: Table) -> list[Problem]:
    """A stated total is the sum of the organisations' rows: never the rate applied to a total."""
    project = file.get("project") or {}
    budgets = [row.get("budget", Cents(0)) for row in rows_in(file, "organisations").values()]
    if None in budgets or _unreadable(file, "organisations"):
        return []
    sums = {"total_budget": Cents(sum(budgets))}
    if project.get("cofinancing_rate") is not None:
        sums["fund_total"] = split_total(budgets, project["cofinancing_rate"]).share
    return [
        Problem(
            "total-differs", join("project", key), {"value": decimal_text(project[key]), "sum": decimal_text(total)}
        )
        for key, total in sums.items()
        if project.get(key) is not None and project[key] != total
    ]


def _period_problems(periods: dict[str, Table]) -> list[Problem]:
    """Periods may leave days uncovered, but no day belongs to two of them."""
    whole = {
        index: (label, Period(index, row["start"], row["last_day"]))
        for index, (label, row) in enumerate(periods.items())
        if row.get("start") and row.get("last_day")
    }
    labels = {index: label for index, (label, _) in whole.items()}
    return [
        Problem(
            "periods-overlap",
            join("reporting.periods", labels[later.number], "start"),
            {"period": labels[later.number], "other": labels[earlier.number]},
        )
        for earlier, later in overlaps(period for _, period in whole.values())
    ]


def _measure_problems(file: Table) -> list[Problem]:
    """A measure names indicators and work packages that the file states."""
    # An indicator whose measure could not be read still stands there for the sums that name it.
    measures = {label: row.get("measure") or Measure("manual") for label, row in rows_in(file, "indicators").items()}
    numbers = {row.get("number") for row in rows_in(file, "work_packages").values()}
    unknown = (
        Problem(
            "unknown-work-package", join("indicators", label, "measure.work_package"), {"number": measure.work_package}
        )
        for label, measure in measures.items()
        if None not in numbers and measure.work_package not in {None, *numbers}
    )
    return [*sum_problems(measures), *unknown]
