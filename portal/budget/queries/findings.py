"""Reading what the findings of items depend on, and judging them: all of a project's, or a page of its register."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, exists, func, select, type_coerce
from sqlalchemy.orm import aliased

from portal.budget.models import Contract, ExpenditureItem, ItemEvidence
from portal.budget.queries.budgets import category_budgets
from portal.budget.queries.contracts import find_spent
from portal.budget.queries.preview import eur_of, latest_rates
from portal.budget.queries.running import find_running
from portal.budget.queries.tallies import Tally
from portal.budget.rules.duplicates import find_twins, group_invoices
from portal.budget.rules.facts import ContractFacts, ItemFacts, PartnerFacts, RegisterFacts
from portal.budget.rules.findings import Around, Finding, judge_items
from portal.budget.rules.flat_rates import flat_categories
from portal.budget.rules.masking import SALARIES
from portal.budget.rules.overruns import find_overruns
from portal.core.db import among, db
from portal.core.money import BasisPoints
from portal.projects.models import Activity, Organisation, Project, WorkPackage
from portal.projects.queries import get_project

Condition = ColumnElement[bool]

# Rows that are read at a time.
CHUNK = 2_000


def load_register(code: str, today: date) -> RegisterFacts:
    """Everything that the findings of the project's items depend on, as of `today`; raise NotFound.

    In a number of statements that stays the same, the items in the order of their ids.
    """
    register = load_surroundings(code, today)
    mine = ExpenditureItem.project_code == code
    return register._replace(items=_read_items(register, mine))


def load_surroundings(code: str, today: date) -> RegisterFacts:
    """The register without its items: the project's rules, partners, contracts and rates; raise NotFound."""
    project = get_project(code)
    return RegisterFacts(
        today=today,
        first_day=project.first_day,
        last_day=project.last_day,
        grace_days=project.payment_grace_days,
        currency=project.currency,
        flexibility_scope=project.flexibility_scope,
        flexibility=BasisPoints(project.flexibility_percent_bp or 0),
        partners=_partners(project),
        contracts=_contracts(code),
        rates=latest_rates(code, today),
        items=[],
        is_assumed="rules" in project.assumed,
    )


def findings_of(
    code: str, item_ids: Collection[int], today: date, tallies: Sequence[Tally] | None = None
) -> dict[int, list[Finding]]:
    """What is wrong with these items of the project, at most a page of them: id -> findings, worst first.

    What `judge` says of them in the whole register, without reading it: the database looks for the same invoices and
    adds up; less of it where the `tallies` of all items of their organisations are given. Ids that the project does not
    have are left out. Raise NotFound.
    """
    # Held here, so that what is asked of it below is not read again.
    project = get_project(code)
    register = load_surroundings(code, today)
    # The organisation's project rather than the item's own, so that the items are looked up by their ids.
    asked = _read_items(register, Organisation.project_code == code, among(ExpenditureItem.id, item_ids))
    around = Around(
        find_twins([*asked, *_same_invoices(code, asked, register)]),
        find_running(asked, register, {each.key: each.id for each in project.organisations}, tallies),
        find_overruns(find_spent({each.contract_id for each in asked if each.contract_id}, register.rates), register),
    )
    return judge_items(asked, register, around)


def _partners(project: Project) -> dict[str, PartnerFacts]:
    budgets = category_budgets(project.code)
    return {
        each.key: PartnerFacts(
            key=each.key,
            is_associated=each.role == "associated",
            currency=each.currency,
            budget=each.budget_cents,
            categories=budgets.get(each.key, {}),
            flat=flat_categories(each.flat_rates),
            flat_rates=each.flat_rates,
        )
        for each in project.organisations
    }


def _contracts(code: str) -> dict[int, ContractFacts]:
    columns = Contract.id, Contract.reference, Contract.amount_cents, Contract.currency
    mine = select(*columns).join(Contract.organisation).where(Organisation.project_code == code)
    return {row.id: ContractFacts(row.reference, row.amount_cents, row.currency) for row in db.session.execute(mine)}


def _read_items(register: RegisterFacts, *conditions: Condition) -> list[ItemFacts]:
    """The items under these conditions in the order of their ids, as the rules read them."""
    item, own, theirs = ExpenditureItem, aliased(WorkPackage), aliased(WorkPackage)
    evidence = exists().where(ItemEvidence.item_id == item.id)
    rows = (
        select(item.id, Organisation.key, item.internal_reference, item.category)
        .add_columns(func.coalesce(theirs.number, own.number, 0), func.coalesce(Activity.number, ""))
        .add_columns(item.tax_key, item.name_key, item.invoice_key, item.invoice_date, item.payment_date)
        # As the whole numbers that they are stored as: a call for each of so many cells would take its time.
        .add_columns(*(type_coerce(each, BigInteger) for each in (item.invoice_total_cents, item.declared_cents)))
        .add_columns(item.currency, type_coerce(item.eur_cents, BigInteger), item.contract_id, item.state)
        .add_columns(item.order_key, evidence, item.report_number, item.corrects_id)
        .join(Organisation, Organisation.id == item.organisation_id)
        .outerjoin(Activity, Activity.id == item.activity_id)
        .outerjoin(theirs, theirs.id == Activity.work_package_id)
        .outerjoin(own, own.id == item.work_package_id)
        .where(*conditions)
        .order_by(item.id)
    )
    return [_facts(row, register) for row in db.session.execute(rows.execution_options(yield_per=CHUNK))]


def _facts(row: Sequence[Any], register: RegisterFacts) -> ItemFacts:
    *stated, declared, currency, frozen, contract_id, state, order_key, has_evidence, report, corrects = row
    eur, is_frozen = eur_of(declared, currency, frozen, register.rates), frozen is not None
    rest = (contract_id, state, order_key, has_evidence, is_frozen, report, corrects)
    return ItemFacts._make((*stated, declared, currency, eur, *rest))


def _same_invoices(code: str, asked: Iterable[ItemFacts], register: RegisterFacts) -> list[ItemFacts]:
    """The project's other items that have the supplier and the invoice of one of those asked for."""
    known = {each.key for each in asked}
    numbers = {each.invoice_key for each in asked if each.invoice_key and (each.tax_key or each.name_key)}
    item = ExpenditureItem
    # Only what tells invoices apart: of the same number there may be those of many suppliers.
    rows = select(item.id, item.tax_key, item.name_key, item.invoice_key).where(
        item.project_code == code, item.invoice_key.in_(numbers), item.category != SALARIES
    )
    groups = group_invoices(db.session.execute(rows).all() if numbers else ())
    same = [{each.id for each in group} for group in groups]
    others = {key for group in same if group & known for key in group - known}
    return _read_items(register, among(item.id, others)) if others else []
