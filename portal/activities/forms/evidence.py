"""The form that attaches files to an event."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from portal.activities.labels import EVIDENCE_KINDS
from portal.activities.rules.evidence import attendance_kind
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.files.checking import check_uploads
from portal.core.files.forms import FilesField
from portal.core.files.rules import ENDINGS
from portal.core.files.services import KeptUpload, keep_uploads
from portal.core.forms import CheckboxesField, ChoiceField, Form, offer, required

NO_NAMES = "none"


class EvidenceForm(Form):
    """Files of one kind, chosen or photographed; on events with sensitive groups nobody's name may be legible."""

    kind = ChoiceField(_l("What it is"), [required()])
    files = FilesField(_l("Files"), render_kw={"accept": ",".join(ENDINGS)})
    photo = FilesField(
        _l("Photo from the camera"), widget=FileInput(), render_kw={"accept": "image/*", "capture": "environment"}
    )
    no_names = CheckboxesField(_l("Names"))

    sensitive = False
    kept: Sequence[KeptUpload] = ()

    def offer(self, *, sensitive: bool) -> None:
        """Fill the list of kinds: no list of names where convicted persons or their families were there."""
        self.sensitive = sensitive
        offer(
            self.kind,
            [(key, each) for key, each in EVIDENCE_KINDS.items() if not (sensitive and key == "attendance_list")],
        )
        offer(self.no_names, [(NO_NAMES, _("No name of a convicted person or family member is legible."))])

    def validate_files(self, field: FilesField) -> None:
        """At least one file is chosen or photographed."""
        if not (field.uploads or self.photo.uploads):
            raise ValidationError(_("Choose at least one file."))

    def validate_no_names(self, field: CheckboxesField) -> None:
        """Where it matters, someone has made sure that nobody is named."""
        if self.sensitive and not field.data:
            raise ValidationError(_("Make sure that nobody's name can be read, and confirm it here."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is filled in, and every file is one that can be kept: then they lie in the store."""
        complete: bool = super().validate(extra_validators)
        uploads = [*self.files.uploads, *self.photo.uploads]
        try:
            if not complete:
                # What is wrong with the files is said together with what is wrong elsewhere.
                check_uploads(uploads)
                return False
            self.kept = keep_uploads(uploads, now=clock.now(), share=self.kind.data == "photos")
        except InvalidInput as refusal:
            self.answer_status = refusal.status if complete else InvalidInput.status
            self.show_problems(refusal)
            return False
        return True


def evidence_form(*, sensitive: bool, wanted: str) -> EvidenceForm:
    """The form for an event; `wanted` is the kind chosen at first, the proof of attendance where it is none."""
    form = EvidenceForm(data={"kind": wanted if wanted in EVIDENCE_KINDS else attendance_kind(sensitive=sensitive)})
    form.offer(sensitive=sensitive)
    return form
