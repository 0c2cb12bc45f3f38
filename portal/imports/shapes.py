"""What an import answers to scripts, as JSON shapes."""

from typing import Any

from portal.core.errors import Problem
from portal.core.sentences import sentence
from portal.core.tables.problems import RowProblem
from portal.imports.kinds import Plan


def result_shape(kind: str, plan: Plan, guessed_encoding: str) -> dict[str, Any]:
    """What was or would be stored, and what is wrong; of a file with errors nothing is created or updated.

    An encoding that was guessed ('': none) is a warning about the whole file.
    """
    refused = bool(plan.errors)
    warnings = [each for each in plan.problems if each.is_warning]
    if guessed_encoding:
        guess = Problem("import-encoding-guessed", values={"encoding": guessed_encoding})
        warnings.insert(0, RowProblem(0, "", guess, is_warning=True))
    return {
        "kind": kind,
        "rows": plan.rows,
        "created": 0 if refused else plan.created,
        "updated": 0 if refused else plan.updated,
        "unchanged": plan.unchanged,
        "errors": [_problem(each) for each in plan.errors],
        "warnings": [_problem(each) for each in warnings],
    }


def _problem(found: RowProblem) -> dict[str, Any]:
    code = found.problem.code
    return {"row": found.row, "column": found.column, "code": code, "message": sentence(found.problem)}
