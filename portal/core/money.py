"""Money as whole cents, rates as whole basis points: every rounding in the portal happens here, never on a float."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple, NewType

from portal.core.errors import InvalidInput

Cents = NewType("Cents", int)
"""Hundredths of a currency's main unit (cents, grosz); the currency stands beside the amount, never in it."""

BasisPoints = NewType("BasisPoints", int)
"""Hundredths of a percent: 80 % is 8 000."""

RateMicros = NewType("RateMicros", int)
"""Millionths of a currency's unit for one euro: 4.2563 zł is 4 256 300."""

EURO: Final = "EUR"
"""The currency that everything spent is reported in."""

ONE_TO_ONE: Final = RateMicros(1_000_000)
FULL_RATE: Final = BasisPoints(10_000)
LARGEST_AMOUNT: Final = Cents(10**15)
"""Ten trillion: far above any programme, far below what a database column holds, so thousands of them still add up."""

_SPACES_AND_MINUS: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-"})

# One currency sign or code, with or without a space: in front (before or after the minus, which is kept) or at the end.
# At most one space at each place, so that a long run of spaces cannot make the search slow.
_CURRENCY: Final = re.compile(r"^(-? ?)(?:€|EUR|zł|PLN) ?| ?(?:€|EUR|zł|PLN)$", re.IGNORECASE)

# One separator followed by exactly three digits: 1,234 is a thousand to one reader and 1.23 to another.
# Not after a leading zero: nobody groups 0,123, so that is a number with three decimals.
_AMBIGUOUS: Final = re.compile(r"-? ?[1-9][0-9]{0,2}[.,][0-9]{3}")

# Digits are [0-9]: \d would also take Arabic and other digits.
_AMOUNT: Final = re.compile(
    r"""
    (?P<minus>-?)[ ]?
    (?P<whole>
        [0-9]+                                  # no grouping: 1234
      | [1-9][0-9]{0,2}                         # or one to three digits, and then ...
        (?P<group>[ .,])[0-9]{3}                # ... groups of exactly three ...
        (?:(?P=group)[0-9]{3})*                 # ... parted by the same sign throughout: 1 234 567
    )
    (?:(?!(?P=group))[.,](?P<fraction>[0-9]+))? # the decimal sign is not the grouping sign
    """,
    re.VERBOSE,
)

# A plain number with at most six decimals, point or comma: a rate is never grouped, so 4,256 is not two things.
_RATE: Final = re.compile(r"(?P<whole>[0-9]{1,9})(?:[.,](?P<fraction>[0-9]{1,6})0*)?")

# A plain number with at most two decimals, point or comma, and a percent sign if the writer likes.
_PERCENT: Final = re.compile(r"(?P<minus>-?)(?P<whole>[0-9]+)(?:[.,](?P<fraction>[0-9]{1,2}))?(?: ?%)?")


class FundSplit(NamedTuple):
    """What the fund pays and what the partner pays, both in cents; together they are the amount that was split."""

    share: Cents
    contribution: Cents


def split_fund(amount: Cents, rate: BasisPoints) -> FundSplit:
    """Split `amount` (cents) into the fund's share and the partner's contribution.

    The share is truncated toward zero to the cent and the partner carries the rest, so the fund never pays
    more than `rate`, the parts add up, and a reversal cancels: split(-x) == -split(x).
    Raise InvalidInput (rate-out-of-range) if `rate` is outside 0-10 000.
    Source: LTPL00388 budget table; Jems v10 PartnerBudgetPerFundCalculator.
    """
    _require_rate(rate)
    # Python's // rounds down, for a negative amount away from zero: divide the magnitude, then put the sign back.
    magnitude = abs(amount) * rate // FULL_RATE
    share = Cents(magnitude if amount >= 0 else -magnitude)
    return FundSplit(share, Cents(amount - share))


def split_total(amounts: Iterable[Cents], rate: BasisPoints) -> FundSplit:
    """Add up the splits of `amounts` (cents, one per row): never the rate applied to their total.

    A row is a partner (budget) or a partner report (declared, certified). Nothing splits into (0, 0).
    Raise InvalidInput (rate-out-of-range) if `rate` is outside 0-10 000.
    Source: LTPL00388 budget table, whose totals are the sums of its rows.
    """
    _require_rate(rate)
    splits = [split_fund(amount, rate) for amount in amounts]
    return FundSplit(
        share=Cents(sum(split.share for split in splits)),
        contribution=Cents(sum(split.contribution for split in splits)),
    )


def rounding_residue(budget: Cents, declared: Iterable[Cents], rate: BasisPoints) -> Cents:
    """The cents of the fund's share lost because `budget` was declared in parts, each truncated on its own.

    Below zero only if parts have opposite signs (a correction). While something is undeclared there is no such figure:
    raise InvalidInput (budget-not-fully-declared) if `declared` does not add up to `budget`, and
    InvalidInput (rate-out-of-range) if `rate` is outside 0-10 000.
    Source: rules of the domain 1.4.
    """
    parts = list(declared)
    if sum(parts) != budget:
        raise InvalidInput("budget-not-fully-declared", budget=budget, declared=sum(parts))
    return Cents(split_fund(budget, rate).share - split_total(parts, rate).share)


def convert(amount: Cents, rate: RateMicros) -> Cents:
    """`amount` (cents of a currency) in euro cents: divided by `rate`, half away from zero to the cent.

    PLN 1,000.00 at 4.2563 is EUR 234.95; a reversal cancels: convert(-x) == -convert(x).
    Raise InvalidInput (rate-not-positive) if `rate` is not above zero.
    Source: Regulation (EU) 2021/1059 art. 38(5); Jems v10 ExpenditureHelper.
    """
    if rate <= 0:
        raise InvalidInput("rate-not-positive", rate=rate)
    magnitude = (2 * abs(amount) * ONE_TO_ONE + rate) // (2 * rate)
    return Cents(magnitude if amount >= 0 else -magnitude)


def flat_amount(base: Cents, percent: int) -> Cents:
    """`percent` (whole percent) of `base` (cents), truncated toward zero to the cent.

    Source: rules of the domain 1.6; Jems v10 BudgetCalculatorHelper.
    """
    magnitude = abs(base) * percent // 100
    return Cents(magnitude if base >= 0 else -magnitude)


def percentage(part: int, whole: int) -> BasisPoints | None:
    """`part` of `whole` in hundredths of a percent, half away from zero (45 of 216 is 2083); None if `whole` is 0.

    Both are counts, or both cents. Over-achievement is above 10 000.
    Source: rules of the domain 1.5.
    """
    if whole == 0:
        return None
    # Half away from zero: add half of the divisor to the magnitude and cut; doubling both keeps that half whole.
    magnitude = (2 * abs(part) * FULL_RATE + abs(whole)) // (2 * abs(whole))
    return BasisPoints(magnitude if (part < 0) == (whole < 0) else -magnitude)


def read_amount(text: str) -> Cents:
    """Read an amount as people type it: `1 234,56`, `1.234,56`, `1,234.56`, `€ 5`, `-12,30 zł`.

    A currency sign or code (€, EUR, zł, PLN) is skipped, not checked: the form knows the currency. Raise InvalidInput,
    always with value=text: amount-missing if there is nothing, amount-ambiguous for one separator before three digits
    (`1,234`), amount-decimals for more than two decimals, amount-too-large beyond LARGEST_AMOUNT either way,
    amount-unreadable for anything else.
    Source: rules of the domain 1.8.
    """
    number = _tidy(text)
    if not number:
        raise InvalidInput("amount-missing", value=text)
    number = _CURRENCY.sub(r"\1", number, count=1).strip()
    if _AMBIGUOUS.fullmatch(number):
        raise InvalidInput("amount-ambiguous", value=text)
    match = _AMOUNT.fullmatch(number)
    if match is None:
        raise InvalidInput("amount-unreadable", value=text)
    if len(match["fraction"] or "") > 2:
        raise InvalidInput("amount-decimals", value=text)
    hundredths = _hundredths(match)
    if not -LARGEST_AMOUNT <= hundredths <= LARGEST_AMOUNT:
        raise InvalidInput("amount-too-large", value=text)
    return Cents(int(hundredths))


def read_percent(text: str) -> BasisPoints:
    """Read a rate as people type it, without or with a percent sign: `80`, `66.67`, `66,67 %`.

    Raise InvalidInput, always with value=text: percent-out-of-range outside 0-100, percent-unreadable if it is not a
    number with at most two decimals.
    """
    match = _PERCENT.fullmatch(_tidy(text))
    if match is None:
        raise InvalidInput("percent-unreadable", value=text)
    hundredths = _hundredths(match)
    if not 0 <= hundredths <= FULL_RATE:
        raise InvalidInput("percent-out-of-range", value=text)
    return BasisPoints(int(hundredths))


def read_rate(text: str) -> RateMicros:
    """Read an exchange rate, currency units for one euro, as people type it: `4.2563`, `4,2563`, at most six decimals.

    Raise InvalidInput, always with value=text: rate-unreadable if it is no such number, rate-not-positive for zero.
    """
    match = _RATE.fullmatch(_tidy(text))
    if match is None:
        raise InvalidInput("rate-unreadable", value=text)
    micros = int(match["whole"]) * ONE_TO_ONE + int((match["fraction"] or "").ljust(6, "0"))
    if micros == 0:
        raise InvalidInput("rate-not-positive", value=text)
    return RateMicros(micros)


def rate_text(rate: RateMicros) -> str:
    """`rate` as a plain decimal for JSON, files and pages: 4.256300. Six decimals, a point."""
    whole, fraction = divmod(rate, ONE_TO_ONE)
    return f"{whole}.{fraction:06}"


def decimal_text(cents: Cents) -> str:
    """`cents` as a plain decimal for JSON and files: -12.30. Two decimals, a point, no grouping, no currency."""
    return _two_decimals(cents)


def percent_text(rate: BasisPoints) -> str:
    """`rate` (hundredths of a percent) as a plain decimal for JSON and files: 20.83. No percent sign."""
    return _two_decimals(rate)


def to_decimal(cents: Cents) -> Decimal:
    """`cents` in the currency's main unit, exact whatever the decimal context: for formatting and for sheets."""
    return Decimal(_two_decimals(cents))


def _require_rate(rate: BasisPoints) -> None:
    if not 0 <= rate <= FULL_RATE:
        raise InvalidInput("rate-out-of-range", rate=rate)


def _tidy(text: str) -> str:
    """`text` with plain spaces and a plain minus, and none of the white space around it."""
    return text.translate(_SPACES_AND_MINUS).strip()


def _hundredths(match: re.Match[str]) -> Decimal:
    """What `match` (minus, whole, fraction of at most two digits) says, in hundredths.

    A whole Decimal, because int() gives up on texts of more than 4 300 digits and the caller wants to say "too large".
    """
    digits = re.sub(r"[ .,]", "", match["whole"]) + (match["fraction"] or "").ljust(2, "0")
    return Decimal(match["minus"] + digits)


def _two_decimals(hundredths: int) -> str:
    whole, fraction = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{fraction:02}"
