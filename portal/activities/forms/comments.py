"""Forms of questions and answers."""

from flask_babel import lazy_gettext as _l

from portal.activities.labels import QUESTION_STATES
from portal.activities.rules.comments import LONGEST_COMMENT
from portal.core.forms import ChoiceField, Form, ParagraphsField, at_most, required


class QuestionForm(Form):
    """A question about an event or an activity."""

    text = ParagraphsField(_l("Your question"), [required(), at_most(LONGEST_COMMENT)], render_kw={"rows": 6})


class AnswerForm(Form):
    """An answer to a question."""

    text = ParagraphsField(_l("Your answer"), [required(), at_most(LONGEST_COMMENT)], render_kw={"rows": 6})


class SettleForm(Form):
    """The one press that calls a question done or opens it again."""

    wanted = ChoiceField(_l("Status"), choices=QUESTION_STATES.items())


class RemoveCommentForm(Form):
    """The one press that takes a comment away."""
