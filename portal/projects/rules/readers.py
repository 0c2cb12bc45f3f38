"""Readers of the tables and lists of a project file: they collect every problem and go on.

A reader takes what is stated, where it stands (a dotted path) and the list of problems it adds to. What could not be
read becomes None, so that a key that is there with None is told from a key that is not there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeGuard

from portal.core.errors import InvalidInput, Problem
from portal.projects.rules.values import LARGEST_NUMBER, MOST_ROWS, NAME_LIMIT, read_text
from portal.projects.rules.vocabulary import LANGUAGES

Reader = Callable[[object, str, list[Problem]], Any]
Table = dict[str, Any]

DEEPEST_PATH: Final = 8

_LABEL: Final = re.compile(r"[\w.-]{1,40}")


def value(read: Callable[..., object], **options: object) -> Reader:
    """A reader of one value by `read(stated, **options)`, whose InvalidInput becomes a problem."""

    def reader(stated: object, where: str, problems: list[Problem]) -> object:
        try:
            return read(stated, **options)
        except InvalidInput as error:
            problems += (Problem(problem.code, where, problem.values) for problem in error.problems)
            return None

    return reader


def table(readers: Mapping[str, Reader], *, required: Iterable[str] = ()) -> Reader:
    """A reader of a table with the keys of `readers`, of which `required` must be there."""

    def reader(stated: object, where: str, problems: list[Problem]) -> Table | None:
        if not isinstance(stated, Mapping):
            problems.append(Problem("not-a-table", where))
            return None
        missing = (key for key in required if key not in stated)
        problems += (Problem("missing-key", join(where, key), {"key": key}) for key in missing)
        read: Table = {}
        for key, part in stated.items():
            if key in readers:
                read[key] = readers[key](part, join(where, key), problems)
            else:
                problems.append(Problem("unknown-key", join(where, key), {"key": key, "allowed": list(readers)}))
        return read

    return reader


def texts(*, limit: int = NAME_LIMIT, required: Iterable[str] = ()) -> Reader:
    """A reader of a text per language, of which the languages `required` must be there."""
    return table(dict.fromkeys(LANGUAGES, value(read_text, limit=limit)), required=required)


def listed(item: Reader, *, may_be_empty: bool = False) -> Reader:
    """A reader of a list that names nothing twice, each part read by `item`."""

    def reader(stated: object, where: str, problems: list[Problem]) -> list[Any] | None:
        if not _is_list(stated, where, problems):
            return None
        if not stated and not may_be_empty:
            problems.append(Problem("empty-list", where))
        read: list[Any] = []
        for index, part in enumerate(stated, start=1):
            one = item(part, join(where, f"#{index}"), problems)
            if one is not None and one in read:
                problems.append(Problem("duplicate-value", join(where, f"#{index}"), {"value": one}))
            read.append(one)
        return read

    return reader


def rows(row: Reader, *, identity: str) -> Reader:
    """A reader of a list of tables, each read by `row` and told from the others by its key `identity`.

    The rows come by their label: what they call themselves, or "#3" for a third row that cannot be called by its name.
    """

    def reader(stated: object, where: str, problems: list[Problem]) -> dict[str, Any] | None:
        if not _is_list(stated, where, problems):
            return None
        read: dict[str, Any] = {}
        names: set[object] = set()
        for label, part in label_rows(stated):
            one = row(part, join(where, label), problems)
            if one is None:
                continue
            name = one.get(identity)
            if name in names:
                problems.append(Problem("duplicate-key", join(where, label, identity), {"key": name}))
            names |= {name} - {None}
            read[label] = one
        return read

    return reader


def label_rows(stated: list[Any]) -> Iterator[tuple[str, object]]:
    """Each row with its label: its key or number, or its place ("#3") if it has none or another row took it before."""
    taken: set[str] = set()
    for index, row in enumerate(stated, start=1):
        label = _name_of(row)
        if not _LABEL.fullmatch(label) or label in taken:
            label = f"#{index}"
        taken.add(label)
        yield label, row


def join(*parts: str) -> str:
    """The dotted path of `parts`, the empty ones left out."""
    return ".".join(part for part in parts if part)


def in_file_order(problems: Iterable[Problem], stated: Mapping[str, Any]) -> list[Problem]:
    """`problems` as a reader of the file comes upon them; what is missing comes where its table begins."""
    places = {path: place for place, path in enumerate(_paths(stated, "", DEEPEST_PATH))}

    def place(problem: Problem) -> int:
        path = problem.where
        while path and path not in places:
            path = path.rpartition(".")[0]
        return places.get(path, -1)

    return sorted(problems, key=place)


def _is_list(stated: object, where: str, problems: list[Problem]) -> TypeGuard[list[Any]]:
    if not isinstance(stated, list):
        problems.append(Problem("not-a-list", where))
        return False
    if len(stated) > MOST_ROWS:
        problems.append(Problem("list-too-long", where, {"limit": MOST_ROWS}))
        return False
    return True


def _name_of(row: object) -> str:
    name = row.get("key", row.get("number")) if isinstance(row, Mapping) else None
    if isinstance(name, str):
        return name.strip()
    return str(name) if isinstance(name, int) and 0 <= name <= LARGEST_NUMBER else ""


def _paths(stated: object, where: str, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    parts: Iterable[tuple[str, object]] = ()
    if isinstance(stated, Mapping):
        parts = stated.items()
    elif isinstance(stated, list):
        parts = label_rows(stated)
    for key, part in parts:
        path = join(where, key)
        yield path
        yield from _paths(part, path, depth - 1)
