"""One-time keys of forms: the same form sent twice, by a double click or a refresh, is carried out once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, String, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.db import Base, UtcDateTime, transaction
from portal.core.errors import Conflict

# Longer than any form can be open.
KEPT = timedelta(days=1)
ALONE = {"synchronize_session": False}


class FormKey(Base):
    """A key that has been used, and what the act returned for it."""

    __tablename__ = "form_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    result: Mapped[Any | None] = mapped_column(JSON)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class FormSent(Conflict):
    """The page that makes one record has made it, with other words."""


def run_once(key: str, act: Callable[[], Any], *, now: datetime, page: str = "") -> Any:
    """Run `act` in one transaction with the use of `key`, and return what it returned (a JSON value).

    The key stands for the form with everything in it, so only a true repeat has the same one; `page` stands for the
    page alone where it makes one record, and FormSent is raised if it has.
    Where the key has been used already, nothing is run and the first result is returned. What `act` raises leaves
    the key unused.
    """
    # Hundreds may send a form in one second: each of them rather waits than is told to send it again.
    with transaction(patient=True) as session:
        if not _take(session, key, now):
            return session.scalar(select(FormKey.result).where(FormKey.key == key))
        if page and not _take(session, page, now):
            raise FormSent("form-sent")
        result = act()
        session.execute(update(FormKey).where(FormKey.key == key).values(result=result), execution_options=ALONE)
        return result


def forget_keys(*, now: datetime) -> None:
    """Forget the keys of forms that nobody can send again."""
    with transaction() as session:
        session.execute(delete(FormKey).where(FormKey.used_at < now - KEPT), execution_options=ALONE)


def _take(session: Session, key: str, now: datetime) -> bool:
    """Whether the key was free and is now taken; waits for whoever is using it at this moment."""
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    taking = insert(FormKey).values(key=key, used_at=now).on_conflict_do_nothing().returning(FormKey.key)
    return session.scalar(taking) is not None
