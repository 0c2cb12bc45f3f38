"""The tables of an instrument file, and what is made of what their readers left.

What could not be read stands in the instrument as if it were empty, so that all other problems are found too.
Source: interfaces "Instrument file".
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from portal.core.errors import InvalidInput, Problem
from portal.core.money import BasisPoints
from portal.projects.rules.readers import Reader, Table, join, label_rows, listed, rows, table, value
from portal.projects.rules.values import (
    MOST_ROWS,
    read_day,
    read_flag,
    read_key,
    read_project_code,
    read_quoted_percent,
    read_text,
    read_whole,
)
from portal.projects.rules.vocabulary import LANGUAGES
from portal.surveys.rules.documents import (
    BY_CODE,
    NOT_PAIRED,
    Choice,
    Condition,
    Group,
    Instrument,
    Item,
    Pairing,
    Scale,
    Section,
)
from portal.surveys.rules.item_checks import read_decimal
from portal.surveys.rules.margins import LONGEST_SOURCE, Margin
from portal.surveys.rules.places import LONGEST_KEY
from portal.surveys.rules.texts import LONG, SHORT
from portal.surveys.rules.wave_drafts import WaveDraft


def sequence(read: Reader) -> Reader:
    """A reader of a list whose parts may be equal; a part that cannot be read is None."""

    def reader(stated: object, where: str, problems: list[Problem]) -> list[Any] | None:
        if not isinstance(stated, list):
            problems.append(Problem("not-a-list", where))
            return None
        if len(stated) > MOST_ROWS:
            problems.append(Problem("list-too-long", where, {"limit": MOST_ROWS}))
            return None
        return [read(part, join(where, label), problems) for label, part in label_rows(stated)]

    return reader


def _read_number(stated: object) -> Decimal:
    """A number with or without quotation marks; raise InvalidInput if it is none."""
    # What a parser made a float of is taken as it was written.
    is_number = isinstance(stated, int | float | Decimal | str) and not isinstance(stated, bool)
    number = read_decimal(str(stated).strip()) if is_number else None
    if number is None:
        raise InvalidInput("survey-number")
    return number


def _read_percent(stated: object) -> BasisPoints:
    """A percentage with or without quotation marks; raise InvalidInput if it is none."""
    is_number = isinstance(stated, int | float | Decimal) and not isinstance(stated, bool)
    return read_quoted_percent(str(stated) if is_number else stated)


def _read_answer(stated: object) -> str:
    """An answer as a response file writes it, or the key of a choice; raise InvalidInput if it is neither."""
    is_number = isinstance(stated, int | Decimal) and not isinstance(stated, bool)
    return read_text(str(stated) if is_number else stated, limit=LONGEST_KEY)


_KEY: Final = value(read_text, limit=LONGEST_KEY)
_WORD: Final = value(_read_answer)
_FLAG: Final = value(read_flag)
_NUMBER: Final = value(_read_number)
_SHORT: Final = table(dict.fromkeys(LANGUAGES, value(read_text, limit=SHORT)))
_LONG: Final = table(dict.fromkeys(LANGUAGES, value(read_text, limit=LONG)))
_KEYS: Final = listed(_KEY, may_be_empty=True)
_PERCENT: Final = value(_read_percent)
_CHOICE: Final = table({"key": _WORD, "text": _SHORT}, required=("key",))


def _read_shares(stated: object, where: str, problems: list[Problem]) -> dict[str, Any] | None:
    """The share of each level that could be read, in hundredths of a percent."""
    if not isinstance(stated, Mapping):
        problems.append(Problem("not-a-table", where))
        return None
    read = {str(level): _PERCENT(part, join(where, str(level)), problems) for level, part in stated.items()}
    return {level: share for level, share in read.items() if share is not None}


def _read_choice(stated: object, where: str, problems: list[Problem]) -> Choice:
    """A choice: its key alone, or a table with its words."""
    if not isinstance(stated, Mapping):
        return Choice(_WORD(stated, where, problems) or "")
    row = _CHOICE(stated, where, problems)
    return Choice(row.get("key") or "", _texts(row, "text"))


_STUDY: Final = table(
    {
        "key": value(read_key),
        "project": value(read_project_code),
        "languages": listed(value(read_text)),
        "title": _SHORT,
        "consent": _LONG,
        "note": _LONG,
    },
    required=("key", "project", "languages"),
)
_WAVE: Final = table(
    {"key": _KEY, "opens": value(read_day), "last_day": value(read_day), "open_link": _FLAG}, required=("key",)
)
_GROUP: Final = table(
    {"key": _KEY, "levels": sequence(_read_choice), "text": _SHORT, "required": _FLAG}, required=("key", "levels")
)
_SECTION: Final = table({"key": _KEY, "title": _SHORT, "random": _FLAG}, required=("key",))
_ITEM: Final = table(
    {
        "key": _KEY,
        "type": _KEY,
        "text": _LONG,
        "section": _KEY,
        "min": _NUMBER,
        "max": _NUMBER,
        "labels": sequence(_SHORT),
        "choices": sequence(_read_choice),
        "required": _FLAG,
        "may_refuse": _FLAG,
        "show_if": table({"item": _KEY, "values": listed(_WORD)}, required=("item", "values")),
    },
    required=("key", "type"),
)
_SCALE: Final = table(
    {"key": _KEY, "items": _KEYS, "title": _SHORT, "reverse": _KEYS, "min_answered": _NUMBER},
    required=("key", "items"),
)
_MARGIN: Final = table(
    {"group": _KEY, "shares": _read_shares, "source": value(read_text, limit=LONGEST_SOURCE)},
    required=("group", "shares", "source"),
)

FILE: Final = table(
    {
        "study": _STUDY,
        "waves": rows(_WAVE, identity="key"),
        "groups": rows(_GROUP, identity="key"),
        "sections": rows(_SECTION, identity="key"),
        "items": rows(_ITEM, identity="key"),
        "scales": rows(_SCALE, identity="key"),
        "margins": rows(_MARGIN, identity="group"),
        "pairing": table({"method": _KEY, "elements": _KEYS, "require": value(read_whole, least=0, most=99)}),
    },
    required=("study",),
)


def instrument_of(file: Table) -> Instrument:
    """The instrument that the readers' tables make."""
    study = file.get("study") or {}
    return Instrument(
        languages=_keys(study, "languages"),
        title=_texts(study, "title"),
        consent=_texts(study, "consent"),
        note=_texts(study, "note"),
        groups=tuple(
            Group(_key(row), tuple(row.get("levels") or ()), _texts(row, "text"), bool(row.get("required")))
            for row in _rows(file, "groups")
        ),
        sections=tuple(
            Section(_key(row), _texts(row, "title"), bool(row.get("random"))) for row in _rows(file, "sections")
        ),
        items=tuple(map(_item, _rows(file, "items"))),
        scales=tuple(map(_scale, _rows(file, "scales"))),
        pairing=_pairing(file.get("pairing") or {}),
    )


def waves_of(file: Table) -> tuple[WaveDraft, ...]:
    """The waves that the readers' tables make."""
    return tuple(
        WaveDraft(_key(row), row.get("opens"), row.get("last_day"), row.get("open_link") is not False)
        for row in _rows(file, "waves")
    )


def margins_of(file: Table) -> dict[str, Margin]:
    """The known shares that the readers' tables make, by group."""
    return {
        row.get("group") or label: Margin(row.get("shares") or {}, row.get("source") or "")
        for label, row in (file.get("margins") or {}).items()
    }


def _item(row: Table) -> Item:
    condition = row.get("show_if")
    return Item(
        key=_key(row),
        kind=row.get("type") or "",
        text=_texts(row, "text"),
        section=row.get("section") or "",
        least=row.get("min"),
        most=row.get("max"),
        labels=tuple(map(_read_texts, row.get("labels") or ())),
        choices=tuple(row.get("choices") or ()),
        is_required=bool(row.get("required")),
        may_refuse=row.get("may_refuse") is not False,
        show_if=Condition(condition.get("item") or "", _keys(condition, "values")) if condition else None,
    )


def _scale(row: Table) -> Scale:
    scale = Scale(_key(row), _keys(row, "items"), _texts(row, "title"), _keys(row, "reverse"))
    share = row.get("min_answered")
    return scale if share is None else scale._replace(min_answered=share)


def _pairing(row: Table) -> Pairing:
    method, elements, require = row.get("method") or NOT_PAIRED, _keys(row, "elements"), row.get("require")
    # A code whose elements need not all agree says so.
    by_default = len(elements) if method == BY_CODE else 0
    return Pairing(method, elements, by_default if require is None else require)


def _rows(file: Table, name: str) -> list[Table]:
    return list((file.get(name) or {}).values())


def _key(row: Table) -> str:
    return row.get("key") or ""


def _keys(row: Table, name: str) -> tuple[str, ...]:
    return tuple(key or "" for key in row.get(name) or ())


def _texts(row: Table, name: str) -> dict[str, str]:
    return _read_texts(row.get(name))


def _read_texts(texts: Table | None) -> dict[str, str]:
    """Those of the texts that could be read."""
    return {language: text for language, text in (texts or {}).items() if text}
