"""Forms of events and attendance."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import InputRequired, ValidationError

from portal.activities.labels import EVENT_STATUSES, PARTICIPATION_STATUSES
from portal.activities.models import Event, Headcount, Participation
from portal.activities.rules.drafts import EventDraft
from portal.activities.rules.participants import SENSITIVE_GROUPS
from portal.activities.services.attendance import HeadcountDraft, ParticipationDraft
from portal.core.forms import (
    CheckboxesField,
    ChoiceField,
    Choices,
    Form,
    LocalMomentField,
    RadioChoiceField,
    TextField,
    VersionField,
    WholeNumberField,
    at_most,
    chosen,
    offer,
    required,
)
from portal.core.web.formats import show_country, sorting_key
from portal.core.web.language import LANGUAGES, text_in
from portal.projects.labels import AGE_BANDS, EVENT_KINDS, GENDERS, GROUPS
from portal.projects.models import Organisation, WorkPackage
from portal.projects.rules.vocabulary import COUNTRIES, ZONE_BY_COUNTRY


def country_choices(near: Collection[str], empty: str) -> Choices:
    """Every country by name in the language of the moment, those in `near` first; `empty` names no choice."""
    named = [(code, show_country(code)) for code in COUNTRIES]
    named.sort(key=lambda pair: (pair[0] not in near, sorting_key(pair[1])))
    return [("", empty), *named]


def zone_choices() -> Choices:
    """Every zone by name, those of Europe first; none chosen means the country's own."""
    zones = sorted(available_timezones(), key=lambda zone: (not zone.startswith("Europe/"), zone))
    return [("", _("The country's own")), *((zone, zone) for zone in zones)]


class EventForm(Form):
    """The facts of an event; who organises it decides whether it is joint."""

    title_en = TextField(_l("Title in English"), [at_most(200)])
    title_lt = TextField(_l("Title in Lithuanian"), [at_most(200)])
    title_pl = TextField(_l("Title in Polish"), [at_most(200)])
    kind = ChoiceField(_l("Kind of event"), [required()])
    activity = ChoiceField(_l("Activity of the project"), [required()])
    organisers = CheckboxesField(_l("Organisers"), [chosen])
    audience = RadioChoiceField(
        _l("Who may come"),
        choices=[("closed", _l("Closed: invited people only")), ("public", _l("Public: open to everyone"))],
        default="closed",
    )
    starts = LocalMomentField(_l("Starts"), [required()])
    ends = LocalMomentField(_l("Ends"), [required()])
    country = ChoiceField(_l("Country"), [required()])
    time_zone = ChoiceField(_l("Time zone"), default="")
    place = TextField(_l("Place"), [at_most(200)])
    capacity = WholeNumberField(_l("Seats"), least=1)
    planned_participants = WholeNumberField(_l("Planned participants"))
    ref = TextField(_l("Reference"), [at_most(40)])
    version = VersionField()

    own_organisations: frozenset[str] | None = None

    def offer(
        self, packages: Iterable[WorkPackage], organisations: Collection[Organisation], own: frozenset[str] | None
    ) -> None:
        """Fill the lists of choices from the project; `own` are the keys of which one must organise (None: any)."""
        self.own_organisations = own
        offer(self.kind, [("", _("Choose a kind")), *EVENT_KINDS.items()])
        activities = [each for package in packages for each in package.activities]
        numbered = [(each.number, f"{each.number} {text_in(each.title)}") for each in activities]
        offer(self.activity, [("", _("Choose an activity")), *numbered])
        offer(self.organisers, [(each.key, f"{text_in(each.name)} ({each.country})") for each in organisations])
        offer(self.country, country_choices({each.country for each in organisations}, _("Choose a country")))
        offer(self.time_zone, zone_choices())

    def validate_title_en(self, field: TextField) -> None:
        """An event has a title in one language at least."""
        if not any(self[f"title_{language}"].data for language in LANGUAGES):
            raise ValidationError(_("Give the event a title in at least one language."))

    def validate_organisers(self, field: CheckboxesField) -> None:
        """A partner's event keeps the partner's own organisation among its organisers."""
        if self.own_organisations is not None and not self.own_organisations & set(field.data or ()):
            raise ValidationError(_("Keep your own organisation among the organisers."))

    def draft(self) -> EventDraft:
        """What the form says of the event."""
        titles = {language: self[f"title_{language}"].data or "" for language in LANGUAGES}
        return EventDraft(
            title=titles,
            kind=self.kind.data,
            activity=self.activity.data,
            organisers=self.organisers.data or [],
            country=self.country.data,
            starts=self.starts.moment,
            ends=self.ends.moment,
            ref=self.ref.data or "",
            time_zone=self.time_zone.data or "",
            place=self.place.data or "",
            is_public=self.audience.data == "public",
            capacity=self.capacity.data,
            planned_participants=self.planned_participants.data,
        )


class StatusForm(Form):
    """The one press that holds, cancels or reopens an event."""

    wanted = ChoiceField(_l("Status"), choices=EVENT_STATUSES.items())
    version = VersionField()


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


def event_values(event: Event) -> dict[str, Any]:
    """What an event's form shows at first: its facts, and its times as local clocks show them."""
    zone = ZoneInfo(event.time_zone)
    starts, ends = (moment.astimezone(zone).replace(tzinfo=None) for moment in (event.starts_at, event.ends_at))
    return {
        **{f"title_{language}": event.title.get(language, "") for language in LANGUAGES},
        "kind": event.kind,
        "activity": event.activity.number,
        "organisers": event.organiser_keys,
        "audience": "public" if event.is_public else "closed",
        "starts": starts,
        "ends": ends,
        "country": event.country,
        # The country's own zone stays open, so that another country brings its own.
        "time_zone": "" if event.time_zone == ZONE_BY_COUNTRY.get(event.country) else event.time_zone,
        "place": event.place,
        "capacity": event.capacity,
        "planned_participants": event.planned_participants,
        "ref": event.ref,
        "version": event.version,
    }
