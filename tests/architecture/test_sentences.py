"""Every code that is raised has a sentence, and every sentence is given what it speaks of."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pytest
from flask import Flask

from portal import MESSAGES
from portal.core.sentences import known_codes
from tests.architecture.source import Function, Source, expect_none, last_name, python

DEFINITIONS = "portal/core/errors.py"
ERRORS = frozenset({"PortalError", "InvalidInput", "NotAllowed", "NotFound", "Conflict"})
PROBLEM = "Problem"
PLACEHOLDER = re.compile(r"%\((\w+)\)")


class Use(NamedTuple):
    """A place that says a code: one of `codes` (None: not told here), with values of these names (None: not told)."""

    place: str
    codes: frozenset[str] | None
    names: frozenset[str] | None


def errors_of(modules: Iterable[Source]) -> frozenset[str]:
    """The names of the errors: the bases and what features derive from them."""
    classes = [node for module in modules for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    found = set(ERRORS)
    for _ in classes:
        found |= {each.name for each in classes if found & {last_name(base) for base in each.bases}}
    # Made of problems, which say their codes themselves.
    return frozenset(found - {"InvalidInputs"})


def uses(source: Source, errors: frozenset[str]) -> Iterator[Use]:
    """Each place of the module that makes a problem or an error, in the order of its functions."""
    for scope in scopes(source.tree):
        calls = [node for node in ast.walk(scope) if isinstance(node, ast.Call) and node.args]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            name = last_name(call.func)
            if name in {PROBLEM, *errors}:
                names = problem_names(call, scope) if name == PROBLEM else error_names(call)
                yield Use(source.at(call, "says"), codes_in(call.args[0], scope, source.tree), names)


def scopes(tree: ast.AST) -> Iterator[ast.AST]:
    """The outermost functions and methods, and the statements outside of them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from scopes(node)
        else:
            yield node


def codes_in(node: ast.AST | None, scope: ast.AST, tree: ast.Module) -> frozenset[str] | None:
    """The codes that an expression may be, '' apart; None where they are not told in this module."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return frozenset({node.value} - {""})
    if isinstance(node, ast.Attribute) and node.attr == "code":
        return frozenset()  # passed on from a problem that said it
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, ast.Name):
        parts = assigned(node.id, scope)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        parts, scope = returned(node.func.id, tree)
    codes = [codes_in(part, scope, tree) for part in parts]
    return frozenset().union(*(each or () for each in codes)) if codes and None not in codes else None


def assigned(name: str, scope: ast.AST) -> list[ast.AST | None]:
    """What a name is set to, at each place that sets it."""
    found: list[ast.AST | None] = []
    for node in ast.walk(scope):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and name in map(
            last_name, filter(None, targets)
        ):
            found.append(node.value)
    return found


def returned(name: str, tree: ast.Module) -> tuple[list[ast.AST | None], ast.AST]:
    """What a function of the module returns, and the function."""
    for function in tree.body:
        if isinstance(function, Function) and function.name == name:
            return [node.value for node in ast.walk(function) if isinstance(node, ast.Return)], function
    return [], tree


def error_names(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name and name != "where")


def problem_names(call: ast.Call, scope: ast.AST) -> frozenset[str] | None:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "values"]
    values = [*call.args[2:3], *given] or [ast.Dict([], [])]
    if isinstance(values[0], ast.Name):
        values = [value for value in assigned(values[0].id, scope) if value] or values
    keys = [
        getattr(key, "value", None) for each in values for key in (each.keys if isinstance(each, ast.Dict) else [None])
    ]
    return frozenset(keys) if all(isinstance(key, str) for key in keys) else None


def speechless(found: Iterable[Use], texts: Mapping[str, str]) -> Iterator[str]:
    """Codes without a sentence, and values a sentence asks for in vain."""
    for place, codes, names in found:
        if codes is None:
            yield f"{place} a code that is not written out: name it here"
        for code in codes or ():
            if code not in texts:
                yield f"{place} “{code}”, which has no sentence: add it to messages.py"
            elif names is not None and (missing := set(PLACEHOLDER.findall(texts[code])) - names):
                yield f"{place} “{code}” without {', '.join(sorted(missing))}, which its sentence names"


def never_said(found: Iterable[Use], texts: Mapping[str, str]) -> Iterator[str]:
    said = {code for use in found for code in use.codes or ()}
    return (f"“{code}” is never raised: take its sentence out of messages.py" for code in texts.keys() - said)


@pytest.fixture
def texts(fresh_app: Flask) -> dict[str, str]:
    """Code -> English sentence."""
    with fresh_app.test_request_context("/?lang=en"):
        return {code: str(text) for module in MESSAGES for code, text in module.SENTENCES.items()}


def every_use() -> list[Use]:
    modules = python("portal")
    errors = errors_of(modules)
    return [use for module in modules if module.path != DEFINITIONS for use in uses(module, errors)]


def test_every_code_has_a_sentence_and_every_sentence_its_values(texts: dict[str, str]):
    assert texts.keys() <= known_codes()
    expect_none(speechless(every_use(), texts), "These fail when they are shown:")


def test_every_sentence_belongs_to_a_code_that_is_raised(texts: dict[str, str]):
    expect_none(never_said(every_use(), texts), "These are translated for nobody:")


SAMPLE = """
class EventFull(Conflict):
    pass


def check(event, stated):
    if event.full:
        raise EventFull("full", event=event.ref)
    if stated is None:
        raise InvalidInput("unknown", where="ref")
    code = "early" if event.planned else "late"
    values = {"day": event.day}
    yield Problem(code, "starts", values)
    yield from (Problem(why, "", {"ref": 1}) for each in stated if (why := reason(each)))
    yield Problem(event.problem.code, "", event.problem.values)
    raise NotFound(stated)


def reason(each):
    if each.old:
        return "old"
    return "" if each else "missing"
"""


def test_the_codes_and_values_of_a_module_are_read():
    module = Source("sample.py", SAMPLE)
    found = [(use.codes and set(use.codes), use.names and set(use.names)) for use in uses(module, errors_of([module]))]
    assert found == [
        ({"full"}, {"event"}),
        ({"unknown"}, frozenset()),
        ({"early", "late"}, {"day"}),
        ({"old", "missing"}, {"ref"}),
        (frozenset(), None),
        (None, frozenset()),
    ]


def test_a_code_without_sentence_and_a_sentence_without_value_are_found():
    module = Source("sample.py", SAMPLE)
    texts = {
        "full": "%(event)s is full",
        "early": "On %(day)s",
        "late": "At %(hour)s",
        "old": "Old",
        "unused": "Unused",
    }
    found = list(uses(module, errors_of([module])))
    assert sorted(speechless(found, texts)) == [
        "sample.py:10 says “unknown”, which has no sentence: add it to messages.py",
        "sample.py:13 says “late” without hour, which its sentence names",
        "sample.py:14 says “missing”, which has no sentence: add it to messages.py",
        "sample.py:16 says a code that is not written out: name it here",
    ]
    assert list(never_said(found, texts)) == ["“unused” is never raised: take its sentence out of messages.py"]
