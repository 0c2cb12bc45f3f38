"""Contracts: what may be stated of one, and how far the items that name it have used its amount up.

Amounts of different currencies are never added: where items are in another currency than their contract, the two are
compared in euro.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from portal.budget.rules.amounts import Amount
from portal.budget.rules.facts import LatestRate
from portal.budget.rules.items import LARGEST_ITEM
from portal.core.errors import InvalidInputs, Problem
from portal.core.money import EURO, BasisPoints, Cents, convert, decimal_text, percentage
from portal.core.periods import FIRST_YEAR, LAST_YEAR

LONGEST_REFERENCE: Final = 60
# Letters and digits with a few signs between them; how long numbers are differs from country to country.
_VAT_NUMBER: Final = re.compile(r"(?=(?:.*[0-9]){4})[A-Za-z0-9](?:[ ./-]?[A-Za-z0-9]){4,19}")


class ContractDraft(NamedTuple):
    """What is stated of a contract, in the order of the table; '' and None are not stated."""

    reference: str
    name: str
    signed_on: date | None
    amount_cents: Cents
    currency: str
    supplier: str
    vat_number: str
    beneficial_owners: str
    note: str


class Spent(NamedTuple):
    """What the items that name a contract declare: in each currency, and in all in euro.

    `eur` is at frozen rates or as a preview; `is_partial` where the rate of a currency is not known and left out.
    """

    declared: Mapping[str, Cents]
    eur: Cents
    is_partial: bool = False


class Standing(NamedTuple):
    """A contract's amount beside what is spent of it, in one currency, and what remains.

    `share` is what is spent in hundredths of a percent of the amount. `is_preview` where either had to be put into
    euro.
    """

    agreed: Amount
    spent: Amount
    remaining: Amount
    share: BasisPoints | None
    is_preview: bool

    @property
    def is_overrun(self) -> bool:
        """Whether more is declared than was agreed. Source: rules of the domain 2, contract-overrun."""
        return self.remaining.cents < 0


def check_contract_draft(
    draft: ContractDraft, *, currencies: Collection[str], today: date, is_taken: bool = False
) -> None:
    """Raise InvalidInputs with everything that is wrong; `currencies` are those its amount may be in.

    `is_taken` says that another contract of the organisation has the reference.
    """
    problems = [*_text_problems(draft, is_taken=is_taken)]
    problems += [*_day_problems(draft.signed_on, today), *_amount_problems(draft, currencies)]
    if draft.vat_number and not _VAT_NUMBER.fullmatch(draft.vat_number):
        problems.append(Problem("contract-vat-number", "vat_number", {"value": draft.vat_number}))
    if problems:
        raise InvalidInputs(problems)


def standing(amount: Amount, spent: Spent, rates: Mapping[str, LatestRate]) -> Standing | None:
    """How far the amount is used up; None where that takes a rate that is not known.

    Compared in the contract's own currency if all items are in it, else in euro. What is known already may be more than
    the amount: then that is said, whatever else is declared at a rate that is missing.
    """
    own = _compared(amount, Amount(spent.declared.get(amount.currency, Cents(0)), amount.currency), is_preview=False)
    if set(spent.declared) <= {amount.currency}:
        return own
    agreed = amount if amount.currency == EURO else _in_euro(amount, rates)
    if agreed is None:
        return own if own.is_overrun else None
    found = _compared(agreed, Amount(spent.eur, EURO), is_preview=True)
    return found if found.is_overrun or not spent.is_partial else None


def add_spent(parts: Iterable[tuple[int, str, int, int | None, bool]]) -> dict[int, Spent]:
    """The id of each contract -> what is declared of it.

    A part is a contract, a currency, the cents of it declared, what of them is known in euro, and whether all of it is.
    """
    declared: dict[int, dict[str, Cents]] = defaultdict(dict)
    eur: dict[int, int] = defaultdict(int)
    partial = set()
    for contract_id, currency, cents, known, is_whole in parts:
        so_far = declared[contract_id]
        so_far[currency] = Cents(so_far.get(currency, 0) + cents)
        eur[contract_id] += known or 0
        if not is_whole:
            partial.add(contract_id)
    return {each: Spent(amounts, Cents(eur[each]), each in partial) for each, amounts in declared.items()}


def _compared(agreed: Amount, spent: Amount, *, is_preview: bool) -> Standing:
    remaining = Amount(Cents(agreed.cents - spent.cents), agreed.currency)
    return Standing(agreed, spent, remaining, percentage(spent.cents, agreed.cents), is_preview)


def _in_euro(amount: Amount, rates: Mapping[str, LatestRate]) -> Amount | None:
    latest = rates.get(amount.currency)
    return Amount(convert(amount.cents, latest.rate), EURO) if latest else None


def _text_problems(draft: ContractDraft, *, is_taken: bool) -> Iterator[Problem]:
    if not draft.reference:
        yield Problem("contract-reference-missing", "reference")
    elif is_taken:
        yield Problem("contract-reference-taken", "reference", {"value": draft.reference})
    if not draft.name:
        yield Problem("contract-name-missing", "name")


def _day_problems(day: date | None, today: date) -> Iterator[Problem]:
    if day is None:
        return
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield Problem("date-out-of-range", "signed_on", {"first": FIRST_YEAR, "last": LAST_YEAR})
    elif day > today:
        yield Problem("day-to-come", "signed_on", {"value": day, "today": today})


def _amount_problems(draft: ContractDraft, currencies: Collection[str]) -> Iterator[Problem]:
    if not 0 <= draft.amount_cents <= LARGEST_ITEM:
        yield Problem("contract-amount", "amount_cents", {"most": decimal_text(Cents(LARGEST_ITEM))})
    if draft.currency not in currencies:
        yield Problem("contract-currency", "currency", {"allowed": list(currencies)})
