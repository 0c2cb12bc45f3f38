"""Sentences and names that several pages say alike, in the language of the moment."""

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.activities.queries.sessions import SessionRow
from portal.core.web.language import text_in


def session_name(row: SessionRow) -> str:
    """What a session is called: its title, or its number."""
    if row.title:
        return text_in(row.title)
    name = _("Session %(number)s", number=row.position) if row.is_own else _("Day %(number)s", number=row.position)
    return str(name)


def difference(entered: int, sheet_count: int | None) -> str:
    """Whether as many people are entered as the paper sheet has signatures, and what to look for if not."""
    if sheet_count is None:
        return str(_("Count the signatures on the paper sheet and enter their number below."))
    if entered == sheet_count:
        return str(_("Both agree."))
    if entered < sheet_count:
        text = ngettext(
            "%(num)s signature is not entered yet.", "%(num)s signatures are not entered yet.", sheet_count - entered
        )
        return str(text)
    return str(
        ngettext(
            "%(num)s person more is entered than the sheet has signatures. Look for a tick in the wrong row.",
            "%(num)s people more are entered than the sheet has signatures. Look for ticks in wrong rows.",
            entered - sheet_count,
        )
    )
