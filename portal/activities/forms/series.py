"""The form of repeating an event."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l

from portal.activities.models import Event
from portal.activities.rules.series import MOST_REPEATS, MOST_STEPS, Occurrence, Repetition, check_remaining
from portal.activities.services.series import SeriesPlan, occurrences_of
from portal.core.errors import InvalidInput
from portal.core.forms import (
    CheckboxesField,
    DayField,
    Form,
    RadioChoiceField,
    VersionField,
    WholeNumberField,
    offered,
    required,
)
from portal.core.web.formats import show_date

UNITS = {
    "days": _l("Calendar days"),
    "weeks": _l("Weeks, on the same weekday"),
    "months": _l("Months, on the same day of the month"),
    "weekdays": _l("Months, on the same weekday of the month"),
}


class RepeatForm(Form):
    """How often an event is repeated, and which of the dates are left out."""

    every = WholeNumberField(_l("Every"), [required()], default=1, least=1, most=MOST_STEPS)
    unit = RadioChoiceField(_l("Days, weeks or months"), choices=UNITS.items(), default="weeks")
    times = WholeNumberField(_l("Number of further events"), least=1, most=MOST_REPEATS)
    until = DayField(_l("Until this day"))
    left_out = CheckboxesField(_l("Dates to leave out"))
    version = VersionField()

    def repetition(self) -> Repetition:
        """What the form says, whether it can be carried out or not."""
        return Repetition(self.every.data or 0, self.unit.data or "", self.times.data, self.until.data)

    def plan(self) -> SeriesPlan:
        """What the form says, and the dates it leaves out."""
        return SeriesPlan(self.repetition(), [date.fromisoformat(each) for each in self.left_out.data or ()])

    def offer_dates(self, event: Event) -> list[Occurrence]:
        """The dates that the form comes to, to be left out one by one; none where it cannot be carried out."""
        unread = any(field.process_errors for field in (self.every, self.times, self.until))
        try:
            found = [] if unread else occurrences_of(event, self.repetition())
        except InvalidInput:
            found = []
        days = [each.day for each in found if each.day is not None and not each.is_there]
        self.left_out.choices = offered([(day.isoformat(), show_date(day)) for day in days])
        # Dates of the steps that were typed before are dates no more.
        self.left_out.data = [each for each in self.left_out.data or () if each in {day.isoformat() for day in days}]
        return found

    def check_dates(self, event: Event, dates: Sequence[Occurrence]) -> None:
        """Raise InvalidInputs where the form comes to no dates, or to no further event on them, saying why."""
        check_remaining(dates or occurrences_of(event, self.repetition()))
