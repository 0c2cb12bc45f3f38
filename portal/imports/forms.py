"""The forms of imports: a file to bring or rows to paste, and buttons before which a file is checked."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from portal.core.errors import Conflict, InvalidInput
from portal.core.files.checking import Upload
from portal.core.files.forms import FilesField
from portal.core.forms import DayField, Form, ParagraphsField, TextField, offer, required
from portal.core.tables.problems import RowProblem
from portal.imports import pasting
from portal.imports.kinds import ImportKind
from portal.imports.options import Offer
from portal.imports.pasting import FaultyRow, Rows, Untaken
from portal.imports.services.bringing import Brought
from portal.imports.services.checking import Checked

# What was said beside the file, and the file -> what was found in it.
Check = Callable[[Mapping[str, str], Upload], Brought]


class OneFile:
    """Refuses a field of files in which there is not exactly one."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: PlainForm, field: FilesField) -> None:
        """Raise ValidationError unless exactly one file was sent."""
        if not field.uploads:
            raise ValidationError(_("Choose a file."))
        if len(field.uploads) > 1:
            raise ValidationError(_("Choose one file at a time."))


class BringForm(Form):
    """Rows of one kind with what is said beside them; they are kept, and checked if they are few, before the
    transaction that lists them.
    """

    offers: ClassVar[Sequence[Offer]] = ()

    check: Check
    brought: Brought

    @property
    def option_fields(self) -> list[tuple[Field, Any]]:
        """The fields of what is to be said, each with its explanation."""
        asked = {each.option.name: each.option.explanation for each in self.offers if not each.only}
        return [(self[name], explanation) for name, explanation in asked.items()]

    @property
    def decided(self) -> list[tuple[Any, Any]]:
        """What is not asked, as there is no choice: (label, value) pairs."""
        return [(each.option.label, each.only[1]) for each in self.offers if each.only]

    def bring(self, upload: Upload) -> bool:
        """Whether the file is one that can be read; what is wrong with it, or with what was said, is shown."""
        stated = {field.name: str(field.data or "") for field, _explanation in self.option_fields}
        try:
            self.brought = self.check(stated, upload)
        except InvalidInput as refusal:
            self.answer_status = refusal.status
            self.show_problems(refusal)
            return False
        return True


class UploadForm(BringForm):
    """A file of one kind."""

    file = FilesField(_l("File"), [OneFile()], widget=FileInput())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the file is there and is one that can be read; then it lies in the store."""
        return super().validate(extra_validators) and self.bring(self.file.uploads[0])


class PastedField(TextAreaField):
    """Rows as they were pasted: nothing of them is tidied."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text, with one sign for a line break."""
        self.data = pasting.tidied(valuelist[0] if valuelist else "")


class PasteForm(BringForm):
    """Rows of one kind as text. Where rows have errors, `faulty` are those, to be mended cell by cell."""

    text = PastedField(_l("Rows"), [required()], render_kw={"rows": 14, "wrap": "off", "spellcheck": "false"})
    is_headless = BooleanField(_l("The first row holds no names"))
    # The text to which the boxes of the page belong, and what those held when they were shown.
    basis = HiddenField()
    shown = HiddenField()

    columns: ClassVar[Sequence[str]] = ()

    faulty: Sequence[FaultyRow] = ()
    problems: Sequence[RowProblem] = ()
    # What was typed in boxes that no longer belong to the text.
    untaken: Sequence[Untaken] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the rows can be stored; then they lie in the store as a file. What was mended is in the text."""
        if not super().validate(extra_validators):
            return False
        if len(self.text.data.encode()) > pasting.MOST_BYTES:
            most = pasting.MOST_BYTES // 1000
            self.text.errors = [_("This is more than %(most)s kB. Save it as a file and upload that.", most=most)]
            return False
        rows = self._mended()
        if self.untaken:
            self.text.errors = [
                _(
                    "The text was changed, so the boxes were not taken: what was typed in them stands below. Write it "
                    "into the text where it is still needed, then check the rows again."
                )
            ]
            return False
        if rows[:1] != [list(self.columns)] and not pasting.has_names(rows, self.columns):
            self.text.errors = [_("The first row names none of the columns. Add the names, or tick the box below.")]
            return False
        upload = Upload(pasting.FILE_NAME, io.BytesIO(pasting.write_file(rows)), "text")
        if not self.bring(upload):
            return False
        checked = self.brought.checked
        return checked is None or not checked.plan.errors or self._show_faults(rows, checked)

    def _mended(self) -> Rows:
        """The rows with what was typed in their boxes, under the names of their columns."""
        text, is_headless = self.text.data, self.is_headless.data
        rows = pasting.read_pasted(text, self.columns)
        if is_headless:
            rows = [list(self.columns), *rows]
        mending = pasting.read_mending(request.form)
        if mending == pasting.NOTHING:
            return rows
        if self.basis.data != pasting.fingerprint(text, is_headless=is_headless):
            self.untaken = pasting.list_untaken(mending, self.shown.data or "")
            return rows
        rows = pasting.mend(rows, mending, self.columns)
        self.text.data = pasting.write_pasted(rows[1:] if is_headless else rows)
        return rows

    def _show_faults(self, rows: Rows, checked: Checked) -> bool:
        """Note which rows are to be mended, and for which text; there is nothing to bring."""
        self.problems = checked.plan.problems
        self.faulty = pasting.list_faulty(rows, self.problems, self.columns)
        self.basis.data = pasting.fingerprint(self.text.data, is_headless=self.is_headless.data)
        self.shown.data = pasting.write_shown(self.faulty)
        return False


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


def upload_form(kind: ImportKind, offers: Sequence[Offer], said: Mapping[str, str], check: Check) -> UploadForm:
    """The form for a file of this kind; `said` is what its options say at first."""
    form: UploadForm = _with_options(UploadForm, offers)(data=_first(offers, said))
    form.file.render_kw = {"accept": ",".join(kind.endings)}
    _offer_choices(form)
    form.check = check
    return form


def paste_form(columns: Sequence[str], offers: Sequence[Offer], said: Mapping[str, str], check: Check) -> PasteForm:
    """The form for rows in these columns; `said` is what the options say at first."""
    form: PasteForm = _with_options(PasteForm, offers, columns=tuple(columns))(data=_first(offers, said))
    _offer_choices(form)
    form.check = check
    return form


def store_form(prepare: Callable[[], Checked | None]) -> StoreForm:
    """The form of the button that imports."""
    form = StoreForm()
    form.prepare = prepare
    return form


def _with_options(form: type[BringForm], offers: Sequence[Offer], **more: Any) -> Any:
    fields = {each.option.name: _field(each) for each in offers if not each.only}
    return type(f"{form.__name__}WithOptions", (form,), {**fields, **more, "offers": offers})


def _field(each: Offer) -> Field:
    option = each.option
    validators = [required()] if option.is_required else []
    if each.choices is None and option.form == "paragraphs":
        return ParagraphsField(option.label, validators, render_kw={"rows": 3})
    if each.choices is None:
        return (DayField if option.form == "day" else TextField)(option.label, validators)
    # Whether it is one of those offered, and whether it is the person's to choose, is looked at with the file.
    return SelectField(option.label, validators, validate_choice=False)


def _first(offers: Sequence[Offer], said: Mapping[str, str]) -> dict[str, Any]:
    return {each.option.name: _said_first(each, said.get(each.option.name, "")) for each in offers}


def _said_first(each: Offer, said: str) -> Any:
    """What a field holds before anything is typed; nothing where a day of the address is none."""
    if each.option.form != "day":
        return said
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _offer_choices(form: BringForm) -> None:
    for each in form.offers:
        if each.choices is not None and not each.only:
            offer(form[each.option.name], [("", _("Choose one")), *each.choices])
