"""The report of a survey: the plain paragraph, all figures with their tests, the limits, and how they were made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.web.formats import show_date, show_list, show_local_time, show_number
from portal.core.web.language import LANGUAGES, speaking, text_in
from portal.reports.documents.frame import drawing, frame
from portal.reports.documents.typesetting import typeset
from portal.reports.queries.survey_report import SurveyReport
from portal.surveys.naming import wave_name, withheld
from portal.surveys.rules.disclosure import is_few
from portal.surveys.rules.fieldwork import FieldworkSums
from portal.surveys.rules.verdicts import is_withheld
from portal.surveys.showing.results import result_sections
from portal.surveys.showing.tables import Cell, Section, Table

TONES = {"no-2": "#8a4b08", "no-1": "#dfb178", "mid": "#b6bdc9", "yes-1": "#8fa8d9", "yes-2": "#003399"}
COLOURS = (
    "<style>.bar-room{fill:#e7ebf4}.bar-middle{stroke:#1b2330;stroke-width:5}.span-tick{stroke:#ffffff;stroke-width:5}"
    ".span-interval{fill:#8fa8d9}.span-mean{stroke:#003399;stroke-width:14}"
    + "".join(f".tone-{tone}{{fill:{colour}}}" for tone, colour in TONES.items())
    + "</style>"
)


def survey_report_pdf(report: SurveyReport, language: str, *, now: datetime) -> bytes:
    """The report in `language` as PDF, dated `now`."""
    with speaking(language):
        around = report_frame(report, language)
        body = {
            "facts": report_facts(report),
            "sections": [_section(each) for each in result_sections(report.kept.result, report.names)],
        }
        return typeset("survey_report", {**around, **body}, now=now)


def report_frame(report: SurveyReport, language: str) -> dict[str, Any]:
    """What stands around the report; it holds as of the analysis, not of the day on which it is printed."""
    moment = show_local_time(report.kept.made_at, report.project.time_zone)
    as_of = _("Analysed on %(moment)s", moment=moment)
    if not report.kept.is_current:
        as_of = f"{as_of}. {_('Answers have come or gone since then.')}"
    return frame(
        report.project,
        [language],
        title=lambda: _("Report of the survey: %(title)s", title=text_in(report.study.title)),
        as_of=as_of,
        is_example=report.is_example,
    )


def report_facts(report: SurveyReport) -> list[list[str]]:
    """Name and value of what the survey is: its waves with days, answers and paper forms, languages, questionnaire."""
    numbers = {each["key"]: each for each in report.kept.result["waves"]}
    waves = [
        [wave_name(wave.key), _wave(wave, numbers.get(wave.key) or {}, report.fieldwork.get(wave.key))]
        for wave in report.study.waves
    ]
    spoken = report.names.instrument.languages
    return [
        [_("Survey"), report.study.key],
        *waves,
        [_("Languages"), show_list([LANGUAGES.get(each, each) for each in spoken])],
        [_("Questions"), show_number(len(report.names.instrument.items))],
        [_("Fingerprint of the questionnaire"), report.content_hash],
    ]


def _wave(wave: Any, figures: dict[str, Any], forms: FieldworkSums | None) -> str:
    """The days of the wave, how many answered, and how many paper forms went out and came back, if it is known."""
    days = [show_date(day) for day in (wave.opens_on, wave.last_day) if day is not None]
    number = withheld() if is_withheld(figures) else show_number(figures.get("n", 0))
    said = [" – ".join(days), _("answers: %(number)s", number=number)]
    if forms and any(forms):
        returned = withheld() if _tells_of_few(figures, forms.returned) else show_number(forms.returned)
        said += [_("forms handed out: %(number)s", number=show_number(forms.handed_out))]
        said += [_("forms returned: %(number)s", number=returned)]
    return ", ".join(filter(None, said))


def _tells_of_few(figures: dict[str, Any], returned: int) -> bool:
    """Whether the number of forms that came back tells of few people: of those, or of those who answered otherwise.

    Who has answered on a form is among the answers, so the two numbers tell how many answered by web, phone or file.
    """
    return is_withheld(figures) or is_few(returned) or is_few(abs(figures.get("n", 0) - returned))


def draw(cell: Cell) -> str:
    """The cell's drawing as an SVG with the colours that it has on paper; '' where it has none."""
    if cell.bar is not None:
        return drawing("macros/results.html", "likert", COLOURS, bar=cell.bar)
    return drawing("macros/results.html", "span", COLOURS, span=cell.span) if cell.span is not None else ""


def _section(section: Section) -> dict[str, Any]:
    folds = [
        {"title": each.title, "lines": each.lines, "tables": [_table(table) for table in each.tables]}
        for each in section.folds
    ]
    words = {"title": section.title, "sentences": section.sentences, "lines": section.lines}
    return {**words, "tables": [_table(each) for each in section.tables], "folds": folds}


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": [column._asdict() for column in table.columns],
        "rows": [_cells(cells) for cells in table.rows],
        "legend": [{"colour": TONES[tone], "words": words} for tone, words in table.legend],
        "note": table.note,
    }


def _cells(cells: Sequence[Cell]) -> list[dict[str, str]]:
    return [{"text": cell.text, "drawing": draw(cell)} for cell in cells]
