"""The forms with which a survey begins, is published, and gets a new version."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.widgets import FileInput

from portal.core.errors import InvalidInput
from portal.core.files.forms import FilesChosen, FilesField
from portal.core.forms import CheckboxesField, ChoiceField, TextField, at_most, chosen, offer, offered, required
from portal.core.web.language import LANGUAGES
from portal.surveys.forms.drafts import DraftForm, written
from portal.surveys.labels import PLACES
from portal.surveys.rules.documents import Instrument, Item
from portal.surveys.rules.instrument_files import StudyFile, begins_study, read_study_file, read_toml
from portal.surveys.rules.places import LONGEST_KEY

PREFIX = "item-"


class StarterForm(DraftForm):
    """The key of a survey that begins with the starter questionnaire."""

    key = TextField(_l("Key"), [required(), at_most(LONGEST_KEY)])


class EmptyForm(DraftForm):
    """The title, the key and the languages of a survey that begins with nothing."""

    title = TextField(_l("Title"), [required(), at_most(300)])
    key = TextField(_l("Key"), [required(), at_most(LONGEST_KEY)])
    first = ChoiceField(_l("Language in which it is written"), [required()], choices=LANGUAGES.items())
    languages = CheckboxesField(_l("Languages"), [chosen], choices=offered(LANGUAGES.items()))

    def instrument(self) -> Instrument:
        """A questionnaire with its title and nothing else."""
        first = self.first.data or ""
        languages = (first, *(each for each in self.languages.data or () if each != first))
        return Instrument(languages=languages, title={first: self.title.data or ""}, consent={})


class FileForm(DraftForm):
    """A questionnaire's file."""

    file = FilesField(_l("File"), [FilesChosen()], most=1, widget=FileInput(), render_kw={"accept": ".toml"})

    def study(self, code: str) -> StudyFile:
        """What the file states; raise InvalidInput for what is empty or cannot be read, or is another project's."""
        upload = self.file.uploads[0]
        # It was read already, to tell whether it comes a second time.
        upload.stream.seek(0)
        content = upload.stream.read()
        if not content.strip():
            raise InvalidInput("upload-empty", where="file", name=upload.name)
        self.tables = _stated(content, upload.name)
        found = read_study_file(self.tables)
        if found.project != code:
            raise InvalidInput("study-other-project", where="file", stated=found.project, code=code)
        return found

    def field_at(self, where: str) -> Field | None:
        """The field of the file for what is wrong with it as a whole; all else stands in the file."""
        return self.file if where == "file" else None


class MappingForm(DraftForm):
    """Which question measures what one of the version before did."""

    @property
    def mapping(self) -> dict[str, str]:
        """Key of an item before → its key now; '' where nothing measures it any more."""
        return {field.name.removeprefix(PREFIX): field.data or "" for field in self if field.name.startswith(PREFIX)}

    def field_at(self, where: str) -> Field | None:
        """The field of the item of the version before."""
        return self._fields.get(PREFIX + where.removeprefix("mapping."))


def mapping_form(before: Sequence[Item], instrument: Instrument, values: Mapping[str, Any]) -> MappingForm:
    """The form with a list for each item of the version before."""
    fields = {
        PREFIX + each.key: ChoiceField(str(PLACES["item"]) % {"number": number, "key": each.key}, default="")
        for number, each in enumerate(before, start=1)
    }
    form: MappingForm = type("Mapping", (MappingForm,), fields)(data=values)
    items = [(each.key, f"{each.key}: {written(instrument, each.text)}"[:100]) for each in instrument.items]
    for name in fields:
        offer(form[name], [("", _("Nothing any more")), *items])
    return form


def mapping_values(before: Sequence[Item], mapping: Mapping[str, str], version: int) -> dict[str, Any]:
    """What the form shows at first; an item that the mapping does not name measures nothing any more."""
    return {**{PREFIX + each.key: mapping.get(each.key, "") for each in before}, "version": version}


def _stated(content: bytes, name: str) -> dict[str, Any]:
    """What the file states; what was never meant to be a questionnaire is refused as such."""
    try:
        return read_toml(content, name=name)
    except InvalidInput as error:
        if error.problem.code == "file-not-toml" and not begins_study(content):
            raise InvalidInput("survey-file-other", where="file", name=name) from error
        raise
