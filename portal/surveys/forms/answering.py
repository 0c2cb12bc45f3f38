"""The forms of those who answer. What they send is asked for by the study's own document, not by fields of ours."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from portal.core import clock
from portal.core.errors import Conflict, PortalError
from portal.core.forms import Form, WholeNumberField, required
from portal.core.sentences import sentence
from portal.core.web.language import LANGUAGES, text_in
from portal.surveys.labels import CODE_ELEMENTS
from portal.surveys.naming import with_minus
from portal.surveys.queries.answering import Sat
from portal.surveys.rules.answers import DONT_KNOW, LONGEST_TEXT, REFUSED, written_values
from portal.surveys.rules.codes import LONGEST_TYPED, NUMBERS
from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE, TEXT, Choice, Group, Item
from portal.surveys.rules.secrets import MOST_AT_ONCE
from portal.surveys.rules.showing import Screen
from portal.surveys.services.answering import Typed

PREFIX: Final = "a."
# More fields than any screen has.
MOST_FIELDS: Final = 500
# There is nothing left to answer: no form is shown again, but a page that says so.
OVER: Final = frozenset({"wave-planned", "wave-closed", "sitting-over"})
GO_ON, GO_BACK = "next", "back"
# The value of what takes back an answer that was chosen.
NOTHING: Final = ""
RADIO, BOX, LINE, LINES = "radio", "checkbox", "line", "lines"
KINDS: Final = {LIKERT: RADIO, SINGLE: RADIO, MULTIPLE: BOX, TEXT: LINES}


class Option(NamedTuple):
    """Something to choose: its value, its words, and whether it is chosen."""

    value: str
    text: str
    is_chosen: bool


class Question(NamedTuple):
    """What stands on a page for an item, a group or an element of the code; `kind` is how it is answered.

    `is_given`: an answer is kept that is not shown again.
    """

    name: str
    kind: str
    text: str
    options: Sequence[Option] = ()
    nones: Sequence[Option] = ()
    value: str = ""
    longest: int = LONGEST_TEXT
    is_required: bool = False
    is_number: bool = False
    is_given: bool = False
    errors: Sequence[str] = ()


class AnsweringForm(Form):
    """A form of somebody who answers; it says in which language it was read."""

    language = HiddenField()

    def show_problems(self, error: PortalError) -> None:
        """Say what is wrong beside the questions; raise it again where there is nothing left to answer."""
        if isinstance(error, Conflict) and error.problem.code in OVER:
            raise error
        self.say_problems(error)

    def say_problems(self, error: PortalError) -> None:
        """Put each problem where it belongs."""
        super().show_problems(error)


class LanguageForm(AnsweringForm):
    """One that has no use for a one-time key: who sends it twice has done the same."""

    def _once(self, act: Callable[[], Any]) -> Any:
        return act()


class BeginForm(LanguageForm):
    """The consent to take part; `anew` forgets what this browser has answered so far."""

    anew = HiddenField()


class ScreenForm(LanguageForm):
    """The questions of one screen, and where to go from it."""

    go = HiddenField(default=GO_ON)

    def __init__(self) -> None:
        super().__init__()
        self.problems: dict[str, list[str]] = {}

    def typed(self, number: int) -> Typed:
        """What was typed on the screen of this number."""
        goes_on = self.go.data not in (GO_BACK, *LANGUAGES)
        return Typed(number, self.language.data or "", self.texts(), goes_on=goes_on)

    def texts(self) -> Mapping[str, Sequence[str]]:
        """The texts of each field by the key of what it answers."""
        names = islice((name for name in request.form if name.startswith(PREFIX)), MOST_FIELDS)
        return {name.removeprefix(PREFIX): request.form.getlist(name) for name in names}

    def say_problems(self, error: PortalError) -> None:
        """Keep each problem for the question it names; what names none belongs to the form as a whole."""
        for problem in error.problems:
            self.problems.setdefault(problem.where, []).append(sentence(problem))

    def say_unasked(self, asked: Collection[str]) -> None:
        """Say on top, once each, the problems that belong to none of the questions on the page."""
        for said in dict.fromkeys(said for key, each in self.problems.items() if key not in asked for said in each):
            self.refuse(said)


class SendForm(AnsweringForm):
    """The confirmation that the answers are complete."""

    def sent_at(self) -> datetime:
        """The end of the day: at what time of it somebody answered is not kept, not even with the form's key."""
        now = clock.now()
        return datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=now.tzinfo)

    def say_problems(self, error: PortalError) -> None:
        """Say each thing once: the page itself names the questions."""
        for said in dict.fromkeys(map(sentence, error.problems)):
            self.refuse(said)


class CodeForm(LanguageForm):
    """A personal code, as it stands on paper."""

    code = StringField(_l("Your personal code"), [required()])


class IssueForm(Form):
    """How many personal codes to make."""

    number = WholeNumberField(_l("How many codes"), [required()], least=1, most=MOST_AT_ONCE)


def questions(screen: Screen, sat: Sat, form: ScreenForm, language: str) -> list[Question]:
    """The questions of the screen with what was answered, or what was typed where the form comes back."""
    found = [_of_group(each, sat, language) for each in screen.groups]
    found += [_of_element(at, key, sat) for at, key in enumerate(screen.elements)]
    found += [_of_item(each, written_values(sat.answers.get(each.key)), language) for each in screen.items]
    if not form.is_submitted():
        return found
    texts = form.texts()
    form.say_unasked({_key(each) for each in found})
    return [_typed(each, texts.get(_key(each), ()), form.problems.get(_key(each), ())) for each in found]


def _of_group(group: Group, sat: Sat, language: str) -> Question:
    text = text_in(group.text, language) or group.key
    options = _options(group.levels, [sat.groups.get(group.key, "")], language)
    nones = [] if group.is_required else [Option(NOTHING, _("I prefer not to say"), is_chosen=False)]
    return Question(PREFIX + group.key, RADIO, text, options, nones, is_required=group.is_required)


def _of_element(at: int, key: str, sat: Sat) -> Question:
    text = str(CODE_ELEMENTS.get(key, key))
    given = bool(sat.pairing and sat.pairing[at])
    return Question(PREFIX + key, LINE, text, longest=LONGEST_TYPED, is_number=key in NUMBERS, is_given=given)


def _of_item(item: Item, chosen: Sequence[str], language: str) -> Question:
    kind = KINDS.get(item.kind, LINE)
    nones = [(DONT_KNOW, _("I don't know")), (REFUSED, _("I prefer not to say"))] if item.may_refuse else []
    if kind == RADIO and not item.may_refuse and not item.is_required:
        nones = [(NOTHING, _("No answer"))]
    options = _steps(item, chosen, language) if item.kind == LIKERT else _options(item.choices, chosen, language)
    return Question(
        PREFIX + item.key,
        kind,
        text_in(item.text, language),
        options,
        [Option(value, text, value in chosen) for value, text in nones],
        "".join(each for each in chosen if each not in (DONT_KNOW, REFUSED)) if kind in (LINE, LINES) else "",
        LONGEST_TEXT if kind == LINES else 20,
        item.is_required,
    )


def _steps(item: Item, chosen: Sequence[str], language: str) -> list[Option]:
    """The steps of a Likert scale, each with its number and, where it has some, its words."""
    found = []
    for at, step in enumerate(range(int(item.least or 0), int(item.most or 0) + 1)):
        words = text_in(item.labels[at], language) if at < len(item.labels) else ""
        number = with_minus(str(step))
        found.append(Option(str(step), f"{number} – {words}" if words else number, str(step) in chosen))
    return found


def _options(choices: Sequence[Choice], chosen: Sequence[str], language: str) -> list[Option]:
    return [Option(each.key, text_in(each.text, language) or each.key, each.key in chosen) for each in choices]


def _typed(question: Question, texts: Sequence[str], errors: Sequence[str]) -> Question:
    """The question as it was answered on the page that comes back."""
    written = [text for text in texts if text not in (DONT_KNOW, REFUSED)]
    return question._replace(
        options=[each._replace(is_chosen=each.value in texts) for each in question.options],
        nones=[each._replace(is_chosen=each.value in texts) for each in question.nones],
        value="".join(written) if question.kind in (LINE, LINES) else "",
        errors=errors,
    )


def _key(question: Question) -> str:
    return question.name.removeprefix(PREFIX)
