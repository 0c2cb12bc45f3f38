"""The form by which two records of one organisation are merged."""

from wtforms import HiddenField

from portal.projects.forms.structure import ChangeForm
from portal.reports.queries.merging import Merge


class MergeForm(ChangeForm):
    """What was shown, and why what is agreed changes."""

    seen = HiddenField()

    def reopen(self, merge: Merge) -> None:
        """Let the form be sent over what its page shows now."""
        self.seen.data, self.seen.raw_data = merge.seal, None
        self.version.reopen(merge.project.version)
        for field in (self.reason, self.valid_from):
            field.flags.required = merge.needs_reason
