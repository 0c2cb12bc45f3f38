"""The mails of accounts. Their values are all that the templates print; a path is put behind the portal's address."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.rules.links import LIFETIME, Purpose
from portal.jobs import mail
from portal.jobs.services import send_mail

INVITATION = "account_invitation"
RESET = "account_reset"
PASSWORD_CHANGED = "account_password_changed"  # noqa: S105  # the name of a mail
MEMBERSHIP = "account_membership"
TEST = "test"

TEMPLATES = {
    INVITATION: "emails/accounts/invitation.txt",
    RESET: "emails/accounts/reset.txt",
    PASSWORD_CHANGED: "emails/accounts/password_changed.txt",
    MEMBERSHIP: "emails/accounts/membership.txt",
    TEST: "emails/test.txt",
}


def register() -> None:
    """Make the mails of accounts known to the outbox."""
    for kind, template in TEMPLATES.items():
        mail.register(kind, template)


def send_invitation(session: Session, user: User, *, path: str, inviter: str, project: str, now: datetime) -> None:
    """Invite the user to choose a password; `project` is the code of the project, '' for the portal alone."""
    life = LIFETIME[Purpose.INVITATION]
    values = {"inviter": inviter, "project": project, "days": str(life.days), "until": (now + life).isoformat()}
    _send(session, INVITATION, user, now, path=path, **values)


def send_membership(session: Session, user: User, *, inviter: str, project: str, now: datetime) -> None:
    """Tell someone who has an account already that a project is open to them."""
    _send(session, MEMBERSHIP, user, now, path=f"/projects/{project}/", inviter=inviter, project=project)


def send_reset(session: Session, user: User, *, path: str, now: datetime) -> None:
    """Send the link for a new password."""
    life = LIFETIME[Purpose.RESET]
    hours, until = int(life.total_seconds()) // 3600, (now + life).isoformat()
    _send(session, RESET, user, now, path=path, hours=str(hours), until=until)


def send_password_changed(session: Session, user: User, *, now: datetime) -> None:
    """Tell the user that the password is another one now, in case it was someone else."""
    _send(session, PASSWORD_CHANGED, user, now, path="/forgotten")


def send_test(session: Session, user: User, *, now: datetime) -> None:
    """Send a few words, to see whether mails arrive."""
    _send(session, TEST, user, now)


def _send(session: Session, kind: str, user: User, now: datetime, **values: str) -> None:
    values["name"] = user.name
    send_mail(session, kind=kind, recipient=user.email, language=user.language, values=values, now=now)
