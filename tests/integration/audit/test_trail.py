"""The trail of changes: written with the change or not at all, and never altered."""

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from portal.activities.services.attendance import HeadcountDraft
from portal.activities.services.events import move_event
from portal.audit import services
from portal.audit.models import AuditEntry
from portal.audit.queries import list_latest
from portal.audit.services import Actor, acting_as
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from tests.conftest import NOW
from tests.make import make_event, make_headcounts, make_people, make_project, version_of

pytestmark = pytest.mark.usefixtures("in_app")


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def last() -> AuditEntry:
    return entries()[-1]


def test_a_change_is_written_with_who_when_what_before_and_after():
    make_project()
    event_id = make_event(ref="W1")
    with acting_as(Actor(7, "manager@example.org", "ols")):
        move_event(event_id, "held", version=version_of(event_id), now=NOW)
    entry = last()
    assert (entry.actor_id, entry.actor, entry.acting_for, entry.at) == (7, "manager@example.org", "ols", NOW)
    assert (entry.project_code, entry.subject_kind, entry.subject_id, entry.subject) == ("LTPL00388", "event", 1, "W1")
    assert (entry.action, entry.changes) == ("event_held", {"status": ["planned", "held"]})


def test_who_is_not_named_is_the_command_line():
    make_project()
    assert (last().actor, last().action) == ("command line", "project_loaded")


def test_people_are_not_named_in_the_trail():
    make_project()
    make_people(make_event(), ["anna@example.org"], name="Anna Example", organisation="Example school")
    make_headcounts(1, HeadcountDraft("convicted_person", 16))
    stored = " ".join(str((entry.subject, entry.changes)) for entry in entries())
    assert "anna" not in stored.lower()
    assert "school" not in stored
    assert last().changes == {"convicted_person, unknown, unknown": [None, 16]}


def test_a_refused_change_leaves_no_entry():
    make_project()
    event_id = make_event(starts=datetime(2027, 1, 1, 10, 0), ends=datetime(2027, 1, 1, 11, 0))
    before = len(entries())
    with pytest.raises(Conflict):
        move_event(event_id, "held", version=1, now=NOW)
    assert len(entries()) == before


def test_an_entry_that_cannot_be_written_undoes_the_change():
    make_project()
    event_id = make_event()
    with acting_as(Actor(1, None)), pytest.raises(SQLAlchemyError):  # type: ignore[arg-type]
        move_event(event_id, "held", version=1, now=NOW)
    db.session.rollback()
    assert version_of(event_id) == 1


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_alter_the_trail(statement):
    make_project()
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement))
    assert [entry.actor for entry in entries()] == ["command line"]


def test_the_actor_of_a_block_is_not_the_actor_after_it():
    with acting_as(Actor(7, "manager@example.org")):
        assert services.current_actor().id == 7
    assert services.current_actor().label == "command line"


def test_the_latest_acts_are_looked_for_no_further_back_than_said_and_carry_no_values():
    make_project()
    event_id = make_event(ref="W1")
    make_people(event_id, ["p1", "p2", "p3"])
    assert [act.action for act in list_latest("LTPL00388", ["event_created", "project_loaded"], among=5)] == [
        "event_created",
        "project_loaded",
    ]
    assert list_latest("LTPL00388", ["event_created"], among=3) == []
    assert list_latest("LTPL00999", ["event_created"], among=5) == []
    assert "changes" not in list_latest("LTPL00388", ["event_created"], among=5)[0]._fields
