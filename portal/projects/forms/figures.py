"""The form of a figure entered by hand."""

from datetime import date
from typing import Any, ClassVar, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import FileInput

from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.files.checking import check_uploads
from portal.core.files.forms import FilesField
from portal.core.files.rules import ENDINGS
from portal.core.files.services import KeptUpload, keep_uploads
from portal.core.forms import DayField, Form, ParagraphsField, VersionField, WholeNumberField, at_most, required
from portal.projects.models import ManualFigure
from portal.projects.rules.figures import LARGEST_FIGURE, FigureDraft
from portal.projects.rules.reasons import LONGEST_REASON


class Numbered:
    """Refuses a number that is not filled in; 0 is one."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: PlainForm, field: Field) -> None:
        """Leave what was unreadable to the field's own message."""
        if field.process_errors:
            raise StopValidation
        if field.data is None:
            raise StopValidation(_("Fill this in."))


class FigureForm(Form):
    """A day, a number, a reason, and the file that proves them."""

    day = DayField(_l("Day"), [required()])
    number = WholeNumberField(_l("Number"), [Numbered()], most=LARGEST_FIGURE)
    reason = ParagraphsField(_l("Reason"), [required(), at_most(LONGEST_REASON)], render_kw={"rows": 4})
    files = FilesField(_l("Evidence"), widget=FileInput(), render_kw={"accept": ",".join(ENDINGS)})
    version = VersionField()

    kept: KeptUpload | None = None

    def draft(self) -> FigureDraft:
        """What the form states, once it is found complete."""
        return FigureDraft(cast(date, self.day.data), self.number.data or 0, self.reason.data or "")

    @property
    def is_file_lost(self) -> bool:
        """Whether the form is shown again without the file that was sent with it: browsers do not send it twice."""
        return bool(self.errors) and bool(self.files.uploads)

    def validate_files(self, field: FilesField) -> None:
        """One file proves one figure."""
        if len(field.uploads) > 1:
            raise ValidationError(_("Choose one file."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is filled in and the file is one that can be kept: then it lies in the store."""
        complete: bool = super().validate(extra_validators)
        uploads = self.files.uploads
        try:
            if not complete:
                # What is wrong with the file is said together with what is wrong elsewhere.
                check_uploads(uploads)
                return False
            self.kept = next(iter(keep_uploads(uploads, now=clock.now())), None) if uploads else None
        except InvalidInput as refusal:
            self.answer_status = refusal.status if complete else InvalidInput.status
            self.show_problems(refusal)
            return False
        return True


class FigureRemoveForm(Form):
    """The confirmation that a figure goes: the one the page showed."""

    version = VersionField()


def figure_values(figure: ManualFigure) -> dict[str, Any]:
    """What the form of a stored figure shows at first; also what a stale form is compared with."""
    return {name: getattr(figure, name) for name in ("day", "number", "reason", "version")}
