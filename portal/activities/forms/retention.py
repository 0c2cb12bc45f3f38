"""Forms of how long names are kept, and of one person's data."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField

from portal.activities.queries.retention import kept_days
from portal.activities.rules.participants import LONGEST_EMAIL
from portal.activities.rules.retention import MOST_DAYS
from portal.core.forms import Form, VersionField, WholeNumberField, at_most, required
from portal.projects.forms.figures import Numbered


class KeptDaysForm(Form):
    """How many days names are kept."""

    unattended_days = WholeNumberField(
        _l("Days after the event, for those who did not attend"), [Numbered()], most=MOST_DAYS
    )
    attended_days = WholeNumberField(_l("Days after the project's last day, for those who attended"), most=MOST_DAYS)
    version = VersionField()


class AnonymiseForm(Form):
    """The press that takes names out."""


class PersonForm(Form):
    """Whose data is looked up, by what they are known by; it is sent, so that no address gets into an address."""

    email = EmailField(_l("E-mail"), [required(), at_most(LONGEST_EMAIL)], render_kw={"autocomplete": "off"})
    # What is done once the person is found: the kind of file, or that what takes the names out is meant.
    shape = HiddenField()
    confirmed = HiddenField()


def kept_days_values(code: str) -> dict[str, Any]:
    """What the form shows at first; also what a stale form is compared with."""
    kept = kept_days(code)
    return {"unattended_days": kept.unattended_days, "attended_days": kept.attended_days, "version": kept.version}
