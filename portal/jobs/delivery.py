"""Delivering a mail: claimed, rendered, handed to the mail server, and what became of it kept."""

import logging
from datetime import datetime

from flask import current_app

from portal.config import SmtpServer
from portal.core import clock
from portal.jobs import mail
from portal.jobs.patience import insist
from portal.jobs.services import outbox

logger = logging.getLogger("portal.jobs")


def deliver(mail_id: int, *, now: datetime) -> None:
    """Try to deliver the mail if it waits, is due and nobody else tries; without a mail server it goes on waiting."""
    server: SmtpServer | None = current_app.config["SMTP"]
    claim = outbox.claim_mail(mail_id, now=now) if server else None
    if server is None or claim is None:
        return
    if mail.is_too_late(claim, now=now):
        insist(lambda: outbox.keep_failure(claim, "too-late", final=True, now=clock.now()))
        return
    try:
        mail.send(server, mail.compose(claim, now=now))
    except mail.Outdated:
        logger.info("mail %s (%s) was not sent: what it says is true no more", claim.id, claim.kind)
        insist(lambda: outbox.let_go(claim))
    except Exception as error:  # noqa: BLE001  whatever it is, the mail is tried again or shown as failed
        # Never the error's own text: mail servers repeat the address in it.
        reason, final = mail.described(error), mail.is_final(error)
        logger.warning("mail %s (%s) was not sent: %s", claim.id, claim.kind, reason)
        insist(lambda: outbox.keep_failure(claim, reason, final=final, now=clock.now()))
    else:
        insist(lambda: outbox.keep_sent(claim, now=clock.now()))
