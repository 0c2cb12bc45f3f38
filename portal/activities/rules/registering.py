"""What somebody who registers says, checked as a whole before a place is taken."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from portal.activities.rules.participants import EMAIL, LONGEST_EMAIL
from portal.core.errors import InvalidInputs, Problem
from portal.projects.rules.vocabulary import COUNTRIES

LONGEST_NAME: Final = 200
LONGEST_ANSWER: Final = 1_000


class PersonDraft(NamedTuple):
    """One person as stated; only whoever registers needs an e-mail."""

    name: str
    email: str = ""
    organisation: str = ""
    country: str = ""


class RegistrationDraft(NamedTuple):
    """A registration as stated: `people` begins with whoever registers, `answers` are by the question's number."""

    people: Sequence[PersonDraft]
    language: str
    consent_version: int
    answers: Mapping[int, str | int]


class Asked(NamedTuple):
    """A question of the organiser: `choices` is how many there are to choose from (0: a text is written)."""

    id: int
    choices: int
    is_required: bool


def check_people(people: Sequence[PersonDraft]) -> list[PersonDraft]:
    """The people with plain spaces and e-mails in lower case; raise InvalidInputs with everything that is wrong.

    What is wrong with person n stands at "people-n-name" and so on, n from 0.
    """
    plain = [PersonDraft(*(_plain(text) for text in person)) for person in people]
    plain = [person._replace(email=person.email.lower()) for person in plain]
    problems = [
        problem._replace(where=f"people-{number}-{problem.where}")
        for number, person in enumerate(plain)
        for problem in _problems(person, is_first=number == 0)
    ]
    seen: set[str] = set()
    for number, person in enumerate(plain):
        if person.email in seen:
            problems.append(Problem("email-twice", f"people-{number}-email"))
        seen |= {person.email} - {""}
    if problems:
        raise InvalidInputs(problems)
    return plain


def check_answers(answers: Mapping[int, str | int], asked: Sequence[Asked]) -> dict[int, str | int]:
    """The answers to what is asked, empty ones left out; raise InvalidInputs with everything that is wrong.

    What is wrong with the answer to question 7 stands at "answer-7".
    """
    problems, kept = [], {}
    for question in asked:
        answer = answers.get(question.id, "")
        answer = _plain(answer.replace("\r\n", "\n")) if isinstance(answer, str) else answer
        if answer == "":
            if question.is_required:
                problems.append(Problem("answer-missing", f"answer-{question.id}"))
            continue
        is_known = isinstance(answer, int) and 0 <= answer < question.choices
        if not is_known and (question.choices or isinstance(answer, int)):
            problems.append(Problem("answer-unknown", f"answer-{question.id}"))
        elif isinstance(answer, str) and (trouble := _text_trouble(answer.replace("\n", ""), LONGEST_ANSWER)):
            problems.append(trouble._replace(where=f"answer-{question.id}"))
        kept[question.id] = answer
    if problems:
        raise InvalidInputs(problems)
    return kept


def _problems(person: PersonDraft, *, is_first: bool) -> list[Problem]:
    problems = []
    if not person.name:
        problems.append(Problem("person-name-missing", "name"))
    for where in ("name", "organisation"):
        if trouble := _text_trouble(getattr(person, where), LONGEST_NAME):
            problems.append(trouble._replace(where=where))
    if not person.email and is_first:
        problems.append(Problem("person-email-missing", "email"))
    is_address = EMAIL.fullmatch(person.email) and len(person.email) <= LONGEST_EMAIL and person.email.isprintable()
    if person.email and not is_address:
        problems.append(Problem("email-malformed", "email"))
    if person.country and person.country not in COUNTRIES:
        problems.append(Problem("unknown-country", "country", {"value": person.country}))
    return problems


def _text_trouble(text: str, longest: int) -> Problem | None:
    if len(text) > longest:
        return Problem("text-too-long", "", {"limit": longest})
    # Control characters, and those that turn the direction of what follows.
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co"} for letter in text):
        return Problem("text-unprintable")
    return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())
