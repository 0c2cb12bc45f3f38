"""What administrators do to mails and jobs, with its trace. Neither the trace nor its subject names a recipient."""

from datetime import datetime

from portal.accounts import mails, queries
from portal.audit.services import Subject, record
from portal.core.db import transaction
from portal.jobs.services import outbox, work


def send_again(mail_id: int, *, now: datetime) -> None:
    """Let the mail be tried at once; raise NotFound or Conflict where it cannot be."""
    with transaction() as session:
        mail = outbox.resend_mail(session, mail_id, now=now)
        record(session, "mail_resent", Subject("mail", mail.id, mail.kind), now=now)


def cancel_job(job_id: int, *, now: datetime) -> None:
    """Cancel the job, or ask it to end early if it runs; raise NotFound or Conflict where it cannot be."""
    with transaction() as session:
        job = work.cancel_job(session, job_id, now=now)
        record(session, "job_cancelled", Subject("job", job.id, job.kind), now=now)


def send_test(user_id: int, *, now: datetime) -> None:
    """Mail the user a few words, to see whether mails arrive."""
    with transaction() as session:
        mails.send_test(session, queries.get_account(user_id), now=now)
