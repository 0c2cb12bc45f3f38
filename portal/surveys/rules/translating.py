"""Putting texts into a questionnaire in one language, and how complete it is in each."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from portal.surveys.rules.documents import Choice, Instrument, Item, Texts
from portal.surveys.rules.places import join, placed
from portal.surveys.rules.texts import Place, missing_texts, text_places

# Makes other texts of those at a place.
Change = Callable[[str, Texts], Texts]


class Completeness(NamedTuple):
    """How many of the texts that there must be are there in a language."""

    language: str
    filled: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether none is missing."""
        return self.filled == self.total


def needed_places(instrument: Instrument) -> list[Place]:
    """The places that must have a text in every language, in the order in which people read them."""
    return [each for each in text_places(instrument) if each.is_needed or any(each.texts.values())]


def completeness(instrument: Instrument) -> list[Completeness]:
    """How complete each language of the questionnaire is, in their order."""
    total, missing = len(needed_places(instrument)), [each.language for each in missing_texts(instrument)]
    return [Completeness(each, total - missing.count(each), total) for each in instrument.languages]


def with_texts(instrument: Instrument, language: str, stated: Mapping[str, str]) -> Instrument:
    """The questionnaire with these texts (place -> text) in the language; an empty one is taken out."""

    def change(path: str, texts: Texts) -> Texts:
        return put_text(texts, language, stated[path]) if path in stated else texts

    return _changed(instrument, change)


def same_words(
    instrument: Instrument, language: str, stated: Mapping[str, str], *, unsure: Collection[str] = ()
) -> dict[str, str]:
    """Place -> text in the language, for each missing text that is written just as one that is now stated.

    `stated`: place -> text in the language, of which those at `unsure` places may not be right. Nothing is filled in
    where the same words are stated in several ways, nor what is taken out now.
    """
    source = instrument.languages[0]
    places = [each for each in text_places(instrument) if each.texts.get(source)]
    said: defaultdict[str, set[str]] = defaultdict(set)
    for each in places:
        if each.path not in unsure and stated.get(each.path, "").strip():
            said[each.texts[source]].add(stated[each.path])
    waiting = [each for each in places if not (each.texts.get(language) or stated.get(each.path, "").strip())]
    found = {each.path: min(said[each.texts[source]]) for each in waiting if len(said[each.texts[source]]) == 1}
    return {each.path: found[each.path] for each in waiting if 0 < len(found.get(each.path, "")) <= each.limit}


def in_languages(instrument: Instrument, languages: tuple[str, ...]) -> Instrument:
    """The questionnaire in these languages, without its texts in any other."""

    def keep(path: str, texts: Texts) -> Texts:
        return {language: text for language, text in texts.items() if language in languages}

    return _changed(instrument, keep)._replace(languages=languages)


def put_text(texts: Texts, language: str, text: str) -> Texts:
    """The texts with this one in the language; without one where it is empty."""
    others = {each: said for each, said in texts.items() if each != language}
    return {**others, language: text} if text else others


def _changed(instrument: Instrument, change: Change) -> Instrument:
    """The questionnaire with what `change` makes of the texts at each place, as `text_places` calls it."""
    return instrument._replace(
        title=change("study.title", instrument.title),
        consent=change("study.consent", instrument.consent),
        note=change("study.note", instrument.note),
        groups=tuple(
            each._replace(
                text=change(join(where, "text"), each.text),
                levels=_choices(join(where, "levels"), each.levels, change),
            )
            for where, each in placed("groups", instrument.groups)
        ),
        sections=tuple(
            each._replace(title=change(join(where, "title"), each.title))
            for where, each in placed("sections", instrument.sections)
        ),
        items=tuple(_item(where, each, change) for where, each in placed("items", instrument.items)),
        scales=tuple(
            each._replace(title=change(join(where, "title"), each.title))
            for where, each in placed("scales", instrument.scales)
        ),
    )


def _item(where: str, item: Item, change: Change) -> Item:
    labels = enumerate(item.labels, start=1)
    return item._replace(
        text=change(join(where, "text"), item.text),
        labels=tuple(change(join(where, "labels", f"#{number}"), each) for number, each in labels),
        choices=_choices(join(where, "choices"), item.choices, change),
    )


def _choices(table: str, choices: tuple[Choice, ...], change: Change) -> tuple[Choice, ...]:
    return tuple(each._replace(text=change(join(where, "text"), each.text)) for where, each in placed(table, choices))
