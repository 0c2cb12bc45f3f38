"""The forms of the fieldwork log."""

from datetime import date
from typing import Any, cast

from flask_babel import lazy_gettext as _l

from portal.core.forms import (
    DayField,
    Form,
    ParagraphsField,
    TextField,
    VersionField,
    WholeNumberField,
    at_most,
    required,
)
from portal.surveys.queries.fieldwork import NoteRow, draft_of
from portal.surveys.rules.fieldwork import LONGEST_PLACE, LONGEST_TEXT, MOST_FORMS, NoteDraft, version_of


class NoteForm(Form):
    """A day in the field."""

    day = DayField(_l("Day"), [required()])
    place = TextField(_l("Place"), [required(), at_most(LONGEST_PLACE)])
    handed_out = WholeNumberField(_l("Forms handed out"), most=MOST_FORMS)
    returned = WholeNumberField(_l("Forms returned"), most=MOST_FORMS)
    text = ParagraphsField(_l("What was done"), [at_most(LONGEST_TEXT)], render_kw={"rows": 4})

    def draft(self) -> NoteDraft:
        """What the form states, once it is found complete."""
        day = cast(date, self.day.data)
        handed_out, returned = self.handed_out.data or 0, self.returned.data or 0
        return NoteDraft(day, self.place.data or "", self.text.data or "", handed_out, returned)


class NoteEditForm(NoteForm):
    """A day in the field that is in the log already."""

    version = VersionField()


class NoteRemoveForm(Form):
    """The confirmation that a note goes."""

    version = VersionField()


def note_values(note: NoteRow) -> dict[str, Any]:
    """What the form of a stored note shows at first; also what a stale form is compared with."""
    draft = draft_of(note)
    return {**draft._asdict(), "version": version_of(draft)}
