"""The mails to those who registered. The outbox holds which registration it is; the rest is read at sending.

Nothing in them says who the people are, what they answered or as whom they come.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from portal.activities.models import Event, Participation, Registration, RegistrationDesk
from portal.activities.queries.places import count_open, place_in_queue
from portal.activities.rules.links import mailed_secret, personal_secret
from portal.activities.rules.participants import ParticipationStatus
from portal.core.db import db
from portal.core.web.formats import show_country, show_local_time
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

KINDS = (SEAT, QUEUE, OFFER, CONFIRMED, CANCELLED, LAPSED, LINK, MOVED, CALLED_OFF, REMINDER)


def register() -> None:
    """Make the mails of registration known to the outbox."""
    for kind in KINDS:
        mail.register(kind, f"emails/activities/{kind}.txt", read=read_registration)


def read_registration(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the mail says of the registration and its event, in the language of the moment.

    Raise LookupError if the person has gone or has registered anew since.
    """
    row = db.session.get(Registration, values["registration"])
    if row is None or row.nonce != values["nonce"]:
        raise LookupError("the registration that this mail is about has gone")
    event = db.session.get_one(Event, row.event_id)
    desk = db.session.get_one(RegistrationDesk, row.event_id)
    waits = db.session.get_one(Participation, row.participation_id).status == ParticipationStatus.WAITLISTED
    return {
        "title": text_in(event.title),
        "times": _times(event),
        "venue": ", ".join(filter(None, (event.place, show_country(event.country)))),
        "people": count_open(row.leader_id) if row.leader_id == row.participation_id else 1,
        "until": _moment(row.answer_until, event) if row.answer_until else "",
        "queue_place": place_in_queue(row.event_id, row.place) if waits else 0,
        "path": personal_path(desk.token, row.nonce),
        "register_path": f"/register/{desk.token}",
    }


def personal_path(token: str, nonce: str) -> str:
    """The address of a person's own page as mails give it: with what shows that the mail was read."""
    key = current_app.config["SECRET_KEY"]
    return f"/register/{token}/{personal_secret(key, nonce)}?key={mailed_secret(key, nonce)}"


def _times(event: Event) -> str:
    """10 March 2026, 10:00 – 16:00 (Europe/Vilnius); an event of several days has two days in it."""
    zone = ZoneInfo(event.time_zone)
    starts, ends = (moment.astimezone(zone) for moment in (event.starts_at, event.ends_at))
    is_one_day = starts.date() == ends.date()
    end = f"{ends:%H:%M}" if is_one_day else show_local_time(event.ends_at, event.time_zone)
    return f"{show_local_time(event.starts_at, event.time_zone)} – {end} ({event.time_zone})"


def _moment(instant: datetime, event: Event) -> str:
    return f"{show_local_time(instant, event.time_zone)} ({event.time_zone})"
