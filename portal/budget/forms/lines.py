"""The forms of budget lines, laid out as a grid, and of contributions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.budget.forms.fields import AmountField, amount_shown
from portal.budget.labels import CONTRIBUTION_SOURCES, COST_CATEGORIES
from portal.budget.queries.budgets import PartnerBudget
from portal.budget.rules.lines import LONGEST_NAME, Place, field_of
from portal.core.errors import Problem
from portal.core.forms import DayField, Difference, Form, ParagraphsField, TextField, VersionField, at_most, typed_in
from portal.core.money import Cents
from portal.projects.rules.contract import LONGEST_REASON, Reason
from portal.projects.services.structure import Edit


class BudgetForm(Form):
    """The base of forms that change a budget: the version it was opened with, and why the budget changes."""

    reason = ParagraphsField(_l("Why this changes"), [at_most(LONGEST_REASON)], render_kw={"rows": 3})
    valid_from = DayField(_l("Agreed from"))
    version = VersionField()

    def ask_why(self, status: str) -> None:
        """Mark what a project of this status must be told: while it runs, the reason and the day."""
        for field in (self.reason, self.valid_from):
            field.flags.required = status == "running"

    def edit(self) -> Edit:
        """The version of the budget that the page showed, and why the budget changes."""
        return Edit(self.version.data or 0, Reason(self.reason.data or "", self.valid_from.data))

    def stale(self, number: int, values: Mapping[str, Any]) -> list[Difference]:
        """Where a form that came too late differs from what is stored by now; lets it be sent again.

        `number` is that of the budget's version by now, `values` what the fields hold then.
        """
        if not self.is_late(number, Problem("budget-stale")):
            return []
        shown = [(self[name], _shown(value)) for name, value in values.items() if name in self]
        found = [Difference(str(field.label.text), stored, typed_in(field, _shown)) for field, stored in shown]
        return [each for each in found if each.stored != each.typed]


class LinesForm(BudgetForm):
    """The lines of one partner: a box for each place."""

    places: tuple[Place, ...] = ()

    def wanted(self) -> dict[Place, Cents | None]:
        """What each box says; None where it is empty."""
        return {place: self[field_of(place)].data for place in self.places}


class ContributionsForm(BudgetForm):
    """How much of a partner's contribution comes from which source, and who gives it."""

    own_amount = AmountField(_l("Own money"))
    own_name = TextField(_l("Own money: who gives it"), [at_most(LONGEST_NAME)])
    national_amount = AmountField(_l("National co-financing"))
    national_name = TextField(_l("National co-financing: who gives it"), [at_most(LONGEST_NAME)])
    private_amount = AmountField(_l("Private money"))
    private_name = TextField(_l("Private money: who gives it"), [at_most(LONGEST_NAME)])

    def wanted(self) -> dict[str, tuple[str, Cents | None]]:
        """Source -> who gives it, and how much."""
        return {
            source: (self[f"{source}_name"].data or "", self[f"{source}_amount"].data)
            for source in CONTRIBUTION_SOURCES
        }


def lines_form(partner: PartnerBudget, places: Iterable[Place], *, version: int, today: date) -> LinesForm:
    """The form of the partner's lines at these places, filled with what is stored."""
    offered = tuple(places)
    fields = {field_of(place): AmountField(place_label(place)) for place in offered}
    made = type("GridForm", (LinesForm,), {**fields, "places": offered})
    form: LinesForm = made(data={**line_values(partner, offered), "version": version, "valid_from": today})
    return form


def line_values(partner: PartnerBudget, places: Iterable[Place]) -> dict[str, Cents | None]:
    """What is stored of the partner's lines, by the fields of these places."""
    stored = {line.place: line.cents for line in partner.lines}
    return {field_of(place): stored.get(place) for place in places}


def contributions_form(partner: PartnerBudget, *, version: int, today: date) -> ContributionsForm:
    """The form of the partner's contributions, filled with what is stored."""
    return ContributionsForm(data={**contribution_values(partner), "version": version, "valid_from": today})


def contribution_values(partner: PartnerBudget) -> dict[str, Any]:
    """What is stored of the partner's contributions, by field."""
    stored = {share.source: share for share in partner.contributions}
    values: dict[str, Any] = {}
    for source in CONTRIBUTION_SOURCES:
        share = stored.get(source)
        values |= {f"{source}_amount": share.cents if share else None, f"{source}_name": share.name if share else ""}
    return values


def place_label(place: Place) -> str:
    """What a line is for, in words."""
    parts = [str(COST_CATEGORIES[place.category])]
    if place.work_package:
        parts.append(_("work package %(number)s", number=place.work_package))
    if place.period:
        parts.append(_("period %(number)s", number=place.period))
    return ", ".join(parts)


def _shown(value: Any) -> str:
    return str(value or "") if isinstance(value, str) else amount_shown(value)
