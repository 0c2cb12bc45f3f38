"""How long what names people is kept, and of whom it is due to go."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from portal.activities.rules.participants import ParticipationStatus, participant_key
from portal.core.errors import InvalidInput, InvalidInputs, Problem

USUAL_DAYS: Final = 90
MOST_DAYS: Final = 36_500
# What stands in the place of an e-mail or a code begins with this, and says nothing else.
ANONYMOUS: Final = "anon-"

# A page with nothing on it, as a PDF.
EMPTY_PAGE: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)

# Who had no seat, gave it up or did not come: nothing is counted or proven by them.
UNATTENDED: Final = frozenset(
    {
        ParticipationStatus.CANCELLED,
        ParticipationStatus.EXPIRED,
        ParticipationStatus.ABSENT,
        ParticipationStatus.WAITLISTED,
        ParticipationStatus.UNCONFIRMED,
        ParticipationStatus.OFFERED,
    }
)


class KeptDays(NamedTuple):
    """How long a project keeps names: so many days after the event of those who did not attend; of those who did, so
    many days after the project's last day (None: until somebody decides).

    `is_assumed`: nobody has decided it, the usual days hold; `version` is 0 then.
    """

    unattended_days: int = USUAL_DAYS
    attended_days: int | None = None
    version: int = 0
    is_assumed: bool = True


def check_days(unattended_days: int, attended_days: int | None) -> None:
    """Raise InvalidInputs with everything that is wrong."""
    problems = [
        *_day_problems("unattended_days", unattended_days),
        *(() if attended_days is None else _day_problems("attended_days", attended_days)),
    ]
    if problems:
        raise InvalidInputs(problems)


def person_key(email: str) -> str:
    """The e-mail as people are known by it; raise InvalidInput if it is none."""
    try:
        key = participant_key(email)
    except InvalidInput as error:
        raise InvalidInput("email-malformed", where="email") from error
    if "@" not in key:
        raise InvalidInput("email-malformed", where="email")
    return key


def ended_by(kept: KeptDays, now: datetime) -> datetime:
    """Until when an event must have ended so that those who did not attend it are due at `now`."""
    return now - timedelta(days=kept.unattended_days)


def is_attended_due(kept: KeptDays, *, last_day: date, today: date) -> bool:
    """Whether those who attended are due `today`, the project's `last_day` being included in it."""
    return kept.attended_days is not None and last_day + timedelta(days=kept.attended_days) < today


def _day_problems(where: str, days: int) -> Iterator[Problem]:
    if not 0 <= days <= MOST_DAYS:
        yield Problem("number-out-of-range", where, {"least": 0, "most": MOST_DAYS})
