"""The sentences of what jobs and the outbox refuse."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "mail-unknown": _l("There is no such mail; mails are forgotten 30 days after they were sent."),
    "mail-sent": _l("This mail has been sent already, and its text is no longer kept."),
    "mail-under-way": _l("This mail is being sent at this moment. Look again in ten minutes."),
    "job-unknown": _l("There is no such job; jobs are forgotten 30 days after they were done."),
    "job-ended": _l("This job has ended already."),
    "job-taken-over": _l("Another worker has begun this job again; nothing of this attempt was stored."),
}
