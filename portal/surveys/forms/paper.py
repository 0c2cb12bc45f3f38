"""The forms of paper sheets: what stands on one, and which of two typings is right."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation

from portal.core.errors import Conflict, Problem
from portal.core.forms import (
    CheckboxesField,
    ChoiceField,
    Form,
    ParagraphsField,
    RadioChoiceField,
    TextField,
    VersionField,
    at_most,
    offer,
    required,
)
from portal.core.sentences import sentence
from portal.core.web.language import speaking
from portal.surveys.labels import CODE_ELEMENTS, MISSING_ANSWERS
from portal.surveys.naming import with_minus
from portal.surveys.queries.paper import SheetRow
from portal.surveys.rules.answers import LONGEST_TEXT, written_values
from portal.surveys.rules.codes import LONGEST_TYPED, NUMBERS
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, SINGLE, TEXT, Choice, Instrument, Item, Texts
from portal.surveys.rules.paper import (
    ANSWER,
    ELEMENT,
    FIRST,
    GROUP,
    SECOND,
    PaperDraft,
    Place,
    list_differences,
    places_of,
    value_at,
)
from portal.surveys.rules.responses import LONGEST_RESPONDENT, RESPONDENT, WRITTEN_MISSING
from portal.surveys.rules.showing import number_items, ordered_screens

Options = Sequence[tuple[str, str]]

CONSENT = "consent"
OTHER_VERSION = Problem("paper-other-version")


class Part(NamedTuple):
    """What stands together on the paper, in the form's order, under a title ('': none)."""

    title: str
    fields: Sequence[Field]


class Agreed:
    """Refuses a form whose consent is not ticked."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: PlainForm, field: Field) -> None:
        """Say what becomes of a form without consent."""
        if not field.data:
            raise StopValidation(
                _("Tick this if the consent is given on the paper. Set a form without it aside, and do not type it in.")
            )


class TypingForm(Form):
    """A paper form as it stands; that its consent is given is asked for and not kept."""

    content_hash = HiddenField()

    instrument: ClassVar[Instrument]
    language: ClassVar[str]
    shown_hash: ClassVar[str]

    def draft(self) -> PaperDraft:
        """What was typed."""
        answers = {item.key: self._texts(item) for item in self.instrument.items}
        groups = {group.key: self[Place(GROUP, group.key).name].data or "" for group in self.instrument.groups}
        respondent = (self[RESPONDENT].data or "") if RESPONDENT in self else ""
        return PaperDraft(answers, groups, _elements(self), respondent)

    @property
    def parts(self) -> list[Part]:
        """The fields as they stand on the paper: what is asked of the person first, then section by section."""
        asked = self.instrument
        about = [self[place.name] for place in places_of(asked) if place.kind != ANSWER]
        parts = [Part("", about)]
        for screen in ordered_screens(asked):
            parts.append(Part(_say(screen.title, self.language), [self[_name(item)] for item in screen.items]))
        return [part for part in parts if part.fields]

    def reopen(self) -> None:
        """Let a refused form be sent again that was opened on other questions than it shows now; it says so first."""
        if self.answer_status == 200 or self.content_hash.data == self.shown_hash:
            return
        self.answer_status, said = Conflict.status, sentence(OTHER_VERSION)
        if said not in self.form_errors:
            self.form_errors.insert(0, said)
        self.content_hash.data = self.shown_hash

    def _texts(self, item: Item) -> list[str]:
        data = self[_name(item)].data
        if isinstance(data, list):
            return data
        text = data or ""
        return [WRITTEN_MISSING.get(text.casefold(), text)] if item.kind in (NUMBER, TEXT) else [text]


class SettleForm(Form):
    """Which typing is right at each difference."""

    version = VersionField()

    instrument: ClassVar[Instrument]
    names: ClassVar[Sequence[str]] = ()

    def chosen(self) -> dict[str, str]:
        """The typing chosen for each difference, by the name of its place."""
        return {name: self[name].data or "" for name in self.names if isinstance(self[name], RadioChoiceField)}

    def elements(self) -> dict[str, str]:
        """The elements of the code that were typed once more."""
        return _elements(self)

    @property
    def fields(self) -> list[Field]:
        """The fields of the differences, in the order of the paper."""
        return [self[name] for name in self.names]


class RemoveSheetForm(Form):
    """The confirmation that what was typed goes."""

    version = VersionField()


def typing_form(instrument: Instrument, language: str, content_hash: str) -> TypingForm:
    """The form for a paper in this language, which knows by its hash what it asks."""
    fields = {place.name: _typed_field(instrument, place, language) for place in places_of(instrument)}
    if any(instrument.consent.values()):
        fields[CONSENT] = BooleanField(_("The consent on the form is given"), [Agreed()])
    facts = {"instrument": instrument, "language": language, "shown_hash": content_hash}
    form: TypingForm = type("PaperForm", (TypingForm,), {**fields, **facts})(data={"content_hash": content_hash})
    for group in instrument.groups:
        levels = _words(group.levels, language)
        offer(form[Place(GROUP, group.key).name], [("", _("Not answered")), *levels])
    for item in instrument.items:
        if item.kind in (LIKERT, SINGLE):
            offer(form[_name(item)], [("", _("Not answered")), *_options(item, language)])
        elif item.kind == MULTIPLE:
            offer(form[_name(item)], _options(item, language))
    return form


def settle_form(instrument: Instrument, sheet: SheetRow) -> SettleForm:
    """The form of the differences between the sheet's typings."""
    typings = (sheet.first, sheet.second or {})
    places = list_differences(instrument, *typings)
    names = [place.name for place in places]
    fields: dict[str, Any] = {}
    for place in places:
        label = _label(instrument, place, sheet.language)
        if place.kind == ELEMENT:
            fields[place.name] = _element(label, place.key)
        else:
            fields[place.name] = RadioChoiceField(label, [required()])
    made = type("DifferencesForm", (SettleForm,), {**fields, "instrument": instrument, "names": names})
    form: SettleForm = made(data={"version": sheet.version})
    for place in places:
        if place.kind != ELEMENT:
            first, second = (
                _shown(instrument, place, value_at(typed, place, instrument), sheet.language) for typed in typings
            )
            said = [
                (FIRST, _("First typing: %(answer)s", answer=first)),
                (SECOND, _("Second typing: %(answer)s", answer=second)),
            ]
            offer(form[place.name], said)
    return form


def _typed_field(instrument: Instrument, place: Place, language: str) -> Any:
    label = _label(instrument, place, language)
    keys = {"autocomplete": "off"}
    if place.kind == RESPONDENT:
        return TextField(label, [at_most(LONGEST_RESPONDENT)], render_kw=keys)
    if place.kind == ELEMENT:
        return _element(label, place.key)
    if place.kind == GROUP:
        return ChoiceField(label)
    kinds: Mapping[str, Callable[[], Any]] = {
        MULTIPLE: lambda: CheckboxesField(label),
        NUMBER: lambda: TextField(label, [at_most(LONGEST_RESPONDENT)], render_kw=keys),
        TEXT: lambda: ParagraphsField(label, [at_most(LONGEST_TEXT)], render_kw={"rows": 3}),
    }
    return kinds.get(instrument.item(place.key).kind, lambda: ChoiceField(label))()


def _element(label: str, key: str) -> Any:
    """The box of an element of the code; what may stand in it is the rules' to say."""
    box = {"autocomplete": "off", "maxlength": LONGEST_TYPED}
    return TextField(label, render_kw={**box, "inputmode": "numeric"} if key in NUMBERS else box)


def _label(instrument: Instrument, place: Place, language: str) -> str:
    if place.kind == RESPONDENT:
        return str(_("Number of the respondent"))
    if place.kind == ELEMENT:
        with speaking(language):
            return str(CODE_ELEMENTS.get(place.key, place.key))
    if place.kind == GROUP:
        return _say({group.key: group.text for group in instrument.groups}[place.key], language) or place.key
    return f"{number_items(instrument)[place.key]}. {_say(instrument.item(place.key).text, language) or place.key}"


def _options(item: Item, language: str) -> list[tuple[str, str]]:
    """What can be chosen, the typed missing values last."""
    found = _words(item.choices, language)
    if item.kind == LIKERT:
        steps = [str(step) for step in range(int(item.least or 0), int(item.most or 0) + 1)]
        said = [_say(label, language) for label in item.labels] or [""] * len(steps)
        numbers = [with_minus(step) for step in steps]
        shown = zip(steps, numbers, said, strict=False)
        found = [(step, f"{number} – {words}" if words else number) for step, number, words in shown]
    nones = _nones(language)
    return [*found, *nones] if item.may_refuse else found


def _shown(instrument: Instrument, place: Place, value: Any, language: str) -> str:
    """What was typed at the place, in the words of the paper."""
    if value in (None, ""):
        return str(_("Not answered"))
    words = dict(_nones(language))
    if place.kind == GROUP:
        levels = {group.key: group.levels for group in instrument.groups}[place.key]
        words = dict(_words(levels, language))
    elif place.kind == ANSWER:
        words |= dict(_options(instrument.item(place.key), language))
    return ", ".join(words.get(text, text) for text in written_values(value))


def _nones(language: str) -> list[tuple[str, str]]:
    with speaking(language):
        return [(value, str(words)) for value, words in MISSING_ANSWERS.items()]


def _words(choices: Sequence[Choice], language: str) -> list[tuple[str, str]]:
    return [(choice.key, _say(choice.text, language) or choice.key) for choice in choices]


def _say(texts: Texts, language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def _name(item: Item) -> str:
    return Place(ANSWER, item.key).name


def _elements(form: Any) -> dict[str, str]:
    """What stands in the fields of elements, by element."""
    places = {element: Place(ELEMENT, element).name for element in form.instrument.pairing.elements}
    return {element: form[name].data or "" for element, name in places.items() if name in form}
