"""The mails to those who registered. The outbox holds which registration it is; the rest is read at sending.

Nothing in them says who the people are, what they answered or as whom they come.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.queries.places import count_open, place_in_queue
from portal.activities.rules.links import mailed_secret, personal_secret
from portal.activities.rules.participants import ParticipationStatus
from portal.activities.rules.registrations import ENDED, LISTED, SEATED
from portal.core.db import db
from portal.core.web.formats import show_country, show_local_time, show_times
from portal.core.web.language import text_in
from portal.jobs import mail

SEAT = "registration_seat"
QUEUE = "registration_queue"
OFFER = "registration_offer"
CONFIRMED = "registration_confirmed"
CANCELLED = "registration_cancelled"
LAPSED = "registration_lapsed"
LINK = "registration_link"
MOVED = "event_moved"
CALLED_OFF = "event_called_off"
REMINDER = "event_reminder"

# Each kind of mail, and of which statuses what it says is true. Who registered others is told also that one of them
# has no place any more.
TRUE_OF: Mapping[str, frozenset[ParticipationStatus]] = {
    SEAT: frozenset({ParticipationStatus.UNCONFIRMED}),
    QUEUE: frozenset({ParticipationStatus.WAITLISTED}),
    OFFER: frozenset({ParticipationStatus.OFFERED}),
    CONFIRMED: SEATED | {ParticipationStatus.REGISTERED},
    CANCELLED: frozenset(ParticipationStatus),
    LAPSED: frozenset({ParticipationStatus.EXPIRED}),
    LINK: LISTED | SEATED,
    MOVED: LISTED | SEATED,
    CALLED_OFF: LISTED | SEATED,
    REMINDER: frozenset({ParticipationStatus.REGISTERED}),
}
KINDS = tuple(TRUE_OF)


def register() -> None:
    """Make the mails of registration known to the outbox."""
    for kind in KINDS:
        mail.register(kind, f"emails/activities/{kind}.txt", read=partial(read_registration, kind))


def read_registration(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a mail of this kind says of the registration and its event, in the language of the moment.

    Raise Outdated if the person has gone, has registered anew or has by now another place than the mail is about.
    """
    row = db.session.get(Registration, values["registration"])
    if row is None or row.nonce != values["nonce"]:
        raise mail.Outdated("the registration that this mail is about has gone")
    status = db.session.get_one(Participation, row.participation_id).status
    if status not in TRUE_OF[kind]:
        raise mail.Outdated("the place that this mail is about has become another")
    event = db.session.get_one(Event, row.event_id)
    desk = db.session.get_one(RegistrationDesk, row.event_id)
    return {
        "title": text_in(event.title),
        "times": show_times(event.starts_at, event.ends_at, event.time_zone),
        "venue": ", ".join(filter(None, (event.place, show_country(event.country)))),
        "people": count_open(row.leader_id) if row.leader_id == row.participation_id else int(status not in ENDED),
        "until": _moment(row.answer_until, event) if row.answer_until else "",
        "queue_place": place_in_queue(row.event_id, row.place) if status == ParticipationStatus.WAITLISTED else 0,
        "path": personal_path(desk.token, row.nonce, row.language),
        "register_path": f"/register/{desk.token}?lang={row.language}",
    }


def personal_path(token: str, nonce: str, language: str) -> str:
    """The address of a person's own page as mails give it: in their language, and with what shows that they read it."""
    key = current_app.config["SECRET_KEY"]
    return f"/register/{token}/{personal_secret(key, nonce)}?key={mailed_secret(key, nonce)}&lang={language}"


def _moment(instant: datetime, event: Event) -> str:
    return f"{show_local_time(instant, event.time_zone)} ({event.time_zone})"
