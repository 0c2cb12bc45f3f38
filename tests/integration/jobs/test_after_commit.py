"""What is to be told after the commit is told once, of the outermost transaction, and never of one that is undone."""

import pytest

from portal.core.db import after_commit, db, transaction
from portal.core.errors import InvalidInput
from portal.jobs.models import Job
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def told():
    """A list, and what puts into it."""
    facts: list[list[str]] = []
    return facts, facts.append


def test_all_facts_are_told_at_once_after_the_outermost_commit(told):
    facts, tell = told
    with transaction() as outer:
        after_commit(outer, tell, "first")
        with transaction() as inner:
            after_commit(inner, tell, "second")
        assert facts == []
    assert facts == [["first", "second"]]


def fail(tell) -> None:
    with transaction() as session:
        after_commit(session, tell, "undone")
        raise InvalidInput("amount-missing")


def test_what_is_undone_is_not_told_then_or_later(told):
    facts, tell = told
    with pytest.raises(InvalidInput):
        fail(tell)
    with transaction() as session:
        after_commit(session, tell, "kept")
    assert facts == [["kept"]]


def test_what_is_told_has_been_committed(told):
    seen = []

    def look(facts: list[str]) -> None:
        with transaction() as session:
            seen.append(session.get_one(Job, 1).kind)

    with transaction() as session:
        session.add(Job(kind="note", payload={}, created_at=NOW, due_at=NOW))
        after_commit(session, look, "job")
    assert seen == ["note"]


def test_without_a_transaction_there_is_no_commit_to_wait_for(told):
    with pytest.raises(RuntimeError):
        after_commit(db.session(), told[1], "lost")
