"""The questionnaire on paper, in one language or in two side by side: boxes to tick and lines to write on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from portal.core.web.language import speaking, text_in
from portal.projects.models import Project
from portal.reports.documents.frame import beside, frame, in_each
from portal.reports.documents.typesetting import typeset
from portal.surveys.labels import CODE_ELEMENTS, MISSING_ANSWERS
from portal.surveys.naming import quoted
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, SINGLE, Condition, Group, Instrument, Item, Texts
from portal.surveys.rules.showing import CODE, GROUPS, Screen, number_items, ordered_screens

# To write an open answer on.
LINES: Final = 3


class PaperOrder(NamedTuple):
    """What is to be printed: for which survey and wave, in which languages, and how its version is known."""

    study: str
    wave: str
    fingerprint: str
    instrument: Instrument
    languages: Sequence[str]


def survey_paper_pdf(project: Project, order: PaperOrder, *, now: datetime) -> bytes:
    """The questionnaire as PDF, with a box for the number of the form on each page."""
    asked, languages = order.instrument, order.languages
    around = frame(project, languages, title=lambda: text_in(asked.title), public=True)
    numbers = number_items(asked)
    paper = {
        "study": " · ".join((order.study, order.wave, order.fingerprint[:8])),
        "titles": _texts(asked.title, languages),
        "number": beside(languages, lambda: _("No. of this form")),
        "staff": beside(languages, lambda: _("filled in by us")),
        "hints": [_in(language, lambda: list(_hints(asked))) for language in languages],
        "consent": _texts(asked.consent, languages),
        "agree": in_each(languages, lambda: _("I agree")),
        "blocks": [_block(screen, asked, numbers, languages) for screen in ordered_screens(asked)],
        "thanks": in_each(languages, lambda: _("Thank you.")),
    }
    return typeset("survey_paper", {**around, "paper": paper}, now=now)


def _hints(asked: Instrument) -> Iterable[str]:
    yield _("Your answers are anonymous. Do not write your name anywhere.")
    yield _("Tick one box for each question, unless it says that you may tick several.")
    if any(each.is_required for each in asked.groups) or any(each.is_required for each in asked.items):
        yield _("Leave out what you do not want to answer, unless it says that it needs an answer.")
    else:
        yield _("Leave out what you do not want to answer.")


def _block(screen: Screen, asked: Instrument, numbers: Mapping[str, int], languages: Sequence[str]) -> dict[str, Any]:
    """What stands under one heading."""
    if screen.kind == GROUPS:
        entries = [_group(group, languages) for group in screen.groups]
        return {"titles": in_each(languages, lambda: _("About you")), "entries": entries}
    if screen.kind == CODE:
        entries = [
            _entry("code", "", _each(languages, CODE_ELEMENTS[key].__str__), languages) for key in screen.elements
        ]
        hint = in_each(languages, lambda: _("Your own code"))
        return {"titles": hint, "entries": entries}
    return {
        "titles": _texts(screen.title, languages),
        "entries": [_question(item, screen.items, asked, numbers, languages) for item in screen.items],
    }


def _group(group: Group, languages: Sequence[str]) -> dict[str, Any]:
    levels = [_texts(each.text, languages) for each in group.levels]
    needed = _needed(languages) if group.is_required else []
    return _entry("choices", "", group.text, languages, choices=levels, hint=needed)


def _question(
    item: Item, beside_it: Sequence[Item], asked: Instrument, numbers: Mapping[str, int], languages: Sequence[str]
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "missing": [in_each(languages, words.__str__) for words in MISSING_ANSWERS.values()] if item.may_refuse else [],
        "condition": _skip(item, asked, numbers, languages),
        "hint": [" ".join(said) for said in zip(*_hints_of(item, languages), strict=True)],
        "key": item.key,
    }
    number = str(numbers[item.key])
    if item.kind == LIKERT:
        return _entry("steps", number, item.text, languages, steps=_steps(item, languages), **facts)
    if item.kind in (SINGLE, MULTIPLE):
        choices = [_texts(each.text, languages) or [each.key] for each in item.choices]
        return _entry("choices", number, item.text, languages, choices=choices, **facts)
    if item.kind == NUMBER:
        return _entry("number", number, item.text, languages, **facts)
    return _entry("text", number, item.text, languages, lines=LINES, **facts)


def _entry(kind: str, number: str, texts: Texts, languages: Sequence[str], **facts: Any) -> dict[str, Any]:
    """Something to fill in; what the layout reads of every kind is there."""
    usual = {"choices": [], "steps": [], "missing": [], "condition": [], "hint": [], "lines": 0, "key": ""}
    return {**usual, "kind": kind, "number": number, "texts": _texts(texts, languages), **facts}


def _steps(item: Item, languages: Sequence[str]) -> list[dict[str, Any]]:
    least, most = int(item.least or 0), int(item.most or 0)
    labels = item.labels or ({},) * (most - least + 1)
    return [
        {"number": str(least + place), "words": _distinct(_texts(words, languages))}
        for place, words in enumerate(labels[: most - least + 1])
    ]


def _hints_of(item: Item, languages: Sequence[str]) -> Iterator[list[str]]:
    """What is said of how to answer, in each of the languages."""
    if item.kind == MULTIPLE:
        yield in_each(languages, lambda: _("You may tick several."))
    if item.kind == NUMBER:
        yield _range(item, languages)
    if item.is_required:
        yield _needed(languages)


def _needed(languages: Sequence[str]) -> list[str]:
    return in_each(languages, lambda: _("This question needs an answer."))


def _range(item: Item, languages: Sequence[str]) -> list[str]:
    least, most = _plain(item.least), _plain(item.most)
    if least and most:
        return in_each(languages, lambda: _("a number from %(least)s to %(most)s", least=least, most=most))
    if least:
        return in_each(languages, lambda: _("a number, at least %(least)s", least=least))
    return in_each(languages, lambda: _("a number, at most %(most)s", most=most) if most else _("a number"))


def _plain(bound: Decimal | None) -> str:
    return "" if bound is None else f"{bound:f}"


def _skip(item: Item, asked: Instrument, numbers: Mapping[str, int], languages: Sequence[str]) -> list[str]:
    """For whom the question is, and where everyone else goes on; nothing where it is for everyone.

    Of several questions in a row that hang on the same answer only the first says it.
    """
    if item.show_if is None:
        return []
    by_number = {number: asked.item(key) for key, number in numbers.items()}
    place = numbers[item.key]
    before = by_number.get(place - 1)
    if before is not None and before.show_if == item.show_if:
        return []
    following = place + 1
    while following in by_number and by_number[following].show_if == item.show_if:
        following += 1
    return in_each(
        languages, lambda: _condition(item.show_if, asked, numbers, following if following in by_number else 0)
    )


def _condition(condition: Condition | None, asked: Instrument, numbers: Mapping[str, int], following: int) -> str:
    if condition is None:
        return ""
    parent = asked.item(condition.item)
    values = {
        "answers": _(" or ").join(quoted(_answer(parent, each)) for each in condition.values),
        "number": numbers[parent.key],
    }
    if not following:
        return str(_("If you did not answer %(answers)s to question %(number)s, you have reached the end.", **values))
    said = _(
        "If you did not answer %(answers)s to question %(number)s, go to question %(next)s.", next=following, **values
    )
    return str(said)


def _answer(item: Item, value: str) -> str:
    """The answer as the paper has it: the words of a choice, the number of a step."""
    return next((text_in(each.text) or each.key for each in item.choices if each.key == value), value)


def _texts(texts: Texts, languages: Sequence[str]) -> list[str]:
    """The text in each language; nothing at all where there is none."""
    found = [text_in(texts, language) for language in languages]
    return found if any(found) else []


def _distinct(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _each(languages: Sequence[str], say: Callable[[], str]) -> dict[str, str]:
    """What is said in each language, by the language."""
    return {language: _in(language, say) for language in languages}


def _in(language: str, say: Callable[[], Any]) -> Any:
    with speaking(language):
        return say()
