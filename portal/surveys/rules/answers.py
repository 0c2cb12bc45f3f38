"""Values that can be answered, and how each is written.

An answer is kept as JSON by the kind of its item: a whole number (likert), the key of a choice (single), a list of keys
in the order of the choices (multiple), a decimal as text (number), a text (text); or why there is none (`MISSING`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from portal.core.errors import InvalidInput
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, SINGLE, TEXT, Item

WEB: Final = "web"
PAPER: Final = "paper"
FILE: Final = "file"
SOURCES: Final = (WEB, PAPER, FILE)

# Typed missing values: asked, and answered so. What is not answered at all is not kept.
DONT_KNOW: Final = "@dk"
REFUSED: Final = "@no"
MISSING: Final = (DONT_KNOW, REFUSED)

LONGEST_TEXT: Final = 2_000
# As people write a number: perhaps a sign, digits, and a part after a point or a comma.
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?", re.ASCII)

Value = int | str | list[str]


def read_answer(item: Item, texts: Sequence[str]) -> Value | None:
    """The answer that these texts, the values of one field, give to the item; None where nothing is answered.

    A likert item takes "4", a number "1,5" or "1.5", choices take their keys, each kind a typed missing value where the
    item offers them. Raise InvalidInput, at the item's key, for what is none of its answers.
    """
    stated = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if not stated:
        return None
    if any(text in MISSING for text in stated):
        return _missing(item, stated)
    if len(stated) > 1 and item.kind != MULTIPLE:
        raise InvalidInput("answer-several", where=item.key)
    return _READERS[item.kind](item, stated)


def written_values(value: Value | None) -> list[str]:
    """The texts that `read_answer` reads as this value: what a form shows as chosen, and what conditions look at."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [str(value)]


def _missing(item: Item, stated: list[str]) -> str:
    if len(stated) > 1:
        raise InvalidInput("answer-and-none", where=item.key)
    if not item.may_refuse:
        raise InvalidInput("answer-not-offered", where=item.key)
    return stated[0]


def _likert(item: Item, stated: list[str]) -> int:
    text, least, most = stated[0], int(item.least or 0), int(item.most or 0)
    if not (_NUMBER.fullmatch(text) and Decimal(text.replace(",", ".")) in range(least, most + 1)):
        raise InvalidInput("answer-off-scale", where=item.key, least=least, most=most)
    return int(Decimal(text.replace(",", ".")))


def _single(item: Item, stated: list[str]) -> str:
    return _offered(item, stated)[0]


def _multiple(item: Item, stated: list[str]) -> list[str]:
    return _offered(item, stated)


def _offered(item: Item, stated: list[str]) -> list[str]:
    """The keys that are stated, in the order in which they are offered."""
    keys = [choice.key for choice in item.choices]
    if any(text not in keys for text in stated):
        raise InvalidInput("answer-not-offered", where=item.key)
    return [key for key in keys if key in stated]


def _number(item: Item, stated: list[str]) -> str:
    text = "".join(stated[0].split())
    if not _NUMBER.fullmatch(text):
        raise InvalidInput("answer-not-number", where=item.key)
    number = Decimal(text.replace(",", "."))
    if item.least is not None and number < item.least:
        raise InvalidInput("answer-too-small", where=item.key, least=str(item.least))
    if item.most is not None and number > item.most:
        raise InvalidInput("answer-too-large", where=item.key, most=str(item.most))
    plain = f"{number or abs(number):f}"
    # Without zeros at the end of its decimals, so that one number is written one way.
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _text(item: Item, stated: list[str]) -> str:
    text = "\n".join(line.rstrip() for line in stated[0].splitlines()).strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidInput("answer-too-long", where=item.key, most=LONGEST_TEXT)
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidInput("answer-not-printable", where=item.key)
    return text


_READERS: Mapping[str, Callable[[Item, list[str]], Value]] = {
    LIKERT: _likert,
    SINGLE: _single,
    MULTIPLE: _multiple,
    NUMBER: _number,
    TEXT: _text,
}
