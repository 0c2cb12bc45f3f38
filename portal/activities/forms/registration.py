"""The forms of those who register: the registration itself, and what they do on their own page."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput

from portal.activities.models import RegistrationDesk, RegistrationQuestion
from portal.activities.rules.registering import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    Asked,
    PersonDraft,
    RegistrationDraft,
    check_answers,
    check_people,
)
from portal.activities.rules.registrations import MOST_IN_PARTY
from portal.core.errors import InvalidInputs, NotFound, PortalError, Problem
from portal.core.forms import ChoiceField, Form, ParagraphsField, TextField, at_most, required
from portal.core.sentences import sentence
from portal.core.web.addresses import row_number
from portal.core.web.language import current_language, text_in
from portal.projects.forms.countries import country_choices

PERSON_FIELDS = ("name", "email", "organisation", "country")
# What the button that asks for the fields of one more person is called.
MORE = "more"
# Longer than any e-mail: what is wrong with one is said by the rules.
LONGEST_LINE = 400


class ConsentField(Field):
    """A checkbox whose value is the version of the text beside it; `data` is that version, 0 where it is not ticked.

    Ticked without a version, it is the version of now.
    """

    widget = CheckboxInput()
    data: int | None

    def __init__(self, label: str, validators: Sequence[Any], *, version: int, **settings: Any) -> None:
        super().__init__(label, validators, **settings)
        self.version = version

    def _value(self) -> str:
        return str(self.version)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the version that was agreed to."""
        text = valuelist[0] if valuelist else ""
        if text.isascii() and text.isdigit() and len(text) < 10:
            self.data = int(text)
        else:
            self.data = 0 if text in ("", "false") else self.version


def ticked(form: PlainForm, field: ConsentField) -> None:
    """Refuse a registration without consent."""
    if not field.data:
        raise StopValidation(
            _("Tick this if you agree: without your consent the organisers may not keep your registration.")
        )


class Block(NamedTuple):
    """The fields of one person of a party; `number` counts from 1."""

    number: int
    fields: Mapping[str, Field]


class RegistrationForm(Form):
    """One person, or a party; what is asked besides; and the consent."""

    # Filled in by programs only: people do not see it.
    homepage = TextField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})
    consent: ConsentField

    blocks: Sequence[Block] = ()
    asked: Sequence[Asked] = ()
    largest_party = 1

    @property
    def takes_more(self) -> bool:
        """Whether one more person can be added."""
        return len(self.blocks) < self.largest_party

    @property
    def wants_more(self) -> bool:
        """Whether the form was sent for the fields of one more person only."""
        return MORE in request.form

    @property
    def answer_fields(self) -> list[Field]:
        """The fields of what the organiser asks, in order."""
        return [self[f"answer-{each.id}"] for each in self.asked]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is as it must be; whatever is wrong is said at once."""
        if self.homepage.data:
            self.refuse(_("Nothing was stored, because a field that must stay empty was filled in. Empty it."))
            return False
        complete: bool = super().validate(extra_validators)
        for check in (lambda: check_people(self._people()), lambda: check_answers(self._answers(), self.asked)):
            try:
                check()
            except InvalidInputs as refusal:
                self.show_problems(refusal)
                complete = False
        return complete

    def show_problems(self, error: PortalError) -> None:
        """Put each problem at the field of the person it is about; a field that says something already says it."""
        for problem in error.problems:
            field = self._fields.get(self._place(problem))
            if field is None:
                self.refuse(sentence(problem))
            elif not field.errors:
                field.errors = [sentence(problem)]

    def draft(self) -> RegistrationDraft:
        """What the form states."""
        return RegistrationDraft(self._people(), current_language(), self.consent.data or 0, self._answers())

    def _stated(self) -> list[Block]:
        """The blocks that say something; the first is always one."""
        others = [block for block in self.blocks[1:] if any(field.data for field in block.fields.values())]
        return [*self.blocks[:1], *others]

    def _people(self) -> list[PersonDraft]:
        return [PersonDraft(*(block.fields[name].data or "" for name in PERSON_FIELDS)) for block in self._stated()]

    def _answers(self) -> dict[int, str | int]:
        texts = {each.id: self[f"answer-{each.id}"].data or "" for each in self.asked}
        chosen = {each.id for each in self.asked if each.choices}
        return {
            number: int(text) if number in chosen and text.isascii() and text.isdigit() and len(text) < 4 else text
            for number, text in texts.items()
        }

    def _place(self, problem: Problem) -> str:
        """The name of the field that the problem is about: the rules count people from 0."""
        words = problem.where.split("-", 2)
        if words[0] != "people" or len(words) != 3:
            return problem.where
        return field_name(words[2], self._stated()[int(words[1])].number)


class LeaveForm(Form):
    """The one press that gives up the places of a party, or of one person in it."""

    only = HiddenField()

    def person(self) -> int | None:
        """The number of the one who leaves, None for all; raise NotFound if it is none."""
        text = self.only.data or ""
        number = row_number(text)
        if text and number is None:
            raise NotFound("registration-unknown")
        return number


class ConfirmForm(Form):
    """The one press that makes a seat one's own; its key came by mail."""

    key = HiddenField()


class LinkForm(Form):
    """The address to which the personal link is sent once more."""

    email = TextField(
        _l("E-mail"),
        [required(), at_most(LONGEST_LINE)],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )


def registration_form(desk: RegistrationDesk, near: Sequence[str]) -> RegistrationForm:
    """The form of an event's registration, with as many people as were sent; the countries in `near` come first."""
    blocks, questions = _count_blocks(), tuple(_question(each) for each in desk.questions)
    form = _form_class(current_language(), tuple(near), blocks, questions, desk.consent_version)()
    form.blocks = [
        Block(number, {name: form[field_name(name, number)] for name in PERSON_FIELDS})
        for number in range(1, blocks + 1)
    ]
    form.asked = [Asked(each.id, len(each.choices), each.is_required) for each in desk.questions]
    form.largest_party = desk.largest_party
    return form


class Question(NamedTuple):
    """A question of the organiser in the language of the moment."""

    id: int
    text: str
    choices: tuple[str, ...]
    is_required: bool


def _question(row: RegistrationQuestion) -> Question:
    return Question(row.id, text_in(row.text), tuple(text_in(each) for each in row.choices), row.is_required)


@lru_cache(maxsize=64)
def _form_class(
    language: str, near: tuple[str, ...], blocks: int, questions: tuple[Question, ...], consent_version: int
) -> type[RegistrationForm]:
    """What such a form is made from, remembered: all that its texts come from is among the values, the language too."""
    fields: dict[str, Any] = {"consent": ConsentField(_("I agree"), [ticked], version=consent_version)}
    for number in range(1, blocks + 1):
        fields |= _person_fields(number, near)
    fields |= {f"answer-{each.id}": _answer_field(each) for each in questions}
    return type("EventRegistrationForm", (RegistrationForm,), fields)


def field_name(name: str, number: int) -> str:
    """What the field of the person with this number is called: name, name-2, name-3."""
    return name if number == 1 else f"{name}-{number}"


def _count_blocks() -> int:
    """As many people as the form that was sent has fields for, one more where that was asked for."""
    sent = [
        number
        for number in range(2, MOST_IN_PARTY + 2)
        if any(field_name(name, number) in request.form for name in PERSON_FIELDS)
    ]
    return min(max(sent, default=1) + (MORE in request.form), MOST_IN_PARTY + 1)


def _person_fields(number: int, near: Sequence[str]) -> dict[str, Field]:
    own = number == 1
    must = [required()] if own else []

    def fills(hint: str) -> dict[str, str]:
        return {"autocomplete": hint if own else "off"}

    return {
        field_name("name", number): TextField(_("Name"), [*must, at_most(LONGEST_NAME)], render_kw=fills("name")),
        field_name("email", number): TextField(
            _("E-mail"), [*must, at_most(LONGEST_LINE)], render_kw={"type": "email", **fills("email")}
        ),
        field_name("organisation", number): TextField(
            _("Institution"), [at_most(LONGEST_NAME)], render_kw=fills("organization")
        ),
        field_name("country", number): ChoiceField(
            _("Country"), choices=country_choices(near, _("Choose a country")), default=""
        ),
    }


def _answer_field(question: Question) -> Field:
    must = [required()] if question.is_required else []
    if not question.choices:
        return ParagraphsField(question.text, [*must, at_most(LONGEST_ANSWER)], render_kw={"rows": 3})
    choices = [(str(number), choice) for number, choice in enumerate(question.choices)]
    return ChoiceField(question.text, must, choices=[("", _("Choose an answer")), *choices], default="")
