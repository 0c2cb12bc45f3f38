"""Files of budgets: what each partner may spend in which category, work package and period."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.budget.queries.budget_files import export_lines, list_package_numbers, list_period_numbers, load_lines
from portal.budget.queries.budget_versions import last_number
from portal.budget.queries.budgets import list_partner_keys, load_axes
from portal.budget.rules.flat_rates import flat_categories, with_flat_rates
from portal.budget.rules.lines import Axes, LineChanges, LineState
from portal.budget.rules.tables import undistributed
from portal.core.errors import InvalidInput, Problem
from portal.core.money import Cents, decimal_text, to_decimal
from portal.core.periods import FIRST_YEAR, LAST_YEAR
from portal.core.tables import Cell
from portal.core.tables.cells import as_amount, as_day, as_whole
from portal.core.tables.problems import RowProblem
from portal.core.tables.reading import ReadTable
from portal.imports.kinds import FileColumn, FileOption, Plan, Request
from portal.imports.rows import Reading, StatedRow, line, read_rows, word
from portal.projects.models import Organisation, Project
from portal.projects.queries import get_project
from portal.projects.rules.contract import LONGEST_REASON
from portal.projects.rules.values import LARGEST_NUMBER
from portal.projects.rules.vocabulary import COST_CATEGORIES

BUDGET_COLUMNS = (
    FileColumn("organisation", _l("The partner's key."), is_key=True, is_required=True, choices=list_partner_keys),
    FileColumn("category", _l("Cost category"), is_key=True, is_required=True, choices=lambda code: COST_CATEGORIES),
    FileColumn(
        "work_package", _l("Number of the work package; none if empty."), is_key=True, choices=list_package_numbers
    ),
    FileColumn("period", _l("Number of the period; none if empty."), is_key=True, choices=list_period_numbers),
    FileColumn("amount", _l("Amount in the project's currency, such as 1234.56."), is_required=True),
)


def _reason(stated: str) -> str:
    """The reason as it is kept; raise InvalidInput."""
    if len(stated) > LONGEST_REASON:
        raise InvalidInput("text-too-long", where=WHY.name, limit=LONGEST_REASON)
    return stated


def _agreed_from(stated: str) -> str:
    """The day as it is kept; raise InvalidInput."""
    try:
        day = as_day(stated)
    except InvalidInput as error:
        raise InvalidInput(error.problem.code, where=AGREED_FROM.name, **error.problem.values) from None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput("date-out-of-range", where=AGREED_FROM.name, first=FIRST_YEAR, last=LAST_YEAR)
    return day.isoformat()


WHY = FileOption(
    "reason",
    _l("Why this changes"),
    _l("Kept with the version of the budget that the file makes. If it is empty, an imported file is the reason."),
    check=_reason,
    form="paragraphs",
)
AGREED_FROM = FileOption(
    "valid_from",
    _l("Agreed from"),
    _l("The day from which the budget of the file is agreed. If it is empty, the day of the import is kept."),
    check=_agreed_from,
    form="day",
)

READINGS = {
    "organisation": Reading(line(200), is_required=True, is_repeated=True),
    "category": Reading(word(COST_CATEGORIES), is_required=True, is_repeated=True),
    "work_package": Reading(lambda value: as_whole(value, 0, LARGEST_NUMBER), 0),
    "period": Reading(lambda value: as_whole(value, 0, LARGEST_NUMBER), 0),
    "amount": Reading(as_amount, is_required=True),
}
KEYS = ("organisation", "category", "work_package", "period")

Key = tuple[Any, ...]


class Compared(NamedTuple):
    """A file as far as it has been compared with what is stored.

    `wanted` is the key of a line -> cents, stored or as the file wants it; `flat` the rows of each partner's flat
    categories. `last_rows` is the key of a partner -> the last row about it; of the `spoiled` something is wrong.
    """

    partners: Mapping[str, Organisation]
    axes: Axes
    stored: Mapping[Key, tuple[int, Cents]]
    changes: LineChanges
    wanted: dict[Key, Cents]
    flat: dict[tuple[str, str], list[StatedRow]]
    first_rows: dict[Key, int]
    last_rows: dict[str, int]
    spoiled: set[str]
    problems: list[RowProblem]


def plan_budget(request: Request, table: ReadTable) -> Plan:
    """What storing the file would do, with everything that is wrong with it."""
    project = get_project(request.project_code)
    compared = _begin(project)
    rows = unchanged = 0
    for step in read_rows(table, READINGS, request, compared.problems):
        rows += len(step)
        unchanged += sum(_compare(compared, row) for row in step)
    for key in compared.last_rows:
        if key not in compared.spoiled:
            _check_partner(compared, project, compared.partners[key])
    problems = sorted(compared.problems, key=lambda each: each.row)
    return Plan(
        rows, len(compared.changes.created), len(compared.changes.updated), unchanged, problems, compared.changes
    )


def export_budget(code: str, reach: frozenset[str] | None) -> Iterator[Sequence[Cell]]:
    """Every line the reach covers, in the order of the columns; flat rates follow from the lines."""
    for each in export_lines(code, reach):
        yield (
            each.organisation, each.category, each.work_package or None, each.period or None, to_decimal(each.cents)
        )  # fmt: skip


def _begin(project: Project) -> Compared:
    lines = load_lines(project.code)
    stored = {each.state[:-1]: (each.id, each.state.amount_cents) for each in lines}
    changes = LineChanges(project.code, project.version, last_number(project.code), [], [])
    wanted = {key: cents for key, (_, cents) in stored.items()}
    partners = {each.key: each for each in project.organisations}
    return Compared(partners, load_axes(project.code), stored, changes, wanted, {}, {}, {}, set(), [])


def _compare(compared: Compared, row: StatedRow) -> bool:
    """Note what the row changes, or what is wrong with it; return whether it is stored as it is, or computed."""
    partner = _partner_of(compared, row)
    _check_row(compared, row, partner)
    if partner is not None:
        compared.last_rows[partner.key] = row.number
    if row.faults or partner is None:
        compared.problems.extend(row.faults)
        compared.spoiled.update([partner.key] if partner else [])
        return False
    state = _state(row, partner)
    if state.category in flat_categories(partner.flat_rates):
        compared.flat.setdefault((partner.key, state.category), []).append(row)
        return True
    key, present = state[:-1], compared.stored.get(state[:-1])
    compared.wanted[key] = state.amount_cents
    if present is None:
        compared.changes.created.append(state)
    elif present[1] != state.amount_cents:
        compared.changes.updated.append((present[0], state))
    return present is not None and present[1] == state.amount_cents


def _partner_of(compared: Compared, row: StatedRow) -> Organisation | None:
    if "organisation" not in row.facts:
        return None
    stated = row.facts["organisation"]
    partner = compared.partners.get(stated)
    if partner is None:
        allowed = [key for key, each in compared.partners.items() if each.role != "associated"]
        row.fault(Problem("import-organisation-unknown", "organisation", {"organisation": stated, "allowed": allowed}))
    elif partner.role == "associated":
        row.fault(Problem("budget-associated", "organisation", {"organisation": stated}))
        return None
    return partner


def _check_row(compared: Compared, row: StatedRow, partner: Organisation | None) -> None:
    """Note what is wrong with the numbers, the amount and the category of the row, and whether it is there twice."""
    package, period = row.facts.get("work_package", 0), row.facts.get("period", 0)
    if package not in (0, *compared.axes.work_packages):
        row.fault(Problem("budget-work-package", "work_package", {"number": package}))
    if period not in (0, *compared.axes.periods):
        row.fault(Problem("budget-period", "period", {"number": period}))
    if row.facts.get("amount", 0) < 0:
        row.fault(Problem("budget-below-zero", "amount"))
    if partner is None or row.has_fault(*KEYS):
        return
    state = _state(row, partner)
    if state.category == "other" and "other" not in flat_categories(partner.flat_rates):
        row.fault(Problem("budget-other", "category", {"organisation": partner.key}))
    first = compared.first_rows.setdefault(state[:-1], row.number)
    if first != row.number:
        row.fault(Problem("import-row-twice", "category", {"first": first}))


def _state(row: StatedRow, partner: Organisation) -> LineState:
    facts = row.facts
    numbers = facts.get("work_package", 0), facts.get("period", 0)
    return LineState(partner.id, facts["category"], *numbers, facts.get("amount", Cents(0)))


def _check_partner(compared: Compared, project: Project, partner: Organisation) -> None:
    """Note flat amounts that are not what is computed, and what all lines differ by from the approved budget."""
    real: dict[str, Cents] = {}
    for (organisation_id, category, *_), cents in compared.wanted.items():
        if organisation_id == partner.id:
            real[category] = Cents(real.get(category, 0) + cents)
    totals = with_flat_rates(real, partner.flat_rates)
    for (key, category), rows in compared.flat.items():
        if key == partner.key:
            _check_flat(compared, rows, totals.get(category, Cents(0)), project.currency)
    total, approved = Cents(sum(totals.values())), partner.budget_cents
    difference = undistributed(approved, total)
    if approved is None or not difference:
        return
    stated: dict[str, object] = {
        "organisation": partner.key,
        "currency": project.currency,
        "sum": decimal_text(total),
        "approved": decimal_text(approved),
        "difference": decimal_text(difference),
    }
    problem = Problem("budget-difference", "amount", stated)
    compared.problems.append(RowProblem(compared.last_rows[partner.key], "amount", problem, is_warning=True))


def _check_flat(compared: Compared, rows: Collection[StatedRow], computed: Cents, currency: str) -> None:
    """Take rows of a flat category only if they add up to what is computed: then there is nothing to store."""
    stated = Cents(sum(row.facts["amount"] for row in rows))
    if stated != computed:
        row = list(rows)[-1]
        values = {"stated": decimal_text(stated), "computed": decimal_text(computed), "currency": currency}
        row.fault(Problem("budget-flat-differs", "amount", values))
        compared.problems.extend(row.faults)
