"""Rules of participants: how a person is named, and what is never kept about convicted persons and their families."""

import re
from collections.abc import Iterable
from enum import StrEnum

from portal.core.errors import InvalidInput


class ParticipationStatus(StrEnum):
    """What became of a person's place at an event."""

    UNCONFIRMED = "unconfirmed"
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


PARTICIPATION_STATUSES = tuple(ParticipationStatus)

# Being listed as one of these is criminal-conviction data. Source: GDPR art. 10.
SENSITIVE_GROUPS = frozenset({"convicted_person", "family_member"})

SENSITIVE_CODE = re.compile(r"[A-Z]{0,3}[0-9]{2,8}", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
ISSUED_CODE = re.compile(r"K[0-9]{3,6}", re.ASCII)
LONGEST_CODE = 40
LONGEST_EMAIL = 254


def participant_key(text: str) -> str:
    """The key a person is known by: an e-mail in lower case, or a code as written.

    Raise InvalidInput if it is neither: a code has at most 40 characters and no spaces, an e-mail one @ and a domain.
    """
    key = text.strip()
    key = key.lower() if "@" in key else key
    if not key:
        raise InvalidInput("participant-missing", where="participant")
    if "@" in key:
        if not EMAIL.fullmatch(key) or len(key) > LONGEST_EMAIL or not key.isprintable():
            raise InvalidInput("participant-email", where="participant")
        return key
    if len(key) > LONGEST_CODE or any(letter.isspace() or not letter.isprintable() for letter in key):
        raise InvalidInput("participant-code", where="participant")
    return key


def check_sensitive(group: str, *, participant: str, name: str, organisation: str) -> None:
    """Raise InvalidInput if a person of a sensitive group would be kept with a name, a contact or a telling code.

    The values are not repeated in the error: they must not be stored, nor shown, nor logged.
    Source: GDPR art. 10; rules of the domain 4.
    """
    if group not in SENSITIVE_GROUPS:
        return
    if name or organisation or "@" in participant:
        raise InvalidInput("sensitive-name", where="group")
    if not SENSITIVE_CODE.fullmatch(participant):
        raise InvalidInput("sensitive-code", where="participant")


def issue_code(taken: Iterable[str]) -> str:
    """The next code of the form K001, which says nothing about the person and is given to nobody else later.

    Codes of seven digits and more are other people's and do not count.
    """
    known = set(taken)
    number = max((int(code[1:]) for code in known if ISSUED_CODE.fullmatch(code)), default=0) + 1
    while f"K{number:03d}" in known:
        number += 1
    return f"K{number:03d}"
