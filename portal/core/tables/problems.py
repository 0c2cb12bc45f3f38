"""What is wrong with a table that someone sent."""

from typing import NamedTuple

from portal.core.errors import Problem


class RowProblem(NamedTuple):
    """What is wrong, and where: the row as the spreadsheet numbers it (0: the file), the column's name ('': the row).

    A warning does not keep the file from being stored. Of what is private no text of the cell is kept.
    """

    row: int
    column: str
    problem: Problem
    is_warning: bool = False
    is_private: bool = False


class TableRefused(Exception):
    """The file cannot be read as a table, or its rows not as what they should be; `problems` say why."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(", ".join(each.problem.code for each in problems[:5]))
        self.problems = problems
