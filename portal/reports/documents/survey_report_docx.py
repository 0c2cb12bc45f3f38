"""The report of a survey as a document to be edited further (DOCX): the same words and tables as the PDF."""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.core.web.language import speaking
from portal.reports.documents.survey_report import draw, report_facts, report_frame
from portal.reports.documents.typesetting import TURNING, draw_pictures
from portal.reports.queries.survey_report import SurveyReport
from portal.surveys.showing.results import result_sections
from portal.surveys.showing.tables import Cell, Section, Table

# What XML cannot hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOCALES = {"en": "en-GB", "lt": "lt-LT", "pl": "pl-PL"}
PICTURE_MM = (38, 3)
EMBLEM_MM = (18, 12)


def survey_report_docx(report: SurveyReport, language: str, *, now: datetime) -> bytes:
    """The report in `language` as DOCX, dated `now`."""
    with speaking(language):
        around = report_frame(report, language)
        sections = result_sections(report.kept.result, report.names)
        document = _begin(around, language, now)
        _facts(document, report_facts(report))
        pictures = _pictures(sections)
        for section in sections:
            _add_section(document, section, pictures)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _clean(text: str) -> str:
    """The text without what a document cannot hold, or what turns the direction of what follows it."""
    return FORBIDDEN.sub("", text.translate(TURNING))


def _begin(around: dict[str, Any], language: str, now: datetime) -> Any:
    """An empty document with its head: who pays, title, project, mark of invented data."""
    from docx import Document

    document = Document()
    _settle(document, around, language, now)
    funding = around["funding"]
    if funding["emblem"]:
        _picture(document.add_paragraph(), draw_pictures([funding["emblem"]], *EMBLEM_MM)[0], EMBLEM_MM[0])
        document.element.xpath("//wp:docPr")[0].set("descr", _clean(funding["alt"]))
    if funding["statement"]:
        document.add_paragraph(_clean(funding["statement"]))
    document.add_heading(_clean(around["title"]), level=0)
    project = around["project"]
    for line in (project["title"], " · ".join(filter(None, (project["programme"], project["code"]))), around["as_of"]):
        document.add_paragraph(_clean(line))
    if around["example"]["mark"]:
        said = document.add_paragraph()
        said.add_run(f"◆ {around['example']['mark']}: ").bold = True
        said.add_run(around["example"]["text"])
    return document


def _settle(document: Any, around: dict[str, Any], language: str, now: datetime) -> None:
    """Page, language, properties and foot."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    section, style = document.sections[0], document.styles["Normal"]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(18)
    style.font.size = Pt(10)
    defaults = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    for each in defaults:
        each.set(qn("w:val"), LOCALES[language])
    facts = document.core_properties
    facts.title, facts.author, facts.language = _clean(around["title"]), "", LOCALES[language]
    facts.comments, facts.created, facts.modified = "", now.replace(tzinfo=None), now.replace(tzinfo=None)
    foot = " · ".join(filter(None, (around["project"]["code"], around["title"], around["example"]["mark"])))
    section.footer.paragraphs[0].text = _clean(foot)


def _facts(document: Any, facts: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    for name, value in facts:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _clean(name), _clean(value)


def _pictures(sections: Sequence[Section]) -> dict[Cell, bytes]:
    """The drawing of each cell as a picture."""
    cells = [
        cell
        for section in sections
        for table in section.every_table
        for cells in table.rows
        for cell in cells
        if cell.bar is not None or cell.span is not None
    ]
    drawn = {cell: draw(cell) for cell in cells}
    return dict(zip(drawn, draw_pictures(list(drawn.values()), *PICTURE_MM), strict=True))


def _add_section(document: Any, section: Section, pictures: dict[Cell, bytes]) -> None:
    document.add_heading(_clean(section.title), level=1)
    for sentence in section.sentences:
        document.add_paragraph(_clean(sentence))
    for line in section.lines:
        document.add_paragraph(_clean(line), style="List Bullet")
    for table in section.tables:
        _add_table(document, table, pictures, level=2)
    for fold in section.folds:
        document.add_heading(_clean(fold.title), level=2)
        for line in fold.lines:
            document.add_paragraph(_clean(line), style="List Bullet")
        for table in fold.tables:
            _add_table(document, table, pictures, level=3)


def _add_table(document: Any, wanted: Table, pictures: dict[Cell, bytes], *, level: int) -> None:
    """The table beneath its caption, with its header repeated on every page, numbers at the right."""
    from docx.oxml import OxmlElement

    document.add_heading(_clean(wanted.caption), level=level)
    table = document.add_table(rows=1, cols=len(wanted.columns), style="Table Grid")
    head = table.rows[0]
    # The library knows no other way to a row's properties.
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
    for cell, column in zip(head.cells, wanted.columns, strict=True):
        _write(cell, column.name, bold=True)
    for cells in wanted.rows:
        for cell, column, each in zip(table.add_row().cells, wanted.columns, cells, strict=True):
            if each in pictures:
                _picture(cell.paragraphs[0], pictures[each], PICTURE_MM[0])
            else:
                _write(cell, each.text, number=column.number)
    for line in filter(None, (_legend(wanted), wanted.note)):
        document.add_paragraph(_clean(line))


def _legend(table: Table) -> str:
    """What the colours of the drawings stand for, from left to right."""
    return " · ".join(words for _tone, words in table.legend)


def _write(cell: Any, text: str, *, bold: bool = False, number: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    run = cell.paragraphs[0].add_run(_clean(text))
    run.bold, run.font.size = bold, Pt(8)
    if number:
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _picture(paragraph: Any, content: bytes, width: int) -> None:
    from docx.shared import Mm

    paragraph.add_run().add_picture(io.BytesIO(content), width=Mm(width))
