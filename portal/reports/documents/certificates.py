"""Certificates of attendance: one page for each person, in one language or in two side by side."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _

from portal.activities.models import Event
from portal.activities.rules.sessions import local_day
from portal.core.web.formats import show_country, show_date
from portal.core.web.language import speaking, text_in
from portal.projects.models import Project
from portal.reports.documents.frame import beside, frame, in_each, qr_code
from portal.reports.documents.typesetting import typeset_each
from portal.reports.spans import show_days, show_duration


class Attested(NamedTuple):
    """What a certificate says of one person; `address` is where it can be checked."""

    name: str
    minutes: int
    of_minutes: int
    code: str
    address: str


def certificate_pdfs(
    project: Project, event: Event, attested: Iterable[Attested], languages: Sequence[str], *, now: datetime
) -> Iterator[bytes]:
    """The certificates as PDF, one after the other, issued at `now`."""
    around = frame(project, languages, title=_title, is_example=event.is_example, public=True)
    words = {
        "titles": in_each(languages, _title),
        "participant": beside(languages, lambda: _("Participant")),
        "checking": in_each(languages, lambda: _("Whether this certificate is genuine can be checked at:")),
        "signature": in_each(languages, lambda: _("Signature of the organiser")),
    }
    contents = (
        {**around, "certificate": {**words, **_of_one(project, event, each, languages, now)}} for each in attested
    )
    return typeset_each("certificates", contents, now=now)


def _of_one(
    project: Project, event: Event, attested: Attested, languages: Sequence[str], now: datetime
) -> dict[str, object]:
    return {
        "name": attested.name,
        "sides": [_side(project, event, attested, language, now) for language in languages],
        "code": attested.code,
        "address": attested.address,
        "qr": qr_code(attested.address, quickly=True),
    }


def _title() -> str:
    return str(_("Certificate of attendance"))


def _side(project: Project, event: Event, attested: Attested, language: str, now: datetime) -> list[list[str]]:
    """What one language says of the event."""
    with speaking(language):
        hours = show_duration(attested.minutes)
        if attested.minutes < attested.of_minutes:
            hours = _("%(part)s of %(whole)s", part=hours, whole=show_duration(attested.of_minutes))
        return [
            [_("Event"), text_in(event.title)],
            [_("When and where"), f"{show_days(event)}, {_place(event)}"],
            [_("Time attended"), hours],
            [_("Organisers"), "; ".join(text_in(each.name) for each in event.organisers)],
            [_("Project"), f"{project.code} {text_in(project.title)}"],
            [_("Issued"), show_date(local_day(now, project.time_zone))],
        ]


def _place(event: Event) -> str:
    return ", ".join(filter(None, (event.place, show_country(event.country))))
