"""The JSON shape of expenditure that scripts and other systems rely on."""

from collections.abc import Iterable
from typing import Any

from portal.budget.queries.expenditure import JudgedItem
from portal.budget.rules.findings import Finding
from portal.budget.wording import said
from portal.core.money import decimal_text, rate_text


def expenditure_shape(organisation_key: str, items: Iterable[JudgedItem]) -> dict[str, Any]:
    """The organisation's items with their findings: amounts are strings with two decimals, rates with six.

    Nothing in it describes a person's salary: there is no description and no file.
    """
    return {"organisation": organisation_key, "items": [_item(each) for each in items]}


def _item(item: JudgedItem) -> dict[str, Any]:
    facts, rate = item.facts, item.rate
    return {
        "internal_reference": facts.reference,
        "category": facts.category,
        "declared_amount": decimal_text(facts.declared),
        "currency": facts.currency,
        "eur": None if facts.eur is None else decimal_text(facts.eur),
        "rate": None if rate.rate is None else rate_text(rate.rate),
        "rate_month": rate.month or None,
        "rate_final": rate.is_final,
        "report": item.report,
        "state": facts.state,
        "findings": [finding_shape(each) for each in item.findings],
    }


def finding_shape(finding: Finding) -> dict[str, Any]:
    """The finding with its sentence and its source, both plain."""
    words = said(finding, plain=True)
    return {"code": words.code, "severity": words.severity, "message": words.message, "source": words.source}
