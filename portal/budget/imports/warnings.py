"""What is wrong with the items that a file declares: the findings of the register as it would be with them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.budget.queries.findings import load_register
from portal.budget.queries.imports import Called, Names
from portal.budget.queries.preview import eur_of
from portal.budget.rules.drafts import ItemDraft, keys_of
from portal.budget.rules.facts import ItemFacts, RegisterFacts
from portal.budget.rules.findings import Finding, judge
from portal.budget.rules.imports import ItemChanges
from portal.core.errors import Problem
from portal.core.tables.problems import RowProblem
from portal.imports.kinds import Request
from portal.projects.queries import get_project

# Said of nearly every row that is new: files are attached to items once they are there.
LAST = "no-evidence"


class Places(NamedTuple):
    """What things are called, by their ids, and activity -> work package."""

    called: Called
    packages_of: Mapping[int, int]


def list_warnings(request: Request, changes: ItemChanges, names: Names, keys: Mapping[int, int]) -> list[RowProblem]:
    """The findings of every row, worst first; `keys` is row -> the key of its item among the facts."""
    zone = ZoneInfo(get_project(request.project_code).time_zone)
    register = load_register(request.project_code, request.now.astimezone(zone).date())
    found = judge(with_changes(register, changes, names), set(keys.values()))
    # Most findings of a long file are alike: what has no values is kept once.
    alike: dict[tuple[str, str], Problem] = {}
    return [each for row, key in keys.items() for each in _problems(row, found[key], alike)]


def with_changes(register: RegisterFacts, changes: ItemChanges, names: Names) -> RegisterFacts:
    """The register as it would be once the changes are stored; new items have keys below zero."""
    places = Places(names.called(), names.packages_of)
    updated = dict(changes.updated)
    items = [
        _changed(each, updated[each.key], places, register) if each.key in updated else each for each in register.items
    ]
    for place, draft in enumerate(changes.created, start=1):
        items.append(_facts(-place, changes.organisation, draft, places, register))
    return register._replace(items=items)


def _changed(stored: ItemFacts, draft: ItemDraft, places: Places, register: RegisterFacts) -> ItemFacts:
    facts = _facts(stored.key, stored.organisation, draft, places, register)
    is_same = (stored.declared, stored.currency) == (facts.declared, facts.currency)
    eur = stored.eur if is_same else facts.eur
    kept = {name: getattr(stored, name) for name in ("state", "report", "has_evidence")}
    return facts._replace(eur=eur, is_frozen=stored.is_frozen and is_same, **kept)


def _facts(key: int, organisation: str, draft: ItemDraft, places: Places, register: RegisterFacts) -> ItemFacts:
    keys = keys_of(draft)
    package_id = places.packages_of[draft.activity_id] if draft.activity_id else draft.work_package_id
    return ItemFacts(
        key=key,
        organisation=organisation,
        reference=draft.internal_reference,
        category=draft.category,
        work_package=places.called.work_packages[package_id] if package_id else 0,
        activity=places.called.activities[draft.activity_id] if draft.activity_id else "",
        tax_key=keys.tax_key,
        name_key=keys.name_key,
        invoice_key=keys.invoice_key,
        invoice_date=draft.invoice_date,
        payment_date=draft.payment_date,
        invoice_total=draft.invoice_total_cents,
        declared=draft.declared_cents,
        currency=draft.currency,
        eur=eur_of(draft.declared_cents, draft.currency, None, register.rates),
        contract_id=draft.contract_id,
        state="open",
        order_key=keys.order_key,
        has_evidence=False,
        corrects=draft.corrects_id,
    )


def _problems(row: int, findings: list[Finding], alike: dict[tuple[str, str], Problem]) -> Iterator[RowProblem]:
    for finding in sorted(findings, key=lambda each: each.code == LAST):
        problem = Problem(finding.code, finding.column, finding.values)
        if not finding.values:
            problem = alike.setdefault((finding.code, finding.column), problem)
        # The organisation is said beside the file, not in a column of it.
        column = "" if finding.column == "organisation" else finding.column
        yield RowProblem(row, column, problem, is_warning=True)
