"""Flat rates: what a partner may claim as whole percents of its real costs instead of proving them.

Amounts are euro cents by cost category. The same arithmetic gives the flat categories of a budget and of what is
declared or certified in one partner report.
"""

from collections.abc import Mapping
from typing import Final

from portal.core.money import Cents, flat_amount
from portal.projects.rules.vocabulary import COST_CATEGORIES, REAL_COST_CATEGORIES

# Which category a rate stands for; in the programme's order, in which the rates are taken.
CATEGORY_OF: Mapping[str, str] = {
    "staff": "staff",
    "travel": "travel",
    "office_on_staff": "office",
    "office_on_direct": "office",
    "other_on_staff": "other",
}

_DIRECT: Final = ("travel", "external", "equipment", "infrastructure")


def base_of(name: str, rates: Mapping[str, int]) -> tuple[str, ...]:
    """The categories that the rate is a percentage of, beside the others; a flat travel is not in the base of staff.

    Source: rules of the domain 1.6.
    """
    if name == "staff":
        return tuple(each for each in _DIRECT if each != "travel" or "travel" not in rates)
    return ("staff", *_DIRECT) if name == "office_on_direct" else ("staff",)


def flat_categories(rates: Mapping[str, int]) -> frozenset[str]:
    """The categories that take no real costs under these rates.

    "Other" stands for every cost outside staff. Source: rules of the domain 1.6.
    """
    if "other_on_staff" in rates:
        return frozenset(COST_CATEGORIES) - {"staff"}
    return frozenset(CATEGORY_OF[name] for name in rates)


def with_flat_rates(real: Mapping[str, Cents], rates: Mapping[str, int]) -> dict[str, Cents]:
    """Every cost category's total: the `real` one, or what a rate (whole percent) gives, truncated to the cent.

    Real costs in a category that takes none are left out. "Other" is there only where it is claimed.
    Source: rules of the domain 1.6; Jems v10 BudgetCalculatorHelper.
    """
    taken = set(REAL_COST_CATEGORIES) - flat_categories(rates)
    totals = {each: real.get(each, Cents(0)) if each in taken else Cents(0) for each in REAL_COST_CATEGORIES}
    for name, category in CATEGORY_OF.items():
        if name in rates:
            base = Cents(sum(totals[each] for each in base_of(name, rates)))
            totals[category] = flat_amount(base, rates[name])
    return totals
