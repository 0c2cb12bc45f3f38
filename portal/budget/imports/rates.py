"""Files of exchange rates: tables with a rate in each row, and the Commission's own lists."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.budget.queries.rates import StoredRate, all_rates, stored_rates
from portal.budget.rules.rates import RateDraft, read_inforeuro, read_month, read_number
from portal.budget.services.imports.rates import RateChanges
from portal.core.errors import InvalidInput, Problem
from portal.core.money import EURO, RateMicros, rate_text
from portal.core.periods import FIRST_YEAR
from portal.core.tables import Cell
from portal.core.tables.cells import as_choice, as_text
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.reading import ReadRow, ReadTable, Value
from portal.imports.kinds import FileColumn, Plan, Request
from portal.imports.rows import Reading, StatedRow, read_rows
from portal.projects.rules.vocabulary import CURRENCIES

MEGABYTE = 1024 * 1024
MOST_BYTES = 2 * MEGABYTE
# What stands for a currency without a code.
NO_CODE = "–"
# Currencies of a list that are named among those left out.
MOST_NAMED = 10

RATE_COLUMNS = (
    FileColumn(
        "currency",
        _l("The currency, in three letters."),
        is_key=True,
        is_required=True,
        choices=lambda code: sorted(CURRENCIES - {EURO}),
    ),
    FileColumn("month", _l("The month, such as 2026-07."), is_key=True, is_required=True),
    FileColumn("rate", _l("Units of the currency for one euro, such as 4.2563."), is_required=True),
)
NAMES = tuple(column.name for column in RATE_COLUMNS)


class RateList(ReadTable):
    """The Commission's list: of the whole world's currencies, those that the portal does not know are left out."""


class Compared(NamedTuple):
    """A file as far as it has been compared with what is stored; `first_rows` is currency and month -> row."""

    stored: Mapping[tuple[str, str], StoredRate]
    changes: RateChanges
    first_rows: dict[tuple[str, str], int]
    problems: list[RowProblem]


def read_list(path: Path, request: Request) -> ReadTable:
    """The rates in one of InforEuro's JSON files; raise TableRefused with what is wrong with it."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    return list_of(content, request.options.get("month", ""))


def list_of(content: bytes, month: str) -> ReadTable:
    """The rates in the content of such a file, which are of this month if the file names none itself."""
    try:
        if len(content) > MOST_BYTES:
            raise InvalidInput("rates-too-large", limit=MOST_BYTES // MEGABYTE)
        listed = read_inforeuro(_text(content), month=month, currencies=CURRENCIES)
    except InvalidInput as error:
        problems = [RowProblem(each.row, each.where, each) for each in error.problems]
        raise TableRefused(problems) from None
    rows = (ReadRow(each.row, (each.currency, each.month, _cell(each.rate))) for each in listed)
    return RateList(NAMES, rows, rows_at_most=len(listed))


def plan_rates(request: Request, table: ReadTable) -> Plan:
    """What storing the file would do, with everything that is wrong with it."""
    code = request.project_code
    compared = Compared(stored_rates(code), RateChanges(code, [], [], {}), {}, [])
    left_out: Counter[str] = Counter()
    too_old: list[int] = []
    if isinstance(table, RateList):
        table = table._replace(rows=_known(table.rows, left_out, too_old))
    rows = unchanged = 0
    for step in read_rows(table, READINGS, request, compared.problems):
        rows += len(step)
        unchanged += sum(_compare(compared, row) for row in step)
    if left_out:
        compared.problems.append(_said(left_out))
    if too_old:
        values = {"number": len(too_old), "first": FIRST_YEAR}
        compared.problems.append(RowProblem(0, "", Problem("rates-too-old", "", values), is_warning=True))
    problems = sorted(compared.problems, key=lambda each: each.row)
    created, updated = len(compared.changes.created), len(compared.changes.updated)
    return Plan(rows, created, updated, unchanged, problems, compared.changes)


def export_rates(code: str, reach: frozenset[str] | None) -> Iterator[Sequence[Cell]]:
    """Every rate of the project, in the order of the columns; rates belong to no organisation."""
    for currency, month, rate in all_rates(code):
        yield currency, month, Decimal(rate_text(rate))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("rates-not-json") from None


def _cell(rate: RateMicros | None) -> Value:
    return None if rate is None else rate_text(rate)


def _known(rows: Iterator[ReadRow], left_out: Counter[str], too_old: list[int]) -> Iterator[ReadRow]:
    """The rows of known currencies and of months that the portal keeps; the others are noted. The euro has no rate."""
    for row in rows:
        currency, _month, rate = row.cells
        if currency not in CURRENCIES:
            left_out[str(currency or NO_CODE)] += 1
        elif rate is None:
            too_old.append(row.number)
        elif currency != EURO:
            yield row


def _said(left_out: Counter[str]) -> RowProblem:
    named = sorted(left_out)
    some = ", ".join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else "")
    return RowProblem(0, "", Problem("rates-left-out", "", {"number": len(named), "some": some}), is_warning=True)


def _currency(value: Value) -> str | None:
    if isinstance(value, str) and value.upper() == EURO:
        raise InvalidInput("rate-of-euro")
    return as_choice(value, sorted(CURRENCIES - {EURO}))


def _month(value: Value) -> str:
    """The month; a spreadsheet may have taken 2026-07 for the first day of July."""
    text = as_text(value, 40) or ""
    return read_month(text.removesuffix("-01").removesuffix("-01 00:00") if len(text) > 7 else text)


def _rate(value: Value) -> RateMicros:
    return read_number(value)


READINGS = {
    "currency": Reading(_currency, is_required=True, is_repeated=True),
    "month": Reading(_month, is_required=True, is_repeated=True),
    "rate": Reading(_rate, is_required=True),
}


def _compare(compared: Compared, row: StatedRow) -> bool:
    """Note what the row changes, or what is wrong with it; return whether it is stored as it is."""
    facts: Mapping[str, Any] = row.facts
    key = (facts.get("currency", ""), facts.get("month", ""))
    if all(key) and (first := compared.first_rows.setdefault(key, row.number)) != row.number:
        row.fault(Problem("import-row-twice", "month", {"first": first}))
    if row.faults:
        compared.problems.extend(row.faults)
        return False
    wanted, present = RateDraft(*key, facts["rate"]), compared.stored.get(key)
    if present is None:
        compared.changes.created.append(wanted)
    elif present.rate == wanted.rate:
        return True
    else:
        compared.changes.versions[present.id] = present.version
        compared.changes.updated.append((present.id, wanted))
    return False
