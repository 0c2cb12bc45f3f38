"""What each kind of module may import, where import-linter does not look: libraries and single names."""

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import Function, Source, expect_none, functions, imported, last_name, lines_of, python

PURE_CORE = frozenset({"portal.core.money", "portal.core.errors", "portal.core.periods"})
# Surveys are statistics: architecture, "Who may import whom" 3.
PURE_LIBRARIES = {"portal.surveys.rules": frozenset({"numpy", "scipy"})}
# The part of the standard library that reads clocks, chance, files, networks or the machine.
IMPURE = frozenset(
    {"asyncio", "glob", "http", "io", "logging", "os", "pathlib", "random", "secrets", "shelve", "shutil", "socket"}
    | {"sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"}
)
ZONES = frozenset({"zoneinfo.ZoneInfo", "zoneinfo.available_timezones"})

CLOCK = "portal/core/clock.py"
CLOCK_CALLS = frozenset({"now", "today", "utcnow"})
DATE_CLASSES = frozenset({"date", "datetime"})

OF_THE_REQUEST = frozenset(
    {"flask", "flask.request", "flask.session", "flask.render_template", "flask_login", "flask_login.current_user"}
)
# Letters and documents are rendered outside any request.
RENDERS = ("portal.jobs.mail", "portal.reports.documents")

LAZY = frozenset(
    {"docx", "docxtpl", "icalendar", "pandas", "pyreadstat", "python_calamine", "scipy", "typst", "xlsxwriter"}
)
ALWAYS_LAZY = LAZY - {"scipy"}
# Our own rules that load numpy and scipy with themselves: whoever asks them does so when needed.
CALCULATING = ("portal.surveys.rules.statistics", "portal.surveys.rules.analysis")

EMPTY_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"})


def is_pure(module: str) -> bool:
    """Whether the dotted name is one of the pure modules, or something out of one."""
    names = module.split(".")
    return names[0] == "portal" and (names[2:3] == ["rules"] or ".".join(names[:3]) in PURE_CORE)


def impure_imports(source: Source) -> Iterator[str]:
    """What a pure module imports besides the standard library and other pure modules."""
    libraries = PURE_LIBRARIES.get(".".join(source.parts[:3]), frozenset())
    for node in ast.walk(source.tree):
        for name in imported(node):
            root = name.split(".")[0]
            if root == "zoneinfo":
                allowed = name in ZONES
            else:
                allowed = (root in sys.stdlib_module_names - IMPURE) or root in libraries or is_pure(name)
            if not allowed:
                yield source.at(node, f"{name} is not for rules: take what it gives as an argument")


def clock_readings(source: Source) -> Iterator[str]:
    """Places that ask a date class what time it is."""
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in CLOCK_CALLS
            and last_name(node.value) in ("date", "datetime")
        ):
            yield source.at(node, f"{last_name(node.value)}.{node.attr}: take the day or the instant as an argument")


def input_and_output(source: Source) -> Iterator[str]:
    """Calls of a pure module that read or write, and methods called now() or today() of whatever object."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = last_name(node.func)
            method = isinstance(node.func, ast.Attribute)
            if name in (CLOCK_CALLS if method else {"open", "print", "input"}):
                yield source.at(node, f"{name}(): rules neither read nor write nor look at the clock")


def may_know_requests(source: Source) -> bool:
    """Whether the module answers requests: views, forms, the guard and the web parts of core."""
    names = source.module
    return (
        "views" in source.parts
        or "forms" in source.parts
        or names in ("portal", "portal.accounts.guard")
        or f"{names}.".startswith("portal.core.web.")
    )


def request_imports(source: Source) -> Iterator[str]:
    """Names of the request at hand, imported where services and commands must run without one."""
    if may_know_requests(source):
        return
    renders = f"{source.module}.".startswith(tuple(f"{module}." for module in RENDERS))
    for node in ast.walk(source.tree):
        for name in imported(node):
            if name in OF_THE_REQUEST and not (renders and name == "flask.render_template"):
                yield source.at(node, f"{name}: only views, forms, the guard and core/web know the request")


def late_imports(source: Source) -> Iterator[str]:
    """Imports inside functions: they hide cycles."""
    for function in functions(source):
        for node in ast.walk(function):
            for name in imported(node):
                if name.split(".")[0] not in LAZY and not name.startswith(CALCULATING):
                    yield source.at(node, f"{name} inside {function.name}: import it at the top")


def early_imports(source: Source) -> Iterator[str]:
    """Heavy packages imported with the module: every start would wait for them."""
    pending: list[ast.AST] = [source.tree]
    while pending:
        node = pending.pop()
        for name in imported(node):
            if name.split(".")[0] in ALWAYS_LAZY:
                yield source.at(node, f"{name} at the top: import it in the function that needs it")
        if not isinstance(node, Function) and not (
            isinstance(node, ast.If) and last_name(node.test) == "TYPE_CHECKING"
        ):
            pending += ast.iter_child_nodes(node)


def empty_names(source: Source) -> Iterator[str]:
    for name in EMPTY_NAMES & set(source.parts):
        yield source.at(1, f"“{name}” says nothing: name the module after what is in it")


def pure_sources() -> list[Source]:
    return [source for source in python("portal") if is_pure(source.module)]


def test_rules_import_the_standard_library_and_each_other():
    found = (offence for source in pure_sources() for offence in impure_imports(source))
    expect_none(found, "Rules and core/{money,errors,periods} are pure:")


def test_rules_neither_read_nor_write_nor_look_at_the_clock():
    found = (offence for source in pure_sources() for offence in input_and_output(source))
    expect_none(found, "Rules and core/{money,errors,periods} are pure:")


def test_only_the_clock_asks_what_time_it_is():
    others = (source for source in python("portal") if source.path != CLOCK)
    found = (offence for source in others for offence in clock_readings(source))
    expect_none(found, "Ask portal.core.clock in the view or the command, and pass it on:")


def test_only_what_answers_requests_knows_the_request():
    found = (offence for source in python("portal") for offence in request_imports(source))
    expect_none(found, "Services and queries run the same from the command line:")


def test_imports_stand_at_the_top():
    found = (offence for source in python("portal") for offence in late_imports(source))
    expect_none(found, "Only heavy packages may be imported inside functions:")


def test_heavy_packages_are_imported_when_they_are_needed():
    found = (offence for source in python("portal") for offence in early_imports(source))
    expect_none(found, "These slow every start:")


def test_no_module_has_a_name_that_says_nothing():
    found = (offence for source in python("portal", "tests") for offence in empty_names(source))
    expect_none(found, "Find the noun:")


RULES = "portal/budget/rules/limits.py"


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("import re", False),
        ("from collections.abc import Iterable", False),
        ("from zoneinfo import ZoneInfo, available_timezones", False),
        ("from portal.core.money import Cents", False),
        ("from portal.core import errors, periods", False),
        ("from portal.projects.rules.vocabulary import GROUPS", False),
        ("from zoneinfo import reset_tzpath", True),
        ("import zoneinfo", True),
        ("from sqlalchemy import select", True),
        ("from portal.core import clock", True),
        ("from portal.projects.queries import get_project", True),
        ("from . import vocabulary", True),
        ("import time", True),
        ("from os import path", True),
        ("def late():\n    import flask", True),
        ("import numpy", True),
    ],
)
def test_what_rules_may_import(statement: str, refused: bool):
    assert bool(list(impure_imports(Source(RULES, statement)))) is refused


def test_rules_of_surveys_may_calculate_with_numpy_and_scipy():
    assert list(impure_imports(Source("portal/surveys/rules/alpha.py", "import numpy\nfrom scipy import stats"))) == []


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "dt.date.today()", "facts.now()", "open('file')", "print(1)"])
def test_a_rule_that_looks_around_is_found(call: str):
    assert list(input_and_output(Source(RULES, call)))


def test_a_clock_of_ones_own_is_found():
    bad = "stamp = field(default_factory=datetime.now)\nday = datetime.date.today()\ngood = clock.now()"
    assert lines_of(clock_readings(Source("sample.py", bad))) == [1, 2]


@pytest.mark.parametrize(
    ("path", "statement", "refused"),
    [
        ("portal/budget/services.py", "from flask import request", True),
        ("portal/budget/queries.py", "from flask_login import current_user", True),
        ("portal/cli/project.py", "from flask import render_template", True),
        ("portal/cli/running.py", "import flask", True),
        ("portal/cli/running.py", "from flask import current_app", False),
        ("portal/core/db.py", "from flask import Flask, session", True),
        ("portal/core/forms/base.py", "from flask import request", False),
        ("portal/core/web/language.py", "from flask import request", False),
        ("portal/core/web/__init__.py", "from flask import request", False),
        ("portal/budget/views/items.py", "from flask import request", False),
        ("portal/__init__.py", "from flask import request", False),
        ("portal/jobs/mail.py", "from flask import render_template", False),
        ("portal/jobs/mail.py", "from flask import request", True),
        ("portal/reports/documents/pages.py", "from flask import render_template", False),
    ],
)
def test_who_may_know_the_request(path: str, statement: str, refused: bool):
    assert bool(list(request_imports(Source(path, statement)))) is refused


LATE_AND_EARLY = """import pandas
if TYPE_CHECKING:
    import typst
def f():
    import xlsxwriter
    from portal.core import db
"""


def test_imports_in_the_wrong_place_are_found():
    source = Source("sample.py", LATE_AND_EARLY)
    assert lines_of(late_imports(source)) == [6]
    assert lines_of(early_imports(source)) == [1]


@pytest.mark.parametrize("path", ["portal/core/utils.py", "portal/helpers/__init__.py", "tests/unit/common/test_x.py"])
def test_a_name_that_says_nothing_is_found(path: str):
    assert list(empty_names(Source(path, "")))
