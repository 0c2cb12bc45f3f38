"""How pages call the states of mails and jobs, and why they failed."""

from flask_babel import lazy_gettext as _l

MAIL_STATES = {"waiting": _l("Waiting"), "sent": _l("Sent"), "failed": _l("Failed")}

JOB_STATES = {
    "waiting": _l("Waiting"),
    "running": _l("Running"),
    "done": _l("Done"),
    "failed": _l("Failed"),
    "cancelled": _l("Cancelled"),
}

# Anything else that stands as an error is a code for whoever reads the log.
JOB_ERRORS = {"worker-died": _l("The worker ended several times in the middle of it.")}

# Stands for the text of a mail that only its recipient is to read.
NOT_SHOWN = _l("What this mail says belongs to a project and is not shown here.")
