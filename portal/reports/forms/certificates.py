"""The forms by which certificates of attendance are issued and taken back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from wtforms import HiddenField

from portal.activities.queries import EventRow
from portal.activities.services.certificates import CertificateDraft
from portal.core.errors import InvalidInput
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

    draw_up: Callable[["IssueForm"], Sequence[CertificateDraft]]
    drafts: Sequence[CertificateDraft] = ()

    def reopen(self, percent: int, people: int) -> None:
        """Let the form be sent for what its page shows now."""
        for field, number in ((self.percent, percent), (self.people, people)):
            field.data, field.raw_data = number, None

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is filled in and still as it was shown: then the certificates lie in the store."""
        if not super().validate(extra_validators):
            return False
        try:
            self.drafts = self.draw_up(self)
        except InvalidInput as refusal:
            self.show_problems(refusal)
            return False
        return True


class WithdrawForm(Form):
    """Whether a certificate is to be taken back."""


def issue_form(
    event: EventRow, percent: int, people: int, draw_up: Callable[[EventRow, IssueForm], Sequence[CertificateDraft]]
) -> IssueForm:
    """The form with the organisers' languages chosen; `draw_up` makes the certificates that it asks for."""
    first, second = usual_languages(event)
    form = IssueForm(data={"first": first, "second": second, "percent": percent, "people": people})
    form.offer_languages()
    form.draw_up = partial(draw_up, event)
    return form
