"""The organiser's forms of registration: when it is open, what people agree to, what they are asked."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField

from portal.activities.models import Event, RegistrationDesk, RegistrationQuestion
from portal.activities.rules.desks import LONGEST_CONSENT, LONGEST_QUESTION, DeskDraft, QuestionDraft
from portal.activities.rules.registrations import MOST_HOURS, MOST_IN_PARTY, MOST_QUESTIONS, REGISTRANT_GROUPS
from portal.core.errors import PortalError, Problem
from portal.core.forms import (
    ChoiceField,
    Form,
    LocalMomentField,
    ParagraphsField,
    TextField,
    VersionField,
    WholeNumberField,
    at_most,
    offer,
    required,
)
from portal.core.sentences import sentence
from portal.core.web.addresses import LARGEST_ROW
from portal.core.web.formats import show_list
from portal.core.web.language import LANGUAGES, speaking, text_in
from portal.projects.forms.figures import Numbered
from portal.projects.labels import GROUPS

# What the button that asks for the fields of one more question is called.
MORE = "more"
HOURS = {"least": 1, "most": MOST_HOURS}
KINDS = {"text": _l("A text to write"), "choice": _l("One of several choices")}
IN_LANGUAGE = {"en": _l("in English"), "lt": _l("in Lithuanian"), "pl": _l("in Polish")}


class Row(NamedTuple):
    """The fields of one question; `number` counts from 1, `is_known` says that it is stored."""

    number: int
    fields: Mapping[str, Field]
    is_known: bool


class DeskForm(Form):
    """How people register for an event."""

    opens = LocalMomentField(_l("Opens"), [required()])
    closes = LocalMomentField(_l("Closes"), [required()])
    confirm_hours = WholeNumberField(_l("Hours to confirm a seat"), [Numbered()], default=48, **HOURS)
    offer_hours = WholeNumberField(_l("Hours to take an offered seat"), [Numbered()], default=24, **HOURS)
    reminder_hours = WholeNumberField(
        _l("Hours before the event to remind people"), [Numbered()], default=24, most=MOST_HOURS
    )
    largest_party = WholeNumberField(
        _l("How many people one may register"), [Numbered()], default=1, least=1, most=MOST_IN_PARTY
    )
    group = ChoiceField(_l("Group of those who register"), default="unknown")
    consent_en = ParagraphsField(_l("Consent in English"), [required(), at_most(LONGEST_CONSENT)])
    consent_lt = ParagraphsField(_l("Consent in Lithuanian"), [required(), at_most(LONGEST_CONSENT)])
    consent_pl = ParagraphsField(_l("Consent in Polish"), [required(), at_most(LONGEST_CONSENT)])
    version = VersionField()

    rows: Sequence[Row] = ()

    @property
    def wants_more(self) -> bool:
        """Whether the form was sent for the fields of one more question only."""
        return MORE in request.form

    @property
    def takes_more(self) -> bool:
        """Whether one more question can be asked."""
        return len(self.rows) < MOST_QUESTIONS

    def show_problems(self, error: PortalError) -> None:
        """Put each problem at its field, those of questions at the fields of their row."""
        for problem in error.problems:
            field = self._fields.get(self._place(problem))
            if field is None:
                self.refuse(sentence(problem))
            else:
                field.errors = [*field.errors, sentence(problem)]

    def draft(self) -> DeskDraft:
        """What the form says of the registration page."""
        return DeskDraft(
            opens=self.opens.moment,
            closes=self.closes.moment,
            consent={language: self[f"consent_{language}"].data or "" for language in LANGUAGES},
            confirm_hours=self.confirm_hours.data or 0,
            offer_hours=self.offer_hours.data or 0,
            reminder_hours=self.reminder_hours.data or 0,
            largest_party=self.largest_party.data or 0,
            group=self.group.data,
            questions=[_question(row) for row in self._asked()],
        )

    def _asked(self) -> list[Row]:
        """The rows that ask something: not those marked to be removed, nor new ones without a word."""
        return [row for row in self.rows if not row.fields["remove"].data and (row.is_known or _says(row))]

    def _place(self, problem: Problem) -> str:
        """The name of the field that the problem is about: the rules count questions from 0."""
        words = problem.where.split("-", 2)
        if words[0] != "questions" or len(words) != 3:
            return problem.where
        name = "kind" if words[2] == "kind" else f"{words[2]}_en"
        return _row_name(self._asked()[int(words[1])].number, name)


class PressForm(Form):
    """The one press that renews a link or takes someone off the list."""


def desk_form(event: Event, desk: RegistrationDesk | None, *, now: datetime, days: int) -> DeskForm:
    """The form of an event's registration page, filled with what is stored, or with what is sensible at first.

    `days` is how long the project keeps who did not come.
    """
    values = desk_values(desk) if desk else first_values(event, now=now, days=days)
    stored = {each.id for each in desk.questions} if desk else set()
    numbers = range(1, _count_rows(len(stored)) + 1)
    fields = {name: field for number in numbers for name, field in _row_fields(number).items()}
    form: DeskForm = type("EventDeskForm", (DeskForm,), fields)(data=values)
    offer(form.group, [(key, GROUPS[key]) for key in REGISTRANT_GROUPS])
    form.rows = [_row(form, number, stored) for number in numbers]
    return form


def first_values(event: Event, *, now: datetime, days: int) -> dict[str, Any]:
    """What the form shows at first: open from now until the day before the event, and a consent text."""
    late = event.starts_at - timedelta(days=1)
    closes = late if late > now + timedelta(days=1) else event.starts_at
    consent = {f"consent_{language}": usual_consent(event, language, days) for language in LANGUAGES}
    return {"opens": _local(now, event.time_zone), "closes": _local(closes, event.time_zone), **consent}


def usual_consent(event: Event, language: str, days: int) -> str:
    """What people agree to where the organisers write nothing else, in `language`."""
    with speaking(language):
        organisers = show_list([text_in(each.name) for each in event.organisers])
        text = _(
            "I agree that %(organisers)s keep my name, e-mail address, institution, country and answers to run this "
            "event and to prove that it took place. If I cancel or do not come, they are deleted %(days)s days after "
            "the event. If I come, they are kept as long as the project has to prove its results. I can see what is "
            "kept about me, and withdraw this consent, at any time.",
            organisers=organisers,
            days=days,
        )
    return str(text)


def desk_values(desk: RegistrationDesk) -> dict[str, Any]:
    """What the form of a stored page shows at first; also what a stale form is compared with."""
    zone = desk.event.time_zone
    plain = ("confirm_hours", "offer_hours", "reminder_hours", "largest_party", "group", "version")
    values = {
        "opens": _local(desk.opens_at, zone),
        "closes": _local(desk.closes_at, zone),
        **{name: getattr(desk, name) for name in plain},
        **{f"consent_{language}": desk.consent.get(language, "") for language in LANGUAGES},
    }
    for number, question in enumerate(desk.questions, start=1):
        values |= {_row_name(number, name): value for name, value in _question_values(question).items()}
    return values


def _question_values(question: RegistrationQuestion) -> dict[str, Any]:
    texts = {f"text_{language}": question.text.get(language, "") for language in LANGUAGES}
    choices = {
        f"choices_{language}": "\n".join(each.get(language, "") for each in question.choices).strip("\n")
        for language in LANGUAGES
    }
    return {"id": str(question.id), "kind": question.kind, **texts, **choices, "required": question.is_required}


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def _row_name(number: int, name: str) -> str:
    return f"question-{number}-{name}"


def _count_rows(stored: int) -> int:
    """As many rows as the form that was sent has, else as are stored; one more where that was asked for."""
    sent = [number for number in range(1, MOST_QUESTIONS + 2) if _row_name(number, "kind") in request.form]
    shown = max(sent, default=0) if request.method == "POST" else stored
    return min(shown + (MORE in request.form), MOST_QUESTIONS + 1)


def _row_fields(number: int) -> dict[str, Field]:
    fields: dict[str, Field] = {"id": HiddenField(default="")}
    fields |= {
        f"text_{language}": TextField(_("Question %(language)s", language=word), [at_most(LONGEST_QUESTION)])
        for language, word in IN_LANGUAGE.items()
    }
    fields["kind"] = ChoiceField(_("Kind of answer"), choices=list(KINDS.items()), default="text")
    fields |= {
        f"choices_{language}": ParagraphsField(_("Choices %(language)s", language=word), render_kw={"rows": 3})
        for language, word in IN_LANGUAGE.items()
    }
    fields["required"] = BooleanField(_("An answer is needed"))
    fields["remove"] = BooleanField(_("Remove this question"))
    return {_row_name(number, name): field for name, field in fields.items()}


def _row(form: DeskForm, number: int, stored: Collection[int]) -> Row:
    beginning = _row_name(number, "")
    fields = {name.removeprefix(beginning): field for name, field in form._fields.items() if name.startswith(beginning)}
    return Row(number, fields, _number(fields["id"].data or "") in stored)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ROW))
    return int(text) if is_number else None


def _says(row: Row) -> bool:
    return any(row.fields[f"{name}_{language}"].data for name in ("text", "choices") for language in LANGUAGES)


def _question(row: Row) -> QuestionDraft:
    lines = [(row.fields[f"choices_{language}"].data or "").split("\n") for language in LANGUAGES]
    choices = [dict(zip(LANGUAGES, texts, strict=True)) for texts in zip_longest(*lines, fillvalue="")]
    return QuestionDraft(
        id=_number(row.fields["id"].data or ""),
        kind=row.fields["kind"].data,
        text={language: row.fields[f"text_{language}"].data or "" for language in LANGUAGES},
        choices=[choice for choice in choices if any(text.strip() for text in choice.values())],
        is_required=row.fields["required"].data,
    )
