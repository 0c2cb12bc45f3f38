"""What the filters of the register offer, in words."""

from typing import Any, NamedTuple

from flask_babel import gettext as _

from portal.budget.labels import COST_CATEGORIES, ITEM_STATES
from portal.budget.queries.register import Offered
from portal.budget.queries.register_filters import Sight
from portal.budget.rules.register import NO_PERIOD, REPORTED, RegisterFilter
from portal.budget.wording import TITLES
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

# Filters that are folded away until one of them is used.
RARER = (
    "finding", "payment", "work_package", "activity", "event", "contract", "period", "first_day", "last_day",
)  # fmt: skip

Pairs = list[tuple[str, Any]]


class FilterWords(NamedTuple):
    """What each filter offers as (value, label) pairs, what the filters are called, and whether a rarer one is used."""

    states: Pairs
    categories: Pairs
    findings: Pairs
    contracts: Pairs
    periods: Pairs
    activities: list[Any]
    fields: dict[str, str]
    is_narrow: bool


def filter_words(sight: Sight, offered: Offered, chosen: RegisterFilter) -> FilterWords:
    """The words of the filters in the language of the moment."""
    periods = [(str(each.number), _("Period %(number)s", number=each.number)) for each in sight.periods]
    return FilterWords(
        states=[*ITEM_STATES.items(), (REPORTED, _("Submitted or certified"))],
        categories=[(each, COST_CATEGORIES[each]) for each in REAL_COST_CATEGORIES],
        findings=list(TITLES.items()),
        contracts=[(str(id_), f"{reference} {name}") for id_, reference, name in offered.contracts],
        periods=[*periods, (NO_PERIOD, _("No period"))],
        activities=[activity for each in offered.work_packages for activity in each.activities],
        fields=_fields(),
        is_narrow=any(getattr(chosen, name) for name in RARER),
    )


def _fields() -> dict[str, str]:
    return {
        "organisation": _("Partner"),
        "state": _("State"),
        "category": _("Cost category"),
        "work_package": _("Work package"),
        "activity": _("Activity"),
        "event": _("Event"),
        "contract": _("Contract"),
        "period": _("Period"),
        "evidence": _("Evidence"),
        "payment": _("Payment"),
        "severity": _("Findings"),
        "finding": _("Finding"),
        "q": _("Words or a number"),
        "first_day": _("From"),
        "last_day": _("To"),
        "sort": _("Order"),
    }
