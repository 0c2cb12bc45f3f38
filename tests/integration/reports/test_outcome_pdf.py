"""The outcome table as PDF: the figures of the one count, in three languages, and texts that stay what they are."""

import io
from datetime import date, datetime

import pytest
from pypdf import PdfReader

from portal.accounts.rules import Role
from portal.activities.models import Exclusion
from portal.core.db import db, transaction
from portal.core.web.formats import show_number, show_percentage
from portal.core.web.language import speaking, text_in
from portal.projects.models import Indicator, Project
from portal.reports.documents.outcomes import outcome_pdf
from portal.reports.documents.typesetting import typeset
from portal.reports.queries.outcomes import OutcomeTable
from tests.conftest import NOW
from tests.integration.test_outcome_vectors import DATES, make_year, table_on
from tests.make import PROJECT, make_event, make_figure, make_project, make_tournament, noted_queries, sign_in_as

ADDRESS = f"/projects/{PROJECT}/outcomes.pdf"
LAST = DATES[-1]
WORDS = {
    "en": ("Expected outcomes", "Outcomes achieved", "Evidenced", "By reporting period"),
    "lt": ("Laukiami rezultatai", "Pasiekti rezultatai", "Pagrįsta dokumentais", "Pagal ataskaitinius laikotarpius"),
    "pl": ("Oczekiwane rezultaty", "Osiągnięte rezultaty", "Udokumentowane", "Według okresów sprawozdawczych"),
}
HOSTILE = '#read("/etc/passwd") *bold* _low_ $x^2$ <label> @ref \\ // "quoted" \'single\' [#panic()] `raw` = head ~ --'


def read_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of_pdf(content: bytes) -> str:
    """All that the document says, with single spaces and without what only lets long words break."""
    pages = " ".join(page.extract_text() for page in read_pdf(content).pages)
    return " ".join(pages.replace("\u200b", "").replace("\u00a0", " ").replace("\u202f", " ").split())


def pdf_of(table: OutcomeTable, language: str = "en") -> str:
    return text_of_pdf(outcome_pdf(table, language, now=NOW))


def entitle(key: str, name: str) -> None:
    with transaction() as session:
        session.query(Indicator).filter_by(key=key).one().name = {"en": name}


def exclude(event_id: int, key: str, reason: str) -> None:
    with transaction() as session:
        indicator_id = session.query(Indicator.id).filter_by(key=key).scalar()
        row = Exclusion(event_id=event_id, indicator_id=indicator_id, reason=reason, actor="someone", made_at=NOW)
        session.add(row)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("language", ["en", "lt", "pl"])
def test_the_document_says_the_figures_of_the_table_at_each_date(language):
    make_year()
    for day in DATES:
        table = table_on(day)
        said = pdf_of(table, language)
        for row in table.rows:
            with speaking(language):
                name = text_in(row.indicator.name)
                figures = [show_number(row.indicator.target), show_number(row.figures.achieved)]
                figures += [show_percentage(row.percent).replace("\u00a0", " "), show_number(row.figures.evidenced)]
            assert " ".join([name, row.indicator.code, *figures]) in said
        for words in WORDS[language][: 4 if table.rows[0].figures.achieved is not None else 3]:
            assert words in said


@pytest.mark.usefixtures("in_app")
def test_the_rows_by_period_add_up_to_the_figure_beside_them():
    make_year()
    said = pdf_of(table_on(LAST)).partition("By reporting period")[2]
    assert "Period 1 Period 2 Outcomes achieved" in said
    assert "Participation in workshops and training activities 20 25 45" in said
    assert "Cross-border partner organizations 4 1 5" in said


@pytest.mark.usefixtures("in_app")
def test_who_pays_what_was_assumed_and_how_rows_are_counted_stand_in_it():
    make_year()
    said = pdf_of(table_on(LAST))
    assert "Co-funded by the European Union. Interreg VI-A Lithuania-Poland Programme. (wording assumed)" in said
    assert "Networking towards Successful Resocialization of Convicts" in said
    assert "Interreg VI-A Lithuania-Poland · LTPL00388" in said
    assert "As of 20 November 2026" in said
    assert "how each row is counted is the project team's reading" in said
    assert "Participants of public tournaments count here" in said
    assert "The sum of these rows: Participation in workshops and training activities; Active" in said
    assert "Page 1 of 2" in said
    assert "Page 2 of 2" in said
    assert "Example data" not in said


@pytest.mark.usefixtures("in_app")
def test_invented_events_are_marked():
    make_tournament_of_examples()
    said = pdf_of(table_on(LAST))
    assert "Example data: invented events are among what is shown here." in said


def make_tournament_of_examples() -> None:
    make_project()
    event_id = make_tournament()
    with transaction() as session:
        from_table = db.metadata.tables["events"]
        session.execute(from_table.update().where(from_table.c.id == event_id).values(is_example=True))


@pytest.mark.usefixtures("in_app")
def test_excluded_events_stand_with_their_reasons():
    make_project()
    exclude(make_tournament(), "initiatives", "Counted as a public event only.")
    late = make_event(ref="W9", starts=datetime(2026, 11, 25, 9), ends=datetime(2026, 11, 25, 11))
    exclude(late, "workshops", "Still to come.")
    said = pdf_of(table_on(LAST))
    assert "V1 Volleyball tournament" in said
    assert "Counted as a public event only." in said
    assert "1 event is excluded from rows by the manager" in said
    assert "Still to come." not in said
    assert "Excluded events" not in pdf_of(table_on(date(2026, 6, 5)))


@pytest.mark.usefixtures("in_app")
def test_figures_entered_by_hand_stand_with_their_reasons():
    make_project()
    with transaction() as session:
        session.query(Indicator).filter_by(key="public_events").one().measure = {"kind": "manual"}
    make_figure(PROJECT, "public_events", number=7)
    said = pdf_of(table_on(LAST))
    assert "Figures entered by hand" in said
    assert "10 March 2026 7 Lists of the library. no" in said
    assert "Entered by hand: such a row is not counted from events" in said


@pytest.mark.usefixtures("in_app")
def test_what_people_wrote_is_printed_and_never_carried_out():
    make_project()
    entitle("workshops", HOSTILE)
    exclude(make_tournament(title={"en": f"{HOSTILE} event"}), "initiatives", f"{HOSTILE} reason")
    with transaction() as session:
        session.query(Project).one().title = {"en": f"{HOSTILE} project"}
    said = pdf_of(table_on(LAST))
    for ending in ("", " event", " reason", " project"):
        assert f"{HOSTILE}{ending}" in said
    assert "root:" not in said


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("letters", ["ą" * 300, "W" * 300, "👨\u200d👩\u200d👧" * 100])
def test_a_name_without_a_space_is_broken_to_fit_its_column(letters):
    make_project()
    entitle("workshops", letters)
    lines = read_pdf(outcome_pdf(table_on(LAST), "en", now=NOW)).pages[0].extract_text().splitlines()
    # Not even of narrow letters does the column hold more; of 300 letters it holds 9 lines at least.
    lengths = [line.count(letters[0]) for line in lines if line.startswith(letters[0])]
    assert max(lengths[:5], default=0) < 40


@pytest.mark.usefixtures("in_app")
def test_letters_of_every_language_show_and_turning_marks_turn_no_figure():
    make_project()
    entitle("workshops", "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ ćłńóśźż ĆŁŃÓŚŹŻ – „taip“ \u202e54 \u2066\u2069Жąsis")
    assert "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ ćłńóśźż ĆŁŃÓŚŹŻ – „taip“ 54 Жąsis" in pdf_of(table_on(LAST))


@pytest.mark.usefixtures("in_app")
def test_a_long_list_goes_on_with_its_header_and_lines_break_where_they_were_broken():
    make_project()
    event_id = make_tournament()
    for key in ("workshops", "initiatives", "public_events", "organisations", "joint_actions"):
        exclude(event_id, key, f"{key} first\n" + "\n".join(["because"] * 240) + f"\n{key} last")
    content = outcome_pdf(table_on(LAST), "en", now=NOW)
    said = text_of_pdf(content)
    assert len(read_pdf(content).pages) > 5
    assert said.count("Excluded from") > 3
    assert all(f"{key} last" in said for key in ("workshops", "initiatives", "joint_actions"))


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("language", ["en", "lt", "pl"])
def test_the_file_says_what_it_is_and_in_which_language(language):
    make_project()
    reader = read_pdf(outcome_pdf(table_on(LAST), language, now=NOW))
    assert (
        reader.metadata.title == {"en": "Outcomes", "lt": "Rezultatai", "pl": "Rezultaty"}[language] + f" – {PROJECT}"
    )
    assert reader.metadata.creation_date == NOW
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height) == pytest.approx((595.28, 841.89), abs=0.1)
    assert all("Libertinus" in font for font in fonts_of(reader))


def fonts_of(reader: PdfReader) -> list[str]:
    return [font.get_object()["/BaseFont"] for font in reader.pages[0]["/Resources"]["/Font"].values()]


@pytest.mark.usefixtures("in_app")
def test_the_same_table_gives_the_same_file():
    make_year()
    table = table_on(LAST)
    assert outcome_pdf(table, "lt", now=NOW) == outcome_pdf(table, "lt", now=NOW)


@pytest.mark.usefixtures("in_app")
def test_a_fund_without_the_emblem_has_none():
    make_project()
    with_emblem = len(outcome_pdf(table_on(LAST), "en", now=NOW))
    with transaction() as session:
        project = session.query(Project).one()
        project.fund, project.funding_statement = "Justice Fund", {}
    content = outcome_pdf(table_on(LAST), "en", now=NOW)
    assert len(content) < with_emblem
    assert "Co-funded" not in text_of_pdf(content)


def test_layouts_see_no_file_but_their_own():
    with pytest.raises(Exception, match=r"not found|No such file|outside|escape"):
        typeset("../../../../../../etc/passwd", {}, now=NOW)


def test_the_page_offers_the_file_as_of_the_day_it_names(app):
    with app.app_context():
        make_year()
    viewer = sign_in_as(app, Role.VIEWER)
    answer = viewer.get(f"{ADDRESS}?as_of=2026-06-30&lang=lt")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert f"{PROJECT}-outcomes-2026-06-30-lt.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "2026-06-30 duomenimis" in text_of_pdf(answer.data)
    with app.app_context():
        assert f" {show_number(76)} " in text_of_pdf(answer.data)


@pytest.mark.parametrize(
    ("day", "status"), [("2026-11-21", 422), ("soon", 422), ("2026-11-20", 200), ("2000-01-01", 200)]
)
def test_a_day_that_cannot_be_is_refused(app, day, status):
    with app.app_context():
        make_project()
    assert sign_in_as(app, Role.VIEWER).get(f"{ADDRESS}?as_of={day}").status_code == status


def test_it_is_not_there_for_those_outside_the_project(app):
    with app.app_context():
        make_project()
    assert sign_in_as(app, None).get(ADDRESS).status_code == 404
    assert app.test_client().get(ADDRESS).status_code in (302, 401)


def test_more_events_ask_no_more_of_the_database(app):
    with app.app_context():
        make_project()
    viewer = sign_in_as(app, Role.VIEWER)
    asked = []
    for refs in (("A1", "A2"), ("B1", "B2", "B3", "B4")):
        with app.app_context():
            for ref in refs:
                make_tournament(ref=ref)
        with noted_queries(app) as statements:
            assert viewer.get(ADDRESS).status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]
