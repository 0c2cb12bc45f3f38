"""The form that asks how many people a survey needs."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from babel.numbers import get_decimal_symbol
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from portal.core.forms import Form, RadioChoiceField, TextField, WholeNumberField, required
from portal.core.web.language import current_language

POWERS: Final = {"80": _l("In 8 of 10 surveys"), "90": _l("In 9 of 10 surveys"), "95": _l("In 19 of 20 surveys")}
DIFFERENT, SAME = "different", "same"
PEOPLE: Final = {DIFFERENT: _l("Different people"), SAME: _l("The same people, found again by their code")}
LONGEST: Final = 12
MOST_COMPARISONS: Final = 1000


class DecimalField(TextField):
    """A decimal from `least` to `most`, with a point or a comma; `data` is its text, `number` the decimal.

    It is shown as the language of the moment writes it; what was typed stays as it was typed.
    """

    def __init__(self, label: Any = None, validators: Any = None, *, least: str, most: str, **kwargs: Any) -> None:
        super().__init__(label, validators, **{"render_kw": {"inputmode": "decimal"}, **kwargs})
        self.least, self.most = Decimal(least), Decimal(most)

    def _value(self) -> str:
        return str(self.data or "") if self.raw_data else _written(str(self.data or ""))

    @property
    def number(self) -> Decimal:
        """The decimal of a field that validation has found good."""
        return Decimal(str(self.data).replace(",", "."))

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text without any space in it."""
        super().process_formdata(valuelist)
        self.data = "".join(str(self.data).split())

    def pre_validate(self, form: PlainForm) -> None:
        """Refuse what is no number, or lies outside."""
        if not self.data:
            return
        try:
            is_good = len(self.data) <= LONGEST and self.least <= self.number <= self.most
        except InvalidOperation:
            is_good = False
        if not is_good:
            values = {"least": _written(f"{self.least:f}"), "most": _written(f"{self.most:f}")}
            raise ValidationError(_("Enter a number from %(least)s to %(most)s.", **values))


def _written(number: str) -> str:
    """The number with the decimal sign of the language."""
    return number.replace(".", get_decimal_symbol(current_language()))


class PlanForm(Form):
    """What change is to be seen, and among whom."""

    difference = DecimalField(_l("Change that you want to see, in points"), [required()], least="0.01", most="1000")
    spread = DecimalField(
        _l("How far answers lie apart (standard deviation), in points"), [required()], least="0.01", most="1000"
    )
    comparisons = WholeNumberField(
        _l("How many scales or questions you compare"), [required()], least=1, most=MOST_COMPARISONS
    )
    power = RadioChoiceField(_l("How surely you want to see it"), [required()], choices=POWERS.items())
    people = RadioChoiceField(_l("Who answers the second time"), [required()], choices=PEOPLE.items())
    likeness = DecimalField(
        _l("How alike the same person answers twice (correlation)"), [required()], least="0", most="0.95"
    )

    @property
    def correlation(self) -> Decimal | None:
        """How alike both answers of a person are; None where different people answer."""
        return self.likeness.number if self.people.data == SAME else None
