"""What the address of the register asks for, and the form that changes several of its items at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField

from portal.budget.labels import COST_CATEGORIES
from portal.budget.queries.items import ContractChoice, EventChoice
from portal.budget.queries.register import RegisterRow
from portal.budget.rules.masking import SALARIES
from portal.budget.rules.register import NO_PERIOD, NO_WORK_PACKAGE, SORTS, RegisterFilter, filter_problems
from portal.core.errors import InvalidInput, NotFound, Problem
from portal.core.forms import ChoiceField, Choices, DayField, Form, offer
from portal.core.searching import LONGEST_QUERY
from portal.core.web.addresses import LARGEST_ROW
from portal.core.web.days import asked_day
from portal.core.web.formats import show_date
from portal.core.web.language import text_in
from portal.core.web.paging import LARGEST_PAGE
from portal.projects.models import WorkPackage
from portal.projects.rules.vocabulary import REAL_COST_CATEGORIES

# What a choice says that leaves things as they are, and one that takes them away.
KEEP, NONE = "", "none"
DAYS = ("first_day", "last_day")


class Asked(NamedTuple):
    """The list as the address asks for it, without what had to be refused, which the problems name."""

    chosen: RegisterFilter
    sort: str
    problems: list[Problem]


def asked_register(offered: Mapping[str, Collection[str]], is_event: Callable[[str], bool]) -> Asked:
    """What the address asks for; `offered` is field -> values of the project, `is_event` says whether it has one."""
    problems: list[Problem] = []
    texts = {name: request.args.get(name, "").strip() for name in RegisterFilter._fields if name not in DAYS}
    first_day, last_day = (_day(name, problems) for name in DAYS)
    chosen = RegisterFilter()._replace(**texts, first_day=first_day, last_day=last_day)
    problems += filter_problems(chosen, offered)
    if chosen.event and not is_event(chosen.event):
        problems.append(Problem("filter-event-unknown", "event", {"value": chosen.event[:40]}))
    if len(chosen.q) > LONGEST_QUERY:
        problems.append(Problem("search-too-long", "q", {"limit": LONGEST_QUERY}))
    sort = request.args.get("sort", "date")
    if sort.removeprefix("-") not in SORTS:
        problems.append(Problem("unknown-value", "sort", {"value": sort[:40], "allowed": SORTS}))
        sort = "date"
    blank = {each.where: RegisterFilter._field_defaults[each.where] for each in problems if each.where != "sort"}
    return Asked(chosen._replace(**blank), sort, problems)


def _day(name: str, problems: list[Problem]) -> date | None:
    try:
        return asked_day(name)
    except InvalidInput as error:
        problems += error.problems
        return None


def offered_values(
    packages: Sequence[WorkPackage], contracts: Sequence[int], organisations: Sequence[str], periods: Sequence[int]
) -> dict[str, list[str]]:
    """Field -> the values that the project offers for it."""
    return {
        "organisation": list(organisations),
        "work_package": [*(str(each.number) for each in packages), NO_WORK_PACKAGE],
        "activity": [activity.number for each in packages for activity in each.activities],
        "contract": [str(each) for each in contracts],
        "period": [*map(str, periods), NO_PERIOD],
    }


def asked_items() -> list[int]:
    """The ids of the items that the address names; raise InvalidInput if there are none, too many, or none are ids.

    Raise NotFound for what could be an id, but is larger than any.
    """
    texts = list(dict.fromkeys(request.values.getlist("item")))
    if not texts:
        raise InvalidInput("items-none-chosen")
    if len(texts) > LARGEST_PAGE:
        raise InvalidInput("items-too-many", most=LARGEST_PAGE)
    limit = len(str(LARGEST_ROW))
    if not all(each.isascii() and each.isdigit() and len(each) <= limit for each in texts):
        raise InvalidInput("items-none-chosen")
    ids = [int(each) for each in texts]
    if max(ids) > LARGEST_ROW:
        raise NotFound("item-unknown")
    return list(dict.fromkeys(ids))


class BulkForm(Form):
    """What becomes of several items: each field leaves things as they are unless something else is chosen."""

    category = ChoiceField(_l("Cost category"))
    place = ChoiceField(_l("Activity or work package"))
    event = ChoiceField(_l("Event"))
    contract = ChoiceField(_l("Contract"))
    payment_date = DayField(_l("Payment date"))
    # Item -> version, as the page showed them.
    versions = HiddenField()

    def shown_versions(self) -> dict[int, int]:
        """Item -> the version with which the page showed it; what cannot be read is version 0."""
        found = {}
        for each in (self.versions.data or "").split(",")[:LARGEST_PAGE]:
            id_, _sign, version = each.partition(":")
            if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (id_, version)):
                found[int(id_)] = int(version)
        return found

    def changes(self) -> dict[str, Any]:
        """Column of an item -> what it shall be, of what the form changes."""
        found: dict[str, Any] = {}
        if self.category.data:
            found["category"] = self.category.data
        if self.place.data:
            kind, _sign, number = self.place.data.partition("-")
            found["work_package_id"] = int(number) if kind == "package" else None
            found["activity_id"] = int(number) if kind == "activity" else None
        for name in ("event", "contract"):
            if self[name].data:
                found[f"{name}_id"] = None if self[name].data == NONE else int(self[name].data)
        if self.payment_date.data:
            found["payment_date"] = self.payment_date.data
        return found

    def said(self) -> list[tuple[str, str]]:
        """What the form changes, in words: the field's label, and what it shall be."""
        return [(str(field.label.text), _label(field)) for field in self._changing() if field.data]

    def clears(self, rows: Iterable[RegisterRow]) -> bool:
        """Whether something goes that items of staff have none of: of those that become some, or is chosen for them."""
        if self.category.data:
            return bool(self.category.data == SALARIES)
        return bool(self.contract.data) and any(row.category == SALARIES for row in rows)

    def reopen(self, rows: Sequence[RegisterRow]) -> None:
        """Let the form be sent again over the items as they are now."""
        self.versions.data, self.versions.raw_data = _versions(rows), None

    def _changing(self) -> list[Field]:
        return [self.category, self.place, self.event, self.contract, self.payment_date]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all can be read and anything is to be changed."""
        if not super().validate(extra_validators):
            return False
        if not self.changes():
            self.refuse(_("Nothing is to be changed yet. Choose what shall become of the items."))
            return False
        return True


def _versions(rows: Sequence[RegisterRow]) -> str:
    return ",".join(f"{row.id}:{row.version}" for row in rows)


def _label(field: Field) -> str:
    if isinstance(field, DayField):
        return show_date(field.data)
    return next(str(each.label) for each in field.choices if each.value == field.data)


def bulk_form(
    rows: Sequence[RegisterRow],
    packages: Sequence[WorkPackage],
    events: Sequence[EventChoice],
    contracts: Sequence[ContractChoice],
) -> BulkForm:
    """The form for these items; contracts are offered where all belong to one organisation."""
    form = BulkForm(data={"versions": _versions(rows)})
    keep = (KEEP, _("Leave as it is"))
    offer(form.category, [keep, *((each, COST_CATEGORIES[each]) for each in REAL_COST_CATEGORIES)])
    offer(form.place, [keep, (NONE, _("None")), *_places(packages)])
    titles = ((str(each.id), f"{each.ref} {text_in(each.title)}") for each in events)
    offer(form.event, [keep, (NONE, _("None")), *titles])
    offer(form.contract, [keep, (NONE, _("None")), *((str(each.id), each.reference) for each in contracts)])
    return form


def _places(packages: Sequence[WorkPackage]) -> Choices:
    for package in packages:
        name = _("Work package %(number)s", number=package.number)
        yield f"package-{package.id}", f"{name}: {text_in(package.title)}"
        for activity in package.activities:
            yield f"activity-{activity.id}", f"{activity.number} {text_in(activity.title)}"
