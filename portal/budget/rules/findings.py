"""What is wrong with items of expenditure: pure, explained, the same whatever the order of entry."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from portal.budget.rules.contracts import Standing
from portal.budget.rules.costs import check_cost
from portal.budget.rules.duplicates import ACROSS, Twins, check_duplicates, find_twins
from portal.budget.rules.facts import ItemFacts, RegisterFacts
from portal.budget.rules.overruns import (
    Running,
    check_budget,
    check_contract,
    contract_sums,
    find_overruns,
    running_sums,
)
from portal.budget.rules.windows import check_days
from portal.core.errors import Problem

BLOCKS, WARNS = "blocks", "warns"

SEVERITIES: Final[Mapping[str, str]] = {
    "not-associated": BLOCKS,
    "outside-window": BLOCKS,
    "future-date": BLOCKS,
    "declared-above-invoice": BLOCKS,
    "duplicate-invoice": BLOCKS,
    "flat-rate-category": BLOCKS,
    "currency": BLOCKS,
    "over-partner": BLOCKS,
    "missing-rate": WARNS,
    "unpaid": WARNS,
    "no-evidence": WARNS,
    "paid-before-invoice": WARNS,
    "category-not-budgeted": WARNS,
    "over-category": WARNS,
    "contract-overrun": WARNS,
}
"""How severe each finding is, in the order in which those of an item are listed. Source: rules of the domain 2."""

# What keeps an item out of a submitted report, though until then it only warns.
AT_SUBMISSION: Final = frozenset({"missing-rate", "unpaid", "no-evidence"})

_PLACES: Final = {code: place for place, code in enumerate(SEVERITIES)}


class Finding(NamedTuple):
    """What is wrong with an item: a code with the values of its sentence.

    `severity` is "blocks" (its report cannot be submitted) or "warns"; `blocks_submission` says of a warning that it
    blocks once the report is submitted. `column` is that of a file in which the matter stands ('': in none).
    """

    code: str
    severity: str
    values: Mapping[str, object] = {}
    blocks_submission: bool = False
    column: str = ""


class Around(NamedTuple):
    """What the register says of items beside what they state themselves: by their keys, of contracts by their ids."""

    twins: Mapping[int, Twins]
    running: Mapping[int, Running]
    overruns: Mapping[int, Standing]


def judge(register: RegisterFacts, only: Collection[int] | None = None) -> dict[int, list[Finding]]:
    """What is wrong with each item, or with those whose keys are in `only`: key -> findings, worst first; [] for none.

    The whole register is looked at in either case, in whatever order its items stand.
    Source: rules of the domain 2.
    """
    items = register.items
    around = Around(find_twins(items), running_sums(register), find_overruns(contract_sums(items), register))
    asked = items if only is None else [each for each in items if each.key in only]
    return judge_items(asked, register, around)


def judge_items(items: Iterable[ItemFacts], register: RegisterFacts, around: Around) -> dict[int, list[Finding]]:
    """What is wrong with these items, given what the register around them says, whose own items are not looked at."""
    return {item.key: _findings(item, register, around) for item in items}


def rank(finding: Finding) -> tuple[bool, bool, int]:
    """What findings are sorted by, worst first."""
    return finding.severity != BLOCKS, not finding.blocks_submission, _PLACES[finding.code]


def _findings(item: ItemFacts, register: RegisterFacts, around: Around) -> list[Finding]:
    partner = register.partners[item.organisation]
    problems = (
        *check_days(item, register),
        *check_cost(item, partner, register),
        *check_duplicates(item, around.twins.get(item.key)),
        *check_budget(item, partner, around.running.get(item.key), register),
        *check_contract(item, around.overruns.get(item.contract_id) if item.contract_id else None, register),
    )
    # Most items have one thing wrong with them or none.
    return sorted(map(finding_of, problems), key=rank) if len(problems) > 1 else [finding_of(each) for each in problems]


def finding_of(problem: Problem) -> Finding:
    """The finding that the problem tells: how severe it is follows from its code and its values."""
    # What has no values is said of thousands of items alike.
    if not problem.values:
        return _alike(problem.code, problem.where)
    severity = WARNS if problem.values.get("case") == ACROSS else SEVERITIES[problem.code]
    return Finding(problem.code, severity, problem.values, problem.code in AT_SUBMISSION, problem.where)


@lru_cache(maxsize=len(SEVERITIES))
def _alike(code: str, column: str) -> Finding:
    return Finding(code, SEVERITIES[code], blocks_submission=code in AT_SUBMISSION, column=column)
