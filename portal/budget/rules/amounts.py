"""An amount beside its currency, for sentences that name several."""

from dataclasses import dataclass

from portal.core.money import Cents, decimal_text


@dataclass(frozen=True)
class Amount:
    """Cents of a currency; as a text the plain decimal with the currency: 1234.50 PLN."""

    cents: Cents
    currency: str

    def __str__(self) -> str:
        return f"{decimal_text(self.cents)} {self.currency}"
