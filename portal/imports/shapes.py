"""What an import answers to scripts, as JSON shapes."""

from typing import Any

from portal.core.sentences import sentence
from portal.core.tables.problems import RowProblem
from portal.imports.kinds import Plan


def result_shape(kind: str, plan: Plan) -> dict[str, Any]:
    """What was or would be stored, and what is wrong; of a file with errors nothing is created or updated."""
    refused = bool(plan.errors)
    return {
        "kind": kind,
        "rows": plan.rows,
        "created": 0 if refused else plan.created,
        "updated": 0 if refused else plan.updated,
        "unchanged": plan.unchanged,
        "errors": [_problem(each) for each in plan.errors],
        "warnings": [_problem(each) for each in plan.problems if each.is_warning],
    }


def _problem(found: RowProblem) -> dict[str, Any]:
    code = found.problem.code
    return {"row": found.row, "column": found.column, "code": code, "message": sentence(found.problem)}
