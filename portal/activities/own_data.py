"""All that a project keeps of one person, as a document and as a workbook for that person."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.activities.labels import PARTICIPATION_STATUSES
from portal.activities.models import Participation
from portal.activities.queries.own_data import Answer, KeptPlace
from portal.core.tables import Cell, Column, Sheet, write_xlsx
from portal.core.web.formats import show_country
from portal.core.web.language import speaking, text_in
from portal.projects.labels import AGE_BANDS, GENDERS, GROUPS


def own_data_json(code: str, address: str, places: Sequence[KeptPlace], *, now: datetime) -> str:
    """What is kept as a JSON document over several lines; instants are ISO texts in UTC."""
    document = {
        "project": code,
        "email": address,
        "as_of": now.isoformat(),
        "places": [_place(each) for each in places],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _place(place: KeptPlace) -> dict[str, Any]:
    event, row = place.event, place.row
    facts = {name: getattr(row, name) for name in ("participant", "name", "organisation", "country", "group")}
    certificate = place.certificate
    return {
        "event": {"ref": event.ref, "title": event.title, "day": event.counting_date.isoformat()},
        **facts,
        "gender": row.gender,
        "age_band": row.age_band,
        "status": row.status,
        "registration": _registration(place),
        "answers": [{"question": each.question, "answer": each.answer} for each in place.answers],
        "seen": [
            {
                "session": each.session,
                "present": each.is_present,
                "minutes": each.minutes,
                "at": each.marked_at.isoformat(),
            }
            for each in place.seen
        ],
        "certificate": certificate
        and {
            "code": certificate.code,
            "name": certificate.name,
            "minutes": certificate.minutes,
            "issued_at": certificate.issued_at.isoformat(),
        },
    }


def _registration(place: KeptPlace) -> dict[str, Any] | None:
    row, consent = place.registration, place.consent
    if row is None or consent is None:
        return None
    moments = ("registered_at", "confirmed_at", "answer_until", "ended_at", "reminded_at")
    return {
        "place": row.place,
        "email": row.email,
        "language": row.language,
        "consent": {"version": consent.version, "text": consent.text},
        "companions": place.companions,
        **{name: _iso(getattr(row, name)) for name in moments},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def own_data_workbook(address: str, places: Sequence[KeptPlace], language: str) -> bytes:
    """What is kept as an XLSX workbook in `language`; times as the clocks of the event show them."""
    with speaking(language):
        return write_xlsx(
            [
                Sheet(_("Events"), _columns(), map(_row, places)),
                Sheet(
                    _("Answers"),
                    [Column(_("Reference"), 12), Column(_("Question"), 50), Column(_("Answer"), 60)],
                    _answers(places),
                ),
                Sheet(_("Attendance"), _seen_columns(), _seen(places)),
                Sheet(_("Notes"), [Column(_("Notes"), 100)], ([note] for note in _notes(address, places))),
            ]
        )


def _columns() -> list[Column]:
    widths = {
        _("Reference"): 12,
        _("Event"): 40,
        _("Day"): 12,
        _("E-mail or code"): 30,
        _("Name"): 26,
        _("Institution"): 30,
        _("Country"): 14,
        _("Group"): 20,
        _("Gender"): 12,
        _("Age"): 12,
        _("Attendance"): 18,
        _("E-mail"): 30,
        _("Place in the order of arrival"): 12,
        _("Registered on"): 18,
        _("Confirmed on"): 18,
        _("Ended on"): 18,
        _("People registered with this person"): 14,
        _("Version of the consent"): 12,
        _("Consent"): 60,
        _("Code of the certificate"): 30,
    }
    return [Column(header, width) for header, width in widths.items()]


def _row(place: KeptPlace) -> list[Cell]:
    event, row, zone = place.event, place.row, ZoneInfo(place.event.time_zone)
    facts: list[Cell] = [
        event.ref,
        text_in(event.title),
        event.counting_date,
        row.participant,
        row.name,
        row.organisation,
        show_country(row.country) if row.country else "",
        str(GROUPS[row.group]),
        str(GENDERS[row.gender]),
        str(AGE_BANDS[row.age_band]),
        str(PARTICIPATION_STATUSES[row.status]),
    ]
    code = place.certificate.code if place.certificate else ""
    if place.registration is None or place.consent is None:
        return [*facts, *[None] * 8, code]
    mine, consent = place.registration, place.consent
    moments = [each and each.astimezone(zone) for each in (mine.registered_at, mine.confirmed_at, mine.ended_at)]
    return [*facts, mine.email, mine.place, *moments, place.companions, consent.version, text_in(consent.text), code]


def _answers(places: Sequence[KeptPlace]) -> Iterator[list[Cell]]:
    for place in places:
        for each in place.answers:
            yield [place.event.ref, text_in(each.question), answer_text(each)]


def answer_text(answer: Answer) -> str:
    """What was answered, in the language of the moment."""
    return answer.answer if isinstance(answer.answer, str) else text_in(answer.answer)


def told_of(row: Participation) -> str:
    """Group, gender and age of the person as far as they are known, in the language of the moment; '' if none is."""
    known = ((GROUPS, row.group), (GENDERS, row.gender), (AGE_BANDS, row.age_band))
    return ", ".join(str(labels[value]) for labels, value in known if value != "unknown")


def _seen_columns() -> list[Column]:
    return [
        Column(_("Reference"), 12),
        Column(_("Session"), 18),
        Column(_("Present"), 10),
        Column(_("Minutes"), 10),
        Column(_("Entered"), 18),
    ]


def _seen(places: Sequence[KeptPlace]) -> Iterator[list[Cell]]:
    for place in places:
        zone = ZoneInfo(place.event.time_zone)
        for each in place.seen:
            present = _("yes") if each.is_present else _("no")
            moments = each.starts_at.astimezone(zone), each.marked_at.astimezone(zone)
            yield [place.event.ref, moments[0], present, each.minutes, moments[1]]


def _notes(address: str, places: Sequence[KeptPlace]) -> Iterator[str]:
    yield _("All that the project keeps of the person with the e-mail %(address)s.", address=address)
    yield _("Times are those of the clocks where the event takes place.")
    if any(each.consent and not each.consent.text for each in places):
        yield _(
            "Where the text of the consent is empty, the organiser has replaced it since; only its version is kept."
        )
    yield _("Files that prove an event, such as a signed attendance list, are not in this workbook: ask the organiser.")
