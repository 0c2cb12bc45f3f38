"""What the rows of a file of expenditure come to beside what is stored."""

import re
from typing import Final, NamedTuple

from portal.budget.rules.drafts import ItemDraft
from portal.budget.rules.items import EDITABLE_STATES
from portal.imports.rules import kept_text

_CURRENCY: Final = re.compile(r"€|EUR|zł|PLN", re.IGNORECASE)


class StoredItem(NamedTuple):
    """An item as stored, its version and its state; `has_evidence` says whether any file proves it."""

    id: int
    version: int
    state: str
    draft: ItemDraft

    @property
    def is_editable(self) -> bool:
        """Whether its organisation may still change it."""
        return self.state in EDITABLE_STATES


class ItemChanges(NamedTuple):
    """What a file changes among an organisation's items: items to make, and items to change with their ids.

    `versions` are those of the items to change as they were when the file was compared.
    """

    project_code: str
    organisation_id: int
    organisation: str
    created: list[ItemDraft]
    updated: list[tuple[int, ItemDraft]]
    versions: dict[int, int]


def as_stated(wanted: ItemDraft, stored: ItemDraft | None) -> ItemDraft:
    """The item as it is to be kept: stored texts as they were written."""
    if stored is None:
        return wanted
    return wanted._replace(
        supplier=kept_text(stored.supplier, wanted.supplier),
        supplier_tax_number=kept_text(stored.supplier_tax_number, wanted.supplier_tax_number),
        invoice_number=kept_text(stored.invoice_number, wanted.invoice_number),
        description=kept_text(stored.description, wanted.description),
    )


def named_currency(text: str) -> str:
    """The currency that an amount names by its sign or code, which reading it leaves out; '' for none."""
    found = _CURRENCY.search(text)
    return "" if found is None else "EUR" if found[0].upper() in ("€", "EUR") else "PLN"
