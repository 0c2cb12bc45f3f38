"""How answers are written into files for other programs: names of variables, numbers for answers, missing values."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from portal.surveys.rules.answers import DONT_KNOW, REFUSED
from portal.surveys.rules.documents import LIKERT, MULTIPLE, NUMBER, SINGLE, TEXT, Choice, Instrument, Item, Texts

# The typed missing values as files write them. Source: interfaces, response files.
WRITTEN: Final = {DONT_KNOW: "dk", REFUSED: "refused"}
BETWEEN: Final = ";"

LANGUAGE: Final = "language"
WEIGHT: Final = "weight"

# What SPSS takes for words of its own language, and how long its names and labels may be, in bytes of UTF-8.
RESERVED: Final = frozenset({"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"})
LONGEST_NAME: Final = 64
LONGEST_LABEL: Final = 256
LONGEST_VALUE_LABEL: Final = 120
LONGEST_TEXT: Final = 32_767

ORDINAL, NOMINAL, MEASURED = "ordinal", "nominal", "scale"


class Variable(NamedTuple):
    """A column of an SPSS file: which item or group it is of, and how its answers are written.

    `codes` is answer -> number, in the order of the answers, with the words of each (`words`, answer -> text); empty
    of numbers and texts, which stand as they are. `choice` is the one of several choices that it is about.
    `missing` is typed missing value -> number.
    """

    name: str
    of: str
    text: Texts
    measure: str
    codes: Mapping[str, int] = {}
    words: Mapping[str, Texts] = {}
    choice: str = ""
    missing: Mapping[str, int] = {}
    is_group: bool = False
    is_text: bool = False


def written(value: Any) -> str | int:
    """The answer as a response file has it: "" where there is none, several choices with ";" between them."""
    if value is None:
        return ""
    if isinstance(value, list):
        return BETWEEN.join(value)
    return value if isinstance(value, int) else WRITTEN.get(value, str(value))


def variables(instrument: Instrument, lowest: Mapping[str, Decimal]) -> list[Variable]:
    """The variables of an SPSS file: groups, then items in their order, each of several choices as one of its own.

    `lowest` is key of a number -> the lowest one that was answered: numbers for missing values lie below it.
    """
    taken = {LANGUAGE.upper(), WEIGHT.upper()}
    found = []
    for group in instrument.groups:
        codes, words = _of_choices(group.levels)
        name = usable_name(group.key, taken)
        found.append(Variable(name, group.key, group.text, NOMINAL, codes, words, is_group=True))
    for item in instrument.items:
        found += _of_item(item, lowest.get(item.key), taken)
    return found


def missing_numbers(lowest: Decimal) -> dict[str, int]:
    """Numbers that stand for "don't know" and "prefer not to say": -8 and -9, or longer ones where these may occur."""
    digits = 0
    while lowest <= -(10**digits) * 10 + 2:
        digits += 1
    nines = 10 ** (digits + 1)
    return {DONT_KNOW: 2 - nines, REFUSED: 1 - nines}


def usable_name(key: str, taken: set[str]) -> str:
    """The key as a name that SPSS takes and that is not among `taken` (in capitals), to which it is added."""
    plain = re.sub(r"[^\w.$#@]", "_", key)
    if not plain[:1].isalpha() or plain.upper() in RESERVED:
        plain = f"v_{plain}"
    plain = shortened(plain, LONGEST_NAME - 5).rstrip("._") or "v"
    name, number = plain, 1
    while name.upper() in taken:
        number += 1
        name = f"{plain}_{number}"
    taken.add(name.upper())
    return name


def shortened(text: str, most: int) -> str:
    """The text in at most so many bytes of UTF-8, no letter of it cut in two."""
    return text.encode()[:most].decode(errors="ignore")


def read_number(value: str, missing: Mapping[str, int]) -> float:
    """A number that was answered, or the one that stands for why there is none."""
    return float(missing[value]) if value in missing else float(Decimal(value))


def decimals_of(values: Iterable[str]) -> int:
    """How many decimals the numbers have at most."""
    return max((_decimals(each) for each in values), default=0)


def _decimals(value: str) -> int:
    exponent = Decimal(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _of_item(item: Item, lowest: Decimal | None, taken: set[str]) -> Iterator[Variable]:
    if item.kind == MULTIPLE:
        for choice in item.choices:
            name = usable_name(f"{item.key}_{choice.key}", taken)
            yield Variable(name, item.key, item.text, NOMINAL, choice=choice.key, missing=missing_numbers(Decimal(0)))
        return
    name = usable_name(item.key, taken)
    if item.kind == LIKERT:
        yield Variable(name, item.key, item.text, ORDINAL, *_steps(item), missing=missing_numbers(item.least or _ZERO))
    elif item.kind == SINGLE:
        yield Variable(name, item.key, item.text, NOMINAL, *_of_choices(item.choices), missing=missing_numbers(_ZERO))
    elif item.kind == NUMBER:
        floor = min(each for each in (item.least, lowest, _ZERO) if each is not None)
        yield Variable(name, item.key, item.text, MEASURED, missing=missing_numbers(floor))
    elif item.kind == TEXT:
        yield Variable(name, item.key, item.text, NOMINAL, is_text=True)


def _steps(item: Item) -> tuple[dict[str, int], dict[str, Texts]]:
    least, most = int(item.least or 0), int(item.most or 0)
    steps = {str(step): step for step in range(least, most + 1)}
    return steps, dict(zip(steps, item.labels, strict=False))


def _of_choices(choices: Collection[Choice]) -> tuple[dict[str, int], dict[str, Texts]]:
    codes = {choice.key: number for number, choice in enumerate(choices, start=1)}
    return codes, {choice.key: choice.text or {"": choice.key} for choice in choices}


_ZERO: Final = Decimal(0)
