"""The migrations make exactly the tables that the models describe, on either database, and can be taken back."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Column, Connection, Integer, MetaData, Table, inspect, text

from portal.core.db import Base, db
from tests.architecture.source import ROOT, Source, expect_none, functions, python

VERSIONS = "migrations/versions"
KEYS = text('SELECT "from" AS from_, "table", on_delete FROM pragma_foreign_key_list(:name)')


def differences(connection: Connection, metadata: MetaData, settings: dict[str, Any]) -> list[str]:
    """What a new migration would have to do, told by the same settings that write migrations."""
    context = MigrationContext.configure(connection, opts={**settings, "target_metadata": metadata})
    found = compare_metadata(context, metadata)
    # SQLAlchemy does not read a foreign key of SQLite that came with a column added later: see key_differences.
    keys = {"add_fk", "remove_fk"} if connection.dialect.name == "sqlite" else set()
    return [str(difference) for difference in found if difference[0] not in keys]


def key_differences(connection: Connection, metadata: MetaData) -> set[tuple[str, ...]]:
    """Foreign keys that only the models or only the SQLite file have: table, column, table and rule of deletion."""
    stated = {
        (table.name, key.parent.name, key.column.table.name, key.ondelete or "NO ACTION")
        for table in metadata.sorted_tables
        for key in table.foreign_keys
    }
    held = {
        (table.name, row.from_, row.table, row.on_delete)
        for table in metadata.sorted_tables
        for row in connection.execute(KEYS, {"name": table.name})
    }
    return stated ^ held


def check_differences(connection: Connection, metadata: MetaData) -> Iterator[str]:
    """CHECK constraints that only the models or only the database have: Alembic does not compare them.

    SQLite keeps their conditions as they were written; PostgreSQL rewrites them, so there the names are compared.
    """
    database = inspect(connection)
    verbatim = connection.dialect.name == "sqlite"
    for table in metadata.sorted_tables:
        checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
        stated = {shown(each.name, each.sqltext, verbatim) for each in checks}
        held = {shown(each["name"], each["sqltext"], verbatim) for each in database.get_check_constraints(table.name)}
        yield from (f"{table.name}: the database lacks the CHECK {check}" for check in stated - held)
        yield from (f"{table.name}: the models lack the CHECK {check}" for check in held - stated)


def shown(name: object, condition: object, verbatim: bool) -> str:
    return f"{name} ({' '.join(str(condition).split())})" if verbatim else str(name)


def one_way(source: Source) -> Iterator[str]:
    """Migrations that cannot be carried out, or not taken back."""
    bodies = {function.name: function.body for function in functions(source)}
    for name in ("upgrade", "downgrade"):
        does = [line for line in bodies.get(name, []) if not isinstance(line, ast.Pass) and not is_text(line)]
        if not does:
            yield source.at(1, f"{name}() is missing or does nothing")


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@pytest.fixture
def settings(in_app: Flask) -> dict[str, Any]:
    """What portal.core.db hands to Alembic."""
    return dict(in_app.extensions["migrate"].configure_args)


def test_the_migrations_make_what_the_models_describe(settings: dict[str, Any]):
    with db.engine.connect() as connection:
        expect_none(differences(connection, Base.metadata, settings), "Write a migration for these:")
        if connection.dialect.name == "sqlite":
            assert key_differences(connection, Base.metadata) == set()


def test_the_migrations_make_the_checks_of_the_models(in_app: Flask):
    with db.engine.connect() as connection:
        expect_none(check_differences(connection, Base.metadata), "Write a migration for these, by hand:")


def test_the_migrations_have_one_end(in_app: Flask):
    heads = ScriptDirectory(in_app.config["MIGRATIONS_DIR"]).get_heads()
    assert len(heads) == 1, f"two migrations follow the same one, put one after the other: {', '.join(heads)}"


def test_every_migration_can_be_taken_back():
    assert (ROOT / VERSIONS).is_dir()
    found = (offence for source in python(VERSIONS) for offence in one_way(source))
    expect_none(found, "Write both directions:")


def copy_of_models() -> MetaData:
    copied = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(copied)
    return copied


def test_a_table_and_a_column_without_a_migration_are_found(settings: dict[str, Any]):
    changed = copy_of_models()
    Table("forgotten", changed, Column("id", Integer, primary_key=True))
    changed.tables["users"].append_column(Column("shoe_size", Integer))
    with db.engine.connect() as connection:
        found = "\n".join(differences(connection, changed, settings))
    assert "add_table" in found
    assert "forgotten" in found
    assert "shoe_size" in found


def test_a_check_without_a_migration_is_found(in_app: Flask):
    changed = copy_of_models()
    changed.tables["users"].append_constraint(CheckConstraint("id > 0", name="positive"))
    with db.engine.connect() as connection:
        found = "\n".join(check_differences(connection, changed))
    assert "users: the database lacks the CHECK ck_users_positive" in found


def test_a_check_whose_condition_has_changed_is_found_on_sqlite():
    assert shown("ck", "role IN ('a')", verbatim=True) != shown("ck", "role IN ('a', 'b')", verbatim=True)
    assert shown("ck", "role\n  IN ('a')", verbatim=True) == shown("ck", "role IN ('a')", verbatim=True)


def test_a_migration_of_one_direction_is_found():
    text = 'def upgrade():\n    op.drop_table("events")\n\ndef downgrade():\n    """Nothing."""\n    pass\n'
    assert list(one_way(Source("0002.py", text))) == ["0002.py:1 downgrade() is missing or does nothing"]
