"""Whose salary details someone may read: of an item of staff, what may name the person.

That is its description, its evidence and whatever else of its texts, wherever they would be shown: pages, files, JSON,
search, the audit. Amounts stay, so that sums add up.
Source: interfaces, "Who may do what": salary details are masked for all but the organisation's finance officers and
its controller; Jems v10 does the same with items marked as sensitive.
"""

from collections.abc import Container, Iterable
from typing import Any, NamedTuple

from portal.accounts.rules import Holding
from portal.accounts.rules.permissions import Role

READERS = frozenset({Role.FINANCE, Role.CONTROLLER})
SALARIES = "staff"


class Naming(NamedTuple):
    """What of an item of staff may name the person; an item has it under the same names."""

    description: str
    supplier: str
    supplier_tax_number: str
    invoice_number: str


def naming_of(item: Any) -> Naming:
    """What of the item, stored or stated, may name a person."""
    return Naming(item.description, item.supplier, item.supplier_tax_number, item.invoice_number)


def salaries_seen(holdings: Iterable[Holding]) -> frozenset[str]:
    """The keys of the organisations whose salary details someone with these roles may read."""
    return frozenset(each.organisation for each in holdings if each.role in READERS)


def is_masked(category: str, organisation: str, seen: Container[str]) -> bool:
    """Whether the details of an item of this category and organisation are kept from who sees those of `seen`."""
    return category == SALARIES and organisation not in seen


def readable(naming: Naming, category: str, organisation: str, seen: Container[str]) -> Naming | None:
    """What may name a person, for who sees the salary details of `seen`; None where it is kept from them."""
    return None if is_masked(category, organisation, seen) else naming
