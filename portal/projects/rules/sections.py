"""The project's own columns, changed a section at a time; what a page states is read as a project file's tables are."""

from collections.abc import Mapping
from typing import Any, Final

from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.merging import Row, Rows, Value
from portal.projects.rules.project_checks import lead_country
from portal.projects.rules.project_file import project_columns
from portal.projects.rules.project_rows import read_project, read_reporting, read_rules
from portal.projects.rules.readers import Reader, Table, listed, table, texts, value
from portal.projects.rules.structure import at_fields
from portal.projects.rules.values import TEXT_LIMIT, read_word
from portal.projects.rules.vocabulary import ASSUMABLE, ZONE_BY_COUNTRY

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "facts": (
        "programme",
        "programme_website",
        "fund",
        "cofinancing_rate_bp",
        "currency",
        "agreement_signed",
        "first_day",
        "last_day",
        "time_zone",
        "title",
        "title_aliases",
    ),
    "texts": ("funding_statement", "summary"),
    "reporting": ("partner_report_due_days", "control_due_days", "project_report_due_days"),
    "rules": ("flexibility_scope", "flexibility_percent_bp", "payment_grace_days"),
    "assumed": ("assumed", "reporting_assumed"),
}
"""Section → the columns it holds."""

_READERS: Final[Mapping[str, Reader]] = {
    "facts": read_project,
    "texts": table({"funding_statement": texts(limit=TEXT_LIMIT), "summary": texts(limit=TEXT_LIMIT)}),
    "reporting": read_reporting,
    "rules": read_rules,
    "assumed": table({"assumed": listed(value(read_word, words=ASSUMABLE), may_be_empty=True)}),
}


def read_section(section: str, stated: Mapping[str, Any], rows: Rows) -> dict[str, Value]:
    """The section's columns, as `stated` in a project file's words; raise InvalidInputs with all that is wrong."""
    row = rows["project"][""]
    problems: list[Problem] = []
    described = {"code": row["code"], **stated} if section == "facts" else stated
    read: Table = _READERS[section](described, "", problems) or {}
    file: Table = {"project": _as_read(row), "organisations": rows["organisations"]}
    if section == "facts":
        file["project"] = read
        if not problems and "time_zone" not in read and lead_country(file) not in ZONE_BY_COUNTRY:
            problems.append(Problem("time-zone-missing", "time_zone"))
    elif section in ("texts", "assumed"):
        file["project"] |= read
    else:
        file[section] = read
    if problems:
        raise InvalidInputs(at_fields(problems))
    columns = project_columns(file)
    return {column: columns[column] for column in SECTIONS[section]}


def _as_read(row: Row) -> Table:
    """What the project's columns need to be made again, as the readers leave it."""
    return {
        "code": row["code"],
        "programme": row["programme"],
        "fund": row["fund"],
        "cofinancing_rate": row["cofinancing_rate_bp"],
        "currency": row["currency"],
        "start": row["first_day"],
        "last_day": row["last_day"],
        "time_zone": row["time_zone"],
        "title": row["title"],
    }
