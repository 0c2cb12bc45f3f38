"""The words for breakdowns: what a row's figure is told apart by, and its values as people read them, in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.activities.rules.breakdowns import NO_PACKAGE, NO_PARTNER, break_down
from portal.activities.rules.counting import NO_COUNTRY, NO_PERIOD, Count
from portal.core.periods import Period
from portal.core.web.formats import show_country, show_date, sorting_key
from portal.core.web.language import text_in
from portal.projects.labels import GROUPS
from portal.projects.models import Project

DIMENSIONS = {
    "period": _l("Reporting period"),
    "country": _l("Country of the participants"),
    "partner": _l("Partner"),
    "group": _l("Group"),
    "work_package": _l("Work package"),
}


def tell_breakdown(
    count: Count, dimension: str, project: Project, periods: Sequence[Period]
) -> list[tuple[str, int]] | None:
    """The values of the dimension in words, each with how much of the row falls to it; None where it has no such."""
    figures = break_down(count, dimension, periods)
    if figures is None:
        return None
    words = tell_values(dimension, project, figures)
    return [(text, figures[value]) for value, text in words.items() if value in figures]


def tell_values(dimension: str, project: Project, values: Iterable[str]) -> dict[str, str]:
    """The values that the dimension may have, with their words, in order; `values` are those that have come up."""
    return _TOLD[dimension](project, values)


def tell_period(period: Period) -> str:
    """The period's number and its days."""
    days = {"first": show_date(period.first_day), "last": show_date(period.last_day)}
    return str(_("Period %(number)s (%(first)s to %(last)s)", number=period.number, **days))


def _periods(project: Project, values: Iterable[str]) -> dict[str, str]:
    words = {
        str(each.number): tell_period(Period(each.number, each.first_day, each.last_day)) for each in project.periods
    }
    return {**words, NO_PERIOD: _("No period")}


def _countries(project: Project, values: Iterable[str]) -> dict[str, str]:
    words = {value: show_country(value) for value in values if value != NO_COUNTRY}
    known = dict(sorted(words.items(), key=lambda pair: sorting_key(pair[1])))
    return {**known, NO_COUNTRY: _("Not known")}


def _partners(project: Project, values: Iterable[str]) -> dict[str, str]:
    return {**{each.key: text_in(each.name) for each in project.organisations}, NO_PARTNER: _("No partner")}


def _groups(project: Project, values: Iterable[str]) -> dict[str, str]:
    return {value: str(words) for value, words in GROUPS.items()}


def _packages(project: Project, values: Iterable[str]) -> dict[str, str]:
    numbers = sorted(int(value) for value in values if value != NO_PACKAGE)
    words = {str(number): _("Work package %(number)s", number=number) for number in numbers}
    return {**words, NO_PACKAGE: _("No work package")}


_TOLD: Mapping[str, Callable[[Project, Iterable[str]], dict[str, str]]] = {
    "period": _periods,
    "country": _countries,
    "partner": _partners,
    "group": _groups,
    "work_package": _packages,
}
