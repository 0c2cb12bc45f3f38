"""The words for a budget: its flat rates, why its versions came about, and what its organisations are called."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from portal.budget.labels import BUDGET_REASONS
from portal.core.money import BasisPoints
from portal.core.web.formats import show_percentage
from portal.core.web.language import text_in
from portal.projects.models import Project

# By the categories that the rate is taken of.
_FLAT_RATES: Final[Mapping[tuple[str, ...], Any]] = {
    ("staff",): _l("%(rate)s of staff costs"),
    ("travel", "external", "equipment", "infrastructure"): _l(
        "%(rate)s of travel, external expertise, equipment and works"
    ),
    ("external", "equipment", "infrastructure"): _l("%(rate)s of external expertise, equipment and works"),
    ("staff", "travel", "external", "equipment", "infrastructure"): _l(
        "%(rate)s of staff, travel, external expertise, equipment and works"
    ),
}


def tell_flat_rate(percent: int, base: tuple[str, ...]) -> str:
    """A flat rate, in whole percents, of these categories: 15.00 % of staff costs."""
    return str(_FLAT_RATES[base]) % {"rate": show_percentage(BasisPoints(percent * 100))}


def tell_budget_reason(reason: str) -> str:
    """The reason of a version as people read it."""
    return str(BUDGET_REASONS.get(reason, reason))


def organisation_names(project: Project) -> dict[str, str]:
    """Key -> name in the language of the moment, for the project's organisations."""
    return {each.key: text_in(each.name) or each.key for each in project.organisations}
