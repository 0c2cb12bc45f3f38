"""The product's own files as the tests of this folder read them, and the way they say what must be mended."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source(NamedTuple):
    """A file by its path from the root, written with slashes, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return _parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names on the way to the module: ("portal", "activities", "services", "events")."""
        names = Path(self.path).with_suffix("").parts
        return names[:-1] if names[-1] == "__init__" else names

    @property
    def module(self) -> str:
        """The dotted name of the module."""
        return ".".join(self.parts)

    def at(self, place: int | ast.AST, what: str) -> str:
        """An offence at a line, or at a node of the syntax tree."""
        line = place if isinstance(place, int) else getattr(place, "lineno", 1)
        return f"{self.path}:{line} {what}"


def python(*folders: str) -> list[Source]:
    """The Python files below the folders, in order; raise AssertionError if a folder has none."""
    return [source for folder in folders for source in _read(folder, ".py")]


def templates() -> list[Source]:
    """Every template; the part of the path after templates/ is the name it is called by."""
    return list(_read("templates", ""))


def functions(source: Source) -> Iterator[Function]:
    """Every function of a file, methods and functions inside functions included."""
    return (node for node in ast.walk(source.tree) if isinstance(node, Function))


def last_name(node: ast.AST) -> str:
    """The last name of what is written: `session` for `db.session`, for `session` and for `db.session()`."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def imported(node: ast.AST) -> list[str]:
    """The dotted names that a statement imports: `from a import b` gives a.b; nothing for other nodes."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
    return []


def expect_none(offences: Iterable[str], advice: str) -> None:
    """Fail with the advice and every offence, one to a line, if there is one."""
    found = sorted(set(offences))
    assert not found, "\n".join([advice, *found])


def lines_of(offences: Iterable[str]) -> list[int]:
    """The lines of offences in order: for tests of the checks themselves."""
    return sorted(int(offence.split()[0].rpartition(":")[2]) for offence in offences)


@cache
def _read(folder: str, suffix: str) -> tuple[Source, ...]:
    paths = sorted(path for path in (ROOT / folder).rglob(f"*{suffix}") if path.is_file())
    sources = tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for path in paths
        if "__pycache__" not in path.parts
    )
    assert sources, f"there is nothing to look at in {folder}/"
    return sources


@cache
def _parse(text: str, path: str) -> ast.Module:
    return ast.parse(text, path)
