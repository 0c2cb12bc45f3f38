"""What an organiser says of an event's registration page, checked as a whole before anything is stored."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from portal.activities.rules.events import to_instant
from portal.activities.rules.registrations import (
    MOST_HOURS,
    MOST_IN_PARTY,
    MOST_QUESTIONS,
    QUESTION_KINDS,
    REGISTRANT_GROUPS,
)
from portal.core.errors import InvalidInput, InvalidInputs, Problem
from portal.projects.rules.vocabulary import LANGUAGES

LONGEST_CONSENT: Final = 5_000
LONGEST_QUESTION: Final = 500
LONGEST_CHOICE: Final = 200
MOST_CHOICES: Final = 50
# How long registration is open at least, where an event is moved to before it opens.
SHORTEST: Final = timedelta(minutes=1)


class QuestionDraft(NamedTuple):
    """A question as stated: `id` is None for a new one, `choices` are texts by language, none for a text to write."""

    id: int | None
    kind: str
    text: Mapping[str, str]
    choices: Sequence[Mapping[str, str]] = ()
    is_required: bool = False


class DeskDraft(NamedTuple):
    """A registration page as stated: `opens` and `closes` are what clocks at the event's place show (naive)."""

    opens: datetime
    closes: datetime
    consent: Mapping[str, str]
    confirm_hours: int = 48
    offer_hours: int = 24
    reminder_hours: int = 24
    largest_party: int = 1
    group: str = "unknown"
    questions: Sequence[QuestionDraft] = ()


class DeskTimes(NamedTuple):
    """When registration is open, as instants."""

    opens_at: datetime
    closes_at: datetime


class KnownQuestion(NamedTuple):
    """A stored question, and whether people have answered it."""

    kind: str
    choices: int
    is_answered: bool


def check_desk(
    draft: DeskDraft, *, zone: str, starts_at: datetime, known: Mapping[int, KnownQuestion] | None = None
) -> DeskTimes:
    """The instants of the page's times, if the draft can be stored; raise InvalidInputs with everything that is wrong.

    The event is in `zone` and starts at `starts_at`; `known` are the stored questions by their numbers. What is wrong
    with question n stands at "questions-n-text" and so on, n from 0; what is wrong with all of them at "questions".
    """
    problems: list[Problem] = []
    times = _times(draft, zone, starts_at, problems)
    problems += _number_problems(draft)
    if draft.group not in REGISTRANT_GROUPS:
        problems.append(Problem("unknown-value", "group", {"value": draft.group, "allowed": list(REGISTRANT_GROUPS)}))
    for language in LANGUAGES:
        text = draft.consent.get(language, "").strip()
        if not text:
            problems.append(Problem("consent-missing", f"consent_{language}"))
        elif len(text) > LONGEST_CONSENT:
            problems.append(Problem("text-too-long", f"consent_{language}", {"limit": LONGEST_CONSENT}))
    problems += _questions_problems(draft.questions, known or {})
    if problems or times is None:
        raise InvalidInputs(problems)
    return times


def times_before(start: datetime, times: DeskTimes) -> DeskTimes:
    """The page's times where the event starts at `start`: registration is over by then, and was open before."""
    closes_at = min(times.closes_at, start)
    return DeskTimes(min(times.opens_at, closes_at - SHORTEST), closes_at)


def stated_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts that are there, by language in the portal's order, without spaces around them."""
    plain = {language: texts.get(language, "").strip() for language in LANGUAGES}
    return {language: text for language, text in plain.items() if text}


def _times(draft: DeskDraft, zone: str, starts_at: datetime, problems: list[Problem]) -> DeskTimes | None:
    instants = []
    for where, local in (("opens", draft.opens), ("closes", draft.closes)):
        try:
            instants.append(to_instant(local, zone, where=where))
        except InvalidInput as error:
            problems.extend(error.problems)
    if len(instants) < 2:
        return None
    if instants[0] >= instants[1]:
        problems.append(Problem("closes-before-opening", "closes"))
    elif instants[1] > starts_at:
        problems.append(Problem("closes-after-start", "closes"))
    return DeskTimes(*instants)


def _number_problems(draft: DeskDraft) -> list[Problem]:
    ranges = (
        ("confirm_hours", draft.confirm_hours, 1, MOST_HOURS),
        ("offer_hours", draft.offer_hours, 1, MOST_HOURS),
        ("reminder_hours", draft.reminder_hours, 0, MOST_HOURS),
        ("largest_party", draft.largest_party, 1, MOST_IN_PARTY),
    )
    return [
        Problem("number-out-of-range", where, {"least": least, "most": most})
        for where, number, least, most in ranges
        if not least <= number <= most
    ]


def _questions_problems(drafts: Sequence[QuestionDraft], known: Mapping[int, KnownQuestion]) -> list[Problem]:
    problems = []
    if len(drafts) > MOST_QUESTIONS:
        problems.append(Problem("questions-too-many", "questions", {"most": MOST_QUESTIONS}))
    kept = [draft.id for draft in drafts if draft.id is not None]
    if any(number not in known for number in kept) or len(set(kept)) < len(kept):
        problems.append(Problem("question-unknown", "questions"))
    if any(question.is_answered for number, question in known.items() if number not in kept):
        problems.append(Problem("question-answered", "questions"))
    for number, draft in enumerate(drafts):
        found = [*_question_problems(draft), *_change_problems(draft, known.get(draft.id or 0))]
        problems += [problem._replace(where=f"questions-{number}-{problem.where}") for problem in found]
    return problems


def _question_problems(draft: QuestionDraft) -> list[Problem]:
    problems = []
    if draft.kind not in QUESTION_KINDS:
        problems.append(Problem("unknown-value", "kind", {"value": draft.kind, "allowed": list(QUESTION_KINDS)}))
    problems += _texts_problems([draft.text], "text", LONGEST_QUESTION)
    if draft.kind == "choice":
        if not 2 <= len(draft.choices) <= MOST_CHOICES:
            problems.append(Problem("choices-number", "choices", {"least": 2, "most": MOST_CHOICES}))
        problems += _texts_problems(draft.choices, "choices", LONGEST_CHOICE)
    elif draft.choices:
        problems.append(Problem("choices-of-text", "choices"))
    return problems


def _texts_problems(texts: Collection[Mapping[str, str]], where: str, longest: int) -> list[Problem]:
    """What is wrong with texts by language: each is there in one language at least, and none is too long."""
    problems = []
    if not all(stated_texts(each) for each in texts):
        problems.append(Problem("question-text-missing", where))
    if any(len(text) > longest for each in texts for text in stated_texts(each).values()):
        problems.append(Problem("text-too-long", where, {"limit": longest}))
    return problems


def _change_problems(draft: QuestionDraft, known: KnownQuestion | None) -> list[Problem]:
    """What has been answered may be said otherwise, but stays the same question."""
    if known is None or not known.is_answered:
        return []
    if draft.kind != known.kind:
        return [Problem("question-answered", "kind")]
    return [Problem("question-answered", "choices")] if len(draft.choices) < known.choices else []
