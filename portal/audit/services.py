"""Writing the audit: `record` joins the transaction of the change, so neither is stored without the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

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

# Who acts is a fact of the whole request, command or job, like the transaction it runs in.
_actor: ContextVar[Actor] = ContextVar("actor", default=COMMAND_LINE)


class Subject(NamedTuple):
    """What a change is about: its kind, its number, how people know it, and its project ('' where it has none)."""

    kind: str
    id: int
    label: str
    project_code: str = ""


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
    if action not in actions():
        raise LookupError(f"{action} has no words: register them")
    changes = differences(before, after)
    if before is not None and after is not None and not changes:
        return
    actor = current_actor()
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor.id,
            actor=actor.label,
            acting_for=actor.acting_for,
            project_code=subject.project_code,
            action=action,
            subject_kind=subject.kind,
            subject_id=subject.id,
            subject=subject.label[:300],
            changes=changes,
        )
    )
