"""What a list of the register may be asked for, and what its items come to by currency."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from portal.budget.rules.findings import SEVERITIES
from portal.budget.rules.items import ITEM_STATES
from portal.core.errors import Problem
from portal.core.money import Cents
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

NO_PERIOD: Final = "none"
NO_WORK_PACKAGE: Final = "none"
# Both states of what has been submitted in a report.
REPORTED: Final = "reported"
MISSING: Final = "missing"
# As much of a refused value as is repeated.
LONGEST_SHOWN: Final = 60
# What the list is sorted by; with a minus in front in the other direction.
SORTS: Final = ("date", "reference", "amount", "category")


class RegisterFilter(NamedTuple):
    """Which items a list shows, as the address says it; '' and None select all.

    `state` is one of an item or REPORTED; `work_package` is a number or NO_WORK_PACKAGE; `period` a number or
    NO_PERIOD, by payment or else invoice date; `contract` an id; `evidence` and `payment` are MISSING; `first_day` and
    `last_day` are those of the invoice or else the payment.
    """

    organisation: str = ""
    state: str = ""
    category: str = ""
    work_package: str = ""
    activity: str = ""
    event: str = ""
    contract: str = ""
    period: str = ""
    evidence: str = ""
    payment: str = ""
    severity: str = ""
    finding: str = ""
    q: str = ""
    first_day: date | None = None
    last_day: date | None = None


class CurrencySum(NamedTuple):
    """What so many items of a currency come to: as declared, and in euro those `converted` of them that have a rate."""

    currency: str
    number: int = 0
    declared: Cents = Cents(0)
    eur: Cents = Cents(0)
    converted: int = 0

    @property
    def without_rate(self) -> int:
        """How many of the items are not in the sum in euro, as no rate is known."""
        return self.number - self.converted

    def plus(self, number: int, declared: int, eur: int, converted: int) -> "CurrencySum":
        """The sum of these and further items of the same currency."""
        return CurrencySum(
            self.currency,
            self.number + number,
            Cents(self.declared + declared),
            Cents(self.eur + eur),
            self.converted + converted,
        )


def total_of(sums: Iterable[CurrencySum]) -> CurrencySum:
    """What the sums of all currencies come to in euro; their declared amounts are not added."""
    total = CurrencySum("")
    for each in sums:
        total = total.plus(each.number, 0, each.eur, each.converted)
    return total


def filter_problems(chosen: RegisterFilter, offered: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """What in the filter does not exist; `offered` is field -> values, of the fields that depend on the project."""
    known: dict[str, Collection[str]] = {
        "state": (*ITEM_STATES, REPORTED),
        "category": REAL_COST_CATEGORIES,
        "evidence": (MISSING,),
        "payment": (MISSING,),
        "severity": tuple(dict.fromkeys(SEVERITIES.values())),
        "finding": tuple(SEVERITIES),
        **offered,
    }
    for where, allowed in known.items():
        value = getattr(chosen, where)
        if value and value not in allowed:
            refused = "unknown-value" if allowed else "unknown-value-of-none"
            yield Problem(refused, where, {"value": value[:LONGEST_SHOWN], "allowed": list(allowed)})
    if chosen.first_day and chosen.last_day and chosen.first_day > chosen.last_day:
        yield Problem("filter-days-reversed", "last_day", {"first": chosen.first_day, "last": chosen.last_day})
