"""Fields of forms about money."""

from typing import Any, ClassVar

from flask_babel import format_decimal
from flask_babel import gettext as _
from wtforms import Field
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation

from portal.core.forms import ReadField
from portal.core.money import Cents, read_amount, to_decimal


class AmountField(ReadField):
    """An amount as people type it, or nothing; `data` is in cents.

    It is shown as the language of the moment writes it; what could not be read stays as it was typed.
    """

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **{"render_kw": {"inputmode": "decimal", "maxlength": 80}, **kwargs})

    def _value(self) -> str:
        if self.raw_data and self.process_errors:
            return str(self.raw_data[0])
        return amount_shown(self.data)

    def written(self, value: Cents | None) -> str:
        """An amount that may stand in the field, as people read it."""
        return amount_shown(value)

    def read(self, text: str) -> Cents:
        """The amount."""
        return read_amount(text)


class AmountRequired:
    """Refuses an amount that is not filled in; 0 is one."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: PlainForm, field: Field) -> None:
        """Leave what was unreadable to the field's own message."""
        if field.process_errors:
            raise StopValidation
        if field.data is None:
            raise StopValidation(_("Fill this in."))


def amount_shown(amount: Cents | None) -> str:
    """An amount as a form shows it, in the language of the moment and so that `read_amount` reads it; "" for none."""
    return "" if amount is None else str(format_decimal(to_decimal(amount), "#,##0.00"))
