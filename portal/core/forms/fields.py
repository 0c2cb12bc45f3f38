"""Fields that forgive how people type, and what validates them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, DateInput, DateTimeLocalInput, ListWidget, Select, html_params

FEW = 20
# A list of countries is 10 kB long, and pages show the same few lists again and again.
LISTS_KEPT = 500
NOT_OFFERED = _l("Choose one of those offered.")
LONGEST_NUMBER = 12
DAYS = ("%Y-%m-%d", "%d.%m.%Y")
MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S")


class Required:
    """Refuses an empty field, and leaves what was unreadable or out of range to the field's own message."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: PlainForm, field: Field) -> None:
        if field.errors:
            raise StopValidation
        if not field.data:
            raise StopValidation(_("Fill this in."))


def required() -> Required:
    """Refuse an empty field."""
    return Required()


def at_most(length: int) -> Length:
    """Refuse a text longer than the database keeps."""
    return Length(max=length, message=_l("Shorten this to %(max)d characters."))


def chosen(form: PlainForm, field: Field) -> None:
    """Refuse a list of choices in which nothing is chosen."""
    if not field.data:
        raise StopValidation(_("Choose at least one."))


Choices = Iterable[tuple[str, Any]]


def offered(choices: Choices) -> list[SelectChoice]:
    """The (value, label) pairs in the form that WTForms' fields take."""
    return [SelectChoice(value, label) for value, label in choices]


def offer(field: SelectField, choices: Choices) -> None:
    """Let people choose among these (value, label) pairs."""
    field.choices = offered(choices)


def _check_offered(field: SelectField | SelectMultipleField, values: Iterable[Any]) -> None:
    """Name what is offered, where it is not too much, once one of the values is none of it."""
    allowed = [choice.value for choice in field.choices or ()]
    if len(allowed) <= FEW and any(value not in allowed for value in values):
        named = ", ".join(value for value in allowed if value)
        if not named:
            raise ValidationError(_("There is nothing to choose here yet. Leave this empty."))
        raise ValidationError(_("Choose one of those offered: %(allowed)s.", allowed=named))


class KeptSelect(Select):
    """A list to choose from, whose options are written out once and then kept."""

    def __call__(self, field: "ChoiceField", **settings: Any) -> Markup:
        stated = {"id": field.id, "required": bool(field.flags.required), **settings}
        return Markup("<select {}>{}</select>").format(Markup(html_params(name=field.name, **stated)), field.options)  # noqa: S704  escaped by html_params


class ChoiceField(SelectField):
    """One of a list that is offered later."""

    widget = KeptSelect()

    @property
    def options(self) -> Markup:
        """The choices as the page has them, with the one that is chosen."""
        chosen = "" if self.data is None else str(self.data)
        return _options(tuple((str(each.value), str(each.label)) for each in self.choices or ()), chosen)

    def pre_validate(self, form: PlainForm) -> None:
        _check_offered(self, [self.data])
        super().pre_validate(form)

    def __init__(self, label: Any = None, validators: Any = None, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=offered(choices), invalid_choice_message=NOT_OFFERED, **kwargs)


@lru_cache(LISTS_KEPT)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    return Markup("").join(
        Markup('<option{} value="{}">{}</option>').format(Markup(" selected") if value == chosen else "", value, label)
        for value, label in choices
    )


class RadioChoiceField(RadioField):
    """One of a few, all of them in sight."""

    def __init__(self, label: Any = None, validators: Any = None, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(label, validators, choices=offered(choices), invalid_choice_message=NOT_OFFERED, **kwargs)


class CheckboxesField(SelectMultipleField):
    """Several choices as a group of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, invalid_choice_message=NOT_OFFERED, **kwargs)

    def pre_validate(self, form: PlainForm) -> None:
        _check_offered(self, self.data or ())
        super().pre_validate(form)


class TextField(StringField):
    """A line of text; any white space in it, a pasted line break too, becomes one space."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = " ".join((valuelist[0] if valuelist else "").split())
        if not self.data.isprintable():
            raise ValueError(_("This text holds a control character. Type the text again without it."))


class WholeNumberField(IntegerField):
    """A whole number from `least` to `most`, or nothing."""

    def __init__(
        self, label: Any = None, validators: Any = None, least: int = 0, most: int = 10**6, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:
            # A box that was not on the page that was sent keeps what it holds.
            return
        text = "".join(valuelist[0].split())
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
            raise ValueError(_("Enter a whole number, in digits."))
        self.data = int(text)

    def pre_validate(self, form: PlainForm) -> None:
        if self.data is not None and not self.least <= self.data <= self.most:
            raise ValidationError(_("Enter a number from %(least)s to %(most)s.", least=self.least, most=self.most))


class LocalMomentField(Field):
    """A day and a time as the clock on the wall shows them; `data` is a naive datetime."""

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%Y-%m-%dT%H:%M") if self.data else ""

    @property
    def moment(self) -> datetime:
        """The moment of a field that validation has found filled in."""
        return cast(datetime, self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = " ".join((valuelist[0] if valuelist else "").split())
        self.data = None
        if not text:
            return
        for pattern in MOMENTS:
            try:
                self.data = datetime.strptime(text, pattern)
            except ValueError:
                continue
            return
        raise ValueError(_("Enter a day that exists and a time, for example 2026-06-06 11:00."))


class DayField(Field):
    """A day, or nothing; `data` is a date."""

    widget = DateInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        for pattern in DAYS:
            try:
                self.data = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            return
        raise ValueError(_("Enter a day that exists, for example 2026-06-06."))


class ParagraphsField(TextAreaField):
    """A text of several lines; their ends are written one way, and empty ones around it go."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = "\n".join(line.rstrip() for line in (valuelist[0] if valuelist else "").splitlines()).strip()
        if not self.data.replace("\n", "").replace("\t", "").isprintable():
            raise ValueError(_("This text holds a control character. Type the text again without it."))


class VersionField(HiddenField):
    """The version of the row that the form was opened with."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def reopen(self, version: int) -> None:
        """Let the form be sent again over the row as it is now."""
        self.data = version
        self.raw_data = None
