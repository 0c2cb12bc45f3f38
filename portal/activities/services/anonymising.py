"""Making rows of people anonymous, with everything that hangs on them, in the caller's transaction."""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.activities import registration_mails as mails
from portal.activities.models import Certificate, Event, Participation, Registration
from portal.activities.rules.links import NONCE
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.retention import ANONYMOUS, EMPTY_PAGE
from portal.activities.services.certificates import drop_certificates
from portal.activities.services.events import touch
from portal.activities.services.trail import event_subject
from portal.audit.services import record
from portal.core.db import among, forget_after_commit
from portal.core.files.rules import PDF
from portal.core.files.services import KeptUpload, add_rows, forget, keep_made
from portal.imports.services.changes import forget_values
from portal.jobs.services.outbox import drop_mails

HEX_BYTES: Final = 8
IMPORTS: Final = "participations"
NAMING: Final = ("name", "organisation")


class Named(NamedTuple):
    """A row that is to name nobody any more; `keeps_code`: its code names nobody and stays."""

    id: int
    event_id: int
    participant: str
    status: str
    keeps_code: bool = False


class Outcome(NamedTuple):
    """How many rows of people have been made anonymous, at how many events."""

    people: int
    events: int


def take_names_out(
    session: Session, events: Mapping[int, Event], rows: Sequence[Named], *, action: str, now: datetime
) -> Outcome:
    """Take out of the rows what names people; the caller holds their `events` (id -> event).

    Their personal links die, mails to them that wait are dropped, and where the rows came from an import it cannot be
    undone any more. The audit keeps of each event how many people they were.
    """
    ids = [row.id for row in rows]
    if not ids:
        return Outcome(0, 0)
    _clear_rows(session, rows, now)
    _clear_registrations(session, ids)
    _replace_certificates(session, ids, now)
    forget_values(session, IMPORTS, ids, NAMING)
    drop_mails(session, mails.KINDS, "registration", ids)
    people = Counter(row.event_id for row in rows)
    for event_id in sorted(people):
        touch(events[event_id], now)
        record(session, action, event_subject(events[event_id]), now=now, after={"people": people[event_id]})
    session.flush()
    forget_after_commit(session)
    return Outcome(len(ids), len(people))


def forget_contacts(session: Session, event_id: int, row_ids: Collection[int], *, address: str = "") -> None:
    """Take out what registration, mails, imports and certificates keep of these people of one event.

    They are recorded as convicted persons or family members by now, whose rows name nobody. `address` is the e-mail by
    which they were known: mails to people whom they had registered do not go there any more either.
    """
    lent: Sequence[int] = []
    if "@" in address:
        theirs = Registration.event_id == event_id, Registration.email == address
        lent = session.scalars(select(Registration.participation_id).where(*theirs)).all()
        session.execute(update(Registration).where(among(Registration.participation_id, lent)).values(email=""))
    _clear_registrations(session, row_ids)
    forget_values(session, IMPORTS, row_ids, NAMING)
    drop_mails(session, mails.KINDS, "registration", {*row_ids, *lent})
    drop_certificates(session, row_ids)
    forget_after_commit(session)


def _clear_rows(session: Session, rows: Sequence[Named], now: datetime) -> None:
    codes = {row.participant: _new_code() for row in rows if row.status == ParticipationStatus.ATTENDED}
    cleared = [{"id": row.id, "participant": _code_for(row, codes), "name": "", "organisation": ""} for row in rows]
    marks = {"anonymised_at": now, "import_id": None}
    session.flush()
    session.execute(update(Participation), [{**each, **marks} for each in cleared])


def _code_for(row: Named, codes: Mapping[str, str]) -> str:
    if row.keeps_code:
        return row.participant
    return codes[row.participant] if row.status == ParticipationStatus.ATTENDED else _new_code()


def _new_code() -> str:
    return ANONYMOUS + secrets.token_hex(HEX_BYTES)


def _clear_registrations(session: Session, ids: Collection[int]) -> None:
    """Take address and answers out; a new nonce shuts the personal page to whoever has its address."""
    mine = session.scalars(select(Registration.participation_id).where(among(Registration.participation_id, ids))).all()
    cleared = [
        {"participation_id": id_, "email": "", "answers": {}, "nonce": secrets.token_hex(NONCE // 2)} for id_ in mine
    ]
    if cleared:
        session.execute(update(Registration), cleared)


def _replace_certificates(session: Session, ids: Collection[int], now: datetime) -> None:
    """Take the names out, an empty page standing for each file; what else was certified is still found by the code."""
    mine = session.scalars(select(Certificate).where(among(Certificate.participation_id, ids))).all()
    if not mine:
        return
    page = keep_made(EMPTY_PAGE, PDF.media_type, now=now)
    add_rows(session, [KeptUpload("empty.pdf", page)], now=now)
    gone = {certificate.sha256 for certificate in mine} - {page.sha256}
    for certificate in mine:
        certificate.sha256, certificate.name = page.sha256, ""
    session.flush()
    for sha256 in sorted(gone):
        forget(session, sha256)
