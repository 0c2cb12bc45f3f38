"""The budget and what was spent of it as a workbook and as CSV.

The names of the sheets are the same in every language: other people's formulas rely on them.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final

from flask_babel import gettext as _

from portal.budget.labels import COST_CATEGORIES
from portal.core.money import BasisPoints, Cents, to_decimal
from portal.core.tables import Cell, Column, Sheet, write_csv, write_xlsx
from portal.core.web.formats import fund_name
from portal.core.web.language import speaking, text_in
from portal.reports.budget_words import BREAKDOWNS, budget_notes, tell_place
from portal.reports.notes import funding_note
from portal.reports.queries.budget import BudgetRow, BudgetTable, Figures
from portal.reports.queries.spending import Part, break_down

AMOUNT: Final = "#,##0.00"
SHEETS: Final = {"category": "Categories", "work_package": "Work packages", "period": "Periods"}


def budget_workbook(table: BudgetTable, language: str, *, seen: Collection[str] | None) -> bytes:
    """The XLSX workbook in `language`: the partners, each partner by category, work package and period, and notes.

    What was spent on what is told only of the organisations in `seen` (None: of all).
    """
    partners = {row.organisation.key for row in table.rows}
    shown = partners if seen is None else partners & set(seen)
    with speaking(language):
        return write_xlsx(
            [
                Sheet("Budget", _columns(table), _rows(table)),
                *(Sheet(name, _part_columns(by), _parts(table, by, shown)) for by, name in SHEETS.items()),
                Sheet("Notes", [Column(_("Note"), 110)], [[note] for note in _notes(table, shown)]),
            ]
        )


def budget_csv(table: BudgetTable, language: str) -> str:
    """The table of the partners as CSV in `language`, with the workbook's columns."""
    with speaking(language):
        return write_csv(_columns(table), _rows(table))


def _notes(table: BudgetTable, seen: Collection[str]) -> list[str]:
    project = table.project
    return [
        f"{project.code}: {text_in(project.title)}",
        *([project.programme] if project.programme else []),
        *(note.text for note in budget_notes(table, seen)),
        _("What was spent on what is told of an organisation only to those who may see its expenditure."),
        *funding_note(project),
    ]


def _columns(table: BudgetTable) -> list[Column]:
    return [
        Column(_("Partner"), 44),
        Column(_("Country"), 10),
        Column(_("Currency"), 10),
        Column(_("Budget"), 16, AMOUNT),
        Column(_("%(fund)s share", fund=fund_name(table.project.fund)), 16, AMOUNT),
        Column(_("Partner contribution"), 16, AMOUNT),
        Column(_("Declared"), 16, AMOUNT),
        Column(_("Reported"), 16, AMOUNT),
        Column(_("Certified"), 16, AMOUNT),
        Column(_("Paid"), 16, AMOUNT),
        Column(_("Remaining"), 16, AMOUNT),
        Column("%", 10, "0.00"),
    ]


def _rows(table: BudgetTable) -> Iterator[list[Cell]]:
    for row in table.rows:
        yield [text_in(row.organisation.name), row.organisation.country, *_amounts(table, row)]
    yield [_("Total"), None, *_amounts(table, table)]


def _amounts(table: BudgetTable, of: BudgetRow | BudgetTable) -> list[Cell]:
    figures = of.figures
    amounts = (of.budget, *of.split, *figures.spent, of.paid, figures.remaining)
    return [table.project.currency, *map(_amount, amounts), _percent(figures.reported_share)]


def _part_columns(by: str) -> list[Column]:
    return [
        Column(_("Partner"), 44),
        Column(str(BREAKDOWNS[by]), 44),
        Column(_("Budget"), 16, AMOUNT),
        Column(_("Declared"), 16, AMOUNT),
        Column(_("Reported"), 16, AMOUNT),
        Column(_("Certified"), 16, AMOUNT),
        Column(_("Remaining"), 16, AMOUNT),
    ]


def _parts(table: BudgetTable, by: str, seen: Collection[str]) -> Iterator[list[Cell]]:
    """A line for each partner and each of its categories or places; those without budget and spending are left out."""
    for row in table.rows:
        for part in break_down(table._replace(rows=[row]), by).rows:
            if part.budget or any(part.spent):
                words = str(COST_CATEGORIES[part.key]) if by == "category" else tell_place(table.project, by, part.key)
                is_seen = row.organisation.key in seen
                yield [text_in(row.organisation.name), words, _amount(part.budget), *_spent(part, is_seen=is_seen)]


def _spent(part: Part, *, is_seen: bool) -> list[Cell]:
    """What was spent of the part; nothing where that may not be seen."""
    figures: Figures = part.figures
    return [*map(_amount, (*figures.spent, figures.remaining))] if is_seen else [None] * 4


def _amount(cents: Cents | None) -> Decimal | None:
    return None if cents is None else to_decimal(cents)


def _percent(share: BasisPoints | None) -> Decimal | None:
    return None if share is None else Decimal(share).scaleb(-2)
