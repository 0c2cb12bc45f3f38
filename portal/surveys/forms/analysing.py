"""The form that asks for an analysis."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.core.forms import Form


class AnalyseForm(Form):
    """What is asked: once more, also where the new results would tell of few people."""

    despite_few = BooleanField(_l("Make the results anew all the same; the reports of before are withdrawn"))
