"""What an import can be, as the list of imports knows it, and what is kept of what was found in its file."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from portal.core.errors import Conflict, Problem

# checking → ready | refused | discarded; ready → storing | stored | discarded; storing → stored | refused | ready;
# stored → undone.
IMPORT_STATES: Final = ("checking", "ready", "refused", "storing", "stored", "discarded", "undone")
WAITING: Final = frozenset({"checking", "storing"})
OPEN: Final = frozenset({"checking", "ready", "storing"})

# How many different errors, and how many different warnings, are kept of a file that has more.
MOST_FINDINGS = 200
# Files up to this size are checked while the person waits: a second or two.
SHORT_BYTES = 1024 * 1024
# How long a checked file waits for its owner to decide.
KEPT = timedelta(days=7)
# Jobs that check and store long files.
CHECK_JOB, STORE_JOB = "import_check", "import_store"

# Kinds of files that the portal will take, each with what it belongs to.
LATER_KINDS: Final = ("ledger",)


class Finding(NamedTuple):
    """What is wrong with rows, as it is kept in JSON: `severity` is "error" or "warning".

    `row` is the first row that it is said of, `rows` all of them as stretches [first, last]; () where it is that row
    alone, as in what versions before this one have kept.
    """

    row: int
    column: str
    code: str
    values: dict[str, Any]
    severity: str
    rows: Sequence[Sequence[int]] = ()

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """The rows that it is said of, each stretch from its first row to its last."""
        return [(first, last) for first, last in self.rows] or [(self.row, self.row)]

    @property
    def size(self) -> int:
        """How many rows it is said of; 1 for the file as a whole."""
        return sum(last - first + 1 for first, last in self.stretches)

    def list_rows(self) -> list[int]:
        """Each row that it is said of."""
        return [row for first, last in self.stretches for row in range(first, last + 1)]


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
    """The problem as it is kept; `without_texts` says no more of the cell than its numbers, such as its length.

    What may stand in the cell instead is the portal's own words.
    """
    values = {name: _plain(value) for name, value in problem.values.items()}
    if without_texts:
        values = {
            name: value if isinstance(value, int) or value == column or name == "allowed" else "…"
            for name, value in values.items()
        }
    return Finding(row, column, problem.code, values, "warning" if is_warning else "error")


def first_findings(
    findings: Iterable[Finding], is_grave: Callable[[Finding], bool] = lambda finding: False
) -> list[Finding]:
    """Each different finding once with all its rows, as many errors and warnings as are kept; by their first rows.

    Where there are more, grave ones are kept before others, then of every code the first ones, those said of few rows
    before those said of many: so that nothing crowds the rest out.
    """
    kept = []
    once = put_together(findings)
    for severity in ("error", "warning"):
        mine = [each for each in once if each.severity == severity]
        kept += mine if len(mine) <= MOST_FINDINGS else _ranked(mine, is_grave)[:MOST_FINDINGS]
    return sorted(kept, key=lambda each: each.row)


def put_together(findings: Iterable[Finding]) -> list[Finding]:
    """Each different finding once with all the rows that it is said of, in the order in which they are said first."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    first: dict[tuple[Any, ...], Finding] = {}
    for each in findings:
        # What is said of the file as a whole is said of no row.
        key = (each.severity, each.column, each.code, tuple(each.values.items()), each.row == 0)
        first.setdefault(key, each)
        alike.setdefault(key, []).extend(each.list_rows())
    return [
        first[key]._replace(row=min(rows), rows=[list(each) for each in row_ranges(rows)])
        for key, rows in alike.items()
    ]


def _ranked(findings: Iterable[Finding], is_grave: Callable[[Finding], bool]) -> list[Finding]:
    of_code: Counter[str] = Counter()
    ranked = []
    for place, finding in enumerate(sorted(findings, key=lambda each: (each.size, each.row))):
        of_code[finding.code] += 1
        ranked.append((not is_grave(finding), of_code[finding.code], place, finding))
    return [finding for *_, finding in sorted(ranked, key=lambda each: each[:3])]


def row_ranges(rows: Iterable[int]) -> list[tuple[int, int]]:
    """The rows as stretches without gaps, each from its first row to its last: 2, 3, 4 and 7 are (2, 4) and (7, 7)."""
    ranges: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if ranges and ranges[-1][1] == row - 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    return ranges


def count_faulty_rows(findings: Sequence[Finding]) -> int:
    """In how many rows the errors stand; what is wrong with the file as a whole is in none."""
    return len({row for each in findings if each.severity == "error" for row in each.list_rows() if row})


def plain(text: str) -> str:
    """The text as a file gives it back: letters composed, any white space one space."""
    return text if text.isascii() and text == " ".join(text.split()) else _composed(text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def spellings(text: str) -> set[str]:
    """How the text may stand in the database that a file gives with its letters composed."""
    return {text} if text.isascii() else {text, unicodedata.normalize("NFD", text)}


def kept_text(stored: str, stated: str) -> str:
    """The stated text; the stored one where a file cannot tell the two apart."""
    return stored if plain(stored) == stated else stated


def _plain(value: object) -> str | int:
    """The value as its sentence prints it."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return ", ".join(str(each) for each in value)
    return str(value)
