"""The forms of exchange rates."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.budget.queries.rates import RateRow
from portal.budget.rules.rates import RateDraft, months_before, read_month
from portal.core.forms import ChoiceField, Form, ReadField, VersionField, offer, required
from portal.core.money import EURO, RateMicros, rate_text, read_rate
from portal.projects.rules.vocabulary import CURRENCIES

MOST_MONTHS = 12


class RateField(ReadField):
    """A rate as people type it, or nothing; `data` is in millionths."""

    def _value(self) -> str:
        if self.raw_data and self.process_errors:
            return str(self.raw_data[0])
        return rate_text(self.data) if self.data else ""

    def read(self, text: str) -> RateMicros:
        """The rate."""
        return read_rate(text)


class MonthField(ReadField):
    """A month, or nothing; `data` is written like 2026-07."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")

    def read(self, text: str) -> str:
        """The month."""
        return read_month(text)


class RateForm(Form):
    """A rate entered by hand: its currency, its month, and the rate."""

    currency = ChoiceField(_l("Currency"), [required()])
    month = MonthField(_l("Month"), [required()], render_kw={"placeholder": "2026-07", "maxlength": 10})
    rate = RateField(_l("Rate"), [required()], render_kw={"inputmode": "decimal", "maxlength": 40})

    def draft(self) -> RateDraft:
        """What the form states, once it is found complete."""
        return RateDraft(self.currency.data, self.month.data or "", cast(RateMicros, self.rate.data))


class RateChangeForm(Form):
    """What a rate should be; its currency and its month stay."""

    rate = RateField(_l("Rate"), [required()], render_kw={"inputmode": "decimal", "maxlength": 40})
    version = VersionField()

    def stated(self) -> RateMicros:
        """The rate, once the form is found complete."""
        return cast(RateMicros, self.rate.data)


class RateRemoveForm(Form):
    """The confirmation that a rate goes: the one the page showed."""

    version = VersionField()


class FetchForm(Form):
    """The month of which the rates are to be fetched."""

    month = ChoiceField(_l("Month"), [required()])


def rate_form(currencies: Sequence[str]) -> RateForm:
    """The form of a new rate; `currencies` are those that the project's organisations spend in, offered first."""
    form = RateForm()
    others = sorted(CURRENCIES - {EURO, *currencies})
    own = [each for each in currencies if each != EURO]
    offer(form.currency, [("", _("Choose a currency")), *((each, each) for each in (*own, *others))])
    if not form.is_submitted() and len(own) == 1:
        form.currency.data = own[0]
    return form


def rate_values(row: RateRow) -> dict[str, Any]:
    """What the form of a stored rate shows at first; also what a stale form is compared with."""
    return {"rate": row.rate_micros, "version": row.version}


def fetch_form(today: date) -> FetchForm:
    """The form for fetching the rates of one of the last months, this month's unless another is chosen."""
    form = FetchForm(data={"month": f"{today:%Y-%m}"})
    offer(form.month, [(each, each) for each in months_before(f"{today:%Y-%m}", MOST_MONTHS)])
    return form
