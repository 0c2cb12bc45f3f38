"""What an import can be, as the list of imports knows it, and what is kept of what was found in its file."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from portal.core.errors import Conflict, Problem

# checking → ready | refused | discarded; ready → storing | stored | discarded; storing → stored | refused | ready;
# stored → undone.
IMPORT_STATES: Final = ("checking", "ready", "refused", "storing", "stored", "discarded", "undone")
WAITING: Final = frozenset({"checking", "storing"})
OPEN: Final = frozenset({"checking", "ready", "storing"})

# As much of a file's hash as tells it from any other.
HASH_SHOWN = 12
# How many errors, and how many warnings, are kept of a file that has more.
MOST_FINDINGS = 200
# Files up to this size are checked while the person waits: a second or two.
SHORT_BYTES = 1024 * 1024
# How long a checked file waits for its owner to decide.
KEPT = timedelta(days=7)
# Jobs that check and store long files.
CHECK_JOB, STORE_JOB = "import_check", "import_store"

# Kinds of files that the portal will take, each with what it belongs to.
LATER_KINDS: Final = ("budget", "expenditure", "ledger", "rates", "responses")


class Finding(NamedTuple):
    """What is wrong with a row, as it is kept in JSON: `severity` is "error" or "warning"."""

    row: int
    column: str
    code: str
    values: dict[str, Any]
    severity: str


class Count(NamedTuple):
    """What a file holds against what is stored: rows in all, new ones, changed ones, those stored as they are."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def changes(self) -> int:
        """How many rows storing the file would write."""
        return self.created + self.updated

    @property
    def unusable(self) -> int:
        """How many rows are neither to be written nor stored already."""
        return self.rows - self.changes - self.unchanged


def state_after_check(errors: int, count: Count) -> str:
    """What an import is once its file is checked: a file that would change nothing needs no decision."""
    if errors:
        return "refused"
    return "ready" if count.changes else "discarded"


def check_storable(state: str) -> None:
    """Raise Conflict unless an import in this state waits to be stored."""
    if state != "ready":
        raise Conflict("import-not-ready")


def check_undoable(state: str) -> None:
    """Raise Conflict unless an import in this state has been stored and not yet undone."""
    if state != "stored":
        raise Conflict("import-not-stored")


def state_given_up(state: str) -> str:
    """What an import becomes that its owner gives up: one that is being stored can be stored later.

    Raise Conflict if it has ended already.
    """
    if state not in OPEN:
        raise Conflict("import-ended")
    return "ready" if state == "storing" else "discarded"


def make_finding(row: int, column: str, problem: Problem, *, is_warning: bool, without_texts: bool = False) -> Finding:
    """The problem as it is kept; `without_texts` says no more of the cell than its numbers, such as its length."""
    values = {name: _plain(value) for name, value in problem.values.items()}
    if without_texts:
        values = {name: value if isinstance(value, int) or value == column else "…" for name, value in values.items()}
    return Finding(row, column, problem.code, values, "warning" if is_warning else "error")


def first_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The first errors and the first warnings, by row, as many of each as are kept."""
    room = {"error": MOST_FINDINGS, "warning": MOST_FINDINGS}
    kept = []
    for finding in sorted(findings, key=lambda each: each.row):
        if room[finding.severity]:
            room[finding.severity] -= 1
            kept.append(finding)
    return kept


def count_faulty_rows(findings: Sequence[Finding]) -> int:
    """In how many rows the errors stand; what is wrong with the file as a whole is in none."""
    return len({each.row for each in findings if each.severity == "error" and each.row})


def _plain(value: object) -> str | int:
    """The value as its sentence prints it."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return ", ".join(str(each) for each in value)
    return str(value)
