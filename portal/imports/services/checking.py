"""Checking a file against what is stored: outside any transaction, as long as it takes."""

from pathlib import Path
from typing import NamedTuple

from portal.core.errors import InvalidInput, Problem
from portal.core.files.rules import ending_of
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.reading import ReadTable, read_table
from portal.imports.kinds import ImportKind, Plan, Request
from portal.imports.models import Import
from portal.imports.options import list_columns, read_options
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

    `filename` says whether it is a workbook, CSV or what else the kind reads. Raise NotAllowed if the request's options
    are beyond its reach, Cancelled if its `progress` does.
    """
    unknown: tuple[RowProblem, ...] = ()
    try:
        options = read_options(kind, request.project_code, request.reach, request.options)
        request = request._replace(options=options, file=path)
        table = _read(kind, request, path, filename)
        unknown = table.problems
        request.expect(table.rows_at_most)
        plan = kind.plan(request, table)
    except TableRefused as refusal:
        return refused(*unknown, *refusal.problems)
    except InvalidInput as refusal:
        # What was said beside the file, or what the file is as a whole.
        return refused(*unknown, *(RowProblem(each.row, "", each) for each in refusal.problems))
    plan = plan._replace(problems=[*unknown, *plan.problems])
    if not plan.rows and not plan.problems:
        return refused(RowProblem(0, "", Problem("import-no-rows")))
    return Checked(plan, table.guessed_encoding)


def _read(kind: ImportKind, request: Request, path: Path, filename: str) -> ReadTable:
    """The table in the file, by its own reader where the kind has one for such files; raise TableRefused."""
    reader = kind.readers.get(ending_of(filename))
    if reader is not None:
        return reader(path, request)
    columns = list_columns(kind, request.project_code, request.options)
    names = [column.name for column in columns]
    required = [column.name for column in columns if column.is_required]
    return read_table(path, filename, names, required, reads_on=True)


def check_again(row: Import, request: Request) -> Checked:
    """Check the file of an import that waits; raise NotFound if it is gone, Cancelled if `progress` does."""
    return check_file(get_kind(row.kind), request, file_of(row), row.filename)


def refused(*problems: RowProblem) -> Checked:
    """The plan of a file of which nothing can be used."""
    return Checked(Plan(rows=0, created=0, updated=0, unchanged=0, problems=list(problems), changes=None))


def right_lost() -> Checked:
    """The plan of a file that its owner may no longer import."""
    return refused(RowProblem(0, "", Problem("import-right-lost")))
