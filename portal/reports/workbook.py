"""The outcome table as a workbook and as CSV."""

from collections.abc import Iterator
from decimal import Decimal

from flask_babel import gettext as _

from portal.activities.queries import event_titles
from portal.core.tables import Cell, Column, Sheet, write_csv, write_xlsx
from portal.core.web.language import speaking, text_in
from portal.projects.labels import EVENT_KINDS, UNITS
from portal.reports.notes import outcome_notes
from portal.reports.queries.outcomes import OutcomeRow, OutcomeTable


def outcome_workbook(table: OutcomeTable, language: str) -> bytes:
    """The XLSX workbook in `language`: the table, the counting events, and notes on what was counted and assumed."""
    counted = [row for row in table.rows if row.measure.kind in ("participations", "events")]
    with speaking(language):
        # The names of the sheets are the same in every language: other people's formulas rely on them.
        return write_xlsx(
            [
                Sheet("Outcomes", _outcome_columns(), _outcome_rows(table)),
                Sheet("Events", _event_columns(counted), _event_rows(table, counted)),
                Sheet("Notes", [Column(_("Note"), 110)], [[note] for note in _all_notes(table)]),
            ]
        )


def outcome_csv(table: OutcomeTable, language: str) -> str:
    """The table as CSV in `language`, with the workbook's columns."""
    with speaking(language):
        return write_csv(_outcome_columns(), _outcome_rows(table))


def _all_notes(table: OutcomeTable) -> list[str]:
    project = table.project
    statement = [text_in(project.funding_statement)] if project.funding_statement else []
    return [f"{project.code}: {text_in(project.title)}", *outcome_notes(table), *statement]


def _outcome_columns() -> list[Column]:
    return [
        Column(_("Activity"), 60),
        Column(_("Expected outcomes"), 14),
        Column(_("Outcomes achieved"), 14),
        Column("%", 10, "0.00"),
        Column(_("Evidenced"), 12),
        Column(_("Unit"), 16),
    ]


def _outcome_rows(table: OutcomeTable) -> Iterator[list[Cell]]:
    for row in table.rows:
        yield [
            text_in(row.indicator.name),
            row.indicator.target,
            row.figures.achieved,
            None if row.percent is None else Decimal(row.percent).scaleb(-2),
            row.figures.evidenced,
            str(UNITS.get(row.indicator.unit, row.indicator.unit)),
        ]


def _event_columns(counted: list[OutcomeRow]) -> list[Column]:
    return [
        Column(_("Reference"), 12),
        Column(_("Title"), 40),
        Column(_("Kind"), 22),
        Column(_("Day"), 12),
        Column(_("Organisers"), 24),
        Column(_("Evidenced"), 12),
        *(Column(_("Counts towards: %(row)s", row=text_in(row.indicator.name)), 24) for row in counted),
    ]


def _event_rows(table: OutcomeTable, counted: list[OutcomeRow]) -> Iterator[list[Cell]]:
    titles = event_titles(table.project.code)
    adds = [{share.event.id: share.counts for share in row.figures.events} for row in counted]
    events = {share.event.id: share.event for row in counted for share in row.figures.events}
    for event in sorted(events.values(), key=lambda each: (each.counting_date, each.ref)):
        yield [
            event.ref,
            text_in(titles[event.id]),
            str(EVENT_KINDS[event.kind]),
            event.counting_date,
            "; ".join(event.organisers),
            _("yes") if event.evidenced else _("no"),
            *(row.get(event.id) for row in adds),
        ]
