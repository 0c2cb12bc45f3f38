"""What becomes of mails: one attempt at a time, its end, and being sent again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlalchemy.orm import Session

from portal.core.db import after_commit, among, transaction
from portal.core.errors import Conflict, NotFound
from portal.jobs.mail import MailClaim
from portal.jobs.models import Mail
from portal.jobs.queue import Work, announce
from portal.jobs.rules import ATTEMPT, KEPT, next_delay


def claim_mail(mail_id: int, *, now: datetime) -> MailClaim | None:
    """Begin an attempt at a mail that waits and is due; None if there is nothing to do, or someone else does it."""
    due = update(Mail).where(Mail.id == mail_id, Mail.state == "waiting", Mail.due_at <= now)
    begun = due.values(attempts=Mail.attempts + 1, due_at=now + ATTEMPT, error="").returning(
        Mail.kind, Mail.recipient, Mail.language, Mail.values, Mail.created_at, Mail.attempts
    )
    with transaction() as session:
        row = session.execute(begun, execution_options={"synchronize_session": False}).one_or_none()
        return MailClaim(mail_id, *row) if row else None


def keep_sent(claim: MailClaim, *, now: datetime) -> None:
    """Keep that the mail has been taken by the mail server; what it said is forgotten."""
    _end_attempt(claim, state="sent", sent_at=now, values={}, error="")


def keep_failure(claim: MailClaim, error: str, *, final: bool, now: datetime) -> None:
    """Keep why the attempt failed; the mail waits for the next one, or has failed if that was the last or `final`."""
    delay = next_delay(claim.attempt)
    if final or delay is None:
        _end_attempt(claim, state="failed", error=error[:500])
    else:
        _end_attempt(claim, due_at=now + delay, error=error[:500])


def let_go(claim: MailClaim) -> None:
    """Take out of the outbox a mail that has nothing to say any more: nobody needs to look after it."""
    mine = delete(Mail).where(Mail.id == claim.id, Mail.state == "waiting", Mail.attempts == claim.attempt)
    with transaction() as session:
        session.execute(mine, execution_options={"synchronize_session": False})


def _end_attempt(claim: MailClaim, **facts: Any) -> None:
    mine = update(Mail).where(Mail.id == claim.id, Mail.state == "waiting", Mail.attempts == claim.attempt)
    with transaction() as session:
        session.execute(mine.values(facts), execution_options={"synchronize_session": False})


def resend_mail(session: Session, mail_id: int, *, now: datetime) -> Mail:
    """Let a mail that has failed or waits be tried at once, with all its attempts before it again; return it.

    Raise NotFound if there is none, Conflict if it has been sent or is being sent at this moment.
    """
    mail = session.get(Mail, mail_id, with_for_update=True)
    if mail is None:
        raise NotFound("mail-unknown")
    if mail.state == "sent":
        raise Conflict("mail-sent")
    # An attempt that has not ended yet has no error yet.
    if mail.attempts and not mail.error and mail.due_at > now:
        raise Conflict("mail-under-way")
    mail.state, mail.attempts, mail.due_at, mail.error = "waiting", 0, now, ""
    after_commit(session, announce, Work("mail", mail.id))
    return mail


def purge_mails(*, now: datetime) -> None:
    """Forget mails that were sent longer ago than they are kept."""
    with transaction() as session:
        session.execute(delete(Mail).where(Mail.state == "sent", Mail.sent_at < now - KEPT))


def drop_mails(session: Session, kinds: Collection[str], name: str, numbers: Collection[int]) -> None:
    """Take out of the outbox the mails of these kinds whose value called `name` is one of the numbers, unsent or not.

    What a sent mail was about has been forgotten already.
    """
    about = among(Mail.values[name].as_integer(), numbers)
    session.execute(delete(Mail).where(Mail.kind.in_(kinds), about).execution_options(synchronize_session=False))


def drop_mails_to(session: Session, kinds: Collection[str], recipient: str) -> None:
    """Take out of the outbox all mails of these kinds to this address, those that were sent too."""
    theirs = func.lower(Mail.recipient) == recipient.lower()
    session.execute(delete(Mail).where(Mail.kind.in_(kinds), theirs).execution_options(synchronize_session=False))
