"""The base of every form: one-time keys, problems of services at their fields, differences of stale forms."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import IO, Any, NamedTuple

from babel.support import Translations
from flask import request
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from wtforms import Field, HiddenField
from wtforms.i18n import DefaultTranslations, messages_path

from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, PortalError, Problem
from portal.core.once import FormSent, run_once
from portal.core.sentences import sentence
from portal.core.web.language import current_language
from portal.core.web.one_record import FORM_KEY, key_of_page, new_key

csrf = CSRFProtect()


def _hash(stream: IO[bytes]) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # opened for reading bytes


def _fingerprint(form_key: str) -> str:
    """What makes a form the same when it comes again: its key, who sends it, where to, and everything in it."""
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    files = [(name, each.filename, _hash(each.stream)) for name, each in request.files.items(multi=True)]
    return _digest(form_key, fields, files)


def _digest(form_key: str, *content: object) -> str:
    person = current_user.get_id() if current_user.is_authenticated else ""
    return hashlib.sha256(repr((form_key, person, request.path, *content)).encode()).hexdigest()


class Difference(NamedTuple):
    """A field of a stale form: its label, what is stored by now, and what was typed; '' is empty."""

    label: str
    stored: str
    typed: str


def _shown(field: Field, value: Any) -> str:
    """A field's value as people read it: the labels of choices, a moment without its T, an amount with its cents."""
    if hasattr(field, "written"):
        return str(field.written(value))
    if isinstance(value, list | tuple):
        return ", ".join(_shown(field, each) for each in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    labels = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
    return "" if value is None else str(labels.get(value, value))


def _compared(value: Any) -> Any:
    """The value as it is compared: empty is empty, and of several choices their order says nothing."""
    return sorted(value) if isinstance(value, list) and value else value or None


def typed_in(field: Field, shown: Callable[[Any], str]) -> str:
    """What was typed into the field, as people read it; what could not be read, as it was typed."""
    return str(field.raw_data[0]) if field.process_errors and field.raw_data else shown(field.data)


class FormKeyField(HiddenField):
    """A key that is new each time a form is shown and is used up when the form is taken."""

    def _value(self) -> str:
        return str(self.data or key_of_page() or new_key())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        sent = valuelist[0] if valuelist else ""
        # A form without a usable key is still one form: it is only not recognised when it comes again.
        self.data = sent if FORM_KEY.fullmatch(sent) else new_key()


@cache
def _field_words(language: str) -> DefaultTranslations:
    """What fields of WTForms say of themselves, read from its file once and not with every form."""
    return DefaultTranslations(Translations.load(messages_path(), [language], domain="wtforms"))


class Form(FlaskForm):
    """The base of every form: one place for errors that belong to no field."""

    class Meta(FlaskForm.Meta):
        """In the language of the page."""

        def get_translations(self, _form: FlaskForm) -> DefaultTranslations:
            """What its fields say."""
            return _field_words(current_language())

    form_key = FormKeyField()

    answer_status = 200
    result: Any = None

    def accepted(self, act: Callable[[], Any]) -> bool:
        """Whether the form was sent, is complete and `act` took it; `result` is then what `act` returned.

        The same form sent again is taken again, but carried out once; a page that carries its form's key makes one
        record, and says so when it comes again with other words.

        Otherwise what is wrong stands at its fields, and `answer_status` is the one to answer with.
        """
        return self._taken(lambda: self._once(act))

    def tried(self, act: Callable[[], Any]) -> bool:
        """As `accepted`, for an `act` that stores nothing: the form is shown again and can still be sent."""
        if not self._taken(act):
            return False
        self.answer_status = 200
        return True

    def _taken(self, act: Callable[[], Any]) -> bool:
        if not self.is_submitted():
            return False
        self.answer_status = InvalidInput.status
        if not self.validate():
            return False
        try:
            self.result = act()
        except (InvalidInput, Conflict) as error:
            self.answer_status = error.status
            self.show_problems(error)
            if isinstance(error, FormSent):
                self.form_key.data = new_key()
            return False
        return True

    def _once(self, act: Callable[[], Any]) -> Any:
        key = self.form_key.data
        page = _digest(key) if key_of_page() else ""
        return run_once(_fingerprint(key), act, page=page, now=self.sent_at())

    def sent_at(self) -> datetime:
        """The moment that is kept with the form's key for as long as it can be sent again."""
        return clock.now()

    def is_late(self, version: int, problem: Problem) -> bool:
        """Whether the form was refused and is of another version than what is stored by now: it can be sent again.

        It says that it is stale, which is the problem, before all else that is wrong with it.
        """
        if self.answer_status not in (InvalidInput.status, Conflict.status) or self["version"].data == version:
            return False
        if self.answer_status != Conflict.status:
            self.answer_status = Conflict.status
            self.form_errors.insert(0, sentence(problem))
        self["version"].reopen(version)
        return True

    def stale_over(self, stored: Mapping[str, Any], problem: Problem) -> list[Difference]:
        """Where a form that came too late, which is the problem, differs from what is `stored` with its version."""
        return self.differences(stored) if self.is_late(stored["version"], problem) else []

    def differences(self, stored: Mapping[str, Any]) -> list[Difference]:
        """Where what was typed differs from what is `stored` (field name -> value), in the form's order."""
        found = []
        for name, value in stored.items():
            field = self[name]
            if name != "version" and (field.process_errors or _compared(field.data) != _compared(value)):
                typed = typed_in(field, partial(_shown, field))
                found.append(Difference(str(field.label.text), _shown(field, value), typed))
        return found

    def refuse(self, message: str) -> None:
        """Add an error that belongs to the form as a whole."""
        self.form_errors.append(message)

    def all_errors(self) -> list[str]:
        """Every error of the form and its fields, once each, in order."""
        return list(dict.fromkeys(str(error) for errors in self.errors.values() for error in errors))

    def show_problems(self, error: PortalError) -> None:
        """Put each problem of a service at the field it names, or at the top where there is no such field."""
        for problem in error.problems:
            field = self._fields.get(problem.where)
            if field is None:
                self.refuse(sentence(problem))
            else:
                field.errors = [*field.errors, sentence(problem)]
