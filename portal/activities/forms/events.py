"""Forms of events."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.activities.labels import EVENT_STATUSES
from portal.activities.models import Event
from portal.activities.rules.copying import LocalTimes, moved_to
from portal.activities.rules.drafts import EventDraft
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
from portal.core.web.language import LANGUAGES, text_in
from portal.projects.forms.countries import country_choices
from portal.projects.labels import EVENT_KINDS
from portal.projects.models import Organisation, WorkPackage
from portal.projects.rules.vocabulary import ZONE_BY_COUNTRY, ZONES


def zone_choices() -> Choices:
    """Every zone by name, those of Europe first; none chosen means the country's own."""
    zones = sorted(ZONES, key=lambda zone: (not zone.startswith("Europe/"), zone))
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


def copied_values(event: Event, day: date | None, own: frozenset[str] | None) -> dict[str, Any]:
    """What the form of a copy shows at first: the event's facts on another day, without its reference.

    `own` are the keys of the organisations that the person may enter events for (None: all); they join the organisers
    if none of them is there. Raise InvalidInput for a day on which no event can lie.
    """
    values = event_values(event)
    for name in ("ref", "version"):
        del values[name]
    starts, ends = moved_to(LocalTimes(values["starts"], values["ends"]), day)
    organisers = values["organisers"]
    if own is not None and own.isdisjoint(organisers):
        organisers = [*organisers, *sorted(own)]
    return {**values, "starts": starts, "ends": ends, "organisers": organisers}
