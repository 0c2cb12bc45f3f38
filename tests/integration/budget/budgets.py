"""What tests of budgets share: lines and contributions of LTPL00388, stored through the services."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.budget.queries.budget_versions import last_number
from portal.budget.rules.lines import Place
from portal.budget.services.lines import change_contributions, change_lines
from portal.core.db import transaction
from portal.core.money import Cents
from portal.projects.models import Organisation
from portal.projects.queries import get_organisation
from portal.projects.rules.contract import Reason
from portal.projects.services.structure import Edit
from tests.conftest import NOW
from tests.make import PROJECT

WHY = Reason("The programme has approved the change.", date(2026, 11, 1))


def opened(version: int | None = None, reason: Reason = WHY) -> Edit:
    """A page that showed this version of the budget (None: the latest)."""
    return Edit(last_number(PROJECT) if version is None else version, reason)


def store_lines(key: str, lines: Mapping[tuple[Any, ...], int | None]) -> None:
    """Store these lines of the organisation: category, work package and period -> cents."""
    wanted = {Place(*place): None if cents is None else Cents(cents) for place, cents in lines.items()}
    change_lines(PROJECT, key, wanted, edit=opened(), now=NOW)


def store_contributions(key: str, **stated: tuple[str, int]) -> None:
    """Store what the organisation's contribution takes from these sources: who gives it, and cents."""
    wanted = {source: (name, Cents(cents)) for source, (name, cents) in stated.items()}
    change_contributions(PROJECT, key, wanted, edit=opened(), now=NOW)


def set_flat_rates(key: str, **rates: int) -> None:
    """Let the organisation claim these flat rates, in whole per cent. Straight into the table."""
    with transaction() as session:
        row = session.get_one(Organisation, get_organisation(PROJECT, key).id)
        row.flat_rates = rates
