"""The poster by which people find the registration page of an event."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from portal.activities.models import Event
from portal.core.web.formats import show_country, show_local_time
from portal.core.web.language import speaking, text_in
from portal.projects.models import Project
from portal.reports.documents.frame import frame, qr_code
from portal.reports.documents.typesetting import typeset
from portal.reports.spans import show_span


def poster_pdf(
    project: Project, event: Event, languages: Sequence[str], address: str, *, closes_at: datetime, now: datetime
) -> bytes:
    """The poster in these languages, with the address as words and as a QR code."""
    around = frame(project, languages, title=lambda: _("Registration"), is_example=event.is_example, public=True)
    sides = [_side(event, language, closes_at) for language in languages]
    return typeset(
        "poster", {**around, "poster": {"sides": sides, "address": address, "qr": qr_code(address)}}, now=now
    )


def _side(event: Event, language: str, closes_at: datetime) -> dict[str, str]:
    """What stands on the poster in one language."""
    with speaking(language):
        closing = f"{show_local_time(closes_at, event.time_zone)} ({event.time_zone})"
        return {
            "invitation": _("Register here:"),
            "event": text_in(event.title),
            "when": f"{show_span(event.starts_at, event.ends_at, event.time_zone)} ({event.time_zone})",
            "place": ", ".join(filter(None, (event.place, show_country(event.country)))),
            "until": _("Registration is open until %(moment)s.", moment=closing),
        }
