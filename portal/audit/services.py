"""Writing the audit: `record` joins the transaction of the change, so neither is stored without the other."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.audit.labels import actions
from portal.audit.models import AuditEntry
from portal.audit.rules import Facts, differences


class Actor(NamedTuple):
    """Who acts: the account's number (0: none), how people know it, the organisation that is acted for ('': own)."""

    id: int
    label: str
    acting_for: str = ""


COMMAND_LINE = Actor(0, "command line")
# What the worker does when its time has come, with nobody asking.
PORTAL = Actor(0, "portal")

# Who acts is a fact of the whole request, command or job, like the transaction it runs in.
_actor: ContextVar[Actor] = ContextVar("actor", default=COMMAND_LINE)


class Subject(NamedTuple):
    """What a change is about: its kind, its number, how people know it, and its project ('' where it has none)."""

    kind: str
    id: int
    label: str
    project_code: str = ""


class Change(NamedTuple):
    """What a change is about, and the facts before and after it (None: it was not there, or is not any more)."""

    subject: Subject
    before: Facts | None = None
    after: Facts | None = None


def set_actor(actor: Actor) -> None:
    """Let `actor` be who acts from now on in this request, command or job."""
    _actor.set(actor)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Let `actor` be who acts inside the block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def current_actor() -> Actor:
    """Who acts at this moment; the command line unless someone was named."""
    return _actor.get()


def record(
    session: Session,
    action: str,
    subject: Subject,
    *,
    now: datetime,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Write that `action` was done to `subject`, with the fields that differ, in the caller's transaction.

    Where neither before nor after is given the act itself is the fact (a sign-in, a removal of many); where both
    are given and nothing differs, nothing is written. Raise LookupError for an action that no feature gave words.
    """
    entry = _entry(action, Change(subject, before, after), now)
    if entry is not None:
        session.add(AuditEntry(**entry))


def record_all(session: Session, action: str, changes: Iterable[Change], *, now: datetime) -> None:
    """Write that `action` was done to each subject, as `record` does, in one statement."""
    entries = [entry for change in changes if (entry := _entry(action, change, now)) is not None]
    if entries:
        session.execute(insert(AuditEntry), entries)


def _entry(action: str, change: Change, now: datetime) -> dict[str, Any] | None:
    """The columns of the entry; None where nothing differs."""
    if action not in actions():
        raise LookupError(f"{action} has no words: register them")
    subject, before, after = change
    changes = differences(before, after)
    if before is not None and after is not None and not changes:
        return None
    actor = current_actor()
    return {
        "at": now,
        "actor_id": actor.id,
        "actor": actor.label,
        "acting_for": actor.acting_for,
        "project_code": subject.project_code,
        "action": action,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "subject": subject.label[:300],
        "changes": changes,
    }
