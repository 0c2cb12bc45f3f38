"""Forms of new projects, and of a project's status."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.core.forms import (
    ChoiceField,
    DayField,
    Form,
    TextField,
    VersionField,
    at_most,
    offer,
    required,
)
from portal.core.web.language import LANGUAGES
from portal.projects.forms.countries import country_choices
from portal.projects.forms.structure import Values, currency_choices, given, zone_choices
from portal.projects.rules.values import NAME_LIMIT
from portal.projects.wording import STATUSES


class _TitledForm(Form):
    """What every new project states of itself."""

    code = TextField(_l("Code"), [required(), at_most(40)])
    title_en = TextField(_l("Title in English"), [required(), at_most(NAME_LIMIT)])
    title_lt = TextField(_l("Title in Lithuanian"), [at_most(NAME_LIMIT)])
    title_pl = TextField(_l("Title in Polish"), [at_most(NAME_LIMIT)])
    start = DayField(_l("First day"), [required()])
    last_day = DayField(_l("Last day"), [required()])

    def project(self, *names: str) -> Values:
        """The project's table of a project file, with these fields besides."""
        fields = {name: self[name].data for name in ("code", "start", "last_day", *names)}
        return given({**fields, "title": _texts(self, "title")})


class NewProjectForm(_TitledForm):
    """A project with its lead partner; everything else comes on its own pages."""

    programme = TextField(_l("Programme"), [required(), at_most(200)])
    fund = TextField(_l("Fund"), [required(), at_most(100)])
    cofinancing_rate = TextField(_l("Co-financing rate in per cent"), [required()])
    currency = ChoiceField(_l("Currency"), [required()], default="EUR")
    time_zone = ChoiceField(_l("Time zone"), default="")
    lead_key = TextField(_l("Key"), [required(), at_most(40)])
    lead_name_en = TextField(_l("Name in English"), [required(), at_most(NAME_LIMIT)])
    lead_name_lt = TextField(_l("Name in Lithuanian"), [at_most(NAME_LIMIT)])
    lead_name_pl = TextField(_l("Name in Polish"), [at_most(NAME_LIMIT)])
    lead_country = ChoiceField(_l("Country"), [required()])

    def offer(self) -> None:
        """Fill the lists of choices."""
        offer(self.currency, currency_choices())
        offer(self.time_zone, [("", _("That of the lead partner's country")), *zone_choices()])
        offer(self.lead_country, country_choices((), _("Choose a country")))

    def stated(self) -> Values:
        """The project file of a project with one organisation."""
        lead = {"key": self.lead_key.data, "role": "lead", "country": self.lead_country.data}
        project = self.project("programme", "fund", "cofinancing_rate", "currency", "time_zone")
        return {"project": project, "organisations": [{**lead, "name": _texts(self, "lead_name")}]}


class CopyForm(_TitledForm):
    """A project with the structure of another one."""

    keep_budgets = BooleanField(_l("Take over the budgets of the organisations"))

    def stated(self) -> Values:
        """The new project's own table."""
        return self.project()


class MoveForm(Form):
    """The press that gives a project its next status."""

    wanted = ChoiceField(_l("Status"), [required()], choices=STATUSES.items())
    version = VersionField()


def _texts(form: Form, name: str) -> dict[str, Any]:
    return given({language: form[f"{name}_{language}"].data for language in LANGUAGES})
