"""All that is wrong with a project's expenditure, the worst first: what the page of findings shows."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from portal.budget.queries.findings import load_register
from portal.budget.rules.facts import ItemFacts
from portal.budget.rules.findings import BLOCKS, SEVERITIES, WARNS, Finding, judge, rank
from portal.projects.models import Organisation, Project
from portal.projects.queries import get_project


class FindingFilter(NamedTuple):
    """Which findings a list shows; '' selects all. `finding` is a code."""

    organisation: str = ""
    severity: str = ""
    finding: str = ""


class Found(NamedTuple):
    """An item and one of the things that are wrong with it."""

    item: ItemFacts
    finding: Finding


class Group(NamedTuple):
    """One thing that is wrong, as severe as it is, and with how many items of the whole list."""

    severity: str
    code: str
    size: int


class FindingList(NamedTuple):
    """What the filter leaves, by severity, code, organisation and the items' order; all of whose organisations."""

    project: Project
    organisations: list[Organisation]
    found: list[Found]

    @property
    def blocking(self) -> int:
        """How many of the findings block."""
        return sum(each.finding.severity == BLOCKS for each in self.found)

    @property
    def warning(self) -> int:
        """How many of the findings warn."""
        return len(self.found) - self.blocking

    def grouped(self, rows: Iterable[Found]) -> list[tuple[Group, list[Found]]]:
        """The rows, which are in the order of the list, under what is wrong with them."""
        counts = Counter(map(_kind, self.found))
        return [(Group(*kind, counts[kind]), list(some)) for kind, some in groupby(rows, _kind)]


def list_findings(code: str, own: Collection[str] | None, chosen: FindingFilter, today: date) -> FindingList:
    """What is wrong with the items of the organisations with the keys `own` (None: all), as of today.

    Raise NotFound.
    """
    project = get_project(code)
    organisations = [each for each in project.organisations if own is None or each.key in own]
    keys = [each.key for each in organisations]
    places = {key: place for place, key in enumerate(keys) if chosen.organisation in ("", key)}
    register = load_register(code, today)
    items = {each.key: each for each in register.items if each.organisation in places}
    found = [
        Found(items[key], finding)
        for key, findings in judge(register, items.keys()).items()
        for finding in findings
        if chosen.severity in ("", finding.severity) and chosen.finding in ("", finding.code)
    ]
    found.sort(key=lambda each: (rank(each.finding), places[each.item.organisation], each.item.order_key))
    return FindingList(project, organisations, found)


def _kind(found: Found) -> tuple[str, str]:
    return found.finding.severity, found.finding.code


def finding_choices(organisations: Collection[str]) -> dict[str, Collection[str]]:
    """What the list may be narrowed to; `organisations` are the keys of those in reach."""
    return {"organisation": organisations, "severity": (BLOCKS, WARNS), "finding": tuple(SEVERITIES)}
