"""The forms of sections, scales and groups, and of what a questionnaire says of itself."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.core.forms import (
    CheckboxesField,
    ChoiceField,
    ParagraphsField,
    RadioChoiceField,
    TextField,
    WholeNumberField,
    at_most,
    chosen,
    offered,
    required,
)
from portal.core.web.language import LANGUAGES
from portal.surveys.forms.drafts import DraftForm, lines_of, written
from portal.surveys.labels import CODE_ELEMENTS, PAIRING_METHODS
from portal.surveys.rules.documents import (
    BY_CODE,
    LIKERT,
    NOT_PAIRED,
    NUMBER,
    Group,
    Instrument,
    Pairing,
    Scale,
    Section,
)
from portal.surveys.rules.editing import (
    GROUPS,
    LONGEST_TEXT,
    SCALES,
    SECTIONS,
    find_part,
    put_part,
    read_choices,
)
from portal.surveys.rules.outdated import Renamed
from portal.surveys.rules.places import LONGEST_KEY
from portal.surveys.rules.translating import in_languages, put_text

LONGEST_TITLE = 300


class PartForm(DraftForm):
    """A part with a key and a text."""

    text = TextField(_l("Title"), [at_most(LONGEST_TITLE)])
    key = TextField(_l("Key"), [required(), at_most(LONGEST_KEY)])

    name = ""
    old_key = ""

    @property
    def place(self) -> str:
        """The part's own."""
        return f"{self.name}.{self.key.data}"

    @property
    def renames(self) -> tuple[Renamed, ...]:
        """The part, where its key is another one now."""
        return (Renamed(self.name, self.old_key, self.key.data or ""),) if self.old_key else ()

    def offer(self, instrument: Instrument) -> None:
        """Fill the lists of choices."""

    def part(self, instrument: Instrument) -> Any:
        """The part that the form states."""
        raise NotImplementedError

    def texts(self, instrument: Instrument, old: Mapping[str, str]) -> Mapping[str, str]:
        """The text that was typed, beside those in other languages."""
        return put_text(old, instrument.languages[0], self.text.data or "")

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with the part."""
        return put_part(instrument, self.name, self.part(instrument), key=self.old_key)


class SectionForm(PartForm):
    """Items that stand on one screen."""

    is_random = BooleanField(_l("Ask its questions in an order of chance"))

    name = SECTIONS

    def part(self, instrument: Instrument) -> Section:
        """The section."""
        old = find_part(instrument, SECTIONS, self.old_key) if self.old_key else Section("")
        return Section(self.key.data or "", self.texts(instrument, old.title), bool(self.is_random.data))


class ScaleForm(PartForm):
    """Items whose answers are averaged."""

    items = CheckboxesField(_l("Questions of the scale"), [chosen])
    reverse = CheckboxesField(_l("Reversed questions"))
    answered_percent = WholeNumberField(
        _l("Least share of its questions that somebody must answer, in per cent"), [required()], least=1, most=100
    )

    name = SCALES

    def offer(self, instrument: Instrument) -> None:
        """Offer the items that have a scale of numbers."""
        measured = [each for each in instrument.items if each.kind in (LIKERT, NUMBER)]
        choices = [(each.key, f"{each.key}: {written(instrument, each.text)}") for each in measured]
        self.items.choices, self.reverse.choices = offered(choices), offered(choices)

    def validate_reverse(self, field: Field) -> None:
        """Only what belongs to the scale is reversed."""
        if set(field.data or ()) - set(self.items.data or ()):
            raise ValidationError(_("Only questions of the scale can be reversed. Choose them above, too."))

    def part(self, instrument: Instrument) -> Scale:
        """The scale."""
        old = find_part(instrument, SCALES, self.old_key) if self.old_key else Scale("", ())
        return Scale(
            key=self.key.data or "",
            items=tuple(self.items.data or ()),
            title=self.texts(instrument, old.title),
            reverse=tuple(self.reverse.data or ()),
            min_answered=(Decimal(self.answered_percent.data or 0) / 100).normalize(),
        )


class GroupForm(PartForm):
    """What divides people, and its levels."""

    text = TextField(_l("Question"), [at_most(LONGEST_TITLE)])
    levels = ParagraphsField(_l("Answers to choose from"), [required(), at_most(20_000)], render_kw={"rows": 6})
    is_required = BooleanField(_l("Must be answered"))

    name = GROUPS

    def part(self, instrument: Instrument) -> Group:
        """The group."""
        old = find_part(instrument, GROUPS, self.old_key) if self.old_key else Group("", ())
        language = instrument.languages[0]
        levels = read_choices(lines_of(self.levels.data), old=old.levels, language=language, where="levels")
        return Group(self.key.data or "", levels, self.texts(instrument, old.text), bool(self.is_required.data))


class FactsForm(DraftForm):
    """Title, consent, note and languages."""

    title = TextField(_l("Title"), [required(), at_most(LONGEST_TITLE)])
    consent = ParagraphsField(_l("Consent"), [at_most(LONGEST_TEXT)], render_kw={"rows": 6})
    note = ParagraphsField(_l("Note for readers of the results"), [at_most(LONGEST_TEXT)], render_kw={"rows": 3})
    first = ChoiceField(_l("Language in which it is written"), [required()], choices=LANGUAGES.items())
    languages = CheckboxesField(_l("Languages"), [chosen], choices=offered(LANGUAGES.items()))

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with these texts; its texts in languages that it no longer has are gone.

        What stays as it is written in the language before takes the place of no text in the new one.
        """
        first, before = self.first.data or "", instrument.languages[0]
        languages = (first, *(each for each in self.languages.data or () if each != first))
        texts: dict[str, Any] = {}
        for name in TEXTS:
            old, typed = getattr(instrument, name), self[name].data or ""
            texts[name] = old if first != before and typed == old.get(before, "") else put_text(old, first, typed)
        return in_languages(instrument._replace(**texts), languages)


class PairingForm(DraftForm):
    """How answers of the same person are found again."""

    method = RadioChoiceField(
        _l("How answers of the same person in two waves are found"), choices=PAIRING_METHODS.items()
    )
    elements = CheckboxesField(_l("Elements of the code"), choices=offered(CODE_ELEMENTS.items()))
    require = WholeNumberField(_l("How many of them must agree"), most=len(CODE_ELEMENTS))

    def validate_elements(self, field: Field) -> None:
        """A code has elements."""
        if self.method.data == BY_CODE and not field.data:
            raise ValidationError(_("Choose at least one."))

    def validate_require(self, field: WholeNumberField) -> None:
        """As many can agree as there are; where there are none yet, that is said of them alone."""
        most = len(self.elements.data or ())
        if self.method.data == BY_CODE and most and not 1 <= (field.data or 0) <= most:
            raise ValidationError(_("Enter a number from %(least)s to %(most)s.", least=1, most=most))

    def changed(self, instrument: Instrument) -> Instrument:
        """The questionnaire with this pairing; elements belong to a code only."""
        if self.method.data != BY_CODE:
            return instrument._replace(pairing=Pairing(self.method.data or NOT_PAIRED))
        return instrument._replace(
            pairing=Pairing(BY_CODE, tuple(self.elements.data or ()), self.require.data or 0),
        )


TEXTS = ("title", "consent", "note")
PART_FORMS: Mapping[str, type[PartForm]] = {each.name: each for each in (SectionForm, ScaleForm, GroupForm)}
"""Name of the part → its form."""


def facts_values(instrument: Instrument, version: int) -> dict[str, Any]:
    """What the form of the facts shows at first."""
    texts = {name: written(instrument, getattr(instrument, name)) for name in TEXTS}
    languages = list(instrument.languages)
    return {**texts, "first": languages[0], "languages": languages, "version": version}


def pairing_values(instrument: Instrument, version: int) -> dict[str, Any]:
    """What the form of the pairing shows at first."""
    method, elements, require = instrument.pairing
    return {"method": method, "elements": list(elements), "require": require or None, "version": version}


def part_values(name: str, part: Any, instrument: Instrument, version: int) -> dict[str, Any]:
    """What the form of a stored part shows at first."""
    return {"key": part.key, **_VALUES[name](part, instrument), "version": version}


def new_part_values(name: str, version: int) -> dict[str, Any]:
    """What the form of a new part shows at first."""
    return {"answered_percent": 80, "version": version} if name == SCALES else {"version": version}


def _section_values(section: Section, instrument: Instrument) -> dict[str, Any]:
    return {"text": written(instrument, section.title), "is_random": section.is_random}


def _scale_values(scale: Scale, instrument: Instrument) -> dict[str, Any]:
    return {
        "text": written(instrument, scale.title),
        "items": list(scale.items),
        "reverse": list(scale.reverse),
        "answered_percent": int(scale.min_answered * 100),
    }


def _group_values(group: Group, instrument: Instrument) -> dict[str, Any]:
    levels = [f"{each.key} = {written(instrument, each.text)}" for each in group.levels]
    return {"text": written(instrument, group.text), "levels": "\n".join(levels), "is_required": group.is_required}


_VALUES: Mapping[str, Callable[[Any, Instrument], dict[str, Any]]] = {
    SECTIONS: _section_values,
    SCALES: _scale_values,
    GROUPS: _group_values,
}
