"""The outcome table as a workbook and as CSV.

The names of the sheets are the same in every language: other people's formulas rely on them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from flask_babel import gettext as _

from portal.activities.queries import event_titles, list_excluded
from portal.activities.rules.breakdowns import DIMENSIONS
from portal.activities.rules.facts import EventFacts
from portal.activities.rules.standing import OF_EVENTS, counts_events
from portal.core.tables import Cell, Column, Sheet, write_csv, write_xlsx
from portal.core.web.language import speaking, text_in
from portal.projects.labels import EVENT_KINDS, UNITS
from portal.reports import breakdown_words
from portal.reports.notes import evidence_note, funding_note, outcome_notes, tell_counting
from portal.reports.queries.outcomes import OutcomeRow, OutcomeTable

# What a file tells rows apart by. It is handed on, so it does not say how many people of which group there were, who
# may be few; pages for members do. Source: rules of the domain 5.
HANDED_ON = tuple(dimension for dimension in DIMENSIONS if dimension != "group")


def outcome_workbook(table: OutcomeTable, language: str) -> bytes:
    """The XLSX workbook in `language`: the table, the events behind it, its breakdowns, what was excluded and why,
    the figures entered by hand where a row has such, and notes on what was counted and assumed.
    """
    counted = [row for row in table.rows if counts_events(row.measure)]
    by_hand = [row for row in table.rows if row.measure.kind == "manual"]
    with speaking(language):
        return write_xlsx(
            [
                Sheet("Outcomes", _outcome_columns(), _outcome_rows(table)),
                Sheet("Events", _event_columns(counted), _event_rows(table, counted)),
                Sheet("Breakdowns", _breakdown_columns(), _breakdown_rows(table)),
                Sheet("Excluded", _excluded_columns(), _excluded_rows(table)),
                *([Sheet("Figures", _figure_columns(), _figure_rows(by_hand))] if by_hand else []),
                Sheet("Notes", [Column(_("Note"), 110)], [[note] for note in _notes(table)]),
            ]
        )


def outcome_csv(table: OutcomeTable, language: str) -> str:
    """The table as CSV in `language`, with the workbook's columns."""
    with speaking(language):
        return write_csv(_outcome_columns(), _outcome_rows(table))


def _notes(table: OutcomeTable) -> list[str]:
    project, names, counting = table.project, row_names(table), tell_counting(table)
    return [
        f"{project.code}: {text_in(project.title)}",
        *([project.programme] if project.programme else []),
        *outcome_notes(table),
        evidence_note(),
        _("A joint event stands under each of its partners, so the figures by partner may exceed the row."),
        *(
            _("How “%(row)s” is counted: %(measure)s.", row=names[key], measure=words)
            for key, words in counting.items()
        ),
        *funding_note(project),
    ]


def _name(row: OutcomeRow) -> str:
    return text_in(row.indicator.name)


def _yes_or_no(answer: bool) -> str:
    return str(_("yes") if answer else _("no"))


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
            _name(row),
            row.expected,
            row.achieved,
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
        *(Column(_("Counts towards: %(row)s", row=_name(row)), 24) for row in counted),
    ]


def _event_rows(table: OutcomeTable, counted: list[OutcomeRow]) -> Iterator[list[Cell]]:
    titles = event_titles(table.project.code)
    adds = [_adds(row) for row in counted]
    events = {event.id: event for each in adds for event in each}
    kinds = {kind: str(words) for kind, words in EVENT_KINDS.items()}
    yes_or_no = {answer: _yes_or_no(answer) for answer in (True, False)}
    for event in sorted(events.values(), key=lambda each: (each.counting_date, each.ref)):
        yield [
            event.ref,
            text_in(titles[event.id]),
            kinds[event.kind],
            event.counting_date,
            "; ".join(event.organisers),
            yes_or_no[event.evidenced],
            *(each.get(event) for each in adds),
        ]


def _adds(row: OutcomeRow) -> dict[EventFacts, int]:
    """What each event behind the row adds to it; to organisations those that it made active."""
    if row.measure.kind in OF_EVENTS:
        return {share.event: share.counts for share in row.figures.events}
    return Counter(share.event for share in row.figures.organisations if share.event)


def _breakdown_columns() -> list[Column]:
    return [Column(_("Activity"), 60), Column(_("Broken down by"), 26), Column(_("Value"), 44), Column(_("Figure"), 12)]


def _breakdown_rows(table: OutcomeTable) -> Iterator[list[Cell]]:
    """One line for each row, dimension and value; rows that are not reported have none."""
    for row in table.rows:
        for dimension in HANDED_ON:
            told = breakdown_words.tell_breakdown(row.figures, dimension, table.project, table.periods)
            for words, figure in told or ():
                yield [_name(row), str(breakdown_words.DIMENSIONS[dimension]), words, figure]


def _excluded_columns() -> list[Column]:
    return [
        Column(_("Reference"), 12),
        Column(_("Title"), 40),
        Column(_("Day"), 12),
        Column(_("Excluded from"), 60),
        Column(_("Reason"), 60),
    ]


def _excluded_rows(table: OutcomeTable) -> Iterator[list[Cell]]:
    names = row_names(table)
    for each in list_excluded(table.project.code, table.as_of):
        yield [each.ref, text_in(each.title), each.counting_date, names[each.indicator], each.reason]


def row_names(table: OutcomeTable) -> Mapping[str, str]:
    """Key of a row -> what it is called in the language of the moment."""
    return {row.indicator.key: _name(row) for row in table.rows}


def _figure_columns() -> list[Column]:
    return [
        Column(_("Activity"), 60),
        Column(_("Day"), 12),
        Column(_("Number"), 12),
        Column(_("Reason"), 60),
        Column(_("Evidenced"), 12),
    ]


def _figure_rows(by_hand: list[OutcomeRow]) -> Iterator[list[Cell]]:
    for row in by_hand:
        for figure in (piece.figure for piece in row.figures.pieces):
            if figure is not None:
                yield [_name(row), figure.day, figure.number, figure.reason, _yes_or_no(figure.evidenced)]
