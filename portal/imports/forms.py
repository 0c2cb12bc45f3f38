"""The forms of imports: a file to bring, and buttons before which a file is checked."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from portal.core.errors import Conflict, InvalidInput
from portal.core.files.checking import Upload
from portal.core.files.forms import FilesField
from portal.core.files.rules import TABLE_ENDINGS
from portal.core.forms import Form, RadioChoiceField, offer, required
from portal.imports.kinds import ImportKind
from portal.imports.services.bringing import Brought
from portal.imports.services.checking import Checked


class OneFile:
    """Refuses a field of files in which there is not exactly one."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: PlainForm, field: FilesField) -> None:
        """Raise ValidationError unless exactly one file was sent."""
        if not field.uploads:
            raise ValidationError(_("Choose a file."))
        if len(field.uploads) > 1:
            raise ValidationError(_("Choose one file at a time."))


class UploadForm(Form):
    """A file of one kind; it is kept, and checked if it is short, before the transaction that lists it."""

    kind = RadioChoiceField(_l("What the file holds"), [required()])
    file = FilesField(_l("File"), [OneFile()], widget=FileInput(), render_kw={"accept": ",".join(TABLE_ENDINGS)})

    check: Callable[[str, Upload], Brought]
    brought: Brought

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the kind and the file are there and the file is one that can be read; then it lies in the store."""
        if not super().validate(extra_validators):
            return False
        try:
            self.brought = self.check(self.kind.data, self.file.uploads[0])
        except InvalidInput as refusal:
            self.answer_status = refusal.status
            self.show_problems(refusal)
            return False
        return True


class StoreForm(Form):
    """A press of the button that imports; what the file would change is looked at before the transaction."""

    prepare: Callable[[], Checked | None]
    checked: Checked | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the file could be looked at once more."""
        if not super().validate(extra_validators):
            return False
        try:
            self.checked = self.prepare()
        except (InvalidInput, Conflict) as refusal:
            self.answer_status = refusal.status
            self.show_problems(refusal)
            return False
        return True


def upload_form(kinds: Sequence[ImportKind], wanted: str, check: Callable[[str, Upload], Brought]) -> UploadForm:
    """The form for files of these kinds; `wanted` is the one chosen at first, the first where it is none."""
    names = [each.name for each in kinds]
    form = UploadForm(data={"kind": wanted if wanted in names else next(iter(names), "")})
    offer(form.kind, [(each.name, each.label) for each in kinds])
    form.check = check
    return form


def store_form(prepare: Callable[[], Checked | None]) -> StoreForm:
    """The form of the button that imports."""
    form = StoreForm()
    form.prepare = prepare
    return form
