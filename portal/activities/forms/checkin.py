"""The form of the helpers' page: a button for each person."""

from wtforms import HiddenField

from portal.activities.forms.marking import row_number
from portal.core.forms import Form


class CheckinForm(Form):
    """Which button was pressed: the one that marks the row of this number, or the one that undoes that."""

    mark = HiddenField()
    undo = HiddenField()

    @property
    def is_present(self) -> bool:
        """Whether the person is marked as there."""
        return not self.undo.data

    @property
    def row(self) -> int:
        """The number of the person's row; 0, which nobody has, where none can be read."""
        return row_number(self.undo.data or self.mark.data or "") or 0
