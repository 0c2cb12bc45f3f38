"""What comes back on a paper sheet: how many signatures it has, and who signed without being on the list."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.activities.models import Participation
from portal.activities.queries.marking import latest_marks
from portal.activities.rules.drafts import LONGEST_TEXT, MOST_PEOPLE
from portal.activities.rules.participants import EMAIL, SENSITIVE_GROUPS, ParticipationStatus, participant_key
from portal.activities.rules.sheets import WALK_IN
from portal.activities.services.attendance import ParticipationDraft, add_participation
from portal.activities.services.marking import Mark, begin, mark_all, say
from portal.activities.services.registrations.following import follow_list
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import transaction
from portal.core.errors import InvalidInput


class WalkIn(NamedTuple):
    """Somebody who came without being on the list; '' is not known.

    Of a sensitive group only `code` and `country` may be stated; without a code the portal issues one.
    """

    name: str = ""
    email: str = ""
    organisation: str = ""
    country: str = ""
    group: str = "unknown"
    code: str = ""


class SheetDraft(NamedTuple):
    """What a sheet's page says at once: `sheet_count` is told only where `is_counted`, `walk_in` None is nobody."""

    marks: Sequence[Mark]
    is_counted: bool = False
    sheet_count: int | None = None
    walk_in: WalkIn | None = None


def save_sheet(event_id: int, position: int, draft: SheetDraft, *, now: datetime, by: int) -> dict[str, int | None]:
    """Store all that the page of a sheet says, or nothing of it.

    Return what `mark_all` does, and as `walk_in` the id of who came without being on the list. Raise as each of them.
    """
    with transaction():
        told = mark_all(event_id, position, draft.marks, now=now, by=by)
        if draft.is_counted:
            set_sheet_count(event_id, position, draft.sheet_count, now=now)
        walk_in = add_walk_in(event_id, position, draft.walk_in, now=now, by=by) if draft.walk_in else None
        return {**told, "walk_in": walk_in}


def add_walk_in(event_id: int, position: int, draft: WalkIn, *, now: datetime, by: int) -> int:
    """Put somebody who came without being on the list onto it, marked at the session; return the id of their row.

    Who is on the list already, known by the e-mail, is marked there. Raise InvalidInput with what is wrong; Conflict
    as `mark`, and for the code of somebody else.
    """
    _check_walk_in(draft)
    with transaction() as session:
        act = begin(session, event_id, position, now=now, by=by)
        row = _find(session, event_id, draft.email) or _add(session, event_id, draft, now)
        if say(session, act, row, latest_marks(event_id, row.id).get(row.id, {}), Mark(row.id, is_present=True)):
            follow_list(session, act.event, now=now, changed=[row.id])
            after = {"participation": row.id, "session": position}
            record(session, "walk_in_marked", event_subject(act.event), now=now, after=after)
        return row.id


def set_sheet_count(event_id: int, position: int, number: int | None, *, now: datetime) -> None:
    """Keep how many signatures the session's paper sheet has; None: nobody knows.

    Raise InvalidInput for a number that no sheet has, Conflict as `mark`, NotFound.
    """
    if number is not None and not 0 <= number <= MOST_PEOPLE:
        raise InvalidInput("number-out-of-range", where="sheet_count", least=0, most=MOST_PEOPLE)
    with transaction() as session:
        act = begin(session, event_id, position, now=now, by=0)
        before = {"session": None, "sheet_count": act.here.sheet_count}
        if before["sheet_count"] == number:
            return
        act.here.sheet_count = number
        after = {"session": position, "sheet_count": number}
        record(session, "sheet_counted", event_subject(act.event), now=now, before=before, after=after)


def _check_walk_in(draft: WalkIn) -> None:
    if draft.group in SENSITIVE_GROUPS:
        if draft.name or draft.email or draft.organisation:
            raise InvalidInput("sensitive-name", where="group")
        return
    if not draft.name:
        raise InvalidInput("walk-in-name", where="name")
    if draft.email and not EMAIL.fullmatch(draft.email):
        raise InvalidInput("email-malformed", where="email")
    for where in ("name", "organisation"):
        if len(getattr(draft, where)) > LONGEST_TEXT:
            raise InvalidInput("text-too-long", where=where, limit=LONGEST_TEXT)


def _find(session: Session, event_id: int, email: str) -> Participation | None:
    if not email:
        return None
    mine = Participation.event_id == event_id, Participation.participant == participant_key(email)
    return session.scalar(select(Participation).where(*mine))


def _add(session: Session, event_id: int, draft: WalkIn, now: datetime) -> Participation:
    key = draft.code if draft.group in SENSITIVE_GROUPS else draft.email or f"{WALK_IN}{secrets.token_hex(6)}"
    stated = ParticipationDraft(
        key, draft.group, draft.name, draft.organisation, draft.country, status=ParticipationStatus.ABSENT
    )
    participant = add_participation(event_id, stated, now=now)
    mine = Participation.event_id == event_id, Participation.participant == participant
    return session.scalars(select(Participation).where(*mine)).one()
