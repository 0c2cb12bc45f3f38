"""The kinds of files that can be imported: features register what theirs hold, imports knows none of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal.accounts.rules import Permission
from portal.core.tables import Cell
from portal.core.tables.problems import RowProblem
from portal.core.tables.reading import ReadTable


class FileColumn(NamedTuple):
    """A column of a file: its name, what its template says of it, and the values it takes in a project.

    A key column identifies the row; a required one must be there and filled. `choices` is given the project's code;
    None where any text may stand. Of what stands in a personal column nothing is kept with what was found in a file.
    """

    name: str
    explanation: Any
    is_key: bool = False
    is_required: bool = False
    choices: Callable[[str], Sequence[str]] | None = None
    is_personal: bool = False


class Request(NamedTuple):
    """Whose file it is: the project, and the keys of the organisations that the permission reaches (None: all).

    `expect` is told how many rows there are at most, before any is checked; `progress` how many have been checked.
    It raises `Cancelled` where the person has given up.
    """

    project_code: str
    reach: frozenset[str] | None
    now: datetime
    progress: Callable[[int], None]
    expect: Callable[[int], None] = lambda rows: None


class Cancelled(Exception):
    """The person who brought the file has given up; nothing is stored."""


class Plan(NamedTuple):
    """What storing a file would do. `changes` is the kind's own; nothing may be stored where a problem is an error."""

    rows: int
    created: int
    updated: int
    unchanged: int
    problems: list[RowProblem]
    changes: Any

    @property
    def errors(self) -> list[RowProblem]:
        """The problems that keep the file from being stored."""
        return [each for each in self.problems if not each.is_warning]


class ImportKind(NamedTuple):
    """A kind of file.

    `plan` reads the rows and compares them with what is stored; it writes nothing and runs outside any transaction.
    `store` writes a plan without errors in the caller's transaction, marks each row it writes with the import's
    number, and keeps of each row it changes how it was; it raises Conflict where what it was planned on has changed.
    `undo` takes back what the import with this number wrote; it raises Conflict where something depends on it, as
    `check_undo` does, which only reads.
    `export` gives every row that the reach may see, as cells in the order of `columns`, which imported again
    changes nothing. `sight` opens the same table to those who may read the rows without importing any (None: nobody).
    """

    name: str
    label: Any
    permission: Permission
    columns: tuple[FileColumn, ...]
    plan: Callable[[Request, ReadTable], Plan]
    store: Callable[[Session, int, Plan, datetime], None]
    undo: Callable[[Session, int, datetime], None]
    check_undo: Callable[[Session, int], None]
    export: Callable[[str, frozenset[str] | None], Iterable[Sequence[Cell]]]
    sight: Permission | None = None


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Let files of this kind be imported."""
    _kinds[kind.name] = kind


def import_kinds() -> list[ImportKind]:
    """Every kind, in the order registered."""
    return list(_kinds.values())


def find_kind(name: str) -> ImportKind | None:
    """The kind with this name."""
    return _kinds.get(name)
