"""Fields that take files."""

from typing import BinaryIO, cast

from flask_babel import gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from portal.core.files.checking import Upload
from portal.core.files.rules import MOST_FILES


class FilesField(MultipleFileField):
    """Up to twenty files at once; their content is looked at when they are kept."""

    def pre_validate(self, form: PlainForm) -> None:
        """Refuse more files than are taken at once."""
        if len(self.uploads) > MOST_FILES:
            raise ValidationError(_("Choose at most %(most)s files at once.", most=MOST_FILES))

    @property
    def uploads(self) -> list[Upload]:
        """The files that were sent, in order."""
        return [Upload(each.filename or "", cast(BinaryIO, each.stream), self.name) for each in self.data or ()]
