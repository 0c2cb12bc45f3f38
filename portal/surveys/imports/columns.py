"""The columns of files of responses, which depend on what the study asks, and what is said beside such a file."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.web.language import text_in
from portal.imports.kinds import FileColumn, FileOption
from portal.surveys.naming import wave_name
from portal.surveys.queries.responses import find_instrument, list_published, list_waves
from portal.surveys.rules.documents import LIKERT, MULTIPLE, SINGLE, TEXT, Group, Instrument, Item
from portal.surveys.rules.responses import LANGUAGE, RESPONDENT, WEIGHT

Reach = frozenset[str] | None

FIXED_COLUMNS = (
    FileColumn(
        RESPONDENT,
        _l("A number that says nothing about the person; the same in both waves only if they agreed to it."),
        is_key=True,
        is_personal=True,
    ),
    FileColumn(LANGUAGE, _l("Language of the answers, in two letters; the survey's first one if empty.")),
    FileColumn(WEIGHT, _l("How much the answers count, such as 0.85; not weighted if empty.")),
)
_SAYS = {
    SINGLE: _l("The key of one choice."),
    MULTIPLE: _l("The keys of the choices, with semicolons between them."),
    TEXT: _l("Text without anything that tells who answered."),
}
_LEVEL_SAYS = _l("The key of a level; not known if empty.")
_NEEDED_LEVEL_SAYS = _l("The key of a level. No answer is stored without it.")
_ELEMENT_SAYS = _l("An element of the code that people build themselves; kept as a keyed hash only.")
_STEP_SAYS = _l("A whole number of the scale; dk or refused where that was answered; empty where nothing was.")
_NUMBER_SAYS = _l("A number with a point before its decimals.")


def list_columns(code: str, stated: Mapping[str, str]) -> tuple[FileColumn, ...]:
    """The columns of a file for the study and wave that are said; those of every file where none is said yet."""
    instrument = find_instrument(code, stated.get("study", ""), stated.get("wave", "")) if code else None
    if instrument is None:
        return FIXED_COLUMNS
    respondent, language, weight = FIXED_COLUMNS
    columns = [respondent, language._replace(choices=_words(instrument.languages)), weight]
    # A name that stands twice is the first column's; an instrument of which that is so is not publishable.
    names = {each.name.casefold() for each in columns}
    for column in _asked(instrument):
        if column.name.casefold() not in names:
            names.add(column.name.casefold())
            columns.append(column)
    return tuple(columns)


def _asked(instrument: Instrument) -> Iterator[FileColumn]:
    yield from (_group(each) for each in instrument.groups)
    yield from (_item(each) for each in instrument.items)
    for element in instrument.pairing.elements:
        yield FileColumn(element, _ELEMENT_SAYS, is_personal=True)


def _group(group: Group) -> FileColumn:
    says = _NEEDED_LEVEL_SAYS if group.is_required else _LEVEL_SAYS
    return FileColumn(group.key, says, choices=_words(tuple(level.key for level in group.levels)))


def _item(item: Item) -> FileColumn:
    if item.kind == LIKERT:
        says, steps = _STEP_SAYS, range(int(item.least or 0), int(item.most or 0) + 1)
        return FileColumn(item.key, says, choices=_words((*map(str, steps), "dk", "refused")))
    if item.kind == SINGLE:
        keys = tuple(choice.key for choice in item.choices)
        return FileColumn(item.key, _SAYS[SINGLE], choices=_words((*keys, "dk", "refused")))
    return FileColumn(item.key, _SAYS.get(item.kind, _NUMBER_SAYS), is_personal=item.kind == TEXT)


def _words(words: tuple[str, ...]) -> Any:
    """The same words in every project."""
    return partial(_same, words)


def _same(words: tuple[str, ...], code: str) -> tuple[str, ...]:
    return words


def _studies(code: str, reach: Reach) -> list[tuple[str, Any]]:
    """The surveys by their keys, which tell those apart that have the same title."""
    titles = [(study.key, text_in(study.title)) for study in list_published(code)]
    return [(key, f"{title} ({key})" if title else key) for key, title in titles]


def _waves(code: str, reach: Reach) -> list[tuple[str, Any]]:
    """The waves by their words and keys, which several studies may share."""
    keys = dict.fromkeys(wave.key for wave in list_waves(code))
    return [(key, f"{name} ({key})" if (name := wave_name(key)) != key else key) for key in keys]


STUDY = FileOption(
    "study", _l("Survey"), _l("Only published surveys take answers."), is_required=True, choices=_studies
)
WAVE = FileOption(
    "wave", _l("Wave"), _l("A wave that is closed takes files all the same."), is_required=True, choices=_waves
)
