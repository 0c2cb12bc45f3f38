"""What evidence is missing, as a workbook."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from portal.activities.labels import EVIDENCE_KINDS
from portal.core.periods import Period
from portal.core.tables import Cell, Column, Sheet, write_xlsx
from portal.core.web.language import speaking, text_in
from portal.projects.labels import EVENT_KINDS
from portal.reports.labels import NEEDS
from portal.reports.queries.gaps import Entry, Gaps, PeriodState


def gaps_workbook(gaps: Gaps, language: str) -> bytes:
    """The XLSX workbook in `language`: how complete each period is, and what is missing."""
    names = {each.key: text_in(each.name, language) for each in gaps.project.organisations}
    with speaking(language):
        # The names of the sheets are the same in every language: other people's formulas rely on them.
        return write_xlsx(
            [
                Sheet("Periods", _state_columns(), map(_state, gaps.states)),
                Sheet("Missing", _missing_columns(), _missing(gaps.found, names)),
            ]
        )


def _state_columns() -> list[Column]:
    return [
        Column(_("Period"), 12),
        Column(_("First day"), 12),
        Column(_("Last day"), 12),
        Column(_("Events held"), 12),
        Column(_("Events with all their evidence"), 16),
        Column(_("Figures entered by hand"), 16),
        Column(_("Figures with a file"), 16),
    ]


def _state(state: PeriodState) -> list[Cell]:
    period = state.period
    days: list[Cell] = [period.first_day, period.last_day] if period else [None, None]
    return [_period(period), *days, state.held, state.complete, state.figures, state.proven]


def _missing_columns() -> list[Column]:
    return [
        Column(_("Period"), 12),
        Column(_("Reference"), 12),
        Column(_("Title"), 40),
        Column(_("Kind"), 22),
        Column(_("Day"), 12),
        Column(_("Organisers"), 40),
        Column(_("Needed next"), 34),
        Column(_("Missing"), 40),
    ]


def _missing(found: Iterable[Entry], names: dict[str, str]) -> Iterator[list[Cell]]:
    for each in found:
        need = str(NEEDS[each.need])
        if each.event:
            event = each.event
            kinds = ([event.attendance] if event.attendance else []) + event.others
            yield [
                _period(each.period),
                event.ref,
                text_in(event.title),
                str(EVENT_KINDS[event.kind]),
                event.counting_date,
                "; ".join(names.get(key, key) for key in event.organisers),
                need,
                "; ".join(str(EVIDENCE_KINDS[kind]) for kind in kinds),
            ]
        elif each.indicator:
            name = text_in(each.indicator.name)
            yield [_period(each.period), each.indicator.key, name, "", each.day, "", need, _("File")]


def _period(period: Period | None) -> Cell:
    return period.number if period else _("No period")
