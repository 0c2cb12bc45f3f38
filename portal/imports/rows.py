"""Reading the rows of a file column by column, all that is wrong with a row at once."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from portal.core.errors import InvalidInput, Problem
from portal.core.tables.cells import as_choice, as_text
from portal.core.tables.problems import RowProblem, TableRefused
from portal.core.tables.reading import ReadRow, ReadTable, Value
from portal.imports.kinds import Request
from portal.projects.rules.vocabulary import COUNTRIES

# Rows that are read and compared at a time.
STEP = 500
# A file with more errors than this is not read to its end: nobody mends so many one by one.
MOST_PROBLEMS = 1000
# Different texts of a column that are remembered with what they were read as.
MOST_REMEMBERED = 2000


class Reading(NamedTuple):
    """How the cells of a column are read, and what an empty one says.

    Only a required column refuses an empty cell. What a column of few different texts says is remembered.
    """

    read: Callable[[Value], Any]
    empty: Any = ""
    is_required: bool = False
    is_repeated: bool = False


class StatedRow(NamedTuple):
    """A row as read: what each column says that is in the file and can be read, and what is wrong with the others."""

    number: int
    facts: dict[str, Any]
    faults: list[RowProblem]

    def fault(self, problem: Problem, column: str | None = None) -> None:
        """Note what is wrong with the row, in this column or in the one that the problem names."""
        self.faults.append(RowProblem(self.number, problem.where if column is None else column, problem))

    def has_fault(self, *columns: str) -> bool:
        """Whether something is wrong in one of these columns."""
        return any(fault.column in columns for fault in self.faults)


class Remembering(NamedTuple):
    """A column of the file: where it stands, how it is read, and what its texts were read as so far."""

    place: int
    name: str
    reading: Reading
    known: dict[str, Any]


def read_rows(
    table: ReadTable, readings: Mapping[str, Reading], request: Request, problems: list[RowProblem]
) -> Iterator[list[StatedRow]]:
    """The rows of the table, some at a time; whoever waits is told how many have been read.

    What cannot be read as rows at all joins the `problems` after the last one. Where there are MOST_PROBLEMS of them,
    the rest of the table is not read, and that is one problem more.
    """
    columns = [Remembering(place, name, readings[name], {}) for place, name in enumerate(table.columns)]
    done = 0
    try:
        while rows := list(islice(table.rows, STEP)):
            yield [_read_row(row, columns) for row in rows]
            done += len(rows)
            request.progress(done)
            if len(problems) >= MOST_PROBLEMS:
                problems.append(RowProblem(0, "", Problem("import-many-errors", values={"most": MOST_PROBLEMS})))
                return
    except TableRefused as refusal:
        problems.extend(refusal.problems)


def _read_row(row: ReadRow, columns: Sequence[Remembering]) -> StatedRow:
    stated = StatedRow(row.number, {}, [])
    facts, cells = stated.facts, row.cells
    for place, name, reading, known in columns:
        value = cells[place]
        # Only texts are remembered: a number and a truth value may be equal and yet be different cells.
        if type(value) is str and value in known:
            facts[name] = known[value]
            continue
        try:
            facts[name] = _read(value, reading)
        except InvalidInput as error:
            for problem in error.problems:
                stated.fault(problem, name)
            continue
        if reading.is_repeated and type(value) is str and len(known) < MOST_REMEMBERED:
            known[value] = facts[name]
    return stated


def _read(value: Value, reading: Reading) -> Any:
    if value is not None:
        return reading.read(value)
    if reading.is_required:
        raise InvalidInput("import-cell-empty")
    return reading.empty


def line(most: int) -> Callable[[Value], str]:
    """Read a line of text as forms do: any white space in it is one space."""

    def read(value: Value) -> str:
        text = as_text(value, most) or ""
        if not text.isprintable():
            text = " ".join(text.split())
            if not text.isprintable():
                raise InvalidInput("text-unprintable")
        return " ".join(text.split()) if "  " in text else text

    return read


def word(allowed: Collection[str]) -> Callable[[Value], str | None]:
    """Read one of these words, whatever its case."""
    return lambda value: as_choice(value, allowed)


def country(value: Value) -> str:
    """Read a country's two letters."""
    text = (as_text(value, 200) or "").upper()
    if text not in COUNTRIES:
        raise InvalidInput("unknown-country", value=text)
    return text
