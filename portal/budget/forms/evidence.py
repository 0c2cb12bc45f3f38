"""The forms that attach files to items of expenditure: to one, or to those that the files are named by."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from portal.budget.labels import ITEM_EVIDENCE_KINDS
from portal.budget.rules.evidence import MOST_AT_ONCE, first_kind
from portal.budget.services.evidence import Sorted, sort_files
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.files.archives import ARCHIVE_ENDING, is_archive
from portal.core.files.checking import check_uploads
from portal.core.files.forms import FilesChosen, FilesField
from portal.core.files.rules import ENDINGS
from portal.core.files.services import KeptUpload, keep_uploads
from portal.core.forms import ChoiceField, Form, offer, required
from portal.core.web.language import text_in
from portal.projects.models import Organisation


class ItemEvidenceForm(Form):
    """Files of one kind, chosen or photographed."""

    kind = ChoiceField(_l("What it is"), [required()], choices=ITEM_EVIDENCE_KINDS.items())
    files = FilesField(_l("Files"), render_kw={"accept": ",".join(ENDINGS)})
    photo = FilesField(
        _l("Photo from the camera"), widget=FileInput(), render_kw={"accept": "image/*", "capture": "environment"}
    )

    kept: Sequence[KeptUpload] = ()

    def validate_files(self, field: FilesField) -> None:
        """At least one file is chosen or photographed."""
        if not (field.uploads or self.photo.uploads):
            raise ValidationError(_("Choose at least one file."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is filled in, and every file is one that can be kept: then they lie in the store."""
        complete: bool = super().validate(extra_validators)
        uploads = [*self.files.uploads, *self.photo.uploads]
        try:
            if not complete:
                # What is wrong with the files is said together with what is wrong elsewhere.
                check_uploads(uploads)
                return False
            self.kept = keep_uploads(uploads, now=clock.now())
        except InvalidInput as refusal:
            self.answer_status = refusal.status if complete else InvalidInput.status
            self.show_problems(refusal)
            return False
        return True


class BulkForm(Form):
    """Many files of an organisation, named by the references of its items; or a ZIP of them."""

    organisation = ChoiceField(_l("Organisation"), [required()])
    files = FilesField(
        _l("Files"), [FilesChosen()], most=MOST_AT_ONCE, render_kw={"accept": ",".join((ARCHIVE_ENDING, *ENDINGS))}
    )

    project_code = ""
    sorted: Sequence[Sorted] = ()

    def offer(self, project_code: str, organisations: Iterable[Organisation]) -> None:
        """Fill the list of organisations, which is none where there is only one."""
        self.project_code = project_code
        named = [(each.key, text_in(each.name)) for each in organisations]
        offer(self.organisation, named if len(named) == 1 else [("", _("Choose an organisation")), *named])

    def validate_files(self, field: FilesField) -> None:
        """At most one of the files is a ZIP."""
        if sum(is_archive(each.name) for each in field.uploads) > 1:
            raise ValidationError(_("Choose one ZIP at a time."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the files can be looked at: then those that fit an item lie in the store."""
        if not super().validate(extra_validators):
            return False
        try:
            self.sorted = sort_files(self.project_code, self.organisation.data, self.files.uploads, now=clock.now())
        except InvalidInput as refusal:
            self.answer_status = refusal.status
            self.show_problems(refusal)
            return False
        return True


class RemoveEvidenceForm(Form):
    """The confirmation that a file is taken off an item."""


def item_evidence_form(category: str) -> ItemEvidenceForm:
    """The form for an item of this category."""
    return ItemEvidenceForm(data={"kind": first_kind(category)})
