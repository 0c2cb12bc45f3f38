"""Waiting for SQLite's write lock, whatever it is that keeps it."""

import sqlite3
from time import monotonic

import pytest

from portal.core.db import _ask_until


class Driver:
    """A connection that refuses to begin with these codes, one after another, and begins then."""

    def __init__(self, *codes: int) -> None:
        self.codes = list(codes)
        self.begun = False

    def execute(self, statement: str) -> None:
        if statement != "BEGIN IMMEDIATE":
            return
        if self.codes:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.codes.pop(0)
            raise error
        self.begun = True


def test_a_database_that_is_busy_for_any_reason_is_asked_again():
    driver = Driver(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_SNAPSHOT)
    _ask_until(driver, monotonic() + 5)
    assert driver.begun


@pytest.mark.parametrize("code", [sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR])
def test_any_other_error_is_told_at_once(code: int):
    with pytest.raises(sqlite3.OperationalError):
        _ask_until(Driver(code), monotonic() + 5)
