"""Forms of a project's own facts; each says what it holds in a project file's words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.core.errors import Conflict
from portal.core.forms import (
    CheckboxesField,
    ChoiceField,
    Choices,
    DayField,
    Difference,
    Form,
    ParagraphsField,
    TextField,
    VersionField,
    WholeNumberField,
    at_most,
    offer,
    offered,
    required,
)
from portal.core.money import BasisPoints, Cents, percent_text, to_decimal
from portal.core.web.language import LANGUAGES
from portal.projects.queries.structure import Structure
from portal.projects.rules.contract import Reason
from portal.projects.rules.merging import Row
from portal.projects.rules.values import LONGEST_DAYS, NAME_LIMIT, TEXT_LIMIT
from portal.projects.rules.vocabulary import CURRENCIES, ZONES
from portal.projects.services.structure import Edit
from portal.projects.wording import ASSUMED, FLEXIBILITY

Values = dict[str, Any]


class ChangeForm(Form):
    """The base of forms that change a project: the version it was opened with, and why what is agreed changes."""

    reason = ParagraphsField(_l("Why this changes"), [at_most(2000)], render_kw={"rows": 3})
    valid_from = DayField(_l("Agreed from"))
    version = VersionField()

    def edit(self) -> Edit:
        """How the form was opened, and why what is agreed changes."""
        return Edit(self.version.data or 0, Reason(self.reason.data or "", self.valid_from.data))

    def texts(self, name: str) -> dict[str, str]:
        """Language -> text of the fields of `name`, those that are empty left out."""
        return given({language: self[f"{name}_{language}"].data for language in LANGUAGES})

    def offer(self, structure: Structure) -> None:
        """Fill the lists of choices from the project."""

    def stale(self, stored: int, values: Mapping[str, Any]) -> list[Difference]:
        """Where a form that came too late differs from what is stored by now; lets it be sent again.

        `stored` is the project's version by now, `values` what the fields show then.
        """
        if self.answer_status != Conflict.status or self.version.data == stored:
            return []
        self.version.reopen(stored)
        return self.differences({name: value for name, value in values.items() if name in self})

    def stated(self) -> Values:
        """What the form says, in a project file's words."""
        raise NotImplementedError


class FactsForm(ChangeForm):
    """The project's title, programme, money and days."""

    title_en = TextField(_l("Title in English"), [required(), at_most(NAME_LIMIT)])
    title_lt = TextField(_l("Title in Lithuanian"), [at_most(NAME_LIMIT)])
    title_pl = TextField(_l("Title in Polish"), [at_most(NAME_LIMIT)])
    title_aliases = ParagraphsField(_l("Title, also written"), render_kw={"rows": 2})
    programme = TextField(_l("Programme"), [required(), at_most(200)])
    programme_website = TextField(_l("Website of the programme"), [at_most(200)])
    fund = TextField(_l("Fund"), [required(), at_most(100)])
    cofinancing_rate = TextField(_l("Co-financing rate in per cent"), [required()])
    currency = ChoiceField(_l("Currency"), [required()])
    agreement_signed = DayField(_l("Agreement signed on"))
    start = DayField(_l("First day"), [required()])
    last_day = DayField(_l("Last day"), [required()])
    time_zone = ChoiceField(_l("Time zone"), default="")

    def offer(self, structure: Structure) -> None:
        """Fill the lists of choices."""
        offer(self.currency, currency_choices())
        offer(self.time_zone, [("", _("That of the lead partner's country")), *zone_choices()])

    def stated(self) -> Values:
        """The project's table."""
        names = ("programme", "programme_website", "fund", "cofinancing_rate", "currency")
        days = ("agreement_signed", "start", "last_day", "time_zone")
        title = {**self.texts("title"), "aliases": lines_of(self.title_aliases.data)}
        return {**given({name: self[name].data for name in (*names, *days)}), "title": title}


class TextsForm(ChangeForm):
    """What the public reads about the project."""

    summary_en = ParagraphsField(_l("Summary in English"), [at_most(TEXT_LIMIT)], render_kw={"rows": 6})
    summary_lt = ParagraphsField(_l("Summary in Lithuanian"), [at_most(TEXT_LIMIT)], render_kw={"rows": 6})
    summary_pl = ParagraphsField(_l("Summary in Polish"), [at_most(TEXT_LIMIT)], render_kw={"rows": 6})
    funding_statement_en = TextField(_l("Funding statement in English"), [at_most(TEXT_LIMIT)])
    funding_statement_lt = TextField(_l("Funding statement in Lithuanian"), [at_most(TEXT_LIMIT)])
    funding_statement_pl = TextField(_l("Funding statement in Polish"), [at_most(TEXT_LIMIT)])

    def stated(self) -> Values:
        """The texts by language."""
        return {name: self.texts(name) for name in ("summary", "funding_statement")}


class ReportingForm(ChangeForm):
    """The days after a period by which its reports are due."""

    partner_report_due_days = WholeNumberField(_l("Days for the partner report"), most=LONGEST_DAYS)
    control_due_days = WholeNumberField(_l("Days for the control"), most=LONGEST_DAYS)
    project_report_due_days = WholeNumberField(_l("Days for the project report"), most=LONGEST_DAYS)

    def stated(self) -> Values:
        """The table of reporting, its periods apart."""
        names = ("partner_report_due_days", "control_due_days", "project_report_due_days")
        return given({name: self[name].data for name in names})


class RulesForm(ChangeForm):
    """The programme's rules on money."""

    flexibility_scope = ChoiceField(_l("What may exceed its budget"), choices=FLEXIBILITY.items(), default="")
    flexibility_percent = TextField(_l("By how many per cent"))
    payment_grace_days = WholeNumberField(_l("Days for payments after the end"), most=LONGEST_DAYS)

    def validate_flexibility_percent(self, field: TextField) -> None:
        """The flexibility rule has both its halves, or neither."""
        if bool(field.data) != bool(self.flexibility_scope.data):
            raise ValidationError(_("Choose both what may exceed its budget and by how much, or neither."))

    def stated(self) -> Values:
        """The table of rules."""
        names = ("flexibility_scope", "flexibility_percent", "payment_grace_days")
        return given({name: self[name].data for name in names})


class AssumedForm(ChangeForm):
    """Which facts are the team's own reading."""

    assumed = CheckboxesField(_l("Assumed, not stated by the programme"), choices=offered(ASSUMED.items()))

    def stated(self) -> Values:
        """The marks."""
        return {"assumed": list(self.assumed.data or [])}


SECTION_FORMS: Mapping[str, type[ChangeForm]] = {
    "facts": FactsForm,
    "texts": TextsForm,
    "reporting": ReportingForm,
    "rules": RulesForm,
    "assumed": AssumedForm,
}
"""Section → its form."""


def section_form(section: str, structure: Structure, today: date) -> ChangeForm:
    """The section's form, filled with what is stored."""
    form = SECTION_FORMS[section](data={**section_values(section, structure), "valid_from": today})
    form.offer(structure)
    return form


def section_values(section: str, structure: Structure) -> Values:
    """What the section's form shows at first."""
    return {**_VALUES[section](structure.rows["project"][""]), "version": structure.project.version}


def _facts_values(row: Row) -> Values:
    names = ("programme", "programme_website", "fund", "currency", "agreement_signed", "last_day", "time_zone")
    return {
        **{name: row[name] for name in names},
        **text_values("title", row["title"]),
        "title_aliases": "\n".join(_texts_in(row["title_aliases"])),
        "cofinancing_rate": percent_shown(row["cofinancing_rate_bp"]),
        "start": row["first_day"],
    }


def _texts_values(row: Row) -> Values:
    return {**text_values("summary", row["summary"]), **text_values("funding_statement", row["funding_statement"])}


def _reporting_values(row: Row) -> Values:
    return {name: row[name] for name in ("partner_report_due_days", "control_due_days", "project_report_due_days")}


def _rules_values(row: Row) -> Values:
    return {
        "flexibility_scope": row["flexibility_scope"],
        "flexibility_percent": percent_shown(row["flexibility_percent_bp"]),
        "payment_grace_days": row["payment_grace_days"],
    }


def _assumed_values(row: Row) -> Values:
    marked = _texts_in(row["assumed"])
    return {"assumed": [*marked, *(["reporting"] if row["reporting_assumed"] and "reporting" not in marked else [])]}


_VALUES: Mapping[str, Callable[[Row], Values]] = {
    "facts": _facts_values,
    "texts": _texts_values,
    "reporting": _reporting_values,
    "rules": _rules_values,
    "assumed": _assumed_values,
}


def given(fields: Mapping[str, Any]) -> Values:
    """The fields that hold something: in a project file what is empty is left out."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def lines_of(text: str | None) -> list[str]:
    """The lines that are not empty."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def text_values(name: str, texts: Any) -> Values:
    """The fields of a text per language."""
    return {f"{name}_{language}": (texts or {}).get(language, "") for language in LANGUAGES}


def percent_shown(rate: Any) -> str:
    """A rate in basis points as a form shows it: 80, or 66.67."""
    return "" if rate is None else percent_text(BasisPoints(rate)).removesuffix(".00")


def amount_shown(amount: Any) -> str:
    """An amount in cents as a form shows it, as the language of the moment writes it and `read_amount` reads it."""
    return "" if amount is None else str(format_decimal(to_decimal(Cents(amount)), "#,##0.00")).replace("\xa0", " ")


def currency_choices() -> Choices:
    """Every currency by its code, the euro first."""
    codes = sorted(CURRENCIES, key=lambda code: (code != "EUR", code))
    return [("", _("Choose a currency")), *((code, code) for code in codes)]


def zone_choices() -> Choices:
    """Every time zone by name, those of Europe first."""
    return [(zone, zone) for zone in sorted(ZONES, key=lambda zone: (not zone.startswith("Europe/"), zone))]


def _texts_in(value: Any) -> list[str]:
    return [str(each) for each in value or ()]
