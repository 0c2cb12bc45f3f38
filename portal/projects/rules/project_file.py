"""A project file (parsed TOML) read into facts ready to store, or refused with everything that is wrong with it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.measures import Measure, measure_to_json
from portal.projects.rules.merging import Rows, Value
from portal.projects.rules.project_checks import cross_problems, lead_country, rows_in
from portal.projects.rules.project_rows import (
    read_indicator,
    read_organisation,
    read_project,
    read_reporting,
    read_rules,
    read_work_package,
)
from portal.projects.rules.readers import Table, in_file_order, rows, table
from portal.projects.rules.vocabulary import ZONE_BY_COUNTRY

_FILE: Final = table(
    {
        "project": read_project,
        "organisations": rows(read_organisation, identity="key"),
        "work_packages": rows(read_work_package, identity="number"),
        "indicators": rows(read_indicator, identity="key"),
        "reporting": read_reporting,
        "rules": read_rules,
    },
    required=("project",),
)


class ProjectFacts(NamedTuple):
    """What a project file states: the project's columns, and the rows of each table by their natural key.

    Amounts are cents, rates basis points, flat rates whole percents; texts stand by language. Dates apart, all is JSON.
    """

    project: dict[str, Value]
    organisations: dict[str, dict[str, Value]]
    work_packages: dict[str, dict[str, Value]]
    activities: dict[str, dict[str, Value]]
    indicators: dict[str, dict[str, Value]]
    periods: dict[str, dict[str, Value]]


def read_project_file(stated: Mapping[str, Any]) -> ProjectFacts:
    """The facts of the project file `stated`; raise InvalidInputs with all its problems, in the file's order."""
    _refuse_assistance(stated)
    problems: list[Problem] = []
    file: Table = _FILE(stated, "", problems)
    problems += cross_problems(file)
    if problems:
        raise InvalidInputs(in_file_order(problems, stated))
    activities = {
        number: _activity_columns(activity, package["number"])
        for package in rows_in(file, "work_packages").values()
        for number, activity in rows_in(package, "activities").items()
    }
    return ProjectFacts(
        project=project_columns(file),
        organisations=_organisation_rows(file),
        work_packages={key: {"title": row.get("title", {})} for key, row in rows_in(file, "work_packages").items()},
        activities=activities,
        indicators=_indicator_rows(file),
        periods=_period_rows(file),
    )


def rows_of(facts: ProjectFacts) -> Rows:
    """The facts as table → key → column → value, the project's own columns under the key ''."""
    return {**facts._asdict(), "project": {"": facts.project}}


def _refuse_assistance(stated: Mapping[str, Any]) -> None:
    """Case work comes with its own issue: until then its files are refused with that one sentence."""
    tables = [name for name in ("assistance", "forms", "offices") if name in stated]
    project = stated.get("project")
    if isinstance(project, Mapping) and project.get("project_type") == "assistance":
        tables.insert(0, "project.project_type")
    if tables:
        raise InvalidInputs([Problem("assistance-not-yet", tables[0])])


def project_columns(file: Table) -> dict[str, Value]:
    """The project's own columns, from the tables that the readers left."""
    project, reporting, rules = file["project"], file.get("reporting", {}), file.get("rules", {})
    title = project["title"]
    assumed = project.get("assumed", [])
    return {
        "code": project["code"],
        "programme": project["programme"],
        "programme_website": project.get("programme_website", ""),
        "fund": project["fund"],
        "cofinancing_rate_bp": project["cofinancing_rate"],
        "currency": project["currency"],
        "agreement_signed": project.get("agreement_signed"),
        "first_day": project["start"],
        "last_day": project["last_day"],
        "time_zone": project.get("time_zone") or ZONE_BY_COUNTRY[lead_country(file) or ""],
        "title": {language: text for language, text in title.items() if language != "aliases"},
        "title_aliases": title.get("aliases", []),
        "funding_statement": project.get("funding_statement", {}),
        "summary": project.get("summary", {}),
        "reporting_assumed": reporting.get("assumed", False) or "reporting" in assumed,
        "partner_report_due_days": reporting.get("partner_report_due_days"),
        "control_due_days": reporting.get("control_due_days"),
        "project_report_due_days": reporting.get("project_report_due_days"),
        "flexibility_scope": rules.get("flexibility_scope", ""),
        "flexibility_percent_bp": rules.get("flexibility_percent"),
        "payment_grace_days": rules.get("payment_grace_days", 0),
        **({"assumed": assumed} if "assumed" in project else {}),
    }


def organisation_columns(row: Table, *, position: int, currency: str) -> dict[str, Value]:
    """An organisation's columns; it spends in the project's `currency` unless it states its own."""
    return {
        "position": position,
        "role": row["role"],
        "country": row["country"],
        "currency": row.get("currency", currency),
        "budget_cents": row.get("budget"),
        "name": row["name"],
        "aliases": row.get("aliases", []),
        "flat_rates": row.get("flat_rates", {}),
    }


def indicator_columns(row: Table, *, position: int) -> dict[str, Value]:
    """An indicator's columns; without a measure its value is entered by hand."""
    return {
        "position": position,
        "code": row.get("code", ""),
        "unit": row.get("unit", ""),
        "target": row.get("target"),
        "name": row.get("name", {}),
        "measure": measure_to_json(row.get("measure", Measure("manual"))),
        "note": row.get("note", {}),
    }


def _organisation_rows(file: Table) -> dict[str, dict[str, Value]]:
    currency = file["project"]["currency"]
    return {
        key: organisation_columns(row, position=position, currency=currency)
        for position, (key, row) in enumerate(rows_in(file, "organisations").items(), start=1)
    }


def _activity_columns(activity: Table, work_package: int) -> dict[str, Value]:
    return {"work_package": work_package, "title": activity.get("title", {})}


def _indicator_rows(file: Table) -> dict[str, dict[str, Value]]:
    return {
        key: indicator_columns(row, position=position)
        for position, (key, row) in enumerate(rows_in(file, "indicators").items(), start=1)
    }


def _period_rows(file: Table) -> dict[str, dict[str, Value]]:
    return {
        number: {"first_day": row["start"], "last_day": row["last_day"]}
        for number, row in rows_in(file, "reporting", "periods").items()
    }
