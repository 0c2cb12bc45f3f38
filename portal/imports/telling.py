"""What was found in a file, in words: each thing once, with the rows that it is said of."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.core.errors import Problem
from portal.core.sentences import known_codes, sentence
from portal.imports.kinds import ImportKind, Mark
from portal.imports.rules import MOST_FINDINGS, Finding, put_together


class SaidOnce(NamedTuple):
    """What is wrong with some rows, in words: their number, how people write them ('': the file as a whole).

    `mark` says how severe a warning is; None where it is no more than a warning.
    """

    size: int
    shown_rows: str
    column: str
    message: str
    mark: Mark | None = None


class Told(NamedTuple):
    """The errors or the warnings of a file: each once, how many there are in all, and how many of those these are.

    `blocking` counts those that keep a report from being submitted; where not all are kept, there may be more.
    """

    once: list[SaidOnce]
    total: int
    covered: int
    blocking: int
    is_cut: bool

    @property
    def may_block_more(self) -> bool:
        """Whether some that block may not be kept: those are kept before all others."""
        return self.is_cut and all(each.mark and each.mark.blocks for each in self.once)


def tell(kind: ImportKind | None, findings: Sequence[Finding], total: int) -> Told:
    """What is kept of errors, by row, or of warnings: what blocks a report first, then what is said of few rows.

    `total` is how many there are in all. What is said of few rows comes first so that nothing drowns.
    """
    together = put_together(findings)
    said = [(finding, _said(kind, finding)) for finding in together]
    said.sort(key=lambda each: _order(*each))
    once = [each for _, each in said]
    covered = sum(each.size for each in once)
    blocking = sum(each.size for each in once if each.mark and each.mark.blocks)
    return Told(once, total, covered, blocking, len(findings) >= MOST_FINDINGS and covered < total)


def say(kind: ImportKind | None, problem: Problem) -> str:
    """What is wrong, as the kind says it on pages; its code where a version before this one found it."""
    if problem.code not in known_codes():
        return problem.code
    return kind.say(problem) if kind else sentence(problem)


def is_grave(kind: ImportKind, finding: Finding) -> bool:
    """Whether it is a warning of what keeps a report from being submitted."""
    mark = _mark(kind, finding)
    return mark is not None and mark.blocks


def _order(finding: Finding, said: SaidOnce) -> tuple[bool, int, int]:
    if finding.severity == "error":
        return False, 0, finding.row
    return not (said.mark and said.mark.blocks), said.size, finding.row


def _said(kind: ImportKind | None, finding: Finding) -> SaidOnce:
    message = say(kind, _problem(finding))
    stretches = (f"{first}–{last}" if last > first else str(first) for first, last in finding.stretches)
    shown = ", ".join(stretches) if finding.row else ""
    return SaidOnce(finding.size, shown, finding.column, message, _mark(kind, finding))


def _mark(kind: ImportKind | None, finding: Finding) -> Mark | None:
    return kind.mark(_problem(finding)) if kind and finding.severity == "warning" else None


def _problem(finding: Finding) -> Problem:
    return Problem(finding.code, finding.column, finding.values)
