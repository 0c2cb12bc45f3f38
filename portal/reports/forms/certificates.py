"""The forms by which certificates of attendance are issued and taken back."""

from collections.abc import Sequence

from wtforms import HiddenField

from portal.activities.queries import EventRow
from portal.core.forms import Form
from portal.core.web.addresses import LARGEST_ROW
from portal.reports.forms.sheets import LanguagesForm, usual_languages


class NumberField(HiddenField):
    """A whole number that the page carries along; None for anything else."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was sent."""
        text = valuelist[0] if valuelist else ""
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ROW))
        self.data = int(text) if is_number else None


class IssueForm(LanguagesForm):
    """To how many people certificates are issued, from which percentage on, and in which languages."""

    percent = NumberField()
    people = NumberField()

    def reopen(self, percent: int, people: int) -> None:
        """Let the form be sent for what its page shows now."""
        for field, number in ((self.percent, percent), (self.people, people)):
            field.data, field.raw_data = number, None


class WithdrawForm(Form):
    """Whether a certificate is to be taken back."""


def issue_form(event: EventRow, percent: int, people: int) -> IssueForm:
    """The form with the organisers' languages chosen."""
    first, second = usual_languages(event)
    form = IssueForm(data={"first": first, "second": second, "percent": percent, "people": people})
    form.offer_languages()
    return form
