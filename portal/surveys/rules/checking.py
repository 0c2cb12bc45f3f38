"""What an instrument must agree on within itself, and what keeps it from being published.

Places are dotted paths as in an instrument file: see `places`.
"""

from collections.abc import Iterator

from portal.core.errors import Problem
from portal.projects.rules.vocabulary import LANGUAGES
from portal.surveys.rules.documents import BY_CODE, PAIRING_METHODS, Choice, Instrument, Item, Pairing, Texts
from portal.surveys.rules.item_checks import in_order, item_problems, scale_problems
from portal.surveys.rules.places import (
    CODE_ELEMENTS,
    RESERVED,
    Keyed,
    choice_problems,
    join,
    key_problems,
    placed,
    repeated,
)
from portal.surveys.rules.texts import MissingText, missing_texts, text_problems, tidy_texts

__all__ = ["MissingText", "check_instrument", "missing_texts", "publish_problems", "tidied"]


def check_instrument(instrument: Instrument) -> list[Problem]:
    """Everything that is wrong with how the instrument is built, in its own order; missing texts are not among it."""
    # Groups and items are columns of the same table of answers.
    columns: list[tuple[str, Keyed]] = [*placed("groups", instrument.groups), *placed("items", instrument.items)]
    return [
        *_language_problems(instrument),
        *text_problems(instrument),
        *key_problems(columns, reserved=RESERVED),
        *(each for where, group in placed("groups", instrument.groups) for each in _levels(where, group.levels)),
        *key_problems(placed("sections", instrument.sections)),
        *item_problems(instrument),
        *key_problems(placed("scales", instrument.scales)),
        *scale_problems(instrument),
        *_pairing_problems(instrument.pairing),
    ]


def publish_problems(instrument: Instrument) -> list[Problem]:
    """All that keeps the instrument from being published: how it is built, and every text that is missing."""
    missing = [
        Problem("survey-text-missing", join(each.path, each.language), {"language": each.language})
        for each in missing_texts(instrument)
        if each.language in LANGUAGES
    ]
    nothing = [] if instrument.items else [Problem("survey-without-items", "items")]
    return [*check_instrument(instrument), *nothing, *missing]


def tidied(instrument: Instrument) -> Instrument:
    """The instrument in its canonical form, in which it is kept: equal questionnaires have equal hashes.

    Items stand in the order in which they are asked. Texts are without the space around them; empty ones, and those in
    languages in which nobody is asked, go.
    """

    def tidy(texts: Texts) -> Texts:
        return tidy_texts(texts, instrument.languages)

    def tidy_choices(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(choice._replace(text=tidy(choice.text)) for choice in choices)

    def tidy_item(item: Item) -> Item:
        labels = tuple(map(tidy, item.labels))
        return item._replace(text=tidy(item.text), labels=labels, choices=tidy_choices(item.choices))

    return instrument._replace(
        title=tidy(instrument.title),
        consent=tidy(instrument.consent),
        note=tidy(instrument.note),
        groups=tuple(
            group._replace(text=tidy(group.text), levels=tidy_choices(group.levels)) for group in instrument.groups
        ),
        sections=tuple(section._replace(title=tidy(section.title)) for section in instrument.sections),
        items=tuple(map(tidy_item, in_order(instrument))),
        scales=tuple(scale._replace(title=tidy(scale.title)) for scale in instrument.scales),
    )


def _language_problems(instrument: Instrument) -> Iterator[Problem]:
    where = "study.languages"
    if not instrument.languages:
        yield Problem("empty-list", where)
    yield from repeated(where, instrument.languages)
    for number, language in enumerate(instrument.languages, start=1):
        if language not in LANGUAGES:
            yield Problem("unknown-value", join(where, f"#{number}"), {"value": language, "allowed": LANGUAGES})


def _levels(where: str, levels: tuple[Choice, ...]) -> Iterator[Problem]:
    return choice_problems(join(where, "levels"), levels)


def _pairing_problems(pairing: Pairing) -> Iterator[Problem]:
    if pairing.method not in PAIRING_METHODS:
        yield Problem("unknown-value", "pairing.method", {"value": pairing.method, "allowed": PAIRING_METHODS})
        return
    if pairing.method != BY_CODE:
        if pairing.elements or pairing.require:
            yield Problem("pairing-not-by-code", "pairing.elements" if pairing.elements else "pairing.require")
        return
    if not pairing.elements:
        yield Problem("empty-list", "pairing.elements")
    yield from repeated("pairing.elements", pairing.elements)
    for number, element in enumerate(pairing.elements, start=1):
        if element not in CODE_ELEMENTS:
            values = {"value": element, "allowed": CODE_ELEMENTS}
            yield Problem("unknown-value", join("pairing.elements", f"#{number}"), values)
    most = len(pairing.elements)
    if most and not 1 <= pairing.require <= most:
        yield Problem("number-out-of-range", "pairing.require", {"least": 1, "most": most})
