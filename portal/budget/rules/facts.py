"""What the rules of expenditure read: the items of a project, its partners, contracts and rates, as plain values.

Amounts are cents of the currency beside them; `eur` is in euro cents.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from portal.core.money import BasisPoints, Cents, RateMicros


class ItemFacts(NamedTuple):
    """An item as stored, or as a file or a form wants it.

    `key` tells it from the others of the register: the id of a stored item, a number below zero for one to be.
    `work_package` is that of its activity, else its own (0: none), `activity` a number like 2.4 ('': none). `eur` is
    its declared amount in euro, frozen (`is_frozen`) or at the preview rate; None where no rate is known. `report` is
    the number of the one that it is in, `corrects` the key of the item that it corrects.
    """

    key: int
    organisation: str
    reference: str
    category: str
    work_package: int
    activity: str
    tax_key: str
    name_key: str
    invoice_key: str
    invoice_date: date | None
    payment_date: date | None
    invoice_total: Cents | None
    declared: Cents
    currency: str
    eur: Cents | None
    contract_id: int | None
    state: str
    order_key: str
    has_evidence: bool
    is_frozen: bool = False
    report: int | None = None
    corrects: int | None = None


class PartnerFacts(NamedTuple):
    """An organisation: whether it takes part without a budget, what it spends in, its budget and flat rates.

    `budget` is in the project's currency; `categories` is category -> budget, with those of flat rates computed; empty
    where no budget lines are stored, and without what has no line. `flat` are the categories that it claims as a flat
    rate, `flat_rates` those rates in whole percent.
    """

    key: str
    is_associated: bool
    currency: str
    budget: Cents | None
    categories: Mapping[str, Cents]
    flat: frozenset[str]
    flat_rates: Mapping[str, int] = {}


class ContractFacts(NamedTuple):
    """A contract's reference, its amount and the amount's currency."""

    reference: str
    amount: Cents
    currency: str


class LatestRate(NamedTuple):
    """The latest known rate of a currency: its month, and units of the currency for one euro, in millionths."""

    month: str
    rate: RateMicros


class RegisterFacts(NamedTuple):
    """Everything that the findings of a project's items depend on.

    `partners` by key, `contracts` by id, `rates` by currency. The flexibility rule is data: its scope ('', 'category',
    'partner') and percentage. A payment may come `grace_days` after the project's last day. `is_assumed` says that both
    are the team's reading rather than the programme's word.
    """

    today: date
    first_day: date
    last_day: date
    grace_days: int
    currency: str
    flexibility_scope: str
    flexibility: BasisPoints
    partners: Mapping[str, PartnerFacts]
    contracts: Mapping[int, ContractFacts]
    rates: Mapping[str, LatestRate]
    items: list[ItemFacts]
    is_assumed: bool = False
