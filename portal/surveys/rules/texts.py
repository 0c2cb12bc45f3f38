"""The texts of an instrument: which there are, which are missing in which language, and which are too long."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from portal.core.errors import Problem
from portal.surveys.rules.documents import Choice, Instrument, Item, Texts
from portal.surveys.rules.places import join, placed

SHORT: Final = 2_000
LONG: Final = 5_000


class Place(NamedTuple):
    """Where texts stand; `is_needed`: in every language, whether or not they are there in any.

    `what` they are ("item", "choice", "lowest" …) of the part with this `number`, counted from 1; `part` is the number
    of the choice, or the step.
    """

    path: str
    texts: Texts
    is_needed: bool = False
    limit: int = SHORT
    what: str = ""
    number: int = 0
    part: int = 0


class MissingText(NamedTuple):
    """A text that is not there in a language; `path` is the text's place, such as "items.q1.text"."""

    path: str
    language: str


def missing_texts(instrument: Instrument) -> list[MissingText]:
    """The texts that are not there in a language of the study, in the instrument's order.

    Title, consent and what items ask are needed in every language; any other text once it is there in one of them.
    """
    return [
        MissingText(place.path, language)
        for place in text_places(instrument)
        if place.is_needed or any(map(_is_there, place.texts.values()))
        for language in instrument.languages
        if not _is_there(place.texts.get(language, ""))
    ]


def text_places(instrument: Instrument) -> Iterator[Place]:
    """Every place of the instrument where texts may stand, in its order."""
    yield Place("study.title", instrument.title, is_needed=True, what="title")
    yield Place("study.consent", instrument.consent, is_needed=True, limit=LONG, what="consent")
    yield Place("study.note", instrument.note, limit=LONG, what="note")
    for number, (where, group) in enumerate(placed("groups", instrument.groups), start=1):
        yield Place(join(where, "text"), group.text, what="group", number=number)
        yield from _choice_places(join(where, "levels"), group.levels, "level", number)
    for number, (where, section) in enumerate(placed("sections", instrument.sections), start=1):
        yield Place(join(where, "title"), section.title, what="section", number=number)
    for number, (where, item) in enumerate(placed("items", instrument.items), start=1):
        yield from _item_places(where, item, number)
    for number, (where, scale) in enumerate(placed("scales", instrument.scales), start=1):
        yield Place(join(where, "title"), scale.title, what="scale", number=number)


def text_problems(instrument: Instrument) -> Iterator[Problem]:
    """Texts that are too long, cannot be printed, or are in a language in which nobody is asked."""
    for place in text_places(instrument):
        for language, text in place.texts.items():
            if instrument.languages and language not in instrument.languages:
                values = {"key": language, "allowed": instrument.languages}
                yield Problem("unknown-key", join(place.path, language), values)
            elif len(text) > place.limit:
                yield Problem("text-too-long", join(place.path, language), {"limit": place.limit})
            elif any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\r\t" for each in text):
                yield Problem("text-unprintable", join(place.path, language))


def tidy_texts(texts: Texts, languages: Sequence[str]) -> Texts:
    """The texts in these languages and their order, without the space around them; empty ones go."""
    stripped = {each: texts[each].replace("\r\n", "\n").strip() for each in languages if each in texts}
    return {language: text for language, text in stripped.items() if text}


def _item_places(where: str, item: Item, number: int) -> Iterator[Place]:
    yield Place(join(where, "text"), item.text, is_needed=True, limit=LONG, what="item", number=number)
    least, last = int(item.least or 0), len(item.labels)
    for count, label in enumerate(item.labels, start=1):
        what = {1: "lowest", last: "highest"}.get(count, "label")
        # Either no step of a scale has words, or each has.
        place = join(where, "labels", f"#{count}")
        yield Place(place, label, is_needed=True, what=what, number=number, part=least + count - 1)
    yield from _choice_places(join(where, "choices"), item.choices, "choice", number)


def _choice_places(table: str, choices: Sequence[Choice], what: str, number: int) -> Iterator[Place]:
    """Either no choice has words, its key being enough, or each has."""
    has_words = any(_is_there(text) for choice in choices for text in choice.text.values())
    for count, (where, choice) in enumerate(placed(table, choices), start=1):
        yield Place(join(where, "text"), choice.text, has_words, what=what, number=number, part=count)


def _is_there(text: str) -> bool:
    return bool(text.strip())
