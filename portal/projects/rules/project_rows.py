"""The keys of each table of a project file, and what the keys of one row must agree on.

Source: interfaces "Project file"; the file of LTPL00388, which is the format's specification.
"""

import re
from collections.abc import Mapping
from itertools import combinations
from typing import Final

from portal.core.errors import Problem
from portal.projects.rules.measures import read_measure
from portal.projects.rules.readers import Reader, Table, join, listed, rows, table, texts, value
from portal.projects.rules.targets import read_target
from portal.projects.rules.values import (
    LARGEST_NUMBER,
    LONGEST_DAYS,
    TEXT_LIMIT,
    read_country,
    read_currency,
    read_day,
    read_flag,
    read_key,
    read_project_code,
    read_quoted_amount,
    read_quoted_percent,
    read_text,
    read_time_zone,
    read_website,
    read_whole,
    read_word,
)
from portal.projects.rules.vocabulary import (
    ASSUMABLE,
    FLAT_RATE_CEILINGS,
    FLEXIBILITY_SCOPES,
    LANGUAGES,
    ORGANISATION_ROLES,
    PROJECT_TYPES,
)

ACTIVITY_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}(\.[0-9A-Za-z]{1,5}){1,2}")

_NUMBER: Final = value(read_whole, least=1, most=LARGEST_NUMBER)
_DAYS: Final = value(read_whole, least=0, most=LONGEST_DAYS)
_AMOUNT: Final = value(read_quoted_amount)
_ALIASES: Final = listed(value(read_text), may_be_empty=True)

_TITLE: Final = table(
    {**dict.fromkeys(LANGUAGES, value(read_text)), "aliases": _ALIASES},
    required=("en",),
)

_PROJECT: Final = table(
    {
        "code": value(read_project_code),
        "programme": value(read_text, limit=200),
        "programme_website": value(read_website, limit=200),
        "fund": value(read_text, limit=100),
        "cofinancing_rate": value(read_quoted_percent),
        "currency": value(read_currency),
        "agreement_signed": value(read_day),
        "start": value(read_day),
        "last_day": value(read_day),
        "total_budget": _AMOUNT,
        "fund_total": _AMOUNT,
        "time_zone": value(read_time_zone),
        "assumed": listed(value(read_word, words=ASSUMABLE), may_be_empty=True),
        "project_type": value(read_word, words=PROJECT_TYPES),
        "title": _TITLE,
        "funding_statement": texts(limit=TEXT_LIMIT),
        "summary": texts(limit=TEXT_LIMIT),
    },
    required=("code", "programme", "fund", "cofinancing_rate", "currency", "start", "last_day", "title"),
)

_FLAT_RATES: Final = table(
    {rate: value(read_whole, least=1, most=ceiling) for rate, ceiling in FLAT_RATE_CEILINGS.items()}
)

_ORGANISATION: Final = table(
    {
        "key": value(read_key),
        "role": value(read_word, words=ORGANISATION_ROLES),
        "country": value(read_country),
        "currency": value(read_currency),
        "budget": _AMOUNT,
        "flat_rates": _FLAT_RATES,
        "name": texts(required=("en",)),
        "aliases": _ALIASES,
    },
    required=("key", "role", "country", "name"),
)

_ACTIVITY: Final = table({"number": value(read_text, limit=40), "title": texts()}, required=("number",))

_WORK_PACKAGE: Final = table(
    {"number": _NUMBER, "title": texts(), "activities": rows(_ACTIVITY, identity="number")},
    required=("number",),
)

_PERIOD: Final = table(
    {"number": _NUMBER, "start": value(read_day), "last_day": value(read_day)},
    required=("number", "start", "last_day"),
)

_RULES: Final = table(
    {
        "flexibility_scope": value(read_word, words=FLEXIBILITY_SCOPES),
        "flexibility_percent": value(read_quoted_percent),
        "payment_grace_days": _DAYS,
    }
)


def read_project(stated: object, where: str, problems: list[Problem]) -> Table | None:
    """The project's own keys; its last day is not before its start."""
    project: Table | None = _PROJECT(stated, where, problems)
    _refuse_reversed_days(project, where, problems)
    return project


def read_organisation(stated: object, where: str, problems: list[Problem]) -> Table | None:
    """An organisation; one that is associated has no budget."""
    organisation: Table | None = _ORGANISATION(stated, where, problems)
    if organisation and organisation.get("role") == "associated" and "budget" in organisation:
        problems.append(Problem("associated-with-budget", join(where, "budget")))
    for one, other in combinations((organisation or {}).get("flat_rates") or (), 2):
        if _exclude_each_other(one, other):
            problems.append(
                Problem("flat-rates-exclude", join(where, "flat_rates", other), {"rate": other, "other": one})
            )
    return organisation


def read_work_package(stated: object, where: str, problems: list[Problem]) -> Table | None:
    """A work package with its activities, whose numbers start with its own."""
    package: Table | None = _WORK_PACKAGE(stated, where, problems)
    number = (package or {}).get("number")
    for label, activity in ((package or {}).get("activities") or {}).items():
        given = activity.get("number")
        if number and given and not (ACTIVITY_NUMBER.fullmatch(given) and given.startswith(f"{number}.")):
            path = join(where, "activities", label, "number")
            problems.append(Problem("activity-number", path, {"value": given, "work_package": number}))
    return package


def read_indicator(stated: object, where: str, problems: list[Problem]) -> Table | None:
    """An indicator; its target is read as its measure takes it: an amount, a number of two decimals or a count."""
    kind = _kind_of(stated)
    note = texts(limit=TEXT_LIMIT)
    if isinstance(stated, Mapping) and isinstance(stated.get("note"), str):
        note = value(_read_english, limit=TEXT_LIMIT)
    readers: dict[str, Reader] = {
        "key": value(read_key),
        "code": value(read_text, limit=40),
        "unit": value(read_text, limit=40),
        "target": value(read_target, kind=kind),
        "name": texts(),
        "measure": read_measure,
        "note": note,
    }
    indicator: Table | None = table(readers, required=("key",))(stated, where, problems)
    return indicator


def read_period(stated: object, where: str, problems: list[Problem]) -> Table | None:
    """A reporting period, which does not end before it starts."""
    period: Table | None = _PERIOD(stated, where, problems)
    _refuse_reversed_days(period, where, problems)
    return period


read_reporting: Final = table(
    {
        "assumed": value(read_flag),
        "partner_report_due_days": _DAYS,
        "control_due_days": _DAYS,
        "project_report_due_days": _DAYS,
        "periods": rows(read_period, identity="number"),
    }
)
"""The periods, and the days after each by which its steps are due."""


def read_rules(stated: object, where: str, problems: list[Problem]) -> Table | None:
    """The programme's rules; the flexibility rule has both its scope and its percentage, or neither."""
    rules: Table | None = _RULES(stated, where, problems)
    halves = ("flexibility_scope", "flexibility_percent")
    missing = [half for half in halves if half not in (rules or {})]
    if rules and len(missing) == 1:
        problems.append(Problem("missing-key", join(where, missing[0]), {"key": missing[0]}))
    return rules


def _refuse_reversed_days(row: Table | None, where: str, problems: list[Problem]) -> None:
    first_day, last_day = (row or {}).get("start"), (row or {}).get("last_day")
    if first_day and last_day and last_day < first_day:
        values = {"start": first_day, "last_day": last_day}
        problems.append(Problem("last-day-before-start", join(where, "last_day"), values))


def _exclude_each_other(one: str, other: str) -> bool:
    """Office on staff and office on direct costs, or "other" and any. Source: rules of the domain 1.6."""
    return "other_on_staff" in (one, other) or {one, other} == {"office_on_staff", "office_on_direct"}


def _read_english(stated: object, *, limit: int) -> dict[str, str]:
    return {"en": read_text(stated, limit=limit)}


def _kind_of(stated: object) -> object:
    measure = stated.get("measure") if isinstance(stated, Mapping) else None
    return measure.get("kind") if isinstance(measure, Mapping) else None
