"""The outcome table as a document: what the project's team hands to the programme."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from portal.activities.queries import list_excluded
from portal.activities.rules.counting import NO_PERIOD
from portal.core.web.formats import show_date, show_number, show_percentage
from portal.core.web.language import speaking, text_in
from portal.projects.labels import UNITS
from portal.reports.documents.frame import drawing, frame
from portal.reports.documents.typesetting import typeset
from portal.reports.notes import evidence_note, outcome_notes, tell_counting
from portal.reports.queries.outcomes import OutcomeRow, OutcomeTable
from portal.reports.survey_words import sample_words

# So many periods stand side by side on a page.
MOST_PERIODS = 5

EVIDENCED, UNPROVEN, EXPECTED = "#003399", "#93a9dc", "#1b1f29"
COLOURS = (
    f"<style>.bar-room{{fill:#e7ebf4}}.bar-evidenced{{fill:{EVIDENCED}}}.bar-unproven{{fill:{UNPROVEN}}}"
    f".bar-expected{{fill:none;stroke:{EXPECTED};stroke-width:16}}</style>"
)


class _Column(NamedTuple):
    """A column of a list: its header, its share of the room (0: as wide as it needs), and whether it holds numbers."""

    name: str
    width: int = 0
    number: bool = False


def outcome_pdf(table: OutcomeTable, language: str, *, now: datetime) -> bytes:
    """The PDF in `language`, dated `now`: the table with bars, by period, what was decided by hand, and the notes."""
    with speaking(language):
        return typeset("outcomes", {**_frame(table, language), **_body(table)}, now=now)


def _frame(table: OutcomeTable, language: str) -> dict[str, Any]:
    """What stands around the document: head, foot, who pays."""
    return frame(
        table.project,
        [language],
        title=lambda: _("Outcomes"),
        as_of=_("As of %(day)s", day=show_date(table.as_of)),
        is_example=table.example_data,
    )


def _body(table: OutcomeTable) -> dict[str, Any]:
    lists = [*_by_period(table), _excluded(table), _figures(table)]
    return {
        "outcomes": {
            "header": [
                _("Activity"),
                _("Expected outcomes"),
                _("Outcomes achieved"),
                "%",
                _("Evidenced"),
                _("Unit"),
            ],
            "rows": [_row(row) for row in table.rows],
            "legend": [
                {"colour": EVIDENCED, "words": _("Evidenced"), "line": False},
                {"colour": UNPROVEN, "words": _("Not evidenced yet"), "line": False},
                {"colour": EXPECTED, "words": _("Expected, where more is achieved"), "line": True},
            ],
        },
        "lists": [each for each in lists if each["rows"]],
        "notes": {"caption": _("What was counted"), "lines": [*outcome_notes(table), evidence_note()]},
        "counting": _counting(table),
    }


def _row(row: OutcomeRow) -> dict[str, str]:
    indicator = row.indicator
    return {
        "name": text_in(indicator.name),
        "code": indicator.code,
        "expected": show_number(row.expected),
        "achieved": show_number(row.achieved),
        "sample": sample_words(row.survey) if row.survey else "",
        "percent": show_percentage(row.percent),
        "bar": drawing("macros/bars.html", "bar", COLOURS, bar=row.bar, told_apart=True),
        "evidenced": show_number(row.figures.evidenced),
        "unit": str(UNITS.get(indicator.unit, indicator.unit)),
    }


def _by_period(table: OutcomeTable) -> Iterator[dict[str, Any]]:
    """The rows by period, several tables of them where one would be too wide; the last one has the sums."""
    found = {period for row in table.rows for period in row.figures.by_period or ()}
    names = {str(each.number): _("Period %(number)s", number=each.number) for each in table.periods}
    periods = [period for period in (*names, NO_PERIOD) if period in found]
    for start in range(0, len(periods), MOST_PERIODS):
        chosen = periods[start : start + MOST_PERIODS]
        heads = [names.get(each, _("No period")) for each in chosen]
        rows = [[text_in(row.indicator.name), *_of_periods(row, chosen)] for row in table.rows]
        if start + MOST_PERIODS >= len(periods):
            heads.append(_("Outcomes achieved"))
            rows = [[*cells, show_number(row.achieved)] for cells, row in zip(rows, table.rows, strict=True)]
        columns = [_Column(_("Activity"), 1), *(_Column(head, number=True) for head in heads)]
        yield _list(_("By reporting period"), columns, rows)


def _of_periods(row: OutcomeRow, periods: Sequence[str]) -> list[str]:
    figures = row.figures.by_period
    # A row without anything outside the periods has 0 there; one that is not reported has nothing anywhere.
    return [show_number(None if figures is None else figures.get(period, 0)) for period in periods]


def _excluded(table: OutcomeTable) -> dict[str, Any]:
    names = {row.indicator.key: text_in(row.indicator.name) for row in table.rows}
    return _list(
        _("Excluded events"),
        [_Column(_("Event"), 3), _Column(_("Day")), _Column(_("Excluded from"), 3), _Column(_("Reason"), 4)],
        [
            [f"{each.ref} {text_in(each.title)}", show_date(each.counting_date), names[each.indicator], each.reason]
            for each in list_excluded(table.project.code, table.as_of)
        ],
    )


def _figures(table: OutcomeTable) -> dict[str, Any]:
    """The figures entered by hand, of the rows that are made of them."""
    by_hand = [row for row in table.rows if row.measure.kind == "manual"]
    return _list(
        _("Figures entered by hand"),
        [
            _Column(_("Activity"), 3),
            _Column(_("Day")),
            _Column(_("Number"), number=True),
            _Column(_("Reason"), 4),
            _Column(_("Evidenced")),
        ],
        [
            [
                text_in(row.indicator.name),
                show_date(figure.day),
                show_number(figure.number),
                figure.reason,
                _("yes") if figure.evidenced else _("no"),
            ]
            for row in by_hand
            for figure in (piece.figure for piece in row.figures.pieces)
            if figure is not None
        ],
    )


def _counting(table: OutcomeTable) -> dict[str, Any]:
    told = tell_counting(table)
    return _list(
        _("How each row is counted"),
        [_Column(_("Activity"), 2), _Column(_("What it counts"), 3)],
        [[text_in(row.indicator.name), told[row.indicator.key]] for row in table.rows],
    )


def _list(caption: str, columns: Sequence[_Column], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"caption": caption, "columns": [column._asdict() for column in columns], "rows": rows}
