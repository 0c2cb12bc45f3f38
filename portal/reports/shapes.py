"""The JSON shapes that scripts and other systems rely on."""

from decimal import Decimal
from typing import Any

from portal.activities.rules.counting import Count
from portal.budget.rules.sums import Spent
from portal.core.money import Cents, decimal_text, percent_text
from portal.core.web.language import text_in
from portal.reports.queries.budget import BudgetRow, BudgetTable
from portal.reports.queries.outcomes import OutcomeRow, OutcomeTable
from portal.reports.queries.public import FEW, Breakdown, PublicRow, PublicTable
from portal.surveys.queries.measuring import SurveyFigure

# What stands in place of a figure that is withheld (rules of the domain 5).
SUPPRESSED = {"suppressed": True}


def outcomes_shape(table: OutcomeTable, language: str) -> dict[str, Any]:
    """The outcome table; names in `language`, absent values None."""
    return {
        "project": table.project.code,
        "as_of": table.as_of.isoformat(),
        "example_data": table.example_data,
        "rows": [_outcome_row(row, language) for row in table.rows],
    }


def public_shape(table: PublicTable, language: str) -> dict[str, Any]:
    """The outcome table as everyone may read it: no event, no person, and what is withheld said to be so."""
    return {
        "project": table.project.code,
        "as_of": table.as_of.isoformat(),
        "example_data": table.example_data,
        "rows": [_public_row(row, language) for row in table.rows],
    }


def budget_shape(table: BudgetTable) -> dict[str, Any]:
    """The partner budget table; amounts are strings with two decimals, absent ones None."""
    return {
        "project": table.project.code,
        "currency": table.project.currency,
        "fund": table.project.fund,
        "as_of": table.as_of.isoformat(),
        "partners": [_partner(row) for row in table.rows],
        "total": _amounts(table),
    }


def _outcome_row(row: OutcomeRow, language: str) -> dict[str, Any]:
    indicator, count = row.indicator, row.figures
    return {
        "key": indicator.key,
        "code": indicator.code or None,
        "name": text_in(indicator.name, language),
        "unit": indicator.unit,
        "expected": _expected(row.expected),
        "achieved": str(row.survey.value) if row.survey else count.achieved,
        "evidenced": count.evidenced,
        "percent": None if row.percent is None else percent_text(row.percent),
        "persons": count.persons,
        "by_period": count.by_period,
        "by_country": count.by_country,
        **(_survey(row.survey) if row.measure.kind == "survey" else _behind(row.measure.kind, row.measure.of, count)),
    }


def _expected(number: int | Decimal | None) -> int | str | None:
    return str(number) if isinstance(number, Decimal) else number


def _survey(figure: SurveyFigure | None) -> dict[str, Any]:
    """How many respondents stand behind what a survey says, and its interval; nothing where that is not told."""
    if figure is None:
        return {"n": None, "ci": None}
    if figure.n is None:
        return {}
    return {"n": figure.n, "ci": None if figure.ci is None else [str(each) for each in figure.ci]}


def _behind(kind: str, parts: tuple[str, ...], count: Count) -> dict[str, Any]:
    if kind == "sum":
        return {"parts": list(parts)}
    if kind == "organisations":
        return {
            "organisations": [
                {"key": share.key, "event": share.event.ref if share.event else None} for share in count.organisations
            ]
        }
    if kind == "manual":
        return {
            "figures": [
                {"day": figure.day.isoformat(), "number": figure.number, "evidenced": figure.evidenced}
                for figure in (piece.figure for piece in count.pieces)
                if figure is not None
            ]
        }
    return {
        "events": [
            {"ref": share.event.ref, "counts": share.counts, "evidenced": share.event.evidenced}
            for share in count.events
        ]
    }


def _public_row(row: PublicRow, language: str) -> dict[str, Any]:
    indicator = row.indicator
    return {
        "key": indicator.key,
        "code": indicator.code or None,
        "name": text_in(indicator.name, language),
        "unit": indicator.unit,
        "expected": _expected(row.expected),
        "achieved": str(row.survey.value) if row.survey else _said(row.achieved),
        "evidenced": _said(row.evidenced),
        "percent": percent_text(row.percent) if isinstance(row.percent, int) else _said(row.percent),
        "by_period": _said_each(row.by_period),
        "by_country": _said_each(row.by_country),
        **(_survey(row.survey) if row.measure.kind == "survey" else {}),
        **({"parts": list(row.measure.of)} if row.measure.kind == "sum" else {}),
        **(
            {"organisations": [{"key": key} for key in row.organisations]}
            if row.measure.kind == "organisations"
            else {}
        ),
    }


def _said(figure: int | str | None) -> object:
    return dict(SUPPRESSED) if figure == FEW else figure


def _said_each(figures: Breakdown | str | None) -> object:
    return _said(figures) if isinstance(figures, str) or figures is None else {k: _said(v) for k, v in figures.items()}


def _partner(row: BudgetRow) -> dict[str, Any]:
    return {
        "organisation": row.organisation.key,
        "country": row.organisation.country,
        **_amounts(row),
        "categories": [
            {"category": each.category, "budget": _amount(each.budget), **_spent(each.spent)} for each in row.categories
        ],
    }


def _amounts(of: BudgetRow | BudgetTable) -> dict[str, str | None]:
    return {
        "budget": decimal_text(of.budget),
        "fund": decimal_text(of.split.share),
        "contribution": decimal_text(of.split.contribution),
        **_spent(of.figures.spent),
        "paid": decimal_text(of.paid),
        "remaining": _amount(of.figures.remaining),
    }


def _spent(spent: Spent) -> dict[str, str]:
    return {name: decimal_text(cents) for name, cents in spent._asdict().items()}


def _amount(cents: Cents | None) -> str | None:
    return None if cents is None else decimal_text(cents)
