"""Forms of attendance: people one by one, and numbers of people without names."""

from collections.abc import Collection
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from portal.activities.labels import PARTICIPATION_STATUSES
from portal.activities.models import Participation
from portal.activities.rules.participants import SENSITIVE_GROUPS
from portal.activities.services.attendance import ParticipationDraft
from portal.core.forms import (
    ChoiceField,
    Form,
    RadioChoiceField,
    TextField,
    at_most,
    offer,
    required,
)
from portal.projects.forms.countries import country_choices
from portal.projects.labels import AGE_BANDS, GENDERS, GROUPS

# Fields that may hold what names somebody.
NAMING: Final = frozenset({"participant", "name", "organisation", "email"})


class CodeField(TextField):
    """A code that says nothing; what was refused is not shown again, as it may be a name."""

    def _value(self) -> str:
        return "" if self.errors else str(super()._value())


class NamedForm(Form):
    """A form that names somebody. What it says of a person of a sensitive group is not shown again."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is as it must be; forget what stands where no name may stand."""
        complete: bool = super().validate(extra_validators)
        if self["group"].data in SENSITIVE_GROUPS:
            for name in NAMING & self._fields.keys():
                self[name].data, self[name].raw_data = "", None
        return complete


class PersonForm(NamedForm):
    """A person at an event, with name or e-mail; convicted persons and family members have a form of their own."""

    participant = TextField(_l("E-mail or code"), [required(), at_most(254)])
    name = TextField(_l("Name"), [at_most(200)])
    organisation = TextField(_l("Institution"), [at_most(200)])
    country = ChoiceField(_l("Country"), default="")
    group = ChoiceField(_l("Group"), default="unknown")
    gender = ChoiceField(_l("Gender"), default="unknown")
    age_band = ChoiceField(_l("Age"), default="unknown")
    status = ChoiceField(_l("Attendance"), default="attended")

    def offer(self, near: Collection[str]) -> None:
        """Fill the lists of choices; the countries in `near` come first."""
        offer(self.group, [(key, label) for key, label in GROUPS.items() if key not in SENSITIVE_GROUPS])
        _offer_facts(self, near)

    def draft(self) -> ParticipationDraft:
        """What the form says of the person."""
        return ParticipationDraft(
            participant=self.participant.data or "",
            group=self.group.data,
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            country=self.country.data,
            gender=self.gender.data,
            age_band=self.age_band.data,
            status=self.status.data,
        )


class CodedPersonForm(Form):
    """A convicted person or family member under a code: there is no field for a name, an e-mail or an institution."""

    group = RadioChoiceField(_l("Group"), [InputRequired(_l("Choose a group."))])
    participant = CodeField(_l("Code"), [at_most(11)])
    country = ChoiceField(_l("Country"), default="")
    gender = ChoiceField(_l("Gender"), default="unknown")
    age_band = ChoiceField(_l("Age"), default="unknown")
    status = ChoiceField(_l("Attendance"), default="attended")

    def offer(self, near: Collection[str]) -> None:
        """Fill the lists of choices; the countries in `near` come first."""
        offer(self.group, [(key, label) for key, label in GROUPS.items() if key in SENSITIVE_GROUPS])
        _offer_facts(self, near)

    def draft(self) -> ParticipationDraft:
        """What the form says of the person."""
        return ParticipationDraft(
            participant=self.participant.data or "",
            group=self.group.data,
            country=self.country.data,
            gender=self.gender.data,
            age_band=self.age_band.data,
            status=self.status.data,
        )


def _offer_facts(form: PersonForm | CodedPersonForm, near: Collection[str]) -> None:
    offer(form.country, country_choices(near, _("Not known")))
    offer(form.gender, list(GENDERS.items()))
    offer(form.age_band, list(AGE_BANDS.items()))
    offer(form.status, list(PARTICIPATION_STATUSES.items()))


class RemoveForm(Form):
    """The one press that takes a person off a list."""


def person_form(row: Participation, near: Collection[str]) -> Form:
    """The form that fits the group of a recorded person, filled with what is known."""
    form = (CodedPersonForm if row.group in SENSITIVE_GROUPS else PersonForm)(obj=row)
    form.offer(near)
    return form
