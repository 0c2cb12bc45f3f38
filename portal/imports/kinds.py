"""The kinds of files that can be imported: features register what theirs hold, imports knows none of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal.accounts.rules import Holding, Permission
from portal.core.errors import Problem
from portal.core.files.rules import TABLE_ENDINGS
from portal.core.sentences import sentence
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


class FileOption(NamedTuple):
    """Something said beside a file of this kind: its name, its label, and what may be said in a project.

    `choices` is given the project's code and the reach (None: all), and returns (value, label); None where a text may
    stand, which `check` reads: it returns the value as it is kept, or raises InvalidInput. Such a text is asked for in
    a line, in "paragraphs", or as a "day", which is kept like 2026-06-30.
    """

    name: str
    label: Any
    explanation: Any = ""
    is_required: bool = False
    choices: Callable[[str, frozenset[str] | None], Sequence[tuple[str, Any]]] | None = None
    check: Callable[[str], str] | None = None
    form: str = "line"


class Request(NamedTuple):
    """Whose file it is: the project, and the keys of the organisations that the permission reaches (None: all).

    `options` is what was said beside the file, by the names of the kind's options. `expect` is told how many rows there
    are at most, before any is checked; `progress` how many have been checked, and raises `Cancelled` where the person
    has given up. `file` is where the file lies while it is checked.
    """

    project_code: str
    reach: frozenset[str] | None
    now: datetime
    progress: Callable[[int], None]
    expect: Callable[[int], None] = lambda rows: None
    options: Mapping[str, str] = {}
    file: Path | None = None


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


class Mark(NamedTuple):
    """How severe a warning is: "blocks" or "warns" as rows are marked on pages, and the same in words."""

    severity: str
    label: Any

    @property
    def blocks(self) -> bool:
        """Whether what is stored so keeps a report from being submitted."""
        return self.severity == "blocks"


class ImportKind(NamedTuple):
    """A kind of file.

    `plan` reads the rows and compares them with what is stored; it writes nothing and runs outside any transaction.
    `store` writes a plan without errors in the caller's transaction, marks each row it writes with the import's
    number, and keeps of each row it changes how it was; it raises Conflict where what it was planned on has changed.
    `undo` takes back what the import with this number wrote; it raises Conflict where something depends on it, as
    `check_undo` does, which only reads.
    `columns_of`, given the project's code ('': none) and what was said of options so far, gives the columns of a kind
    whose columns depend on that; what is said of the option `columns_by` makes them others. Ask `list_columns`.
    `export` gives every row that the reach may see, as cells in the order of `columns`, which imported again
    changes nothing; None where rows are not handed out so. `sight` opens the same table to those who may read the rows
    without importing any (None: nobody).
    `options` are what must or may be said beside the file. `readers` read files with another ending than tables have
    as one: ending -> what gives the table in the file, raising TableRefused. `names_seen` gives the keys of the
    organisations of whose files someone with these roles may read the names; None where they name no person.
    `mark` says how severe a warning is (None: no more than a warning), and `say` what is wrong in the words of pages;
    both are given the problem with its values as they are kept.
    """

    name: str
    label: Any
    permission: Permission
    columns: tuple[FileColumn, ...]
    plan: Callable[[Request, ReadTable], Plan]
    store: Callable[[Session, int, Plan, datetime], None]
    undo: Callable[[Session, int, datetime], None]
    check_undo: Callable[[Session, int], None]
    export: Callable[[str, frozenset[str] | None], Iterable[Sequence[Cell]]] | None
    sight: Permission | None = None
    options: tuple[FileOption, ...] = ()
    readers: Mapping[str, Callable[[Path, Request], ReadTable]] = {}
    names_seen: Callable[[Iterable[Holding]], Collection[str]] | None = None
    mark: Callable[[Problem], Mark | None] = lambda problem: None
    say: Callable[[Problem], str] = sentence
    columns_of: Callable[[str, Mapping[str, str]], tuple[FileColumn, ...]] | None = None
    columns_by: str = ""

    @property
    def endings(self) -> tuple[str, ...]:
        """What the names of files of this kind may end with."""
        return (*TABLE_ENDINGS, *self.readers)


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
