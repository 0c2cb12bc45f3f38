"""Checking a file against what is stored: outside any transaction, as long as it takes."""

from pathlib import Path
from typing import NamedTuple

from portal.core.errors import Problem
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.reading import read_table
from portal.imports.kinds import ImportKind, Plan, Request
from portal.imports.models import Import
from portal.imports.queries import file_of, get_kind
from portal.imports.rules import Count


class Checked(NamedTuple):
    """What was found in a file: the plan of storing it, and the encoding that was guessed ('': none)."""

    plan: Plan
    guessed_encoding: str = ""

    @property
    def counts(self) -> Count:
        """The plan's counts."""
        return Count(self.plan.rows, self.plan.created, self.plan.updated, self.plan.unchanged)


def check_file(kind: ImportKind, request: Request, path: Path, filename: str) -> Checked:
    """Read the file and compare it with what is stored; what cannot be read is a plan that is all errors.

    `filename` says whether it is a workbook or CSV. Raise Cancelled if the request's `progress` does.
    """
    names = [column.name for column in kind.columns]
    required = [column.name for column in kind.columns if column.is_required]
    try:
        table = read_table(path, filename, names, required)
        request.expect(table.rows_at_most)
        plan = kind.plan(request, table)
    except TableRefused as refusal:
        return refused(*refusal.problems)
    if not plan.rows and not plan.problems:
        return refused(RowProblem(0, "", Problem("import-no-rows")))
    return Checked(plan, table.guessed_encoding)


def check_again(row: Import, request: Request) -> Checked:
    """Check the file of an import that waits; raise NotFound if it is gone, Cancelled if `progress` does."""
    return check_file(get_kind(row.kind), request, file_of(row), row.filename)


def refused(*problems: RowProblem) -> Checked:
    """The plan of a file of which nothing can be used."""
    return Checked(Plan(rows=0, created=0, updated=0, unchanged=0, problems=list(problems), changes=None))


def right_lost() -> Checked:
    """The plan of a file that its owner may no longer import."""
    return refused(RowProblem(0, "", Problem("import-right-lost")))
