"""Forms of the progress of activities and deliverables."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.forms import ChoiceField, DayField, Form, ParagraphsField, VersionField, at_most, required
from portal.projects.labels import ACTIVITY_STATUSES
from portal.projects.models import Activity, Deliverable
from portal.projects.rules.progress import ActivityProgress, DeliverableProgress


class ActivityProgressForm(Form):
    """How far an activity is."""

    status = ChoiceField(_l("Status"), [required()], choices=ACTIVITY_STATUSES.items())
    actual_first_day = DayField(_l("Began on"))
    actual_last_day = DayField(_l("Ended on"))
    note = ParagraphsField(_l("Note"), [at_most(2000)], render_kw={"rows": 5})
    version = VersionField()

    def progress(self) -> ActivityProgress:
        """What the form says of the activity."""
        return ActivityProgress(
            self.status.data or "", self.actual_first_day.data, self.actual_last_day.data, self.note.data or ""
        )


class DeliverableProgressForm(Form):
    """When a deliverable was handed over."""

    delivered_day = DayField(_l("Delivered on"))
    note = ParagraphsField(_l("Note"), [at_most(2000)], render_kw={"rows": 5})
    version = VersionField()

    def progress(self) -> DeliverableProgress:
        """What the form says of the deliverable."""
        return DeliverableProgress(self.delivered_day.data, self.note.data or "")


def activity_values(activity: Activity, version: int) -> dict[str, Any]:
    """What an activity's form shows at first; `version` is the project's."""
    return {
        "status": activity.status,
        "actual_first_day": activity.actual_first_day,
        "actual_last_day": activity.actual_last_day,
        "note": activity.note,
        "version": version,
    }


def deliverable_values(deliverable: Deliverable, version: int) -> dict[str, Any]:
    """What a deliverable's form shows at first; `version` is the project's."""
    return {"delivered_day": deliverable.delivered_day, "note": deliverable.note, "version": version}
