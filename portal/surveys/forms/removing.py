"""The forms that move and remove parts of a questionnaire."""

from typing import Self

from portal.surveys.forms.drafts import DraftForm
from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.editing import moved_part, without_part


class RemovePartForm(DraftForm):
    """The confirmation that a part goes."""

    name = ""
    old_key = ""

    def of(self, name: str, key: str) -> Self:
        """The form, about this part."""
        self.name, self.old_key = name, key
        return self

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire without the part."""
        return without_part(instrument, self.name, self.old_key)


class MovePartForm(RemovePartForm):
    """A press on one of a list's arrows."""

    is_up = False

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with the part one place further up or down."""
        return moved_part(instrument, self.name, self.old_key, is_up=self.is_up)
