"""Translations of texts that say something else since: which they are, from one save of a draft to the next."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from portal.surveys.rules.documents import Instrument
from portal.surveys.rules.places import join
from portal.surveys.rules.texts import Place, text_places

# Place of a text -> language -> what the text said when it was translated into it.
Outdated = Mapping[str, Mapping[str, str]]
# A place and a language.
Spot = tuple[str, str]


class Renamed(NamedTuple):
    """A part of this table ("items") that got another key."""

    table: str
    old: str
    new: str


def outdated_after(
    before: Instrument,
    after: Instrument,
    known: Outdated,
    *,
    confirmed: Collection[Spot] = (),
    renames: Collection[Renamed] = (),
) -> dict[str, dict[str, str]]:
    """The translations of `after` that are as they were while their text, in the first language, was written anew.

    `known` are those of `before`. One goes when the translation is written anew or `confirmed`, and when the text says
    again what was translated. Where the questionnaire is written in another language than before, there are none.
    """
    if before.languages[:1] != after.languages[:1]:
        return {}
    texts = {_followed(each.path, renames): each.texts for each in text_places(before)}
    marks = {_followed(path, renames): each for path, each in known.items()}
    source, others = after.languages[0], after.languages[1:]
    found: dict[str, dict[str, str]] = {}
    for place in text_places(after):
        old, mark = texts.get(place.path, {}), marks.get(place.path, {})
        for language in others:
            said = mark.get(language) or old.get(source, "")
            is_kept = bool(place.texts.get(language)) and place.texts.get(language) == old.get(language)
            if is_kept and said not in ("", place.texts.get(source, "")) and (place.path, language) not in confirmed:
                found.setdefault(place.path, {})[language] = said
    return found


def places_to_check(instrument: Instrument, outdated: Outdated) -> list[tuple[Place, str]]:
    """Each place with each language whose translation may not be right any more, in the instrument's order."""
    return [
        (place, language)
        for place in text_places(instrument)
        for language in instrument.languages
        if language in outdated.get(place.path, {})
    ]


def _followed(path: str, renames: Iterable[Renamed]) -> str:
    """The place by the keys that parts have now."""
    for each in renames:
        old = join(each.table, each.old)
        if path == old or path.startswith(f"{old}."):
            return join(each.table, each.new) + path.removeprefix(old)
    return path
