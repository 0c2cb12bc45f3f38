"""The items of an organisation with their rates and what is wrong with each: for commands, files and pages alike."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.budget.models import ExpenditureItem
from portal.budget.queries.findings import load_register
from portal.budget.queries.preview import AppliedRate, applied_rate
from portal.budget.rules.facts import ItemFacts, RegisterFacts
from portal.budget.rules.findings import Finding, judge
from portal.core.db import db
from portal.core.money import Cents, RateMicros
from portal.projects.queries import get_organisation


class JudgedItem(NamedTuple):
    """An item with its rate, the number of its report (None: in none), and what is wrong with it, worst first."""

    facts: ItemFacts
    rate: AppliedRate
    report: int | None
    findings: list[Finding]


def list_judged(code: str, organisation_key: str, today: date) -> list[JudgedItem]:
    """The organisation's items in their order, by day and reference; raise NotFound."""
    organisation = get_organisation(code, organisation_key)
    register = load_register(code, today)
    own = sorted(
        (each for each in register.items if each.organisation == organisation.key), key=lambda each: each.order_key
    )
    found = judge(register, {each.key for each in own})
    stored = _stored(organisation.id)
    return [_judged(each, found[each.key], register, stored[each.key]) for each in own]


class _Stored(NamedTuple):
    """What an item was frozen at, if it was, and the number of its report."""

    eur: Cents | None
    rate: RateMicros | None
    month: str
    report: int | None


def _stored(organisation_id: int) -> dict[int, _Stored]:
    """Item id -> what it was frozen at."""
    columns = (
        ExpenditureItem.eur_cents, ExpenditureItem.rate_micros, ExpenditureItem.rate_month,
        ExpenditureItem.report_number,
    )  # fmt: skip
    mine = select(ExpenditureItem.id, *columns).where(ExpenditureItem.organisation_id == organisation_id)
    return {row[0]: _Stored._make(row[1:]) for row in db.session.execute(mine)}


def _judged(item: ItemFacts, findings: list[Finding], register: RegisterFacts, stored: _Stored) -> JudgedItem:
    rate = applied_rate(item.currency, stored.eur, (stored.rate, stored.month), register.rates)
    return JudgedItem(item, rate, stored.report, findings)
