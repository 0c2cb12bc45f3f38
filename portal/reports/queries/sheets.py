"""Reading what is printed for an event: who is on its sheets, and where people register."""

from typing import NamedTuple

from portal.activities.models import RegistrationDesk
from portal.activities.queries.marking import list_people
from portal.activities.rules.participants import SENSITIVE_GROUPS
from portal.activities.rules.sheets import public_label
from portal.core.db import db
from portal.core.errors import NotFound

# Every session has the same people in the same order.
FIRST_SESSION = 1


class Signer(NamedTuple):
    """A person on a sheet, under the number that they have where attendance is entered.

    `label` is the name, or the code, or initials where neither is known; `is_coded` where it is the code.
    """

    number: int
    label: str
    institution: str
    country: str
    group: str
    is_coded: bool

    @property
    def may_sign(self) -> bool:
        """Whether the person may stand on a sheet with names."""
        return self.group not in SENSITIVE_GROUPS


def list_signers(event_id: int) -> list[Signer]:
    """Everyone on the event's sheets, in their order."""
    return [
        Signer(
            each.number,
            each.name or public_label(each),
            each.organisation,
            each.country,
            each.group,
            is_coded=not each.name and "@" not in each.participant,
        )
        for each in list_people(event_id, FIRST_SESSION)
    ]


def find_desk(event_id: int) -> RegistrationDesk | None:
    """How people register for the event; None where they cannot."""
    return db.session.get(RegistrationDesk, event_id)


def get_desk(event_id: int) -> RegistrationDesk:
    """The same; raise NotFound where they cannot."""
    desk = find_desk(event_id)
    if desk is None:
        raise NotFound("registration-unknown")
    return desk
