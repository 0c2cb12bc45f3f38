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
    """Where texts stand; `is_needed`: in every language, whether or not they are there in any."""

    path: str
    texts: Texts
    is_needed: bool = False
    limit: int = SHORT


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
    yield Place("study.title", instrument.title, is_needed=True)
    yield Place("study.consent", instrument.consent, is_needed=True, limit=LONG)
    yield Place("study.note", instrument.note, limit=LONG)
    for where, group in placed("groups", instrument.groups):
        yield Place(join(where, "text"), group.text)
        yield from _choice_places(join(where, "levels"), group.levels)
    for where, section in placed("sections", instrument.sections):
        yield Place(join(where, "title"), section.title)
    for where, item in placed("items", instrument.items):
        yield from _item_places(where, item)
    for where, scale in placed("scales", instrument.scales):
        yield Place(join(where, "title"), scale.title)


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


def _item_places(where: str, item: Item) -> Iterator[Place]:
    yield Place(join(where, "text"), item.text, is_needed=True, limit=LONG)
    for number, label in enumerate(item.labels, start=1):
        # Either no step of a scale has words, or each has.
        yield Place(join(where, "labels", f"#{number}"), label, is_needed=True)
    yield from _choice_places(join(where, "choices"), item.choices)


def _choice_places(table: str, choices: Sequence[Choice]) -> Iterator[Place]:
    """Either no choice has words, its key being enough, or each has."""
    has_words = any(_is_there(text) for choice in choices for text in choice.text.values())
    for where, choice in placed(table, choices):
        yield Place(join(where, "text"), choice.text, has_words)


def _is_there(text: str) -> bool:
    return bool(text.strip())
