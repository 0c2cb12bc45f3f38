"""Forms of exclusions."""

from flask_babel import lazy_gettext as _l

from portal.core.forms import Form, ParagraphsField, at_most, required
from portal.projects.rules.reasons import LONGEST_REASON


class ExcludeForm(Form):
    """Why an event does not count towards a row."""

    reason = ParagraphsField(_l("Why it does not count"), [required(), at_most(LONGEST_REASON)], render_kw={"rows": 4})


class IncludeForm(Form):
    """The one press that lets an event count again."""
