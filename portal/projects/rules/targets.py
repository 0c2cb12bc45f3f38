"""What an indicator is expected to come to: a count, or, of money and of a survey's result, a number of two decimals.

A target is stored as a whole number: a count as it is, an amount in cents, a survey's result in hundredths.
"""

import re
from decimal import Decimal
from typing import Final

from portal.core.errors import InvalidInput
from portal.projects.rules.values import LARGEST_COUNT, read_quoted_amount, read_whole

MONEY: Final = "money"
SURVEY: Final = "survey"
IN_HUNDREDTHS: Final = frozenset({MONEY, SURVEY})
"""The kinds of measures whose targets are stored in hundredths."""

HUNDRED: Final = 100

_DECIMAL: Final = re.compile(r"[0-9]{1,10}([.,][0-9]{1,2})?")


def read_target(stated: object, *, kind: object) -> int:
    """The target as it is stored, for a measure of this kind; raise InvalidInput for what is none of that kind."""
    if kind == MONEY:
        return read_quoted_amount(stated)
    if kind == SURVEY:
        return _read_hundredths(stated)
    return read_whole(stated, least=0, most=LARGEST_COUNT)


def expected_number(target: int | None, kind: object) -> int | Decimal | None:
    """The stored target as a number: with two decimals of money and of a survey's result; None where none is agreed."""
    if target is None or kind not in IN_HUNDREDTHS:
        return target
    return Decimal(target).scaleb(-2).quantize(Decimal("0.01"))


def _read_hundredths(stated: object) -> int:
    """A number of at most two decimals, bare (3.5) or quoted ("3.5", "3,5"), in hundredths."""
    if isinstance(stated, bool) or not isinstance(stated, int | float | Decimal | str):
        raise InvalidInput("target-decimals")
    text = re.sub(r"\s", "", str(stated))
    if not _DECIMAL.fullmatch(text):
        raise InvalidInput("target-decimals")
    hundredths = int(Decimal(text.replace(",", ".")) * HUNDRED)
    if hundredths > LARGEST_COUNT * HUNDRED:
        raise InvalidInput("number-out-of-range", least=0, most=LARGEST_COUNT)
    return hundredths
