"""Forms of a project's organisations, periods, work packages, activities and deliverables."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.core.errors import InvalidInput
from portal.core.forms import ChoiceField, DayField, TextField, WholeNumberField, at_most, offer, required
from portal.core.web.language import text_in
from portal.projects.forms.countries import country_choices
from portal.projects.forms.structure import (
    ChangeForm,
    Values,
    amount_shown,
    currency_choices,
    given,
    text_values,
)
from portal.projects.forms.structure_indicators import IndicatorForm, indicator_values
from portal.projects.labels import ROLES
from portal.projects.measure_words import KINDS
from portal.projects.queries.structure import Structure
from portal.projects.rules.merging import Row
from portal.projects.rules.structure import IDENTITY, RENUMBERED
from portal.projects.rules.structure_rows import next_number
from portal.projects.rules.values import LARGEST_NUMBER, NAME_LIMIT
from portal.projects.rules.vocabulary import FLAT_RATE_CEILINGS, MEASURE_KINDS
from portal.projects.wording import FLAT_RATES

MOST_ROWS = 1_000


def _rate(name: str) -> WholeNumberField:
    return WholeNumberField(FLAT_RATES[name], least=1, most=FLAT_RATE_CEILINGS[name])


def _numbered(form: ChangeForm, field: WholeNumberField) -> None:
    """Refuse a number that is not filled in."""
    if field.data is None:
        raise ValidationError(_("Fill this in."))


class OrganisationForm(ChangeForm):
    """An organisation; its other spellings, address and contacts have pages of their own."""

    key = TextField(_l("Key"), [required(), at_most(40)])
    name_en = TextField(_l("Name in English"), [required(), at_most(NAME_LIMIT)])
    name_lt = TextField(_l("Name in Lithuanian"), [at_most(NAME_LIMIT)])
    name_pl = TextField(_l("Name in Polish"), [at_most(NAME_LIMIT)])
    role = ChoiceField(_l("Part in the project"), [required()])
    country = ChoiceField(_l("Country"), [required()])
    currency = ChoiceField(_l("Currency it spends in"), [required()])
    budget = TextField(_l("Budget"), [at_most(40)])
    flat_rates_staff = _rate("staff")
    flat_rates_travel = _rate("travel")
    flat_rates_office_on_staff = _rate("office_on_staff")
    flat_rates_office_on_direct = _rate("office_on_direct")
    flat_rates_other_on_staff = _rate("other_on_staff")
    place = WholeNumberField(_l("Place in the list"), least=1, most=MOST_ROWS)

    def offer(self, structure: Structure) -> None:
        """Fill the lists of choices from the project."""
        offer(self.role, [("", _("Choose its part")), *ROLES.items()])
        near = {str(row["country"]) for row in structure.rows["organisations"].values()}
        offer(self.country, country_choices(near, _("Choose a country")))
        offer(self.currency, currency_choices())

    def stated(self) -> Values:
        """The organisation's table; amounts stay as they are typed, for the file's reader."""
        names = ("key", "role", "country", "currency", "budget", "place")
        rates = given({rate: self[f"flat_rates_{rate}"].data for rate in FLAT_RATE_CEILINGS})
        fields = {name: self[name].data for name in names if name in self}
        return given({**fields, "name": self.texts("name"), "flat_rates": rates})


class PeriodForm(ChangeForm):
    """A reporting period."""

    validate_number = _numbered
    number = WholeNumberField(_l("Its number"), least=1, most=LARGEST_NUMBER)
    start = DayField(_l("First day"), [required()])
    last_day = DayField(_l("Last day"), [required()])

    def stated(self) -> Values:
        """The period's table."""
        return given({name: self[name].data for name in ("number", "start", "last_day") if name in self})


class WorkPackageForm(ChangeForm):
    """A work package."""

    validate_number = _numbered
    number = WholeNumberField(_l("Its number"), least=1, most=LARGEST_NUMBER)
    title_en = TextField(_l("Title in English"), [at_most(NAME_LIMIT)])
    title_lt = TextField(_l("Title in Lithuanian"), [at_most(NAME_LIMIT)])
    title_pl = TextField(_l("Title in Polish"), [at_most(NAME_LIMIT)])

    def stated(self) -> Values:
        """The work package's table."""
        number = {"number": self.number.data} if "number" in self else {}
        return {**given(number), "title": self.texts("title")}


class ActivityForm(ChangeForm):
    """An activity: what it is called, who answers for it, and when it is planned."""

    work_package = ChoiceField(_l("Work package"), [required()])
    number = TextField(_l("Its number"), [required(), at_most(20)])
    title_en = TextField(_l("Title in English"), [at_most(NAME_LIMIT)])
    title_lt = TextField(_l("Title in Lithuanian"), [at_most(NAME_LIMIT)])
    title_pl = TextField(_l("Title in Polish"), [at_most(NAME_LIMIT)])
    responsible = ChoiceField(_l("Responsible partner"), default="")
    planned_first_day = DayField(_l("Planned first day"))
    planned_last_day = DayField(_l("Planned last day"))

    def offer(self, structure: Structure) -> None:
        """Fill the lists of choices from the project."""
        rows = structure.rows
        packages = [(number, _titled(number, row)) for number, row in rows["work_packages"].items()]
        offer(self.work_package, [("", _("Choose a work package")), *packages])
        named = [(key, _named(row)) for key, row in rows["organisations"].items()]
        offer(self.responsible, [("", _("Not decided yet")), *named])

    def stated(self) -> Values:
        """The activity in a project file's words, and its plan."""
        names = ("number", "responsible", "planned_first_day", "planned_last_day")
        fields = {name: self[name].data for name in names}
        return given({"work_package": int(self.work_package.data), **fields, "title": self.texts("title")})


class DeliverableForm(ChangeForm):
    """A deliverable of an activity."""

    activity = ChoiceField(_l("Activity"), [required()])
    number = TextField(_l("Its number"), [required(), at_most(20)])
    title_en = TextField(_l("Title in English"), [at_most(NAME_LIMIT)])
    title_lt = TextField(_l("Title in Lithuanian"), [at_most(NAME_LIMIT)])
    title_pl = TextField(_l("Title in Polish"), [at_most(NAME_LIMIT)])
    due_day = DayField(_l("Due on"))

    def offer(self, structure: Structure) -> None:
        """Fill the list of activities from the project."""
        activities = [(number, _titled(number, row)) for number, row in structure.rows["activities"].items()]
        offer(self.activity, [("", _("Choose an activity")), *activities])

    def stated(self) -> Values:
        """The deliverable."""
        fields = {name: self[name].data for name in ("activity", "number", "due_day")}
        return given({**fields, "title": self.texts("title")})


ROW_FORMS: Mapping[str, type[ChangeForm]] = {
    "organisations": OrganisationForm,
    "periods": PeriodForm,
    "work_packages": WorkPackageForm,
    "activities": ActivityForm,
    "deliverables": DeliverableForm,
    "indicators": IndicatorForm,
}
"""Table → the form of its rows."""


def new_row_form(name: str, structure: Structure, today: date, *, parent: str, kind: str) -> ChangeForm:
    """An empty form of the table `name`, with a free number inside `parent` and, for an indicator, its kind."""
    values: Values = {"version": structure.project.version, "valid_from": today}
    if IDENTITY[name] == "number":
        values["number"] = next_number(structure.rows, name, parent) if parent or name not in RENUMBERED else ""
    values |= {"work_package": parent} if name == "activities" else {}
    values |= {"activity": parent} if name == "deliverables" else {}
    if name in ("periods", "work_packages"):
        values["number"] = int(values["number"])
    if name == "organisations":
        values["currency"] = structure.project.currency
    return _made(name, structure, values, kind=kind)


def row_form(name: str, key: str, structure: Structure, today: date, *, kind: str) -> ChangeForm:
    """The form of a row, filled with what is stored; an indicator may be shown as one of another kind."""
    form = _made(name, structure, {**row_values(name, key, structure), "valid_from": today}, kind=kind, key=key)
    if name not in RENUMBERED:
        del form[IDENTITY[name]]
    return form


def row_values(name: str, key: str, structure: Structure) -> Values:
    """What the form of a row shows at first."""
    row = structure.get_row(name, key)
    return {**_VALUES[name](key, row), "version": structure.project.version}


def shown_kind(structure: Structure, key: str, asked: str) -> str:
    """The kind of measure that an indicator's form shows: the asked one, or its own; '' for a new one or another row.

    Raise InvalidInput for a kind that does not exist.
    """
    if asked and asked not in MEASURE_KINDS:
        raise InvalidInput("measure-unknown", value=asked, allowed=[str(name) for name in KINDS.values()])
    measure: Any = structure.get_row("indicators", key)["measure"] if key else {}
    return asked or str(measure.get("kind", ""))


def _made(name: str, structure: Structure, values: Values, *, kind: str, key: str = "") -> ChangeForm:
    form = ROW_FORMS[name](data=values)
    if isinstance(form, IndicatorForm):
        form.own_key = key
        form.narrow(kind)
    form.offer(structure)
    return form


def _organisation_values(key: str, row: Row) -> Values:
    rates: Any = row["flat_rates"]
    return {
        **text_values("name", row["name"]),
        **{name: row[name] for name in ("role", "country", "currency")},
        "budget": amount_shown(row["budget_cents"]),
        **{f"flat_rates_{rate}": rates.get(rate) for rate in FLAT_RATE_CEILINGS},
        "place": row["position"],
    }


def _period_values(key: str, row: Row) -> Values:
    return {"start": row["first_day"], "last_day": row["last_day"]}


def _work_package_values(key: str, row: Row) -> Values:
    return text_values("title", row["title"])


def _activity_values(key: str, row: Row) -> Values:
    names = ("responsible", "planned_first_day", "planned_last_day")
    plan = {name: row[name] for name in names}
    return {"work_package": str(row["work_package"]), "number": key, **text_values("title", row["title"]), **plan}


def _deliverable_values(key: str, row: Row) -> Values:
    return {"activity": row["activity"], "number": key, **text_values("title", row["title"]), "due_day": row["due_day"]}


_VALUES: Mapping[str, Callable[[str, Row], Values]] = {
    "organisations": _organisation_values,
    "periods": _period_values,
    "work_packages": _work_package_values,
    "activities": _activity_values,
    "deliverables": _deliverable_values,
    "indicators": indicator_values,
}


def _titled(number: str, row: Row) -> str:
    title: Any = row["title"]
    return f"{number} {text_in(title)}".strip()


def _named(row: Row) -> str:
    name: Any = row["name"]
    return f"{text_in(name)} ({row['country']})"
