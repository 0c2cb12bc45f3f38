"""The form of the helpers' page: a button for each person."""

from wtforms import HiddenField

from portal.activities.forms.marking import NOBODY, PersonRef, read_ref
from portal.activities.services.marking import Mark
from portal.core.forms import Form


class CheckinForm(Form):
    """Which button was pressed: the one that marks this person, or the one that undoes that."""

    mark = HiddenField()
    undo = HiddenField()

    @property
    def ref(self) -> PersonRef:
        """Which person is meant; nobody where none can be read."""
        return read_ref(self.undo.data or self.mark.data or "") or NOBODY

    @property
    def stated(self) -> Mark:
        """What is said of the person."""
        return Mark(self.ref.row, is_present=not self.undo.data, tag=self.ref.tag)
