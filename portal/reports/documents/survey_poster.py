"""The poster by which people find a survey on their phones."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from portal.core.web.formats import show_date
from portal.core.web.language import speaking, text_in
from portal.projects.models import Project
from portal.reports.documents.frame import frame, qr_code
from portal.reports.documents.typesetting import typeset
from portal.surveys.rules.documents import Texts


def survey_poster_pdf(
    project: Project, title: Texts, languages: Sequence[str], address: str, *, last_day: date | None, now: datetime
) -> bytes:
    """The poster in these languages, with the address as words and as a QR code; `last_day` if the survey has one."""
    around = frame(project, languages, title=lambda: _("Survey"), public=True)
    sides = [_side(title, language, last_day) for language in languages]
    poster = {"sides": sides, "address": address, "qr": qr_code(address)}
    return typeset("survey_poster", {**around, "poster": poster}, now=now)


def _side(title: Texts, language: str, last_day: date | None) -> dict[str, str]:
    """What stands on the poster in one language."""
    with speaking(language):
        return {
            "invitation": _("Tell us what you think:"),
            "title": text_in(title, language),
            "promise": _("Nobody can know who answered what."),
            "until": _("You can answer until %(day)s.", day=show_date(last_day)) if last_day else "",
        }
