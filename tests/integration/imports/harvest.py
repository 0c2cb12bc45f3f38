"""A kind of file whose rows are those of one organisation, with a month that may be said: harvests of fruits.

It reads lists in JSON too: [{"name": "pear", "colour": "green"}, …].
"""

import json
from pathlib import Path

from portal.accounts.rules import Permission
from portal.core.errors import InvalidInput, Problem
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.reading import ReadRow, ReadTable
from portal.imports.kinds import ImportKind, Plan, Request
from portal.imports.options import MONTH, ORGANISATION
from tests.integration.imports import fruits


def read_list(path: Path, request: Request) -> ReadTable:
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        rows = [ReadRow(row, (each["name"], each["colour"])) for row, each in enumerate(listed, start=1)]
    except (ValueError, KeyError, TypeError) as error:
        raise TableRefused([RowProblem(0, "", Problem("table-empty"))]) from error
    return ReadTable(("name", "colour"), iter(rows), rows_at_most=len(rows))


def plan(request: Request, table: ReadTable) -> Plan:
    """Every row is of the organisation that was said; nothing is harvested in January."""
    if request.options.get("month", "").endswith("-01"):
        raise InvalidInput("import-month-unreadable", where="month", value=request.options["month"])
    owner = request.options["organisation"]
    rows = (ReadRow(row.number, (*row.cells, owner)) for row in table.rows)
    return fruits.plan(request, table._replace(columns=(*table.columns, "organisation"), rows=rows))


def harvest() -> ImportKind:
    return fruits.fruits(
        name="harvest",
        label="Harvest",
        permission=Permission.ENTER_EXPENDITURE,
        columns=fruits.COLUMNS[:2],
        options=(ORGANISATION, MONTH),
        readers={".json": read_list},
        plan=plan,
        export=lambda code, reach: (row[:2] for row in fruits.export(code, reach)),
    )
