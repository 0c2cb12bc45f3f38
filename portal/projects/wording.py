"""The words for a project's structure: its tables, columns and values, as pages say them."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.money import BasisPoints, Cents
from portal.core.web.formats import NOT_REPORTED, show_amount, show_country, show_date, show_number, show_percentage
from portal.core.web.language import LANGUAGES, text_in
from portal.projects.labels import EVENT_KINDS, GROUPS, ROLES
from portal.projects.measure_words import ANSWERS, BASES, KINDS, OPTIONS, STATISTICS
from portal.projects.rules.contract import Change
from portal.projects.rules.merging import Row, Rows, Value
from portal.projects.rules.targets import MONEY, expected_number
from portal.projects.rules.vocabulary import AS_AGREED, FROM_FILE

STATUSES = {
    "preparation": _l("In preparation"),
    "running": _l("Running"),
    "closed": _l("Closed"),
}

REASONS = {
    AS_AGREED: _l("As agreed when the project began to run"),
    FROM_FILE: _l("Loaded from the project file"),
}

FLAT_RATES = {
    "staff": _l("Staff, in per cent of travel, external expertise, equipment and works"),
    "travel": _l("Travel, in per cent of staff"),
    "office_on_staff": _l("Office, in per cent of staff"),
    "office_on_direct": _l("Office, in per cent of staff, travel, external expertise, equipment and works"),
    "other_on_staff": _l("All other costs, in per cent of staff"),
}

FLEXIBILITY = {
    "": _l("No such rule"),
    "category": _l("Each cost category of a partner"),
    "partner": _l("Each partner's whole budget"),
}

ASSUMED = {
    "lead": _l("who leads"),
    "time_zone": _l("the time zone"),
    "translations": _l("translations"),
    "numbers": _l("numbers of work packages and activities"),
    "codes": _l("codes of indicators"),
    "measures": _l("what indicators count"),
    "funding_statement": _l("the wording of the funding statement"),
    "reporting": _l("reporting periods and due days"),
    "rules": _l("rules on money"),
}

ROWS = {
    "organisations": _l("Organisation"),
    "periods": _l("Reporting period"),
    "work_packages": _l("Work package"),
    "activities": _l("Activity"),
    "deliverables": _l("Deliverable"),
    "indicators": _l("Indicator"),
}


class Words(NamedTuple):
    """What is done with the rows of a table, as headings and buttons say it."""

    add: Any
    edit: Any
    remove: Any


ACTS = {
    "organisations": Words(_l("Add an organisation"), _l("Edit the organisation"), _l("Remove the organisation")),
    "periods": Words(_l("Add a period"), _l("Edit the period"), _l("Remove the period")),
    "work_packages": Words(_l("Add a work package"), _l("Edit the work package"), _l("Remove the work package")),
    "activities": Words(_l("Add an activity"), _l("Edit the activity"), _l("Remove the activity")),
    "deliverables": Words(_l("Add a deliverable"), _l("Edit the deliverable"), _l("Remove the deliverable")),
    "indicators": Words(_l("Add an indicator"), _l("Edit the indicator"), _l("Remove the indicator")),
}

SECTIONS = {
    "facts": _l("Facts of the project"),
    "texts": _l("Summary and funding statement"),
    "reporting": _l("Days for reports"),
    "rules": _l("Rules on money"),
    "assumed": _l("What is assumed"),
}

GAPS = {
    "lead": _l("There is no lead partner."),
    "budget": _l("No organisation has a budget."),
    "periods": _l("There are no reporting periods."),
    "activities": _l("There are no activities."),
    "responsible": _l("Some activities have no responsible partner."),
    "indicators": _l("There are no indicators."),
}

# Status → what its next one is called as an act, and what that does.
MOVES = {
    "preparation": (
        _l("Start the project"),
        _l(
            "The project runs from then on. What stands here now is kept as agreed, as the first version. Every later"
            " change of it takes a reason and a day, and becomes a version of its own. Nothing leads back into"
            " preparation."
        ),
    ),
    "running": (
        _l("Close the project"),
        _l("The project's plan, events and figures can no longer be changed, until a manager opens it again."),
    ),
    "closed": (
        _l("Open the project again"),
        _l("The project runs again. What is agreed can be changed with a reason and a day, as before."),
    ),
}

COLUMNS = {
    "activity": _l("Activity"),
    "agreement_signed": _l("Agreement signed on"),
    "aliases": _l("Also written"),
    "assumed": _l("Marked as assumed"),
    "budget_cents": _l("Budget"),
    "code": _l("Code"),
    "cofinancing_rate_bp": _l("Co-financing rate"),
    "control_due_days": _l("Days for the control"),
    "country": _l("Country"),
    "currency": _l("Currency"),
    "due_day": _l("Due on"),
    "first_day": _l("First day"),
    "flat_rates": _l("Flat rates"),
    "flexibility_percent_bp": _l("Flexibility in per cent"),
    "flexibility_scope": _l("Flexibility of the budget"),
    "fund": _l("Fund"),
    "funding_statement": _l("Funding statement"),
    "last_day": _l("Last day"),
    "measure": _l("What it counts"),
    "name": _l("Name"),
    "note": _l("Note"),
    "partner_report_due_days": _l("Days for the partner report"),
    "payment_grace_days": _l("Days for payments after the end"),
    "planned_first_day": _l("Planned first day"),
    "planned_last_day": _l("Planned last day"),
    "position": _l("Place in the list"),
    "programme": _l("Programme"),
    "programme_website": _l("Website of the programme"),
    "project_report_due_days": _l("Days for the project report"),
    "reporting_assumed": _l("Reporting periods and due days are assumed"),
    "responsible": _l("Responsible partner"),
    "role": _l("Part in the project"),
    "summary": _l("Summary"),
    "target": _l("Target"),
    "time_zone": _l("Time zone"),
    "title": _l("Title"),
    "title_aliases": _l("Title, also written"),
    "unit": _l("Unit"),
    "work_package": _l("Work package"),
}

TEXTS = frozenset({"title", "name", "note", "summary", "funding_statement"})
AMOUNTS = frozenset({"budget_cents"})
RATES = frozenset({"cofinancing_rate_bp", "flexibility_percent_bp"})
# Column → the words for its values, or for those in its list.
VOCABULARIES: Mapping[str, Mapping[str, Any]] = {
    "role": ROLES,
    "flexibility_scope": FLEXIBILITY,
    "assumed": ASSUMED,
    "event_kinds": EVENT_KINDS,
    "groups": GROUPS,
    "exclude_groups": GROUPS,
    "roles": ROLES,
    "bases": BASES,
    "statistic": STATISTICS,
}


YES_OR_NO = {True: _l("Yes"), False: _l("No")}


class Told(NamedTuple):
    """A change in words: where, what it was, what it is."""

    place: str
    before: str
    after: str


def tell_changes(changes: Iterable[Change], earlier: Rows, later: Rows) -> list[Told]:
    """The changes in words; `earlier` and `later` are all the rows before and after them.

    A row that came or went is said first, then what it holds; of texts only the languages that changed.
    """
    told: list[Told] = []
    for (table, key), cells in groupby(changes, lambda change: (change.table, change.key)):
        row = later.get(table, {}).get(key) or earlier.get(table, {}).get(key, {})
        name = f"{ROWS[table]} {_named(key, row)}" if key else ""
        of_row = list(cells)
        if not (of_row[0].was_there and of_row[0].is_there):
            told.append(Told(name, NOT_REPORTED, _("added") if of_row[0].is_there else _("removed")))
        lines = (_tell_change(change, name, earlier, later) for change in of_row)
        told += (line for line in lines if line.before != line.after)
    return told


def _tell_change(change: Change, name: str, earlier: Rows, later: Rows) -> Told:
    column = str(COLUMNS.get(change.column, change.column))
    before, after = _differing(change)
    return Told(f"{name}: {column}" if name else column, _told(change, before, earlier), _told(change, after, later))


def _differing(change: Change) -> tuple[Value, Value]:
    """The values before and after, of a text per language without the languages that stay."""
    before, after = change.before, change.after
    if change.column not in TEXTS or not isinstance(before, dict) or not isinstance(after, dict):
        return before, after
    changed = {language for language in LANGUAGES if before.get(language) != after.get(language)}
    kept = [{name: text for name, text in texts.items() if name in changed} for texts in (before, after)]
    return kept[0], kept[1]


def tell_value(column: str, value: Value, currency: str) -> str:
    """A column's value in words; `currency` is that of its amounts."""
    if value is None or value in ("", [], {}):
        return str(FLEXIBILITY[""]) if column == "flexibility_scope" else NOT_REPORTED
    if column in AMOUNTS and isinstance(value, int):
        return show_amount(Cents(value), currency)
    if column in RATES and isinstance(value, int):
        return show_percentage(BasisPoints(value))
    if column == "country":
        return show_country(str(value))
    if column == "measure" and isinstance(value, dict):
        return tell_measure(value)
    if column == "flat_rates" and isinstance(value, dict):
        return "; ".join(f"{FLAT_RATES[name]}: {rate} %" for name, rate in value.items())
    return _plain(column, value)


def tell_measure(measure: Mapping[str, Any]) -> str:
    """What an indicator counts, in words."""
    options = [
        _plain(name, option) if isinstance(option, bool) else f"{OPTIONS[name]}: {_plain(name, option)}"
        for name, option in measure.items()
        if name != "kind"
    ]
    return "; ".join([str(KINDS[measure["kind"]]), *options])


def tell_target(target: int | None, measure: Any, currency: str) -> str:
    """What is expected of an indicator with this measure; `currency` is that of its amounts."""
    kind = measure.get("kind") if isinstance(measure, Mapping) else None
    if target is not None and kind == MONEY:
        return show_amount(Cents(target), currency)
    return show_number(expected_number(target, kind))


def tell_reason(reason: str) -> str:
    """A version's reason as people read it."""
    return str(REASONS.get(reason, reason))


def _told(change: Change, value: Value, rows: Rows) -> str:
    project = rows.get("project", {}).get("", {})
    measure = rows.get(change.table, {}).get(change.key, {}).get("measure")
    if change.column == "target" and isinstance(value, int):
        return tell_target(value, measure, str(project.get("currency")))
    if change.column == "responsible" and value:
        return _named(str(value), rows.get("organisations", {}).get(str(value), {}))
    return tell_value(change.column, value, str(project.get("currency")))


def _named(key: str, row: Row) -> str:
    """A row by its name, or by its number where it has none."""
    name = row.get("name")
    return (text_in(name) if isinstance(name, dict) else "") or key


def _plain(column: str, value: Value) -> str:
    words = VOCABULARIES.get(column, {})
    if isinstance(value, bool):
        return str(ANSWERS.get(column, YES_OR_NO)[value])
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, int):
        return show_number(value)
    if isinstance(value, list):
        return ", ".join(str(words.get(str(each), each)) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{LANGUAGES.get(name, name)}: {text}" for name, text in value.items())
    return str(words.get(str(value), value))
