"""Fields that take files."""

from typing import Any, BinaryIO, ClassVar, cast

from flask_babel import gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from portal.core.files.checking import Upload
from portal.core.files.rules import MOST_FILES


class FilesField(MultipleFileField):
    """Up to twenty files at once, or `most`; their content is looked at when they are kept."""

    def __init__(self, label: Any = None, validators: Any = None, most: int = MOST_FILES, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.most = most

    def pre_validate(self, form: PlainForm) -> None:
        """Refuse more files than are taken at once."""
        if len(self.uploads) > self.most:
            raise ValidationError(_("Choose at most %(most)s files at once.", most=self.most))

    @property
    def uploads(self) -> list[Upload]:
        """The files that were sent, in order."""
        return [Upload(each.filename or "", cast(BinaryIO, each.stream), self.name) for each in self.data or ()]


class FilesChosen:
    """Refuses a field in which no file is chosen."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: PlainForm, field: FilesField) -> None:
        """Raise ValidationError where none is."""
        if not field.uploads:
            raise ValidationError(_("Choose at least one file."))
