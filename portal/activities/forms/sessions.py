"""Forms of an event's sessions."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from portal.activities.queries.sessions import SessionRow
from portal.activities.rules.sessions import SessionDraft
from portal.core.forms import Form, LocalMomentField, TextField, VersionField, at_most, required
from portal.core.web.language import LANGUAGES


class SessionForm(Form):
    """When a session is, and what it is called where it has a name."""

    starts = LocalMomentField(_l("Session starts"), [required()])
    ends = LocalMomentField(_l("Session ends"), [required()])
    title_en = TextField(_l("Title in English"), [at_most(200)])
    title_lt = TextField(_l("Title in Lithuanian"), [at_most(200)])
    title_pl = TextField(_l("Title in Polish"), [at_most(200)])
    version = VersionField()

    def draft(self) -> SessionDraft:
        """What the form says of the session."""
        titles = {language: self[f"title_{language}"].data or "" for language in LANGUAGES}
        return SessionDraft(titles, self.starts.moment, self.ends.moment)


class SessionsForm(Form):
    """One press that removes a session, or lets the event's days be its sessions again."""

    version = VersionField()


def session_values(row: SessionRow, zone: str, version: int) -> dict[str, Any]:
    """What the form of a session shows at first; `version` is the event's, `zone` the one whose clocks people read."""
    starts, ends = (moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in (row.starts_at, row.ends_at))
    titles = {f"title_{language}": row.title.get(language, "") for language in LANGUAGES}
    return {**titles, "starts": starts, "ends": ends, "version": version}
