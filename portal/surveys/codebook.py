"""The codebook: what each column of a file of answers holds, and what each value means, in the survey's languages."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from portal.core.tables import Cell, Column, Sheet, write_xlsx
from portal.core.web.language import LANGUAGES, speaking
from portal.surveys.labels import ITEM_KINDS, MISSING_ANSWERS
from portal.surveys.rules.documents import Choice, Instrument, Item, Texts
from portal.surveys.rules.variables import LANGUAGE, WEIGHT, WRITTEN, variables


def codebook(study: str, wave: str, instrument: Instrument) -> bytes:
    """The workbook that explains the answers of the wave, with a column of words for each language."""
    return write_xlsx(
        [
            Sheet(_("Variables"), _variable_columns(instrument), _variable_rows(instrument)),
            Sheet(_("Values"), _value_columns(instrument), _value_rows(instrument)),
            Sheet(_("Scales"), _scale_columns(instrument), _scale_rows(instrument)),
            Sheet(_("Notes"), [Column(_("Note"), 110)], [[note] for note in _notes(study, wave, instrument)]),
        ]
    )


def _in_each(instrument: Instrument) -> list[Column]:
    return [Column(LANGUAGES[language], 48) for language in instrument.languages]


def _texts(instrument: Instrument, texts: Texts) -> list[Cell]:
    return [texts.get(language, "") for language in instrument.languages]


def _variable_columns(instrument: Instrument) -> list[Column]:
    facts = (_("Column"), _("Kind"), _("Least"), _("Most"), _("Shown only if"), _("Names in SPSS"))
    return [*(Column(name, 18) for name in facts), *_in_each(instrument)]


def _variable_rows(instrument: Instrument) -> Iterator[Sequence[Cell]]:
    in_spss: dict[tuple[bool, str], list[str]] = {}
    for each in variables(instrument, {}):
        in_spss.setdefault((each.is_group, each.of), []).append(each.name)
    for name, words in ((LANGUAGE, _("Language")), (WEIGHT, _("Weight"))):
        yield [name, words, None, None, "", name, *("" for _each in instrument.languages)]
    for group in instrument.groups:
        names = ", ".join(in_spss[True, group.key])
        yield [group.key, _("Group"), None, None, "", names, *_texts(instrument, group.text)]
    for item in instrument.items:
        names = ", ".join(in_spss[False, item.key])
        facts: list[Cell] = [item.key, str(ITEM_KINDS[item.kind]), item.least, item.most, _condition(item), names]
        yield [*facts, *_texts(instrument, item.text)]


def _condition(item: Item) -> str:
    return f"{item.show_if.item} = {', '.join(item.show_if.values)}" if item.show_if else ""


def _value_columns(instrument: Instrument) -> list[Column]:
    return [*(Column(name, 18) for name in (_("Column"), _("Value"), _("Number in SPSS"))), *_in_each(instrument)]


def _value_rows(instrument: Instrument) -> Iterator[Sequence[Cell]]:
    for group in instrument.groups:
        yield from _choice_rows(instrument, group.key, group.levels)
    for item in instrument.items:
        for place, words in enumerate(item.labels):
            step = int(item.least or 0) + place
            yield [item.key, str(step), step, *_texts(instrument, words)]
        is_multiple = item.kind == "multiple"
        yield from _choice_rows(instrument, item.key, item.choices, is_multiple=is_multiple)
    for value, name in WRITTEN.items():
        yield [_("every question"), name, None, *(_missing(value, language) for language in instrument.languages)]


def _choice_rows(
    instrument: Instrument, key: str, choices: Sequence[Choice], *, is_multiple: bool = False
) -> Iterator[Sequence[Cell]]:
    """What can be chosen; each of several choices is a variable of its own in SPSS, and has no number there."""
    for number, choice in enumerate(choices, start=1):
        yield [key, choice.key, None if is_multiple else number, *_texts(instrument, choice.text)]


def _missing(value: str, language: str) -> str:
    with speaking(language):
        return str(MISSING_ANSWERS[value])


def _scale_columns(instrument: Instrument) -> list[Column]:
    facts = (_("Scale"), _("Items"), _("Reversed items"), _("Least share answered"))
    return [*(Column(name, 22) for name in facts), *_in_each(instrument)]


def _scale_rows(instrument: Instrument) -> Iterator[Sequence[Cell]]:
    for scale in instrument.scales:
        facts: list[Cell] = [scale.key, ", ".join(scale.items), ", ".join(scale.reverse), scale.min_answered]
        yield [*facts, *_texts(instrument, scale.title)]


def _notes(study: str, wave: str, instrument: Instrument) -> Iterator[str]:
    yield f"{study} · {wave}"
    yield from (text for text in instrument.note.values() if text)
    yield _("Each row is one person. The rows stand in an order of chance and have neither number nor day.")
    yield _("An empty cell means that nothing was answered. Several choices are separated by semicolons.")
    yield _("In SPSS each of several choices is a variable of its own: 1 chosen, 0 not chosen.")
    yield _("Reversed items stand as they were answered: turn them round before you average a scale.")
    yield _("Open answers may say who somebody is: read them before you hand the file on.")
