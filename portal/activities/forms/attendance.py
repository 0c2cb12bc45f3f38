"""Forms of attendance: people one by one, and numbers of people without names."""

from collections.abc import Collection, Iterable
from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import InputRequired, ValidationError

from portal.activities.labels import PARTICIPATION_STATUSES
from portal.activities.models import Headcount, Participation
from portal.activities.rules.participants import SENSITIVE_GROUPS
from portal.activities.services.attendance import HeadcountDraft, ParticipationDraft
from portal.core.forms import (
    ChoiceField,
    Form,
    RadioChoiceField,
    TextField,
    VersionField,
    WholeNumberField,
    at_most,
    offer,
    required,
)
from portal.core.web.formats import show_country
from portal.projects.forms.countries import country_choices
from portal.projects.labels import AGE_BANDS, GENDERS, GROUPS


class PersonForm(Form):
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
    participant = TextField(_l("Code"), [at_most(11)])
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


class HeadcountsForm(Form):
    """Numbers of people without names: a box for each group and each row already there, and one row with details."""

    group = ChoiceField(_l("Group"), default="")
    number = WholeNumberField(_l("Number of people"))
    country = ChoiceField(_l("Country"), default="")
    gender = ChoiceField(_l("Gender"), default="unknown")
    age_band = ChoiceField(_l("Age"), default="unknown")
    version = VersionField()

    boxes: ClassVar[dict[str, HeadcountDraft]] = {}

    def offer(self, near: Collection[str]) -> None:
        """Fill the lists of choices of the row with details; the countries in `near` come first."""
        offer(self.group, [("", _("Choose a group")), *GROUPS.items()])
        offer(self.country, country_choices(near, _("Not known")))
        offer(self.gender, list(GENDERS.items()))
        offer(self.age_band, list(AGE_BANDS.items()))

    def validate_number(self, field: WholeNumberField) -> None:
        """A row with details needs both its group and its number."""
        if bool(self.group.data) != (field.data is not None):
            raise ValidationError(_("Choose a group and enter a number, or leave both empty."))

    def drafts(self) -> list[HeadcountDraft]:
        """What the boxes say, empty as none, and the row with details where one is filled in."""
        stated = [box._replace(number=self[name].data or 0) for name, box in self.boxes.items()]
        if self.group.data:
            facts = (self.country.data, self.gender.data, self.age_band.data)
            stated.append(HeadcountDraft(self.group.data, self.number.data or 0, *facts))
        return stated

    @property
    def box_fields(self) -> list[Field]:
        """The boxes in order."""
        return [self[name] for name in self.boxes]


def headcounts_form(rows: Iterable[Headcount], version: int, near: Collection[str]) -> HeadcountsForm:
    """The form of an event's headcounts, with a box for every group and for every row that has details."""
    drafts = {(group, "", "unknown", "unknown"): HeadcountDraft(group, 0) for group in GROUPS}
    drafts |= {
        (row.group, row.country, row.gender, row.age_band): HeadcountDraft(
            row.group, row.number, row.country, row.gender, row.age_band
        )
        for row in rows
    }
    boxes = {"-".join(("box", *key)): draft for key, draft in drafts.items()}
    fields = {name: WholeNumberField(_box_label(draft), default=draft.number or None) for name, draft in boxes.items()}
    form: HeadcountsForm = type("EventHeadcountsForm", (HeadcountsForm,), {**fields, "boxes": boxes})(
        data={"version": version}
    )
    form.offer(near)
    return form


def _box_label(draft: HeadcountDraft) -> str:
    details = [
        show_country(draft.country) if draft.country else "",
        str(GENDERS[draft.gender]) if draft.gender != "unknown" else "",
        str(AGE_BANDS[draft.age_band]) if draft.age_band != "unknown" else "",
    ]
    return ", ".join([str(GROUPS[draft.group]), *(detail for detail in details if detail)])


class RemoveForm(Form):
    """The one press that takes a person off a list."""


def person_form(row: Participation, near: Collection[str]) -> Form:
    """The form that fits the group of a recorded person, filled with what is known."""
    form = (CodedPersonForm if row.group in SENSITIVE_GROUPS else PersonForm)(obj=row)
    form.offer(near)
    return form
