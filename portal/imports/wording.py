"""What is wrong with rows that were pasted, in words, at the boxes in which it is mended."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.core.errors import Problem
from portal.core.tables.problems import RowProblem
from portal.imports.kinds import ImportKind
from portal.imports.pasting import FaultyRow, folded
from portal.imports.rules import first_findings, make_finding
from portal.imports.telling import Told, is_grave, say, tell

# Lines of the summary on top; all of them stand at their rows.
MOST_LINES = 30


class Said(NamedTuple):
    """What is wrong with a row, in words."""

    row: int
    column: str
    message: str


class SaidCell(NamedTuple):
    """A cell of a row with errors: the name of its box ('': it is right), its column, its text, what is wrong."""

    box: str
    column: str
    text: str
    messages: list[str]


class SaidRow(NamedTuple):
    """A row with errors: what is wrong with it as a whole, the cells to mend, and the others that hold something."""

    number: int
    is_header: bool
    messages: list[str]
    boxes: list[SaidCell]
    others: list[SaidCell]


class Faults(NamedTuple):
    """What was found: how many rows have errors, the rows to mend, each error with the box it stands at ('': none)."""

    row_count: int
    rows: list[SaidRow]
    errors: list[tuple[str, Said]]
    error_count: int
    warnings: Told


def say_faults(kind: ImportKind, problems: Sequence[RowProblem], faulty: Sequence[FaultyRow]) -> Faults:
    """What was found in pasted rows, of which those in `faulty` can be mended; by row, the first errors only."""
    ordered = sorted(problems, key=lambda each: each.row)
    errors = [each for each in ordered if not each.is_warning]
    places = {(row.number, ""): row.boxes[0].box for row in faulty}
    places |= {(row.number, folded(cell.column)): cell.box for row in faulty for cell in row.boxes}
    return Faults(
        row_count=len({each.row for each in errors if each.row}),
        rows=[_row(kind, each) for each in faulty],
        errors=[(_place(each, places), _said(kind, each)) for each in errors[:MOST_LINES]],
        error_count=len(errors),
        warnings=_warnings(kind, [each for each in ordered if each.is_warning]),
    )


def _warnings(kind: ImportKind, problems: Sequence[RowProblem]) -> Told:
    """The warnings as they would be kept of a file."""
    found = (make_finding(each.row, each.column, each.problem, is_warning=True) for each in problems)
    return tell(kind, first_findings(found, lambda finding: is_grave(kind, finding)), len(problems))


def _place(found: RowProblem, places: dict[tuple[int, str], str]) -> str:
    return places.get((found.row, folded(found.column)), places.get((found.row, ""), ""))


def _said(kind: ImportKind, found: RowProblem) -> Said:
    return Said(found.row, found.column, _message(kind, found.problem))


def _row(kind: ImportKind, row: FaultyRow) -> SaidRow:
    boxes, others = (
        [SaidCell(each.box, each.column, each.text, [_message(kind, one) for one in each.problems]) for each in cells]
        for cells in (row.boxes, row.others)
    )
    return SaidRow(row.number, row.is_header, [_message(kind, each) for each in row.problems], boxes, others)


def _message(kind: ImportKind, problem: Problem) -> str:
    """What is wrong, out of values as they are kept."""
    finding = make_finding(0, problem.where, problem, is_warning=False)
    return say(kind, Problem(finding.code, finding.column, finding.values))
