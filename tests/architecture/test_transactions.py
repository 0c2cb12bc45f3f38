"""One POST is one service is one transaction: nothing else begins, writes or commits."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Source, expect_none, imported, last_name, lines_of, python

DATABASE = "portal/core/db.py"
# Ends the session of a request that failed, before its error page reads from the database again.
ANSWERS = "portal/core/web/answers.py"
# Asks whether the database takes a write, and leaves no trace.
HEALTH = "portal/reports/views/health.py"

# Uses up a form's key in the same transaction as the service that the form asks for.
ONCE = "portal/core/once.py"

ENDS = frozenset({"commit", "rollback", "begin"})
WRITES = frozenset({"add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings"})
STATEMENTS = frozenset({"insert", "update", "delete"})


def may_write(source: Source) -> bool:
    """Whether the module is a service, runs one for a form, or is part of the demo that loads through services."""
    return source.path == ONCE or "services" in source.parts or source.parts[:2] == ("portal", "demo")


def own_endings(source: Source) -> Iterator[str]:
    """Places that begin or end a transaction by themselves."""
    if source.path == DATABASE:
        return
    allowed = {"rollback"} if source.path == ANSWERS else set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in ENDS - allowed:
            yield source.at(node, f".{node.attr}: let `with transaction():` in a service do it")


def stray_transactions(source: Source) -> Iterator[str]:
    """Places outside services that open a transaction."""
    if may_write(source) or source.path in (DATABASE, HEALTH):
        return
    for node in ast.walk(source.tree):
        called = isinstance(node, ast.Call) and last_name(node.func) == "transaction"
        if called or "portal.core.db.transaction" in imported(node):
            yield source.at(node, "transaction: call a service that opens it")


def stray_writes(source: Source) -> Iterator[str]:
    """Places outside services that add to the session, delete from it, or build a statement that writes."""
    if may_write(source):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in WRITES and last_name(node.value) == "session":
            yield source.at(node, f"session.{node.attr}: only services write")
        for name in imported(node):
            package, _, what = name.rpartition(".")
            if package.partition(".")[0] == "sqlalchemy" and what in STATEMENTS:
                yield source.at(node, f"{name}: only services write")


def test_only_the_database_module_begins_commits_and_rolls_back():
    found = (offence for source in python("portal") for offence in own_endings(source))
    expect_none(found, "These end transactions by themselves:")


def test_transactions_are_opened_by_services_only():
    found = (offence for source in python("portal") for offence in stray_transactions(source))
    expect_none(found, "Move these into services:")


def test_rows_are_added_and_deleted_by_services_only():
    found = (offence for source in python("portal") for offence in stray_writes(source))
    expect_none(found, "Move these into services:")


BAD = """from sqlalchemy.dialects.postgresql import insert
from portal.core.db import db, transaction
def save(row):
    with transaction() as session:
        session.add(row)
    db.session.delete(row)
    db.session.commit()
    db.session().rollback()
    seen = set()
    seen.add(row)
"""


def test_a_view_that_writes_by_itself_is_found():
    view = Source("portal/activities/views/events.py", BAD)
    assert lines_of(own_endings(view)) == [7, 8]
    assert lines_of(stray_transactions(view)) == [2, 4]
    assert lines_of(stray_writes(view)) == [1, 5, 6]


def test_services_may_write_but_end_no_transaction():
    service = Source("portal/activities/services/events.py", BAD)
    assert lines_of(own_endings(service)) == [7, 8]
    assert lines_of(stray_transactions(service)) == []
    assert lines_of(stray_writes(service)) == []


def test_the_answer_to_a_failure_may_roll_back_but_not_commit():
    assert lines_of(own_endings(Source(ANSWERS, BAD))) == [7]
