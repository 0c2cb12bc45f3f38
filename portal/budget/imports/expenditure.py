"""Files of expenditure: what an organisation declares, row by row, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from portal.accounts.queries import list_holdings
from portal.audit.services import COMMAND_LINE, current_actor
from portal.budget.imports.expenditure_cells import AMOUNTS, readings
from portal.budget.imports.warnings import list_warnings
from portal.budget.queries.imports import Names, export_items, find_organisation_id, load_items, load_names
from portal.budget.rules.drafts import NOT_OF_STAFF, ItemDraft, Known, check_draft
from portal.budget.rules.imports import ItemChanges, StoredItem, as_stated, named_currency
from portal.budget.rules.masking import SALARIES, Naming, is_masked, naming_of, readable, salaries_seen
from portal.core.errors import InvalidInputs, Problem
from portal.core.money import Cents, to_decimal
from portal.core.tables import Cell
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.reading import ReadRow, ReadTable
from portal.imports.kinds import Plan, Request
from portal.imports.rows import MOST_PROBLEMS, StatedRow, read_rows

# Columns of a file -> the fields of a draft that they fill.
FIELDS = {
    "work_package": "work_package_id",
    "activity": "activity_id",
    "event": "event_id",
    "contract": "contract_id",
    "invoice_total": "invoice_total_cents",
    "vat": "vat_cents",
    "declared_amount": "declared_cents",
    "corrects": "corrects_id",
}
# What stands where salary details are kept from who exports.
HIDDEN = Naming("", "", "", "")
# No item has this number.
NOBODYS = 0


class Compared(NamedTuple):
    """A file as far as it has been compared with what is stored.

    `hidden` says that the salary details of the organisation are kept from who brings the file. `signs` is row -> the
    columns whose amounts name a currency, `first_rows` reference -> row, `keys` row -> the key of its item.
    """

    names: Names
    known: Known
    hidden: bool
    changes: ItemChanges
    signs: dict[int, dict[str, str]]
    first_rows: dict[str, int]
    keys: dict[int, int]
    errors: list[RowProblem]
    warnings: list[RowProblem]


def plan_expenditure(request: Request, table: ReadTable) -> Plan:
    """What storing the file would do, with everything that is wrong with it and with what it declares."""
    compared = _begin(request)
    rows = unchanged = 0
    noting = table._replace(rows=_note_signs(table, compared.signs))
    for step in read_rows(noting, readings(compared.names), request, compared.errors):
        rows += len(step)
        unchanged += _compare(compared, step)
    changes = compared.changes
    warnings = compared.warnings
    if len(compared.errors) < MOST_PROBLEMS:
        warnings += list_warnings(request, changes, compared.names, compared.keys)
    problems = sorted([*compared.errors, *warnings], key=lambda each: each.row)
    return Plan(rows, len(changes.created), len(changes.updated), unchanged, problems, changes)


def export_expenditure(code: str, reach: frozenset[str] | None) -> Iterator[Sequence[Cell]]:
    """Every item of the organisations that the reach covers, in the order of the columns.

    Salary details are left empty for those from whom they are kept; their file changes nothing of them.
    """
    seen = _salaries_seen(code)
    for each in export_items(code, reach):
        draft = each.draft
        naming = naming_of(draft)
        if seen is not None:
            naming = readable(naming, draft.category, each.organisation, seen) or HIDDEN
        yield (
            draft.internal_reference,
            draft.category,
            each.work_package,
            each.activity,
            each.event,
            naming.supplier,
            naming.supplier_tax_number,
            naming.invoice_number,
            draft.invoice_date,
            draft.payment_date,
            naming.description,
            *(_amount(cents) for cents in (draft.invoice_total_cents, draft.vat_cents, draft.declared_cents)),
            draft.currency,
            each.corrects,
            each.contract,
        )


def _begin(request: Request) -> Compared:
    code, key = request.project_code, request.options.get("organisation", "")
    organisation_id = find_organisation_id(code, key)
    if organisation_id is None or (request.reach is not None and key not in request.reach):
        raise TableRefused([RowProblem(0, "", Problem("item-organisation-unknown"))])
    seen = _salaries_seen(code)
    hidden = seen is not None and is_masked(SALARIES, key, seen)
    changes = ItemChanges(code, organisation_id, key, [], [], {})
    names = load_names(code, organisation_id)
    return Compared(names, names.known(), hidden, changes, {}, {}, {}, [], [])


def _salaries_seen(code: str) -> frozenset[str] | None:
    """The keys of the organisations whose salary details whoever acts may see (None: all, as the command line may)."""
    actor = current_actor()
    return None if actor == COMMAND_LINE else salaries_seen(list_holdings(actor.id, code))


def _amount(cents: Cents | None) -> Cell:
    return None if cents is None else to_decimal(cents)


def _note_signs(table: ReadTable, signs: dict[int, dict[str, str]]) -> Iterator[ReadRow]:
    """The rows as they come, with a note of each amount that names a currency itself."""
    places = [(name, place) for place, name in enumerate(table.columns) if name in AMOUNTS]
    for row in table.rows:
        for name, place in places:
            cell = row.cells[place]
            if type(cell) is str and (currency := named_currency(cell)):
                signs.setdefault(row.number, {})[name] = currency
        yield row


def _compare(compared: Compared, rows: Sequence[StatedRow]) -> int:
    """Compare some rows with what is stored; return how many are stored as they are."""
    names = ("internal_reference", "corrects")
    sought = {row.facts[name] for row in rows for name in names if row.facts.get(name)}
    stored = load_items(compared.changes.organisation_id, sought)
    return sum(_compare_row(compared, row, stored) for row in rows)


def _compare_row(compared: Compared, row: StatedRow, stored: Mapping[str, StoredItem]) -> bool:
    """Note what the row changes, or what is wrong with it; return whether it is stored as it is."""
    reference = row.facts.get("internal_reference", "")
    present = stored.get(reference)
    if reference and (first := compared.first_rows.setdefault(reference, row.number)) != row.number:
        row.fault(Problem("import-row-twice", "internal_reference", {"first": first}))
    wanted = _wanted(compared, row, present, stored)
    if wanted is not None and present is not None and wanted != present.draft:
        _check_changeable(compared, row, present)
    if row.faults or wanted is None:
        is_private = _may_name(row, present)
        compared.errors.extend(each._replace(is_private=is_private) for each in row.faults)
        return False
    compared.warnings.extend(_warnings_of_cells(compared, row, wanted))
    if present is not None and present.draft == wanted:
        compared.keys[row.number] = present.id
        return True
    _keep(compared, row, present, wanted)
    return False


def _may_name(row: StatedRow, present: StoredItem | None) -> bool:
    """Whether the cells of the row may name whose salary it is: unless it is known to be about something else."""
    before = present.draft.category if present else ""
    return SALARIES in (row.facts.get("category", SALARIES), before)


def _keep(compared: Compared, row: StatedRow, present: StoredItem | None, wanted: ItemDraft) -> None:
    changes = compared.changes
    if present is None:
        changes.created.append(wanted)
        key = -len(changes.created)
    else:
        key = present.id
        changes.updated.append((key, wanted))
        changes.versions[key] = present.version
    compared.keys[row.number] = key


def _warnings_of_cells(compared: Compared, row: StatedRow, wanted: ItemDraft) -> Iterator[RowProblem]:
    """What of the row is not kept as it stands there."""
    for name, currency in compared.signs.pop(row.number, {}).items():
        if currency != wanted.currency:
            problem = Problem("item-amount-currency", name, {"named": currency, "currency": wanted.currency})
            yield RowProblem(row.number, name, problem, is_warning=True)
    for name in NOT_OF_STAFF if wanted.category == SALARIES else ():
        if row.facts.get(name):
            yield RowProblem(row.number, name, Problem("item-not-of-staff", name), is_warning=True)


def _check_changeable(compared: Compared, row: StatedRow, present: StoredItem) -> None:
    """Note a fault where the item changes no more, or not by who brings the file."""
    if not present.is_editable:
        row.fault(Problem("item-fixed", "internal_reference", {"reference": present.draft.internal_reference}))
    elif compared.hidden and present.draft.category == SALARIES:
        row.fault(Problem("item-salary-hidden", "internal_reference"))


def _wanted(
    compared: Compared, row: StatedRow, present: StoredItem | None, stored: Mapping[str, StoredItem]
) -> ItemDraft | None:
    """The item as the row wants it: columns that the file lacks keep what is stored. None where it cannot be."""
    facts = dict(row.facts)
    if "corrects" in facts:
        facts["corrects"] = _corrected(row, stored)
    if present is not None and compared.hidden and present.draft.category == SALARIES:
        # What they do not see they do not change, and comparing it must not tell them what it is.
        for name in Naming._fields:
            facts.pop(name, None)
    stated = {FIELDS.get(name, name): value for name, value in facts.items()}
    before = present.draft if present else EMPTY
    if present is not None and _moves(stated, before):
        before = before._replace(activity_id=None, work_package_id=None)
    draft = as_stated(before._replace(**stated), present.draft if present else None)
    return _checked(compared, row, draft, present, stored)


def _corrected(row: StatedRow, stored: Mapping[str, StoredItem]) -> int | None:
    """The id of the item that the row corrects, or NOBODYS with a fault noted; None where the row names none."""
    reference = row.facts["corrects"]
    if not reference:
        return None
    if reference == row.facts.get("internal_reference"):
        row.fault(Problem("item-corrects-itself", "corrects"))
    elif reference not in stored:
        row.fault(Problem("item-corrects-unknown", "corrects"))
    return stored[reference].id if reference in stored else NOBODYS


def _moves(stated: Mapping[str, Any], before: ItemDraft) -> bool:
    """Whether the row names another event or activity, so that the places stored beside it follow."""
    return any(stated.get(name) not in (None, getattr(before, name)) for name in ("event_id", "activity_id"))


def _checked(
    compared: Compared, row: StatedRow, draft: ItemDraft, present: StoredItem | None, stored: Mapping[str, StoredItem]
) -> ItemDraft | None:
    """The draft as it is stored; None with the faults noted, once for each column."""
    unread = {fault.column for fault in row.faults}
    before = present.draft if present else None
    known = compared.known
    if draft.corrects_id is not None:
        # What an item corrects already it may go on correcting, whatever has become of that since.
        kept = before.corrects_id if before else None
        certified = {each.id for each in stored.values() if each.state == "certified"}
        known = known._replace(corrigible=certified if kept is None else {*certified, kept})
    try:
        return check_draft(draft, known, stored=before)
    except InvalidInputs as error:
        for problem in error.problems:
            if problem.where not in unread:
                row.fault(problem)
        return None


EMPTY = ItemDraft(
    internal_reference="",
    category="",
    work_package_id=None,
    activity_id=None,
    event_id=None,
    contract_id=None,
    supplier="",
    supplier_tax_number="",
    invoice_number="",
    invoice_date=None,
    payment_date=None,
    description="",
    invoice_total_cents=None,
    vat_cents=None,
    declared_cents=Cents(0),
    currency="EUR",
    corrects_id=None,
)
